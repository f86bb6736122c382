"""From the portal's code to a received dossier, by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from dossiers.demo_online import filings_that_wait
from dossiers.models import Dossier, OnlineFiling
from tests.journeys.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NewPage = Callable[..., Page]


def test_a_scanned_code_is_received_in_six_keys(site: Site, new_page: NewPage) -> None:
    """The code is scanned into the counter's box (Enter comes from the scanner); the form opens
    filled in, with the papers as published, and is received by one press of Ctrl+Enter.
    """
    filings_that_wait(site.agency, site.officers, now=timezone.now())
    filing = OnlineFiling.objects.filter(state=1, procedure__code="1.004873").order_by("pk")[0]
    page = site.enter(new_page(), "tiepnhan")
    page.goto(f"{site.url}/tiep-nhan/")
    page.keyboard.type(filing.code)  # what the scanner types
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("[name=source_code]")).to_have_value(filing.code)
    expect(page.locator("[name=owner_name]")).to_have_value(filing.owner_name)
    expect(page.locator("#ben-canh")).to_contain_text("Hạn tiếp nhận")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.locator(".big-code")).to_have_text(filing.code)
    assert Dossier.objects.get(code=filing.code).online.listed


def test_the_questions_of_the_portal_stand_with_the_online_channel_only(
    site: Site,
    new_page: NewPage,
) -> None:
    page = site.enter(new_page(), "tiepnhan")
    page.goto(f"{site.url}/tiep-nhan/lap/1.004873/")
    asked = page.locator("#nop-tren-cong")
    expect(asked).to_be_hidden()
    page.locator("[name=channel][value='2']").check(force=True)
    expect(asked).to_be_visible()
    page.locator("[name=source_code]").fill("G15.03-261120-000777")
    page.locator("[name=filed_at]").fill("20/11/2026 16:00")
    page.keyboard.press("Tab")
    expect(page.locator("#ben-canh")).to_contain_text("đến hạn hôm nay 16:00")
    page.locator("[name=channel][value='1']").check(force=True)
    expect(asked).to_be_hidden()


def test_what_fits_is_received_from_the_list_in_two_keys(site: Site, new_page: NewPage) -> None:
    """Enter opens what must be answered first, with everything filled in; Enter receives it."""
    # Rows of one journey stay for the next one.
    if not OnlineFiling.objects.exists():
        filings_that_wait(site.agency, site.officers, now=timezone.now())
    filing = OnlineFiling.objects.filter(state=1, procedure__code="1.001022").order_by("pk")[0]
    page = site.enter(new_page(), "tiepnhan")
    page.goto(f"{site.url}/tiep-nhan/truc-tuyen/")
    page.get_by_role("link", name=filing.code).first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Tiếp nhận ngay")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".big-code")).to_have_text(filing.code)
    assert Dossier.objects.get(code=filing.code).online.listed
