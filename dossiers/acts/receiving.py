"""Receiving what was given (R-66): the receiver's confirmation states the outcome of the giver's
step and starts the clock of the next. What comes back to the Bộ phận Một cửa with its result is
ended by the counter's confirmation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from dossiers import rules
from dossiers.acts import certifying, post_ready, refusals
from dossiers.acts.many import Done, Seen, together
from dossiers.clock import deadlines, undetermined
from dossiers.ledger import writer
from dossiers.models import Dossier, HandOver, Result
from dossiers.models.outcome import Outcome
from dossiers.registry import Act, Page, Rows, Told, first, own_page, register
from dossiers.route import hand_overs_of, results_of
from dossiers.route.roles import role_in
from dossiers.states import FROM_ON_THE_WAY, FROM_WORKING, HANDLERS, WORKING, ClockEffect, State
from onestop.accounts.models import DepartmentKind, Role
from onestop.results import ALLOWED, Answer, Denied

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

RETURN_DESK_STEP = "Trả kết quả"


def may_confirm(desk: Desk, dossier: Dossier) -> Answer:
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


def _received(told: Told) -> Iterator[str]:
    row: HandOver = told.row
    yield way_of(row)
    if told.undone:
        # a row that waits for its receiver again no longer knows what an undone confirmation said
        return
    if row.step_name and row.outcome:
        yield f"Bước “{row.step_name}”: {Outcome(row.outcome).label.lower()}"
    if row.difference:
        yield f"Sai khác: {row.difference}"


def way_of(row: HandOver) -> str:
    """From which desk to which, as the timeline says it."""
    receiver = f", {row.receiver.full_name}" if row.receiver else ""
    return f"{row.giver_department.name} → {row.receiver_department.name}{receiver}"


# The dossier's page draws the control sheet: it has the rows.
HAND_OVERS = Rows("hand_overs")
CONFIRM = register(
    Act(
        "confirm", "Nhận bàn giao", 20, FROM_ON_THE_WAY, None, HANDLERS, may_confirm,
        told_by=HAND_OVERS, lines=_received, page=Page("check", own_page("act_confirm"), main=first),
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
        may_confirm,
        is_silent=True,
    )
)  # comes with a confirmation, which says the same


def _begun(told: Told) -> Iterator[str]:
    yield "Tiếp nhận phi địa giới: thời hạn tính từ lúc này"


BEGIN_TERM = register(
    Act(
        "begin_term", "Bắt đầu tính thời hạn", 22, FROM_ON_THE_WAY, None, HANDLERS, may_confirm,
        ClockEffect.BEGINS, lines=_begun,
    )
)  # fmt: skip


def confirm_many(
    received: Sequence[Seen],
    *,
    by: Desk,
    at: datetime,
    differences: Mapping[int, str] | None = None,
    press: UUID | None = None,
) -> list[Done]:
    """Confirm one or many hand-overs in one transaction, with a result list.
    `differences`: by dossier, of those that are not as they were given.
    """
    told = differences or {}
    return together(
        received,
        lambda life: _confirm(life, difference=told.get(life.dossier.pk, "")),
        by=by,
        at=at,
        press=press,
        numbers=[refusals.SLUG],
    )


def confirm(
    seen: Seen,
    *,
    by: Desk,
    at: datetime,
    difference: str = "",
    outcome: Outcome | None = None,
    press: UUID | None = None,
) -> Dossier:
    """The receiver takes over: states the outcome of the giver's step (computed when not stated),
    records differences. `press`: what all of one press bear.

    Effects: hand-over row closed, holder moves, the receiver's step clock is set, events; the term of
    what was received for this agency begins (R-37); the first
    confirmation outside the counter takes the dossier up (status 4); a result that reaches the Bộ
    phận Một cửa ends it (status 9). Errors: Conflict, DomainError("nothing_to_confirm",
    "given_to_another").
    """
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version, press=press) as life:
        _confirm(life, difference=difference, outcome=outcome)
        return life.dossier


def _confirm(life: writer.Life, *, difference: str, outcome: Outcome | None = None) -> None:
    life.check("confirm")
    row = on_the_way(life)
    assert row is not None
    take_over(life, row, difference=difference, outcome=outcome)


def on_the_way(life: writer.Life) -> HandOver | None:
    """What its receiver has yet to confirm, inside an act on one or many."""
    return next((row for row in life.ask(hand_overs_of) if row.is_on_the_way), None)


def take_over(
    life: writer.Life, row: HandOver, *, difference: str = "", outcome: Outcome | None = None
) -> None:
    """What a confirmation does, inside the act that confirms: effects of confirm()."""
    assert life.by is not None
    row.dossier = life.dossier
    within_counter = _stays_at_counter(life.dossier, row)
    life.change(
        row,
        confirmed_at=life.at,
        confirmed_by=life.by.officer,
        difference=difference,
        receiver_role=role_in(life.by, row.receiver_department_id, row.purpose),
        outcome=outcome
        or judged(row, goes_on=within_counter, past=lambda: life.ask(hand_overs_of)),
    )
    begins = _begins_here(life, row)
    _move(life, row, within_counter=within_counter, begins=begins)
    life.record("confirm", {"row": row.pk, "outcome": row.outcome, "difference": bool(difference)})
    if begins:
        life.record("begin_term")
        if life.dossier.undetermined:
            life.tell(undetermined.ask_for_calendar(life.dossier, at=life.at))
    if rules.is_one_stop(row):
        _end_with_result(life)
    elif life.dossier.state == State.RECEIVED:
        life.record("take_up")


def _begins_here(life: writer.Life, row: HandOver) -> bool:
    """Whether the competent agency has now what another one received for it: its term runs from here
    (R-37).
    """
    dossier = life.dossier
    if not dossier.awaits_agency:
        return False
    competent = {dossier.agency_id, dossier.agency.in_charge(timezone.localdate(life.at)).pk}
    if row.receiver_department.agency_id not in competent:
        return False
    dossier.awaits_agency, dossier.begun_at = False, life.at
    # What was promised until now was an estimate.
    dossier.first_due_at = dossier.legal_due_at = None
    return True


def _move(life: writer.Life, row: HandOver, *, within_counter: bool, begins: bool) -> None:
    """The receiver holds it, and its step's clock runs from the giving; where the term begins with
    this confirmation, from here.
    """
    assert life.by is not None
    dossier, here = life.dossier, (life.by.officer, *life.by.acting_for)
    named = (officer for officer in here if officer.pk == row.receiver_id)
    dossier.holder = next(named, life.by.officer)
    dossier.holder_department = row.receiver_department
    dossier.pending_department = dossier.pending_officer = None
    if within_counter and begins:
        dossier.forward_by = dossier.step_due_at = deadlines.forward_by(life.at, life.calendar)
    elif within_counter:
        dossier.forward_by = row.step_due_at
    else:
        dossier.step_order, dossier.step_name = row.next_step_order, row.next_step_name
        since = life.at if begins else row.given_at
        dossier.step_due_at = deadlines.step_due(since, row.next_step_minutes, life.calendar)


def _end_with_result(life: writer.Life) -> None:
    """A result that came home ends the dossier; one that came back without a result, or while other
    agencies are waited for (the counter ends it when they have answered), goes on.
    """
    dossier = life.dossier
    if dossier.state not in WORKING or dossier.open_legs:
        return
    current = (result for result in life.ask(results_of) if result.replaced_at is None)
    result = next(current, None)
    if result is not None and not result.is_draft:
        dossier.step_name = RETURN_DESK_STEP
        certifying.when_signed(life, result)
        life.record(
            "finish", {"result": "at_counter", "refused": result.kind == Result.Kind.REFUSED}
        )
        refusals.issue(life, result)
        post_ready.tell(life)


def _stays_at_counter(dossier: Dossier, row: HandOver) -> bool:
    """From clerk to clerk of the counter before it went anywhere: reception and its time for
    forwarding (R-39) go on.
    """
    return (
        dossier.state == State.RECEIVED
        and rules.is_one_stop(row)
        and row.giver_department.kind == DepartmentKind.ONE_STOP
    )


def step_outcome(row: HandOver) -> Outcome | None:
    """How the giver's step ended, as confirming the row now would state it."""
    return judged(row, goes_on=_stays_at_counter(row.dossier, row))


def judged(
    row: HandOver, *, goes_on: bool, past: Callable[[], Iterable[HandOver]] | None = None
) -> Outcome | None:
    """How the giver's step ended, by the giving: in its hours or not. The step during which the
    promise of the whole passed is late where no step before it was: lateness falls on the holder at
    the promise (R-77). None when the step had no time.

    In: `goes_on` where the receiver goes on with the same step in the same hours: nobody is early
    with what is not done yet; `past` where the hand-overs of the dossier are in hand.
    """
    by_hours = deadlines.outcome_of_step(row.step_due_at, row.given_at)
    if by_hours != Outcome.LATE and _is_holder_at_promise(row, past):
        return Outcome.LATE
    return Outcome.ON_TIME if goes_on and by_hours == Outcome.EARLY else by_hours


def _is_holder_at_promise(row: HandOver, past: Callable[[], Iterable[HandOver]] | None) -> bool:
    """Whether the promise of the whole passed during the giver's step, after none that was late."""
    dossier = row.dossier
    if not deadlines.is_past_promise(dossier, row.given_at):
        return False
    if deadlines.is_past_promise(dossier, row.step_from):
        return False
    before = past() if past is not None else hand_overs_of([dossier.pk])[dossier.pk]
    mine = (one for one in before if one.is_standing and one.given_at >= dossier.begins_at)
    return not any(one.outcome == Outcome.LATE for one in mine)
