"""Another agency leads from now on: the one that led cannot go on, and an agency that has an open leg
takes the dossier itself over, its process, its place in the reports and the further acts
(docs/adr/0034-legs-beside-the-dossier.md).

Code, register number and promise stay. It goes to whoever has the leg as every hand-over does (R-66):
the step's time runs from the giving by the calendar of the new lead, and it is received there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils import timezone

from dossiers import rules
from dossiers.acts import legs
from dossiers.acts.handovers import route_in, write_giving
from dossiers.acts.many import Seen
from dossiers.acts.receiving import HAND_OVERS, way_of
from dossiers.ledger import writer
from dossiers.models import Batch, Dossier, HandOver
from dossiers.models.legs import Leg, LegState
from dossiers.registry import Act, Told, register
from dossiers.route import Processes, Route
from dossiers.route.roles import giver_role
from dossiers.route.steps import NextStep, receiver_of
from dossiers.states import FROM_WORKING, HANDLERS
from onestop.accounts.models import Department, DepartmentKind, Officer, Role
from onestop.errors import DomainError
from onestop.results import ALLOWED, Answer, Denied

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

LEAD = "Chủ trì giải quyết"
# As long as the note of a hand-over.
MOST_REASON = 300


def _may_replace(desk: Desk, dossier: Dossier) -> Answer:
    """Who has it at the lead, who leads that agency, or the counter that received it for the lead."""
    if not dossier.open_legs:
        return Denied("leg_ended")
    if dossier.pending_department_id is not None:
        return Denied("already_given")
    for_another = dossier.received_by_agency_id != dossier.agency_id
    if (
        rules.holds(desk, dossier)
        or desk.has(Role.LEADER, agency_id=dossier.agency_id)
        or (for_another and rules.stands_at(desk, dossier.received_by_agency_id))
    ):
        return ALLOWED
    return Denied("not_holder")


def _replaced(told: Told) -> Iterator[str]:
    yield told.data["lead"]
    row: HandOver = told.row
    yield way_of(row)
    if not told.undone:
        yield f"Lý do: {row.note}"


REPLACE_LEAD = register(
    Act(
        "replace_lead", "Thay cơ quan chủ trì", 39, FROM_WORKING, None, HANDLERS, _may_replace, tone="wait",
        is_giving=True, told_by=HAND_OVERS, lines=_replaced,
    )
)  # fmt: skip


def replace_lead(seen: Seen, number: int, reason: str, *, by: Desk, at: datetime) -> Leg:
    """The agency of this leg leads from now on.

    Effects in order: the leg ended, the next on paper sent, the record of the agency that led (a leg
    that has ended); the agency of the dossier, no holder, the hand-over to whoever has the leg there,
    else to its counter; event, bells. The other legs stay. Errors: Conflict, DomainError("reason_missing",
    "leg_ended", "leg_closed", "lead_has_result", "lead_no_counter").
    """
    reason = reason.strip()[:MOST_REASON]
    if not reason:
        raise DomainError("reason_missing", field="reason")
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("replace_lead")
        dossier, old = life.dossier, life.dossier.agency
        found = Leg.objects.with_agency().filter(dossier=dossier, number=number)
        names = ("agency", "holder", "holder_department", "pending_officer", "pending_department")
        leg = found.select_related(*names).first()
        if leg is None:
            raise DomainError("leg_ended")
        if leg.agency.has_ended(timezone.localdate(at)):
            raise DomainError("leg_closed", agency=leg.agency.name)
        room, officer = _goes_to(leg, at)
        record = life.add(_record_of(life, leg, reason))
        life.change(
            leg, state=LegState.LEADS, answer=reason, ended_at=at, ended_by=by.officer,
            pending_officer=None, pending_department=None, version=record.version,
        )  # fmt: skip
        sent = legs.ended(life, leg)
        given_from = _given_from(dossier, by)
        dossier.agency, dossier.step_order = leg.agency, 1
        batch = Batch(
            agency_id=given_from.agency_id, giver=by.officer, giver_department=given_from,
            receiver_department=room, receiver=officer, given_at=at, note=reason,
        )  # fmt: skip
        row, forwards = _give(life, batch)
        # Nobody at the agency that led has it any more, so nobody there recalls it.
        dossier.holder = dossier.holder_department = None
        lead = f"{old.name} → {leg.agency.name}"
        life.record(
            "replace_lead", {"row": row.pk, "forwards": forwards, "leg": leg.pk, "lead": lead}
        )
        life.tell(legs.tell_replaced(record, dossier, at, _people(dossier, leg, record, by, at)))
        for one in sent:
            life.tell(legs.tell_sent(one, dossier, at))
        return leg


def _goes_to(leg: Leg, at: datetime) -> tuple[Department, Officer | None]:
    """Whoever has the leg, or is to take it, and in which room; else the counter of its agency."""
    if leg.pending_department is not None:
        return leg.pending_department, leg.pending_officer
    if leg.holder_department is not None:
        return leg.holder_department, leg.holder
    rooms = Department.objects.filter(agency=leg.agency, kind=DepartmentKind.ONE_STOP)
    day = timezone.localdate(at)
    counter = next((room for room in rooms.order_by("pk") if room.is_open(day)), None)
    if counter is None:
        raise DomainError("lead_no_counter", agency=leg.agency.name)
    return counter, None


def _given_from(dossier: Dossier, by: Desk) -> Department:
    """Where it lies, else the own room of who gives it."""
    room = dossier.holder_department or next(iter(by.departments), None)
    if room is None:
        raise DomainError("role_missing", act=REPLACE_LEAD.label.lower())
    return room


def _record_of(life: writer.Life, leg: Leg, reason: str) -> Leg:
    """What the agency that led keeps: a leg that has ended."""
    dossier, by = life.dossier, life.by
    assert by is not None
    last = Leg.objects.standing().filter(dossier=dossier).aggregate(last=Max("number"))["last"]
    return Leg(
        dossier=dossier, number=last + 1, kind=leg.kind, agency=dossier.agency, task=LEAD, minutes=0,
        state=LegState.LED, version=legs.next_version(life), opened_by=dossier.received_by or by.officer,
        opened_at=life.at, sent_at=dossier.received_at, due_at=dossier.due_at, holder=dossier.holder,
        holder_department=dossier.holder_department, answer=reason, ended_by=by.officer, ended_at=life.at,
    )  # fmt: skip


def _give(life: writer.Life, batch: Batch) -> tuple[HandOver, bool]:
    """The hand-over to the new lead: its process begins anew there. Errors:
    DomainError("lead_has_result").
    """
    assert life.by is not None
    route = route_in(life, Processes())
    if route.result is not None and not route.result.is_draft:
        raise DomainError("lead_has_result")
    step = _step(route, batch.receiver_department, batch.receiver)
    given_as = giver_role(life.by, life.dossier, route.last)
    return write_giving(life, batch, route, step, order=step.order or 1, given_as=given_as)


def _step(route: Route, room: Department, officer: Officer | None) -> NextStep:
    """A room that handles gets its step of the process, with its hours; every other desk there
    sees to it.
    """
    if room.kind == DepartmentKind.PROFESSIONAL:
        return route.next_at(receiver_of(room, officer))
    return NextStep(order=1, name=LEAD)


def _people(dossier: Dossier, leg: Leg, record: Leg, by: Desk, at: datetime) -> list[Officer]:
    """Who has it now, the counter and who leads there; who had it, and the counter that received it."""
    people = legs.people_of(leg.agency_id, at, Role.CLERK, Role.LEADER)
    people += [one for one in (leg.holder, dossier.pending_officer, record.holder) if one]
    if dossier.received_by_agency_id not in (leg.agency_id, record.agency_id):
        people += legs.people_of(dossier.received_by_agency_id, at, Role.CLERK)
    return list({one.pk: one for one in people if one.pk != by.officer.pk}.values())
