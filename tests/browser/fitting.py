"""Does a page fit its window? Asked in one place, since it can be asked too early."""

from playwright.sync_api import Page

BEYOND = """(width) => document.documentElement.scrollWidth <= width ? [] :
  [`${document.documentElement.scrollWidth} px`, ...[...document.querySelectorAll('body *')]
    .filter((one) => one.getBoundingClientRect().right > width + 1
      && !one.closest('table, .tabs, .anchors, [hidden]')).slice(0, 6)
    .map((one) => `${one.tagName}.${one.className}: ${one.textContent.trim().slice(0, 60)}`)]"""


def too_wide(page: Page) -> list[str]:
    """What stands beyond the window's right edge, the page's width first; [] if all fits.

    The next page's words can be there before its style sheet is, and bare it is wider.
    """
    page.wait_for_load_state()
    assert page.viewport_size is not None
    return list(page.evaluate(BEYOND, page.viewport_size["width"]))
