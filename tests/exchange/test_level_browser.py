"""In Chromium: the page of what differs fits a desk and a telephone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from exchange.models.outbox import Line
from exchange.outbox.profiles import port_of
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


def test_a_list_is_asked_about_and_the_national_figure_written(
    connected: Callable[..., Exchange],
    new_page: Callable[..., Page],
    signed_in: Callable[[Any], Any],
    live_server: Any,
    shoot: Callable[[Page, str], Path],
    axe: Callable[..., list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exchange = connected("B", dossiers=2)
    told = lambda peer: port_of(peer, exchange.post)  # noqa: E731
    monkeypatch.setattr("exchange.outbox.asking_many.port_of", told)
    exchange.tell(*((one, 2) for one in exchange.dossiers))
    exchange.send()
    for one in exchange.dossiers:
        type(one).objects.filter(pk=one.pk).update(due_at=exchange.ours[one.code]["due"])
    boss = make_officer("Đỗ Thị Hạnh", exchange.dossiers[0].agency, (Role.CONTROLLER, None))
    # Without a script, as on an old machine.
    page = new_page(width=1366, java_script_enabled=False)
    cookie = signed_in(boss).cookies["sessionid"].value
    judge = new_page()
    for window in (page, judge):
        window.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}{reverse('level')}?loai=lech&thang=2026-11")
    page.get_by_text("Ghi số", exact=True).first.click()
    page.get_by_label("Số tiếp nhận trên hệ thống báo cáo quốc gia").fill("1.040")
    page.get_by_label("Nguồn số liệu").fill("Biểu II.06a, xem ngày 23/11/2026")
    page.get_by_role("button", name="Ghi số này").click()
    expect(page.get_by_text("đồng bộ 2/1.040 = 0,19%")).to_be_visible()
    for name, address in (
        ("doi-soat-thang", "?loai=khop&thang=2026-11"),
        ("doi-soat-hoi", "?loai=khop&ngay=2026-11-23"),
    ):
        page.goto(f"{live_server.url}{reverse('level')}{address}")
        if name == "doi-soat-hoi":
            page.get_by_role("button", name="Hỏi nơi nhận về 2 hồ sơ").click()
            expect(page.get_by_text("đã hỏi 2 trong 2 hồ sơ")).to_be_visible()
        judge.goto(page.url)
        for width in (1366, 360):
            judge.set_viewport_size({"width": width, "height": 800})
            assert too_wide(judge) == []
            shoot(judge, f"{name}-{width}")
        assert axe(judge) == []


def test_what_was_never_told_is_told_by_a_press(
    connected: Callable[..., Exchange],
    new_page: Callable[..., Page],
    signed_in: Callable[[Any], Any],
    live_server: Any,
    shoot: Callable[[Page, str], Path],
    axe: Callable[..., list[str]],
) -> None:
    exchange = connected("B", dossiers=3)
    exchange.tell((exchange.dossiers[0], 2))
    exchange.send()
    boss = make_officer("Đỗ Thị Hạnh", exchange.dossiers[0].agency, (Role.CONTROLLER, None))
    page = new_page(width=1366)
    cookie = signed_in(boss).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}{reverse('level')}")
    expect(page.get_by_role("heading", name="2 hồ sơ chưa từng báo")).to_be_visible()
    for width in (1366, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert too_wide(page) == []
        shoot(page, f"doi-soat-chua-bao-{width}")
    assert axe(page) == []
    page.get_by_role("button", name="Báo 2 hồ sơ").click()
    expect(page.get_by_text("Sẽ báo 2 hồ sơ trong ít phút.")).to_be_visible()
    expect(page.get_by_text("chưa từng báo")).to_have_count(0)
