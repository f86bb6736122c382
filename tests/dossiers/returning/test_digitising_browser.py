"""In Chromium: a result on paper is scanned, held against its paper, and taken again at a reception by
one key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect

from dossiers.intake.secrets import lookup_url
from procedures.models import ProcedureVersion, Status
from tests.browser.fitting import too_wide
from tests.dossiers.returning.test_digitising import YEAR, finished
from tests.samples import a_pdf
from tests.world import MONDAY, Office, make_case, make_office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _an_hour_later() -> Iterator[None]:
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=True):
        yield


@pytest.fixture
def office(transactional_db: None) -> Office:
    return make_office()


@pytest.mark.parametrize("width", [360, 1366])
def test_from_the_scan_to_its_use(
    office: Office,
    enter: Callable[..., Page],
    shoot: Any,
    axe: Callable[..., list[str]],
    live_server: Any,
    width: int,
) -> None:
    dossier = finished(office)
    case = make_case(papers=0, status=Status.NEEDS_TERM)
    for order, name in enumerate(("Tờ khai", "Bản sao Giấy phép xây dựng đã được cấp"), start=1):
        case.papers.create(order=order, name=name, originals=1)
    ProcedureVersion.objects.filter(pk=case.version_id).update(status=Status.READY)

    def looked(page: Page, name: str) -> None:
        shoot(page, f"{name}-{width}")
        assert axe(page) == []
        assert too_wide(page) == []

    page = enter(office.clerk, f"{dossier.get_absolute_url()}so-hoa/", width)
    scan = {"name": "gp.pdf", "mimeType": "application/pdf", "buffer": a_pdf("gp")}
    page.get_by_label("Bản quét kết quả đã ký").set_input_files(scan)  # type: ignore[arg-type]
    page.get_by_label("Phạm vi có hiệu lực").fill(YEAR.scope)
    page.get_by_label("Có hiệu lực đến hết ngày").fill("23/11/2027")
    looked(page, "so-hoa-ket-qua")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("Đã số hóa kết quả")
    expect(page.locator("#ket-qua")).to_contain_text("chờ kiểm tra")
    looked(page, "so-hoa-ho-so")
    page = enter(office.leader, "/so-hoa/", width)
    looked(page, "so-hoa-cho-kiem-tra")
    page.get_by_role("link", name=dossier.code).first.click()
    page.get_by_role("link", name="Kiểm tra bản số hóa").click()
    expect(page.get_by_role("button", name="Đúng bản giấy")).to_be_visible()
    looked(page, "so-hoa-kiem-tra")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("Đã xác nhận")
    page.goto(f"{live_server.url}/{lookup_url(dossier).split('/', 3)[3]}")
    looked(page, "so-hoa-tra-cuu")
    page = enter(office.clerk, f"/tiep-nhan/lap/{case.version.code}/", width)
    page.get_by_label("Số giấy tờ", exact=True).fill("001087000123")
    page.get_by_label("Số giấy tờ", exact=True).press("Enter")
    box = page.get_by_role("checkbox", name="15/GPXD")
    expect(box).to_be_visible()
    box.press("Space")
    expect(page.locator("#giay-to")).to_contain_text("Lấy từ kho, không phải nộp")
    looked(page, "so-hoa-dung-lai")
    box.press("Space")
    expect(page.locator("#giay-to")).not_to_contain_text("Lấy từ kho, không phải nộp")
