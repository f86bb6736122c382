"""The counter's screen when a scan is infected, and when the store of files is away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dossiers.models import Dossier
from onestop.files.models import Attachment
from tests import buckets, clamd
from tests.dossiers.intake.pages import address
from tests.samples import PDF
from tests.world import make_case, make_office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _own_storage() -> None:
    """Each test chooses its own."""


@pytest.fixture
def counter(
    transactional_db: None,
    new_page: Callable[..., Page],
    signed_in: Callable[[Any], Any],
    live_server: Any,
) -> Page:
    """A clerk's page of a procedure, with somebody's name on it."""
    page = new_page(width=1366)
    cookie = signed_in(make_office().clerk).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}{address(make_case())}")
    page.fill("[name=identity_number]", "001087000123")
    page.fill("[name=owner_name]", "Lò Thị Mai")
    return page


def test_an_infected_scan_is_refused_beside_the_good_one(
    counter: Page, tmp_path: Path, settings: Any, shoot: Callable[[Page, str], Path], axe: Any
) -> None:
    good, bad = tmp_path / "to-khai.pdf", tmp_path / "anh.pdf"
    good.write_bytes(PDF)
    bad.write_bytes(PDF.replace(b"%%EOF", b"% " + clamd.EICAR + b"\n%%EOF"))
    with clamd.server() as check:
        settings.CLAMD_URL = check.url
        counter.set_input_files("#o-tep", [good, bad])
        expect(counter.locator("#tep-quet .field-error")).to_contain_text("“anh.pdf” có mã độc")
        expect(counter.locator("ul.files")).to_contain_text("to-khai.pdf")
    assert axe(counter) == []
    shoot(counter, "tep-co-ma-doc")
    counter.set_viewport_size({"width": 360, "height": 800})
    shoot(counter, "tep-co-ma-doc-360")
    assert [file.name for file in Attachment.objects.all()] == ["to-khai.pdf"]


def test_a_scan_that_the_store_cannot_take_costs_nothing_that_was_typed(
    counter: Page, tmp_path: Path, settings: Any, shoot: Callable[[Page, str], Path]
) -> None:
    scan = tmp_path / "to-khai.pdf"
    scan.write_bytes(PDF)
    disk = settings.STORAGES
    away = buckets.config("s3://motcua/tep?endpoint=http://127.0.0.1:9")
    settings.STORAGES = {**disk, "default": away}
    counter.set_input_files("#o-tep", scan)
    expect(counter.get_by_text("không kết nối được máy chủ")).to_be_visible()
    shoot(counter, "kho-tep-khong-tra-loi")
    expect(counter.locator("[name=owner_name]")).to_have_value("Lò Thị Mai")
    settings.STORAGES = disk
    counter.keyboard.press("Control+Enter")  # the scan is still chosen, and goes with the page
    counter.wait_for_url("**/tiep-nhan/xong/**")
    assert Attachment.objects.filter(kind="dossier", object_id=Dossier.objects.get().pk).exists()
