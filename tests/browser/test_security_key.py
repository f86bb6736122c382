"""A security key in Chromium itself, played by its virtual authenticator (WebAuthn, R-142)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import CDPSession, Page, expect

from onestop.accounts.models import Factor, Officer, OfficerSession, RecoveryCode
from tests.browser.fitting import too_wide
from tests.journeys.site import PASSWORD, Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHO = "chuyenvien"
REFUSE = """() => { navigator.credentials.get = () =>
  Promise.reject(new DOMException("", "NotAllowedError")); }"""


@pytest.fixture
def local(site: Site) -> str:
    """The site by a name that a browser lets use keys without HTTPS."""
    return f"http://localhost:{urlsplit(site.url).port}"


@pytest.fixture
def key(page: Page) -> Iterator[CDPSession]:
    """A key is plugged in, and touched as soon as it is asked."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "usb",
                "hasResidentKey": False,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return session


def send_password(page: Page, local: str) -> None:
    page.goto(f"{local}/dang-nhap/")
    page.locator("[name=username]").fill(WHO)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")


def test_a_key_is_enrolled_and_opens_the_second_step_and_the_open_page(
    site: Site,
    local: str,
    page: Page,
    key: CDPSession,
    axe: Callable[..., list[str]],
    shoot: Callable[..., Any],
) -> None:
    look = _looker(page, axe, shoot)
    send_password(page, local)
    page.wait_for_url("**/viec/**")
    page.goto(f"{local}/tai-khoan/khoa-bao-mat/")
    look("khoa-bao-mat-dang-ky")
    page.locator("[name=name]").fill("Khóa USB màu xanh")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Mã dự phòng")
    factor = Factor.objects.get()
    assert (factor.officer.username, factor.name) == (WHO, "Khóa USB màu xanh")
    # The same key again: the browser itself knows it.
    page.goto(f"{local}/tai-khoan/khoa-bao-mat/")
    page.locator("[name=name]").fill("Lần nữa")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Đăng ký").click()
    expect(page.locator("[data-key-said]")).to_contain_text("đã đăng ký")

    page.context.clear_cookies()
    send_password(page, local)
    page.wait_for_url("**/dang-nhap/ma/**")
    look("khoa-bao-mat-buoc-hai")
    page.evaluate(REFUSE)
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.locator("[data-key-said]")).to_contain_text("Hãy bấm lại")
    page.reload()
    page.get_by_role("button", name="Tiếp tục").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/viec/**")
    before = Factor.objects.get().counter
    assert before > 0

    # The session ends under an open page: password and key in its dialog, the page stays.
    OfficerSession.objects.filter(officer__username=WHO).delete()
    page.evaluate("document.dispatchEvent(new Event('motcua:ended'))")
    dialog = page.locator("dialog.sign-in-here")
    dialog.locator("[name=username]").fill(WHO)
    dialog.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("Xác thực hai bước")
    dialog.get_by_role("button", name="Tiếp tục").click()
    expect(dialog).to_have_count(0)
    assert Factor.objects.get().counter > before
    page.reload()
    expect(page.locator("nav.rail")).to_be_visible()
    _forget()


def test_by_a_number_the_page_says_that_no_key_works_there(site: Site, page: Page) -> None:
    numbered = f"http://127.0.0.1:{urlsplit(site.url).port}"
    send_password(page, numbered)
    page.wait_for_url("**/viec/**")
    page.goto(f"{numbered}/tai-khoan/khoa-bao-mat/")
    expect(page.locator("main")).to_contain_text("địa chỉ số")
    expect(page.locator("[data-key]")).to_have_count(0)


def _looker(
    page: Page, axe: Callable[..., list[str]], shoot: Callable[..., Any]
) -> Callable[[str], None]:
    def look(name: str) -> None:
        for width in (360, 1366):
            page.set_viewport_size({"width": width, "height": 768})
            shoot(page, f"{name}-{width}")
            assert axe(page) == []
            assert too_wide(page) == []

    return look


def _forget() -> None:
    """The site is the whole module's."""
    Factor.objects.all().delete()
    RecoveryCode.objects.all().delete()
    Officer.objects.update(has_factor=False, last_seen_at=timezone.now())
