"""What is taken back leaves exactly what stood before: hand-overs on their way, proposals,
forwarding times.
"""

from datetime import date, timedelta

import pytest

from dossiers.acts import (
    endings,
    handovers,
    immediate,
    re_appointment,
    reception,
    supplements,
    taking_back,
)
from dossiers.acts.endings import EndingIn, ResultIn
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.desk.counting import count_desk
from dossiers.intake.wanted import declared
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, HandOver, Supplement
from dossiers.models.handover import Purpose
from dossiers.states import State
from onestop.errors import DomainError
from tests.samples import PDF
from tests.world import IN_PERSON, MONDAY, Office, an_intake, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
STEP = NextStep(order=2, name="Xử lý", minutes=480)
RESULT = ResultIn(number="12/GXN", issued_on=date(2026, 11, 24), signer="Hoàng Minh Tuấn")


def later(minutes: int):
    return MONDAY + timedelta(minutes=minutes)


@pytest.fixture
def office() -> Office:
    return make_office()


def test_a_withdrawal_taken_back_brings_the_pending_hand_over_back(office: Office) -> None:
    dossier = receive(office, make_case())
    clerk = office.desk(office.clerk)
    row = handovers.hand_over(dossier, to=office.room, step=STEP, by=clerk, at=later(1))
    endings.withdraw(
        Seen(dossier.pk), EndingIn(requested_by="", reason="Thôi"), by=clerk, at=later(2)
    )
    dossier = taking_back.take_back(Seen(dossier.pk), by=clerk, at=later(3))
    row.refresh_from_db()
    assert (dossier.pending_department, row.undone_at) == (office.room, None)
    dossier = handovers.confirm(Seen(dossier.pk), by=office.desk(office.specialist), at=later(4))
    assert (dossier.state, dossier.holder) == (State.IN_PROGRESS, office.specialist)


def test_a_request_taken_back_leaves_the_proposal_waiting_for_the_counter(office: Office) -> None:
    dossier = receive(office, make_case())
    clerk, specialist = office.desk(office.clerk), office.desk(office.specialist)
    handovers.hand_over(dossier, to=office.room, step=STEP, by=clerk, at=later(1))
    handovers.confirm(Seen(dossier.pk), by=specialist, at=later(2))
    proposal = supplements.propose(
        Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=specialist, at=later(3)
    )
    supplements.ask(
        Seen(dossier.pk),
        items=declared("A\nB"),
        reason="Thiếu",
        by=clerk,
        at=later(4),
        proposal=proposal,
    )
    taking_back.take_back(Seen(dossier.pk), by=clerk, at=later(5))
    assert [d.pk for d in Dossier.objects.proposed(clerk)] == [dossier.pk]
    again = Supplement.objects.get(dossier=dossier, issued_at=None, undone_at=None)
    assert (again.proposed_by, [line["note"] for line in again.items]) == (
        office.specialist,
        ["A"],
    )  # as it was proposed
    supplements.ask(
        Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=clerk, at=later(6), proposal=again
    )  # no second round


def test_a_recall_at_the_counter_always_gives_the_forwarding_time_back(office: Office) -> None:
    dossier = receive(office, make_case())
    clerk = office.desk(office.clerk)
    promised = dossier.forward_by
    for minute in (1, 3):
        handovers.hand_over(
            Dossier.objects.get(pk=dossier.pk),
            to=office.room,
            step=STEP,
            by=clerk,
            at=later(minute),
        )
        dossier = handovers.recall(Seen(dossier.pk), by=clerk, at=later(minute + 1))
        assert dossier.forward_by == promised


def test_a_recalled_giving_never_happened_to_the_step(office: Office) -> None:
    """The giver's step began when it did, with its own time, and a submission that was recalled is
    no submission.
    """
    dossier = receive(office, make_case())
    clerk, specialist = office.desk(office.clerk), office.desk(office.specialist)
    handovers.hand_over(dossier, to=office.room, step=STEP, by=clerk, at=later(1))
    dossier = handovers.confirm(Seen(dossier.pk), by=specialist, at=later(2))
    endings.record_result(Seen(dossier.pk), RESULT, by=specialist, at=later(3))
    approve = NextStep(order=3, name="Duyệt", minutes=60, purpose=Purpose.APPROVE)
    handovers.hand_over(
        Dossier.objects.get(pk=dossier.pk),
        to=office.leadership,
        step=approve,
        by=specialist,
        at=later(4),
    )
    handovers.recall(Seen(dossier.pk), by=specialist, at=later(5))
    row = handovers.hand_over(
        Dossier.objects.get(pk=dossier.pk),
        to=office.second_room,
        step=STEP,
        by=specialist,
        at=later(6),
    )
    assert (row.seq, row.step_from, row.step_minutes, row.step_name) == (3, later(1), 480, "Xử lý")


def test_a_line_promised_after_all_fits_its_chain_and_has_no_result(office: Office) -> None:
    case = make_case("trả ngay")
    clerk = office.desk(office.clerk)
    dossier = reception.receive_and_return(an_intake(office, case), by=clerk, at=MONDAY)
    dossier = immediate.promise_instead(Seen(dossier.pk), by=clerk, at=later(5))
    assert verify(now=later(6)).misfit is None
    assert not dossier.results.filter(replaced_at=None, undone_at=None).exists()
    handovers.hand_over(dossier, to=office.room, step=STEP, by=clerk, at=later(7))
    dossier = handovers.confirm(Seen(dossier.pk), by=office.desk(office.specialist), at=later(8))
    back = NextStep(order=3, name="Chuyển lại", purpose=Purpose.SEND_BACK)
    handovers.hand_over(
        dossier, to=office.counter, step=back, by=office.desk(office.specialist), at=later(9)
    )
    dossier = handovers.confirm(Seen(dossier.pk), by=clerk, at=later(10))
    assert dossier.state == State.IN_PROGRESS  # nothing was made yet: it does not end
    dossier = immediate.give_back_now(Seen(dossier.pk), by=clerk, at=vn("24/11/2026 09:00"))
    assert dossier.state == State.RETURNED
    assert dossier.results.get(replaced_at=None, undone_at=None).recorded_at == vn(
        "24/11/2026 09:00"
    )


def test_a_result_on_its_way_is_not_given_back_from_under_the_receiver(office: Office) -> None:
    dossier = receive(office, make_case())
    clerk, specialist = office.desk(office.clerk), office.desk(office.specialist)
    handovers.hand_over(dossier, to=office.room, step=STEP, by=clerk, at=later(1))
    handovers.confirm(Seen(dossier.pk), by=specialist, at=later(2))
    draft = ResultIn(title="Giấy xác nhận")
    endings.record_result(Seen(dossier.pk), draft, by=specialist, at=later(2))
    dossier.refresh_from_db()
    handovers.hand_over(dossier, to=office.leadership, by=specialist, at=later(2))
    leader = office.desk(office.leader)
    handovers.confirm(Seen(dossier.pk), by=leader, at=later(2))
    signed = ResultIn(number="1", issued_on=date(2026, 11, 23), signer="Tuấn", electronic=True)
    endings.record_result(Seen(dossier.pk), signed, by=leader, at=later(3), files=[("kq.pdf", PDF)])
    dossier.refresh_from_db()
    assert dossier.state == State.FINISHED
    handovers.hand_over(dossier, to=office.counter, by=leader, at=later(4))
    assert [d.pk for d in Dossier.objects.to_accept(clerk)] == [dossier.pk]
    assert count_desk(clerk, later(4))["accept"] == 1
    with pytest.raises(DomainError) as refused:
        endings.give_back(
            Seen(dossier.pk), endings.Taking(name="Ân", told=IN_PERSON), by=clerk, at=later(5)
        )
    assert refused.value.code == "already_given"
    handovers.confirm(Seen(dossier.pk), by=clerk, at=later(6))
    endings.give_back(
        Seen(dossier.pk), endings.Taking(name="Ân", told=IN_PERSON), by=clerk, at=later(7)
    )
    assert not HandOver.objects.filter(confirmed_at=None, undone_at=None).exists()


def test_a_completion_clicked_too_early_is_taken_back_with_its_clock(office: Office) -> None:
    dossier = receive(office, make_case("3 ngày làm việc"))
    clerk = office.desk(office.clerk)
    promised, forward = dossier.due_at, dossier.forward_by
    row = supplements.ask(
        Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=clerk, at=later(1)
    )
    supplements.complete(Seen(dossier.pk), by=clerk, at=vn("30/11/2026 09:00"))
    dossier = taking_back.take_back(Seen(dossier.pk), by=clerk, at=vn("30/11/2026 09:01"))
    row.refresh_from_db()
    assert (dossier.state, dossier.waiting_since, dossier.due_at, dossier.late_from) == (
        State.AWAITING_PAPERS,
        later(1),
        promised,
        None,
    )
    assert (row.completed_at, dossier.forward_by) == (None, forward)
    dossier = supplements.complete(Seen(dossier.pk), by=clerk, at=vn("01/12/2026 09:00"))
    assert dossier.due_at == vn("04/12/2026 17:00")


def test_a_result_a_proposal_and_an_apology_are_taken_back(office: Office) -> None:
    from fractions import Fraction

    from onestop.worktime import Term, Unit

    dossier = receive(office, make_case("3 ngày làm việc"))
    clerk, leader = office.desk(office.clerk), office.desk(office.leader)
    promised, late = dossier.due_at, dossier.late_from
    endings.record_result(Seen(dossier.pk), RESULT, by=clerk, at=later(1))
    first = dossier.results.get()
    endings.record_result(
        Seen(dossier.pk), ResultIn(kind=2, reason="Không đủ"), by=clerk, at=later(2)
    )  # type: ignore[arg-type]
    taking_back.take_back(Seen(dossier.pk), by=clerk, at=later(3))
    assert dossier.results.get(replaced_at=None, undone_at=None) == first
    supplements.propose(
        Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=clerk, at=later(4)
    )
    taking_back.take_back(Seen(dossier.pk), by=clerk, at=later(5))
    assert not Dossier.objects.proposed(clerk).exists()
    two_days = Term(Unit.WORKING_DAY, Fraction(2))
    re_appointment.re_appoint(
        Seen(dossier.pk), extra=two_days, reason="Chờ", by=leader, at=later(6)
    )
    with pytest.raises(DomainError):
        taking_back.take_back(Seen(dossier.pk), by=clerk, at=later(7))
    dossier = taking_back.take_back(Seen(dossier.pk), by=leader, at=later(8))
    assert (dossier.due_at, dossier.late_from) == (promised, late)
    re_appointment.re_appoint(
        Seen(dossier.pk), extra=two_days, reason="Chờ", by=leader, at=later(9)
    )  # not the second time
    assert verify(now=later(10)).misfit is None
