"""Hands on the keyboard, and nothing else."""

from playwright.sync_api import Page

FOCUSED = "(selector) => document.activeElement?.matches(selector) ?? false"


def is_on(page: Page, selector: str) -> bool:
    return bool(page.evaluate(FOCUSED, selector))


def tab_to(page: Page, selector: str, *, back: bool = False, most: int = 60) -> None:
    """Tab until the focus is on an element of that selector; fails when the keyboard does not get
    there.
    """
    for _ in range(most):
        if is_on(page, selector):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"the keyboard does not reach {selector} on {page.url}")


def follow(page: Page, selector: str, *, back: bool = False) -> None:
    """Tab to a link or a button and press it; waits for the page it leads to."""
    tab_to(page, selector, back=back)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def press(page: Page, keys: str) -> None:
    """A key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(keys)
