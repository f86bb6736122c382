"""In Chromium: a clerk asks about the owner from the page of reception, in a page beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from exchange.peer.http import Server
from exchange.peer.serving import Recorded
from tests.browser.fitting import too_wide
from tests.exchange.running import running
from tests.exchange.test_asking import NAME, NUMBER, PATHS, reads
from tests.exchange.world import SECRET, USER, said
from tests.journeys.site import SEVEN_DAYS, Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_owner_is_asked_for_beside_the_page_of_reception(
    site: Site,
    new_page: Callable[..., Page],
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    shoot: Callable[[Page, str], Path],
    axe: Callable[..., list[str]],
) -> None:
    monkeypatch.setenv(USER, "tinh")
    monkeypatch.setenv(SECRET, "khoa")
    server = Server(Recorded(reads=reads()))
    with running(server):
        settings.EXCHANGE_PEERS = [said("B", url=server.url, paths=PATHS["B"])]
        page = site.enter(new_page(width=1366, height=768), "tiepnhan")
        page.goto(f"{site.url}/tiep-nhan/lap/{SEVEN_DAYS}/")
        page.locator("#id_owner_name").fill(NAME)
        page.locator("#id_identity_number").fill(NUMBER)
        page.locator("#id_identity_number").blur()
        button = page.get_by_role("button", name="Hỏi CSDL dân cư")
        expect(button).to_be_visible()
        shoot(page, "hoi-to-tiep-nhan-1366")
        with page.expect_popup() as opened:
            button.click()
        beside = opened.value
        expect(beside.get_by_text(f"Số {NUMBER} đúng là của {NAME}.")).to_be_visible()
        for width in (1366, 360):
            beside.set_viewport_size({"width": width, "height": 800})
            assert too_wide(beside) == []
            shoot(beside, f"hoi-cong-dan-{width}")
        assert axe(beside) == []
        with beside.expect_download() as fetched:
            beside.get_by_role("button", name="gks.pdf").click()
        assert fetched.value.suggested_filename == "gks.pdf"
        # What was typed there still stands here, and can be sent: the page went nowhere.
        expect(page.get_by_role("button", name="Tiếp nhận Ctrl")).to_be_enabled()
        with page.expect_popup():
            button.click()
        expect(page.get_by_role("button", name="Tiếp nhận Ctrl")).to_be_enabled()
        expect(page.locator("#id_identity_number")).to_have_value(NUMBER)
