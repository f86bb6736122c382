"""Whether a dossier may go on and end: what its internal process wants approved is approved, or it
is written down why not.

One rule for every way to an end (giving on, the counter's confirmation, a signed electronic
result):
- Who approves is a leader, or a head where the process says so, to whom it was submitted and who
  gives it on or signs the result.
- Nobody approves what they prepared themselves, unless a decision of the office allows it.
- A step of approval that is passed over needs a note: the result was signed elsewhere, on paper, by
  another agency. The note stands on the control sheet and in the timeline. A signed electronic
  result ends the dossier by itself, so for it no note is enough.
- A result replaced after the approval by another has not been approved; what the văn thư stamps and
  numbers has.
Lawful ends without a result (withdrawal, stop) do not come here; a refusal after appraisal is a
result like any other (R-65).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dossiers import rules
from dossiers.models import Dossier, HandOver, Result
from dossiers.models.handover import Purpose
from dossiers.office import office_settings
from dossiers.route import steps as process
from dossiers.route.steps import NextStep
from onestop.accounts.models import Department, DepartmentKind, Role
from onestop.errors import DomainError, require
from onestop.results import Allowed
from procedures.models import Step, StepRole

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk


def passes_on(last: HandOver, step: NextStep, to: Department) -> bool:
    """Whether giving on from a submission approves it: everything but sending it back to the room
    it came from. The counter is no such room: a result that reaches it ends the dossier.
    """
    return not (
        step.purpose == Purpose.SEND_BACK
        and to.pk == last.giver_department_id
        and to.kind != DepartmentKind.ONE_STOP
    )


def check_approval(dossier: Dossier, *, by: Desk) -> None:
    """Refuse an approval of one's own work unless a decision of the office allows it. Errors:
    DomainError("own_work").
    """
    prepared = prepared_by(dossier)
    if by.officer.pk not in prepared:
        return
    require(
        rules.may_approve_own(
            by, dossier, prepared, office_settings(dossier.agency_id).self_approval_decision
        )
    )


def check_electronic(dossier: Dossier, *, by: Desk) -> None:
    """Whether the signed electronic result that was just written ends the dossier: it lies with who
    approves, or was approved.

    Errors: DomainError("own_work", "not_approved").
    """
    missing = missing_at_end(dossier, by=by)
    if not missing:
        return
    if _approves_all(missing, dossier, by):
        raise DomainError("own_work", field="electronic")
    raise DomainError("not_approved", field="electronic", step=process.title_of(missing[0]))


def missing_at_end(dossier: Dossier, *, by: Desk) -> list[Step]:
    """The approvals without which the dossier would end with its result, here and now, by this
    officer; none when it may.

    Whoever approves, ends it from no submission and is allowed by decision to approve own work
    needs none. Errors: DomainError("own_work") where it was submitted to oneself.
    """
    steps, rows = process.steps_of(dossier), standing(dossier)
    last = rows[0] if rows else None
    if last is not None and last.confirmed_at is not None and last.purpose == Purpose.APPROVE:
        check_approval(dossier, by=by)
    missing = left_out(dossier, steps, rows, process.end_of(steps))
    if missing and _approves_all(missing, dossier, by):
        decision = office_settings(dossier.agency_id).self_approval_decision
        if isinstance(rules.may_approve_own(by, dossier, {by.officer.pk}, decision), Allowed):
            return []
    return missing


def _approves_all(missing: Sequence[Step], dossier: Dossier, by: Desk) -> bool:
    return all(
        by.has(*map(Role, process.APPROVERS[StepRole(s.role)]), agency_id=dossier.agency_id)
        for s in missing
    )


def left_out(
    dossier: Dossier, steps: Sequence[Step], rows: Sequence[HandOver], order: int
) -> list[Step]:
    """The approvals that going on to the step of this order would leave out. In: hand-overs as
    standing() gives them.
    """
    missing = process.passed_over(dossier, steps, rows[0] if rows else None, order)
    if missing or order < process.end_of(steps):
        return missing
    return process.approvals_in(dossier, steps)[-1:] if _replaced_since(dossier, rows) else []


def standing(dossier: Dossier) -> list[HandOver]:
    """The hand-overs that were not recalled, newest first; one query."""
    rows = HandOver.objects.standing().filter(dossier=dossier).select_related("giver_department")
    return list(rows.order_by("-seq"))


def _replaced_since(dossier: Dossier, rows: Sequence[HandOver]) -> bool:
    """Whether a result that stood when it was approved has been replaced by one prepared after
    that.
    """
    approval = next((row for row in rows if process.approves(row)), None)
    if approval is None or approval.confirmed_at is None:
        return False
    results = _results(dossier)
    stood = any(result.recorded_at <= approval.confirmed_at for result in results)
    return stood and any(
        result.recorded_at > approval.confirmed_at and _is_prepared(result, rows)
        for result in results
    )


def prepared_by(dossier: Dossier) -> set[int]:
    """Who prepared what is approved: who wrote the result down before it was submitted, and who
    submitted it from a handling desk (not who only passed it up).
    """
    rows = standing(dossier)
    written = next((result for result in _results(dossier) if _is_prepared(result, rows)), None)
    people, before = {written.recorded_by_id} if written is not None else set[int](), None
    for row in reversed(rows):
        if row.purpose == Purpose.APPROVE and before != Purpose.APPROVE:
            people.add(row.giver_id)
        before = row.purpose
    return people


def _results(dossier: Dossier) -> list[Result]:
    """Every result that was not taken back, newest first; one query."""
    return list(Result.objects.standing().filter(dossier=dossier).order_by("-pk"))


def _is_prepared(result: Result, rows: Sequence[HandOver]) -> bool:
    """Whether a result was written by who handles, not where it was signed or stamped."""
    desk = next(
        (
            row
            for row in rows
            if row.confirmed_at is not None and row.confirmed_at <= result.recorded_at
        ),
        None,
    )
    return not (
        process.approves(desk) or (desk is not None and desk.receiver_role == Role.DOCUMENTS)
    )
