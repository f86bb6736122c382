"""Giving, confirming and recalling: the acts that move a dossier from desk to desk (R-66).

A step's clock is with the giver until giving and with the receiver from then on. The receiver's confirmation states the outcome
of the giver's step. What comes back to the Bộ phận Một cửa with its result is ended by the counter's confirmation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from dossiers import rules
from dossiers.domain import deadlines, lifecycle
from dossiers.domain.approving import check_approval, left_out, passes_on, standing
from dossiers.domain.capacities import giver_role, role_in
from dossiers.domain.events import instant
from dossiers.domain.steps import NextStep, end_of, order_of, steps_of, suggested_step, title_of
from dossiers.models import Batch, Dossier, Event, HandOver, Result
from dossiers.models.dossier import Outcome
from dossiers.models.handover import Purpose
from dossiers.queries.acts import data_of
from dossiers.states import HANDLERS, WORKING, State
from onestop.accounts.models import Department, DepartmentKind, Officer, RoleGrant
from onestop.errors import DomainError
from procedures.models import Step

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

__all__ = ["Done", "NextStep", "Seen", "confirm", "confirm_many", "hand_over", "hand_over_many", "recall", "recall_batch", "suggested_step"]

RETURN_DESK_STEP = "Trả kết quả"


@dataclass(frozen=True, slots=True)
class Seen:
    """A dossier as the page showed it: id and row version (None when the page showed none)."""

    dossier_id: int
    row_version: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one dossier of an act on many: the error is None when it was done."""

    dossier_id: int
    code: str
    error: DomainError | None = None


def refused(dossier_id: int, error: DomainError) -> Done:
    """One of many that could not be done, with its code. One query."""
    code = Dossier.objects.filter(pk=dossier_id).values_list("code", flat=True).first() or ""
    return Done(dossier_id, code, error)


def each(asked: Iterable[Seen], verb: Callable[[Seen], Dossier]) -> list[Done]:
    """Do it to one or many, each in its own transaction; what is refused is reported and the others go on."""
    done = []
    for seen in asked:
        try:
            done.append(Done(seen.dossier_id, verb(seen).code))
        except DomainError as error:
            done.append(refused(seen.dossier_id, error))
    return done


def hand_over_many(
    given: Sequence[Seen],
    *,
    to: Department,
    receiver: Officer | None,
    step: NextStep | None,
    by: Desk,
    at: datetime,
    note: str = "",
) -> tuple[Batch | None, list[Done]]:
    """Give one or many dossiers to a department, or to one officer of it, as one batch.

    In: dossiers as seen; `step` None takes each dossier's own next step of its internal process. Passing over an approval of the
    process needs a note, which the control sheet and the timeline show ("step_skipped" on field "note").
    Effects per dossier, each in its own transaction: hand-over row, pending desk, event. A dossier that cannot be given is
    reported and the others go on. A hand-over to oneself is confirmed by itself and shows as two roles.
    Errors: DomainError before anything is written when the receiver does not fit.
    """
    _check_receiver(to, receiver, at)
    giver_department = _giving_department(given, by)
    batch: Batch | None = None
    done: list[Done] = []
    for seen in given:
        try:
            with transaction.atomic():
                made = batch or Batch.objects.create(
                    agency_id=giver_department.agency_id,
                    giver=by.officer,
                    giver_department=giver_department,
                    receiver_department=to,
                    receiver=receiver,
                    given_at=at,
                    note=note,
                )
                code = _give(seen, batch=made, to=to, receiver=receiver, step=step, by=by, at=at, note=note)
            batch = made
            done.append(Done(seen.dossier_id, code))
        except DomainError as error:
            done.append(refused(seen.dossier_id, error))
    return batch, done


def hand_over(
    dossier: Dossier,
    *,
    to: Department,
    receiver: Officer | None = None,
    step: NextStep | None = None,
    by: Desk,
    at: datetime,
    note: str = "",
) -> HandOver:
    """Give one dossier; raises instead of reporting. Effects as hand_over_many."""
    batch, (done,) = hand_over_many([Seen(dossier.pk, dossier.row_version)], to=to, receiver=receiver, step=step, by=by, at=at, note=note)
    if done.error is not None or batch is None:
        raise done.error or DomainError("receiver_missing")
    return batch.hand_overs.get()


def _give(
    seen: Seen, *, batch: Batch, to: Department, receiver: Officer | None, step: NextStep | None, by: Desk, at: datetime, note: str
) -> str:
    with lifecycle.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("hand_over")
        dossier = life.dossier
        to_self = receiver is not None and receiver.pk == by.officer.pk
        if dossier.holder_department_id == to.pk and (receiver is None or receiver.pk == dossier.holder_id) and not to_self:
            raise DomainError("same_desk", field="to")
        if to.agency_id not in (dossier.agency_id, dossier.received_by_agency_id):
            raise DomainError("receiver_foreign", field="to")
        rows, steps = standing(dossier), steps_of(dossier)
        last = rows[0] if rows else None
        step = step or suggested_step(dossier, to, receiver, steps=steps, last=last)
        if last is not None and last.purpose == Purpose.APPROVE and passes_on(last, step, to):
            check_approval(dossier, by=by)
        order = order_of(dossier, step, steps, last, to, receiver)
        skipped = left_out(dossier, steps, rows, order) if dossier.state in WORKING else []
        if skipped and not note.strip():
            raise DomainError("step_skipped", field="note", step=title_of(skipped[0]))
        given_as = giver_role(by, dossier, last)
        if to_self and dossier.holder_department_id == to.pk and role_in(by, to.pk, step.purpose) == given_as:
            raise DomainError("same_desk", field="to")
        row = _write(life, batch, last, step=step, order=order, given_as=given_as, skipped=skipped)
        if to_self:
            _confirm(life, row, at=at, difference="", outcome=None)
        return dossier.code


def _write(
    life: lifecycle.Life, batch: Batch, last: HandOver | None, *, step: NextStep, order: int, given_as: str, skipped: Sequence[Step]
) -> HandOver:
    """The row of a giving, the pending desk and the event."""
    dossier, newest = life.dossier, HandOver.objects.filter(dossier=life.dossier).aggregate(seq=Max("seq"))
    row = HandOver.objects.create(
        dossier=dossier,
        batch=batch,
        seq=(newest["seq"] or 0) + 1,
        purpose=step.purpose,
        giver=batch.giver,
        giver_role=given_as,
        giver_department_id=dossier.holder_department_id or batch.giver_department_id,
        receiver_department=batch.receiver_department,
        receiver=batch.receiver,
        step_name=dossier.step_name,
        step_from=_step_began(dossier, last),
        step_minutes=last.next_step_minutes if last else None,
        step_due_at=dossier.step_due_at,
        next_step_order=order,
        next_step_name=step.name,
        next_step_minutes=step.minutes,
        given_at=life.at,
        confirm_by=deadlines.confirm_by(life.at, life.calendar),
        note=batch.note,
    )
    dossier.pending_department, dossier.pending_officer = row.receiver_department, row.receiver
    kept: dict[str, object] = {"forward_by": instant(dossier.forward_by)}
    if skipped:
        kept["skipped"] = title_of(skipped[0])
    dossier.forward_by = None
    life.record("hand_over", {"row": row.pk, "to": row.receiver_department_id, "officer": row.receiver_id} | kept)
    return row


def end_past_approval(life: lifecycle.Life, skipped: Sequence[Step], *, note: str) -> None:
    """The counter, which has the result, ends a dossier though its process wants more: the note why is that of a hand-over of the
    counter to itself, confirmed by itself, so that control sheet and timeline show it and taking back knows it.

    Effects: batch, hand-over row, events hand_over, confirm, finish.
    """
    assert life.by is not None
    dossier, rows = life.dossier, standing(life.dossier)
    counter = dossier.holder_department
    assert counter is not None
    batch = Batch.objects.create(
        agency_id=counter.agency_id,
        giver=life.by.officer,
        giver_department=counter,
        receiver_department=counter,
        receiver=life.by.officer,
        given_at=life.at,
        note=note.strip(),
    )
    last, order = rows[0] if rows else None, end_of(steps_of(dossier))
    step = NextStep(order=order, name=RETURN_DESK_STEP, purpose=Purpose.RETURN)
    row = _write(life, batch, last, step=step, order=order, given_as=giver_role(life.by, dossier, last), skipped=skipped)
    _confirm(life, row, at=life.at, difference="", outcome=None)


def confirm_many(received: Sequence[Seen], *, by: Desk, at: datetime, difference: str = "") -> list[Done]:
    """Confirm one or many hand-overs; each in its own transaction, with a result list."""
    return each(received, lambda seen: confirm(seen, by=by, at=at, difference=difference))


def confirm(seen: Seen, *, by: Desk, at: datetime, difference: str = "", outcome: Outcome | None = None) -> Dossier:
    """The receiver takes over: states the outcome of the giver's step (computed when not stated), records differences.

    Effects: hand-over row closed, holder moves, the receiver's step clock is set, events; the first confirmation outside the
    counter takes the dossier up (status 4); a result that reaches the Bộ phận Một cửa ends it (status 9).
    Errors: Conflict, DomainError("nothing_to_confirm", "given_to_another").
    """
    with lifecycle.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("confirm")
        row = HandOver.objects.select_related("receiver_department").get(dossier=life.dossier, confirmed_at=None, recalled_at=None)
        _confirm(life, row, at=at, difference=difference, outcome=outcome)
        return life.dossier


def _confirm(life: lifecycle.Life, row: HandOver, *, at: datetime, difference: str, outcome: Outcome | None) -> None:
    assert life.by is not None
    dossier = life.dossier
    row.confirmed_at, row.confirmed_by, row.difference = at, life.by.officer, difference
    row.receiver_role = role_in(life.by, row.receiver_department_id, row.purpose)
    within_counter = _stays_at_counter(dossier, row)
    row.outcome = outcome or (None if within_counter else step_outcome(row))
    row.save(update_fields=["confirmed_at", "confirmed_by", "difference", "receiver_role", "outcome"])
    # What taking back needs beside the row and the columns every event keeps.
    kept = {"step_order": dossier.step_order, "step_due": instant(dossier.step_due_at), "forward_by": instant(dossier.forward_by)}
    dossier.holder = row.receiver if row.receiver_id in life.by.officer_ids else life.by.officer
    dossier.holder_department = row.receiver_department
    dossier.pending_department = dossier.pending_officer = None
    if within_counter:
        dossier.forward_by = row.step_due_at
    else:
        dossier.step_order, dossier.step_name = row.next_step_order, row.next_step_name
        dossier.step_due_at = deadlines.step_due(row.given_at, row.next_step_minutes, life.calendar)
    life.record("confirm", {"row": row.pk, "outcome": row.outcome, "difference": bool(difference)} | kept)
    if rules.is_one_stop(row):
        if dossier.state in WORKING and Result.objects.filter(dossier=dossier, replaced_by=None).exists():
            dossier.step_name = RETURN_DESK_STEP
            life.record("finish", {"result": "at_counter"})
    elif dossier.state == State.RECEIVED:
        life.record("take_up")


def _stays_at_counter(dossier: Dossier, row: HandOver) -> bool:
    """From clerk to clerk of the counter before it went anywhere: reception and its time for forwarding (R-39) go on."""
    return dossier.state == State.RECEIVED and rules.is_one_stop(row) and row.giver_department.kind == DepartmentKind.ONE_STOP


def recall(seen: Seen, *, by: Desk, at: datetime) -> Dossier:
    """Take a hand-over back while the receiver has not confirmed it. Effects: row marked recalled, desk free again, event."""
    with lifecycle.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("recall")
        row = HandOver.objects.get(dossier=life.dossier, confirmed_at=None, recalled_at=None)
        row.recalled_at = at
        row.save(update_fields=["recalled_at"])
        life.dossier.pending_department = life.dossier.pending_officer = None
        if _was_to_be_forwarded(row):
            life.dossier.forward_by = life.dossier.step_due_at
        life.record("recall", {"row": row.pk})
        return life.dossier


def _was_to_be_forwarded(row: HandOver) -> bool:
    """Whether the giving ended the counter's time for passing on (R-39), which is its step's time."""
    givings = map(data_of, Event.objects.filter(dossier=row.dossier_id, kind="hand_over").order_by("-seq"))
    return any(data["row"] == row.pk and data["forward_by"] is not None for data in givings)


def recall_many(given: Iterable[Seen], *, by: Desk, at: datetime) -> list[Done]:
    """Take one or many back that nobody has confirmed; each in its own transaction, with a result list."""
    return each(given, lambda seen: recall(seen, by=by, at=at))


def recall_batch(batch: Batch, *, by: Desk, at: datetime) -> list[Done]:
    """The same for what of one batch nobody has confirmed yet."""
    rows = HandOver.objects.filter(batch=batch, confirmed_at=None, recalled_at=None).values_list("dossier_id", flat=True)
    return recall_many(map(Seen, rows), by=by, at=at)


def step_outcome(row: HandOver) -> Outcome | None:
    """How the giver's step ended, by the giving; None when the step had no time."""
    return deadlines.outcome_of_step(row.step_due_at, row.given_at)


def _step_began(dossier: Dossier, last: HandOver | None) -> datetime:
    return last.given_at if last else dossier.received_at


def _check_receiver(to: Department, receiver: Officer | None, at: datetime) -> None:
    """The room is open, and who is named holds a handling role in it on that day."""
    if not to.is_active:
        raise DomainError("receiver_closed", field="to")
    if receiver is None:
        return
    grants = RoleGrant.objects.valid_on(timezone.localdate(at)).filter(officer=receiver, department=to, role__in=HANDLERS)
    if not (receiver.is_active and grants.exists()):
        raise DomainError("receiver_elsewhere", field="receiver")


def _giving_department(given: Sequence[Seen], by: Desk) -> Department:
    """Where the dossiers lie (the first that lies anywhere names the batch), else the giver's own department."""
    lying = Department.objects.filter(pk__in=Dossier.objects.filter(pk__in=[s.dossier_id for s in given]).values("holder_department_id"))
    mine = sorted(lying, key=lambda d: (d.pk not in by.department_ids, d.pk))
    if mine:
        return mine[0]
    if by.departments:
        return by.departments[0]
    raise DomainError("role_missing", act="giao hồ sơ")
