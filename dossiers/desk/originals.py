"""Dossiers that ended while the office still holds originals of somebody (R-80)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from dossiers.intake.originals import is_request
from dossiers.models import Dossier, DossierPaper
from dossiers.models.originals import PapersReturn
from dossiers.models.querysets import DossierQuerySet
from dossiers.states import State
from onestop.paging import Page, by_instant

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

SIZE = 50
# What an address calls a part of the list -> its words, and the states in it.
PARTS: dict[str, tuple[str, tuple[State, ...]]] = {
    "": ("Hồ sơ rút, dừng giải quyết", (State.WITHDRAWN, State.STOPPED)),
    "da-tra": ("Đã trả kết quả", (State.RETURNED,)),
}
_ORDER = by_instant("ended_at", newest_first=True)


@dataclass(frozen=True, slots=True)
class Holding:
    """One dossier and what is held of it; the request itself stays and is not counted."""

    dossier: Dossier
    papers: list[DossierPaper]


def holding(desk: Desk, agency_id: int, part: str) -> DossierQuerySet[Dossier]:
    """What ended at this counter with originals still held, and nobody has said what becomes of them."""
    held = DossierPaper.objects.filter(
        dossier=OuterRef("pk"), originals__gt=0, originals_returned=False
    )
    settled = PapersReturn.objects.standing().filter(dossier=OuterRef("pk"))
    rows = Dossier.objects.visible_to(desk).filter(
        received_by_agency=agency_id, state__in=PARTS[part][1]
    )
    return rows.filter(Exists(held), ~Exists(settled))


def page(rows: DossierQuerySet[Dossier], after: str) -> Page[Holding]:
    """One page, the newest first; two queries. Of which only the request is held, none is shown."""
    named = rows.select_related("version").defer("version__search_text", "secret", "salt")
    found = _ORDER.page(named, size=SIZE, after=after)
    held: dict[int, list[DossierPaper]] = {one.pk: [] for one in found.rows}
    papers = DossierPaper.objects.filter(
        dossier__in=list(held), originals__gt=0, originals_returned=False
    )
    for paper in papers.select_related("paper").order_by("order"):
        if not is_request(paper.name):
            held[paper.dossier_id].append(paper)
    shown = [Holding(one, held[one.pk]) for one in found.rows if held[one.pk]]
    return Page(shown, found.next, found.previous)
