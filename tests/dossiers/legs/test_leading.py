"""Another agency leads: who may make it so, where the dossier goes, what stays, what the agency that
led keeps, how it is undone, what the reports of both say before and after.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from dossiers.acts import leg_work, legs, printing
from dossiers.acts.endings import EndingIn, ResultIn, finish, record_result, withdraw
from dossiers.acts.handovers import NextStep, confirm, hand_over, recall
from dossiers.acts.leading import replace_lead
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.desk import legs as queries
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, HandOver
from dossiers.models.legs import Leg, LegKind, LegState
from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import CalendarDay, DayKind, Officer
from onestop.errors import Conflict
from onestop.outbox.models import Message
from reports.figures import Scope, table
from reports.form_data import form_on
from reports.periods import parse
from tests.dossiers.legs.office import Linked, make_linked, seen
from tests.dossiers.money.office import refused
from tests.world import MONDAY, Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
SignIn = Callable[[Officer], Any]
WHY = "Không đủ thẩm quyền"


@pytest.fixture
def linked() -> Linked:
    return make_linked()


def give_lead(linked: Linked, leg: Leg, by: Officer | None = None, at: Any = MONDAY) -> Leg:
    desk = linked.lead.desk(by or linked.lead.clerk, at)
    return replace_lead(Seen(linked.dossier.pk), leg.number, WHY, by=desk, at=at)


def fits(at: Any = MONDAY) -> bool:
    return verify(now=at).misfit is None


def test_an_agency_that_was_only_sent_its_part_gets_it_at_its_counter(linked: Linked) -> None:
    first, second = linked.send(0, 1)
    before, there = linked.now, linked.at(first)
    give_lead(linked, first)
    now = linked.now
    assert (now.agency, now.received_by_agency_id) == (there.agency, linked.lead.agency.pk)
    assert (now.pending_department, now.pending_officer) == (there.counter, None)
    assert (now.holder, now.holder_department, now.forward_by) == (None, None, None)
    kept = ("code", "register_number", "due_at", "legal_due_at", "first_due_at", "term", "state")
    assert [getattr(now, name) for name in kept] == [getattr(before, name) for name in kept]
    rows = list(Leg.objects.standing().order_by("number").values_list("agency__name", "state"))
    assert rows == [
        (there.agency.name, LegState.LEADS),
        (linked.others[1].agency.name, LegState.SENT),
        (linked.lead.agency.name, LegState.LED),
    ]
    assert now.open_legs == 1
    told = set(Message.objects.filter(kind="lead_replaced").values_list("to_officer", flat=True))
    assert told == {there.clerk.pk, there.leader.pk}
    assert fits()
    # Nobody takes the hand-over back by recalling it: only as a whole.
    by = linked.lead.desk(linked.lead.clerk)
    assert refused(lambda: recall(Seen(now.pk), by=by, at=MONDAY)) == "not_holder"
    confirm(Seen(now.pk), by=there.desk(there.clerk), at=MONDAY)
    now = linked.now
    assert (now.holder, now.holder_department) == (there.clerk, there.counter)
    assert refused(lambda: take_back(Seen(now.pk), by=by, at=MONDAY)) == "not_your_act"
    # It leads: the other leg answers to it, and it ends the dossier.
    linked.answer(linked.take(second))
    new = there.desk(there.clerk)
    result = ResultIn(number="1", issued_on=MONDAY.date(), signer="Tuấn")
    record_result(Seen(now.pk), result, by=new, at=MONDAY)
    assert finish(Seen(now.pk), by=new, at=MONDAY, note="Ký giấy").ended_at == MONDAY
    assert fits()


def test_who_has_the_part_receives_it_and_the_step_runs_by_the_process(linked: Linked) -> None:
    [leg] = linked.send(0)
    there = linked.at(leg)
    pass_to_room(linked, leg)
    give_lead(linked, leg)
    now = linked.now
    assert (now.pending_department, now.pending_officer) == (there.room, there.specialist)
    row = HandOver.objects.get(dossier=now)
    confirm(Seen(now.pk), by=there.desk(there.specialist), at=MONDAY)
    now = linked.now
    assert (now.holder, now.state.real) == (there.specialist, 4)
    assert (now.step_name, now.step_due_at is not None) == (row.next_step_name, True)
    assert row.next_step_minutes
    assert fits()


def pass_to_room(linked: Linked, leg: Leg) -> None:
    there = linked.at(leg)
    by = there.desk(there.clerk)
    leg_work.pass_on(seen(leg), there.room, there.specialist, by=by, at=MONDAY)
    linked.take(leg, there.specialist)


def test_taking_it_back_puts_everything_where_it_was(linked: Linked) -> None:
    """On paper the next agency had been sent its part by it: that is taken back too."""
    first, _ = linked.send(0, 1, kind=LegKind.ORDERED)
    before = linked.now
    give_lead(linked, first)
    assert linked.now.open_legs == 1
    take_back(Seen(before.pk), by=linked.lead.desk(linked.lead.clerk), at=MONDAY)
    now = linked.now
    moved = {"row_version", "event_seq", "event_hash"}
    columns = [one.attname for one in Dossier._meta.concrete_fields if one.attname not in moved]
    assert [getattr(now, name) for name in columns] == [getattr(before, name) for name in columns]
    rows = Leg.objects.standing().order_by("number").values_list("state", flat=True)
    assert list(rows) == [LegState.SENT, LegState.WAITING]
    assert fits()


def test_another_calendar_moves_no_promise_by_itself(linked: Linked) -> None:
    """R-41: the promise stands as it was made; what moves the term from then on counts by the
    calendar of the agency that leads.
    """
    [leg] = linked.send(0)
    before, there = linked.now, linked.at(leg)
    CalendarDay.objects.create(
        agency=there.agency, date=date(2026, 11, 26), kind=DayKind.CLOSING, name="Bão", source="Công điện",
    )  # fmt: skip
    give_lead(linked, leg)
    now = linked.now
    kept = ("due_at", "legal_due_at", "late_from", "calendar_key")
    assert [getattr(now, name) for name in kept] == [getattr(before, name) for name in kept]
    assert now.calendar_key != calendar_of(there.agency.pk).key()
    assert fits()


def test_who_may_and_what_is_refused(linked: Linked) -> None:
    first, second = linked.send(0, 1, kind=LegKind.ORDERED)
    lead, pk = linked.lead, linked.dossier.pk
    other = linked.others[0]

    def tried(office: Office, officer: Officer, number: int = 1, why: str = WHY) -> str:
        by = office.desk(officer)
        return refused(lambda: replace_lead(Seen(pk), number, why, by=by, at=MONDAY))

    assert tried(lead, lead.specialist) == "not_holder"
    assert tried(other, other.clerk) == "not_holder"
    assert tried(lead, lead.clerk, second.number) == "leg_ended"  # its turn has not come
    assert tried(lead, lead.clerk, 9) == "leg_ended"
    assert tried(lead, lead.clerk, why=" ") == "reason_missing"
    with pytest.raises(Conflict):
        old = Seen(pk, linked.now.row_version - 1)
        replace_lead(old, 1, WHY, by=lead.desk(lead.clerk), at=MONDAY)
    result = ResultIn(number="1", issued_on=MONDAY.date(), signer="Tuấn")
    record_result(Seen(pk), result, by=lead.desk(lead.clerk), at=MONDAY)
    assert tried(lead, lead.clerk) == "lead_has_result"
    take_back(Seen(pk), by=lead.desk(lead.clerk), at=MONDAY)
    other.agency.departments.update(is_active=False)
    assert tried(lead, lead.clerk) == "lead_no_counter"
    other.agency.departments.update(is_active=True)
    give_lead(linked, first, by=lead.leader)
    assert linked.now.agency == other.agency


def test_what_the_agency_that_led_keeps(linked: Linked) -> None:
    """R-144: a third agency had received it; who led then opens its own record and no more."""
    counter = make_office("Ủy ban nhân dân xã Tiếp Nhận")
    lead, case = linked.lead, make_case()
    linked.dossier = receive(counter, case, handled_by=lead.agency)
    step = NextStep(name="Xử lý")
    give = counter.desk(counter.clerk)
    hand_over(linked.now, to=lead.room, receiver=lead.specialist, step=step, by=give, at=MONDAY)
    confirm(Seen(linked.dossier.pk), by=lead.desk(lead.specialist), at=MONDAY)
    part = legs.Part(linked.others[0].agency, "Việc", 8)
    by = lead.desk(lead.specialist)
    seen = Seen(linked.dossier.pk)
    [leg] = legs.open_legs(seen, LegKind.PARALLEL, [part], by=by, at=MONDAY)
    # The counter that received it for the lead may see to it as well.
    replace_lead(seen, leg.number, WHY, by=counter.desk(counter.clerk), at=MONDAY)
    boss = lead.desk(lead.leader)
    assert not Dossier.objects.visible_to(boss).filter(pk=linked.dossier.pk).exists()
    record = queries.newest_of(boss, linked.dossier.code)
    assert record is not None
    assert (record.state, record.answer, record.holder) == (LegState.LED, WHY, lead.specialist)
    assert list(queries.files_of(record)) == []
    told = set(Message.objects.filter(kind="lead_replaced").values_list("to_officer", flat=True))
    assert lead.specialist.pk in told
    # What is withdrawn at the counter ends for the new lead.
    withdraw(seen, EndingIn("", "Rút"), by=counter.desk(counter.clerk), at=MONDAY)
    assert fits()


def test_reports_of_both_before_and_after() -> None:
    """R-108: a cut before stays as it was; from then on it is the new lead's, once (R-112)."""
    start, moved = vn("03/09/2026 09:00"), vn("10/09/2026 09:00")
    linked = make_linked(1)
    linked.dossier = receive(linked.lead, make_case(), at=start)
    [leg] = linked.send(0, at=moved)
    period, both = parse("2026M9"), (linked.lead.agency, linked.others[0].agency)
    form = form_on("II.06a", period.last)

    def figures(cut: str) -> list[tuple[Any, Any]]:
        totals = [table(form, Scope.of(one), period, vn(cut)).total for one in both]
        return [(one.values["3"], one.values["11"]) for one in totals if one is not None]

    early = figures("10/09/2026 08:00")
    give_lead(linked, leg, at=moved)
    assert early == figures("10/09/2026 08:00") == [(1, 1), (0, 0)]
    assert figures("10/09/2026 10:00") == [(0, 0), (1, 1)]
    by = linked.lead.desk(linked.lead.clerk, vn("11/09/2026 09:00"))
    take_back(Seen(linked.dossier.pk), by=by, at=vn("11/09/2026 09:00"))
    assert figures("11/09/2026 10:00") == [(1, 1), (0, 0)]
    assert figures("10/09/2026 10:00") == [(0, 0), (1, 1)]
    assert fits(vn("14/09/2026 09:00"))


def test_the_pages(linked: Linked, signed_in: SignIn) -> None:
    """The link beside the leg, the form, what timeline, control sheet and record say."""
    leg, _ = linked.send(0, 1)
    dossier, there, clerk = linked.dossier, linked.at(leg), signed_in(linked.lead.clerk)
    page = f"{dossier.get_absolute_url()}phoi-hop/1/chu-tri/"
    assert page in clerk.get(dossier.get_absolute_url()).content.decode()
    html = clerk.get(page).content.decode()
    assert f"{there.agency.name} chủ trì thay {linked.lead.agency.name}" in html
    seen = {"seen": linked.now.row_version}
    assert clerk.post(page, seen | {"reason": ""}).status_code == 422
    html = clerk.post(page, seen | {"reason": WHY}, follow=True).content.decode()
    assert f"{there.agency.name} chủ trì hồ sơ từ nay, chờ nhận." in html
    assert f"{linked.lead.agency.name} → {there.agency.name}" in html
    assert f"Lý do: {WHY}" in html
    assert "Đã thôi chủ trì" in html
    new = signed_in(there.clerk)
    html = new.get(dossier.get_absolute_url()).content.decode()
    assert "Nhận bàn giao" in html
    sheet = printing.control_sheet(linked.now, by=there.desk(there.clerk), at=MONDAY)
    names = [linked.others[1].agency.name, linked.lead.agency.name]
    assert sheet.snapshot["partners"] == ", ".join(names)
    record = Leg.objects.get(state=LegState.LED)
    html = clerk.get(f"/viec/phoi-hop/{record.pk}/").content.decode()
    assert "Đã thôi chủ trì" in html
    assert WHY in html
