"""What one agency does while others still have their parts: each takes its own back, the papers come
home before everybody has answered, an end is told, an officer leaves.
"""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossiers.acts import handovers, leg_work, legs, payment
from dossiers.acts.endings import EndingIn, ResultIn, finish, record_result, withdraw
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.acts.receiving import confirm_many
from dossiers.acts.taking_back import take_back
from dossiers.desk import legs as queries
from dossiers.desk.work import rail_counts
from dossiers.ledger.verifying import verify
from dossiers.models.handover import Purpose
from dossiers.models.legs import Leg, LegKind, LegState
from dossiers.states import State
from onestop.accounts.models import Role, RoleGrant
from onestop.files.models import Attachment
from onestop.outbox.models import Message
from tests.dossiers.legs.office import Linked, make_linked, seen, states
from tests.dossiers.money.office import refused
from tests.samples import a_pdf
from tests.world import MONDAY, make_case, make_officer, receive

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def linked() -> Linked:
    return make_linked()


def by_lead(linked: Linked) -> Any:
    return linked.lead.desk(linked.lead.clerk)


def back(linked: Linked, leg: Leg) -> Leg:
    there = linked.at(leg)
    return leg_work.take_back(seen(leg), by=there.desk(there.clerk), at=MONDAY)


def test_papers_come_home_while_an_agency_is_waited_for(linked: Linked) -> None:
    """The counter confirms them; the dossier ends when the last has answered."""
    [leg] = linked.send(0)
    dossier, clerk, room = linked.dossier, by_lead(linked), linked.lead.desk(linked.lead.specialist)
    work = NextStep(order=2, name="Xử lý hồ sơ", minutes=480)
    handovers.hand_over(linked.now, to=linked.lead.room, step=work, by=clerk, at=MONDAY)
    handovers.confirm(Seen(dossier.pk), by=room, at=MONDAY)
    result = ResultIn(number="1", issued_on=MONDAY.date(), signer="Tuấn")
    record_result(Seen(dossier.pk), result, by=room, at=MONDAY)
    home = NextStep(order=4, name="Trả", purpose=Purpose.RETURN)
    handovers.hand_over(
        linked.now, to=linked.lead.counter, step=home, by=room, at=LATER, note="Ký giấy"
    )
    [done] = confirm_many([Seen(dossier.pk)], by=clerk, at=LATER)
    assert done.error is None
    assert (linked.now.state, linked.now.holder) == (State.IN_PROGRESS, linked.lead.clerk)
    clerk = linked.lead.desk(linked.lead.clerk, LATER)
    assert refused(lambda: finish(Seen(dossier.pk), by=clerk, at=LATER, note="Ký")) == "legs_open"
    linked.answer(linked.take(leg, at=LATER), at=LATER)
    assert finish(Seen(dossier.pk), by=clerk, at=LATER, note="Ký").ended_at == LATER


def test_each_takes_its_own_back_whatever_others_answered(linked: Linked) -> None:
    """How many are open is put back by its difference; no page of the dossier gets old by it."""
    first, second = linked.send(0, 1)
    for leg in (first, second):
        linked.answer(linked.take(leg))
    version = linked.now.row_version
    back(linked, first)
    assert (states(linked), linked.now.open_legs) == ([LegState.WORKING, LegState.ANSWERED], 1)
    back(linked, second)
    assert (linked.now.open_legs, linked.now.row_version) == (2, version)
    legs.withdraw_leg(Seen(linked.dossier.pk), 1, "Thôi", by=by_lead(linked), at=MONDAY)
    linked.answer(second)
    take_back(Seen(linked.dossier.pk), by=by_lead(linked), at=MONDAY)
    assert (states(linked), linked.now.open_legs) == ([LegState.WORKING, LegState.ANSWERED], 1)
    assert verify(now=MONDAY).misfit is None


def test_nothing_is_put_back_into_a_turn_that_has_gone_on(linked: Linked) -> None:
    """R-60: neither a withdrawn part before which nobody stands any more, nor an answer beside which
    another agency works, or the same agency has a new part.
    """
    first, _ = linked.send(0, 1, kind=LegKind.ORDERED)
    legs.withdraw_leg(Seen(linked.dossier.pk), 2, "Thôi", by=by_lead(linked), at=MONDAY)
    linked.answer(linked.take(first))
    lead = by_lead(linked)
    assert refused(lambda: take_back(Seen(linked.dossier.pk), by=lead, at=MONDAY)) == "changed_since"  # fmt: skip
    linked.send(2, kind=LegKind.ORDERED)
    assert refused(lambda: back(linked, first)) == "changed_since"
    linked.dossier = receive(linked.lead, make_case())
    [one] = linked.send(0)
    linked.answer(linked.take(one))
    linked.send(0)
    assert refused(lambda: back(linked, one)) == "changed_since"
    assert states(linked) == [LegState.ANSWERED, LegState.SENT]
    assert verify(now=MONDAY).misfit is None


def test_an_end_is_told_to_who_had_a_part(linked: Linked) -> None:
    first, _ = linked.send(0, 1)
    linked.take(first)
    withdraw(Seen(linked.dossier.pk), EndingIn("", "Rút"), by=by_lead(linked), at=MONDAY)
    told = Message.objects.filter(kind="leg_closed")
    there = linked.others[1]
    people = {linked.others[0].clerk.pk, there.clerk.pk, there.leader.pk}
    assert set(told.values_list("to_officer", flat=True)) == people
    assert f"kết thúc ở {linked.lead.agency.name}" in told[0].body
    take_back(Seen(linked.dossier.pk), by=by_lead(linked), at=MONDAY)
    assert all("Đã hoàn tác" in one.subject + one.body for one in told.all())


def test_whoever_went_to_another_agency_left_the_legs_there(linked: Linked) -> None:
    """R-144: an open one and an ended one are the agency's, not the person's."""
    there, other = linked.others[0], linked.others[2]

    def taken() -> Leg:
        [leg] = linked.send(0)
        by = there.desk(there.clerk)
        leg_work.pass_on(seen(leg), there.room, there.specialist, by=by, at=MONDAY)
        return linked.take(leg, there.specialist)

    ended = linked.answer(taken(), by=there.specialist)
    assert queries.leg_of(there.desk(there.specialist), ended.pk) is not None
    first = taken()
    RoleGrant.objects.filter(officer=there.specialist).update(valid_to=date(2026, 11, 22))
    RoleGrant.objects.create(
        officer=there.specialist, role=Role.SPECIALIST, agency=other.agency,
        department=other.room, valid_from=date(2026, 11, 23),
    )  # fmt: skip
    gone = there.desk(there.specialist)
    assert [queries.leg_of(gone, leg.pk) for leg in (first, ended)] == [None, None]
    assert refused(lambda: linked.answer(first, by=there.specialist)) == "leg_not_yours"
    assert rail_counts(gone, MONDAY)[0]["legs"] == 0 == queries.with_me(gone).count()


def test_a_proof_of_payment_is_not_among_its_files(linked: Linked) -> None:
    """R-144: nobody else's money."""
    at, day, dossier = MONDAY, MONDAY.date(), linked.dossier
    due = payment.Obligation("Lệ phí", 500_000, "Điều 19", "Thuế", day + timedelta(days=2))
    payment.ask_payment(Seen(dossier.pk), due, by=by_lead(linked), at=at)
    proof = payment.Proof("12", day, 500_000)
    scan = SimpleUploadedFile("bien-lai.pdf", a_pdf("bien lai"))
    payment.record_payment(Seen(dossier.pk), proof, by=by_lead(linked), at=LATER, scan=scan)
    [leg] = linked.send(0, at=LATER)
    assert Attachment.objects.filter(object_id=dossier.pk, kind="dossier").count() == 1
    assert list(queries.files_of(leg)) == []


def test_a_press_costs_the_same_however_many_are_told(linked: Linked) -> None:
    with CaptureQueriesContext(connection) as one:
        linked.send(0)
    there = linked.others[1]
    for n in range(3):
        make_officer(f"Cán bộ {n}", there.agency, (Role.CLERK, there.counter))
    with CaptureQueriesContext(connection) as more:
        linked.send(1)
    assert len(more) <= len(one)


def test_what_is_past_its_time_is_told_once(linked: Linked) -> None:
    """Whoever has it, and whoever leads."""
    first, second = linked.send(0, 1)
    linked.answer(linked.take(second))
    linked.take(first)
    assert legs.tell_late(MONDAY) == 0
    late = MONDAY + timedelta(days=7)
    assert [legs.tell_late(late), legs.tell_late(late)] == [1, 0]
    told = Message.objects.filter(kind="leg_late").values_list("to_officer", flat=True)
    assert set(told) == {linked.others[0].clerk.pk, linked.lead.clerk.pk}
