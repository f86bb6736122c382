"""The refusal after appraisal on paper (form 03): made once it is approved, never before (R-65)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from dossiers.ledger import writer
from dossiers.ledger.history import added_by, data_of
from dossiers.models import Dossier, Event, Result, Slip
from dossiers.route import Route
from dossiers.slips import issuing
from procedures.models import Step

SLUG = "tu-choi"
# The ledger's name of their table.
SLIPS, _ = Slip.told_as


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
    if not _has_slip(life.dossier, result):
        issuing.make(SLUG, life=life, about=result)


def _has_slip(dossier: Dossier, result: Result) -> bool:
    """Whether a slip that stands was made since this result was written down, by the order of the
    ledger: what an earlier refusal made tells another reason.
    """
    standing = Slip.objects.standing().filter(dossier=dossier, slug=SLUG)
    slips = set(standing.values_list("pk", flat=True))
    if not slips:
        return False
    chain = Event.objects.filter(dossier=dossier).order_by("seq")
    before = takewhile(lambda event: not _wrote(event, result), chain)
    return bool(slips - {slip["id"] for event in before for slip in added_by(event, SLIPS)})


def _wrote(event: Event, result: Result) -> bool:
    return event.kind == "record_result" and data_of(event)["row"] == result.pk


def withdraw_of(life: writer.Life, giving: Event) -> None:
    """A giving that is recalled takes the slip back that it made, as its event tells."""
    if made := [slip["id"] for slip in added_by(giving, SLIPS)]:
        life.void(*Slip.objects.standing().filter(pk__in=made, slug=SLUG))
