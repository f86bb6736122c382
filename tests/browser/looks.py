"""What every screen has to meet on a desk's screen and on a telephone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.fitting import too_wide
from tests.browser.seats import DESK, Seat

PHONE, SMALL_PHONE = 360, 320
STRANGER = ""
AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@dataclass(frozen=True)
class Screen:
    """`address` may name things of Worked: {late}, {guide}, {secret}…; `status`: what the server
    answers.
    """

    name: str
    address: str
    role: str = STRANGER
    status: int = 200
    widths: tuple[int, ...] = (DESK, PHONE)


def look_at(
    screen: Screen,
    url: str,
    named: Mapping[str, Any],
    seats: Callable[[str], Seat],
    axe_tags: Callable[[Page], list[str]],
    shoot: Callable[..., Any],
) -> None:
    """Draw it at each width; clean for axe, nothing wider than the page, no error."""
    seat = seats(screen.role)
    page = seat.page
    assert seat.go(url + screen.address.format(**named)) == screen.status
    wrong = []
    for width in screen.widths:
        page.set_viewport_size({"width": width, "height": 768 if width == DESK else 740})
        shoot(page, f"{screen.name}-{width}")
        wrong += [f"{width} px: {line}" for line in axe_tags(page)]
        wrong += [f"{width} px, wider than the screen: {line}" for line in too_wide(page)]
    # Of an answer that is no page of ours the console tells too.
    wrong += [line for line in seat.wrong if screen.status == 200 or "status of" not in line]
    assert not wrong, "\n".join([screen.address, *wrong])


@pytest.fixture(scope="session")
def axe_tags(axe: Callable[..., list[str]]) -> Callable[[Page], list[str]]:
    """Violations of WCAG 2.2 A and AA and of good practice, as readable lines."""
    return lambda page: axe(page, AXE_TAGS)
