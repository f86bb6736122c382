"""Steps are judged: those of the default process by their share of the term, and a dossier that is
late as a whole has a late step (R-77).
"""

from datetime import date, datetime

import pytest

from dossiers.acts import approval, desks, endings, handovers
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.desk.timeline import LATE_AT_COUNTER, control_sheet
from dossiers.models import Dossier, HandOver
from dossiers.models.outcome import Outcome
from onestop.accounts.models import Department, Officer, Role
from procedures.models import InternalProcess, Step, StepRole
from tests.world import MONDAY, Office, make_case, make_office, make_officer, receive, vn

pytestmark = pytest.mark.django_db
RESULT = endings.ResultIn(number="12/GXN", issued_on=date(2026, 11, 23), signer="Hoàng Minh Tuấn")
TUESDAY = vn("24/11/2026 09:00")


@pytest.fixture
def office() -> Office:
    return make_office()


def give(
    office: Office,
    dossier: Dossier,
    giver: Officer,
    to: Department,
    at: datetime,
    step: NextStep | None = None,
) -> HandOver:
    fresh = Dossier.objects.get(pk=dossier.pk)
    return handovers.hand_over(fresh, to=to, step=step, by=office.desk(giver, at), at=at)


def confirm(office: Office, dossier: Dossier, who: Officer, at: datetime) -> Dossier:
    return handovers.confirm(Seen(dossier.pk), by=office.desk(who, at), at=at)


def lived(
    office: Office, term: str, to_leader: str, approved: str, home: str, *, to_room: str = ""
) -> Dossier:
    """Received on Monday at 9; the other instants as they are named."""
    dossier = receive(office, make_case(term))
    started = vn(to_room) if to_room else MONDAY
    give(office, dossier, office.clerk, office.room, started)
    confirm(office, dossier, office.specialist, started)
    desk = office.desk(office.specialist, vn(to_leader))
    endings.record_result(Seen(dossier.pk), RESULT, by=desk, at=vn(to_leader))
    give(office, dossier, office.specialist, office.leadership, vn(to_leader))
    leader = office.desk(office.leader, vn(approved))
    approval.approve(Seen(dossier.pk), by=leader, at=vn(approved))
    return confirm(office, dossier, office.clerk, vn(home))


def outcomes(dossier: Dossier) -> list[str]:
    rows = HandOver.objects.standing().filter(dossier=dossier).order_by("seq")
    return [Outcome(row.outcome).name if row.outcome else "" for row in rows]


@pytest.mark.parametrize(
    ("term", "minutes"),
    [
        ("5 ngày làm việc", [1440, 480]),  # three days of eight hours, one day
        ("10 ngày", [2010, 660]),  # seven working days, told to a quarter of an hour
        ("8 giờ làm việc", [285, 90]),
        ("trong ngày", [210, 60]),  # from 9:00 to 17:00
        ("không phải trả kết quả", [None, None]),
    ],
)
def test_the_default_process_shares_the_term(
    office: Office, term: str, minutes: list[int | None]
) -> None:
    dossier = receive(office, make_case(term))
    room = give(office, dossier, office.clerk, office.room, MONDAY)
    confirm(office, dossier, office.specialist, MONDAY)
    desk = office.desk(office.specialist)
    endings.record_result(Seen(dossier.pk), RESULT, by=desk, at=MONDAY)
    leader = give(office, dossier, office.specialist, office.leadership, MONDAY)
    assert [room.next_step_minutes, leader.next_step_minutes] == minutes
    assert room.next_step_by_share is (minutes[0] is not None)


def test_a_process_that_was_decided_is_taken_at_its_word(office: Office) -> None:
    dossier = receive(office, make_case())
    process = InternalProcess.objects.create(
        procedure_code=dossier.version.procedure.code, decision="9/QĐ-UBND", level="Cấp xã"
    )
    for order, role in enumerate((StepRole.COUNTER, StepRole.SPECIALIST), start=1):
        Step.objects.create(process=process, order=order, role=role, task=role.label)
    row = give(office, dossier, office.clerk, office.room, MONDAY)
    assert (row.next_step_minutes, row.next_step_by_share) == (None, False)


def test_every_step_of_a_default_process_is_judged(office: Office) -> None:
    """R-77: none of the three blocks of its control sheet is blank."""
    dossier = lived(
        office, "5 ngày làm việc", "27/11/2026 08:10", "30/11/2026 09:00", "30/11/2026 10:30"
    )
    assert outcomes(dossier) == ["ON_TIME", "ON_TIME", "LATE"]
    assert "" not in [block.outcome for block in control_sheet(dossier)]
    early = lived(
        office, "5 ngày làm việc", "25/11/2026 10:00", "25/11/2026 11:00", "25/11/2026 11:20"
    )
    assert outcomes(early) == ["ON_TIME", "EARLY", "EARLY"]


@pytest.mark.parametrize(
    ("to_leader", "approved", "found"),
    [
        ("02/12/2026 09:00", "02/12/2026 10:00", ["ON_TIME", "LATE", "EARLY"]),
        ("27/11/2026 08:10", "02/12/2026 10:00", ["ON_TIME", "ON_TIME", "LATE"]),
    ],
)
def test_late_as_a_whole_it_has_a_late_step(
    office: Office, to_leader: str, approved: str, found: list[str]
) -> None:
    """Whose step overran; the others keep what they did in time."""
    dossier = lived(office, "5 ngày làm việc", to_leader, approved, "02/12/2026 11:00")
    assert (dossier.verdict, outcomes(dossier)[1:]) == (Outcome.LATE, found[1:])


def test_without_hours_the_holder_at_the_promise_is_late(office: Office) -> None:
    """Steps in free words that no time was given for, and none of them overran."""
    dossier = receive(office, make_case("5 ngày làm việc"))
    step = NextStep(name="Việc khác")
    give(office, dossier, office.clerk, office.room, MONDAY, step)
    confirm(office, dossier, office.specialist, MONDAY)
    give(office, dossier, office.specialist, office.second_room, vn("02/12/2026 09:00"), step)
    after = vn("02/12/2026 10:00")
    confirm(office, dossier, office.second_specialist, after)
    give(office, dossier, office.second_specialist, office.room, after, step)
    confirm(office, dossier, office.specialist, after)
    assert outcomes(dossier) == ["ON_TIME", "LATE", ""]


def test_the_page_of_receiving_says_what_the_act_then_states(office: Office) -> None:
    """From clerk to clerk on the day before it must go on: in time so far, not early."""
    other = make_officer("Vũ Thị Lan", office.agency, (Role.CLERK, office.counter))
    dossier = receive(office, make_case(), at=vn("23/11/2026 16:00"))
    at = vn("23/11/2026 16:30")
    clerk = office.desk(office.clerk, at)
    row = handovers.hand_over(dossier, to=office.counter, receiver=other, by=clerk, at=at)
    said = handovers.step_outcome(row)
    confirm(office, dossier, other, at)
    row.refresh_from_db()
    assert said == row.outcome == Outcome.ON_TIME


def test_whose_desk_is_moved_after_the_promise_is_late(office: Office) -> None:
    """R-77: the promise passed while the leaver held it, and no step before was late."""
    dossier = receive(office, make_case("5 ngày làm việc"))
    step = NextStep(name="Việc khác")
    give(office, dossier, office.clerk, office.room, MONDAY, step)
    confirm(office, dossier, office.specialist, MONDAY)
    after = vn("02/12/2026 09:00")
    people, by = (office.specialist, office.second_specialist), office.desk(office.leader, after)
    desks.hand_desk_over(*people, by=by, at=after, reason="Nghỉ dài ngày")
    give(office, dossier, office.second_specialist, office.room, vn("02/12/2026 10:00"), step)
    confirm(office, dossier, office.specialist, vn("02/12/2026 10:00"))
    assert outcomes(dossier) == ["ON_TIME", "LATE", ""]


def test_what_the_counter_itself_was_late_with_stands_on_the_sheet(office: Office) -> None:
    """Every step in its time, received at the counter after the promise."""
    dossier = lived(
        office, "5 ngày làm việc", "27/11/2026 08:10", "30/11/2026 07:20", "03/12/2026 10:00"
    )
    assert (dossier.verdict, "LATE" in outcomes(dossier)) == (Outcome.LATE, False)
    assert control_sheet(dossier)[-1].note == LATE_AT_COUNTER


def test_who_hands_a_step_on_unfinished_is_judged_so_far(office: Office) -> None:
    """From clerk to clerk, and a whole desk: the hours go on with the next."""
    other = make_officer("Vũ Thị Lan", office.agency, (Role.CLERK, office.counter))
    dossier = receive(office, make_case())
    fresh = Dossier.objects.get(pk=dossier.pk)
    clerk = office.desk(office.clerk)
    handovers.hand_over(fresh, to=office.counter, receiver=other, by=clerk, at=MONDAY)
    confirm(office, dossier, other, MONDAY)
    give(office, dossier, other, office.room, TUESDAY)
    confirm(office, dossier, office.specialist, TUESDAY)
    desks.hand_desk_over(
        office.specialist,
        office.second_specialist,
        by=office.desk(office.leader, TUESDAY),
        at=TUESDAY,
        reason="Nghỉ dài ngày",
    )
    assert outcomes(dossier) == ["ON_TIME", "LATE", "ON_TIME"]
