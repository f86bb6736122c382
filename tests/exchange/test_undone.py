"""What was undone here, or lost there: the peer ends with what is so here, or a person is told why not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from dossiers.acts import filings
from dossiers.models import CounterVisit, Dossier, OnlineFiling
from dossiers.states import State
from exchange import shell
from exchange.models.outbox import Delivery, Line
from exchange.outbox import alarm, costs, level, level_many, messages
from exchange.outbox.peers import peers
from exchange.outbox.taking import take_over
from exchange.peer.serving import Recorded
from onestop.accounts.desk import desk_of
from onestop.accounts.models import Role
from onestop.errors import DomainError
from tests.clock import MONDAY
from tests.dossiers.online.filed import a_filing
from tests.exchange.world import Exchange
from tests.world import make_office, make_officer

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

Connected = Callable[..., Exchange]


def _boss(dossier: Dossier) -> Desk:
    return desk_of(make_officer("Đỗ Thị Hạnh", dossier.agency, (Role.CONTROLLER, None)), MONDAY)


def _kinds(line: Line) -> list[str]:
    return [
        name
        for name, (_, of) in level.KINDS.items()
        if Line.objects.filter(of, pk=line.pk).exists()
    ]


def test_a_reception_that_is_voided_stops_until_it_is_gone_there(connected: Connected) -> None:
    """The contract deletes no dossier: the words say whom to ask, and no other status is told."""
    exchange = connected("B", dossiers=1)
    (dossier,) = exchange.dossiers
    exchange.tell((dossier, 2))
    exchange.send()
    exchange.tell((dossier, State.VOIDED))
    Dossier.objects.filter(pk=dossier.pk).update(state=State.VOIDED, ended_at=MONDAY)
    exchange.send()
    line = Line.objects.select_related("dossier").get()
    assert (line.state, line.words) == (Line.State.STOPPED, messages.VOIDED)
    assert exchange.remote.store.dossiers[dossier.code]["TrangThaiHoSo"] == "2"
    level.give_up(line.pk, reason="Cổng đã xóa", by=_boss(dossier), at=exchange.now)
    line = Line.objects.select_related("dossier").get()
    assert (_kinds(line), level.unlike(line)) == (["thoi"], [])


@pytest.mark.parametrize("between", [False, True])
def test_what_is_voided_before_the_peer_heard_of_it_is_never_told(
    connected: Connected, *, between: bool
) -> None:
    exchange = connected("B", dossiers=1)
    (dossier,) = exchange.dossiers
    exchange.remote.share, exchange.remote.only = 1.0, ["refused"]
    exchange.tell((dossier, 2))
    if between:  # refused: it is not there
        exchange.send()
    exchange.tell((dossier, State.VOIDED))
    exchange.remote.share = 0.0
    exchange.settle()
    assert exchange.remote.store.dossiers == {}
    assert set(Delivery.objects.values_list("state", "reason")) == {
        (Delivery.State.CLOSED, messages.VOIDED_UNTOLD)
    }
    # Taken back: it is told after all.
    exchange.tell((dossier, 2))
    exchange.send()
    assert exchange.remote.store.dossiers[dossier.code]["TrangThaiHoSo"] == "2"


def test_a_refusal_that_is_taken_back_waits_there_too_and_is_received_after(
    connected: Connected,
) -> None:
    exchange = connected("B", dossiers=1, paths={"reopen": ""})
    office = make_office()
    filing = a_filing(office, arrived_at=MONDAY)
    by = office.desk(office.clerk)
    visit = CounterVisit(kind=CounterVisit.Kind.REFUSE, reason="Không đúng thẩm quyền")
    filing.visit, filing.state, filing.ended_at = None, OnlineFiling.State.ANSWERED, MONDAY
    filing.save()
    filing.visit = visit
    shell._ended(filing=filing, at=MONDAY)
    exchange.send()
    assert exchange.remote.store.statuses == {filing.code: "3"}
    filings.reopen(filing.pk, by=by, at=MONDAY)
    exchange.send()
    assert exchange.remote.store.statuses == {filing.code: "1"}
    filing.visit = visit
    shell._ended(filing=filing, at=MONDAY)
    exchange.send()
    # Received after all: no dossier of it ever ended there.
    (dossier,) = exchange.dossiers
    Line.objects.update(code=dossier.code)
    exchange.tell((dossier, 2))
    exchange.send()
    assert exchange.remote.store.dossiers[dossier.code]["TrangThaiHoSo"] == "2"
    assert Line.objects.get().state == Line.State.LEVEL


@pytest.mark.parametrize("profile", ["A", "B"])
def test_a_step_that_the_peer_keeps_once_stops_no_dossier(
    connected: Connected, profile: str
) -> None:
    exchange = connected(profile, dossiers=2)
    exchange.remote.store.steps_once = True
    for state in (2, 4):
        exchange.tell(*((one, state) for one in exchange.dossiers))
    exchange.send()
    Delivery.objects.filter(kind=Delivery.Kind.PROGRESS).update(state=Delivery.State.WAITING)
    Line.objects.update(state=Line.State.WAITING, next_try_at=exchange.now)
    exchange.send()
    assert set(Line.objects.values_list("state", "words")) == {(Line.State.LEVEL, "")}
    assert [len(steps) for steps in exchange.remote.store.steps.values()] == [2, 2]


def test_what_the_peer_lost_is_added_before_the_step(connected: Connected) -> None:
    exchange = connected("B", dossiers=2)
    exchange.tell(*((one, 2) for one in exchange.dossiers))
    exchange.send()
    exchange.tell(*((one, 4) for one in exchange.dossiers))
    exchange.meanwhile = None
    exchange.send()
    exchange.remote = Recorded()  # all is forgotten there
    Delivery.objects.filter(kind=Delivery.Kind.PROGRESS, payload__state=4).update(
        state=Delivery.State.WAITING
    )
    Line.objects.update(state=Line.State.WAITING, next_try_at=exchange.now)
    exchange.send()
    assert {one["TrangThaiHoSo"] for one in exchange.remote.store.dossiers.values()} == {"4"}
    assert set(Line.objects.values_list("state", flat=True)) == {Line.State.LEVEL}


def test_given_up_the_peer_is_asked_all_the_same_what_it_holds(connected: Connected) -> None:
    exchange = connected("B", dossiers=1)
    (dossier,) = exchange.dossiers
    exchange.tell((dossier, 2))
    exchange.send()
    exchange.remote.share, exchange.remote.only = 1.0, ["lost"]
    exchange.tell((dossier, 4))
    exchange.send()
    exchange.remote.share = 0.0
    level.give_up(Line.objects.get().pk, reason="Thôi", by=_boss(dossier), at=exchange.now)
    line = Line.objects.get()
    assert (line.state, line.next_try_at) == (Line.State.WAITING, line.check_at)
    exchange.settle()
    assert Line.objects.get().accepted_state == 2


def test_what_was_given_up_and_is_there_all_the_same_is_told_no_older_state(
    connected: Connected,
) -> None:
    """Never a reopening of what is finished here, nor an interim answer over a final one."""
    exchange = connected("B", dossiers=2)
    one, other = exchange.dossiers
    exchange.tell((one, 2))
    exchange.send()
    exchange.remote.share, exchange.remote.only = 1.0, ["lost_after"]
    exchange.tell((one, 9), (other, 2))
    exchange.send()  # one was away: what was not tried keeps its turn
    exchange.send()
    exchange.remote.share, boss = 0.0, _boss(one)
    for line in Line.objects.all():
        level.give_up(line.pk, reason="Thôi", by=boss, at=exchange.now)
    exchange.settle()
    there = exchange.remote.store.dossiers
    assert [there[code]["TrangThaiHoSo"] for code in (one.code, other.code)] == ["9", "2"]
    assert not Delivery.objects.filter(fact=0).exists()
    # What nothing was ever accepted of is there too, and counts so.
    assert [Line.objects.get(dossier=one).accepted_state for one in (one, other)] == [9, 2]
    assert not Line.objects.filter(accepted_at=None).exists()


def test_what_was_stopped_and_is_voided_untold_waits_for_nobody(connected: Connected) -> None:
    exchange = connected("B", dossiers=2, codes={"9": "9"})
    dossier, other = exchange.dossiers
    exchange.tell((dossier, 2), (other, 9))
    exchange.send()
    assert Line.objects.get(dossier=dossier).state == Line.State.STOPPED
    exchange.tell((dossier, State.VOIDED))
    Dossier.objects.filter(pk=dossier.pk).update(state=State.VOIDED, ended_at=MONDAY)
    exchange.send()
    line = Line.objects.select_related("dossier").get(dossier=dossier)
    assert (line.state, line.trouble, line.words) == (Line.State.LEVEL, Line.Trouble.NONE, "")
    assert (line.waiting_since, _kinds(line)) == (None, ["thoi"])
    (unsent,) = alarm.unsent()
    assert (unsent.waiting, unsent.stopped) == (0, 0)
    with pytest.raises(DomainError, match="nothing_to_send"):
        level.send_again(line.pk, at=exchange.now)
    # Nor is it missing there.
    cost = costs.cost_of(Line.objects.all(), exchange.now)
    assert cost is not None
    assert (cost.told, cost.there, cost.missing) == (1, 1, 0)
    (day,), _ = level.days(Line.objects.all(), "cong-b", None)
    assert (day.ours, day.dossiers, day.share) == (2, 1, 100.0)


def test_after_a_restore_nothing_goes_before_somebody_looked(connected: Connected) -> None:
    """What waited, and what nobody had taken over; perhaps the peer heard of it since the backup."""
    exchange = connected("B", dossiers=3)
    waits, level_there, untaken = exchange.dossiers
    exchange.tell((level_there, 2))
    exchange.send()
    exchange.tell((waits, 2))
    take_over(peers(), now=exchange.now)
    exchange.tell((level_there, 4), (untaken, 2))
    with connection.cursor() as cursor:
        for statement in (shell.HELD_BY_A_RESTORE, shell.FACTS_HELD_BY_A_RESTORE):
            cursor.execute(statement)
    assert alarm.unsent()[0].oldest is not None
    exchange.tell((waits, State.VOIDED))
    exchange.send()
    lines = Line.objects.filter(state=Line.State.STOPPED, words=messages.RESTORED)
    assert set(lines.values_list("dossier", flat=True)) == {one.pk for one in exchange.dossiers}
    assert [*exchange.remote.store.dossiers] == [level_there.code]
    # Whether it was told nobody knows: it is not closed as never told.
    assert not Delivery.objects.filter(state=Delivery.State.CLOSED).exists()
    for line in lines.exclude(dossier=waits):
        level.send_again(line.pk, at=exchange.now)
    exchange.send()
    there = exchange.remote.store.dossiers
    assert [there[one.code]["TrangThaiHoSo"] for one in (level_there, untaken)] == ["4", "2"]
    assert Line.objects.filter(state=Line.State.LEVEL, check_at=None).count() == 2


def test_sent_again_while_an_act_is_not_taken_over_tells_the_act_only(
    connected: Connected,
) -> None:
    exchange = connected("B", dossiers=1)
    (dossier,) = exchange.dossiers
    exchange.tell((dossier, 2))
    exchange.send()
    exchange.tell((dossier, 4))
    level.send_again(Line.objects.get().pk, at=exchange.now)
    exchange.send()
    assert not Delivery.objects.filter(fact=0).exists()
    assert exchange.remote.store.dossiers[dossier.code]["TrangThaiHoSo"] == "4"


def test_what_the_applicant_withdrew_there_is_opened_again_by_a_person_alone(
    connected: Connected,
) -> None:
    """Whatever is done here: it is refused there, and no interim answer goes over the withdrawal."""
    exchange = connected("B", dossiers=1)
    (dossier,) = exchange.dossiers
    exchange.tell((dossier, 2))
    exchange.send()
    there = exchange.remote.store.dossiers[dossier.code]
    there["TrangThaiHoSo"] = str(int(State.WITHDRAWN))
    exchange.tell((dossier, 4))
    for _ in range(3):
        exchange.send()
        exchange.wait(timedelta(hours=2))
    line = Line.objects.get()
    assert there["TrangThaiHoSo"] == "7"
    assert (line.state, line.words) == (Line.State.STOPPED, messages.WITHDRAWN_THERE)
    assert line.accepted_state == State.WITHDRAWN
    # Not with a whole list.
    assert not level_many.to_send(Line.objects.all(), "tu-choi", exchange.now).exists()
    level.send_again(line.pk, at=exchange.now)
    exchange.send()
    assert exchange.remote.store.dossiers[dossier.code]["TrangThaiHoSo"] == "4"
    assert Line.objects.get().state == Line.State.LEVEL
