"""A leaver's parts of other agencies' dossiers go to the successor with the desk (acts/desks.py): what
the leaver has or was given, wherever it stands, goes on with its time and the same agency.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from dossiers.acts import leg_work, legs
from dossiers.acts.leg_work import works_there
from dossiers.acts.legs import LEGS, next_version, of_leg
from dossiers.acts.many import Done
from dossiers.ledger.history import data_of
from dossiers.ledger.many import change_many
from dossiers.models import Dossier, Event
from dossiers.models.legs import Leg
from dossiers.registry import Act, Block, Told, all_acts, register
from dossiers.states import FROM_OPEN, MOVERS
from onestop.accounts.desk import desk_of
from onestop.accounts.models import Department, Officer, Role
from onestop.errors import DomainError, require
from onestop.results import ALLOWED, Answer, Denied

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk


def _may(desk: Desk, dossier: Dossier) -> Answer:
    """That one is open; whose it is the verb asks of the leg itself."""
    return ALLOWED if dossier.open_legs else Denied("leg_ended")


def _may_move(desk: Desk, leg: Leg) -> Answer:
    """As a desk of dossiers: the administrator, who leads the agency, the head of the room."""
    heads = desk.department_ids_as(Role.HEAD)
    if (
        desk.administers(leg.agency)
        or desk.has(Role.LEADER, agency_id=leg.agency_id)
        or leg.holder_department_id in heads
        or leg.pending_department_id in heads
    ):
        return ALLOWED
    return Denied("not_desk_mover")


def _moved(told: Told) -> Iterator[str]:
    yield from of_leg(told)
    if told.row is not None:
        yield told.data["way"]
        if not told.undone:
            yield told.data["reason"]


def leaver_is_there(block: Block, data: dict[str, Any]) -> None:
    """Back to the desk it was moved from: its officer must still be there. Errors:
    DomainError("leaver_closed").
    """
    # The first events of moved parts were written without it.
    if (name := block.ask(_closed_leavers).get(data.get("from"))) is not None:
        raise DomainError("leaver_closed", name=name)


def _closed_leavers(ids: Sequence[int]) -> dict[int, dict[int | None, str]]:
    """Of what was moved of these dossiers, they or parts of them: whose account is closed, by name. Two
    queries.
    """
    moving = [act.name for act in all_acts() if act.on_undo is leaver_is_there]
    moved = Event.objects.filter(dossier__in=ids, kind__in=moving)
    leavers = {data_of(event).get("from") for event in moved}
    closed = Officer.objects.filter(pk__in=leavers - {None}, is_active=False)
    names: dict[int | None, str] = dict(closed.values_list("pk", "full_name"))
    return dict.fromkeys(ids, names)


MOVE_LEG = register(
    Act(
        "move_leg", "Bàn giao phần phối hợp đang giữ", 36, FROM_OPEN, None, MOVERS, _may, told_by=LEGS, lines=_moved,
        is_aside=True, on_undo=leaver_is_there, way_back="Giao lại ở trang phần phối hợp.",
    )
)  # fmt: skip


def on_desk(officer: Officer) -> QuerySet[Leg]:
    """What the officer has, or was given and has not taken."""
    mine = Q(holder=officer, pending_department=None) | Q(pending_officer=officer)
    return Leg.objects.with_agency().filter(mine)


def move(
    found: Sequence[Leg],
    leaver: Officer,
    to: tuple[Officer, Sequence[Department]],
    *,
    by: Desk,
    at: datetime,
    reason: str,
    press: UUID | None = None,
) -> None:
    """Give these legs of the leaver to the successor; their dossiers are locked already. In: `to`, the
    successor and where they may hold work; `press`, what the events bear.

    Effects per leg: who has it or is to take it, its version, event, bell. Errors:
    DomainError("not_desk_mover", "leg_successor").
    """
    if not found:
        return
    successor, _ = to
    theirs = desk_of(successor, at)
    for leg in found:
        require(_may_move(by, leg))
        if not works_there(theirs, leg):
            raise _unfit(successor, leg)
    # They stand by their dossiers already, as hand_desk_over() read them.
    of_dossier = {pk: list(rows) for pk, rows in groupby(found, lambda one: one.dossier_id)}
    with change_many(list(of_dossier), by=by, at=at, press=press) as many:
        for pk, rows in of_dossier.items():
            with many.change(pk) as life:
                for leg in rows:
                    life.check("move_leg")
                    now = {"version": next_version(life)}
                    life.change(leg, **_to(leg, leaver, to, at), **now)
                    way = f"{leaver.full_name} → {successor.full_name}"
                    about = {"row": leg.pk, "from": leaver.pk, "way": way, "reason": reason[:300]}
                    life.record("move_leg", about)
                    life.tell(legs.tell_passed(leg, life.dossier, at, successor))


def moved_by(press: UUID, by: Desk) -> list[Event]:
    """The events of the parts that this press of this officer moved. One query."""
    rows = Event.objects.filter(press=press, officer=by.officer, kind=MOVE_LEG.name)
    return list(rows.select_related("dossier").order_by("dossier", "seq"))


def take_back(moved: Sequence[Event], *, by: Desk, at: datetime) -> list[Done]:
    """Each of these parts back to the desk it was moved from; what was done to one since stays, and
    is reported.
    """
    done = {}
    for once in _once_a_dossier(moved):
        errors = leg_work.take_back_each(once, by=by, at=at)
        for event, error in zip(once, errors, strict=True):
            done[event.pk] = Done(event.dossier_id, event.dossier.code, error)
    return [done[event.pk] for event in moved]


def _once_a_dossier(moved: Sequence[Event]) -> Iterator[list[Event]]:
    """All of them, so that each dossier comes once a turn: whoever works for two agencies may have had a
    part of each.
    """
    of_dossier = [list(rows) for _, rows in groupby(moved, lambda one: one.dossier_id)]
    for turn in zip_longest(*of_dossier):
        yield [event for event in turn if event is not None]


def _unfit(successor: Officer, leg: Leg) -> DomainError:
    about = {"name": successor.full_name, "agency": leg.agency.name}
    return DomainError("leg_successor", field="successor", **about)


def _to(
    leg: Leg, leaver: Officer, to: tuple[Officer, Sequence[Department]], at: datetime
) -> dict[str, object]:
    """The columns that name the leaver, with the successor; in the same room where both sit there,
    always in one of the leg's agency. Errors: DomainError("leg_successor").
    """
    successor, places = to
    agency = leg.agency.in_charge(timezone.localdate(at)).pk
    there = [one for one in places if one.agency_id == agency]
    found: dict[str, object] = {}
    for who, room in (("holder", "holder_department"), ("pending_officer", "pending_department")):
        if getattr(leg, f"{who}_id") == leaver.pk:
            if not there:
                raise _unfit(successor, leg)
            where = getattr(leg, f"{room}_id")
            found[who] = successor
            found[room] = next((one for one in there if one.pk == where), there[0])
    return found
