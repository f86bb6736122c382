"""The hands of a browser test act on a page that stands, as people do. A page's text is there before
its scripts have run: a key pressed in between does nothing, and only on a busy machine.
"""

from collections.abc import Callable
from typing import Any

ACTS = [
    *("blur", "check", "clear", "click", "dblclick", "dispatch_event", "fill", "focus", "hover"),
    *("press", "press_sequentially", "select_option", "set_checked", "set_input_files", "tap"),
    *("type", "uncheck"),
]


def wait_for_the_page() -> None:
    """From here on every act of Playwright first waits until its page has loaded; nothing is asked
    of the browser for a page that has.
    """
    from playwright.sync_api import Locator, Page

    page_class: Any = Page
    keyboard = page_class.keyboard.fget

    def of_a_page_that_stands(page: Page) -> Any:
        page.wait_for_load_state()
        return keyboard(page)

    def patient(act: Callable[..., Any]) -> Callable[..., Any]:
        def wait_and_act(element: Locator, *args: Any, **options: Any) -> Any:
            element.page.wait_for_load_state()
            return act(element, *args, **options)

        return wait_and_act

    page_class.keyboard = property(of_a_page_that_stands)
    for name in ACTS:
        setattr(Locator, name, patient(getattr(Locator, name)))
