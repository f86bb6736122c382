"""Whoever prepared what is approved does not approve it, unless a decision of the office allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dossiers import rules
from dossiers.domain.office import office_settings
from dossiers.domain.steps import NextStep
from dossiers.models import Dossier, HandOver, Result
from dossiers.models.handover import Purpose
from onestop.accounts.models import Department, DepartmentKind
from onestop.errors import require

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk


def passes_on(last: HandOver, step: NextStep, to: Department) -> bool:
    """Whether giving on from a submission approves it: everything but sending it back to the room it came from. The counter
    is no such room: a result that reaches it ends the dossier."""
    return not (step.purpose == Purpose.SEND_BACK and to.pk == last.giver_department_id and to.kind != DepartmentKind.ONE_STOP)


def check_approval(dossier: Dossier, *, by: Desk) -> None:
    """Refuse an approval of one's own work unless a decision of the office allows it. Errors: DomainError("own_work")."""
    prepared = prepared_by(dossier)
    if by.officer.pk not in prepared:
        return
    require(rules.may_approve_own(by, dossier, prepared, office_settings(dossier.agency_id).self_approval_decision))


def prepared_by(dossier: Dossier) -> set[int]:
    """Who prepared what is approved: who wrote the result down, and who submitted from a handling desk (not who only passed it up)."""
    writers = Result.objects.filter(dossier=dossier, replaced_by=None).values_list("recorded_by_id", flat=True)
    rows = HandOver.objects.filter(dossier=dossier, recalled_at=None).order_by("seq").values_list("purpose", "giver_id")
    people, before = set(writers), None
    for purpose, giver in rows:
        if purpose == Purpose.APPROVE and before != Purpose.APPROVE:
            people.add(giver)
        before = purpose
    return people
