"""In Chromium: the page of what differs fits a desk and a telephone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from exchange.models.outbox import Line
from exchange.peer.serving import BAD_ITEM
from onestop.accounts.models import Role
from tests.browser.fitting import too_wide
from tests.exchange.world import Exchange
from tests.world import make_officer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_was_refused_is_seen_and_opened(
    connected: Callable[..., Exchange],
    new_page: Callable[..., Page],
    signed_in: Callable[[Any], Any],
    live_server: Any,
    shoot: Callable[[Page, str], Path],
    axe: Callable[..., list[str]],
) -> None:
    exchange = connected("B", dossiers=2)
    refused = exchange.dossiers[1]
    exchange.remote.bad[refused.code] = BAD_ITEM
    exchange.tell(*((one, 2) for one in exchange.dossiers))
    exchange.send()
    boss = make_officer("Đỗ Thị Hạnh", refused.agency, (Role.CONTROLLER, None))
    page = new_page(width=1366)
    cookie = signed_in(boss).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    # Of one day, where all of the list is sent again or given up at once.
    page.goto(f"{live_server.url}{reverse('level')}?loai=tu-choi&ngay=2026-11-23")
    expect(page.get_by_role("button", name="Thôi gửi 1 hồ sơ")).to_be_visible()
    for name, heading in (("doi-soat", "Đối soát"), ("doi-soat-mot", refused.code)):
        expect(page.locator("h1")).to_contain_text(heading)
        for width in (1366, 360):
            page.set_viewport_size({"width": width, "height": 800})
            assert too_wide(page) == []
            shoot(page, f"{name}-{width}")
        assert axe(page) == []
        page.set_viewport_size({"width": 1366, "height": 800})
        if name == "doi-soat":
            page.get_by_role("link", name=refused.code).click()
    page.get_by_label("Lý do thôi gửi").fill("Cổng đã nhận qua hệ thống của bộ")
    page.get_by_role("button", name="Thôi gửi những gì đang chờ").click()
    expect(page.get_by_text("đã thôi gửi 2 thông báo")).to_be_visible()
    assert Line.objects.get(code=refused.code).state == Line.State.LEVEL
