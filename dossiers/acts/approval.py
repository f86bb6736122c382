"""Approving, and sending back with the reason: what whoever approves does with what was submitted.

Both are givings: the hand-over they write goes on by the process, or back to who handles, and counts
as any other (route/approving.py has the one rule). What has not been received yet is received by the
same press.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from dossiers import rules
from dossiers.acts import refusals
from dossiers.acts.handovers import (
    check_open,
    given_lines,
    record_giving,
    route_in,
    works_in,
    write_giving,
)
from dossiers.acts.many import Done, Seen, together
from dossiers.acts.receiving import HAND_OVERS, may_confirm, on_the_way, take_over, way_of
from dossiers.desk.next_places import place_of_kind
from dossiers.ledger import writer
from dossiers.models import Batch, Dossier, HandOver
from dossiers.models.handover import LIST_SLUG, Purpose
from dossiers.registry import Act, Page, Told, Turn, own_page, register
from dossiers.route import Processes, Route
from dossiers.route.approving import check_approval
from dossiers.route.roles import giver_role
from dossiers.route.steps import (
    DESK_WORK,
    NextStep,
    Receiver,
    department_kind,
    receiver_of,
    title_of,
)
from dossiers.route.way import approves
from dossiers.states import APPROVERS, FROM_WORKING
from onestop.accounts.models import Department, DepartmentKind, Officer
from onestop.errors import DomainError
from onestop.results import Answer

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

AGAIN = "Xử lý lại theo ý kiến trả lại"
MOST_REASON = 300


def _may_decide(desk: Desk, dossier: Dossier) -> Answer:
    """On the own desk, or on its way there; that it was submitted is asked of its route."""
    if dossier.pending_department_id is not None:
        return may_confirm(desk, dossier)
    return rules.may_hold(desk, dossier)


def _sent_back(told: Told) -> Iterator[str]:
    row: HandOver = told.row
    yield way_of(row)
    if told.undone:
        return
    yield f"Lý do: {row.note}"
    if not row.is_standing:
        yield "Đã thu hồi"


def _approves_now(turn: Turn) -> int:
    return 1 if turn.is_submitted and turn.has_result else 0


APPROVE = register(
    Act(
        "approve", "Duyệt", 18, FROM_WORKING, None, APPROVERS, _may_decide, is_giving=True,
        told_by=HAND_OVERS, lines=given_lines,
        page=Page("check", own_page("act_approve"), at_once=True, main=_approves_now),
    )
)  # fmt: skip
SEND_BACK = register(
    Act(
        "send_back", "Trả lại", 19, FROM_WORKING, None, APPROVERS, _may_decide, is_giving=True, tone="wait",
        told_by=HAND_OVERS, lines=_sent_back, page=Page("undo", own_page("act_send_back")),
    )
)  # fmt: skip


@dataclass(slots=True)
class Round:
    """One act on one or many: each process is read once, what goes the same way is one batch."""

    by: Desk
    at: datetime
    note: str = ""
    processes: Processes = field(default_factory=Processes)
    batches: dict[tuple[int, int, int | None], Batch] = field(default_factory=dict)
    # Asked once of all that go the same way.
    _sitting: dict[tuple[int, int], Officer | None] = field(default_factory=dict)
    _places: dict[tuple[object, ...], Department | None] = field(default_factory=dict)
    _receivers: dict[tuple[int, int | None], Receiver] = field(default_factory=dict)

    def on(self, seen: Seen) -> AbstractContextManager[writer.Life]:
        """The act on one by itself."""
        return writer.change(seen.dossier_id, by=self.by, at=self.at, seen=seen.row_version)

    def batch(self, dossier: Dossier, to: Department, officer: Officer | None) -> Batch:
        assert dossier.holder_department_id is not None
        key = (dossier.holder_department_id, to.pk, officer.pk if officer else None)
        if key not in self.batches:
            lies_in = dossier.holder_department
            assert lies_in is not None
            self.batches[key] = Batch(
                agency_id=lies_in.agency_id,
                giver=self.by.officer,
                giver_department=lies_in,
                receiver_department=to,
                receiver=officer,
                given_at=self.at,
                note=self.note,
            )
        return self.batches[key]

    def still_there(self, row: HandOver) -> Officer | None:
        """Who submitted it, where they still work in that room; else the room as a whole."""
        room, giver_id = row.giver_department, row.giver_id
        if (room.pk, giver_id) not in self._sitting:
            is_there = works_in(room, row.giver, self.at)
            self._sitting[room.pk, giver_id] = row.giver if is_there else None
        return self._sitting[room.pk, giver_id]

    def place_of(self, dossier: Dossier, kind: str) -> Department | None:
        """The desk of this kind that dossiers of its field and offices go to from where it lies."""
        offices = (dossier.agency_id, dossier.received_by_agency_id)
        key = (kind, dossier.field_id, dossier.holder_department_id, *offices)
        if key not in self._places:
            found = place_of_kind(dossier, self.by.on, kind)
            self._places[key] = Department.objects.get(pk=found) if found else None
        return self._places[key]

    def receiver_of(self, room: Department, officer: Officer | None) -> Receiver:
        key = (room.pk, officer.pk if officer else None)
        if key not in self._receivers:
            self._receivers[key] = receiver_of(room, officer)
        return self._receivers[key]


def is_submission(newest: HandOver | None) -> bool:
    """Whether the hand-over that brought a dossier, or is bringing it, brings it for approval."""
    return (
        newest is not None
        and newest.purpose == Purpose.APPROVE
        and (newest.confirmed_at is None or approves(newest))
    )


def approve(seen: Seen, *, by: Desk, at: datetime) -> Dossier:
    """Approve what was submitted; it goes on to the next desk of its process, in the end to the
    counter.

    Effects in order: received where it had not been; hand-over row, pending desk, event; a refusal
    after appraisal gets its slip with the last approval (R-65). Errors: Conflict,
    DomainError("not_submitted", "result_to_approve", "own_work", "approve_where", "step_skipped").
    """
    act = Round(by, at)
    with act.on(seen) as life:
        _approve(life, act)
    return life.dossier


def approve_many(
    asked: Sequence[Seen], *, by: Desk, at: datetime, press: UUID | None = None
) -> list[Done]:
    """The same of one or many in one transaction, with a result list. `press`: what all of one
    press bear.
    """
    return _each(asked, Round(by, at), _approve, press=press)


def send_back(seen: Seen, *, reason: str, by: Desk, at: datetime) -> Dossier:
    """Give what was submitted back to who handles it, with the reason, which stands on top of the
    dossier, in the timeline and on the control sheet.

    Effects in order: received where it had not been; hand-over row, pending desk, event. Errors:
    Conflict, DomainError("send_back_reason" on field "reason", "not_submitted").
    """
    act = Round(by, at, _read(reason))
    with act.on(seen) as life:
        _send_back(life, act)
    return life.dossier


def send_back_many(
    asked: Sequence[Seen], *, reason: str, by: Desk, at: datetime, press: UUID | None = None
) -> list[Done]:
    """The same of one or many, for one reason."""
    return _each(asked, Round(by, at, _read(reason)), _send_back, press=press)


def _read(reason: str) -> str:
    text = " ".join(reason.split())
    if not text:
        raise DomainError("send_back_reason", field="reason")
    return text[:MOST_REASON]


def _each(
    asked: Sequence[Seen],
    act: Round,
    verb: Callable[[writer.Life, Round], None],
    *,
    press: UUID | None,
) -> list[Done]:
    def one(life: writer.Life) -> None:
        known = dict(act.batches)
        try:
            verb(life, act)
        except DomainError:
            act.batches = known  # what was refused took the list back that it had begun
            raise

    numbers = (LIST_SLUG, refusals.SLUG)
    return together(asked, one, by=act.by, at=act.at, press=press, numbers=numbers)


def _approve(life: writer.Life, act: Round) -> None:
    life.check("approve")
    route = _submitted(life, act)
    if route.result is None:
        raise DomainError("result_to_approve")
    check_approval(life.dossier, route, by=act.by)
    room, officer = _next_desk(life.dossier, route, act)
    to = act.receiver_of(room, officer)
    step = route.next_at(to)
    order = route.order_after(step, to)
    if missing := route.left_out(order):
        raise DomainError("step_skipped", field="note", step=title_of(missing[0]))
    row = _give(life, route, step, act, to=room, officer=officer, order=order)
    life.record("approve", {"row": row.pk, "result": route.result.pk})
    refusals.issue_if_approved(life, route, order=order, left_out=missing)


def _send_back(life: writer.Life, act: Round) -> None:
    life.check("send_back")
    route = _submitted(life, act)
    submitted = route.submitted_by
    assert submitted is not None
    room, officer = submitted.giver_department, act.still_there(submitted)
    check_open(room, act.at)
    back = route.process.back_from(route.order, act.receiver_of(room, officer))
    step = route.back_at(back, AGAIN)
    row = _give(life, route, step, act, to=room, officer=officer, order=back)
    life.record("send_back", {"row": row.pk})
    if officer == act.by.officer:
        take_over(life, row)


def _submitted(life: writer.Life, act: Round) -> Route:
    """The route of what lies with who approves; received now where it is still on its way. Errors:
    DomainError("not_submitted").
    """
    row = on_the_way(life)
    if row is not None:
        if row.purpose != Purpose.APPROVE:
            raise DomainError("not_submitted")
        take_over(life, row)
    route = route_in(life, act.processes)
    if not approves(route.last):
        raise DomainError("not_submitted")
    return route


def _give(
    life: writer.Life,
    route: Route,
    step: NextStep,
    act: Round,
    *,
    to: Department,
    officer: Officer | None,
    order: int,
) -> HandOver:
    batch = act.batch(life.dossier, to, officer)
    given_as = giver_role(act.by, life.dossier, route.last)
    row, _ = write_giving(life, batch, route, step, order=order, given_as=given_as)
    return row


def _next_desk(dossier: Dossier, route: Route, act: Round) -> tuple[Department, Officer | None]:
    """Where the process goes on: a desk that the office does not have (văn thư) is left out, an
    approval never is; handling goes back to who submitted; in the end to the counter it came from.
    A room that has closed, or whose agency has ended, is none of them. Errors:
    DomainError("approve_where").
    """
    submitted, on = route.submitted_by, act.by.on
    assert submitted is not None
    room = submitted.giver_department
    for step in route.process.after(route.order):
        kind = department_kind(step.role)
        if kind == DepartmentKind.ONE_STOP:
            break
        is_handling = kind == DepartmentKind.PROFESSIONAL and step not in route.approvals
        if is_handling and room.is_open(on):
            return room, act.still_there(submitted)
        found = act.place_of(dossier, kind) if kind else None
        if found:
            return found, None
        if step in route.approvals:
            raise DomainError("approve_where", step=title_of(step))
    return counter_of(dossier, route, act), None


def counter_of(dossier: Dossier, route: Route, act: Round) -> Department:
    """The counter it came from; another where that one has closed. Errors:
    DomainError("approve_where").
    """
    first = route.hand_overs[-1].giver_department
    if first.kind == DepartmentKind.ONE_STOP and first.is_open(act.by.on):
        return first
    found = act.place_of(dossier, DepartmentKind.ONE_STOP)
    if found is None:
        raise DomainError("approve_where", step=DESK_WORK[Purpose.RETURN])
    return found


def to_counter(life: writer.Life, act: Round) -> HandOver:
    """Give it to the counter inside an act that has ended the work on it: a giving as any other,
    recalled while nobody has confirmed it. Errors: DomainError("approve_where", "step_skipped").
    """
    life.check("hand_over")
    route = route_in(life, act.processes)
    to = act.receiver_of(counter_of(life.dossier, route, act), None)
    step = route.next_at(to)
    order = route.order_after(step, to)
    if missing := route.left_out(order):
        raise DomainError("step_skipped", field="note", step=title_of(missing[0]))
    batch = act.batch(life.dossier, to.department, None)
    given_as = giver_role(act.by, life.dossier, route.last)
    row, forwards = write_giving(life, batch, route, step, order=order, given_as=given_as)
    record_giving(life, row, forwards=forwards, skipped=())
    return row
