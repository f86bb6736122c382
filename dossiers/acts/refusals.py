"""The refusal after appraisal on paper (form 03): made once it is approved, never before (R-65)."""

from __future__ import annotations

from collections.abc import Iterable

from dossiers.ledger import writer
from dossiers.models import HandOver, Result, Slip
from dossiers.route import Route
from dossiers.slips import issuing
from procedures.models import Step

SLUG = "tu-choi"


def issue_if_approved(
    life: writer.Life, route: Route, *, order: int, left_out: Iterable[Step]
) -> None:
    """Inside an act that moves a dossier to the step of this order: the slip of its refusal, where
    no approval is left and none was left out.
    """
    is_approved = bool(route.approvals) and all(step.order < order for step in route.approvals)
    if route.result is not None and is_approved and not left_out:
        issue(life, route.result)


def issue(life: writer.Life, result: Result) -> None:
    """The slip of a refusal that has none yet; nothing for any other result."""
    if result.kind != Result.Kind.REFUSED:
        return
    made = Slip.objects.standing().filter(
        dossier=life.dossier, slug=SLUG, made_at__gte=result.recorded_at
    )
    if not made.exists():
        issuing.make(SLUG, life=life, about=result)


def withdraw_of(life: writer.Life, row: HandOver) -> None:
    """A giving that is recalled takes the slip back that it made."""
    made = Slip.objects.standing().filter(
        dossier=life.dossier, slug=SLUG, made_at=row.given_at, made_by=row.giver
    )
    life.void(*made)
