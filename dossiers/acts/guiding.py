"""One more guidance in the same matter is approved by the approver himself, in his own list: the
visit waits for his yes, and only then its slip is issued (R-44).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from dossiers import rules
from dossiers.acts import answering, filings
from dossiers.acts.supplements import is_approver
from dossiers.models import CounterVisit, Slip
from dossiers.models.guiding import GuidanceApproval
from dossiers.slips import issuing
from onestop.errors import DomainError, require

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk
    from onestop.accounts.models import Officer

SLIP = "bo-sung"
_JOINED = (
    "visit__version__procedure", "visit__agency", "visit__officer", "approver", "asked_by", "answered_by",
)  # fmt: skip


def _joined(rows: QuerySet[GuidanceApproval]) -> QuerySet[GuidanceApproval]:
    return rows.select_related(*_JOINED).defer("visit__version__search_text")


def waiting_for(desk: Desk) -> QuerySet[GuidanceApproval]:
    """What this officer, or whom he stands in for, is to answer; oldest first."""
    waiting = GuidanceApproval.objects.waiting_for(desk.officer_ids)
    return _joined(waiting).order_by("asked_at", "pk")


def answered_by(officer: Officer) -> QuerySet[GuidanceApproval]:
    """What this officer answered and nothing has come of yet, the last first."""
    return _joined(GuidanceApproval.objects.answered_by(officer))


def standing_of(officer: Officer) -> QuerySet[GuidanceApproval]:
    """What this clerk put before somebody and has not issued yet, the last first."""
    return _joined(GuidanceApproval.objects.filter(asked_by=officer, closed_at=None))


def put_before(visit: CounterVisit, *, by: Officer, at: datetime) -> GuidanceApproval:
    """Inside the transaction of the visit: its approver is asked. Who may approve and stands at the
    counter himself has approved. Effects: the row, a notice.
    """
    assert visit.approver is not None
    row = GuidanceApproval(visit=visit, approver=visit.approver, asked_by=by, asked_at=at)
    if visit.approver.pk == by.pk:
        row.agreed, row.answered_by, row.answered_at, row.closed_at = True, by, at, at
        row.save()
        return row
    row.save()
    answering.tell_approver(row, at=at)
    return row


def put_again(
    visit_id: int, *, approver: Officer, reason: str, by: Desk, at: datetime
) -> GuidanceApproval:
    """Somebody else, or the same one anew, is asked what is not issued yet. Effects: the visit's
    approver and reason, the row, a notice. Errors: DomainError("guidance_closed", "reason_missing",
    "approver_invalid", "not_your_counter").
    """
    with transaction.atomic():
        row = _standing(visit_id, by)
        if not reason.strip():
            raise DomainError("reason_missing", field="reason")
        if not is_approver(approver, row.visit.agency, at):
            raise DomainError("approver_invalid", field="approver")
        visit = row.visit
        visit.approver, visit.approval_reason = approver, reason.strip()
        visit.save(update_fields=["approver", "approval_reason"])
        answering.ask_anew(row, approver=approver, by=by.officer, at=at)
    return row


def answer(pk: int, *, agreed: bool, words: str, by: Desk, at: datetime) -> GuidanceApproval:
    """The approver says yes or no himself. Effects: the row, a notice to the clerk. Errors:
    DomainError("guidance_gone", "guidance_reason").
    """
    words = words.strip()
    with transaction.atomic():
        row = answering.locked(waiting_for(by), pk, "guidance_gone")
        if not agreed and not words:
            raise DomainError("guidance_reason", field="reason")
        page = reverse("intake_visit", args=[row.visit_id])
        answering.give(row, agreed=agreed, words=words, page=page, by=by, at=at)
    return row


def take_back(pk: int, *, by: Desk, at: datetime) -> GuidanceApproval:
    """The approver takes the own answer back until the slip is issued or somebody else is asked: it
    waits for him again. Errors: DomainError("guidance_acted").
    """
    with transaction.atomic():
        row = answering.locked(answered_by(by.officer), pk, "guidance_acted")
        answering.take_back(row)
    return row


def issue(visit_id: int, *, by: Desk, at: datetime) -> Slip:
    """The counter issues what was agreed to. Effects in order: the row is closed, a waiting online
    filing is answered, the slip. A second press gives the same slip. Errors:
    DomainError("guidance_not_agreed", "guidance_closed", "not_your_counter").
    """
    with transaction.atomic():
        made = Slip.objects.filter(visit=visit_id).order_by("id").first()
        if made is not None:
            require(rules.may_stand_at(by, made.agency_id))
            return made
        row = _standing(visit_id, by)
        if not row.may_be_issued:
            raise DomainError("guidance_not_agreed")
        row.closed_at = at
        row.save()
        visit = row.visit
        if visit.source_code:
            filings.answer(visit.source_code, visit, by=by.officer, at=at)
        return issuing.make_for_visit(SLIP, visit, by=by.officer, at=at)


def give_up(visit_id: int, *, by: Desk, at: datetime) -> GuidanceApproval:
    """Nothing is issued: the person goes on without. Errors: DomainError("guidance_closed",
    "not_your_counter").
    """
    with transaction.atomic():
        row = _standing(visit_id, by)
        answering.withdraw(row)
        row.closed_at = at
        if row.agreed:
            # What he agreed to was not issued: closed with a yes means issued.
            row.agreed = False
        row.save()
    return row


def _standing(visit_id: int, by: Desk) -> GuidanceApproval:
    found = _joined(GuidanceApproval.objects.select_for_update(of=("self",), no_key=True))
    row = found.filter(visit=visit_id, closed_at=None).first()
    if row is None:
        raise DomainError("guidance_closed")
    require(rules.may_stand_at(by, row.visit.agency_id))
    return row
