"""Dossiers that ended while the office still holds originals of somebody (R-80)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from dossiers.desk.intake import IMMEDIATE
from dossiers.intake.originals import goes_back
from dossiers.models import Dossier, DossierPaper, Result
from dossiers.models.originals import PapersReturn
from dossiers.models.querysets import DossierQuerySet
from dossiers.states import State
from onestop.paging import Page, by_instant

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

SIZE = 50
# So many pages are read to fill one at most.
MOST_READ = 10
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
    """What ended at this counter with originals still held, and nobody has said since why they stay."""
    held = DossierPaper.objects.held().filter(dossier=OuterRef("pk"))
    said = PapersReturn.objects.standing().filter(
        dossier=OuterRef("pk"), given_at__gte=OuterRef("ended_at")
    )
    rows = Dossier.objects.visible_to(desk).filter(
        received_by_agency=agency_id, state__in=PARTS[part][1]
    )
    # Lines of the short path went home over the counter, also those of which nobody wrote it down.
    return rows.filter(Exists(held), ~Exists(said.exclude(note=""))).exclude(
        state=State.RETURNED, term=IMMEDIATE
    )


def page(rows: DossierQuerySet[Dossier], after: str) -> Page[Holding]:
    """One page, the newest end first. Dossiers of which only that is held which stays are passed over, so
    up to MOST_READ pages are read to fill one: two queries each, three of what was given back.
    """
    named = rows.select_related("version").defer("version__search_text", "secret", "salt")
    shown: list[Holding] = []
    for _ in range(MOST_READ):
        found = _ORDER.page(named, size=SIZE, after=after)
        shown += _holding(found.rows)
        after = found.next
        if not after or len(shown) >= SIZE:
            break
    return Page(shown, after, "")


def _holding(dossiers: list[Dossier]) -> list[Holding]:
    """Of a result that was given back what was handed in stays with the dossier; of anything else only
    the request does.
    """
    given = [one.pk for one in dossiers if one.state == State.RETURNED]
    results = Result.objects.current().filter(dossier__in=given, kind=Result.Kind.REFUSED)
    refused = set(results.values_list("dossier_id", flat=True)) if given else set()
    granted = set(given) - refused
    held: dict[int, list[DossierPaper]] = {one.pk: [] for one in dossiers}
    papers = DossierPaper.objects.held().filter(dossier__in=list(held))
    for paper in papers.select_related("paper").order_by("order"):
        if goes_back(paper.name, paper.paper.group, refused=paper.dossier_id not in granted):
            held[paper.dossier_id].append(paper)
    return [Holding(one, held[one.pk]) for one in dossiers if held[one.pk]]
