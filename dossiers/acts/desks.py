"""A leaver's whole desk goes to a successor in one act, with a hand-over row for each dossier and
one printed list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from dossiers.acts import leg_desks
from dossiers.acts.many import Done
from dossiers.acts.receiving import HAND_OVERS, judged
from dossiers.acts.taking_back import take_back_press
from dossiers.intake.codes import numbered
from dossiers.ledger import writer
from dossiers.ledger.many import change_many
from dossiers.models import Batch, Dossier, Event, HandOver
from dossiers.models.handover import Purpose
from dossiers.registry import Act, Told, register
from dossiers.route import hand_overs_of
from dossiers.states import FROM_ON_THE_WAY, MOVERS, State
from onestop.accounts.models import Department, Officer, Role, RoleGrant
from onestop.accounts.succession import takes_over_from
from onestop.errors import DomainError, require
from onestop.results import ALLOWED, Answer, Denied

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

# What the note of a hand-over on its way to the leaver says from then on.
CHANGED = "Người nhận đổi từ "


def _may_move_desk(desk: Desk, dossier: Dossier) -> Answer:
    """A whole desk goes to another officer: by the administrator, the head of its department, a
    leader of the agency.
    """
    if desk.administers(dossier.agency) or desk.administers(dossier.received_by_agency):
        return ALLOWED
    heads = desk.department_ids_as(Role.HEAD)
    in_own_room = dossier.holder_department_id in heads or dossier.pending_department_id in heads
    if in_own_room or desk.has(Role.LEADER, agency_id=dossier.agency_id):
        return ALLOWED
    return Denied("not_desk_mover")


def _moved(told: Told) -> list[str]:
    row: HandOver | None = told.row
    if row is None:
        return []  # what was on its way has no row of its own: its receiver changed
    receiver = f", {row.receiver.full_name}" if row.receiver else ""
    way = f"{row.giver_department.name} → {row.receiver_department.name}{receiver}"
    return [way, row.note] if row.note and not told.undone else [way]


MOVE_DESK = register(
    Act(
        "move_desk", "Bàn giao toàn bộ hồ sơ đang giữ", 30, FROM_ON_THE_WAY, None, MOVERS, _may_move_desk,
        told_by=HAND_OVERS, lines=_moved, on_undo=leg_desks.leaver_is_there,
    )
)  # fmt: skip


def on_desk(officer: Officer) -> Q:
    """What lies on an officer's desk: open work, finished results not yet returned, and what is on
    its way to the officer.
    """
    held = Q(holder=officer) & (Q(ended_at=None) | Q(state=State.FINISHED))
    return held | Q(pending_officer=officer)


def lies_with(officer: Officer, dossier: Dossier) -> bool:
    """The same of a dossier that is read."""
    is_here = dossier.ended_at is None or dossier.state == State.FINISHED
    held = dossier.holder_id == officer.pk and is_here
    return held or dossier.pending_officer_id == officer.pk


def count_desk(officer: Officer) -> int:
    """How many dossiers would have to move if the officer left."""
    return Dossier.objects.filter(on_desk(officer)).count()


def count_legs(officer: Officer) -> int:
    """How many parts of other agencies' dossiers would have to move."""
    return leg_desks.on_desk(officer).count()


@dataclass(frozen=True, slots=True)
class _Moving:
    """One act of moving a desk: what is the same for each of its dossiers."""

    leaver: Officer
    successor: Officer
    places: list[Department]
    by: Desk
    at: datetime
    reason: str
    press: UUID | None

    def batch_of(self, found: Sequence[Dossier]) -> Batch:
        """The list they all go in; the dossiers are locked already."""
        rooms = (d.holder_department for d in found if d.holder_department is not None)
        first = next(rooms, None) or self.places[0]
        return numbered(
            Batch(
                agency_id=first.agency_id,
                giver=self.leaver,
                giver_department=first,
                receiver_department=_place(self.places, first),
                receiver=self.successor,
                given_at=self.at,
                note=self.reason[:300],
            )
        )


def hand_desk_over(
    leaver: Officer,
    successor: Officer,
    *,
    by: Desk,
    at: datetime,
    reason: str,
    press: UUID | None = None,
) -> Batch | None:
    """Move the whole desk of `leaver` to `successor` in one transaction; None when nothing lies on
    it. `press`: what the events of all of them bear.

    Effects per dossier held: a hand-over row from leaver to successor, confirmed by the act itself
    (judged so far: the step goes on with its clock), the holder column, an event. What the leaver gave
    and nobody has confirmed yet can from now on be recalled by the successor; what was on its way
    to the leaver waits for the successor. Parts of other agencies' dossiers go with it
    (acts/leg_desks.py), on no list. Errors: DomainError("reason_missing",
    "desk_successor_unfit", "not_desk_mover", "leg_successor").
    """
    if not reason.strip():
        raise DomainError("reason_missing", field="reason")
    places = _places(successor, at)
    if (
        successor.pk == leaver.pk
        or not successor.is_active
        or not takes_over_from(leaver, successor, timezone.localdate(at))
        or not places
    ):
        raise DomainError("desk_successor_unfit", field="successor")
    moving = _Moving(leaver, successor, places, by, at, reason.strip(), press)
    with transaction.atomic():
        # All are locked before the list takes its number: counters come last.
        found = list(
            Dossier.objects.select_for_update(of=("self",), no_key=True)
            .filter(on_desk(leaver) | Q(pk__in=leg_desks.on_desk(leaver).values("dossier")))
            .select_related("agency", "received_by_agency", "holder_department")
            .order_by("pk")
        )
        to = (successor, places)
        # Read anew under the locks, and only those of dossiers that are locked.
        locked = {one.pk for one in found}
        rows = leg_desks.on_desk(leaver).select_related("agency").order_by("dossier", "number")
        parts = [one for one in rows if one.dossier_id in locked]
        found = [one for one in found if lies_with(leaver, one)]
        for dossier in found:
            require(_may_move_desk(by, dossier))
        leg_desks.move(parts, leaver, to, by=by, at=at, reason=moving.reason, press=press)
        if not found:
            return None
        batch = moving.batch_of(found)
        ids = [dossier.pk for dossier in found]
        with change_many(ids, by=by, at=at, press=press) as many:
            for dossier in found:
                with many.change(dossier.pk) as life:
                    _move(life, moving, batch, dossier.holder_department)
    return batch


def take_desk_back(press: UUID, *, by: Desk, at: datetime) -> tuple[list[Done], list[Done]]:
    """Undo what one press of this officer moved: dossiers, and parts of other agencies' dossiers; what
    became of each. What was worked on since stays with the successor.
    """
    with transaction.atomic():
        moved = leg_desks.moved_by(press, by)
        events = Event.objects.filter(press=press, officer=by.officer)
        # All are locked in one order, as by the act itself.
        list(writer.locked().filter(pk__in=events.values("dossier")).order_by("pk"))
        dossiers = take_back_press(press, by=by, at=at)
        return dossiers, leg_desks.take_back(moved, by=by, at=at)


def _move(life: writer.Life, moving: _Moving, batch: Batch, room: Department | None) -> None:
    """One dossier, and the room it lies in."""
    leaver, successor, dossier = moving.leaver, moving.successor, life.dossier
    life.check("move_desk")
    rows = life.ask(hand_overs_of)
    last = next((row for row in rows if row.is_standing), None)
    waiting = last if last is not None and last.is_on_the_way else None
    row, changed = None, None
    if dossier.holder_id == leaver.pk:
        if waiting is None:
            row = life.add(_row(dossier, rows, moving, batch, room or batch.giver_department))
            life.added(batch)
            dossier.holder_department = row.receiver_department
        dossier.holder = successor
    if dossier.pending_officer_id == leaver.pk and waiting is not None:
        note = f"{waiting.note} {CHANGED}{leaver.full_name}: {moving.reason}".strip()[:300]
        life.change(waiting, receiver=successor, note=note)
        dossier.pending_officer = successor
        changed = waiting.pk
    about = {"from": leaver.pk, "to": successor.pk, "batch": batch.pk}
    life.record("move_desk", about | {"row": row.pk if row else None, "waiting": changed})


def _row(
    dossier: Dossier, rows: Sequence[HandOver], moving: _Moving, batch: Batch, giving: Department
) -> HandOver:
    last = next((row for row in rows if row.is_standing), None)
    role = last.receiver_role if last is not None else ""
    row = HandOver(
        dossier=dossier,
        batch=batch,
        seq=rows[0].seq + 1 if rows else 1,
        purpose=last.purpose if last is not None else Purpose.HANDLE,
        giver=moving.leaver,
        giver_role=role,
        giver_department=giving,
        receiver_department=_place(moving.places, giving),
        receiver=moving.successor,
        receiver_role=role,
        step_name=dossier.step_name,
        step_from=last.given_at if last is not None else dossier.received_at,
        step_minutes=last.next_step_minutes if last else None,
        step_due_at=dossier.step_due_at,
        next_step_order=dossier.step_order,
        next_step_name=dossier.step_name,
        next_step_minutes=last.next_step_minutes if last else None,
        next_step_by_share=last.next_step_by_share if last else False,
        given_at=moving.at,
        confirmed_at=moving.at,
        confirmed_by=moving.by.officer,
        note=moving.reason[:300],
    )
    row.outcome = judged(row, goes_on=True, past=lambda: rows)
    return row


def _places(officer: Officer, at: datetime) -> list[Department]:
    """Departments where the officer may hold work: those of the roles held, then the home
    department.
    """
    found = {
        g.department.pk: g.department
        for g in RoleGrant.objects.valid_on(timezone.localdate(at))
        .filter(officer=officer)
        .select_related("department")
        if g.department is not None
    }
    if officer.department is not None:
        found.setdefault(officer.department.pk, officer.department)
    return list(found.values())


def _place(places: list[Department], giving: Department) -> Department:
    """The same department where the successor sits there too, else the successor's first."""
    return next((d for d in places if d.pk == giving.pk), places[0])
