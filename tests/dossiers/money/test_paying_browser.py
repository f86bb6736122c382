"""In Chromium: the fee is taken in the form of the reception by three keys more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dossiers.acts import receipt_series
from dossiers.models.money import FeeReceipt
from tests.browser.fitting import too_wide
from tests.dossiers.intake.pages import address
from tests.dossiers.intake.test_questions_browser import enter, office
from tests.dossiers.money.office import PAPER
from tests.world import MONDAY, Office, make_case

__all__ = ["enter", "office"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_alt_m_space_and_ctrl_enter_take_the_fee(
    enter: Callable[..., Page], office: Office, shoot: Callable[[Page, str], Path]
) -> None:
    receipt_series.open_book(office.agency, PAPER, by=office.desk(office.leader), at=MONDAY)
    case = make_case(fee=15_000, papers=1)
    page = enter(address(case))
    for name, text in (("identity_number", "001087000123"), ("owner_name", "Nguyễn Văn Ân")):
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=no_scan_reason]").fill("Máy quét hỏng")
    page.keyboard.press("Alt+m")
    part = page.locator("#thu-ngay")
    expect(part.get_by_label("Tiền mặt")).to_be_focused()
    page.keyboard.press("Space")
    shoot(page, "thu-ngay")
    for width in (360, 1366):
        page.set_viewport_size({"width": width, "height": 800})
        assert too_wide(page) == []
    page.set_viewport_size({"width": 360, "height": 800})
    shoot(page, "thu-ngay-360")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_contain_text("Đã tiếp nhận")
    expect(page.get_by_text("0000008")).to_be_visible()
    shoot(page, "thu-ngay-xong")
    assert FeeReceipt.objects.get().amount == 15_000
