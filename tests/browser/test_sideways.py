"""What is scrolled sideways on a telephone is opened where it matters."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import PHONE
from tests.journeys.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_tab_one_is_on_and_the_newest_end_of_a_chart_are_in_sight(
    site: Site, new_page: Callable[..., Page]
) -> None:
    site.receive(owner="Nguyễn Văn Ân")
    page = site.enter(new_page(width=PHONE), "lanhdao")
    page.goto(f"{site.url}/dieu-hanh/dien-bien/")
    expect(page.get_by_role("link", name="Diễn biến", exact=True)).to_be_in_viewport(ratio=0.9)
    end = "chart => chart.scrollWidth - chart.clientWidth - chart.scrollLeft"
    chart = page.locator(".board-chart")
    assert chart.evaluate("chart => chart.scrollWidth > chart.clientWidth")
    assert chart.evaluate(end) <= 1
