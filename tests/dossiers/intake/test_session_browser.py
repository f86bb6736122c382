"""In Chromium: a session, a token or a connection that ends under the counter's open page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect

from dossiers.models import Dossier, Draft
from onestop.accounts.models import Officer
from tests.dossiers.intake.pages import address
from tests.world import MONDAY, Office, make_case, make_office, receive

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "Mot-cua-2026!x"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=True):
        yield


@pytest.fixture
def office(transactional_db: None) -> Office:
    office = make_office()
    for officer in (office.clerk, office.specialist):
        officer.set_password(PASSWORD)
        officer.save()
    return office


@pytest.fixture
def enter(
    office: Office, new_page: Callable[..., Page], signed_in: Callable[[Any], Any], live_server: Any
) -> Callable[[str], Page]:
    """The clerk's screen at an address; its clock is the test's."""

    def open_page(path: str) -> Page:
        page = new_page(width=1366)
        cookie = signed_in(office.clerk).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page.clock.install()
        page.goto(f"{live_server.url}{path}")
        return page

    return open_page


def fill(page: Page) -> None:
    page.locator("[name=identity_number]").fill("001087000123")
    page.locator("[name=owner_name]").fill("Lò Thị Mai")
    page.locator("[name=no_scan_reason]").fill("Máy quét hỏng")


def a_while_later(page: Page) -> None:
    """So long after the last answer that the page asks before it sends: what was still to be asked
    is answered first.
    """
    page.clock.fast_forward(5_000)
    expect(page.locator(".htmx-request")).to_have_count(0)
    page.clock.fast_forward(11_000)


def sign_in(page: Page, officer: Officer) -> None:
    dialog = page.locator("dialog.sign-in-here")
    expect(dialog).to_contain_text("Chưa lưu, chưa gửi gì")
    dialog.locator("[name=username]").fill(officer.username)
    dialog.locator("[name=password]").fill("sai")
    dialog.get_by_role("button", name="Đăng nhập").click()
    expect(dialog.locator("[role=alert]")).to_be_visible()
    dialog.locator("[name=username]").fill(officer.username)
    dialog.locator("[name=password]").fill(PASSWORD)
    dialog.get_by_role("button", name="Đăng nhập").click()
    expect(dialog).to_have_count(
        0
    )  # a test that ends earlier takes the database away from the answer


def test_the_clerk_is_told_while_typing_signs_in_on_the_spot_and_goes_on(
    enter: Callable[[str], Page], office: Office, shoot: Any, axe: Any
) -> None:
    case = make_case()
    page = enter(address(case))
    page.context.clear_cookies(name="sessionid")
    fill(page)
    page.clock.fast_forward(3500)
    expect(page.locator("[data-draft-status]")).to_contain_text("Chưa lưu: phiên làm việc đã hết")
    expect(page.locator("dialog.sign-in-here")).to_be_visible()
    shoot(page, "het-phien-1366")
    assert axe(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    shoot(page, "het-phien-360")
    page.set_viewport_size({"width": 1366, "height": 800})
    assert not Draft.objects.exists()
    sign_in(page, office.clerk)
    expect(page.locator(".page-word")).to_contain_text("Trang còn nguyên, chưa gửi gì")
    expect(page.locator("[data-draft-status]")).to_contain_text("Đã lưu nháp")
    assert not Dossier.objects.exists()
    page.locator("[name=owner_name]").focus()
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert Dossier.objects.get().owner_name == "Lò Thị Mai"


def test_sending_with_an_ended_session_sends_nothing_and_leaves_the_page(
    enter: Callable[[str], Page], office: Office
) -> None:
    page = enter(address(make_case()))
    fill(page)
    a_while_later(page)
    page.context.clear_cookies()
    page.locator("[name=owner_name]").focus()
    page.keyboard.press("Control+Enter")
    sign_in(page, office.clerk)
    expect(page.locator(".page-word")).to_contain_text("chưa gửi gì")
    expect(page.locator("[name=owner_name]")).to_have_value("Lò Thị Mai")
    assert not Dossier.objects.exists()
    with page.expect_navigation():
        page.get_by_role("button", name="Tiếp nhận Ctrl Enter", exact=True).click()
    assert Dossier.objects.count() == 1


def test_a_connection_that_is_gone_is_said_and_the_page_stays(enter: Callable[[str], Page]) -> None:
    page = enter(address(make_case()))
    fill(page)
    a_while_later(page)
    page.context.set_offline(True)
    page.locator("[name=owner_name]").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".page-word")).to_contain_text("Chưa gửi gì: không kết nối được máy chủ")
    expect(page.locator("[name=owner_name]")).to_have_value("Lò Thị Mai")
    page.context.set_offline(False)
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert Dossier.objects.count() == 1


def test_a_server_that_is_busy_is_said_and_the_page_stays(enter: Callable[[str], Page]) -> None:
    page = enter(address(make_case()))
    fill(page)
    page.route("**/dang-nhap/con-phien/", lambda route: route.fulfill(status=503, body="bận"))
    a_while_later(page)
    page.locator("[name=owner_name]").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".page-word")).to_contain_text("Chưa gửi gì")
    assert not Dossier.objects.exists()


def test_an_old_security_token_is_renewed_without_a_word(enter: Callable[[str], Page]) -> None:
    """Signed in again in another window: every open page still holds the token of before."""
    page = enter(address(make_case()))
    fill(page)
    page.context.clear_cookies(name="csrftoken")
    a_while_later(page)
    page.locator("[name=owner_name]").focus()
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert Dossier.objects.count() == 1


def test_within_seconds_of_the_last_answer_the_filled_page_comes_back_over_the_sign_in_page(
    enter: Callable[[str], Page], office: Office
) -> None:
    page = enter(address(make_case()))
    page.clock.pause_at(
        page.evaluate("Date.now() / 1000 + 1")
    )  # typed within the seconds, however slowly
    fill(page)
    page.context.clear_cookies()
    page.locator("[name=owner_name]").focus()
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("Chưa có gì được gửi")
    page.locator("main [name=username]").fill(office.clerk.username)
    page.locator("main [name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator("[name=owner_name]")).to_have_value("Lò Thị Mai")
    expect(page.locator("main")).to_contain_text("Chưa có gì được gửi")
    assert not Dossier.objects.exists()
    page.locator("[name=owner_name]").focus()
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert Dossier.objects.count() == 1


def test_another_officer_who_signs_in_is_not_left_with_the_page(
    enter: Callable[[str], Page], office: Office, live_server: Any
) -> None:
    page = enter(address(make_case()))
    page.context.clear_cookies(name="sessionid")
    fill(page)
    page.clock.fast_forward(3500)
    sign_in(page, office.specialist)
    page.wait_for_url(f"{live_server.url}/viec/**")
    assert not Draft.objects.exists()


def test_an_act_without_drafts_is_told_while_typing(
    enter: Callable[[str], Page], office: Office
) -> None:
    dossier = receive(office, make_case())
    page = enter(f"{dossier.get_absolute_url()}rut/")
    page.context.clear_cookies(name="sessionid")
    page.clock.fast_forward(61_000)
    page.locator("[name=reason]").fill("Công dân xin rút")
    sign_in(page, office.clerk)
    expect(page.locator("[name=reason]")).to_have_value("Công dân xin rút")


def test_back_after_receiving_and_typing_over_it_receives_the_second_person_too(
    enter: Callable[[str], Page],
) -> None:
    page = enter(address(make_case()))
    fill(page)
    page.locator("[name=owner_name]").focus()
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    page.go_back()
    fill(page)
    page.locator("[name=identity_number]").fill("001187000456")
    page.locator("[name=owner_name]").fill("Bàn Văn Tá")
    for _ in range(
        2
    ):  # a page that says the first was received, or a fresh one: never more than one more press
        if Dossier.objects.count() < 2:
            page.locator("[name=owner_name]").focus()
            with page.expect_navigation():
                page.keyboard.press("Control+Enter")
    assert sorted(Dossier.objects.values_list("owner_name", flat=True)) == [
        "Bàn Văn Tá",
        "Lò Thị Mai",
    ]
