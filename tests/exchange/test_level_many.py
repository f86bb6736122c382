"""A list of one day or unit sent again, or given up, at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.urls import reverse

from exchange import shell
from exchange.models.outbox import Delivery, Line
from exchange.outbox import level_many
from exchange.peer.serving import BAD_ITEM
from onestop.accounts.models import AccessEvent, Officer, Role
from tests.exchange.test_level import words
from tests.exchange.world import Exchange
from tests.world import make_office, make_officer

if TYPE_CHECKING:
    from django.test import Client

Connected = Callable[..., Exchange]
SignIn = Callable[[Any], "Client"]
REASON = "Cổng đã nhận qua hệ thống của bộ"


@pytest.fixture
def world(connected: Connected) -> tuple[Exchange, Officer, dict[str, str]]:
    """Three of a day that were refused, one that is level; the list of the three, as a page says it."""
    exchange = connected("B", dossiers=4)
    for one in exchange.dossiers[:3]:
        exchange.remote.bad[one.code] = BAD_ITEM
    exchange.tell(*((one, 2) for one in exchange.dossiers))
    exchange.send()
    boss = make_officer("Đỗ Thị Hạnh", exchange.dossiers[0].agency, (Role.CONTROLLER, None))
    return exchange, boss, {"noi": "cong-b", "loai": "tu-choi", "ngay": "2026-11-23"}


def test_a_day_is_sent_again_in_presses(
    world: tuple[Exchange, Officer, dict[str, str]],
    signed_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exchange, boss, asked = world
    monkeypatch.setattr(level_many, "AT_ONCE", 2)
    client, again = signed_in(boss), reverse("level_again_many")
    assert "Gửi lại 3 hồ sơ" not in words(client.get(reverse("level"), {"loai": "tu-choi"}))
    shown = words(client.get(reverse("level"), asked))
    assert "Gửi lại 3 hồ sơ" in shown
    assert "Mỗi lần bấm gửi lại 2 hồ sơ" in shown
    exchange.remote.bad.clear()
    done = words(client.post(again, asked, follow=True))
    assert "Sẽ gửi lại 2 hồ sơ trong ít phút. Còn 1 hồ sơ của danh sách này" in done
    client.post(again, asked)
    lines = Line.objects.filter(code__in=[one.code for one in exchange.dossiers[:3]])
    traces = AccessEvent.objects.filter(object_kind="exchange_line", detail="gửi lại")
    assert set(traces.values_list("object_id", flat=True)) == {one.pk for one in lines}
    Line.objects.update(next_try_at=exchange.now)
    exchange.send()
    assert set(Line.objects.values_list("state", flat=True)) == {Line.State.LEVEL}


def test_a_unit_is_given_up_for_one_reason(
    world: tuple[Exchange, Officer, dict[str, str]], signed_in: SignIn
) -> None:
    exchange, boss, _ = world
    client, give_up = signed_in(boss), reverse("level_give_up_many")
    agency = exchange.dossiers[0].agency_id
    asked = {"noi": "cong-b", "loai": "tu-choi", "donvi": str(agency)}
    empty = client.post(give_up, asked | {"reason": " "})
    assert (empty.status_code, "Hãy nhập lý do thôi gửi" in words(empty)) == (422, True)
    # What is on its way just now stays, and is named.
    busy = Line.objects.get(code=exchange.dossiers[0].code)
    later = exchange.now.replace(year=2027)
    Line.objects.filter(pk=busy.pk).update(
        leased_by="00000000-0000-0000-0000-000000000001", next_try_at=later, state=2
    )
    done = words(client.post(give_up, asked | {"reason": REASON}, follow=True))
    assert "Đã thôi gửi 2 hồ sơ. Còn 1 hồ sơ của danh sách này" in done
    assert f"{busy.code}: Thông báo của hồ sơ này đang được gửi" in done
    closed = Delivery.objects.filter(state=Delivery.State.CLOSED)
    assert set(closed.values_list("closed_by", "reason")) == {(boss.pk, REASON)}
    assert not closed.filter(line=busy).exists()


def test_only_one_day_or_unit_and_only_ones_own(
    world: tuple[Exchange, Officer, dict[str, str]], signed_in: SignIn
) -> None:
    _, boss, asked = world
    client = signed_in(boss)
    for name, kind in (("level_again_many", "khop"), ("level_give_up_many", "lech")):
        nothing = {key: said for key, said in asked.items() if key != "ngay"}
        assert client.post(reverse(name), nothing).status_code == 404
        assert client.post(reverse(name), nothing | {"donvi": "0"}).status_code == 404
        assert client.post(reverse(name), asked | {"loai": kind}).status_code == 404
    stranger = signed_in(make_office("Ủy ban nhân dân xã Tân Lập").controller)
    stranger.post(reverse("level_again_many"), asked)
    stranger.post(reverse("level_give_up_many"), asked | {"reason": REASON})
    assert Line.objects.filter(trouble=Line.Trouble.REFUSED).count() == 3


def test_the_costs_are_those_of_the_day_or_unit_that_is_chosen(
    world: tuple[Exchange, Officer, dict[str, str]], signed_in: SignIn
) -> None:
    exchange, boss, asked = world
    Line.objects.filter(code=exchange.dossiers[3].code).update(day="2026-11-20")
    client = signed_in(boss)
    assert "3 trong 4 hồ sơ nơi nhận chưa có" in words(client.get(reverse("level")))
    shown = words(client.get(reverse("level"), asked))
    assert "3 trong 3 hồ sơ nơi nhận chưa có" in shown
    assert "hồ sơ báo lần đầu ngày 23/11/2026" in shown


def test_what_is_late_there_only_is_told_anew_at_once(
    world: tuple[Exchange, Officer, dict[str, str]], signed_in: SignIn
) -> None:
    """It differs there, so that it stands in that list until the peer has it; it is sent once."""
    exchange, boss, asked = world
    line = Line.objects.get(code=exchange.dossiers[3].code)
    Line.objects.filter(pk=line.pk).update(accepted_due=exchange.now - timedelta(days=1))
    client, late = signed_in(boss), asked | {"loai": "qua-han"}
    assert "Gửi lại 1 hồ sơ" in words(client.get(reverse("level"), late))
    done = words(client.post(reverse("level_again_many"), late, follow=True))
    assert "Sẽ gửi lại 1 hồ sơ trong ít phút." in done
    assert line.code in done
    assert "Gửi lại 1 hồ sơ" not in done
    assert line.deliveries.filter(state=Delivery.State.WAITING).count() == 1


def test_the_next_press_begins_behind_the_last(
    world: tuple[Exchange, Officer, dict[str, str]],
    signed_in: SignIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two that stay bad keep no third from being sent."""
    exchange, boss, asked = world
    monkeypatch.setattr(level_many, "AT_ONCE", 2)
    client, third = signed_in(boss), exchange.dossiers[2].code
    del exchange.remote.bad[third]
    first = client.post(reverse("level_again_many"), asked)
    Line.objects.filter(state=Line.State.WAITING, trouble=0).update(next_try_at=exchange.now)
    exchange.send()
    assert Line.objects.filter(trouble=Line.Trouble.REFUSED).count() == 3
    shown = client.get(first["Location"])
    assert "Gửi lại 1 hồ sơ" in words(shown)
    last = shown.context["after"]
    assert last == Line.objects.get(code=exchange.dossiers[1].code).pk
    again = client.post(reverse("level_again_many"), asked | {"tu": str(last)})
    assert "tu=" not in again["Location"]
    Line.objects.filter(state=Line.State.WAITING, trouble=0).update(next_try_at=exchange.now)
    exchange.send()
    assert Line.objects.get(code=third).state == Line.State.LEVEL


def test_what_came_since_the_page_is_not_given_up_and_what_a_restore_held_not_sent(
    world: tuple[Exchange, Officer, dict[str, str]], signed_in: SignIn
) -> None:
    exchange, boss, asked = world
    client, busy = signed_in(boss), exchange.dossiers[0]
    until = client.get(reverse("level"), asked).context["until"]
    exchange.tell((busy, 4))
    exchange.send()
    given_up = asked | {"reason": REASON, "den": str(until)}
    done = words(client.post(reverse("level_give_up_many"), given_up, follow=True))
    assert "Đã thôi gửi 2 hồ sơ." in done
    assert Line.objects.filter(trouble=Line.Trouble.REFUSED).get().code == busy.code
    with connection.cursor() as cursor:
        cursor.execute(shell.HELD_BY_A_RESTORE)
    assert "Gửi lại 1 hồ sơ" not in words(client.get(reverse("level"), asked))
    client.post(reverse("level_again_many"), asked)
    line = Line.objects.get(code=busy.code)
    assert line.state == Line.State.STOPPED
    client.post(reverse("level_again", args=[line.pk]))
    assert Line.objects.get(pk=line.pk).state == Line.State.WAITING
