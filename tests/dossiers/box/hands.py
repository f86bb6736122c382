"""What the hands of these tests do to a page."""

from playwright.sync_api import Page


def away(page: Page) -> None:
    """No field has the focus; a scan is known as one however slowly this machine types it."""
    page.locator("h1").click()
    page.evaluate("document.documentElement.dataset.fast = 20000")
