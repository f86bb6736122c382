"""After signing out nobody sees what the officer saw: "Back" in a browser that keeps pages in
memory.
"""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import CHROMIUM_FLAGS
from tests.journeys.site import PASSWORD, Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SWITCHED_OFF = ["--disable-back-forward-cache", "--disable-features=BackForwardCache"]


@pytest.fixture
def counter_page(chromium: Browser) -> Iterator[Page]:
    """A browser as it stands at every counter: Playwright's own switches the memory for "Back" off."""
    path = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    browser = chromium.browser_type.launch(
        executable_path=path,
        args=CHROMIUM_FLAGS,
        ignore_default_args=SWITCHED_OFF,
        chromium_sandbox=os.geteuid() != 0,
    )
    yield browser.new_page()
    browser.close()


@pytest.mark.parametrize("where", ["dossier", "start"])
def test_back_after_signing_out_shows_the_sign_in_page(
    site: Site, counter_page: Page, where: str
) -> None:
    page, dossier = counter_page, site.receive(owner="Vi Thị Ngần")
    page.goto(f"{site.url}/dang-nhap/")
    page.locator("[name=username]").fill("tiepnhan")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    if where == "dossier":
        page.goto(f"{site.url}{dossier.get_absolute_url()}")
        expect(page.locator("main")).to_contain_text("Vi Thị Ngần")
    else:
        expect(page.locator("main")).to_contain_text(dossier.code)
    page.locator("details.menu summary").first.click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.locator("[name=password]")).to_be_visible()
    page.go_back()
    expect(page.locator("[name=password]")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text(dossier.code)
    expect(page.locator("body")).not_to_contain_text("Vi Thị Ngần")
