"""One more guidance in the same matter is approved by the approver himself, in his own list: the
visit waits for his yes, and only then its slip is issued (R-44).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from dossiers.acts import filings
from dossiers.acts.supplements import is_approver
from dossiers.models import CounterVisit, Slip
from dossiers.models.guiding import GuidanceApproval
from dossiers.slips import issuing
from onestop.accounts.models import Role
from onestop.errors import DomainError
from onestop.outbox.domain import post, read_about, retract
from onestop.outbox.models import Message
from onestop.outbox.told import told

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk
    from onestop.accounts.models import Officer

SLIP = "bo-sung"
_JOINED = (
    "visit__version__procedure", "visit__agency", "visit__officer", "approver", "asked_by", "answered_by",
)  # fmt: skip


def _rows() -> QuerySet[GuidanceApproval]:
    return GuidanceApproval.objects.select_related(*_JOINED).defer("visit__version__search_text")


def waiting_for(desk: Desk) -> QuerySet[GuidanceApproval]:
    """What this officer, or whom he stands in for, is to answer; oldest first."""
    waiting = GuidanceApproval.objects.waiting_for(desk.officer_ids)
    return _rows().filter(pk__in=waiting.order_by().values("pk")).order_by("asked_at", "pk")


def answered_by(officer: Officer) -> QuerySet[GuidanceApproval]:
    """What this officer answered and nothing has come of yet, the last first."""
    found = _rows().filter(answered_by=officer, closed_at=None).exclude(agreed=None)
    return found.order_by("-answered_at", "-pk")


def standing_of(officer: Officer) -> QuerySet[GuidanceApproval]:
    """What this clerk put before somebody and has not issued yet, the last first."""
    return _rows().filter(asked_by=officer, closed_at=None).order_by("-asked_at", "-pk")


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
    _tell(row, visit.approver, "guidance_asked", reverse("agreements"), at)
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
        _retract(row, row.approver, "guidance_asked")
        visit = row.visit
        visit.approver, visit.approval_reason = approver, reason.strip()
        visit.save(update_fields=["approver", "approval_reason"])
        row.approver, row.asked_by, row.asked_at = approver, by.officer, at
        _unanswered(row)
        _tell(row, approver, "guidance_asked", reverse("agreements"), at)
    return row


def answer(pk: int, *, agreed: bool, words: str, by: Desk, at: datetime) -> GuidanceApproval:
    """The approver says yes or no himself. Effects: the row, a notice to the clerk. Errors:
    DomainError("guidance_gone", "guidance_reason").
    """
    words = words.strip()
    with transaction.atomic():
        row = waiting_for(by).select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
        if row is None:
            raise DomainError("guidance_gone")
        if not agreed and not words:
            raise DomainError("guidance_reason", field="reason")
        row.agreed, row.answer, row.answered_by, row.answered_at = agreed, words, by.officer, at
        row.save()
        read_about(by.officer, object_kind="visit", object_id=row.visit_id, at=at)
        page = reverse("intake_visit", args=[row.visit_id])
        _tell(row, row.asked_by, "guidance_answered", page, at)
    return row


def take_back(pk: int, *, by: Desk, at: datetime) -> GuidanceApproval:
    """The approver takes the own answer back until the slip is issued or somebody else is asked: it
    waits for him again. Errors: DomainError("guidance_acted").
    """
    with transaction.atomic():
        found = answered_by(by.officer).select_for_update(of=("self",), no_key=True)
        row = found.filter(pk=pk).first()
        if row is None:
            raise DomainError("guidance_acted")
        _retract(row, row.asked_by, "guidance_answered")
        _unanswered(row)
    return row


def issue(visit_id: int, *, by: Desk, at: datetime) -> Slip:
    """The counter issues what was agreed to. Effects in order: the row is closed, a waiting online
    filing is answered, the slip. A second press gives the same slip. Errors:
    DomainError("guidance_not_agreed", "guidance_closed", "not_your_counter").
    """
    with transaction.atomic():
        made = Slip.objects.filter(visit=visit_id).order_by("id").first()
        if made is not None:
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
        _retract(row, row.approver, "guidance_asked")
        row.closed_at = at
        if row.agreed:
            # What he agreed to was not issued: closed with a yes means issued.
            row.agreed = False
        row.save()
    return row


def _standing(visit_id: int, by: Desk) -> GuidanceApproval:
    found = _rows().select_for_update(of=("self",), no_key=True)
    row = found.filter(visit=visit_id, closed_at=None).first()
    if row is None:
        raise DomainError("guidance_closed")
    if not by.has(Role.CLERK, agency_id=row.visit.agency_id):
        raise DomainError("not_your_counter")
    return row


def _unanswered(row: GuidanceApproval) -> None:
    row.agreed, row.answer, row.answered_by, row.answered_at = None, "", None, None
    row.save()


def _tell(row: GuidanceApproval, to: Officer, event: str, link: str, at: datetime) -> None:
    post(
        **told(f"dossiers/told/{event}", row=row, visit=row.visit),
        kind=event,
        dedupe=_key(row, to, event),
        at=at,
        to_officer=to,
        object_kind="visit",
        object_id=row.visit_id,
        link=link,
        mail=False,
    )


def _retract(row: GuidanceApproval, to: Officer, event: str) -> None:
    ids = list(Message.objects.filter(dedupe=_key(row, to, event)).values_list("pk", flat=True))
    retract(ids, object_kind="visit", object_id=row.visit_id, heading="Đã hoàn tác")


def _key(row: GuidanceApproval, to: Officer, event: str) -> str:
    """One notice a question and an answer: both may come again."""
    when = row.answered_at if event == "guidance_answered" else row.asked_at
    assert when is not None
    return f"{event}:{row.pk}:{to.pk}:{when.astimezone(UTC).isoformat()}"
