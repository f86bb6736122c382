"""The whole path of one dossier in the domain: received, handed over, worked, approved, finished,
returned.
"""

from datetime import date, timedelta

import pytest

from dossiers.acts import endings, handovers, supplements, taking_back
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.intake.wanted import declared
from dossiers.models import Event, HandOver, Span
from dossiers.models.handover import Purpose
from dossiers.models.outcome import Outcome
from dossiers.states import State
from onestop.accounts.models import Role
from onestop.errors import Conflict, DomainError
from onestop.outbox.models import Message
from tests.world import IN_PERSON, MONDAY, make_case, make_office, make_officer, receive, vn

pytestmark = pytest.mark.django_db


def test_seven_working_days_from_counter_to_citizen() -> None:
    office, case = make_office(), make_case("7 ngày làm việc")
    dossier = receive(office, case)
    assert dossier.code == f"{office.agency.dossier_code}-261123-0001"
    assert dossier.due_at == vn("03/12/2026 17:00")  # 24/11 is a holiday
    assert (dossier.state, dossier.holder, dossier.register_number) == (
        State.RECEIVED,
        office.clerk,
        1,
    )

    clerk, specialist, leader = (
        office.desk(o) for o in (office.clerk, office.specialist, office.leader)
    )
    step = NextStep(order=2, name="Xử lý hồ sơ", minutes=480)
    handovers.hand_over(
        dossier, to=office.room, step=step, by=clerk, at=MONDAY + timedelta(minutes=5)
    )
    dossier = handovers.confirm(Seen(dossier.pk), by=specialist, at=MONDAY + timedelta(hours=1))
    assert (dossier.state, dossier.holder, dossier.pending_department) == (
        State.IN_PROGRESS,
        office.specialist,
        None,
    )

    result = endings.ResultIn(
        number="12/GXN-UBND",
        issued_on=date(2026, 11, 26),
        signer="Hoàng Minh Tuấn",
        title="Giấy xác nhận",
    )
    endings.record_result(Seen(dossier.pk), result, by=specialist, at=vn("25/11/2026 09:00"))
    dossier.refresh_from_db()
    approve = NextStep(order=3, name="Duyệt", purpose=Purpose.APPROVE)
    handovers.hand_over(
        dossier,
        to=office.leadership,
        receiver=office.leader,
        step=approve,
        by=specialist,
        at=vn("25/11/2026 09:05"),
    )
    dossier = handovers.confirm(Seen(dossier.pk), by=leader, at=vn("25/11/2026 10:00"))
    back = NextStep(order=4, name="Trả", purpose=Purpose.RETURN)
    handovers.hand_over(dossier, to=office.counter, step=back, by=leader, at=vn("26/11/2026 10:00"))
    dossier = handovers.confirm(Seen(dossier.pk), by=clerk, at=vn("26/11/2026 10:30"))
    assert (dossier.state, dossier.verdict, dossier.ended_at) == (
        State.FINISHED,
        Outcome.EARLY,
        vn("26/11/2026 10:30"),
    )

    endings.give_back(
        Seen(dossier.pk),
        endings.Taking(name="Nguyễn Văn Ân", told=IN_PERSON),
        by=clerk,
        at=vn("27/11/2026 08:00"),
    )
    dossier.refresh_from_db()
    assert dossier.state == State.RETURNED
    assert [h.outcome for h in HandOver.objects.filter(dossier=dossier)] == [
        Outcome.ON_TIME,
        Outcome.ON_TIME,
        None,
    ]
    kinds = list(Event.objects.filter(dossier=dossier).values_list("kind", flat=True))
    assert kinds == [
        "receive", "hand_over", "confirm", "take_up", "record_result", "hand_over", "confirm", "hand_over", "confirm", "finish", "give_back",
    ]  # fmt: skip
    assert [s.group for s in Span.objects.filter(dossier=dossier).order_by("id")] == [
        Span.Group.WORKING,
        Span.Group.ENDED,
    ]


def test_a_stale_page_gets_a_conflict_and_changes_nothing() -> None:
    office, case = make_office(), make_case()
    dossier = receive(office, case)
    seen = Seen(dossier.pk, dossier.row_version)
    clerk = office.desk(office.clerk)
    _, (first,) = handovers.hand_over_many(
        [seen], to=office.room, receiver=None, step=None, by=clerk, at=MONDAY
    )
    _, (second,) = handovers.hand_over_many(
        [seen], to=office.second_room, receiver=None, step=None, by=clerk, at=MONDAY
    )
    assert first.error is None
    assert isinstance(second.error, Conflict)
    assert HandOver.objects.filter(dossier=dossier).count() == 1


def test_completion_restarts_the_term_and_keeps_both_promises() -> None:
    office, case = make_office(), make_case("3 ngày làm việc")
    dossier = receive(office, case)
    clerk = office.desk(office.clerk)
    row = supplements.ask(
        Seen(dossier.pk),
        items=declared("Họ tên người mẹ"),
        reason="Thiếu",
        by=clerk,
        at=vn("25/11/2026 09:00"),
    )
    dossier.refresh_from_db()
    assert (dossier.state, dossier.late_from) == (State.AWAITING_PAPERS, None)
    dossier = supplements.complete(Seen(dossier.pk), by=clerk, at=vn("30/11/2026 09:00"))
    assert dossier.due_at == vn("03/12/2026 17:00")
    assert dossier.first_due_at == vn("27/11/2026 17:00")
    row.refresh_from_db()
    assert row.change is not None
    assert (row.change.due_before, row.change.due_after) == (
        vn("27/11/2026 17:00"),
        vn("03/12/2026 17:00"),
    )


def test_a_second_request_needs_an_approver() -> None:
    office, case = make_office(), make_case("20 ngày làm việc")
    dossier = receive(office, case)
    clerk = office.desk(office.clerk)
    supplements.ask(Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=clerk, at=MONDAY)
    supplements.complete(Seen(dossier.pk), by=clerk, at=vn("23/11/2026 10:00"))
    with pytest.raises(DomainError) as refused:
        supplements.ask(
            Seen(dossier.pk),
            items=declared("B"),
            reason="Thiếu nữa",
            by=clerk,
            at=vn("23/11/2026 11:00"),
        )
    assert refused.value.code == "second_supplement"


def test_take_back_only_ones_own_last_act() -> None:
    office, case = make_office(), make_case()
    dossier = receive(office, case)
    clerk = office.desk(office.clerk)
    supplements.ask(Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=clerk, at=MONDAY)
    dossier = taking_back.take_back(Seen(dossier.pk), by=clerk, at=MONDAY + timedelta(minutes=3))
    assert (dossier.state, dossier.waiting_since, dossier.due_at) == (
        State.RECEIVED,
        None,
        vn("03/12/2026 17:00"),
    )
    with pytest.raises(DomainError):
        taking_back.take_back(Seen(dossier.pk), by=clerk, at=MONDAY)


def test_a_year_without_calendar_is_received_and_the_administrator_told() -> None:
    office, case = make_office(), make_case("5 ngày làm việc")
    administrator = make_officer("Vũ Thị Mai", office.agency, (Role.ADMINISTRATOR, None))
    for _ in range(2):
        dossier = receive(office, case, at=vn("30/12/2027 09:00"))
        assert (dossier.undetermined, dossier.due_at, dossier.state) == (True, None, State.RECEIVED)
    notice = Message.objects.get(to_officer=administrator)
    assert "lịch làm việc" in notice.body


@pytest.mark.parametrize(
    ("asked", "verdict"), [("25/11/2026 09:00", Outcome.EARLY), ("01/12/2026 09:00", Outcome.LATE)]
)
def test_ended_while_waiting_is_judged_by_what_was_left_when_it_was_asked(
    asked: str, verdict: Outcome
) -> None:
    office, case = make_office(), make_case("3 ngày làm việc")  # promised 27/11
    dossier = receive(office, case)
    clerk = office.desk(office.clerk)
    late = {"approver": office.head, "legal_basis": "Điều 19"} if asked.startswith("01/12") else {}
    supplements.ask(
        Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=clerk, at=vn(asked), **late
    )
    endings.withdraw(
        Seen(dossier.pk),
        endings.EndingIn(requested_by="", reason="Không cần nữa"),
        by=clerk,
        at=vn("10/12/2026 09:00"),
    )
    dossier.refresh_from_db()
    assert (dossier.state, dossier.verdict) == (State.WITHDRAWN, verdict)
    dossier = taking_back.take_back(Seen(dossier.pk), by=clerk, at=vn("10/12/2026 09:05"))
    assert (dossier.state, dossier.verdict, dossier.waiting_since) == (
        State.AWAITING_PAPERS,
        None,
        vn(asked),
    )
