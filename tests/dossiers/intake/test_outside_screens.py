"""The counter's pages on a Saturday: clean for axe on a desk's screen and on a telephone."""

from typing import Any

import pytest

from tests.browser.fitting import too_wide
from tests.clock import Clock
from tests.dossiers.intake.pages import address
from tests.dossiers.intake.test_immediate import PAGE, copies
from tests.world import make_case, make_office, vn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_they_are_clean_on_a_day_off(
    live_server: Any, new_page: Any, signed_in: Any, axe: Any, shoot: Any, clock: Clock
) -> None:
    office = make_office()
    copies()
    clock.now = vn("28/11/2026 10:00")
    cookie = signed_in(office.clerk).cookies["sessionid"].value
    pages = {"nha": "/tiep-nhan/", "to-khai": address(make_case()), "tra-ngay": PAGE}
    for width in (1366, 360):
        screen = new_page(width=width, height=800, is_mobile=width < 500)
        screen.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        for name, place in pages.items():
            screen.goto(live_server.url + place)
            assert "không phải ngày tiếp nhận" in screen.content(), name
            assert axe(screen) == [], (name, width)
            assert too_wide(screen) == [], name
            shoot(screen, f"ngay-nghi-{name}-{width}")
        screen.close()
