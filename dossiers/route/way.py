"""The route of one dossier as one value: where it is in its internal process, the hand-overs it came
by, the results written on its way. Read once for an act; asked as often as the act needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile

from dossiers.models import Dossier, HandOver, Result
from dossiers.models.handover import Purpose
from dossiers.route.position import Position, Processes, position_of
from dossiers.route.steps import APPROVERS, DESK_WORK, NextStep, Receiver
from onestop.accounts.models import DepartmentKind, Role
from procedures.models import Step, StepRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Route(Position):
    """`hand_overs` and `results` that stand (not recalled, not taken back), newest first; `last_seq`
    counts the others too.
    """

    hand_overs: tuple[HandOver, ...]
    results: tuple[Result, ...]
    last_seq: int

    @property
    def last(self) -> HandOver | None:
        """The hand-over that brought the dossier where it is, or is on its way."""
        return next(iter(self.hand_overs), None)

    @property
    def result(self) -> Result | None:
        """The result that counts: not replaced by a later one."""
        return next((result for result in self.results if result.replaced_at is None), None)

    @property
    def is_submitted(self) -> bool:
        """Whether it lies where it was submitted for approval."""
        last = self.last
        return (
            last is not None and last.confirmed_at is not None and last.purpose == Purpose.APPROVE
        )

    @property
    def submitted_by(self) -> HandOver | None:
        """The hand-over that submitted it from who handles; those after it only passed it up."""
        run = takewhile(lambda row: row.purpose == Purpose.APPROVE, self.hand_overs)
        return next(reversed(list(run)), None)

    def is_handled_before(self, order: int) -> bool:
        """Whether it has lain in a room that handles (`desk.handover.without_result` asks the same
        of many), and the step of this order is beyond handling.
        """
        return self.is_beyond_handling(order) and any(
            row.giver_department.kind == DepartmentKind.PROFESSIONAL
            or (
                row.confirmed_at is not None
                and row.receiver_department.kind == DepartmentKind.PROFESSIONAL
            )
            for row in self.hand_overs
        )

    # --- what comes next --------------------------------------------------------------------------

    def next_at(self, to: Receiver) -> NextStep:
        """The next step of the process for a desk. A desk that the process does not name gets what
        such a desk does (phòng: xử lý, lãnh đạo: duyệt, văn thư: vào sổ, Một cửa: trả); the room
        that submitted it gets it back.
        """
        purpose = self._towards(to)
        step = self.process.fitting(self.order, purpose, to)
        if step is not None:
            return self.asked(step, purpose)
        order = self.order
        if purpose == Purpose.HANDLE and approves(self.last):
            purpose = Purpose.SEND_BACK if self._came_from(to) else purpose
            order = self.process.back_from(self.order, to)
        elif purpose == Purpose.SEND_BACK:
            order = self.process.back_from(self.order, to)
        elif purpose == Purpose.RETURN:
            order = self.process.end
        return NextStep(order=order, name=DESK_WORK[purpose], purpose=purpose)

    def back_at(self, order: int, name: str) -> NextStep:
        """What whoever it is sent back to is asked to do, in the hours of the step it goes back to."""
        step = next((s for s in self.process.steps if s.order == order), None)
        asked = self.asked(step) if step is not None else NextStep(order=order)
        return replace(asked, order=order, name=name, purpose=Purpose.SEND_BACK)

    def _towards(self, to: Receiver) -> Purpose:
        """What giving to a desk means: to the counter with a result it goes home, without one it
        goes back.
        """
        if to.kind == DepartmentKind.ONE_STOP:
            return Purpose.RETURN if self.result is not None else Purpose.SEND_BACK
        if to.kind == DepartmentKind.LEADERSHIP:
            return Purpose.APPROVE
        if to.kind == DepartmentKind.CLERICAL:
            return Purpose.STAMP
        is_own_head = to.is_head and to.department.pk == self.room_id
        return Purpose.APPROVE if is_own_head else Purpose.HANDLE

    def _came_from(self, to: Receiver) -> bool:
        return self.last is not None and self.last.giver_department_id == to.department.pk

    def order_after(self, step: NextStep, to: Receiver) -> int:
        """How far in its process a giving puts the dossier.

        A result that goes to the counter ends it. A step in free words counts as the process's own
        where it does the same (submitting to who approves, stamping); sending back goes back, so
        does what a leader gave out before it was handled; else the dossier stays.
        """
        if to.kind == DepartmentKind.ONE_STOP and self.result is not None:
            return self.process.end
        if step.order:
            return step.order
        if step.purpose == Purpose.SEND_BACK or (
            step.purpose == Purpose.HANDLE and self._is_shared_out
        ):
            return self.process.back_from(self.order, to)
        fitting = self.process.fitting(self.order, step.purpose, to)
        return fitting.order if fitting is not None else self.order

    @property
    def _is_shared_out(self) -> bool:
        """Whether it came from the counter straight to who approves, to be given out."""
        return (
            self.last is not None
            and approves(self.last)
            and self.last.giver_department.kind == DepartmentKind.ONE_STOP
        )

    # --- what is approved -------------------------------------------------------------------------

    def approves_by(self, step: NextStep, to: Receiver) -> bool:
        """Whether giving it on so approves it: it was submitted, and does not go back to the room
        it came from. The counter is no such room: a result that reaches it ends the dossier.
        """
        last = self.last
        return (
            last is not None
            and last.purpose == Purpose.APPROVE
            and not (
                step.purpose == Purpose.SEND_BACK
                and self._came_from(to)
                and to.kind != DepartmentKind.ONE_STOP
            )
        )

    def passed_over(self, order: int) -> list[Step]:
        """The approvals of the process that a move to the step of this order leaves out. The one
        the dossier lies at is given by moving on, unless nobody who approves took it there.
        """
        last = self.last
        at_it = (
            last is not None
            and last.purpose == Purpose.APPROVE
            and last.next_step_order == self.order
        )
        beyond = [s for s in self.approvals if self.order <= s.order < order]
        return [s for s in beyond if s.order > self.order or (at_it and not approves(last, s))]

    def left_out(self, order: int) -> list[Step]:
        """The approvals without which the dossier would go on to the step of this order: those
        passed over, and at the end the last one where the result was replaced since.
        """
        missing = self.passed_over(order)
        if missing or order < self.process.end:
            return missing
        return list(self.approvals[-1:]) if self._is_replaced_since_approval else []

    @property
    def left_out_at_end(self) -> list[Step]:
        """The approvals without which it would end here."""
        return self.left_out(self.process.end)

    @property
    def _is_replaced_since_approval(self) -> bool:
        """Whether a result that stood when it was approved has been replaced by one prepared after
        that.
        """
        approval = next((row for row in self.hand_overs if approves(row)), None)
        if approval is None or approval.confirmed_at is None:
            return False
        at = approval.confirmed_at
        return any(result.recorded_at <= at for result in self.results) and any(
            result.recorded_at > at and self._is_prepared(result) for result in self.results
        )

    @property
    def prepared_by(self) -> set[int]:
        """Who prepared what is approved: who wrote the result down before it was submitted, and who
        submitted it from a handling desk (not who only passed it up).
        """
        written = next((result for result in self.results if self._is_prepared(result)), None)
        people, before = {written.recorded_by_id} if written is not None else set[int](), None
        for row in reversed(self.hand_overs):
            if row.purpose == Purpose.APPROVE and before != Purpose.APPROVE:
                people.add(row.giver_id)
            before = row.purpose
        return people

    def _is_prepared(self, result: Result) -> bool:
        """Whether a result was written by who handles, not where it was signed or stamped. What
        gives an approved draft its number and signature is no other result.
        """
        drafts = {row.pk: row for row in self.results if row.is_draft}
        draft = drafts.get(result.replaces_id or 0)
        if draft is not None and draft.title == result.title:
            return result.kind != draft.kind
        desk = next((row for row in self.hand_overs if _had_come(row, result.recorded_at)), None)
        stamped = desk is not None and desk.receiver_role == Role.DOCUMENTS
        return not (approves(desk) or stamped)


def _had_come(row: HandOver, at: datetime) -> bool:
    return row.confirmed_at is not None and row.confirmed_at <= at


def approves(row: HandOver | None, step: Step | None = None) -> bool:
    """Whether a hand-over brought the dossier to somebody who approves (this step, when one is
    named), for approval.
    """
    if row is None or row.confirmed_at is None or row.purpose != Purpose.APPROVE:
        return False
    role = StepRole(step.role) if step is not None else StepRole.HEAD
    return row.receiver_role in APPROVERS[role]


def hand_overs_of(ids: Sequence[int]) -> dict[int, list[HandOver]]:
    """Every hand-over of these dossiers, also those that do not stand, newest first, by dossier."""
    found: dict[int, list[HandOver]] = {pk: [] for pk in ids}
    rows = HandOver.objects.filter(dossier__in=ids).order_by("-seq")
    joined = ("giver_department__agency", "receiver_department")
    # Many dossiers went through few rooms: each is read once.
    for row in rows.select_related(*joined) if len(ids) == 1 else rows.prefetch_related(*joined):
        found[row.dossier_id].append(row)
    return found


def results_of(ids: Sequence[int]) -> dict[int, list[Result]]:
    """The results of these dossiers that stand, newest first, by dossier. One query."""
    found: dict[int, list[Result]] = {pk: [] for pk in ids}
    for row in Result.objects.standing().filter(dossier__in=ids).order_by("-pk"):
        found[row.dossier_id].append(row)
    return found


def route_of(
    dossier: Dossier,
    processes: Processes | None = None,
    *,
    hand_overs: Sequence[HandOver] | None = None,
    results: Sequence[Result] | None = None,
) -> Route:
    """The route of one dossier as it stands now. Two queries beside those of its process.

    In: where the act is on many `processes`, so that each process is read once, and what was read of
    all of them (`hand_overs_of`, `results_of`).
    """
    here = position_of(dossier, processes or Processes())
    ids = [dossier.pk]
    rows = hand_overs_of(ids)[dossier.pk] if hand_overs is None else hand_overs
    written = results_of(ids)[dossier.pk] if results is None else results
    return Route(
        process=here.process,
        order=here.order,
        at_once=here.at_once,
        room_id=here.room_id,
        term_minutes=here.term_minutes,
        hand_overs=tuple(row for row in rows if row.is_standing),
        results=tuple(written),
        last_seq=rows[0].seq if rows else 0,
    )
