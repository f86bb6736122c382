"""An administrator sets up a second factor and signs in by it, with the keyboard alone (R-142)."""

import base64
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from django_otp.oath import TOTP
from playwright.sync_api import Page, expect

from tests.browser.fitting import too_wide
from tests.journeys.keyboard import is_on, press, tab_to
from tests.journeys.site import PASSWORD, Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (1366, 360)


def shown(key: bytes, steps: int = 0) -> str:
    totp = TOTP(key)
    totp.time = timezone.now().timestamp() + 30 * steps
    return f"{totp.token():06d}"


def look(page: Page, name: str, axe: Callable[..., list[str]], shoot: Callable[..., Any]) -> None:
    """Clean for axe, nothing wider than the page, on a desk's screen and on a telephone."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 768})
        shoot(page, f"{name}-{width}")
        assert axe(page) == [], (name, width)
        assert too_wide(page) == [], (name, width)


def type_password(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/dang-nhap/")
    # Without scripts, nothing else says that the browser has put the focus where it belongs.
    expect(page.locator("[name=username]")).to_be_focused()
    page.keyboard.type("quantri")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    press(page, "Enter")


def test_set_up_and_used_by_keyboard(
    site: Site, new_page: Callable[..., Page], axe: Callable[..., list[str]], shoot: Any
) -> None:
    page = new_page(width=1366)
    type_password(site, page)
    expect(page).to_have_url(re.compile("/tai-khoan/ung-dung/"))
    expect(page.locator(".rail")).to_have_count(0)
    look(page, "xac-thuc-dang-ky", axe, shoot)
    key = base64.b32decode(page.locator(".typed-key").inner_text().replace(" ", ""))
    tab_to(page, "[name=code]")
    page.keyboard.type(shown(key))
    press(page, "Enter")
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    recovery = page.locator(".recovery-codes li").first.inner_text()
    look(page, "xac-thuc-ma-du-phong", axe, shoot)
    page.goto(f"{site.url}/tai-khoan/")
    look(page, "tai-khoan", axe, shoot)
    page.goto(f"{site.url}/tai-khoan/ma-du-phong/")
    look(page, "xac-thuc-mat-khau", axe, shoot)

    page = new_page(width=1366)
    type_password(site, page)
    expect(page).to_have_url(re.compile("/dang-nhap/ma/"))
    assert is_on(page, "[name=code]"), "the focus waits in the only field"
    look(page, "xac-thuc", axe, shoot)
    page.keyboard.type("000000")
    press(page, "Enter")
    expect(page.get_by_role("alert")).to_contain_text("Mã không đúng")
    look(page, "xac-thuc-sai", axe, shoot)
    tab_to(page, "[name=code]")
    # The next one: a code is good once, and the clock of the site goes on meanwhile.
    page.keyboard.type(shown(key, 1))
    press(page, "Enter")
    expect(page).to_have_url(f"{site.url}/quan-tri/")

    page = new_page(width=1366, java_script_enabled=False)
    type_password(site, page)
    page.get_by_role("link", name="Mã dự phòng đã in").press("Enter")
    page.locator("[name=code]").fill(recovery)
    page.locator("[name=code]").press("Enter")
    expect(page).to_have_url(f"{site.url}/quan-tri/")
