"""The page of what is the same here and there, and what a person does about what is not."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dossiers.models import Dossier
from exchange.models.outbox import Delivery, Line
from exchange.outbox import level
from exchange.peer.serving import BAD_ITEM
from onestop.accounts.desk import desk_of
from onestop.accounts.models import AccessEvent, Officer, Role
from onestop.errors import DomainError
from tests.clock import MONDAY
from tests.exchange.world import Exchange
from tests.world import make_office, make_officer

if TYPE_CHECKING:
    from django.test import Client

Connected = Callable[..., Exchange]
SignIn = Callable[[Any], "Client"]


def words(page: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


@pytest.fixture
def world(connected: Connected) -> tuple[Exchange, Officer]:
    """One dossier level, one refused, one that differs, one that waits."""
    exchange = connected("B", dossiers=4)
    level_one, refused, differing, waiting = exchange.dossiers
    exchange.remote.bad[refused.code] = BAD_ITEM
    exchange.tell(*((one, 2) for one in (level_one, refused, differing)))
    exchange.send()
    Dossier.objects.filter(pk=level_one.pk).update(due_at=exchange.ours[level_one.code]["due"])
    exchange.remote.share, exchange.remote.only = 1.0, ["lost"]
    exchange.tell((waiting, 2))
    exchange.send()
    exchange.remote.share = 0.0
    boss = make_officer("Đỗ Thị Hạnh", level_one.agency, (Role.CONTROLLER, None))
    return exchange, boss


def test_each_dossier_stands_in_one_column(
    world: tuple[Exchange, Officer], signed_in: SignIn
) -> None:
    exchange, boss = world
    (day,), older = level.days(Line.objects.all(), "cong-b", None)
    assert (day.ours, day.level, day.refused, day.differing, day.waiting) == (4, 1, 1, 1, 1)
    assert (day.share, older) == (50.0, None)
    client = signed_in(boss)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("level"))
    # Of them: which list the peer is being asked about just now, and whose dossiers were never told.
    assert len(asked) <= 14
    assert re.search(r"50(,0)?.?%", words(page))
    assert exchange.dossiers[1].code in words(page)
    for kind, at in (("khop", 0), ("tu-choi", 1), ("lech", 2), ("cho", 3)):
        listed = words(client.get(reverse("level"), {"loai": kind, "ngay": "2026-11-23"}))
        for n, dossier in enumerate(exchange.dossiers):
            assert (dossier.code in listed) == (n == at), (kind, n)
    new = [
        Line(peer="cong-b", code=f"H-{n}", agency=exchange.dossiers[0].agency, day=day.day, state=1)
        for n in range(9)
    ]
    Line.objects.bulk_create(new)
    with CaptureQueriesContext(connection) as asked_again:
        client.get(reverse("level"))
    assert len(asked_again) <= len(asked)
    client = signed_in(make_office().controller)  # another office sees nothing of it
    assert exchange.dossiers[1].code not in words(client.get(reverse("level")))


def test_the_page_of_a_line_says_what_differs_and_sends_again(
    world: tuple[Exchange, Officer], signed_in: SignIn
) -> None:
    exchange, boss = world
    dossier = exchange.dossiers[2]
    client, line = signed_in(boss), Line.objects.get(code=dossier.code)
    assert "lệch hẹn trả" in words(client.get(reverse("level_line", args=[line.pk])))
    client.post(reverse("level_again", args=[line.pk]))
    exchange.send()
    assert level.unlike(Line.objects.select_related("dossier").get(pk=line.pk)) == []
    assert AccessEvent.objects.filter(object_kind="exchange_line", detail="gửi lại").exists()


def test_what_was_refused_is_given_up_with_a_reason_and_told_again_with_the_next_act(
    world: tuple[Exchange, Officer], signed_in: SignIn
) -> None:
    exchange, boss = world
    dossier = exchange.dossiers[1]
    client, line = signed_in(boss), Line.objects.get(code=dossier.code)
    address = reverse("level_give_up", args=[line.pk])
    assert client.post(address, {"reason": " "}).status_code == 422
    client.post(address, {"reason": "Cổng đã nhận qua hệ thống của bộ"})
    closed = Delivery.objects.filter(line=line, state=Delivery.State.CLOSED)
    assert [one.closed_by for one in closed] == [boss, boss]
    assert "Cổng đã nhận" in words(client.get(reverse("level_line", args=[line.pk])))
    assert client.post(address, {"reason": "Lần nữa xem sao"}).status_code == 422
    exchange.remote.bad.clear()
    exchange.tell((dossier, 4))
    exchange.send()
    assert exchange.remote.store.dossiers[dossier.code]["TrangThaiHoSo"] == "4"


def test_nothing_is_given_up_without_its_trace(
    world: tuple[Exchange, Officer], signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange, boss = world
    line = Line.objects.get(code=exchange.dossiers[1].code)
    client = signed_in(boss)

    def fails(*_: object) -> None:
        raise OSError

    monkeypatch.setattr("exchange.views.level.access", fails)
    with pytest.raises(OSError):
        client.post(reverse("level_give_up", args=[line.pk]), {"reason": "Cổng đã nhận"})
    assert not Delivery.objects.filter(state=Delivery.State.CLOSED).exists()


def test_nobody_gives_up_what_is_on_its_way(world: tuple[Exchange, Officer]) -> None:
    exchange, boss = world
    line = Line.objects.get(code=exchange.dossiers[3].code)
    exchange.now = line.next_try_at or exchange.now

    def happens() -> None:
        with pytest.raises(DomainError, match="being_sent"):
            level.give_up(line.pk, reason="Nhầm", by=desk_of(boss, MONDAY), at=exchange.now)

    exchange.meanwhile = happens
    exchange.send()
    assert exchange.meanwhile is None


def test_without_a_peer_the_page_says_how_one_is_connected(db: None, signed_in: SignIn) -> None:
    page = signed_in(make_office().controller).get(reverse("level"))
    assert "Chưa nối với hệ thống nào" in words(page)


def test_odd_addresses_are_none(world: tuple[Exchange, Officer], signed_in: SignIn) -> None:
    client = signed_in(world[1])
    for odd in ("?noi=x", "?loai=x", "?ngay=x", "?truoc=2026-13-01"):
        assert client.get(f"{reverse('level')}{odd}").status_code == 404
    assert client.get(f"{reverse('level')}?donvi=x&sau=x").status_code == 200
