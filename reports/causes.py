"""Saying why a dossier was late: who may, what must be said. Figures count it by the cut
(figures/measures.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from dossiers.models import Dossier, Span
from dossiers.models.outcome import Outcome
from onestop.accounts.access import access
from onestop.accounts.desk import Desk
from onestop.accounts.models import AccessKind, Department, Role
from onestop.changes.domain import add_all, update_all
from onestop.errors import DomainError
from onestop.once import once
from reports.models.cause import WITH_DETAIL, LateCause, causes_on

SAYERS = (Role.HEAD, Role.LEADER, Role.CONTROLLER)


def may_say(desk: Desk, dossier: Dossier) -> bool:
    """Whether the officer heads a room of, leads or controls the very agency that handles it."""
    return any(desk.has(role, agency_id=dossier.agency_id) for role in SAYERS)


def is_late(dossier: Dossier, at: datetime) -> bool:
    """Whether the tables count it as late: it ended so, or is so now. One query."""
    now = Span.objects.filter(dossier=dossier, to_at=None, gone_known=None).first()
    if now is None:
        return False
    if now.group == Span.Group.VOIDED:
        return False
    if now.group == Span.Group.ENDED:
        return now.verdict == Outcome.LATE
    return now.late_from is not None and now.late_from <= at


def words_of(ids: Iterable[int]) -> dict[int, str]:
    """What is said of each of these dossiers today. One query."""
    rows = LateCause.objects.filter(dossier__in=list(ids), replaced_at=None)
    return {
        one.dossier_id: f"{one.get_cause_display()}. {one.detail}".removesuffix(". ")
        for one in rows
    }


def units_of(ids: Iterable[int]) -> dict[int, str]:
    """The unit that each is laid to today. One query."""
    rows = LateCause.objects.filter(dossier__in=list(ids), replaced_at=None)
    return dict(rows.values_list("dossier", "department__name"))


def say(
    dossier: Dossier,
    cause: str,
    department: Department,
    *,
    detail: str,
    by: Desk,
    at: datetime,
    seen: int | None = None,
) -> LateCause:
    """Write the cause down; it stands instead of the one that was said before. `seen`: which one the
    page showed, 0 for none: what somebody has said meanwhile stays.

    Errors: DomainError("cause_not_yours", "cause_not_late", "cause_detail", "cause_department",
    "cause_not_listed", "cause_twice").
    """
    if not may_say(by, dossier):
        raise DomainError("cause_not_yours", agency=dossier.agency.name)
    if not is_late(dossier, at):
        raise DomainError("cause_not_late")
    if department.agency_id != dossier.agency_id:
        raise DomainError("cause_department", field="department")
    if cause not in causes_on(timezone.localdate(at)):
        raise DomainError("cause_not_listed", field="cause")
    if cause in WITH_DETAIL and not detail.strip():
        raise DomainError("cause_detail", field="detail")
    with once(DomainError("cause_twice")):
        standing = LateCause.objects.filter(dossier=dossier, replaced_at=None)
        if seen is not None and seen != (standing.values_list("pk", flat=True).first() or 0):
            raise DomainError("cause_twice")
        update_all(standing, replaced_at=at)
        [made] = add_all(
            LateCause,
            [
                LateCause(
                    dossier=dossier,
                    cause=cause,
                    detail=detail.strip(),
                    department=department,
                    recorded_by=by.officer,
                    recorded_at=at,
                )
            ],
        )
        words = f"ghi nguyên nhân quá hạn: {made.get_cause_display()}"
        access(by.officer, AccessKind.REPORT_ACT, "dossier", dossier.pk, words, about=dossier.agency_id)  # fmt: skip
    return made
