"""What the agency that has a leg does with it: takes it, gives it on inside the agency, answers, says
that it cannot be done, takes the own act back. None of it makes the pages of the dossier old
(registry.Act.is_aside): a leg has a version of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from dossiers.acts import legs
from dossiers.acts.handovers import check_open, works_in
from dossiers.acts.legs import LEGS, next_version, of_leg
from dossiers.ledger import undo, writer
from dossiers.ledger.history import chains_of, data_of, notices_of, taken_back
from dossiers.ledger.many import change_many
from dossiers.models import Dossier, Event
from dossiers.models.legs import WITH_AGENCY, Leg, LegKind, LegState
from dossiers.reach import shared_ids
from dossiers.registry import Act, Told, find, register
from dossiers.states import FROM_OPEN, HANDLERS
from onestop.accounts.models import Department, Officer, Role
from onestop.errors import DomainError
from onestop.files.domain import attach, keep
from onestop.outbox.domain import retract_all
from onestop.results import ALLOWED, Answer, Denied

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from onestop.accounts.desk import Desk

FILES = "dossier"


@dataclass(frozen=True, slots=True)
class SeenLeg:
    """A leg as its page showed it."""

    pk: int
    dossier_id: int
    version: int


def works_there(desk: Desk, leg: Leg) -> bool:
    """Whether this officer has a role there by which parts are done."""
    return desk.has(*(Role(role) for role in HANDLERS), agency_id=leg.agency_id)


def is_to_take(desk: Desk, leg: Leg) -> bool:
    """Whether this officer may take it: it was sent to the agency, or given to the officer or a room
    of theirs.
    """
    if not leg.is_to_take or not works_there(desk, leg):
        return False
    if leg.pending_officer_id is not None:
        return leg.pending_officer_id in desk.officer_ids
    if leg.pending_department_id is not None:
        return leg.pending_department_id in desk.department_ids
    return True


def holds(desk: Desk, leg: Leg) -> bool:
    """Whether it lies on this desk: one's own, a head's room, a clerk's counter."""
    if leg.state != LegState.WORKING or leg.is_to_take or not works_there(desk, leg):
        return False
    return leg.holder_id in desk.officer_ids or leg.holder_department_id in shared_ids(desk)


def may_pass(desk: Desk, leg: Leg) -> bool:
    """Who has it; the counter or who leads the agency, whoever has it."""
    leads = desk.has(Role.CLERK, Role.LEADER, agency_id=leg.agency_id)
    return leg.is_with_agency and (leads or holds(desk, leg))


def _may(desk: Desk, dossier: Dossier) -> Answer:
    """That one is open; whose it is the verb asks of the leg itself."""
    return ALLOWED if dossier.open_legs else Denied("leg_ended")


def _passed(told: Told) -> Iterator[str]:
    yield from of_leg(told)
    if told.row is not None:
        yield f"Giao {told.data['to']}"


def _answered(told: Told) -> Iterator[str]:
    yield from of_leg(told)
    row = told.row
    if row is not None and row["answer"] and not told.undone:
        outcome = row["outcome"]
        yield f"{Leg.Outcome(outcome).label}: {row['answer']}" if outcome else row["answer"]


def _act(name: str, label: str, order: int, lines: Any) -> Act:
    return register(
        Act(
            name, label, order, FROM_OPEN, None, HANDLERS, _may, told_by=LEGS, lines=lines, is_aside=True,
            way_back="Hoàn tác ở trang phần phối hợp.",
        )
    )  # fmt: skip


RECEIVE_LEG = _act("receive_leg", "Nhận phần phối hợp", 35, of_leg)
PASS_LEG = _act("pass_leg", "Giao phần phối hợp", 36, _passed)
ANSWER_LEG = _act("answer_leg", "Trả lời phối hợp", 37, _answered)
FAIL_LEG = _act("fail_leg", "Không thực hiện được phần phối hợp", 38, _answered)


def _found(life: writer.Life, seen: SeenLeg) -> Leg:
    """The leg of the locked dossier, as the page had shown it. Errors: DomainError("leg_ended"),
    Conflict.
    """
    names = ("agency", "holder", "opened_by", "pending_officer")
    found = Leg.objects.standing().filter(dossier=life.dossier, pk=seen.pk)
    leg = found.select_related(*names).first()
    if leg is None or not leg.is_with_agency:
        raise DomainError("leg_ended")
    if leg.version != seen.version:
        raise writer.conflict(life.dossier)
    return leg


def receive(seen: SeenLeg, *, by: Desk, at: datetime) -> Leg:
    """Take what was sent to the agency, or given on inside it. Effects: the row, event. Errors:
    DomainError("leg_ended", "leg_not_yours"), Conflict.
    """
    with writer.change(seen.dossier_id, by=by, at=at) as life:
        life.check("receive_leg")
        leg = _found(life, seen)
        if not is_to_take(by, leg):
            raise DomainError("leg_not_yours")
        first = leg.received_at is None
        life.change(
            leg,
            state=LegState.WORKING,
            holder=by.officer,
            holder_department=_room(by, leg),
            pending_officer=None,
            pending_department=None,
            received_by=by.officer if first else leg.received_by,
            received_at=at if first else leg.received_at,
            version=next_version(life),
        )
        life.record("receive_leg", {"row": leg.pk})
        return leg


def _room(desk: Desk, leg: Leg) -> Department | None:
    """Where it lies now: the room it was given to, else the officer's own of that agency."""
    there = [room for room in desk.departments if room.agency_id == leg.agency_id]
    given = [room for room in there if room.pk == leg.pending_department_id]
    return next(iter(given or there), None)


def pass_on(
    seen: SeenLeg, to: Department, officer: Officer | None = None, *, by: Desk, at: datetime
) -> Leg:
    """Give it to a room of the agency, or to somebody there, who takes it. Effects: the row, event,
    bell. Errors: DomainError("leg_ended", "leg_not_yours", "leg_elsewhere", "receiver_closed",
    "receiver_elsewhere"), Conflict.
    """
    with writer.change(seen.dossier_id, by=by, at=at) as life:
        life.check("pass_leg")
        leg = _found(life, seen)
        if not may_pass(by, leg):
            raise DomainError("leg_not_yours")
        if to.agency_id != leg.agency.in_charge(timezone.localdate(at)).pk:
            raise DomainError("leg_elsewhere", field="to")
        check_open(to, at)
        if officer is not None and not works_in(to, officer, at):
            raise DomainError("receiver_elsewhere", field="officer")
        life.change(leg, pending_department=to, pending_officer=officer, version=next_version(life))
        life.record("pass_leg", {"row": leg.pk, "to": to.name})
        if officer is not None:
            life.tell(legs.tell_passed(leg, life.dossier, at, officer))
        return leg


@dataclass(frozen=True, slots=True)
class AnswerIn:
    """What the agency says; `outcome` None: it cannot be done."""

    text: str
    outcome: int | None = None


def answer(
    seen: SeenLeg,
    what: AnswerIn,
    *,
    by: Desk,
    at: datetime,
    file: UploadedFile[Any] | None = None,
) -> Leg:
    """Answer, or say that it cannot be done: the leg ends, and the agency's sight of the dossier with
    it.

    Effects in order: bytes kept before any lock; the file of the dossier, the row, the next on paper,
    event, bells. Errors: DomainError("leg_answer_missing", "leg_ended", "leg_not_yours"), Conflict,
    those of onestop.files.
    """
    if not what.text.strip():
        raise DomainError("leg_answer_missing", field="text")
    kept = keep(file, name=file.name or "") if file is not None else None
    name = "answer_leg" if what.outcome else "fail_leg"
    with writer.change(seen.dossier_id, by=by, at=at) as life:
        life.check(name)
        leg = _found(life, seen)
        if not holds(by, leg):
            raise DomainError("leg_not_yours")
        row = None
        if kept is not None:
            row = attach(kept, kind=FILES, object_id=seen.dossier_id, by=by.officer, at=at)
            life.added(row)
        life.change(
            leg,
            state=LegState.ANSWERED if what.outcome else LegState.FAILED,
            outcome=what.outcome,
            answer=what.text.strip(),
            file=row,
            ended_by=by.officer,
            ended_at=at,
            version=next_version(life),
        )
        sent = legs.ended(life, leg)
        life.record(name, {"row": leg.pk})
        life.tell(legs.tell_answered(leg, life.dossier, at))
        for one in sent:
            life.tell(legs.tell_sent(one, life.dossier, at))
        return leg


def mine_to_take_back(leg: Leg, officer_id: int) -> Event | None:
    """The last act on this leg, where this officer did it, nothing else changed the leg since and the
    dossier has not ended. One query.
    """
    if leg.dossier.ended_at is not None:
        return None
    return _mine(leg, chains_of([leg.dossier_id])[leg.dossier_id], officer_id)


def _mine(leg: Leg, chain: Sequence[Event], officer_id: int | None) -> Event | None:
    """The same by every event of the dossier, oldest first."""
    gone = taken_back(chain)
    for event in reversed(chain):
        act = find(event.kind)
        if event.seq in gone or act is None or not act.is_aside:
            continue
        if data_of(event)["row"] == leg.pk:
            mine = event.officer_id == officer_id and event.seq == leg.version
            return event if mine else None
    return None


def take_back(seen: SeenLeg, *, by: Desk, at: datetime) -> Leg:
    """Undo one's own last act on the leg. Effects: the row as before it, event, notices. Errors:
    DomainError("nothing_to_take_back", "changed_since"), Conflict.
    """
    with writer.change(seen.dossier_id, by=by, at=at) as life:
        found = _legs_of([seen.dossier_id])[seen.dossier_id]
        leg = _to_take_back(life, found, seen)
        if leg.version != seen.version:
            raise writer.conflict(life.dossier)
        event = _take_back(life, found, leg)
        _retract({seen.dossier_id: notices_of(event)})
        return leg


def take_back_each(events: Sequence[Event], *, by: Desk, at: datetime) -> list[DomainError | None]:
    """The same of what these events did, of each dossier one at most: in one transaction, with as many
    queries for twenty as for two. Out: why not, in their order; what is refused stays as it is.
    """
    done: list[DomainError | None] = []
    told: dict[int, list[int]] = {}
    ids = [event.dossier_id for event in events]
    with change_many(ids, by=by, at=at) as many:
        found = _legs_of(ids)
        before = undo.stood(events, legs={leg.pk: leg for legs in found.values() for leg in legs})
        for event in events:
            # Whoever changed it since gave it another version.
            seen = SeenLeg(data_of(event)["row"], event.dossier_id, event.seq)
            error = None
            try:
                with many.change(event.dossier_id) as life:
                    leg = _to_take_back(life, found[event.dossier_id], seen)
                    if leg.version != seen.version:
                        raise DomainError("nothing_to_take_back")
                    _take_back(life, found[event.dossier_id], leg, before)
            except DomainError as refusal:
                error = refusal
            else:
                told[event.dossier_id] = notices_of(event)
            done.append(error)
        _retract(told)
    return done


def _to_take_back(life: writer.Life, found: Sequence[Leg], seen: SeenLeg) -> Leg:
    life.check("take_back")
    for leg in found:
        if leg.pk == seen.pk and leg.undone_at is None:
            return leg
    raise DomainError("nothing_to_take_back")


def _take_back(
    life: writer.Life, found: Sequence[Leg], leg: Leg, before: undo.Stood | None = None
) -> Event:
    """The event that was undone. In: `found`, all legs of the dossier. Errors:
    DomainError("nothing_to_take_back", "changed_since"), those of undo().
    """
    event = None
    if life.dossier.ended_at is None:
        event = _mine(leg, life.ask(chains_of), life.officer_id)
    if event is None:
        raise DomainError("nothing_to_take_back")
    undo.undo(life, event, before or undo.stood([event], legs={one.pk: one for one in found}))
    _check_alone(found, leg)
    life.record("take_back", {"event": event.seq, "through": event.seq, "first": event.kind})
    return event


def _legs_of(ids: Sequence[int]) -> dict[int, list[Leg]]:
    """Every leg of these dossiers, by dossier. One query."""
    found: dict[int, list[Leg]] = {pk: [] for pk in ids}
    for leg in Leg.objects.filter(dossier__in=ids).order_by("number"):
        found[leg.dossier_id].append(leg)
    return found


def _retract(told: Mapping[int, Sequence[int]]) -> None:
    retract_all(told, object_kind="dossier", heading="Đã hoàn tác")


def _check_alone(found: Sequence[Leg], leg: Leg) -> None:
    """An agency has one open part, and on paper one agency works at a time, also when an answer is
    taken back. Errors: DomainError("changed_since").
    """
    others = [one for one in found if one.pk != leg.pk and one.is_open]
    is_paper = leg.kind == LegKind.ORDERED
    for one in others:
        is_working = one.kind == LegKind.ORDERED and one.state in WITH_AGENCY
        if one.agency_id == leg.agency_id or (is_paper and is_working):
            raise DomainError("changed_since")
