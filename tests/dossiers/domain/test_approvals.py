"""What the internal process wants approved is approved before a dossier ends, by somebody else than
who prepared it, or it says why not.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from dossiers.acts import endings, handovers, immediate, reception
from dossiers.acts.endings import ResultIn
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.desk.timeline import control_sheet, events_of, hand_overs_of, timeline
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Event, HandOver, OfficeSettings, Result
from dossiers.models.handover import Purpose
from dossiers.models.outcome import Outcome
from dossiers.route import route_of
from dossiers.states import State
from onestop.accounts.models import Department, DepartmentKind, Officer, Role
from onestop.errors import DomainError
from procedures.models import InternalProcess, Step, StepRole
from tests.samples import PDF
from tests.world import MONDAY, Office, an_intake, make_case, make_office, make_officer, receive, vn

pytestmark = pytest.mark.django_db
RESULT = ResultIn(number="12/GXN", issued_on=date(2026, 11, 24), signer="Hoàng Minh Tuấn")
SIGNED = ResultIn(
    number="12/GXN", issued_on=date(2026, 11, 24), signer="Hoàng Minh Tuấn", electronic=True
)
FILE = [("ket-qua.pdf", PDF)]
DRAFT = ResultIn(title="Giấy xác nhận")
DECISION = "12/QĐ-UBND ngày 05/01/2026"
SEVEN = (
    StepRole.COUNTER,
    StepRole.HEAD,
    StepRole.SPECIALIST,
    StepRole.HEAD,
    StepRole.LEADER,
    StepRole.DOCUMENTS,
    StepRole.COUNTER,
)


def later(minutes: int) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


@pytest.fixture
def office() -> Office:
    return make_office()


def fresh(dossier: Dossier) -> Dossier:
    return Dossier.objects.select_related(
        "version__procedure", "case", "agency", "holder_department"
    ).get(pk=dossier.pk)


def give(
    office: Office,
    dossier: Dossier,
    giver: Officer,
    to: Department,
    receiver: Officer | None = None,
    **more: Any,
) -> Dossier:
    """Given, and confirmed by the receiver named."""
    at = later(dossier.event_seq)
    handovers.hand_over(
        fresh(dossier), to=to, receiver=receiver, by=office.desk(giver), at=at, **more
    )
    if receiver is not None and receiver != giver:
        handovers.confirm(Seen(dossier.pk), by=office.desk(receiver), at=at)
    return fresh(dossier)


def at_room(
    office: Office, officer: Officer | None = None, *, term: str = "7 ngày làm việc"
) -> Dossier:
    return give(
        office,
        receive(office, make_case(term)),
        office.clerk,
        office.room,
        officer or office.specialist,
    )


def write(office: Office, dossier: Dossier, officer: Officer, data: ResultIn = RESULT) -> Dossier:
    files = FILE if data.electronic else ()
    endings.record_result(
        Seen(dossier.pk),
        data,
        by=office.desk(officer),
        at=later(fresh(dossier).event_seq),
        files=files,
    )
    return fresh(dossier)


def refused(act: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(DomainError) as error:
        act()
    return error.value.code, error.value.field


def process_of(dossier: Dossier, roles: tuple[StepRole, ...]) -> None:
    process = InternalProcess.objects.create(
        procedure_code=dossier.version.procedure.code, decision="99/QĐ-UBND", level="Cấp xã"
    )
    for order, role in enumerate(roles, start=1):
        Step.objects.create(
            process=process, order=order, role=role, task=f"Bước {order}: {role.label}"
        )


# --- a signed electronic result -------------------------------------------------------------------


def test_one_officer_alone_does_not_end_a_dossier_with_a_file(office: Office) -> None:
    dossier = at_room(office)
    before = dossier.row_version
    assert refused(lambda: write(office, dossier, office.specialist, SIGNED)) == (
        "not_approved",
        "electronic",
    )
    assert (fresh(dossier).row_version, Result.objects.count()) == (
        before,
        0,
    )  # nothing is half-saved


def test_the_leader_it_was_submitted_to_signs_and_so_ends_it(office: Office) -> None:
    dossier = write(office, at_room(office), office.specialist)
    dossier = give(office, dossier, office.specialist, office.leadership, office.leader)
    assert write(office, dossier, office.leader, SIGNED).state == State.FINISHED
    assert verify(now=later(500)).misfit is None


def test_who_submits_to_himself_does_not_sign_his_own_work(office: Office) -> None:
    """Neither giving on nor a signed file: one rule."""
    both = make_officer(
        "Một Người", office.agency, (Role.SPECIALIST, office.room), (Role.LEADER, office.leadership)
    )
    dossier = write(office, at_room(office, both), both, DRAFT)
    dossier = give(office, dossier, both, office.leadership, both)
    assert refused(lambda: write(office, dossier, both, SIGNED))[0] == "own_work"
    assert (
        refused(lambda: give(office, write(office, dossier, both), both, office.counter))[0]
        == "own_work"
    )
    OfficeSettings.objects.create(agency=office.agency, self_approval_decision=DECISION)
    assert write(office, fresh(dossier), both, SIGNED).state == State.FINISHED


@pytest.mark.parametrize("decision", ["", DECISION])
def test_a_leader_who_handled_it_needs_a_decision_to_end_it(office: Office, decision: str) -> None:
    OfficeSettings.objects.create(agency=office.agency, self_approval_decision=decision)
    both = make_officer(
        "Một Người", office.agency, (Role.SPECIALIST, office.room), (Role.LEADER, office.leadership)
    )
    dossier = at_room(office, both)
    if decision:
        assert write(office, dossier, both, SIGNED).state == State.FINISHED
    else:
        assert refused(lambda: write(office, dossier, both, SIGNED)) == ("own_work", "electronic")


def test_what_was_approved_on_paper_is_written_down_signed_by_the_room(office: Office) -> None:
    """The leader gives it to the room to issue: approved; to mend: not."""
    issue, mend = (
        NextStep(name="Phát hành"),
        NextStep(name="Sửa dự thảo", purpose=Purpose.SEND_BACK),
    )
    for step, state in ((issue, State.FINISHED), (mend, State.IN_PROGRESS)):
        dossier = write(office, at_room(office), office.specialist, DRAFT)
        dossier = give(office, dossier, office.specialist, office.leadership, office.leader)
        dossier = give(
            office,
            dossier,
            office.leader,
            office.room,
            office.specialist,
            step=step,
            note="Theo ý kiến",
        )
        if step is mend:
            assert (
                refused(lambda at=dossier: write(office, at, office.specialist, SIGNED))[0]
                == "not_approved"
            )
        else:
            write(office, dossier, office.specialist, replace(SIGNED, title=DRAFT.title))
        assert fresh(dossier).state == state


def test_what_is_given_back_to_its_room_by_the_process_is_not_approved(office: Office) -> None:
    """The form's first choice must never be an approval by accident."""
    dossier = write(office, at_room(office), office.specialist, DRAFT)
    dossier = give(office, dossier, office.specialist, office.leadership, office.leader)
    why = {"note": "Sai tên"}
    dossier = give(office, dossier, office.leader, office.room, office.specialist, **why)
    assert HandOver.objects.latest("seq").purpose == Purpose.SEND_BACK
    assert dossier.step_order == 2
    assert route_of(dossier).next.purpose == Purpose.APPROVE  # the true next step, again


def test_a_result_replaced_after_the_approval_was_not_approved(office: Office) -> None:
    dossier = write(office, at_room(office), office.specialist)
    dossier = give(office, dossier, office.specialist, office.leadership, office.leader)
    dossier = give(
        office,
        dossier,
        office.leader,
        office.room,
        office.specialist,
        step=NextStep(name="Phát hành"),
        note="Đã ký",
    )
    other = ResultIn(
        number="99/GXN", issued_on=date(2026, 11, 25), signer="Hoàng Minh Tuấn", electronic=True
    )
    at = vn("24/11/2026 09:00")
    assert refused(
        lambda: endings.record_result(
            Seen(dossier.pk), other, by=office.desk(office.specialist), at=at, files=FILE
        )
    )[0] == ("not_approved")
    plain = ResultIn(number="99/GXN", issued_on=date(2026, 11, 25), signer="Hoàng Minh Tuấn")
    endings.record_result(Seen(dossier.pk), plain, by=office.desk(office.specialist), at=at)
    home = {"to": office.counter, "by": office.desk(office.specialist), "at": at}
    assert refused(lambda: handovers.hand_over(fresh(dossier), **home)) == ("step_skipped", "note")


def test_what_the_clerical_desk_stamps_after_the_approval_stays_approved(office: Office) -> None:
    room = Department.objects.create(
        agency=office.agency, name="Văn thư", kind=DepartmentKind.CLERICAL
    )
    stamper = make_officer("Đào Thị Thư", office.agency, (Role.DOCUMENTS, room))
    dossier = write(office, at_room(office), office.specialist)
    dossier = give(office, dossier, office.specialist, office.leadership, office.leader)
    dossier = give(office, dossier, office.leader, room, stamper)
    assert write(office, dossier, stamper, SIGNED).state == State.FINISHED


# --- steps that are passed over -------------------------------------------------------------------


def test_past_the_approval_only_with_a_note_that_the_control_sheet_shows(office: Office) -> None:
    dossier = write(office, at_room(office), office.specialist)
    assert refused(lambda: give(office, dossier, office.specialist, office.counter)) == (
        "step_skipped",
        "note",
    )
    assert not HandOver.objects.filter(dossier=dossier, receiver_department=office.counter).exists()
    dossier = give(
        office,
        dossier,
        office.specialist,
        office.counter,
        office.clerk,
        note="Lãnh đạo ký trên giấy",
    )
    assert dossier.state == State.FINISHED
    assert control_sheet(dossier)[-1].note == "Lãnh đạo ký trên giấy"
    said = [
        line
        for entry in timeline(
            events_of(dossier), {"hand_overs": {row.pk: row for row in hand_overs_of(dossier)}}
        )
        for line in entry.lines
    ]
    assert {"Ghi chú: Lãnh đạo ký trên giấy", "Bỏ qua bước “Duyệt kết quả”"} <= set(said)
    assert verify(now=later(500)).misfit is None


def test_work_in_free_words_does_not_move_the_process_past_its_approval(office: Office) -> None:
    """Another room's opinion, whatever it is called: the approval is still the next step."""
    dossier = at_room(office)
    opinion = NextStep(name="Xin ý kiến", purpose=Purpose.HANDLE)
    dossier = give(
        office,
        dossier,
        office.specialist,
        office.second_room,
        office.second_specialist,
        step=opinion,
        note="Liên ngành",
    )
    assert (dossier.step_order, route_of(dossier).next.purpose) == (2, Purpose.APPROVE)
    write(office, dossier, office.second_specialist)
    by_the_way = NextStep(name="Chuyển", purpose=Purpose.SEND_BACK)
    assert (
        refused(
            lambda: give(office, dossier, office.second_specialist, office.counter, step=by_the_way)
        )[0]
        == "step_skipped"
    )


def test_every_step_of_a_real_process_in_turn(office: Office) -> None:
    """The head shares out, the specialist handles, the head looks at it, the leader approves: no
    note; without the head, one.
    """
    dossier = receive(office, make_case())
    process_of(dossier, SEVEN)
    way = (
        (office.clerk, office.room, office.head, 2, Purpose.HANDLE),
        (office.head, office.room, office.specialist, 3, Purpose.HANDLE),
        (office.specialist, office.room, office.head, 4, Purpose.APPROVE),
        (office.head, office.leadership, office.leader, 5, Purpose.APPROVE),
    )
    for giver, to, receiver, order, purpose in way:
        if purpose == Purpose.APPROVE and giver == office.specialist:
            dossier = write(office, dossier, giver, DRAFT)
        dossier = give(office, dossier, giver, to, receiver)
        assert (dossier.step_order, HandOver.objects.latest("seq").purpose) == (order, purpose)
    why = {"note": "Sai tên"}
    back = give(office, dossier, office.leader, office.room, office.specialist, **why)
    assert back.step_order == 3
    assert refused(
        lambda: give(office, back, office.specialist, office.leadership, office.leader)
    ) == ("step_skipped", "note")
    at_leader = give(
        office,
        back,
        office.specialist,
        office.leadership,
        office.leader,
        note="Trưởng phòng đi vắng, đã ký nháy",
    )
    home = give(
        office, write(office, at_leader, office.leader), office.leader, office.counter, office.clerk
    )  # no văn thư here: no note
    assert (home.step_order, home.state) == (7, State.FINISHED)


def test_the_head_does_not_stand_for_the_leader(office: Office) -> None:
    dossier = write(office, at_room(office), office.specialist)
    dossier = give(office, dossier, office.specialist, office.room, office.head)
    assert HandOver.objects.latest("seq").purpose == Purpose.APPROVE
    assert refused(lambda: write(office, dossier, office.head, SIGNED))[0] == "not_approved"
    assert refused(lambda: give(office, dossier, office.head, office.counter))[0] == "step_skipped"


def test_where_the_process_ends_with_the_head_the_head_approves(office: Office) -> None:
    dossier = at_room(office)
    process_of(dossier, (StepRole.COUNTER, StepRole.SPECIALIST, StepRole.HEAD, StepRole.COUNTER))
    assert refused(lambda: write(office, dossier, office.specialist, SIGNED))[0] == "not_approved"
    dossier = write(office, dossier, office.specialist, DRAFT)
    dossier = give(office, dossier, office.specialist, office.room, office.head)
    assert write(office, dossier, office.head, SIGNED).state == State.FINISHED


def test_a_process_without_an_approval_asks_for_none(office: Office) -> None:
    dossier = at_room(office)
    process_of(dossier, (StepRole.COUNTER, StepRole.SPECIALIST, StepRole.COUNTER))
    assert write(office, dossier, office.specialist, SIGNED).state == State.FINISHED


# --- the counter ----------------------------------------------------------------------------------


def test_a_clerk_alone_ends_only_with_a_note(office: Office) -> None:
    """Received, result, finish, return: a result brought from elsewhere says so; the note travels
    as a hand-over to oneself.
    """
    dossier = write(office, receive(office, make_case()), office.clerk)
    clerk = office.desk(office.clerk)
    assert refused(lambda: endings.finish(Seen(dossier.pk), by=clerk, at=later(30))) == (
        "approval_missing",
        "note",
    )
    assert fresh(dossier).state == State.RECEIVED
    after = endings.finish(
        Seen(dossier.pk), by=clerk, at=later(30), note="Sở Nội vụ ký, chuyển về 25/11"
    )
    assert (after.state, after.holder, after.pending_department) == (
        State.FINISHED,
        office.clerk,
        None,
    )
    (block,) = control_sheet(after)
    assert (block.giver, block.receiver, block.note) == (
        "Trần Thị Thu Hà (công chức tiếp nhận)", "Trần Thị Thu Hà (công chức tiếp nhận)", "Sở Nội vụ ký, chuyển về 25/11",
    )  # fmt: skip
    kinds = list(
        Event.objects.filter(dossier=dossier).order_by("seq").values_list("kind", flat=True)
    )
    assert kinds == ["receive", "record_result", "hand_over", "confirm", "finish"]
    assert verify(now=later(500)).misfit is None


def test_what_was_approved_as_a_draft_ends_without_a_note_once_it_is_numbered(
    office: Office,
) -> None:
    dossier = write(office, at_room(office), office.specialist, DRAFT)
    dossier = give(office, dossier, office.specialist, office.leadership, office.leader)
    dossier = give(office, dossier, office.leader, office.counter, office.clerk)
    assert dossier.state == State.IN_PROGRESS  # nothing is signed yet
    clerk, mine = office.desk(office.clerk), Seen(dossier.pk)
    assert refused(lambda: endings.finish(mine, by=clerk, at=later(80)))[0] == "result_is_draft"
    write(office, dossier, office.clerk, replace(RESULT, title=DRAFT.title))
    assert (
        endings.finish(Seen(dossier.pk), by=office.desk(office.clerk), at=later(90)).state
        == State.FINISHED
    )


@pytest.mark.parametrize("decision", ["", DECISION])
def test_a_clerk_who_leads_too_ends_it_where_a_decision_lets_him(
    office: Office, decision: str
) -> None:
    OfficeSettings.objects.create(agency=office.agency, self_approval_decision=decision)
    both = make_officer(
        "Năm Vai", office.agency, (Role.CLERK, office.counter), (Role.LEADER, office.leadership)
    )
    dossier = give(office, receive(office, make_case()), office.clerk, office.counter, both)
    write(office, dossier, both)
    finish = lambda: endings.finish(Seen(dossier.pk), by=office.desk(both), at=later(30))  # noqa: E731
    if decision:
        assert finish().state == State.FINISHED
    else:
        assert refused(finish)[0] == "approval_missing"


def test_what_is_given_back_at_once_needs_no_approval_and_nothing_else_goes_that_way(
    office: Office,
) -> None:
    clerk = office.desk(office.clerk)
    case = make_case("trả ngay")
    assert (
        reception.receive_and_return(an_intake(office, case), by=clerk, at=MONDAY).state
        == State.RETURNED
    )
    promised = write(office, receive(office, case), office.clerk)
    assert endings.finish(Seen(promised.pk), by=clerk, at=later(30)).state == State.FINISHED
    ordinary = receive(office, make_case())
    assert (
        refused(lambda: immediate.give_back_now(Seen(ordinary.pk), by=clerk, at=later(5)))[0]
        == "not_immediate"
    )


def test_lawful_ends_without_a_result_are_not_in_the_way(office: Office) -> None:
    """A refusal after appraisal goes the way of every result; withdrawal asks nobody."""
    no = ResultIn(kind=Result.Kind.REFUSED, reason="Không đủ điều kiện")
    dossier = give(
        office,
        write(office, at_room(office), office.specialist, no),
        office.specialist,
        office.leadership,
        office.leader,
    )
    assert (
        give(office, dossier, office.leader, office.counter, office.clerk).state == State.FINISHED
    )
    other = at_room(office)
    endings.withdraw(
        Seen(other.pk), endings.EndingIn("", "Đổi ý"), by=office.desk(office.clerk), at=later(40)
    )
    assert fresh(other).state == State.WITHDRAWN


# --- the outcome of a step ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        ("24/11/2026 09:00", None),
        ("25/11/2026 16:59", Outcome.EARLY),
        ("26/11/2026 07:00", Outcome.ON_TIME),
        ("26/11/2026 09:00", Outcome.ON_TIME),
        ("26/11/2026 09:01", Outcome.LATE),
    ],
)
def test_a_step_is_judged_as_a_dossier_is(
    office: Office, given: str, outcome: Outcome | None
) -> None:
    """After the instant late, on its day on time, before that day early; a step of two whole days
    likewise.
    """
    two_days = NextStep(order=2, name="Xử lý", minutes=None if outcome is None else 960)
    dossier = give(
        office,
        receive(office, make_case()),
        office.clerk,
        office.room,
        office.specialist,
        step=two_days,
    )
    if outcome is not None:
        assert dossier.step_due_at == vn("26/11/2026 09:01")
        Dossier.objects.filter(pk=dossier.pk).update(step_due_at=vn("26/11/2026 09:00"))
    row = handovers.hand_over(
        fresh(dossier), to=office.second_room, by=office.desk(office.specialist), at=vn(given)
    )
    assert handovers.step_outcome(row) == outcome


def test_steps_are_read_once_for_all(office: Office) -> None:
    route = route_of(fresh(receive(office, make_case())))
    assert [step.role for step in route.process.steps] == [
        StepRole.COUNTER, StepRole.SPECIALIST, StepRole.LEADER, StepRole.COUNTER,
    ]  # fmt: skip
