"""The slips of invented dossiers: numbered in the order of their acts, as if each had been made in its own; drawn when first asked for.

A snapshot a dossier would be most of an archive that nobody prints. So a row is told without one; dossiers.domain.slips freezes it
from what the acts wrote when it is first drawn.
"""

from __future__ import annotations

from datetime import datetime
from heapq import heappop, heappush

from dossiers.domain.generating.rows import Counters, Rows
from dossiers.models import Slip
from onestop.worktime import VN


class SlipBook:
    """Slips told and not yet numbered: the acts of one dossier lie among the receptions of the days after it."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        self._told: list[tuple[datetime, int, str, int, int, int]] = []
        self._order = 0

    def tell(self, slug: str, at: datetime, *, agency_id: int, dossier_id: int, officer_id: int) -> None:
        self._order += 1
        heappush(self._told, (at, self._order, slug, agency_id, dossier_id, officer_id))

    def number(self, rows: Rows, *, before: datetime | None = None) -> None:
        """Number and write down what was told of the time before this instant; all of it when none is given."""
        while self._told and (before is None or self._told[0][0] < before):
            at, _, slug, agency_id, dossier_id, officer_id = heappop(self._told)
            year = at.astimezone(VN).year
            rows.add(
                Slip,
                {
                    "id": rows.take(Slip), "dossier_id": dossier_id, "visit_id": None, "agency_id": agency_id, "slug": slug, "year": year,
                    "number": self._counters.slip(agency_id, slug, year), "snapshot": None, "sha256": "", "made_at": at,
                    "made_by_id": officer_id, "voided_at": None, "pdf_id": None,
                },
            )  # fmt: skip
