"""What nobody fetches, as the counter sees it: the list by age with rows, the archive, held originals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect

from dossiers.acts.collecting import Telling
from dossiers.models import OfficeSettings
from dossiers.models.collecting import ResultNotice
from tests.browser.fitting import too_wide
from tests.dossiers.returning.test_collecting import ready, tell
from tests.dossiers.returning.test_originals import withdrawn
from tests.world import MONDAY, Office, make_office, vn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SILENT = Telling(ResultNotice.Way.CALL, "Nguyễn Văn Ân", False, "Không nghe máy")


@pytest.fixture(autouse=True)
def _an_hour_later() -> Iterator[None]:
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=True):
        yield


@pytest.fixture
def office(transactional_db: None) -> Office:
    return make_office()


def test_an_old_result_is_told_and_archived(
    office: Office, enter: Callable[..., Page], shoot: Any, axe: Any
) -> None:
    old, newer = ready(office, vn("10/08/2026 09:00")), ready(office, vn("02/11/2026 09:00"))
    for day in ("21/09/2026 09:00", "28/09/2026 09:00"):
        tell(office, old, SILENT, vn(day))
    held = withdrawn(office)
    OfficeSettings.objects.create(agency=office.agency, archive_after=90)
    page = enter(office.clerk, "/tra-ket-qua/chua-nhan/")
    for width in (1366, 360):
        page.set_viewport_size({"width": width, "height": 768})
        page.goto(page.url)
        expect(page.get_by_text(old.code)).to_be_visible()
        expect(page.get_by_text(newer.code)).to_be_visible()
        shoot(page, f"chua-nhan-{width}")
        assert axe(page) == []
        assert too_wide(page) == []
    page.set_viewport_size({"width": 1366, "height": 768})
    page.get_by_label(f"Chọn {old.code}").check()
    page.get_by_role("button", name="Chuyển lưu trữ…").click()
    page.get_by_label("Nơi lưu").fill("Kho tầng 1, hộp 12")
    page.get_by_role("button", name="Chuyển lưu trữ").click()
    expect(page.get_by_text("Đã xong 1 / 1")).to_be_visible()
    for address, text in (
        ("/tra-ket-qua/luu-tru/", "Kho tầng 1, hộp 12"),
        ("/tra-ket-qua/ban-chinh/", held.code),
    ):
        for width in (1366, 360):
            page.set_viewport_size({"width": width, "height": 768})
            page.goto("/".join(page.url.split("/")[:3]) + address)
            expect(page.get_by_text(text)).to_be_visible()
            shoot(page, f"{address.split('/')[-2]}-{width}")
            assert axe(page) == []
            assert too_wide(page) == []
