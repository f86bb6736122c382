"""What an office decided for itself, with the national rule where it decided nothing.

A decision that makes a rule less strict takes two people and keeps its history (docs/adr/0011).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from dossiers import rules
from dossiers.models import OfficeDecision, OfficeSettings
from onestop.accounts.access import access
from onestop.accounts.models import AccessKind, Agency, Officer, Role, RoleGrant
from onestop.changes.domain import update_all
from onestop.errors import DomainError, require
from onestop.outbox.domain import post
from onestop.outbox.told import Told, told

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

TOLD = "dossiers/told/office_decision"


def office_settings(agency_id: int) -> OfficeSettings:
    """The settings of an office; unsaved defaults when it has none. One query."""
    return OfficeSettings.objects.filter(agency_id=agency_id).first() or OfficeSettings(
        agency_id=agency_id
    )


def strict(subject: str) -> Any:
    """The national rule."""
    return getattr(OfficeSettings(), subject)


_AT_ONCE = {
    "live_from": "Ngày bắt đầu dùng phần mềm",
    "archive_after": "Số ngày kết quả chờ trước khi chuyển lưu trữ",
}


def save_at_once(*, agency: Agency, name: str, value: Any, by: Officer) -> None:
    """Weakens nothing: written at once, with what was before in the log."""
    with transaction.atomic():
        office, _ = OfficeSettings.objects.get_or_create(agency=agency)
        said = f"{_AT_ONCE[name]}: “{_said(getattr(office, name))}” → “{_said(value)}”"
        setattr(office, name, value)
        office.save(update_fields=[name])
        access(by, AccessKind.AGENCY_CHANGED, "agency", agency.pk, said, about=agency.pk)


def _said(value: Any) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value or "")


def propose(*, agency: Agency, subject: str, value: Any, by: Desk, at: datetime) -> OfficeDecision:
    """Writes a proposal that is not yet in force and tells who may confirm it; an earlier one that
    waits is ended.

    Raises DomainError not_allowed / decision_profits.
    """
    require(rules.may_propose_decision(by, agency, subject), field=subject)
    with transaction.atomic():
        waiting = OfficeDecision.objects.select_for_update().filter(
            agency=agency, subject=subject, confirmed_at=None, ended_at=None
        )
        update_all(waiting, ended_at=at, ended_by=by.officer)
        made = OfficeDecision.objects.create(
            agency=agency,
            subject=subject,
            value=_text(value),
            proposed_by=by.officer,
            proposed_at=at,
        )
        _record(made, "đề nghị", by.officer, at, confirmers(agency, at))
    return made


def confirm(*, decision_id: int, by: Desk, at: datetime) -> OfficeDecision:
    """From now on the decision is in force and the one before it is ended; proposer, leaders and
    controllers are told.

    Raises DomainError not_allowed / decision_own / decision_profits / decision_over.
    """
    with transaction.atomic():
        decision = _locked(decision_id)
        require(rules.may_confirm_decision(by, decision))
        if not decision.is_pending:
            raise DomainError("decision_over")
        office, _ = OfficeSettings.objects.get_or_create(agency=decision.agency)
        before = _end_in_force(office, decision.subject, by.officer, at)
        decision.confirmed_by, decision.confirmed_at = by.officer, at
        decision.save(update_fields=["confirmed_by", "confirmed_at"])
        setattr(office, decision.subject, _value(decision))
        office.save(update_fields=[decision.subject])
        _record(
            decision,
            f"xác nhận (trước đó: {before or 'theo quy định chung'})",
            by.officer,
            at,
            _told(decision, at),
        )
    return decision


def end(*, decision_id: int, by: Desk, at: datetime) -> OfficeDecision:
    """A proposal is refused, a decision in force ends: the national rule holds again at once.

    Raises DomainError not_allowed / decision_over.
    """
    with transaction.atomic():
        decision = _locked(decision_id)
        require(rules.may_end_decision(by, decision))
        if decision.ended_at is not None:
            raise DomainError("decision_over")
        word = "không chấp nhận" if decision.is_pending else "kết thúc"
        if not decision.is_pending:
            office = OfficeSettings.objects.filter(agency=decision.agency)
            update_all(office, **{decision.subject: strict(decision.subject)})
        decision.ended_by, decision.ended_at = by.officer, at
        decision.save(update_fields=["ended_by", "ended_at"])
        _record(decision, word, by.officer, at, _told(decision, at))
    return decision


def make_strict(*, agency: Agency, subject: str, by: Desk, at: datetime) -> None:
    """Ends what is in force of this subject, whatever set it."""
    if not by.administers(agency):
        raise DomainError("not_allowed", field=subject)
    with transaction.atomic():
        office, _ = OfficeSettings.objects.select_for_update().get_or_create(agency=agency)
        before = _end_in_force(office, subject, by.officer, at)
        setattr(office, subject, strict(subject))
        office.save(update_fields=[subject])
        label = OfficeDecision.Subject(subject).label
        said = f"{label}: “{before}” → theo quy định chung"
        access(by.officer, AccessKind.AGENCY_CHANGED, "agency", agency.pk, said, about=agency.pk)
        words = told(TOLD, subject=label, before=before, by=by.officer, at=at)
        _tell(words, f"{subject}-strict-{agency.pk}", by.officer, at, confirmers(agency, at))


def _end_in_force(office: OfficeSettings, subject: str, by: Officer, at: datetime) -> str:
    """What was in force, in words; its row is ended. One that nobody confirmed here (older data)
    gets its row now.
    """
    value = getattr(office, subject)
    if value == strict(subject):
        return ""
    rows = OfficeDecision.objects.filter(
        agency=office.agency, subject=subject, ended_at=None, confirmed_at__isnull=False
    )
    row = rows.first() or OfficeDecision.objects.create(
        agency=office.agency, subject=subject, value=_text(value), proposed_at=at, confirmed_at=at
    )
    row.ended_by, row.ended_at = by, at
    row.save(update_fields=["ended_by", "ended_at"])
    return row.words


def _locked(pk: int) -> OfficeDecision:
    return (
        OfficeDecision.objects.select_for_update(of=("self",)).select_related("agency").get(pk=pk)
    )


def _text(value: Any) -> str:
    return "1" if value is True else str(value).strip()


def _value(decision: OfficeDecision) -> Any:
    return True if decision.subject == OfficeDecision.Subject.LOOKUP else decision.value


def confirmers(agency: Agency, at: datetime) -> list[Officer]:
    """Who confirms what an administrator proposed for the agency: those nearest to it."""
    on = timezone.localdate(at)
    roles = (Role.CONTROLLER, Role.LEADER)
    return [
        one for role in roles for one in RoleGrant.objects.all().nearest_holders(role, agency, on)
    ]


def _told(decision: OfficeDecision, at: datetime) -> list[Officer]:
    proposer = [decision.proposed_by] if decision.proposed_by is not None else []
    return [*proposer, *confirmers(decision.agency, at)]


def _record(
    decision: OfficeDecision, word: str, by: Officer, at: datetime, people: list[Officer]
) -> None:
    said = f"{decision.get_subject_display()}: {word} “{decision.words}”"
    access(
        by, AccessKind.AGENCY_CHANGED, "agency", decision.agency_id, said, about=decision.agency_id
    )
    words = told(TOLD, decision=decision, word=word, by=by, at=at)
    _tell(words, f"{decision.pk}-{word[:20]}", by, at, people)


def _tell(words: Told, key: str, by: Officer, at: datetime, people: list[Officer]) -> None:
    for officer in {one.pk: one for one in people if one.pk != by.pk}.values():
        dedupe = f"office:{key}:{at.isoformat()}:{officer.pk}"
        post(
            kind="administration",
            dedupe=dedupe,
            **words,
            at=at,
            to_officer=officer,
            link=reverse("office_settings"),
        )
