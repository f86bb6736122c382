"""The one box in Chromium: arrows and Enter, Enter before anything is found, a scan from anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect

from dossiers.intake.secrets import lookup_url
from tests.browser.fitting import too_wide
from tests.dossiers.box.hands import away
from tests.world import MONDAY, Office, make_case, make_office, receive

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Enter = Callable[..., Page]
CARD = "001087000123||NGUYỄN VĂN ÂN|01021987|Nam|Thôn 2|"


@pytest.fixture(autouse=True)
def _an_hour_later() -> Iterator[None]:
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=True):
        yield


@pytest.fixture
def office(transactional_db: None) -> Office:
    return make_office()


def test_groups_appear_while_typing_and_arrows_choose(
    office: Office, enter: Enter, shoot: Any, axe: Any
) -> None:
    make_case(name="Thủ tục cấp Giấy xác nhận tên trong giấy tờ hộ tịch là Hoa")
    dossiers = [receive(office, make_case(), owner="Lò Thị Hoa") for _ in range(2)]
    page = enter(office.leader, "/viec/?loai=co-quan")
    page.keyboard.press("/")
    page.keyboard.type("hoa", delay=30)
    list_ = page.locator("#goi-y")
    expect(list_.locator("h2")).to_have_text(["Hồ sơ", "Người", "Thủ tục"])
    shoot(page, "o-tim-1366")
    assert axe(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    shoot(page, "o-tim-360")
    assert too_wide(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_url(f"**{dossiers[1].get_absolute_url()}")
    page.keyboard.press("/")
    page.keyboard.type("hoa", delay=30)
    expect(list_.locator("h2")).to_have_count(3)
    page.keyboard.press("Escape")
    expect(list_).to_be_empty()


def test_typing_initials_and_enter_at_once_opens_the_procedure(
    office: Office, enter: Enter
) -> None:
    code = make_case(name="Thủ tục đăng ký khai sinh").version.code
    make_case(name="Thủ tục đăng ký khai sinh lưu động")
    for who, start, there in (
        (office.clerk, "/tiep-nhan/", f"/tiep-nhan/lap/{code}/"),
        (office.clerk, "/viec/", f"/tiep-nhan/lap/{code}/"),
        (office.leader, "/viec/", f"/thu-tuc/{code}/"),
    ):
        page = enter(who, start)
        if start != "/tiep-nhan/":
            page.keyboard.press("/")
        page.keyboard.type("dkks")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.wait_for_url(f"**{there}")


def test_enter_after_the_suggestions_opens_the_same(office: Office, enter: Enter) -> None:
    code = make_case(name="Thủ tục đăng ký khai sinh").version.code
    page = enter(office.clerk, "/viec/")
    page.keyboard.press("/")
    page.keyboard.type("dkks")
    expect(page.locator("#goi-y a.choice")).to_have_count(1)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_url(f"**/tiep-nhan/lap/{code}/")


def test_a_scan_with_no_field_focused_opens_the_dossier(office: Office, enter: Enter) -> None:
    """No key beyond the scan; keys of the page that the address holds do nothing."""
    dossier = receive(office, make_case())
    for typed in (lookup_url(dossier), dossier.code, CARD):
        page = enter(office.clerk, "/ban-giao/so/")
        away(page)
        page.keyboard.type(typed)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.wait_for_url(f"**{dossier.get_absolute_url()}")


def test_the_card_of_a_person_leaves_only_the_number_in_the_address(
    office: Office, enter: Enter
) -> None:
    page = enter(office.leader, "/viec/?loai=co-quan")
    away(page)
    page.keyboard.type(CARD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.partition("/tim/")[2] == "?q=001087000123&mo=1"


def test_shortcuts_pressed_fast_are_no_scan(office: Office, enter: Enter) -> None:
    for n in range(3):
        receive(office, make_case(), owner=f"Nguyễn Văn Số {n}")
    page = enter(office.clerk, "/viec/?loai=dang-xu-ly")
    page.locator("h1").click()
    for key in "jjk":
        page.keyboard.press(key)
    assert page.locator("tr.is-current").count() == 1
    assert page.evaluate("document.activeElement.tagName") == "A"
