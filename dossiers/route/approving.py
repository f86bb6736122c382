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
from dossiers.models import Dossier
from dossiers.models.handover import Purpose
from dossiers.office import office_settings
from dossiers.route.steps import APPROVERS, NextStep, title_of
from dossiers.route.way import Route, approves, route_of
from onestop.accounts.models import Role
from onestop.errors import DomainError, require
from onestop.results import Allowed
from procedures.models import Step, StepRole

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk


def check_approval(dossier: Dossier, route: Route, *, by: Desk) -> None:
    """Refuse an approval of one's own work unless a decision of the office allows it. Errors:
    DomainError("own_work").
    """
    prepared = route.prepared_by
    if by.officer.pk not in prepared:
        return
    require(rules.may_approve_own(by, dossier, prepared, _decision_of_own_work(dossier, by)))


def _decision_of_own_work(dossier: Dossier, by: Desk) -> str:
    """Of the office that handles it today."""
    return office_settings(dossier.agency.in_charge(by.on).pk).self_approval_decision


def check_submission(route: Route, step: NextStep, *, order: int, note: str) -> None:
    """What giving on needs where somebody approves: without a result nothing is sent for approving
    it, nor approved; what is sent back says why.

    Errors: DomainError("result_to_approve" on field "to", "send_back_reason" on field "note").
    """
    if (
        route.result is None
        and route.is_handled_before(order)
        and (
            step.purpose == Purpose.APPROVE
            or (route.is_submitted and step.purpose == Purpose.STAMP)
        )
    ):
        raise DomainError("result_to_approve", field="to")
    if step.purpose == Purpose.SEND_BACK and approves(route.last) and not note.strip():
        raise DomainError("send_back_reason", field="note")


def is_approved(dossier: Dossier, *, by: Desk) -> bool:
    """Whether nothing is left to approve of the result that was just written."""
    try:
        return not missing_at_end(dossier, route_of(dossier), by=by)
    except DomainError:  # one's own work, submitted to oneself
        return False


def check_electronic(dossier: Dossier, *, by: Desk) -> None:
    """Whether the signed electronic result that was just written ends the dossier: it lies with who
    approves, or was approved.

    Errors: DomainError("own_work", "not_approved").
    """
    missing = missing_at_end(dossier, route_of(dossier), by=by)
    if not missing:
        return
    if _approves_all(missing, dossier, by):
        raise DomainError("own_work", field="electronic")
    raise DomainError("not_approved", field="electronic", step=title_of(missing[0]))


def missing_at_end(dossier: Dossier, route: Route, *, by: Desk) -> list[Step]:
    """The approvals without which the dossier would end with its result, here and now, by this
    officer; none when it may.

    Whoever approves, ends it from no submission and is allowed by decision to approve own work
    needs none. Errors: DomainError("own_work") where it was submitted to oneself.
    """
    if route.is_submitted:
        check_approval(dossier, route, by=by)
    missing = route.left_out_at_end
    if missing and _approves_all(missing, dossier, by):
        decision = _decision_of_own_work(dossier, by)
        if isinstance(rules.may_approve_own(by, dossier, {by.officer.pk}, decision), Allowed):
            return []
    return missing


def _approves_all(missing: Sequence[Step], dossier: Dossier, by: Desk) -> bool:
    return all(
        by.has(*map(Role, APPROVERS[StepRole(s.role)]), agency_id=dossier.agency_id)
        for s in missing
    )
