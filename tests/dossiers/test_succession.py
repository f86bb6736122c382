"""The open dossiers of an agency that was merged into another: who sees them and works on, under
which head their papers are printed, which numbers go on (R-118, R-06).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client

from dossiers.acts import approval, desks, handovers, re_appointment, supplements
from dossiers.acts.endings import ResultIn, record_result
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.desk import matters, search
from dossiers.desk.counting import count_desk
from dossiers.desk.handover import places
from dossiers.desk.next_places import next_places
from dossiers.intake.repeats import repeats
from dossiers.intake.wanted import declared
from dossiers.models import Dossier, HandOver, Slip
from dossiers.route import positions_of
from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import CalendarDay, DayKind, Department, DepartmentKind
from onestop.errors import DomainError
from onestop.worktime import Term, parse_term
from procedures.models import InternalProcess, Step, StepRole
from tests.world import Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
LAST_DAY, AFTER = date(2026, 11, 23), vn("25/11/2026 09:00")


@dataclass
class Merged:
    old: Office
    new: Office
    dossier: Dossier


@pytest.fixture
def merged(clock: Any) -> Merged:
    """Given to a room of the old commune on its last day; the new one acts from 24/11 on."""
    old, new = make_office("Ủy ban nhân dân xã An Hòa"), make_office("Ủy ban nhân dân xã Mới")
    new.agency.phone, old.agency.phone = "0205 111", "0205 999"
    new.agency.save()
    case = make_case("10 ngày làm việc")
    dossier = receive(old, case, at=vn("23/11/2026 09:00"))
    step = NextStep(order=2, name="Xử lý", minutes=480)
    at = vn("23/11/2026 10:00")
    handovers.hand_over(dossier, to=old.room, step=step, by=old.desk(old.clerk, at), at=at)
    handovers.confirm(Seen(dossier.pk), by=old.desk(old.specialist, at), at=at)
    old.agency.closed_on, old.agency.successor = LAST_DAY, new.agency
    old.agency.save()
    for office in (old, new):
        office.agency.refresh_from_db()
    clock.now = AFTER
    dossier.refresh_from_db()
    return Merged(old, new, dossier)


def page(client: Client, merged: Merged) -> int:
    client.force_login(merged.new.leader)
    return client.get(merged.dossier.get_absolute_url()).status_code


def test_the_successor_opens_it_from_the_day_after(
    client: Client, merged: Merged, clock: Any
) -> None:
    assert page(client, merged) == 200
    clock.now = vn("23/11/2026 16:00")
    assert page(client, merged) == 404


def test_it_is_counted_found_and_warned_of_at_the_successor(merged: Merged) -> None:
    office, dossier = merged.new, merged.dossier
    leader, clerk = office.desk(office.leader, AFTER), office.desk(office.clerk, AFTER)
    assert count_desk(leader, AFTER)["agency"] == 1
    for text in (dossier.code, dossier.owner_name, dossier.code[-4:]):
        assert search.search(clerk, text, on=AFTER.date()).pks == [dossier.pk]
    came = repeats(
        identity_number=dossier.identity_number,
        procedure_id=dossier.version.procedure_id,
        agency=office.agency,
        at=AFTER,
    )
    assert came == [dossier]


def test_its_desk_goes_to_an_officer_of_the_successor_and_on_from_there(merged: Merged) -> None:
    old, new, dossier = merged.old, merged.new, merged.dossier
    by = new.desk(new.leader, AFTER)
    desks.hand_desk_over(old.specialist, new.specialist, by=by, at=AFTER, reason="Sáp nhập")
    dossier.refresh_from_db()
    assert (dossier.holder, dossier.holder_department) == (new.specialist, new.room)
    desk = new.desk(new.specialist, AFTER)
    handovers.hand_over(dossier, to=new.second_room, by=desk, at=AFTER)
    assert HandOver.objects.latest("pk").receiver_department == new.second_room


def submitted(merged: Merged) -> Dossier:
    """Moved to the successor, and with its result on the way to the leader there."""
    old, new, dossier = merged.old, merged.new, merged.dossier
    by = new.desk(new.leader, AFTER)
    desks.hand_desk_over(old.specialist, new.specialist, by=by, at=AFTER, reason="Sáp nhập")
    desk = new.desk(new.specialist, AFTER)
    result = ResultIn(number="1/GXN", issued_on=AFTER.date(), signer="Hoàng Minh Tuấn")
    record_result(Seen(dossier.pk), result, by=desk, at=AFTER)
    fresh = Dossier.objects.get(pk=dossier.pk)
    handovers.hand_over(fresh, to=new.leadership, receiver=new.leader, by=desk, at=AFTER)
    return Dossier.objects.get(pk=dossier.pk)


@pytest.mark.parametrize("has_stamps", [False, True])
def test_approved_it_goes_on_at_the_successor(merged: Merged, has_stamps: bool) -> None:
    """To its counter, or to its văn thư where the process wants one: never to the rooms of the
    agency that ended, where nobody would receive it.
    """
    dossier, new = submitted(merged), merged.new
    process = InternalProcess.objects.create(
        procedure_code=dossier.version.procedure.code, decision="9/QĐ-UBND", level="Cấp xã"
    )
    roles = (StepRole.COUNTER, StepRole.SPECIALIST, StepRole.LEADER, StepRole.DOCUMENTS)
    for order, role in enumerate((*roles, StepRole.COUNTER), start=1):
        Step.objects.create(process=process, order=order, role=role, task=role.label)
    offices = (merged.old, new) if has_stamps else (merged.old,)
    stamps = [
        Department.objects.create(
            agency=office.agency, name="Văn thư", kind=DepartmentKind.CLERICAL
        )
        for office in offices
    ]
    after = approval.approve(Seen(dossier.pk), by=new.desk(new.leader, AFTER), at=AFTER)
    assert after.pending_department == (stamps[-1] if has_stamps else new.counter)


def test_what_is_given_on_is_offered_the_rooms_of_the_successor(merged: Merged) -> None:
    dossier = submitted(merged)
    handovers.confirm(Seen(dossier.pk), by=merged.new.desk(merged.new.leader, AFTER), at=AFTER)
    dossier.refresh_from_db()
    found = next_places([dossier], positions_of([dossier]), AFTER.date())
    assert found == {dossier.pk: str(merged.new.counter.pk)}


def test_nothing_is_sent_to_a_room_of_an_agency_that_ended(merged: Merged) -> None:
    old, new, dossier = merged.old, merged.new, merged.dossier
    by = new.desk(new.leader, AFTER)
    desks.hand_desk_over(old.specialist, new.specialist, by=by, at=AFTER, reason="Sáp nhập")
    dossier.refresh_from_db()
    with pytest.raises(DomainError, match="receiver_closed"):
        handovers.hand_over(
            dossier, to=old.leadership, by=new.desk(new.specialist, AFTER), at=AFTER
        )


def test_a_request_is_approved_by_heads_and_leaders_of_the_successor(
    client: Client, merged: Merged
) -> None:
    """R-46: after three working days a request needs an approver."""
    old, new, dossier = merged.old, merged.new, merged.dossier
    late = vn("30/11/2026 09:00")
    people = matters.approvers(old.agency, late)
    assert set(people) == {new.head, new.leader}
    assert set(matters.approvers(old.agency, vn("23/11/2026 16:00"))) == {old.head, old.leader}
    asked = supplements.ask(
        Seen(dossier.pk),
        items=declared("Ngày sinh"),
        reason="Thiếu",
        legal_basis="Điều 5",
        approver=new.head,
        by=new.desk(new.clerk, late),
        at=late,
    )
    assert asked.approver == new.head


def test_nothing_is_given_or_moved_the_other_way(merged: Merged) -> None:
    old, new = merged.old, merged.new
    own = receive(new, make_case("5 ngày"), at=AFTER)
    with pytest.raises(DomainError, match="receiver_closed"):
        handovers.hand_over(own, to=old.room, by=new.desk(new.clerk, AFTER), at=AFTER)
    with pytest.raises(DomainError, match="desk_successor_unfit"):
        by = new.desk(new.leader, AFTER)
        desks.hand_desk_over(new.clerk, old.clerk, by=by, at=AFTER, reason="Nhầm")
    ids = {merged.old.agency.pk, merged.new.agency.pk}
    assert {room.agency for room, _ in places(ids, AFTER.date())} == {new.agency}
    assert {room.agency for room, _ in places(ids, LAST_DAY)} == {old.agency, new.agency}


def test_its_papers_bear_the_head_and_the_numbers_of_the_successor(merged: Merged) -> None:
    old, new, dossier = merged.old, merged.new, merged.dossier
    desks.hand_desk_over(
        old.specialist, new.specialist, by=new.desk(new.leader, AFTER), at=AFTER, reason="Sáp nhập"
    )
    extra: Term = parse_term("2 ngày làm việc")
    re_appointment.re_appoint(
        Seen(dossier.pk), extra=extra, reason="Sáp nhập", by=new.desk(new.leader, AFTER), at=AFTER
    )
    slip = Slip.objects.get(dossier=dossier, slug="xin-loi")
    assert (slip.agency, slip.number) == (new.agency, 1)
    assert slip.snapshot["office"]["agency"] == new.agency.name
    assert slip.snapshot["unit"] == new.agency.name
    assert slip.snapshot["signer"] == new.leader.full_name
    before = Slip.objects.get(dossier=dossier, slug="tiep-nhan")
    assert before.snapshot["office"]["agency"] == old.agency.name


def test_codes_and_registers_go_on_each_their_own(merged: Merged) -> None:
    """R-06: the code of a dossier never changes; nobody receives for the old agency any more."""
    code = merged.dossier.code
    first = receive(merged.new, make_case("5 ngày"), at=AFTER)
    assert first.code.startswith(f"{merged.new.agency.dossier_code}-")
    assert first.register_number == 1
    merged.dossier.refresh_from_db()
    assert merged.dossier.code == code
    assert merged.dossier.agency == merged.old.agency


def test_the_counter_of_an_agency_that_ended_receives_nothing(
    client: Client, merged: Merged
) -> None:
    client.force_login(merged.old.clerk)
    assert client.get("/tiep-nhan/").status_code == 404
    with pytest.raises(DomainError, match="agency_ended"):
        receive(merged.old, make_case("5 ngày"), at=AFTER)


def test_the_look_up_names_who_answers_today(client: Client, merged: Merged) -> None:
    answer = client.get(f"/tra-cuu/{merged.dossier.code}/").content.decode()
    assert "0205 111" in answer
    assert "0205 999" not in answer


def test_its_promise_follows_the_days_of_the_successor(merged: Merged) -> None:
    closing, earlier = date(2026, 11, 27), date(2026, 11, 20)
    for day in (closing, earlier):
        CalendarDay.objects.create(
            agency=merged.new.agency, date=day, kind=DayKind.CLOSING, name="Bão", source="1/CĐ"
        )
    calendar = calendar_of(merged.old.agency.pk)
    assert {day.date for day in calendar.days} >= {closing}
    assert earlier not in {day.date for day in calendar.days}


def test_an_intake_asks_who_was_taken_over_only_where_somebody_was(
    merged: Merged, queries: Any
) -> None:
    """Once for repeats, once for earlier visits."""
    case = make_case("5 ngày")
    receive(merged.new, case, at=AFTER)
    counts = []
    for office in (merged.new, make_office("Ủy ban nhân dân xã Bên")):
        receive(office, case, at=AFTER)
        with queries() as seen:
            receive(office, case, at=AFTER)
        counts.append(len(seen))
    assert counts[0] == counts[1] + 2
