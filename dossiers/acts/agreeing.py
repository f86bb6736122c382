"""A late or second request for completion is approved by the approver himself, in his own list: the
counter puts it before him, he says yes or no, the counter issues what he agreed to (R-44, R-46).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from dossiers import registry
from dossiers.acts import answering, supplements
from dossiers.acts.many import Seen
from dossiers.intake import wanted
from dossiers.intake.wanted import Wanted, What
from dossiers.models import Dossier, Event, Supplement, words_of
from dossiers.models.agreeing import Agreement
from onestop.accounts.calendars import calendar_of
from onestop.changes.domain import add_all, update_all
from onestop.errors import DomainError
from onestop.once import once
from onestop.results import Denied

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk
    from onestop.accounts.models import Officer


def standing(dossier: Dossier) -> Agreement | None:
    """What was put before an approver and is not issued yet."""
    found = Agreement.objects.filter(dossier=dossier, closed_at=None)
    return found.select_related("approver", "answered_by").first()


def waiting_for(desk: Desk) -> QuerySet[Agreement]:
    """What this officer, or whom he stands in for, is to answer; oldest first."""
    found = Agreement.objects.waiting_for(desk.officer_ids)
    joined = ("dossier__version", "dossier__agency", "asked_by", "approver")
    found = found.select_related(*joined).defer("dossier__version__search_text")
    return found.order_by("asked_at", "pk")


def put_before(
    dossier: Dossier,
    *,
    items: Sequence[Wanted],
    reason: str,
    legal_basis: str,
    approver: Officer,
    respond_by: datetime | None,
    by: Desk,
    at: datetime,
) -> Agreement:
    """The counter asks the approver; what was put before him until now gives way. Effects: the row,
    a notice to him. Errors: those of asking (supplements.ask), DomainError("agreement_twice").
    """
    answer = registry.shows(by, dossier, "ask_supplement")
    if isinstance(answer, Denied):
        raise DomainError(answer.code, **answer.data)
    if not reason.strip():
        raise DomainError("reason_missing", field="reason")
    basis = legal_basis.strip()
    entries = wanted.lines(items, case_id=dossier.case_id, legal_basis=basis)
    if supplements.is_late_request(dossier, at, calendar_of(dossier.agency_id)):
        supplements.check_late(approver, basis)
    if not supplements.is_approver(approver, dossier.agency, at):
        raise DomainError("approver_invalid", field="approver")
    with once(DomainError("agreement_twice")):
        close(dossier, at=at)
        row = Agreement(
            dossier=dossier,
            items=[asdict(one) for one in items],
            entries=[words_of(line) for line in entries],
            reason=reason.strip(),
            legal_basis=basis,
            respond_by=respond_by,
            approver=approver,
            asked_by=by.officer,
            asked_at=at,
        )
        [row] = add_all(Agreement, [row])
        answering.tell_approver(row, at=at)
    return row


def answer(pk: int, *, agreed: bool, words: str, by: Desk, at: datetime) -> Agreement:
    """The approver says yes or no himself. Effects: the row, a notice to the counter. Errors:
    DomainError("agreement_gone", "agreement_reason").
    """
    words = words.strip()
    with transaction.atomic():
        row = answering.locked(waiting_for(by), pk, "agreement_gone")
        if not words and (not agreed or supplements.rounds(row.dossier)):
            raise DomainError("agreement_reason", field="reason")
        page = reverse("act_ask", args=[row.dossier.code])
        answering.give(row, agreed=agreed, words=words, page=page, by=by, at=at)
    return row


def answered_by(officer: Officer) -> QuerySet[Agreement]:
    """What this officer answered and nothing has come of yet, the last first."""
    return Agreement.objects.answered_by(officer).select_related("dossier")


def take_back(pk: int, *, by: Desk, at: datetime) -> Agreement:
    """The approver takes the own answer back, until somebody else has acted on the dossier: it
    waits for him again. Effects: the row; the notice to the counter says so. Errors:
    DomainError("agreement_acted").
    """
    with transaction.atomic():
        row = answering.locked(answered_by(by.officer), pk, "agreement_acted")
        if _acted_since(row, by.officer):
            raise DomainError("agreement_acted")
        answering.take_back(row)
    return row


def _acted_since(row: Agreement, officer: Officer) -> bool:
    since = Event.objects.filter(dossier=row.dossier_id, recorded_at__gt=row.answered_at)
    return since.exclude(officer=officer).exists()


def close(dossier: Dossier, *, at: datetime) -> None:
    """Another request was issued: what was put before an approver is for nothing."""
    with transaction.atomic():
        answering.close(Agreement.objects.filter(dossier=dossier), at=at)


def issue(seen: Seen, row: Agreement, *, by: Desk, at: datetime) -> Supplement:
    """The counter issues what was agreed to, as it was put before the approver. Errors: those of
    supplements.ask, DomainError("agreement_gone").
    """
    with transaction.atomic():
        agreed = Agreement.objects.filter(pk=row.pk, agreed=True, closed_at=None)
        if not update_all(agreed, closed_at=at):
            raise DomainError("agreement_gone")
        proposal = Supplement.objects.proposed().filter(dossier=row.dossier_id).last()
        return supplements.ask(
            seen,
            items=[_read(one) for one in row.items],
            reason=row.reason,
            legal_basis=row.legal_basis,
            approver=row.approver,
            approval_reason=row.answer,
            respond_by=row.respond_by if row.respond_by and row.respond_by > at else None,
            proposal=proposal,
            by=by,
            at=at,
        )


def _read(one: dict[str, str]) -> Wanted:
    return Wanted(What(one["what"]), one["text"], one["paper_id"])  # type: ignore[arg-type]
