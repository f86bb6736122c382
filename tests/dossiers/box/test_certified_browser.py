"""Eighty people before 15:00: a certified copy by the keyboard alone, its number, the month's book."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect

from dossiers.models import Dossier
from tests.browser.fitting import too_wide
from tests.dossiers.intake.test_immediate import PAGE, copies
from tests.world import MONDAY, Office, make_office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# A clerk types three or four letters a second; beyond the name there is no time to look for a field.
MOST_KEYS, MOST_SECONDS = 10, 12
A_KEY = 0.3
# Shown, never held to anything: how long the server took for the page after a line.
SERVER = """() => {
  const one = performance.getEntriesByType("navigation")[0];
  return one.responseEnd - one.requestStart;
}"""


@pytest.fixture(autouse=True)
def _an_hour_later() -> Iterator[None]:
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=True):
        yield


@pytest.fixture
def office(transactional_db: None) -> Office:
    return make_office()


def test_the_usual_line_is_ten_keys_beyond_the_name(
    office: Office, enter: Callable[..., Page], shoot: Any, axe: Any
) -> None:
    """The seconds of the machine are the server's and the page's; those of the hand are told by the
    keys, so that no slow machine fails it."""
    copies()
    page = enter(office.clerk, PAGE)
    there = page.url
    page.locator("[name=signer]").fill("Phan Văn Lộc, Chủ tịch UBND")
    for number, name in enumerate(("Lò Thị Mai", "Vi Văn Hải", "Hoàng Thị Sen"), start=1):
        if number == 1:
            page.locator("[name=who]").focus()
        expect(page.locator("[name=who]")).to_be_focused()
        page.keyboard.type(name)
        keys = ["Tab", "2", "Tab", "3", "Enter"]
        for key in keys[:-1]:
            page.keyboard.press(key)
        # The sum stands there while it is typed.
        expect(page.locator("[name=fee]")).to_have_attribute("placeholder", "12.000")
        page.keyboard.press(keys[-1])
        expect(page.get_by_text(f"số chứng thực 0{number}")).to_be_visible()
        took = page.evaluate(SERVER)
        print(f"dòng {number}: {len(keys)} phím sau họ tên, máy chủ {took / 1000:.2f} giây")
        assert len(keys) <= MOST_KEYS
        assert (len(keys) + len(name)) * A_KEY <= MOST_SECONDS
    agreed_by_keyboard(page)
    assert sorted(
        Dossier.objects.filter(ended_at__isnull=False).values_list(
            "owner_name", "fee_amount", "summary"
        )
    ) == [
        ("Hoàng Thị Sen", 12_000, "2 trang × 3 bản"),
        ("Lò Thị Mai", 12_000, "2 trang × 3 bản"),
        ("Vi Văn Hải", 12_000, "2 trang × 3 bản"),
    ]
    for width in (1366, 360):
        page.set_viewport_size({"width": width, "height": 768})
        page.goto(there)
        shoot(page, f"chung-thuc-{width}")
        assert axe(page) == []
        assert too_wide(page) == []
        page.get_by_role("link", name="Sổ chứng thực").click()
        expect(page.get_by_text("36.000 đồng")).to_be_visible()
        shoot(page, f"so-chung-thuc-{width}")
        assert axe(page) == []
        assert too_wide(page) == []


def agreed_by_keyboard(page: Page) -> None:
    """Beyond the day: the hour in the last field, Enter; the slip is offered."""
    expect(page.locator("[name=who]")).to_be_focused()
    page.keyboard.type("Ma Văn Páo")
    page.locator("[name=agreed]").focus()
    page.keyboard.type("10:00")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã nhận và hẹn trả. Ma Văn Páo")).to_be_visible()
    expect(page.get_by_text("hẹn 25/11/2026 10:00")).to_be_visible()
