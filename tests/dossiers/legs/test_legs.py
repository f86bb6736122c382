"""Parts of a dossier with other agencies (R-60, R-61, R-62): who has what, in which order, until when;
how they end, and what the dossier's own acts do to them.
"""

import pytest

from dossiers import registry
from dossiers.acts import leg_work, legs, printing
from dossiers.acts.endings import EndingIn, ResultIn, finish, record_result, withdraw
from dossiers.acts.leg_work import AnswerIn, SeenLeg
from dossiers.acts.legs import Part
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.desk import legs as queries
from dossiers.desk import lookup
from dossiers.desk.work import rail_counts
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Event, Slip, Span
from dossiers.models.legs import Leg, LegKind, LegState
from dossiers.slips.leg_slips import SLUG
from onestop.accounts.models import Level
from onestop.errors import Conflict, sentence
from onestop.outbox.models import Message
from tests.dossiers.legs.office import Linked, make_linked, seen, states
from tests.dossiers.money.office import refused
from tests.world import MONDAY, vn

pytestmark = pytest.mark.django_db
STATES = LegState


@pytest.fixture
def linked() -> Linked:
    return make_linked()


def test_electronic_legs_reach_all_at_once(linked: Linked) -> None:
    """R-61: with the work and the time of each, by its own calendar; the lead and its promise stay."""
    before = linked.now
    rows = linked.send(0, 1, 2)
    assert states(linked) == [STATES.SENT] * 3
    # Eight working hours from Monday 09:00; Tuesday 24/11 is a holiday.
    assert {row.due_at for row in rows} == {vn("25/11/2026 09:00")}
    now = linked.now
    assert (now.open_legs, now.due_at, now.agency_id) == (3, before.due_at, before.agency_id)
    told = Message.objects.filter(kind="leg_sent").values_list("to_officer", flat=True)
    assert set(told) == {one.pk for o in linked.others for one in (o.clerk, o.leader)}
    assert verify(now=MONDAY).misfit is None


def test_on_paper_one_after_another(linked: Linked) -> None:
    """R-60: the next agency's time begins when the one before has answered; one that cannot do it,
    or is taken out, lets the next begin too.
    """
    first, second, third = linked.send(0, 1, 2, kind=LegKind.ORDERED)
    assert states(linked) == [STATES.SENT, STATES.WAITING, STATES.WAITING]
    assert not Leg.objects.visible_to(linked.others[1].desk(linked.others[1].clerk)).exists()
    linked.take(first)
    later = vn("25/11/2026 10:00")
    linked.answer(first, outcome=None, at=later)
    assert states(linked) == [STATES.FAILED, STATES.SENT, STATES.WAITING]
    second.refresh_from_db()
    assert (second.sent_at, second.due_at) == (later, vn("26/11/2026 10:00"))
    by = linked.lead.desk(linked.lead.clerk, later)
    legs.withdraw_leg(Seen(linked.dossier.pk), 2, "Thôi", by=by, at=later)
    assert states(linked) == [STATES.FAILED, STATES.WITHDRAWN, STATES.SENT]
    linked.take(third, at=later)
    linked.answer(third, at=later)
    assert linked.now.open_legs == 0
    assert verify(now=later).misfit is None


def test_a_higher_level_is_told_and_answers_to_the_receiving_counter(linked: Linked) -> None:
    """R-62."""
    upper = linked.others[0]
    assert refused(lambda: linked.send(0, kind=LegKind.UPPER)) == "leg_upper"
    type(upper.agency).objects.filter(pk=upper.agency.pk).update(level=Level.PROVINCE)
    upper.agency.refresh_from_db()
    assert refused(lambda: linked.send(0)) == "leg_level"
    [leg] = linked.send(0, kind=LegKind.UPPER)
    linked.answer(linked.take(leg))
    told = Message.objects.filter(kind="leg_answered").values_list("to_officer", flat=True)
    assert linked.lead.clerk.pk in told


def test_passing_on_inside_the_agency(linked: Linked) -> None:
    [leg] = linked.send(0)
    there, at = linked.at(leg), MONDAY
    leg_work.pass_on(seen(leg), there.room, there.specialist, by=there.desk(there.clerk), at=at)
    assert refused(lambda: linked.take(leg)) == "leg_not_yours"
    linked.take(leg, there.specialist)
    leg.refresh_from_db()
    assert (leg.holder, leg.holder_department, leg.pending_officer) == (there.specialist, there.room, None)  # fmt: skip
    assert refused(lambda: linked.answer(leg, by=there.second_specialist)) == "leg_not_yours"
    elsewhere = linked.lead.room
    refusal = refused(
        lambda: leg_work.pass_on(seen(leg), elsewhere, by=there.desk(there.clerk), at=at)
    )
    assert refusal == "leg_elsewhere"
    linked.answer(leg, by=there.specialist)
    assert states(linked) == [STATES.ANSWERED]


def test_forged_legs_are_refused(linked: Linked) -> None:
    """Another agency's officer, an old page, a leg that has ended."""
    first, _ = linked.send(0, 1)
    other = linked.others[1].desk(linked.others[1].clerk)
    assert refused(lambda: leg_work.receive(seen(first), by=other, at=MONDAY)) == "leg_not_yours"
    old = seen(first)
    linked.take(first)
    mine = linked.others[0].desk(linked.others[0].clerk)
    with pytest.raises(Conflict):
        leg_work.answer(old, AnswerIn("Đồng ý", 1), by=mine, at=MONDAY)
    forged = SeenLeg(first.pk, make_linked(0).dossier.pk, seen(first).version)
    assert refused(lambda: leg_work.receive(forged, by=mine, at=MONDAY)) == "leg_ended"
    linked.answer(first)
    assert refused(lambda: linked.answer(first)) == "leg_ended"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"task": " "}, "leg_task"),
        ({"hours": 0}, "leg_hours"),
        ({"hours": 5000}, "leg_hours"),
        ({"own": True}, "leg_own"),
        ({"twice": True}, "leg_twice"),
        ({"none": True}, "leg_none"),
    ],
)
def test_what_is_not_sent(linked: Linked, said: dict[str, object], code: str) -> None:
    agency = linked.lead.agency if "own" in said else linked.others[0].agency
    part = Part(agency, str(said.get("task", "Việc")), int(str(said.get("hours", 8))))
    parts = [] if "none" in said else [part, part] if "twice" in said else [part]
    by = linked.lead.desk(linked.lead.clerk)
    found = refused(
        lambda: legs.open_legs(Seen(linked.dossier.pk), LegKind.PARALLEL, parts, by=by, at=MONDAY)
    )
    assert found == code
    assert not Leg.objects.exists()


def test_an_agency_has_one_open_part_at_a_time(linked: Linked) -> None:
    [leg] = linked.send(0)
    assert refused(lambda: linked.send(0)) == "leg_has_one"
    linked.answer(linked.take(leg))
    assert [row.number for row in linked.send(0)] == [2]


def test_no_result_while_a_leg_is_open(linked: Linked) -> None:
    """Refused with the names of who is waited for; afterwards the dossier ends."""
    by, at = linked.lead.desk(linked.lead.clerk), MONDAY
    first, second = linked.send(0, 1)
    linked.answer(linked.take(first))
    result = ResultIn(number="1", issued_on=at.date(), signer="Tuấn")
    record_result(Seen(linked.dossier.pk), result, by=by, at=at)
    with pytest.raises(Exception, match="legs_open") as error:
        finish(Seen(linked.dossier.pk), by=by, at=at, note="Sở ký")
    assert linked.others[1].agency.name in sentence(error.value)  # type: ignore[arg-type]
    answer = registry.shows(by, linked.now, "finish")
    assert getattr(answer, "code", "") == "legs_open"
    legs.withdraw_leg(Seen(linked.dossier.pk), second.number, "Không cần nữa", by=by, at=at)
    assert finish(Seen(linked.dossier.pk), by=by, at=at, note="Sở ký").ended_at == at


def test_another_end_closes_all_legs_and_taking_it_back_opens_them(linked: Linked) -> None:
    by = linked.lead.desk(linked.lead.clerk)
    first, *_ = linked.send(0, 1, 2)
    linked.answer(linked.take(first))
    withdraw(Seen(linked.dossier.pk), EndingIn("", "Rút"), by=by, at=MONDAY)
    assert states(linked) == [STATES.ANSWERED, STATES.CLOSED, STATES.CLOSED]
    assert linked.now.open_legs == 0
    take_back(Seen(linked.dossier.pk), by=by, at=MONDAY)
    assert states(linked) == [STATES.ANSWERED, STATES.SENT, STATES.SENT]
    assert linked.now.open_legs == 2
    assert verify(now=MONDAY).misfit is None


def test_taking_back(linked: Linked) -> None:
    """The lead takes a press back that nobody has touched; an agency its own last act on its leg,
    whatever others did meanwhile on theirs.
    """
    by = linked.lead.desk(linked.lead.clerk)
    linked.send(0, 1)
    take_back(Seen(linked.dossier.pk), by=by, at=MONDAY)
    assert (linked.now.open_legs, Leg.objects.standing().count()) == (0, 0)
    first, second = linked.send(0, 1)
    linked.take(first)
    linked.take(second)
    assert refused(lambda: take_back(Seen(linked.dossier.pk), by=by, at=MONDAY)) == "changed_since"
    mine = linked.others[0].desk(linked.others[0].clerk)
    old = seen(first)
    leg_work.take_back(old, by=mine, at=MONDAY)
    assert states(linked) == [STATES.SENT, STATES.WORKING]
    with pytest.raises(Conflict):
        leg_work.take_back(old, by=mine, at=MONDAY)
    linked.answer(linked.take(first))
    leg_work.take_back(seen(first), by=mine, at=MONDAY)
    assert (states(linked)[0], linked.now.open_legs) == (STATES.WORKING, 2)
    assert verify(now=MONDAY).misfit is None


def test_an_act_on_a_leg_makes_no_page_of_the_dossier_old(linked: Linked) -> None:
    """Each leg has a version of its own, and the lead can still take back what was last done to the
    dossier.
    """
    [leg] = linked.send(0)
    by, version = linked.lead.desk(linked.lead.clerk), linked.now.row_version
    result = ResultIn(number="1", issued_on=MONDAY.date(), signer="Tuấn")
    record_result(Seen(linked.dossier.pk, version), result, by=by, at=MONDAY)
    linked.take(leg)
    assert linked.now.row_version == version + 1
    take_back(Seen(linked.dossier.pk, version + 1), by=by, at=MONDAY)


def test_who_sees_it_and_until_when(linked: Linked) -> None:
    """R-144: the agency that has the leg, its files while it is open; then its own record. The dossier
    itself is in no list of another agency.
    """
    [leg] = linked.send(0)
    mine, other = (office.desk(office.clerk) for office in linked.others[:2])
    assert queries.leg_of(other, leg.pk) is None
    assert not Dossier.objects.visible_to(mine).exists()
    found = queries.leg_of(mine, leg.pk)
    assert found is not None
    assert found.is_with_agency
    counts = [rail_counts(desk, MONDAY)[0]["legs"] for desk in (mine, other)]
    assert counts == [1, 0] == [queries.with_me(desk).count() for desk in (mine, other)]
    linked.answer(linked.take(leg))
    record = queries.leg_of(mine, leg.pk)
    assert record is not None
    assert not record.is_with_agency
    assert list(queries.files_of(record)) == []
    assert rail_counts(mine, MONDAY)[0]["legs"] == 0


def test_reports_count_it_once_by_the_lead(linked: Linked) -> None:
    """R-112: one dossier is one dossier; what the others did is their legs."""
    whole = [linked.lead, *linked.others]

    def received() -> list[int]:
        return [
            Span.objects.filter(agency=one.agency).values("dossier").distinct().count()
            for one in whole
        ]

    assert received() == [1, 0, 0, 0]
    for leg in linked.send(0, 1):
        linked.answer(linked.take(leg))
    assert received() == [1, 0, 0, 0]
    assert set(Event.objects.values_list("agency", flat=True)) == {linked.lead.agency.pk}
    done = Leg.objects.filter(ended_at__isnull=False).values_list("agency", flat=True)
    assert set(done) == {one.agency.pk for one in linked.others[:2]}


def test_on_paper_a_slip_goes_with_it(linked: Linked) -> None:
    """R-60: the work and the deadline of each agency, in their order; electronic ones need none."""
    linked.send(0)
    assert not Slip.objects.filter(slug=SLUG).exists()
    linked.send(1, 2, kind=LegKind.ORDERED)
    said = Slip.objects.get(slug=SLUG).snapshot
    assert [(line["number"], line["task"], line["hours"]) for line in said["lines"]] == [
        (2, "Việc 1", 8),
        (3, "Việc 2", 8),
    ]
    assert said["in_order"]
    assert [bool(line.get("due_at")) for line in said["lines"]] == [True, False]


def test_sheet_and_look_up_name_who_works_on_it(linked: Linked) -> None:
    first, second = linked.send(0, 1)
    linked.answer(linked.take(first))
    names = [office.agency.name for office in linked.others[:2]]
    sheet = printing.control_sheet(linked.now, by=linked.lead.desk(linked.lead.clerk), at=MONDAY)
    assert sheet.snapshot["partners"] == ", ".join(names)
    assert [line.split(":")[0] for line in sheet.snapshot["opinions"]] == [
        f"Liên thông, {name}" for name in names
    ]
    found = lookup.full(linked.dossier.code)
    assert found is not None
    assert found.partners == [second.agency.name]
