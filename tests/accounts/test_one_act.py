"""Pages of administration that are one form of one act: `Ctrl+Enter` does it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from onestop.accounts.calendars import load_national_calendar
from onestop.accounts.models import CalendarDay, Department, Officer, Role
from tests.accounts.conftest import OfficerMaker, Tree


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00 +0700", tick=True):
        yield


@pytest.fixture
def top(tree: Tree, officer: OfficerMaker) -> Officer:
    now = timezone.now()
    return officer(Role.ADMINISTRATOR, agency=tree.province, password_changed_at=now)


def pages(tree: Tree, officer: Officer) -> Iterator[str]:
    for name in ("new_officer", "substitutions", "new_agency", "new_day", "new_week", "year"):
        yield reverse(f"accounts:{name}")
    for name in ("agency", "new_department"):
        yield reverse(f"accounts:{name}", args=[tree.here.pk])
    room = Department.objects.filter(agency=tree.here).earliest("pk")
    yield reverse("accounts:department", args=[tree.here.pk, room.pk])
    yield reverse("accounts:close_account", args=[officer.pk])


@pytest.mark.django_db
def test_each_page_of_one_act_has_the_one_form_that_the_keys_send(
    tree: Tree, officer: OfficerMaker, top: Officer, signed_in: Callable[[Officer], Client]
) -> None:
    browser, someone = signed_in(top), officer(Role.CLERK)
    for address in pages(tree, someone):
        shown = browser.get(address).content.decode()
        forms = re.findall(r"<form[^>]*\bdata-primary\b[^>]*>", shown)
        assert len(forms) == 1, address


@pytest.mark.django_db
def test_the_change_of_a_password_is_sent_without_asking_who_is_signed_in(
    officer: OfficerMaker, signed_in: Callable[[Officer], Client]
) -> None:
    """Who must change it is refused everywhere else, so that question would hold the form back."""
    browser = signed_in(officer(Role.CLERK, must_change_password=True))
    shown = browser.get(reverse("accounts:change_password")).content.decode()
    assert not re.search(r"<form[^>]*\bdata-primary\b", shown)
    assert browser.get(reverse("accounts:alive"), headers={"X-Session": "1"}).status_code == 403


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_day_is_previewed_and_then_written_by_the_keys_alone(
    tree: Tree,
    top: Officer,
    new_page: Callable[..., Page],
    signed_in: Callable[[Any], Any],
    live_server: Any,
    shoot: Any,
) -> None:
    load_national_calendar()
    page = new_page(width=1366)
    cookie = signed_in(top).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}{reverse('accounts:new_day')}?co-quan={tree.here.pk}")
    page.locator("[name=date]").fill("25/11/2026")
    page.locator("[name=kind]").select_option("closing")
    page.locator("[name=name]").fill("Mất điện")
    page.locator("[name=source]").fill("TB 12")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[name=da-xem]")).to_be_visible()
    assert not CalendarDay.objects.filter(agency=tree.here).exists()
    shoot(page, "them-ngay-1366")
    page.set_viewport_size({"width": 360, "height": 740})
    shoot(page, "them-ngay-360")
    page.locator("[name=source]").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).not_to_have_text("Thêm ngày vào lịch")
    assert CalendarDay.objects.get(agency=tree.here).date == date(2026, 11, 25)
