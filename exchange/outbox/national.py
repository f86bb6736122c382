"""What the national report counts as received in the same days (1.4 of QĐ 766 divides by it where it is
more than ours): kept as somebody read it there, for one peer, agency and days, with who and when.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from exchange.models.level import NationalFigure
from exchange.outbox.level import READERS
from onestop.accounts.desk import Desk
from onestop.accounts.models import Agency

# Of those that were written before, so many are shown.
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Days:
    """A day or a month: a period that stays the same whenever one looks."""

    first: date
    last: date

    @classmethod
    def of_month(cls, of: date) -> Days:
        last = monthrange(of.year, of.month)[1]
        return cls(of.replace(day=1), of.replace(day=last))

    @property
    def words(self) -> str:
        if self.first == self.last:
            return f"ngày {self.first:%d/%m/%Y}"
        return f"tháng {self.first:%m/%Y}"


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose dossiers are counted: one agency's, or with all below it."""

    agency: Agency
    is_below: bool


def reach_of(desk: Desk, unit: int | None) -> Reach | None:
    """What the page counts for this officer; None where that is no one branch, or the unit is none of
    theirs. One or two queries.
    """
    paths = desk.paths_as(*READERS)
    mine = Agency.objects.under(*paths)
    if unit is not None:
        agency = mine.filter(pk=unit).first()
        return Reach(agency, is_below=False) if agency is not None else None
    if len(paths) != 1:
        return None
    agency = mine.filter(path=paths[0]).first()
    if agency is None:
        return None
    # One without agencies below is counted alike from above and by itself.
    return Reach(agency, is_below=mine.exclude(pk=agency.pk).exists())


def figures(peer: str, reach: Reach, days: Days) -> QuerySet[NationalFigure]:
    """What was written of it, the newest first: that one counts."""
    same: dict[str, Any] = {"agency": reach.agency, "is_below": reach.is_below}
    rows = NationalFigure.objects.filter(peer=peer, first=days.first, last=days.last, **same)
    return rows.select_related("by").order_by("-pk")


def write(
    peer: str, reach: Reach, days: Days, *, number: int, source: str, by: Desk, at: datetime
) -> NationalFigure:
    """The newest figure of these days; what was written before stays. 0: there is none after all."""
    return NationalFigure.objects.create(
        peer=peer,
        agency=reach.agency,
        is_below=reach.is_below,
        first=days.first,
        last=days.last,
        number=number,
        source=source,
        by=by.officer,
        at=at,
    )
