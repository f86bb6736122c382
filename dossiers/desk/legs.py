"""Legs as pages show them: on the dossier's page, in the list of what an agency has, on their own
page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone

from dossiers.ledger.history import added_by
from dossiers.ledger.tables import FILES
from dossiers.models import Dossier, DossierPaper, Event
from dossiers.models.legs import OPEN, WITH_AGENCY, Leg, LegState
from onestop.accounts.models import Agency
from onestop.files.models import Attachment
from onestop.paging import Page, by_id

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

SIZE = 50
_ORDER = by_id()
_NAMES = ("agency", "holder", "holder_department", "pending_officer", "pending_department")


@dataclass(frozen=True, slots=True)
class Shown:
    """A leg on the page of its dossier: the row as JSON told it, who has it, how it stands."""

    row: dict[str, Any]
    who: str
    is_late: bool

    @property
    def state(self) -> str:
        return str(LegState(self.row["state"]).label)

    @property
    def outcome(self) -> str:
        outcome = self.row["outcome"]
        return str(Leg.Outcome(outcome).label) if outcome else ""

    @property
    def hours(self) -> int:
        return int(self.row["minutes"]) // 60

    @property
    def is_open(self) -> bool:
        return self.row["state"] in OPEN

    @property
    def is_failed(self) -> bool:
        return bool(self.row["state"] == LegState.FAILED)

    @property
    def is_sent(self) -> bool:
        return self.row["state"] in WITH_AGENCY


def shown(rows: Sequence[dict[str, Any]], now: datetime) -> list[Shown]:
    """The legs of one dossier by their numbers; no query."""
    found = []
    for row in sorted(rows, key=lambda one: one["number"]):
        end = row["ended_at"] or now
        late = row["due_at"] is not None and row["due_at"] < end
        given = row["pending_officer_full_name"] or row["pending_department_name"]
        who = given or row["holder_full_name"] or ""
        found.append(Shown(row, who, late))
    return found


def with_me(desk: Desk) -> QuerySet[Leg]:
    """What this officer's agencies have now, or the officer and the own rooms."""
    return Leg.objects.visible_to(desk).with_agency()


def page_of(desk: Desk, after: str) -> Page[Leg]:
    """One page of them, in the order in which they were written down; one query."""
    rows = with_me(desk).select_related(*_NAMES, "dossier__version", "dossier__agency")
    rows = rows.defer("dossier__version__search_text", "dossier__secret", "dossier__salt")
    return _ORDER.page(rows, size=SIZE, after=after)


def leg_of(desk: Desk, pk: int) -> Leg | None:
    """One leg with its dossier, if this officer may open it; one query."""
    names = ("dossier__version__procedure", "dossier__agency", "opened_by", "ended_by", "file")
    rows = Leg.objects.visible_to(desk).select_related(*_NAMES, *names)
    return rows.defer("dossier__version__search_text", "dossier__secret", "dossier__salt").filter(pk=pk).first()  # fmt: skip


def newest_of(desk: Desk, code: str) -> Leg | None:
    """The leg through which this officer knows of the dossier with this code: what stands instead of
    the dossier's page; one query.
    """
    return Leg.objects.visible_to(desk).filter(dossier__code=code).order_by("-number").first()


def papers_of(dossier: Dossier) -> QuerySet[DossierPaper]:
    return DossierPaper.objects.brought().filter(dossier=dossier).select_related("paper").order_by("order")  # fmt: skip


def files_of(leg: Leg) -> QuerySet[Attachment]:
    """The files that this leg's agency may open: of the dossier while it has the leg, then its own."""
    if leg.is_with_agency:
        rows = Attachment.objects.filter(kind=FILES[0], object_id=leg.dossier_id)
        return rows.exclude(pk__in=_of_money(leg.dossier_id)).order_by("pk")
    return Attachment.objects.filter(kind=FILES[0], pk=leg.file_id or 0)


def _of_money(dossier_id: int) -> list[int]:
    """Proofs of payment, by the events that brought them; nobody else's business. One query."""
    paid = Event.objects.filter(dossier=dossier_id, kind="record_payment")
    return [said["id"] for event in paid for said in added_by(event, "files")]


def others_of(leg: Leg) -> QuerySet[Leg]:
    """Who else works on the dossier, for whoever has a part of it."""
    return legs_of(leg.dossier_id).exclude(pk=leg.pk)


def legs_of(dossier_id: int) -> QuerySet[Leg]:
    """Those that stand, by their numbers. One query."""
    rows = Leg.objects.standing().filter(dossier=dossier_id).select_related("agency")
    return rows.order_by("number")


def agencies_for(dossier: Dossier, now: datetime) -> list[Agency]:
    """Whom a part of the work may be sent to; one query."""
    rows = Agency.objects.open_on(timezone.localdate(now)).exclude(pk=dossier.agency_id)
    return list(rows.order_by("path"))
