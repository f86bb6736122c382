"""What the hands of these tests do to a page."""

from typing import Any

from playwright.sync_api import Page, expect


def away(page: Page) -> None:
    """No field has the focus; a scan is known as one however slowly this machine types it."""
    page.locator("h1").click()
    page.evaluate("document.documentElement.dataset.fast = 20000")


def scan(page: Page, text: str) -> None:
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def said(page: Page) -> Any:
    """What the page answered to the last scan."""
    return expect(page.locator("[data-scan-said]"))
