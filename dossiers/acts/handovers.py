"""Giving, confirming and recalling: the acts that move a dossier from desk to desk (R-66).

A step's clock is with the giver until giving and with the receiver from then on. The receiver's
confirmation states the outcome of the giver's step. What comes back to the Bộ phận Một cửa with its
result is ended by the counter's confirmation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from dossiers import rules
from dossiers.acts.many import Done, Seen, each, refused
from dossiers.clock import deadlines
from dossiers.ledger import writer
from dossiers.ledger.history import data_of
from dossiers.models import Batch, Dossier, Event, HandOver, Result
from dossiers.models.handover import Purpose
from dossiers.models.outcome import Outcome
from dossiers.registry import Act, Page, Told, own_page, register
from dossiers.route.approving import check_approval, left_out, passes_on, standing
from dossiers.route.roles import giver_role, role_in
from dossiers.route.steps import (
    NextStep,
    end_of,
    order_of,
    steps_of,
    suggested_step,
    title_of,
    worked,
)
from dossiers.states import FROM_GIVEN, FROM_ON_THE_WAY, FROM_WORKING, HANDLERS, WORKING, State
from onestop.accounts.models import Department, DepartmentKind, Officer, Role, RoleGrant
from onestop.errors import DomainError
from onestop.results import ALLOWED, Answer, Denied
from procedures.models import Step

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

__all__ = [
    "Done",
    "NextStep",
    "Seen",
    "confirm",
    "confirm_many",
    "hand_over",
    "hand_over_many",
    "recall",
    "recall_batch",
    "suggested_step",
]

RETURN_DESK_STEP = "Trả kết quả"


def _may_hand_over(desk: Desk, dossier: Dossier) -> Answer:
    if dossier.pending_department_id is not None:
        return Denied("already_given")
    return rules.may_hold(desk, dossier)


def _may_recall(desk: Desk, dossier: Dossier) -> Answer:
    if dossier.pending_department_id is None:
        return Denied("nothing_to_recall")
    return rules.may_hold(desk, dossier)


def _may_confirm(desk: Desk, dossier: Dossier) -> Answer:
    if dossier.pending_department_id is None:
        return Denied("nothing_to_confirm")
    if dossier.pending_officer_id is not None:
        heads = desk.department_ids_as(Role.HEAD)
        if (
            dossier.pending_officer_id not in desk.officer_ids
            and dossier.pending_department_id not in heads
        ):
            return Denied("given_to_another")
        return ALLOWED
    return (
        ALLOWED
        if dossier.pending_department_id in desk.department_ids
        else Denied("given_to_another")
    )


def _given(told: Told) -> Iterator[str]:
    row: HandOver = told.row
    yield _way(row)
    if told.undone:
        yield from _skipped(told)
        return
    if row.next_step_name:
        allowed = f" ({worked(row.next_step_minutes)})" if row.next_step_minutes else ""
        yield f"{Purpose(row.purpose).label}: {row.next_step_name}{allowed}"
    if row.undone_at is not None:
        yield "Đã thu hồi"
    elif row.confirmed_at is None:
        yield "Chưa có người nhận"
    if row.note:
        yield f"Ghi chú: {row.note}"
    yield from _skipped(told)


def _skipped(told: Told) -> Iterator[str]:
    if skipped := told.data.get("skipped"):
        yield f"Bỏ qua bước “{skipped}”"


def _received(told: Told) -> Iterator[str]:
    row: HandOver = told.row
    yield _way(row)
    if told.undone:
        # a row that waits for its receiver again no longer knows what an undone confirmation said
        return
    if row.step_name and row.outcome:
        yield f"Bước “{row.step_name}”: {Outcome(row.outcome).label.lower()}"
    if row.difference:
        yield f"Sai khác: {row.difference}"


def _way(row: HandOver) -> str:
    receiver = f", {row.receiver.full_name}" if row.receiver else ""
    return f"{row.giver_department.name} → {row.receiver_department.name}{receiver}"


def _give_page(dossier: Dossier) -> str:
    return (
        f"{reverse('give')}?chon={dossier.pk}.{dossier.row_version}&ve={dossier.get_absolute_url()}"
    )


CONFIRM = register(
    Act(
        "confirm", "Nhận bàn giao", 20, FROM_ON_THE_WAY, None, HANDLERS, _may_confirm,
        told_by="hand_overs", lines=_received, page=Page("check", own_page("act_confirm")),
    )
)  # fmt: skip
RECALL = register(
    Act(
        "recall", "Thu hồi bàn giao", 21, FROM_ON_THE_WAY, None, HANDLERS, _may_recall, way_back="giao lại", tone="",
        told_by="hand_overs", lines=lambda told: [_way(told.row)], page=Page("undo", own_page("act_recall"), at_once=True),
    )
)  # fmt: skip
HAND_OVER = register(
    Act(
        "hand_over", "Giao hồ sơ", 22, FROM_GIVEN, None, HANDLERS, _may_hand_over, way_back="thu hồi, đến khi bên nhận xác nhận",
        told_by="hand_overs", lines=_given, page=Page("handover", _give_page),
    )
)  # fmt: skip
TAKE_UP = register(
    Act(
        "take_up",
        "Nhận xử lý",
        23,
        FROM_WORKING,
        State.IN_PROGRESS,
        HANDLERS,
        _may_confirm,
        is_silent=True,
    )
)  # comes with a confirmation, which says the same


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

    In: dossiers as seen; `step` None takes each dossier's own next step of its internal process.
    Passing over an approval of the process needs a note, which the control sheet and the timeline
    show ("step_skipped" on field "note"). Effects per dossier, each in its own transaction:
    hand-over row, pending desk, event. A dossier that cannot be given is reported and the others go
    on. A hand-over to oneself is confirmed by itself and shows as two roles. Errors: DomainError
    before anything is written when the receiver does not fit.
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
                code = _give(
                    seen, batch=made, to=to, receiver=receiver, step=step, by=by, at=at, note=note
                )
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
    batch, (done,) = hand_over_many(
        [Seen(dossier.pk, dossier.row_version)],
        to=to,
        receiver=receiver,
        step=step,
        by=by,
        at=at,
        note=note,
    )
    if done.error is not None or batch is None:
        raise done.error or DomainError("receiver_missing")
    return batch.hand_overs.get()


def _give(
    seen: Seen,
    *,
    batch: Batch,
    to: Department,
    receiver: Officer | None,
    step: NextStep | None,
    by: Desk,
    at: datetime,
    note: str,
) -> str:
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("hand_over")
        dossier = life.dossier
        to_self = receiver is not None and receiver.pk == by.officer.pk
        if (
            dossier.holder_department_id == to.pk
            and (receiver is None or receiver.pk == dossier.holder_id)
            and not to_self
        ):
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
        if (
            to_self
            and dossier.holder_department_id == to.pk
            and role_in(by, to.pk, step.purpose) == given_as
        ):
            raise DomainError("same_desk", field="to")
        row = _write(life, batch, last, step=step, order=order, given_as=given_as, skipped=skipped)
        if to_self:
            _confirm(life, row, at=at, difference="", outcome=None)
        return dossier.code


def _write(
    life: writer.Life,
    batch: Batch,
    last: HandOver | None,
    *,
    step: NextStep,
    order: int,
    given_as: str,
    skipped: Sequence[Step],
) -> HandOver:
    """The row of a giving, the pending desk and the event."""
    dossier, newest = (
        life.dossier,
        HandOver.objects.filter(dossier=life.dossier).aggregate(seq=Max("seq")),
    )
    row = HandOver(
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
    life.add(row)
    dossier.pending_department, dossier.pending_officer = row.receiver_department, row.receiver
    more: dict[str, object] = {"skipped": title_of(skipped[0])} if skipped else {}
    was_to_forward = dossier.forward_by is not None
    dossier.forward_by = None
    about = {
        "row": row.pk,
        "to": row.receiver_department_id,
        "officer": row.receiver_id,
        "forwards": was_to_forward,
    }
    life.record("hand_over", about | more)
    return row


def end_past_approval(life: writer.Life, skipped: Sequence[Step], *, note: str) -> None:
    """The counter, which has the result, ends a dossier though its process wants more: the note why
    is that of a hand-over of the counter to itself, confirmed by itself, so that control sheet and
    timeline show it and taking back knows it.

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
    row = _write(
        life,
        batch,
        last,
        step=step,
        order=order,
        given_as=giver_role(life.by, dossier, last),
        skipped=skipped,
    )
    _confirm(life, row, at=life.at, difference="", outcome=None)


def confirm_many(
    received: Sequence[Seen], *, by: Desk, at: datetime, difference: str = ""
) -> list[Done]:
    """Confirm one or many hand-overs; each in its own transaction, with a result list."""
    return each(received, lambda seen: confirm(seen, by=by, at=at, difference=difference))


def confirm(
    seen: Seen, *, by: Desk, at: datetime, difference: str = "", outcome: Outcome | None = None
) -> Dossier:
    """The receiver takes over: states the outcome of the giver's step (computed when not stated),
    records differences.

    Effects: hand-over row closed, holder moves, the receiver's step clock is set, events; the first
    confirmation outside the counter takes the dossier up (status 4); a result that reaches the Bộ
    phận Một cửa ends it (status 9). Errors: Conflict, DomainError("nothing_to_confirm",
    "given_to_another").
    """
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("confirm")
        row = (
            HandOver.objects.standing()
            .select_related("receiver_department")
            .get(dossier=life.dossier, confirmed_at=None)
        )
        _confirm(life, row, at=at, difference=difference, outcome=outcome)
        return life.dossier


def _confirm(
    life: writer.Life, row: HandOver, *, at: datetime, difference: str, outcome: Outcome | None
) -> None:
    assert life.by is not None
    dossier = life.dossier
    within_counter = _stays_at_counter(dossier, row)
    life.change(
        row,
        confirmed_at=at,
        confirmed_by=life.by.officer,
        difference=difference,
        receiver_role=role_in(life.by, row.receiver_department_id, row.purpose),
        outcome=outcome or (None if within_counter else step_outcome(row)),
    )
    dossier.holder = row.receiver if row.receiver_id in life.by.officer_ids else life.by.officer
    dossier.holder_department = row.receiver_department
    dossier.pending_department = dossier.pending_officer = None
    if within_counter:
        dossier.forward_by = row.step_due_at
    else:
        dossier.step_order, dossier.step_name = row.next_step_order, row.next_step_name
        dossier.step_due_at = deadlines.step_due(row.given_at, row.next_step_minutes, life.calendar)
    life.record("confirm", {"row": row.pk, "outcome": row.outcome, "difference": bool(difference)})
    if rules.is_one_stop(row):
        result = (
            Result.objects.current().filter(dossier=dossier).first()
            if dossier.state in WORKING
            else None
        )
        if result is not None:
            dossier.step_name = RETURN_DESK_STEP
            life.record(
                "finish", {"result": "at_counter", "refused": result.kind == Result.Kind.REFUSED}
            )
    elif dossier.state == State.RECEIVED:
        life.record("take_up")


def _stays_at_counter(dossier: Dossier, row: HandOver) -> bool:
    """From clerk to clerk of the counter before it went anywhere: reception and its time for
    forwarding (R-39) go on.
    """
    return (
        dossier.state == State.RECEIVED
        and rules.is_one_stop(row)
        and row.giver_department.kind == DepartmentKind.ONE_STOP
    )


def recall(seen: Seen, *, by: Desk, at: datetime) -> Dossier:
    """Take a hand-over back while the receiver has not confirmed it. Effects: row marked recalled,
    desk free again, event.
    """
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("recall")
        row = HandOver.objects.standing().get(dossier=life.dossier, confirmed_at=None)
        life.void(row)
        life.dossier.pending_department = life.dossier.pending_officer = None
        if _was_to_be_forwarded(row):
            life.dossier.forward_by = life.dossier.step_due_at
        life.record("recall", {"row": row.pk})
        return life.dossier


def _was_to_be_forwarded(row: HandOver) -> bool:
    """Whether the giving ended the counter's time for passing on (R-39), which is its step's time."""
    givings = map(
        data_of, Event.objects.filter(dossier=row.dossier_id, kind="hand_over").order_by("-seq")
    )
    return any(data["row"] == row.pk and data["forwards"] for data in givings)


def recall_many(given: Iterable[Seen], *, by: Desk, at: datetime) -> list[Done]:
    """Take one or many back that nobody has confirmed; each in its own transaction, with a result
    list.
    """
    return each(given, lambda seen: recall(seen, by=by, at=at))


def recall_batch(batch: Batch, *, by: Desk, at: datetime) -> list[Done]:
    """The same for what of one batch nobody has confirmed yet."""
    rows = (
        HandOver.objects.standing()
        .filter(batch=batch, confirmed_at=None)
        .values_list("dossier_id", flat=True)
    )
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
    grants = RoleGrant.objects.valid_on(timezone.localdate(at)).filter(
        officer=receiver, department=to, role__in=HANDLERS
    )
    if not (receiver.is_active and grants.exists()):
        raise DomainError("receiver_elsewhere", field="receiver")


def _giving_department(given: Sequence[Seen], by: Desk) -> Department:
    """Where the dossiers lie (the first that lies anywhere names the batch), else the giver's own
    department.
    """
    lying = Department.objects.filter(
        pk__in=Dossier.objects.filter(pk__in=[s.dossier_id for s in given]).values(
            "holder_department_id"
        )
    )
    mine = sorted(lying, key=lambda d: (d.pk not in by.department_ids, d.pk))
    if mine:
        return mine[0]
    if by.departments:
        return by.departments[0]
    raise DomainError("role_missing", act="giao hồ sơ")
