"""Results that nobody has fetched: by age, by how often somebody was told, and those in the archive
(R-78, R-79).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from dossiers.clock.uncollected import LONG, is_archived
from dossiers.models import Dossier
from dossiers.models.collecting import ResultArchive, ResultNotice
from dossiers.models.querysets import DossierQuerySet
from dossiers.states import State
from onestop.paging import Page, by_instant
from onestop.worktime import start_of_day
from onestop.worktime.units import add_months

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

SIZE = 50
MONTH, TWO_MONTHS, QUARTER = 30, 60, 90
# What an address calls an age -> its words.
AGES = {
    "": f"Từ {LONG} ngày",
    "30": f"Quá {MONTH} ngày",
    "60": f"Quá {TWO_MONTHS} ngày",
    "90": f"Quá {QUARTER} ngày",
    "6t": "Quá 6 tháng",
    "1n": "Quá 1 năm",
}
# How often somebody was told; the last: so often or more.
TOLD = {"0": "Chưa báo lần nào", "1": "Đã báo 1 lần", "2": "Đã báo 2 lần", "3": "Từ 3 lần"}
MOST_TOLD = 3
_OLDEST = by_instant("ended_at")
_NEWEST = by_instant("archived_at", newest_first=True)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One result that waits: since how many days, who was told of it when."""

    dossier: Dossier
    days: int
    notices: list[ResultNotice]

    @property
    def last(self) -> ResultNotice | None:
        return self.notices[-1] if self.notices else None

    @property
    def chosen(self) -> str:
        return f"{self.dossier.pk}.{self.dossier.row_version}"


def edges(today: date) -> dict[str, datetime]:
    """Of each age: what had its result before this instant is so old."""
    last = {
        "": today - timedelta(days=LONG) + timedelta(days=1),
        "30": today - timedelta(days=MONTH),
        "60": today - timedelta(days=TWO_MONTHS),
        "90": today - timedelta(days=QUARTER),
        "6t": add_months(today, -6),
        "1n": add_months(today, -12),
    }
    return {key: start_of_day(day) for key, day in last.items()}


def waiting(desk: Desk, agency_id: int, now: datetime) -> DossierQuerySet[Dossier]:
    """What lies at this counter for ten days or longer, not what is in the archive."""
    rows = Dossier.objects.visible_to(desk).filter(
        received_by_agency=agency_id,
        state=State.FINISHED,
        ended_at__lt=edges(timezone.localdate(now))[""],
    )
    return rows.filter(~is_archived())


def counts(rows: DossierQuerySet[Dossier], now: datetime) -> dict[str, int]:
    """How many of each age; one query."""
    found = {
        f"age_{number}": Count("pk", filter=Q(ended_at__lt=edge))
        for number, edge in enumerate(edges(timezone.localdate(now)).values())
    }
    numbers = rows.order_by().aggregate(**found)
    return {key: numbers[f"age_{number}"] for number, key in enumerate(AGES)}


def narrowed(
    rows: DossierQuerySet[Dossier], now: datetime, *, age: str, told: str
) -> DossierQuerySet[Dossier]:
    """Of one age (AGES), told so often (TOLD; "" whatever it was)."""
    rows = rows.filter(ended_at__lt=edges(timezone.localdate(now))[age])
    if not told:
        return rows
    standing = Count("result_notices", filter=Q(result_notices__undone_at=None), distinct=True)
    counted: Any = rows.annotate(told_times=standing)
    times = int(told)
    way = "told_times__gte" if times == MOST_TOLD else "told_times"
    found: DossierQuerySet[Dossier] = counted.filter(**{way: times})
    return found


def page(rows: DossierQuerySet[Dossier], now: datetime, after: str) -> Page[Waiting]:
    """One page, what waits longest first; two queries."""
    named = rows.select_related("version").defer("version__search_text", "secret", "salt")
    found = _OLDEST.page(named, size=SIZE, after=after)
    told: dict[int, list[ResultNotice]] = {one.pk: [] for one in found.rows}
    notices = ResultNotice.objects.standing().filter(dossier__in=list(told))
    for row in notices.select_related("told_by").order_by("told_at", "pk"):
        told[row.dossier_id].append(row)
    today = timezone.localdate(now)
    return Page(
        [
            Waiting(one, (today - timezone.localdate(one.ended_at)).days, told[one.pk])
            for one in found.rows
            if one.ended_at is not None
        ],
        found.next,
        found.previous,
    )


def archived_page(desk: Desk, agency_id: int, after: str) -> Page[ResultArchive]:
    """What was put to the archive, the newest first; one query."""
    return _NEWEST.page(_archived(desk, agency_id), size=SIZE, after=after)


def archived_on(desk: Desk, agency_id: int, day: date) -> list[ResultArchive]:
    """What was put to the archive on a day, in its order: the list that both sides sign."""
    until = start_of_day(day + timedelta(days=1))
    rows = _archived(desk, agency_id).filter(
        archived_at__gte=start_of_day(day), archived_at__lt=until
    )
    return list(rows.order_by("archived_at", "pk"))


def _archived(desk: Desk, agency_id: int) -> QuerySet[ResultArchive]:
    visible = Dossier.objects.visible_to(desk).filter(received_by_agency=agency_id)
    rows = ResultArchive.objects.standing().filter(dossier__in=visible.values("pk"))
    return rows.select_related("dossier__version", "archived_by").defer(
        "dossier__version__search_text", "dossier__secret", "dossier__salt"
    )
