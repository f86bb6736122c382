"""The figures of the page of what is the same here and there; who is told of what is not sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.checks import Error
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.urls import reverse

from dossiers.models import Dossier
from exchange import apps, tasks
from exchange.models.outbox import Delivery, Line
from exchange.outbox import alarm, cleaning, costs, level, messages, sending, taking
from exchange.outbox.peers import peers
from exchange.outbox.taking import take_over
from onestop.accounts.models import Role
from onestop.outbox.models import Fact, Message
from procedures.channels import Channel
from tests.clock import MONDAY
from tests.dossiers.returning.test_indexes import plans
from tests.exchange.test_level import words
from tests.exchange.world import Exchange, said
from tests.world import make_office, make_officer

if TYPE_CHECKING:
    from django.test import Client

Connected = Callable[..., Exchange]


def test_what_the_peer_has_counts_as_there_whatever_still_waits(connected: Connected) -> None:
    exchange = connected("B", dossiers=2)
    exchange.tell(*((one, 2) for one in exchange.dossiers))
    exchange.send()
    exchange.remote.share, exchange.remote.only = 1.0, ["lost"]
    exchange.tell(*((one, 4) for one in exchange.dossiers))
    exchange.send()
    taking.say_filing("G01-1", state=3, words="Không đúng", agency=None, at=MONDAY)
    take_over(peers(), now=MONDAY)
    Line.objects.filter(dossier=None).update(agency=exchange.dossiers[0].agency)
    (day,), _ = level.days(Line.objects.all(), "cong-b", None)
    # A filing that became no dossier is told, and in no share of dossiers.
    assert (day.ours, day.waiting, day.dossiers, day.share) == (3, 3, 2, 100.0)


def test_what_it_costs_in_the_national_index(
    connected: Connected, signed_in: Callable[[Any], Client]
) -> None:
    """1.4, 2.1 and 3.3 of QĐ 766, as the national portal computes them."""
    exchange = connected("B", dossiers=4)
    late, done, _, missing = exchange.dossiers
    exchange.tell(*((one, 2) for one in exchange.dossiers[:3]))
    exchange.send()
    exchange.remote.share, exchange.remote.only = 1.0, ["lost"]
    exchange.tell((missing, 2))
    exchange.send()
    now = MONDAY + timedelta(days=20)
    rows = Dossier.objects.all()
    rows.update(due_at=now + timedelta(days=1))
    # Late here too: no difference. Ended here in time, open there: late there only.
    rows.filter(pk=late.pk).update(due_at=MONDAY)
    rows.filter(pk=done.pk).update(state=9, ended_at=MONDAY)
    rows.filter(pk__in=[done.pk, missing.pk]).update(channel=Channel.ONLINE_FULL)
    Line.objects.filter(dossier=exchange.dossiers[2]).update(accepted_due=now + timedelta(days=1))
    Line.objects.filter(dossier=done).update(accepted_channel=Channel.ONLINE_FULL)
    cost = costs.cost_of(Line.objects.all(), now)
    assert cost == costs.Cost(told=4, there=3, late_there=1, online=2, online_there=1)
    assert (cost.sync_lost, cost.time_lost) == (1.5, pytest.approx(20 / 3))
    assert (cost.online_share, cost.online_share_there) == (50.0, 25.0)
    assert costs.cost_of(Line.objects.none(), now) is None
    # More in the national report than here: what is unknown here is not there either.
    above = costs.Cost(1000, 990, 0, 500, 495, national=1040)
    assert (round(above.sync_share, 2), above.unknown_here, above.missing) == (95.19, 40, 10)
    assert above.sync_lost == pytest.approx(6 * 50 / 1040)
    assert costs.Cost(1000, 990, 0, 500, 495, national=900).sync_share == 99.0
    boss = make_officer("Đỗ Thị Hạnh", late.agency, (Role.CONTROLLER, None))
    client = signed_in(boss)
    shown = words(client.get(reverse("level")))
    assert "1 trong 4 hồ sơ nơi nhận chưa có 1,50 điểm" in shown
    # Listed with the cause that is proposed.
    page = level.page(Line.objects.all(), level.LATE_THERE, after="", now=now)
    assert [line.code for line in page.rows] == [done.code]
    assert level.why_late_there(page.rows[0]) == messages.LATE_WRONG
    Line.objects.update(accepted_due=MONDAY - timedelta(days=1))
    listed = words(client.get(reverse("level"), {"loai": "qua-han"}))
    assert "Dữ liệu đồng bộ sai" in listed
    assert done.code in listed


def test_what_waits_is_found_without_the_archive(connected: Connected) -> None:
    exchange = connected("B", dossiers=1)
    exchange.tell((exchange.dossiers[0], 2))
    exchange.send()
    rows = Line.objects.filter(agency=exchange.dossiers[0].agency)
    for kind in level.KINDS:

        def listed(kind: str = kind) -> None:
            level.page(rows, kind, after="", now=MONDAY, peer="cong-b")

        (text,) = plans(listed, "exchange_line")
        # PostgreSQL weighs how many days there are, which a test with one line does not tell.
        if kind not in level.SETTLED or connection.vendor == "sqlite":
            assert ("line_day" if kind in level.SETTLED else "line_unlevel") in text, text
    far = MONDAY + level.RECENT + timedelta(days=1)
    assert level.page(rows, "lech", after="", now=MONDAY, peer="cong-b").rows
    assert not level.page(rows, "lech", after="", now=far, peer="cong-b").rows
    assert level.page(rows, "lech", after="", now=far, peer="cong-b", day=MONDAY.date()).rows


def test_administrators_are_told_of_their_own_agencies(
    connected: Connected, signed_in: Callable[[Any], Client]
) -> None:
    exchange = connected("B", dossiers=1, codes={"2": "2"})
    (dossier,) = exchange.dossiers
    other = make_office("Ủy ban nhân dân xã Tân Lập")
    mine = make_officer("Vũ Thị Mai", dossier.agency, (Role.ADMINISTRATOR, None))
    make_officer("Ngô Văn Xa", other.agency, (Role.ADMINISTRATOR, None))
    exchange.tell((dossier, 6))
    exchange.send()
    assert alarm.tell(now=exchange.now, link="/x/") == 1
    assert Message.objects.get(kind=alarm.KIND).to_officer == mine
    theirs = words(signed_in(other.controller).get(reverse("level")))
    assert "đã ngừng gửi" not in theirs


def test_what_cannot_be_taken_over_is_told(
    connected: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange = connected("B", dossiers=1)
    (dossier,) = exchange.dossiers
    boss = make_officer("Vũ Thị Mai", dossier.agency, (Role.ADMINISTRATOR, None))
    exchange.tell((dossier, 2))
    Fact.objects.update(created_at=MONDAY - timedelta(hours=5))

    def fails(*_: object, **__: object) -> int:
        raise OSError

    monkeypatch.setattr(sending, "take_over", fails)
    with pytest.raises(OSError):
        tasks.send_outbox()
    assert Message.objects.get(kind=alarm.KIND).to_officer == boss


@pytest.mark.parametrize(
    "wrong", [{"code": "c" * 21}, {"chunk": 0}, {"chunk": "10"}, {"codes": {"2": 2}}]
)
def test_what_would_fail_only_when_sending_is_said_at_the_start(
    settings: Any, wrong: dict[str, Any]
) -> None:
    settings.EXCHANGE_PEERS = [said("B") | wrong]
    with pytest.raises(ImproperlyConfigured):
        peers()
    assert [type(one) for one in apps.check_peers(None)] == [Error]


def test_messages_go_and_the_newest_stays(
    connected: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleaning, "BATCH", 2)
    exchange = connected("B", dossiers=1)
    (dossier,) = exchange.dossiers
    for state in (2, 4, 5):
        exchange.tell((dossier, state))
        exchange.send()
    assert cleaning.purge(exchange.now + timedelta(days=89)) == 0
    assert cleaning.purge(exchange.now + timedelta(days=91)) == 5
    last = Delivery.objects.get()
    assert (last.kind, last.payload["state"]) == (Delivery.Kind.DOSSIER, 5)
    (text,) = plans(lambda: cleaning.purge(exchange.now + timedelta(days=91)), "exchange_delivery")
    assert "delivery_settled" in text, text
    # By it the dossier can be told again.
    level.send_again(Line.objects.get().pk, at=exchange.now)
    exchange.send()
    assert Line.objects.get().state == Line.State.LEVEL
