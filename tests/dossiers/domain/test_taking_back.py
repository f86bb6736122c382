"""Every act of the table: what is taken back leaves the picture from before it, to the last column;
what cannot be says why.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import uuid4

import pytest

from dossiers.acts import (
    calendar_moves,
    endings,
    handovers,
    immediate,
    printing,
    re_appointment,
    reception,
    supplements,
)
from dossiers.acts.desks import hand_desk_over
from dossiers.acts.endings import EndingIn, ResultIn, Taking
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back, take_back_press
from dossiers.intake.wanted import declared
from dossiers.ledger.history import last_act
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Event, HandOver, Result, Slip
from dossiers.models.outcome import Outcome
from dossiers.registry import all_acts
from dossiers.states import State
from onestop.accounts.desk import Desk
from onestop.accounts.models import CalendarDay, DayKind, Officer, Role
from onestop.errors import Conflict, DomainError
from onestop.files.models import Attachment
from onestop.outbox.domain import post
from onestop.outbox.models import Message
from onestop.worktime import Term, Unit
from tests.dossiers.pictures import picture
from tests.samples import PDF
from tests.world import (
    IN_PERSON,
    MONDAY,
    Office,
    an_intake,
    make_case,
    make_office,
    make_officer,
    receive,
)

pytestmark = pytest.mark.django_db
STEP = NextStep(order=2, name="Thẩm định", minutes=480)
RESULT = ResultIn(number="12/GXN", issued_on=date(2026, 11, 24), signer="Hoàng Minh Tuấn")
SIGNED = [("ket-qua.pdf", PDF)]
STOP = EndingIn(
    "Nguyễn Văn Ân",
    "Thôi",
    stage="Thẩm định",
    decision_number="5/QĐ",
    signer="Hoàng Minh Tuấn",
    fee_consequence="Không thu",
)
TWO_DAYS = Term(Unit.WORKING_DAY, Fraction(2))


def later(minutes: int) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def dossier(office: Office) -> Dossier:
    return receive(office, make_case())


@pytest.fixture
def at_room(office: Office, dossier: Dossier) -> Dossier:
    """Given to the room and confirmed by the specialist."""
    handovers.hand_over(
        dossier, to=office.room, step=STEP, by=office.desk(office.clerk), at=later(1)
    )
    return handovers.confirm(Seen(dossier.pk), by=office.desk(office.specialist), at=later(2))


def fresh(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.code


def done_and_undone(
    dossier: Dossier, by: Desk, act: Callable[[Seen], Any], *, at: datetime | None = None
) -> None:
    """Do it, take it back, compare; then do it again, which must go as the first time."""
    stood = picture(dossier)
    act(Seen(dossier.pk))
    assert picture(dossier) != stood
    take_back(Seen(dossier.pk), by=by, at=at or later(60))
    assert picture(dossier) == stood
    assert verify(now=later(120)).misfit is None
    act(Seen(dossier.pk))
    assert verify(now=later(120)).misfit is None


# --- the table ------------------------------------------------------------------------------------


def test_every_act_is_taken_back_or_says_why_not() -> None:
    assert all(act.can_be_taken_back != bool(act.way_back) for act in all_acts())


# --- hand-overs -----------------------------------------------------------------------------------


def test_a_confirmation_is_taken_back_and_the_giver_may_recall(
    office: Office, dossier: Dossier
) -> None:
    clerk, specialist = office.desk(office.clerk), office.desk(office.specialist)
    row = handovers.hand_over(dossier, to=office.room, step=STEP, by=clerk, at=later(1))
    stood = picture(dossier)
    handovers.confirm(
        Seen(dossier.pk),
        by=specialist,
        at=later(2),
        difference="Thiếu 01 bản",
        outcome=Outcome.LATE,
    )
    after = take_back(Seen(dossier.pk), by=specialist, at=later(3))
    assert picture(dossier) == stood
    row.refresh_from_db()
    assert (row.confirmed_at, row.confirmed_by, row.outcome, row.difference, row.receiver_role) == (
        None,
        None,
        None,
        "",
        "",
    )
    assert (after.state, after.holder, after.pending_department, after.step_name) == (
        State.RECEIVED,
        office.clerk,
        office.room,
        "Tiếp nhận hồ sơ",
    )
    handovers.recall(
        Seen(dossier.pk), by=clerk, at=later(4)
    )  # "until the receiver has confirmed it"
    assert fresh(dossier).forward_by == fresh(dossier).step_due_at is not None
    assert verify(now=later(5)).misfit is None


def test_a_confirmation_that_ends_the_dossier_opens_it_again(
    office: Office, at_room: Dossier
) -> None:
    clerk, specialist = office.desk(office.clerk), office.desk(office.specialist)
    endings.record_result(Seen(at_room.pk), RESULT, by=specialist, at=later(3))
    handovers.hand_over(fresh(at_room), to=office.counter, by=specialist, at=later(4), note="Sở ký")
    done_and_undone(at_room, clerk, lambda seen: handovers.confirm(seen, by=clerk, at=later(5)))
    assert fresh(at_room).state == State.FINISHED


def test_from_clerk_to_clerk_and_back(office: Office, dossier: Dossier) -> None:
    """Reception and its time for passing on go on at the colleague's, and go back with the
    confirmation.
    """
    colleague = make_officer("Ngô Thị Lan", office.agency, (Role.CLERK, office.counter))
    handovers.hand_over(
        dossier, to=office.counter, receiver=colleague, by=office.desk(office.clerk), at=later(1)
    )
    desk = office.desk(colleague)
    done_and_undone(dossier, desk, lambda seen: handovers.confirm(seen, by=desk, at=later(2)))
    assert fresh(dossier).holder == colleague


def test_a_hand_over_to_oneself_is_taken_back_whole(office: Office, dossier: Dossier) -> None:
    both = make_officer(
        "Năm Vai", office.agency, (Role.CLERK, office.counter), (Role.SPECIALIST, office.room)
    )
    desk = office.desk(both)
    mine = receive(office, make_case())
    handovers.hand_over(
        mine, to=office.counter, receiver=both, by=office.desk(office.clerk), at=later(1)
    )
    handovers.confirm(Seen(mine.pk), by=desk, at=later(2))

    def give(seen):
        return handovers.hand_over(
            fresh(mine), to=office.room, receiver=both, step=STEP, by=desk, at=later(3)
        )

    done_and_undone(mine, desk, give)
    assert [
        row.undone_at is None for row in HandOver.objects.filter(dossier=mine).order_by("seq")
    ] == [True, False, True]
    assert (fresh(mine).holder_department, fresh(mine).state) == (office.room, State.IN_PROGRESS)


def test_a_recall_gives_the_counter_its_time_back_also_after_a_completion(
    office: Office, dossier: Dossier
) -> None:
    """Completed at the counter, the dossier is being handled, and still must be passed on (R-39)."""
    clerk = office.desk(office.clerk)
    supplements.ask(Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=clerk, at=later(1))
    after = supplements.complete(Seen(dossier.pk), by=clerk, at=later(2000))
    assert after.state == State.IN_PROGRESS
    handovers.hand_over(after, to=office.room, step=STEP, by=clerk, at=later(2001))
    handovers.recall(Seen(dossier.pk), by=clerk, at=later(2002))
    assert fresh(dossier).forward_by == after.forward_by is not None


def test_many_are_taken_back_at_once_but_what_was_worked_on(office: Office) -> None:
    clerk, specialist = office.desk(office.clerk), office.desk(office.specialist)
    case = make_case()
    given = [receive(office, case) for _ in range(4)]
    handovers.hand_over_many(
        [Seen(d.pk) for d in given], to=office.room, receiver=None, step=STEP, by=clerk, at=later(1)
    )
    stood = [picture(d) for d in given]
    press = uuid4()
    handovers.confirm_many([Seen(d.pk) for d in given], by=specialist, at=later(2), press=press)
    endings.record_result(Seen(given[2].pk), RESULT, by=specialist, at=later(3))
    supplements.ask(Seen(given[3].pk), items=declared("A"), reason="Thiếu", by=clerk, at=later(3))
    done = take_back_press(press, by=specialist, at=later(4))
    assert [one.error is None for one in done] == [True, True, False, False]
    assert [picture(d) for d in given[:2]] == stood[:2]
    assert (
        fresh(given[2]).results.filter(replaced_at=None, undone_at=None).exists()
    )  # one's own later act is not taken for the confirmation
    assert take_back_press(press, by=clerk, at=later(5)) == []


def test_two_presses_of_one_instant_are_two(office: Office) -> None:
    """A slow clock gives two presses of one officer the same instant: each is taken back by itself."""
    clerk, specialist = office.desk(office.clerk), office.desk(office.specialist)
    case = make_case()
    given = [receive(office, case) for _ in range(4)]
    every = [Seen(d.pk) for d in given]
    handovers.hand_over_many(every, to=office.room, receiver=None, step=STEP, by=clerk, at=later(1))
    one, other = uuid4(), uuid4()
    handovers.confirm_many(every[:2], by=specialist, at=later(2), press=one)
    handovers.confirm_many(every[2:], by=specialist, at=later(2), press=other)
    done = take_back_press(other, by=specialist, at=later(3))
    assert [d.dossier_id for d in done if d.error is None] == [d.pk for d in given[2:]]
    waiting = HandOver.objects.on_the_way().values_list("dossier_id", flat=True)
    assert sorted(waiting) == [d.pk for d in given[2:]]
    assert take_back_press(other, by=specialist, at=later(4))[0].error is not None


def test_taking_back_leaves_what_was_told_of_another_act_of_that_instant(
    office: Office, dossier: Dossier
) -> None:
    """The notices of an act are those it posted, not whatever was told of the dossier just then."""
    clerk = office.desk(office.clerk)
    ask = {"items": declared("A"), "reason": "Thiếu", "by": clerk, "at": later(60 * 24 * 7)}
    late = {"approver": office.leader, "legal_basis": "Luật X", "approval_reason": "Cần"}
    about = {"object_kind": "dossier", "object_id": dossier.pk, "to_officer": office.leader}
    flag = post(kind="late", dedupe="x", subject="Khác", body="", at=ask["at"], **about)
    supplements.ask(Seen(dossier.pk), **ask, **late)
    take_back(Seen(dossier.pk), by=clerk, at=ask["at"])
    said = dict(Message.objects.values_list("kind", "subject"))
    assert said["late_request"].startswith("Đã hoàn tác: ")
    assert flag is not None
    assert said["late"] == "Khác"
    # and issued again in that instant, it is told again
    supplements.ask(Seen(dossier.pk), **ask, **late)
    assert Message.objects.filter(kind="late_request", to_officer=office.leader).count() == 2


# --- the other acts -------------------------------------------------------------------------------


def test_a_result_its_files_and_the_end_it_brought(office: Office, at_room: Dossier) -> None:
    """A signed electronic result ends the dossier by the same act: both are undone, and its file is
    no result's file any more.
    """
    handler, draft = office.desk(office.specialist), ResultIn(title="Giấy xác nhận")
    endings.record_result(Seen(at_room.pk), draft, by=handler, at=later(2))
    handovers.hand_over(fresh(at_room), to=office.leadership, by=handler, at=later(3))
    desk = office.desk(office.leader)
    handovers.confirm(Seen(at_room.pk), by=desk, at=later(4))
    signed = replace(RESULT, electronic=True)
    done_and_undone(
        at_room,
        desk,
        lambda seen: endings.record_result(seen, signed, by=desk, at=later(5), files=SIGNED),
    )
    assert [
        Attachment.objects.filter(kind=kind).count() for kind in ("result", "result-undone")
    ] == [1, 1]


def test_a_corrected_result_counts_again(office: Office, at_room: Dossier) -> None:
    desk = office.desk(office.specialist)
    endings.record_result(Seen(at_room.pk), RESULT, by=desk, at=later(4))
    done_and_undone(
        at_room,
        desk,
        lambda seen: endings.record_result(
            seen, replace(RESULT, number="13"), by=desk, at=later(5)
        ),
    )


@pytest.mark.parametrize(
    ("slug", "who"),
    [
        ("tu-choi", "specialist"),
        ("bo-sung", "clerk"),
        ("xin-loi", "leader"),
        ("dung", "leader"),
        ("", "clerk"),
    ],
)
def test_each_act_with_its_slip(office: Office, at_room: Dossier, slug: str, who: str) -> None:
    desk, at = office.desk(getattr(office, who)), later(5)
    act: Callable[[Seen], Any] = {
        "tu-choi": lambda seen: endings.record_result(
            seen, ResultIn(kind=Result.Kind.REFUSED, reason="Thiếu"), by=desk, at=at
        ),
        "bo-sung": lambda seen: supplements.ask(
            seen, items=declared("A"), reason="Thiếu", by=desk, at=at
        ),
        "xin-loi": lambda seen: re_appointment.re_appoint(
            seen, extra=TWO_DAYS, reason="Chờ", by=desk, at=at
        ),
        "dung": lambda seen: endings.stop(seen, STOP, by=desk, at=at),
        "": lambda seen: endings.withdraw(seen, EndingIn("", "Thôi"), by=desk, at=at),
    }[slug]
    done_and_undone(at_room, desk, act)
    made = Slip.objects.filter(dossier=at_room, slug=slug).order_by("id")
    # a refusal has its slip once it is approved (test_deciding.py)
    has_slip = slug not in ("", "tu-choi")
    assert [slip.undone_at is None for slip in made] == ([False, True] if has_slip else [])


def test_a_proposal(office: Office, at_room: Dossier) -> None:
    desk = office.desk(office.specialist)
    done_and_undone(
        at_room,
        desk,
        lambda seen: supplements.propose(
            seen, items=declared("A"), reason="Thiếu", by=desk, at=later(5)
        ),
    )


@pytest.mark.parametrize("mode", [1, 2])
def test_a_completion_with_its_slip_though_the_calendar_changed(office: Office, mode: int) -> None:
    """Between the two an unplanned closing moved nothing; taking back must not move anything
    either.
    """
    clerk = office.desk(office.clerk)
    dossier = receive(office, make_case("7 ngày làm việc", supplement_mode=mode))
    supplements.ask(Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=clerk, at=later(1))
    stood = picture(dossier)
    CalendarDay.objects.create(
        date=date(2026, 11, 26), kind=DayKind.CLOSING, name="Bão", source="Công điện"
    )
    supplements.complete(Seen(dossier.pk), by=clerk, at=later(1500))
    take_back(Seen(dossier.pk), by=clerk, at=later(1501))
    assert picture(dossier) == stood
    first, second = Slip.objects.filter(dossier=dossier, slug="tiep-nhan").order_by("id")
    assert (first.undone_at, second.undone_at) == (None, later(1501))
    assert printing.receipt(fresh(dossier), by=clerk, at=later(1502)) == first
    supplements.complete(Seen(dossier.pk), by=clerk, at=later(1503))
    third = Slip.objects.filter(dossier=dossier, slug="tiep-nhan").latest("id")
    named = (
        f"Giấy tiếp nhận hồ sơ và hẹn trả kết quả số {first.number}/TNHS ngày 23 tháng 11 năm 2026"
    )
    assert third.snapshot["replaces"] == named  # a void slip is not replaced


def test_a_finish_and_a_return_at_the_counter_come_off_one_by_one(
    office: Office, dossier: Dossier
) -> None:
    clerk = office.desk(office.clerk)
    endings.record_result(Seen(dossier.pk), RESULT, by=clerk, at=later(1))
    open_ = picture(dossier)
    endings.finish(Seen(dossier.pk), by=clerk, at=later(2), note="Sở ký")
    finished = picture(dossier)
    papers = tuple(dossier.papers.values_list("pk", flat=True))
    endings.give_back(
        Seen(dossier.pk),
        Taking(name="Ân", papers_back=papers, told=IN_PERSON),
        by=clerk,
        at=later(3),
    )
    for at, stood in ((later(4), finished), (later(5), open_)):
        take_back(Seen(dossier.pk), by=clerk, at=at)
        assert picture(dossier) == stood
    take_back(Seen(dossier.pk), by=clerk, at=later(6))
    assert not dossier.results.filter(replaced_at=None, undone_at=None).exists()
    assert (
        code_of(lambda: take_back(Seen(dossier.pk), by=clerk, at=later(7)))
        == "nothing_to_take_back"
    )  # reception stays
    assert verify(now=later(8)).misfit is None


def test_a_line_given_back_at_once_is_promised_instead(office: Office) -> None:
    clerk = office.desk(office.clerk)
    dossier = reception.receive_and_return(
        an_intake(office, make_case("trả ngay"), with_slip=False), by=clerk, at=MONDAY
    )
    after = take_back(Seen(dossier.pk), by=clerk, at=later(5))
    assert (after.state, after.returned_at, after.verdict) == (State.RECEIVED, None, None)
    assert after.forward_by == after.step_due_at is not None
    assert not dossier.results.filter(replaced_at=None, undone_at=None).exists()
    assert Slip.objects.get(dossier=dossier, slug="tiep-nhan").made_at == later(5)
    done_and_undone(
        dossier, clerk, lambda seen: immediate.give_back_now(seen, by=clerk, at=later(10))
    )


def test_a_moved_desk_comes_back_to_an_officer_who_is_still_there(office: Office) -> None:
    clerk, head, admin_note = office.desk(office.clerk), office.desk(office.head), "Nghỉ dài ngày"
    successor = make_officer("Lò Văn Sơn", office.agency, (Role.SPECIALIST, office.room))
    held, coming, worked = (receive(office, make_case()) for _ in range(3))
    for dossier in (held, coming, worked):
        handovers.hand_over(
            dossier,
            to=office.room,
            receiver=office.specialist,
            step=STEP,
            by=clerk,
            at=later(1),
            note="Gấp",
        )
    for dossier in (held, worked):
        handovers.confirm(Seen(dossier.pk), by=office.desk(office.specialist), at=later(2))
    stood = [picture(d) for d in (held, coming)]
    press = uuid4()
    moving = {"by": head, "at": later(3), "reason": admin_note, "press": press}
    assert hand_desk_over(office.specialist, successor, **moving) is not None
    supplements.propose(
        Seen(worked.pk), items=declared("A"), reason="Thiếu", by=office.desk(successor), at=later(4)
    )
    Officer.objects.filter(pk=office.specialist.pk).update(is_active=False)
    assert [one.error and one.error.code for one in take_back_press(press, by=head, at=later(5))][
        :2
    ] == ["leaver_closed"] * 2
    Officer.objects.filter(pk=office.specialist.pk).update(is_active=True)
    assert [one.error is None for one in take_back_press(press, by=head, at=later(6))] == [
        True,
        True,
        False,
    ]
    assert [picture(d) for d in (held, coming)] == stood
    assert fresh(worked).holder == successor
    assert verify(now=later(7)).misfit is None


def test_a_date_moved_by_a_changed_calendar_is_not_undone(office: Office, dossier: Dossier) -> None:
    """It follows a decision: whoever revokes the decision enters that and moves again."""
    CalendarDay.objects.create(
        date=date(2026, 11, 26), kind=DayKind.CLOSING, name="Bão", source="Công điện"
    )
    (done,) = calendar_moves.apply(
        [dossier.pk], basis="Công điện", by=office.desk(office.controller), at=later(1)
    )
    assert done.error is None
    assert (
        code_of(lambda: take_back(Seen(dossier.pk), by=office.desk(office.clerk), at=later(2)))
        == "nothing_to_take_back"
    )


# --- until when, and by whom ----------------------------------------------------------------------


def test_only_by_whoever_did_it_until_somebody_else_acts(office: Office, at_room: Dossier) -> None:
    clerk, specialist = office.desk(office.clerk), office.desk(office.specialist)
    endings.record_result(Seen(at_room.pk), RESULT, by=specialist, at=later(3))
    assert code_of(lambda: take_back(Seen(at_room.pk), by=clerk, at=later(4))) == "not_your_act"
    supplements.ask(Seen(at_room.pk), items=declared("A"), reason="Thiếu", by=clerk, at=later(5))
    assert (
        code_of(lambda: take_back(Seen(at_room.pk), by=specialist, at=later(6))) == "not_your_act"
    )
    take_back(Seen(at_room.pk), by=clerk, at=later(7))
    # The clerk has acted since, though that act is undone.
    assert (
        code_of(lambda: take_back(Seen(at_room.pk), by=specialist, at=later(8)))
        == "nothing_to_take_back"
    )


def test_ones_own_acts_come_off_one_after_the_other_over_a_recall(
    office: Office, at_room: Dossier
) -> None:
    desk = office.desk(office.specialist)
    stood = picture(at_room)
    supplements.propose(Seen(at_room.pk), items=declared("A"), reason="Thiếu", by=desk, at=later(3))
    endings.record_result(Seen(at_room.pk), RESULT, by=desk, at=later(4))
    handovers.hand_over(fresh(at_room), to=office.leadership, by=desk, at=later(5))
    assert (
        code_of(lambda: take_back(Seen(at_room.pk), by=desk, at=later(6))) == "nothing_to_take_back"
    )  # recalling does that
    handovers.recall(Seen(at_room.pk), by=desk, at=later(7))
    take_back(Seen(at_room.pk), by=desk, at=later(8))
    take_back(Seen(at_room.pk), by=desk, at=later(9))
    assert picture(at_room) == stood
    take_back(
        Seen(at_room.pk), by=desk, at=later(10)
    )  # the confirmation, the specialist's first act
    assert fresh(at_room).pending_department == office.room
    # The hand-over is the clerk's, and the specialist has acted since: recalling is the way.
    act = last_act(list(Event.objects.filter(dossier=at_room).order_by("seq")))
    assert act is not None
    assert (act.label, act.can_be_taken_back) == ("Giao hồ sơ", False)
    assert verify(now=later(11)).misfit is None


def test_a_request_made_of_ones_own_proposal_comes_off_with_it(
    office: Office, dossier: Dossier
) -> None:
    clerk = office.desk(office.clerk)
    stood = picture(dossier)
    proposal = supplements.propose(
        Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=clerk, at=later(1)
    )
    supplements.ask(
        Seen(dossier.pk),
        items=declared("A"),
        reason="Thiếu",
        by=clerk,
        at=later(2),
        proposal=proposal,
    )
    take_back(Seen(dossier.pk), by=clerk, at=later(3))
    assert [d.pk for d in Dossier.objects.proposed(clerk)] == [dossier.pk]
    take_back(Seen(dossier.pk), by=clerk, at=later(4))
    assert not Dossier.objects.proposed(clerk).exists()
    assert picture(dossier) == stood


def test_an_old_page_takes_nothing_back(office: Office, at_room: Dossier) -> None:
    desk = office.desk(office.specialist)
    seen = Seen(at_room.pk, fresh(at_room).row_version)
    endings.record_result(Seen(at_room.pk), RESULT, by=desk, at=later(3))
    with pytest.raises(Conflict):
        take_back(seen, by=desk, at=later(4))
