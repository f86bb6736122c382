"""Giving and recalling: with receiving (receiving.py) the acts that move a dossier from desk to desk
(R-66).

A step's clock is with the giver until giving and with the receiver from then on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from dossiers import rules
from dossiers.acts import refusals
from dossiers.acts.many import Done, Seen, together
from dossiers.acts.receiving import (
    HAND_OVERS,
    RETURN_DESK_STEP,
    confirm,
    confirm_many,
    on_the_way,
    step_outcome,
    take_over,
    way_of,
)
from dossiers.clock import deadlines
from dossiers.intake.codes import numbered
from dossiers.ledger import writer
from dossiers.ledger.history import data_of, giving_of, givings_of
from dossiers.models import Batch, Dossier, HandOver
from dossiers.models.handover import LIST_SLUG, Purpose
from dossiers.registry import Act, Page, Told, own_page, register
from dossiers.route import Processes, Route, hand_overs_of, results_of, route_of
from dossiers.route.approving import check_approval, check_submission
from dossiers.route.roles import giver_role, role_in
from dossiers.route.steps import NextStep, Receiver, receiver_of, title_of, worked
from dossiers.states import FROM_GIVEN, FROM_ON_THE_WAY, HANDLERS, WORKING
from onestop.accounts.models import Department, Officer, RoleGrant
from onestop.errors import DomainError
from onestop.results import Answer, Denied
from procedures.models import Step

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

# What is given is received or recalled: the verbs of the way between two desks, under one name.
__all__ = [
    "NextStep",
    "Seen",
    "confirm",
    "confirm_many",
    "hand_over",
    "hand_over_many",
    "recall",
    "recall_batch",
    "recall_many",
    "step_outcome",
]


def _may_hand_over(desk: Desk, dossier: Dossier) -> Answer:
    if dossier.pending_department_id is not None:
        return Denied("already_given")
    return rules.may_hold(desk, dossier)


def _may_recall(desk: Desk, dossier: Dossier) -> Answer:
    if dossier.pending_department_id is None:
        return Denied("nothing_to_recall")
    return rules.may_hold(desk, dossier)


def given_lines(told: Told) -> Iterator[str]:
    row: HandOver = told.row
    yield way_of(row)
    if told.undone:
        yield from _skipped(told)
        return
    if row.next_step_name:
        minutes, by_share = row.next_step_minutes, row.next_step_by_share
        allowed = f" ({worked(minutes, by_share=by_share)})" if minutes else ""
        yield f"{Purpose(row.purpose).label}: {row.next_step_name}{allowed}"
    if not row.is_standing:
        yield "Đã thu hồi"
    elif row.is_on_the_way:
        yield "Chưa có người nhận"
    if row.note:
        yield f"Ghi chú: {row.note}"
    yield from _skipped(told)


def _skipped(told: Told) -> Iterator[str]:
    if skipped := told.data.get("skipped"):
        yield f"Bỏ qua bước “{skipped}”"


def _give_page(dossier: Dossier) -> str:
    return (
        f"{reverse('give')}?chon={dossier.pk}.{dossier.row_version}&ve={dossier.get_absolute_url()}"
    )


RECALL = register(
    Act(
        "recall", "Thu hồi bàn giao", 21, FROM_ON_THE_WAY, None, HANDLERS, _may_recall, way_back="giao lại", tone="",
        told_by=HAND_OVERS, lines=lambda told: [way_of(told.row)], page=Page("undo", own_page("act_recall"), at_once=True),
    )
)  # fmt: skip
HAND_OVER = register(
    Act(
        "hand_over", "Giao hồ sơ", 22, FROM_GIVEN, None, HANDLERS, _may_hand_over, way_back="thu hồi, đến khi bên nhận xác nhận",
        told_by=HAND_OVERS, is_giving=True, lines=given_lines, page=Page("handover", _give_page, main=lambda turn: 4 if turn.is_working else 0),
    )
)  # fmt: skip


@dataclass(slots=True)
class _Giving:
    """What is the same for each dossier of one act: to whom, what is asked (None: each one's own
    next step), by whom, from where; the batch once one of them is in it.
    """

    to: Receiver
    officer: Officer | None
    step: NextStep | None
    by: Desk
    at: datetime
    note: str
    processes: Processes
    department: Department
    batch: Batch | None = None

    @property
    def is_to_self(self) -> bool:
        return self.officer is not None and self.officer.pk == self.by.officer.pk

    def new_batch(self) -> Batch:
        """The batch that the dossiers go in; the first of them saves it (write_giving)."""
        return Batch(
            agency_id=self.department.agency_id,
            giver=self.by.officer,
            giver_department=self.department,
            receiver_department=self.to.department,
            receiver=self.officer,
            given_at=self.at,
            note=self.note,
        )


def hand_over_many(
    given: Sequence[Seen],
    *,
    to: Department,
    receiver: Officer | None,
    step: NextStep | None,
    by: Desk,
    at: datetime,
    note: str = "",
    processes: Processes | None = None,
    press: UUID | None = None,
    batch: Batch | None = None,
) -> tuple[Batch | None, list[Done]]:
    """Give one or many dossiers to a department, or to one officer of it, as one batch.

    In: dossiers as seen; `step` None takes each dossier's own next step of its internal process;
    `processes`: what the caller has read of them already. Passing over an approval of the process
    needs a note, which the control sheet and the timeline show ("step_skipped" on field "note");
    `press`: what all of one press bear; `batch`: the list they join, where the press has begun one.
    Effects per dossier, all in one transaction: hand-over row, pending desk, event. A dossier that
    cannot be given is reported and the others go on. A hand-over to oneself is confirmed by itself
    and shows as two roles. Errors: DomainError before anything is written when the receiver
    does not fit.
    """
    _check_receiver(to, receiver, at)
    department = _giving_department(given, by)
    known, goes_to = processes or Processes(), receiver_of(to, receiver)
    giving = _Giving(goes_to, receiver, step, by, at, note, known, department, batch)
    numbers = (LIST_SLUG, refusals.SLUG)
    verb = partial(_give, giving=giving)
    done = together(given, verb, by=by, at=at, press=press, numbers=numbers)
    return giving.batch, done


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


def _give(life: writer.Life, *, giving: _Giving) -> None:
    """One dossier of the act."""
    life.check("hand_over")
    dossier, by = life.dossier, giving.by
    _check_desk(dossier, giving)
    route = route_in(life, giving.processes)
    step = giving.step or route.next_at(giving.to)
    order = route.order_after(step, giving.to)
    if route.approves_by(step, giving.to):
        check_approval(dossier, route, by=by)
    skipped = route.left_out(order) if dossier.state in WORKING else []
    if skipped and not giving.note.strip():
        raise DomainError("step_skipped", field="note", step=title_of(skipped[0]))
    given_as = giver_role(by, dossier, route.last)
    if giving.is_to_self and _stays(dossier, giving, step, given_as):
        raise DomainError("same_desk", field="to")
    check_submission(route, step, order=order, note=giving.note)
    batch = giving.batch or giving.new_batch()
    row, forwards = write_giving(life, batch, route, step, order=order, given_as=given_as)
    record_giving(life, row, forwards=forwards, skipped=skipped)
    if route.approves_by(step, giving.to):
        refusals.issue_if_approved(life, route, order=order, left_out=skipped)
    if giving.is_to_self:
        take_over(life, row)
    giving.batch = batch


def route_in(life: writer.Life, processes: Processes) -> Route:
    """The route of a dossier inside an act on one or many."""
    dossier = life.dossier
    processes.calendars[dossier.agency_id] = life.calendar
    hand_overs, results = life.ask(hand_overs_of), life.ask(results_of)
    return route_of(dossier, processes, hand_overs=hand_overs, results=results)


def _check_desk(dossier: Dossier, giving: _Giving) -> None:
    """It goes to another desk, of an office it belongs to."""
    to = giving.to.department
    is_here = dossier.holder_department_id == to.pk and (
        giving.officer is None or giving.officer.pk == dossier.holder_id
    )
    if is_here and not giving.is_to_self:
        raise DomainError("same_desk", field="to")
    if to.agency_id not in (dossier.agency_id, dossier.received_by_agency_id):
        on = timezone.localdate(giving.at)
        offices = (dossier.agency, dossier.received_by_agency)
        if to.agency_id not in {office.in_charge(on).pk for office in offices}:
            raise DomainError("receiver_foreign", field="to")


def _stays(dossier: Dossier, giving: _Giving, step: NextStep, given_as: str) -> bool:
    """Whether giving to oneself would change nothing: the same room in the same role."""
    to = giving.to.department
    return dossier.holder_department_id == to.pk and given_as == role_in(
        giving.by, to.pk, step.purpose
    )


def write_giving(
    life: writer.Life,
    batch: Batch,
    route: Route,
    step: NextStep,
    *,
    order: int,
    given_as: str,
) -> tuple[HandOver, bool]:
    """The row of a giving and the pending desk, inside the act that gives; and whether it ended the
    counter's time for passing on (R-39). A batch that is new is saved and numbered.
    """
    dossier, last = life.dossier, route.last
    if batch._state.adding:
        life.alone()
        numbered(batch)
    row = HandOver(
        dossier=dossier,
        batch=batch,
        seq=route.last_seq + 1,
        purpose=step.purpose,
        giver=batch.giver,
        giver_role=given_as,
        giver_department_id=dossier.holder_department_id or batch.giver_department_id,
        receiver_department=batch.receiver_department,
        receiver=batch.receiver,
        step_name=dossier.step_name,
        step_from=last.given_at if last else dossier.received_at,
        step_minutes=last.next_step_minutes if last else None,
        step_due_at=dossier.step_due_at,
        next_step_order=order,
        next_step_name=step.name,
        next_step_minutes=step.minutes,
        next_step_by_share=step.by_share,
        given_at=life.at,
        confirm_by=deadlines.confirm_by(life.at, life.calendar),
        note=batch.note,
    )
    life.added(batch)
    life.add(row)
    dossier.pending_department, dossier.pending_officer = row.receiver_department, row.receiver
    was_to_forward = dossier.forward_by is not None
    dossier.forward_by = None
    return row, was_to_forward


def record_giving(
    life: writer.Life, row: HandOver, *, forwards: bool, skipped: Sequence[Step]
) -> None:
    """The event of a giving."""
    more: dict[str, object] = {"skipped": title_of(skipped[0])} if skipped else {}
    about = {
        "row": row.pk,
        "to": row.receiver_department_id,
        "officer": row.receiver_id,
        "forwards": forwards,
    }
    life.record("hand_over", about | more)


def end_past_approval(
    life: writer.Life, route: Route, skipped: Sequence[Step], *, note: str
) -> None:
    """The counter, which has the result, ends a dossier though its process wants more: the note why
    is that of a hand-over of the counter to itself, confirmed by itself, so that control sheet and
    timeline show it and taking back knows it.

    Effects: batch, hand-over row, events hand_over, confirm, finish.
    """
    assert life.by is not None
    counter = life.dossier.holder_department
    assert counter is not None
    batch = Batch(
        agency_id=counter.agency_id,
        giver=life.by.officer,
        giver_department=counter,
        receiver_department=counter,
        receiver=life.by.officer,
        given_at=life.at,
        note=note.strip(),
    )
    order = route.process.end
    step = NextStep(order=order, name=RETURN_DESK_STEP, purpose=Purpose.RETURN)
    given_as = giver_role(life.by, life.dossier, route.last)
    row, forwards = write_giving(life, batch, route, step, order=order, given_as=given_as)
    record_giving(life, row, forwards=forwards, skipped=skipped)
    take_over(life, row)


def recall(seen: Seen, *, by: Desk, at: datetime) -> Dossier:
    """Take a hand-over back while the receiver has not confirmed it. Effects: row marked recalled
    (with the slip of a refusal that its approval made), desk free again, event.
    """
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        recall_in(life)
        return life.dossier


def recall_in(life: writer.Life) -> None:
    """The same inside an act on one or many."""
    life.check("recall")
    row = on_the_way(life)
    assert row is not None
    life.void(row)
    giving = giving_of(row, life.ask(givings_of))
    refusals.withdraw_of(life, giving)
    life.dossier.pending_department = life.dossier.pending_officer = None
    # The giving had ended the counter's time for passing on, which is its step's time.
    if data_of(giving).get("forwards"):
        life.dossier.forward_by = life.dossier.step_due_at
    life.record("recall", {"row": row.pk})


def recall_many(given: Sequence[Seen], *, by: Desk, at: datetime) -> list[Done]:
    """Take one or many back that nobody has confirmed; in one transaction, with a result list."""
    return together(given, recall_in, by=by, at=at)


def recall_batch(batch: Batch, *, by: Desk, at: datetime) -> list[Done]:
    """The same for what of one batch nobody has confirmed yet."""
    rows = HandOver.objects.on_the_way().filter(batch=batch).values_list("dossier_id", flat=True)
    return recall_many([Seen(pk) for pk in rows], by=by, at=at)


def _check_receiver(to: Department, receiver: Officer | None, at: datetime) -> None:
    """The room is open, and who is named holds a handling role in it on that day."""
    check_open(to, at)
    if receiver is not None and not works_in(to, receiver, at):
        raise DomainError("receiver_elsewhere", field="receiver")


def check_open(to: Department, at: datetime) -> None:
    """Errors: DomainError("receiver_closed")."""
    if not to.is_open(timezone.localdate(at)):
        raise DomainError("receiver_closed", field="to")


def works_in(room: Department, officer: Officer, at: datetime) -> bool:
    """Whether the officer holds a handling role in the room on that day. One query."""
    grants = RoleGrant.objects.valid_on(timezone.localdate(at)).filter(
        officer=officer, department=room, role__in=HANDLERS
    )
    return officer.is_active and grants.exists()


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
