"""The board of a waiting room on a television: it keeps what it saw while the network is away, asks again,
turns its pages.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from reports import wall
from reports.models import WallBoard
from tests.journeys.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ASK = "dispatchEvent(new Event('online'))"


def test_a_board_survives_the_network_and_turns_its_pages(
    site: Site, page: Page, shoot: Callable[..., Any]
) -> None:
    by = site.officers["quantri"]
    board = WallBoard.objects.create(
        agency=by.agency, name="Phòng chờ", made_by=by, made_at=timezone.now()
    )
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.clock.install()
    page.goto(site.url + wall.address(board))
    expect(page.get_by_text("Chưa có kết quả nào chờ nhận.")).to_be_visible()
    away = page.get_by_text("Mất kết nối")
    expect(away).to_be_hidden()

    def many(route: Route) -> None:
        body = route.fetch().text()
        codes = "".join(f"<li>H37.05986-261123-{n:04}</li>" for n in range(100))
        said = re.sub(r'<p class="wall-none">.*?</p>', f'<ul class="wall-codes">{codes}</ul>', body)
        route.fulfill(status=200, content_type="text/html; charset=utf-8", body=said)

    page.route("**/man-hinh/**", many)
    page.evaluate(ASK)
    expect(page.get_by_text("H37.05986-261123-0000")).to_be_visible()
    expect(page.get_by_text("Trang 1/")).to_be_visible()
    shoot(page, "man-hinh-nhieu-1920")
    page.clock.run_for(10_000)
    expect(page.get_by_text("Trang 2/")).to_be_visible()
    expect(page.get_by_text("H37.05986-261123-0000")).to_be_hidden()
    cut = page.evaluate(
        """() => { const list = document.querySelector(".wall-codes"); const end = list.getBoundingClientRect().bottom;
        return [...list.children].filter((one) => !one.hidden && one.getBoundingClientRect().bottom > end + 1).length; }"""
    )
    assert cut == 0

    page.unroute("**/man-hinh/**")
    page.route("**/man-hinh/**", lambda route: route.abort())
    page.clock.run_for(31_000)
    expect(away).to_be_visible()
    expect(page.locator(".wall-codes li:not([hidden])").first).to_be_visible()
    shoot(page, "man-hinh-mat-mang-1920")
    page.unroute("**/man-hinh/**")
    page.evaluate(ASK)
    expect(away).to_be_hidden()
    expect(page.get_by_text("Chưa có kết quả nào chờ nhận.")).to_be_visible()

    # Not there for once (404): no code stays on the screen, and it comes back by itself.
    page.route("**/man-hinh/**", many)
    page.evaluate(ASK)
    expect(page.get_by_text("H37.05986-261123-0000")).to_be_visible()
    page.unroute("**/man-hinh/**")
    page.route("**/man-hinh/**", lambda route: route.fulfill(status=404, body="x"))
    page.evaluate(ASK)
    expect(page.get_by_text("Màn hình này đã ngừng.")).to_be_visible()
    expect(page.locator(".wall-codes")).to_have_count(0)
    shoot(page, "man-hinh-da-ngung-1920")
    page.unroute("**/man-hinh/**")
    page.clock.run_for(31_000)
    expect(page.get_by_text("Chưa có kết quả nào chờ nhận.")).to_be_visible()
    expect(page.get_by_text("Màn hình này đã ngừng.")).to_be_hidden()

    # A question that nobody answers, neither yes nor no.
    held: list[Route] = []
    page.route("**/man-hinh/**", lambda route: held.append(route))
    page.evaluate(ASK)
    page.clock.run_for(26_000)
    expect(away).to_be_visible()
    page.unroute("**/man-hinh/**")
    page.evaluate(ASK)
    expect(away).to_be_hidden()
