"""The national calendar stands for a whole module: nearly each of these tests makes an office, and
an office loads it. And a screen with somebody's session, for the tests in Chromium.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from onestop.accounts.calendars import load_national_calendar
from tests.standing import commits, standing

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture(scope="module", autouse=True)
def _calendar(request: pytest.FixtureRequest) -> Iterator[None]:
    own = [item for item in request.session.items if item.path == request.path]
    asking = [item for item in own if not item.get_closest_marker("no_database")]
    if not asking or any(commits(item) for item in own):
        yield
        return
    request.getfixturevalue("django_db_setup")
    with standing(request.getfixturevalue("django_db_blocker"), load_national_calendar):
        yield


@pytest.fixture
def enter(
    new_page: "Callable[..., Page]", signed_in: Callable[[Any], Any], live_server: Any
) -> "Callable[..., Page]":
    """`enter(officer, "/viec/", width=360)`: a screen at an address, with that officer's session.
    `script` runs before the page's own.
    """

    def open_page(who: Any, address: str, width: int = 1366, script: str = "") -> "Page":
        page = new_page(width=width)
        cookie = signed_in(who).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        if script:
            page.context.add_init_script(script)
        page.goto(f"{live_server.url}{address}")
        return page

    return open_page
