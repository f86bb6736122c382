"""One page for each role, for a whole module: a new browser context for each screen would load every
file of the site anew.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests import served
from tests.conftest import PATIENCE
from tests.journeys.site import Site

DESK = 1366


@dataclass
class Seat:
    """Whose page it is stays; where it is and what went wrong there is of one screen."""

    page: Page
    wrong: list[str]

    def go(self, address: str) -> int:
        """To an address, on a desk's screen; gives the status. What went wrong is only its own."""
        self.page.goto("about:blank")
        self.page.set_viewport_size({"width": DESK, "height": 768})
        self.wrong.clear()
        answer = self.page.goto(address)
        assert answer is not None
        return answer.status


@pytest.fixture(scope="module")
def seats(site: Site, chromium: Browser) -> Iterator[Callable[[str], Seat]]:
    """`seats("tiepnhan")`: that officer's page; of a citizen for no name."""
    served.watch()
    taken: dict[str, Seat] = {}

    def seat(role: str) -> Seat:
        if role not in taken:
            context = chromium.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
            context.set_default_timeout(PATIENCE)
            context.add_init_script(Axe().axe_script)
            one = taken[role] = Seat(context.new_page(), [])
            one.page.on("pageerror", lambda error: one.wrong.append(f"error: {error}"))
            one.page.on(
                "console",
                lambda message: (
                    one.wrong.append(f"console: {message.text}")
                    if message.type == "error"
                    else None
                ),
            )
            one.page.on(
                "requestfailed", lambda request: one.wrong.append(f"not loaded: {request.url}")
            )
            if role:
                site.enter(one.page, role)
        return taken[role]

    yield seat
    for one in taken.values():
        one.page.context.close()
    served.wait_for_the_last()
