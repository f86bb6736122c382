"""A dossier that a citizen files on the portal: arrives, is received with two keys, worked on, finished
and given back, and the portal holds each step before one's eyes.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from dossiers.models import Dossier, OnlineFiling
from dossiers.states import State
from exchange.inbox import files, taking
from exchange.management.commands.fake_portal import papers_of
from exchange.peer import filing
from exchange.peer.http import HOLDS, Server
from exchange.peer.serving import Recorded
from tests.browser.fitting import too_wide
from tests.exchange.running import running
from tests.exchange.sent import SECRET, a_door
from tests.exchange.world import said
from tests.journeys.desks import give_back, record_result
from tests.journeys.site import LEADERSHIP, OFFICE, ONE_STOP, SEVEN_DAYS, Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@contextmanager
def portal() -> Iterator[Server]:
    """The recorded peer, connected both ways."""
    server = Server(Recorded())
    with (
        running(server),
        override_settings(
            EXCHANGE_PEERS=[said("B", url=server.url)], EXCHANGE_SECRETS={"cong": SECRET}
        ),
    ):
        yield server


def held_there(server: Server, code: str) -> str:
    """What our worker told by now: the state that the portal shows."""
    call_command("send_outbox")
    with urllib.request.urlopen(f"{server.url}{HOLDS}") as reply:
        state: str = json.load(reply)["dossiers"][code]["TrangThaiHoSo"]
    return state


def test_from_the_portal_to_the_hand_and_the_portal_knows(
    site: Site, new_page: Callable[..., Page], shoot: Callable[[Page, str], Path]
) -> None:
    a_door()
    with portal() as server:
        page = site.enter(new_page(width=1366, height=768), "tiepnhan")
        dossier = filed_and_received(site, page, shoot)
        assert held_there(server, dossier.code) == str(State.RECEIVED)
        finished(site, new_page, dossier)
        assert held_there(server, dossier.code) == str(State.FINISHED)
        give_back(site, site.enter(page, "tiepnhan"), dossier)
        assert held_there(server, dossier.code) == str(State.RETURNED)
        boss = site.enter(new_page(width=1366, height=768), "kiemsoat")
        boss.goto(f"{site.url}/trao-doi/doi-soat/?loai=khop")
        expect(boss.locator("h1")).to_contain_text("Đối soát")
        assert too_wide(boss) == []
        shoot(boss, "cua-truc-tuyen-doi-soat")


def filed_and_received(site: Site, page: Page, shoot: Callable[[Page, str], Path]) -> Dossier:
    [message] = filing.filings(
        1,
        seed=1,
        procedure=SEVEN_DAYS,
        unit=site.agency.code,
        at=timezone.localtime(),
        papers=papers_of(SEVEN_DAYS),
    )
    message["data"]["ChuHoSo"] = "Lò Văn Pậu"
    answer = filing.post(f"{site.url}/trao-doi/cong/", SECRET, message)
    assert answer.startswith("200 "), answer
    # What the workers do, whether they were woken or not.
    taking.read_new(timezone.now())
    files.fetch_due(timezone.now)
    row = OnlineFiling.objects.get(code=message["data"]["MaHoSo"])
    page.goto(f"{site.url}/tiep-nhan/truc-tuyen/")
    page.get_by_role("link", name=row.code).first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    # What fits not is named there: a failure says it.
    expect(page.locator(".next-acts").first).to_contain_text("Tiếp nhận ngay")
    expect(page.get_by_role("button", name="Tiếp nhận ngay")).to_be_focused()
    shoot(page, "cua-truc-tuyen-den")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".big-code")).to_have_text(row.code)
    return Dossier.objects.get(code=row.code)


def finished(site: Site, new_page: Callable[..., Page], dossier: Dossier) -> None:
    """By the officers whose turn it is; the result is written in the browser."""
    site.give(dossier, OFFICE, receiver="chuyenvien")
    site.confirm(dossier, "chuyenvien")
    site.go_to("26/11/2026 14:00")
    record_result(site, site.enter(new_page(), "chuyenvien"), dossier)
    site.give(dossier, LEADERSHIP, by="chuyenvien", receiver="lanhdao")
    site.confirm(dossier, "lanhdao")
    site.give(dossier, ONE_STOP, by="lanhdao")
    site.go_to("27/11/2026 09:00")
    site.confirm(dossier, "tiepnhan")
    dossier.refresh_from_db()
    assert State(dossier.state) == State.FINISHED
