"""Whoever approves says yes, or sends back with the reason; nothing without a result is submitted."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from dossiers.acts import approval, endings, handovers, taking_back
from dossiers.acts.endings import ResultIn
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.desk.timeline import control_sheet, events_of, hand_overs_of, timeline
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Event, HandOver, Result, Slip
from dossiers.models.handover import Purpose
from dossiers.states import State
from onestop.accounts.models import Department, DepartmentKind, Officer, Role
from onestop.errors import DomainError
from procedures.models import InternalProcess, Step, StepRole
from tests.world import MONDAY, Office, make_case, make_office, make_officer, receive

pytestmark = pytest.mark.django_db
GRANTED = ResultIn(number="12/GXN", issued_on=date(2026, 11, 23), signer="Hoàng Minh Tuấn")
REFUSED = ResultIn(kind=Result.Kind.REFUSED, reason="Đất đang có tranh chấp")
WHY = "Số chứng minh trong giấy xác nhận chưa đúng"


def later(minutes: int) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


@pytest.fixture
def office() -> Office:
    return make_office()


def fresh(dossier: Dossier) -> Dossier:
    return Dossier.objects.select_related("version__procedure", "case", "agency").get(pk=dossier.pk)


def give(office: Office, dossier: Dossier, giver: Officer, to: Department, **more: Any) -> None:
    handovers.hand_over(
        fresh(dossier), to=to, by=office.desk(giver), at=later(dossier.event_seq), **more
    )


def in_room(office: Office) -> Dossier:
    dossier = receive(office, make_case())
    give(office, dossier, office.clerk, office.room, receiver=office.specialist)
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.specialist), at=later(5))
    return fresh(dossier)


def write(office: Office, dossier: Dossier, data: ResultIn = GRANTED, minutes: int = 10) -> Result:
    desk = office.desk(office.specialist)
    return endings.record_result(Seen(dossier.pk), data, by=desk, at=later(minutes))


def submitted(office: Office, data: ResultIn = GRANTED) -> Dossier:
    """With its result on the way to the leader, who has not received it."""
    dossier = in_room(office)
    write(office, dossier, data)
    give(office, dossier, office.specialist, office.leadership, receiver=office.leader)
    return fresh(dossier)


def approve(office: Office, dossier: Dossier, minutes: int = 60) -> Dossier:
    return approval.approve(Seen(dossier.pk), by=office.desk(office.leader), at=later(minutes))


def send_back(office: Office, dossier: Dossier, minutes: int = 60) -> Dossier:
    return approval.send_back(
        Seen(dossier.pk), reason=WHY, by=office.desk(office.leader), at=later(minutes)
    )


def refused(act: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(DomainError) as error:
        act()
    return error.value.code, error.value.field


def slips(dossier: Dossier) -> list[Slip]:
    return list(Slip.objects.standing().filter(dossier=dossier, slug="tu-choi"))


def test_one_press_receives_approves_and_gives_to_the_counter(office: Office) -> None:
    dossier = submitted(office)
    after = approve(office, dossier)
    assert (after.pending_department, after.holder) == (office.counter, office.leader)
    kinds = Event.objects.filter(dossier=dossier).order_by("-seq").values_list("kind", flat=True)
    assert list(kinds[:2]) == ["approve", "confirm"]
    ended = handovers.confirm(Seen(dossier.pk), by=office.desk(office.clerk), at=later(70))
    assert ended.state == State.FINISHED
    assert control_sheet(fresh(dossier))[-1].giver == "Hoàng Minh Tuấn (lãnh đạo)"
    assert verify(now=later(99)).misfit is None


def test_what_was_received_before_is_approved_as_well(office: Office) -> None:
    dossier = submitted(office)
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.leader), at=later(50))
    assert approve(office, dossier).pending_department == office.counter


def test_taken_back_it_waits_for_the_approval_again(office: Office) -> None:
    dossier = submitted(office)
    before = {c.attname: getattr(dossier, c.attname) for c in Dossier._meta.concrete_fields}
    approve(office, dossier)
    taking_back.take_back(Seen(dossier.pk), by=office.desk(office.leader), at=later(61))
    after = fresh(dossier)
    moved = {name for name, value in before.items() if getattr(after, name) != value}
    assert moved <= {"row_version", "event_seq", "event_hash"}
    assert approve(office, dossier, 62).pending_department == office.counter
    assert verify(now=later(99)).misfit is None


def test_recalled_it_lies_with_who_approves(office: Office) -> None:
    dossier = submitted(office)
    approve(office, dossier)
    desk = office.desk(office.leader)
    after = handovers.recall(Seen(dossier.pk), by=desk, at=later(61))
    assert (after.holder, after.pending_department) == (office.leader, None)
    told = timeline(events_of(after), {"hand_overs": {r.pk: r for r in hand_overs_of(after)}})
    assert "Đã thu hồi" in told[1].lines
    taking_back.take_back(Seen(dossier.pk), by=desk, at=later(62))  # the confirmation, then
    assert fresh(dossier).pending_department == office.leadership


@pytest.mark.parametrize("what", ["nothing", "own work", "not submitted", "a stranger"])
def test_what_is_not_approved(office: Office, what: str) -> None:
    """One rule at every door (ADR 9)."""
    if what == "nothing":
        dossier = receive(office, make_case())
        give(office, dossier, office.clerk, office.leadership, receiver=office.leader)
        assert refused(lambda: approve(office, dossier))[0] == "result_to_approve"
    elif what == "own work":
        both = make_officer(
            "Một Người",
            office.agency,
            (Role.SPECIALIST, office.room),
            (Role.LEADER, office.leadership),
        )
        dossier = receive(office, make_case())
        give(office, dossier, office.clerk, office.room, receiver=both)
        desk = office.desk(both)
        handovers.confirm(Seen(dossier.pk), by=desk, at=later(5))
        endings.record_result(Seen(dossier.pk), GRANTED, by=desk, at=later(6))
        give(office, dossier, both, office.leadership, receiver=both)
        mine = Seen(dossier.pk)
        assert refused(lambda: approval.approve(mine, by=desk, at=later(9)))[0] == "own_work"
    elif what == "not submitted":
        dossier = in_room(office)
        write(office, dossier)
        head = office.desk(office.head)
        mine = Seen(dossier.pk)
        assert refused(lambda: approval.approve(mine, by=head, at=later(20)))[0] == "not_submitted"
    else:
        dossier = submitted(office)
        desk = office.desk(office.specialist)
        mine = Seen(dossier.pk)
        assert refused(lambda: approval.approve(mine, by=desk, at=later(20)))[0] == "role_missing"
    assert not Event.objects.filter(kind="approve").exists()


@pytest.mark.parametrize("step", [None, NextStep(name="Duyệt giúp", purpose=Purpose.APPROVE)])
def test_without_a_result_nothing_is_sent_for_approving_it(
    office: Office, step: NextStep | None
) -> None:
    dossier = in_room(office)
    assert refused(
        lambda: give(office, dossier, office.specialist, office.leadership, step=step)
    ) == ("result_to_approve", "to")
    write(office, dossier)
    give(office, dossier, office.specialist, office.leadership, step=step)


def test_what_the_leader_shares_out_needs_no_result(office: Office) -> None:
    dossier = receive(office, make_case())
    give(office, dossier, office.clerk, office.leadership, receiver=office.leader)
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.leader), at=later(3))
    give(office, dossier, office.leader, office.room)
    assert HandOver.objects.latest("seq").purpose == Purpose.HANDLE


def test_sent_back_it_lies_with_who_submitted_before_the_approval(office: Office) -> None:
    dossier = submitted(office)
    after = send_back(office, dossier)
    assert (after.pending_department, after.pending_officer) == (office.room, office.specialist)
    row = HandOver.objects.latest("seq")
    assert (row.purpose, row.note, row.next_step_order) == (Purpose.SEND_BACK, WHY, 2)
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.specialist), at=later(70))
    assert control_sheet(fresh(dossier))[-1].note == WHY
    # what was approved of it before is not approved any more: it goes the same way again
    assert refused(lambda: give(office, dossier, office.specialist, office.counter)) == (
        "step_skipped",
        "note",
    )
    give(office, dossier, office.specialist, office.leadership, receiver=office.leader)
    assert approve(office, dossier, 90).pending_department == office.counter


def test_it_goes_back_past_the_head_who_only_passed_it_up(office: Office) -> None:
    dossier = submitted(office)
    taking_back_row = HandOver.objects.latest("seq")
    handovers.recall(Seen(dossier.pk), by=office.desk(office.specialist), at=later(20))
    up = NextStep(name="Trình trưởng phòng", purpose=Purpose.APPROVE)
    give(office, dossier, office.specialist, office.room, receiver=office.head, step=up)
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.head), at=later(30))
    give(office, dossier, office.head, office.leadership, receiver=office.leader)
    assert send_back(office, dossier).pending_officer == office.specialist
    assert HandOver.objects.get(pk=taking_back_row.pk).undone_at == later(20)


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_sending_back_says_why_at_both_doors(office: Office, reason: str) -> None:
    dossier = submitted(office)
    desk, mine = office.desk(office.leader), Seen(dossier.pk)
    assert refused(lambda: approval.send_back(mine, reason=reason, by=desk, at=later(60))) == (
        "send_back_reason",
        "reason",
    )
    handovers.confirm(mine, by=desk, at=later(61))
    assert refused(lambda: give(office, dossier, office.leader, office.room, note=reason)) == (
        "send_back_reason",
        "note",
    )


def test_of_many_each_goes_its_way_in_one_list(office: Office) -> None:
    """One batch, one printed list, for what goes to the same desk; what cannot be is named."""
    two, bare = [submitted(office) for _ in range(2)], in_room(office)
    desk = office.desk(office.leader)
    asked = [Seen(d.pk) for d in (*two, bare)]
    press = uuid4()
    done = approval.approve_many(asked, by=desk, at=later(60), press=press)
    assert [one.error.code if one.error else "" for one in done] == ["", "", "not_holder"]
    batches = HandOver.objects.filter(giver=office.leader).values_list("batch", flat=True)
    assert len(set(batches)) == 1
    back = taking_back.take_back_press(press, by=desk, at=later(61))
    assert [one.error for one in back] == [None, None]
    assert all(fresh(d).pending_department == office.leadership for d in two)


def test_a_desk_the_office_has_not_is_left_out_an_approval_never(office: Office) -> None:
    dossier = submitted(office)
    roles = (StepRole.COUNTER, StepRole.SPECIALIST, StepRole.LEADER, StepRole.DOCUMENTS)
    process = InternalProcess.objects.create(
        procedure_code=dossier.version.procedure.code, decision="9/QĐ-UBND", level="Cấp xã"
    )
    for order, role in enumerate((*roles, StepRole.COUNTER), start=1):
        Step.objects.create(process=process, order=order, role=role, task=role.label)
    assert approve(office, dossier).pending_department == office.counter
    taking_back.take_back(Seen(dossier.pk), by=office.desk(office.leader), at=later(61))
    stamps = Department.objects.create(
        agency=office.agency, name="Văn thư", kind=DepartmentKind.CLERICAL
    )
    assert approve(office, dossier, 62).pending_department == stamps


# --- a refusal after appraisal (R-65) ---------------------------------------------------------------


def test_a_refusal_is_printed_once_it_is_approved(office: Office) -> None:
    """R-65: under the leader's name, not the specialist's."""
    dossier = submitted(office, REFUSED)
    assert slips(dossier) == []
    approve(office, dossier)
    (slip,) = slips(dossier)
    assert slip.snapshot["form"]["title"] == "PHIẾU TỪ CHỐI GIẢI QUYẾT HỒ SƠ"
    assert slip.snapshot["signed"]["name"] == "Hoàng Minh Tuấn"
    ended = handovers.confirm(Seen(dossier.pk), by=office.desk(office.clerk), at=later(70))
    assert (ended.state, slips(dossier)) == (State.FINISHED, [slip])
    assert verify(now=later(99)).misfit is None


@pytest.mark.parametrize("how", ["recalled", "taken back"])
def test_a_refusal_whose_approval_is_undone_is_no_paper_any_more(office: Office, how: str) -> None:
    dossier = submitted(office, REFUSED)
    approve(office, dossier)
    undo = handovers.recall if how == "recalled" else taking_back.take_back
    undo(Seen(dossier.pk), by=office.desk(office.leader), at=later(61))
    assert slips(dossier) == []
    approve(office, dossier, 62)
    assert len(slips(dossier)) == 1
    assert verify(now=later(99)).misfit is None


def test_a_recalled_giving_takes_back_its_own_paper_alone(office: Office) -> None:
    """What the same officer made by another act of the same instant stays."""
    dossier = submitted(office)
    desk, at = office.desk(office.leader), later(50)
    handovers.confirm(Seen(dossier.pk), by=desk, at=at)
    endings.record_result(Seen(dossier.pk), REFUSED, by=desk, at=at)
    (slip,) = slips(dossier)
    approval.approve(Seen(dossier.pk), by=desk, at=at)
    handovers.recall(Seen(dossier.pk), by=desk, at=at)
    assert slips(dossier) == [slip]


def test_a_refusal_written_anew_in_the_same_instant_gets_its_own_paper(office: Office) -> None:
    """The slip of an earlier refusal tells an earlier reason, however close they were."""
    dossier = submitted(office)
    desk, at = office.desk(office.leader), later(50)
    handovers.confirm(Seen(dossier.pk), by=desk, at=at)
    endings.record_result(Seen(dossier.pk), REFUSED, by=desk, at=at)
    again = ResultIn(kind=Result.Kind.REFUSED, reason="Lý do khác")
    give(office, dossier, office.leader, office.room, note="Viết lại", receiver=office.specialist)
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.specialist), at=at)
    endings.record_result(Seen(dossier.pk), again, by=office.desk(office.specialist), at=at)
    give(office, dossier, office.specialist, office.counter, note="Chủ tịch ký trên giấy")
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.clerk), at=at)
    reasons = {slip.snapshot["reason"] for slip in slips(dossier)}
    assert reasons == {"Đất đang có tranh chấp", "Lý do khác"}


def test_a_refusal_given_on_by_the_form_is_printed_as_well(office: Office) -> None:
    dossier = submitted(office, REFUSED)
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.leader), at=later(50))
    give(office, dossier, office.leader, office.counter)
    assert len(slips(dossier)) == 1


def test_a_refusal_that_was_not_approved_is_printed_at_its_end_alone(office: Office) -> None:
    """Signed elsewhere, on paper: the note says so, and the end makes the slip."""
    dossier = in_room(office)
    write(office, dossier, REFUSED)
    give(office, dossier, office.specialist, office.counter, note="Chủ tịch ký trên giấy")
    assert slips(dossier) == []
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.clerk), at=later(70))
    assert len(slips(dossier)) == 1


def test_what_the_leader_writes_needs_nobody_else(office: Office) -> None:
    dossier = submitted(office)
    desk = office.desk(office.leader)
    handovers.confirm(Seen(dossier.pk), by=desk, at=later(50))
    endings.record_result(Seen(dossier.pk), REFUSED, by=desk, at=later(51))
    assert len(slips(dossier)) == 1
    approve(office, dossier)
    assert len(slips(dossier)) == 1
