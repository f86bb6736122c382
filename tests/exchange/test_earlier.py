"""Dossiers from before a system was connected: counted, and told as they are now."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse

from dossiers.acts import endings, supplements
from dossiers.acts.endings import EndingIn
from dossiers.acts.many import Seen
from dossiers.ledger import writer
from dossiers.models import Dossier
from dossiers.states import State
from exchange.models.outbox import Delivery, Line
from exchange.outbox import costs, earlier, level
from exchange.outbox.national import Days
from exchange.outbox.peers import peers
from exchange.outbox.taking import take_over
from onestop.accounts.desk import desk_of
from onestop.accounts.models import AccessEvent, Agency, Officer, Role
from onestop.commands import Refused, UsageError
from onestop.outbox.models import Fact
from tests.clock import MONDAY
from tests.dossiers.returning.test_indexes import plans
from tests.dossiers.test_path import declared
from tests.exchange.test_level import words
from tests.exchange.world import Exchange, said
from tests.world import Office, make_agency, make_case, make_office, make_officer, receive

if TYPE_CHECKING:
    from django.test import Client

Connected = Callable[..., Exchange]
SignIn = Callable[[Any], "Client"]
WEEK = Days(MONDAY.date(), MONDAY.date())
LONG_AGO = timedelta(days=300)


@pytest.fixture
def office(db: None) -> Office:
    return make_office("Ủy ban nhân dân xã Tân Lập")


@pytest.fixture
def earlier_ones(connected: Connected, office: Office, settings: Any) -> Exchange:
    """One that goes on, one that was asked for papers, one withdrawn; then the peer is connected."""
    case = make_case("7 ngày làm việc")
    made = [receive(office, case, at=MONDAY) for _ in range(3)]
    by = office.desk(office.clerk)
    for one in made[1:]:
        seen = Seen(one.pk)
        at = MONDAY + timedelta(minutes=5)
        supplements.ask(seen, items=declared("Họ tên người mẹ"), reason="Thiếu", by=by, at=at)
    at = MONDAY + timedelta(minutes=9)
    endings.withdraw(Seen(made[2].pk), EndingIn("", "Không cần nữa"), by=by, at=at)
    exchange = connected("B", dossiers=0)
    settings.EXCHANGE_PEERS = [said("B")]
    exchange.dossiers = made
    return exchange


@pytest.fixture
def boss(office: Office) -> Officer:
    return make_officer("Đỗ Thị Hạnh", office.agency, (Role.CONTROLLER, None))


def told(exchange: Exchange, **only: Any) -> int:
    rows = earlier.to_tell(earlier.never_told("cong-b"), MONDAY.date())
    return len(earlier.tell(rows, "cong-b", at=exchange.now, **only)[0])


def tell_untold(*given: str, **options: Any) -> dict[str, int]:
    out = StringIO()
    call_command("tell_untold", *given, json=True, stdout=out, stderr=StringIO(), **options)
    found: dict[str, int] = json.loads(out.getvalue())
    return found


def test_each_is_told_once_as_it_is_now(earlier_ones: Exchange) -> None:
    exchange = earlier_ones
    assert told(exchange) == 3
    # Before anybody took it over, and after.
    assert told(exchange) == 0
    exchange.send()
    assert told(exchange) == 0
    there = exchange.remote.store
    for one in Dossier.objects.all():
        assert there.dossiers[one.code]["TrangThaiHoSo"] == str(one.state)
        line = Line.objects.select_related("dossier", "agency").get(code=one.code)
        assert (line.state, line.dossier, line.agency) == (Line.State.LEVEL, one, one.agency)
        assert level.unlike(line) == []
        # The newest act, and none before it.
        assert len(there.steps[one.code]) == 1
    ended = exchange.dossiers[2]
    assert there.dossiers[ended.code]["TrangThaiHoSo"] == str(State.WITHDRAWN.value)
    assert "rút" in str(there.steps[ended.code]).lower()


def test_what_is_done_afterwards_follows_in_its_line(
    earlier_ones: Exchange, office: Office
) -> None:
    exchange, one = earlier_ones, earlier_ones.dossiers[0]
    told(exchange)
    by, at = office.desk(office.clerk), MONDAY + timedelta(hours=1)
    endings.withdraw(Seen(one.pk), EndingIn("", "Không cần nữa"), by=by, at=at)
    exchange.send()
    assert exchange.remote.store.dossiers[one.code]["TrangThaiHoSo"] == "7"
    assert Line.objects.get(code=one.code).deliveries.count() == 4


def test_a_line_stands_on_the_day_of_reception(earlier_ones: Exchange) -> None:
    """So that the costs of this month are not mixed with what was received years ago."""
    exchange, one = earlier_ones, earlier_ones.dossiers[2]
    Dossier.objects.filter(pk=one.pk).update(received_at=MONDAY - LONG_AGO)
    assert told(exchange) == 2
    rows = earlier.to_tell(earlier.never_told("cong-b"), date(2026, 1, 1))
    exchange.wait(timedelta(days=3))
    assert len(earlier.tell(rows, "cong-b", at=exchange.now)[0]) == 1
    exchange.send()
    line = Line.objects.get(dossier=one)
    assert line.day == (MONDAY - LONG_AGO).date()
    # How long it waits counts from the press all the same.
    assert {row.created_at for row in line.deliveries.all()} == {exchange.now}


def test_only_the_system_that_was_never_told_is_told(earlier_ones: Exchange, settings: Any) -> None:
    exchange = earlier_ones
    told(exchange)
    exchange.send()
    settings.EXCHANGE_PEERS = [said("B"), said("B", code="cong-khac")]
    sent = Delivery.objects.count()
    rows = earlier.to_tell(earlier.never_told("cong-khac"), MONDAY.date())
    assert len(earlier.tell(rows, "cong-khac", at=exchange.now)[0]) == 3
    take_over(peers(), now=exchange.now)
    assert not Fact.objects.exists()
    assert Delivery.objects.filter(line__peer="cong-b").count() == sent
    assert Delivery.objects.filter(line__peer="cong-khac").count() == 6


def test_what_was_received_by_mistake_is_told_to_nobody(earlier_ones: Exchange) -> None:
    ended = Dossier.objects.filter(pk=earlier_ones.dossiers[2].pk)
    ended.update(state=State.VOIDED)
    assert told(earlier_ones) == 2


def test_ended_ones_count_of_their_days_and_open_ones_of_any(earlier_ones: Exchange) -> None:
    rows = earlier.never_told("cong-b")
    assert earlier.count(rows, WEEK) == earlier.Untold(open=2, ended=1, within=3)
    Dossier.objects.update(received_at=MONDAY - LONG_AGO)
    assert earlier.count(rows, WEEK) == earlier.Untold(open=2, ended=0, within=0)
    assert earlier.to_tell(rows, None).count() == earlier.to_tell_of(rows, WEEK).count() == 2
    told(earlier_ones)
    assert earlier.count(rows, WEEK).all == 0


def test_the_share_is_of_all_that_the_peer_should_have() -> None:
    """1.4: what nobody told is not there either; the national report counts it too."""
    cost = costs.Cost(90, 81, 0, 0, 0, untold=10)
    assert (cost.base, cost.missing, cost.unknown_here, cost.sync_share) == (100, 19, 0, 81.0)
    assert cost.sync_lost == pytest.approx(6 * 0.19)
    above = costs.Cost(90, 81, 0, 0, 0, national=120, untold=10)
    assert (above.base, above.unknown_here) == (120, 20)
    nothing = costs.Cost(0, 0, 0, 0, 0, untold=3)
    assert (nothing.sync_share, nothing.online_share) == (0.0, 0.0)


def test_the_page_counts_and_tells_them(
    earlier_ones: Exchange, boss: Officer, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(earlier, "AT_ONCE", 2)
    tell = earlier.tell
    monkeypatch.setattr(earlier, "tell", lambda *a, **k: tell(*a, **{**k, "most": 2}))
    client = signed_in(boss)
    shown = words(client.get(reverse("level")))
    assert "3 hồ sơ chưa từng báo" in shown
    assert "2 hồ sơ đang giải quyết và 1 hồ sơ đã kết thúc" in shown
    assert "3 trong 3 hồ sơ nơi nhận chưa có, trong đó 3 hồ sơ chưa từng báo 6,00 điểm" in shown
    done = words(client.post(reverse("level_untold"), {"noi": "cong-b"}, follow=True))
    assert "Sẽ báo 2 hồ sơ trong ít phút." in done
    assert "1 hồ sơ chưa từng báo" in done
    noted = AccessEvent.objects.filter(
        officer=boss, detail="báo Cổng Dịch vụ công quốc gia: chưa từng báo"
    )
    assert noted.values("object_kind", "object_id").distinct().count() == 2
    client.post(reverse("level_untold"), {"noi": "cong-b"})
    earlier_ones.send()
    shown = words(client.get(reverse("level")))
    assert "chưa từng báo" not in shown
    assert "0 trong 3 hồ sơ nơi nhận chưa có 0,00 điểm" in shown
    done = words(client.post(reverse("level_untold"), {"noi": "cong-b"}, follow=True))
    assert "Không còn hồ sơ nào chưa từng báo." in done


def test_an_officer_tells_those_of_the_own_agencies(
    earlier_ones: Exchange, boss: Officer, office: Office, signed_in: SignIn
) -> None:
    below = make_agency("Chi nhánh xã", parent=office.agency)
    Dossier.objects.filter(pk=earlier_ones.dossiers[0].pk).update(agency=below)
    elsewhere = Agency.objects.exclude(pk__in=[office.agency.pk, below.pk]).first()
    Dossier.objects.filter(pk=earlier_ones.dossiers[1].pk).update(agency=elsewhere)
    client = signed_in(boss)
    assert "2 hồ sơ chưa từng báo" in words(client.get(reverse("level")))
    of_one = {"noi": "cong-b", "donvi": str(below.pk)}
    assert "1 hồ sơ chưa từng báo, Chi nhánh xã" in words(client.get(reverse("level"), of_one))
    client.post(reverse("level_untold"), of_one)
    assert Fact.objects.get().key == earlier_ones.dossiers[0].code
    client.post(reverse("level_untold"), {"noi": "cong-b"})
    assert earlier.never_told("cong-b").get() == earlier_ones.dossiers[1]
    assert client.post(reverse("level_untold"), {"noi": "cong-z"}).status_code == 404


def test_the_command_tells_batch_by_batch(
    earlier_ones: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(earlier, "AT_ONCE", 1)
    assert tell_untold(dry_run=True) == {"told": 0, "left": 2}
    assert tell_untold("cong-b", since=MONDAY.date(), most=1) == {"told": 1, "left": 2}
    # Without a day those alone that are handled.
    assert tell_untold() == {"told": 1, "left": 0}
    assert tell_untold(since=MONDAY.date()) == {"told": 1, "left": 0}
    assert tell_untold(since=MONDAY.date()) == {"told": 0, "left": 0}
    assert Fact.objects.count() == 3


def test_the_command_says_what_it_cannot_do(db: None, settings: Any) -> None:
    settings.EXCHANGE_PEERS = []
    with pytest.raises(Refused, match="EXCHANGE_PEERS"):
        tell_untold()
    settings.EXCHANGE_PEERS = [said("B"), said("A")]
    with pytest.raises(UsageError, match="cong-b, cong-a"):
        tell_untold()
    with pytest.raises(UsageError, match="Không có nơi nhận cong-c"):
        tell_untold("cong-c")
    with pytest.raises(UsageError, match="--most"):
        tell_untold("cong-a", most=0)


def test_a_batch_costs_the_same_however_many_it_tells(
    earlier_ones: Exchange, queries: Callable[[], Any]
) -> None:
    with queries() as one:
        assert told(earlier_ones, most=1) == 1
    with queries() as more:
        assert told(earlier_ones) == 2
    # Which, locked, still untold, their newest acts, the facts; and the transaction.
    assert len(more) == len(one) <= 7


def test_whether_it_was_told_is_asked_by_the_index(earlier_ones: Exchange, boss: Officer) -> None:
    """The archive of lines grows; codes of dossiers are kept in another order than theirs, in which
    PostgreSQL uses no index of theirs.
    """
    rows = earlier.of_desk(desk_of(boss, MONDAY), "cong-b")
    if connection.vendor == "postgresql":
        assert '"code" COLLATE "default"' in str(rows.query)
        return
    for text in plans(lambda: earlier.count(rows, WEEK), "dossiers_dossier"):
        assert "(peer=? AND code=?)" in text, text


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_act_under_way_tells_its_dossier_itself(earlier_ones: Exchange) -> None:
    exchange, one = earlier_ones, earlier_ones.dossiers[0]
    found: list[int] = []

    def tells() -> None:
        try:
            found.append(told(exchange))
        finally:
            connection.close()

    other = threading.Thread(target=tells)
    with transaction.atomic():
        writer.locked().get(pk=one.pk)
        other.start()
        # It waits for the lock, or begins after the act is through: the same comes of both.
        other.join(0.3)
        exchange.tell((one, 4))
    other.join(60)
    assert found == [2]
    assert Fact.objects.filter(key=one.code).count() == 1
