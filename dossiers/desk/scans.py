"""Finished dossiers whose papers are not all scanned: whose they are to scan, which they are, as a page
and as a file (R-13). A dossier says why in `no_scan_reason`, which is empty when all is there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.utils import timezone

from dossiers.desk.columns import Column
from dossiers.desk.exporting import CHUNK, Export
from dossiers.desk.work import PAGE, short
from dossiers.models import Dossier
from dossiers.models.digitising import CHECKERS, DigitisedPaper
from dossiers.states import HANDLED
from onestop.accounts.models import Agency, Role
from onestop.paging import Page, by_id, by_instant
from onestop.worktime import parse_term, start_of_day

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from onestop.accounts.desk import Desk

# How far back the list may look, in days; the first unless another is asked for.
DAYS = (90, 30, 365)
OVERSEERS = (Role.LEADER, Role.CONTROLLER)
TO_CHECK = 50
OLDEST = by_id()
# As terms begin that ask for the result at once, whatever their last hour of the day.
_ON_THE_SPOT = str(parse_term("trả ngay"))
_ORDER = by_instant("ended_at", newest_first=True)


@dataclass(frozen=True, slots=True)
class Owes:
    """Who received dossiers that are not all scanned, and how many."""

    officer_id: int
    name: str
    agency: str
    number: int


def to_check(desk: Desk, *, after: str = "") -> Page[DigitisedPaper]:
    """Scans of results that another person has to hold against their paper, the oldest first: those of
    the agencies where somebody checks, of what a clerk received and what somebody scanned. One query.
    """
    led = desk.agency_ids_as(*CHECKERS)
    officers = desk.officer_ids
    mine = Q(dossier__received_by__in=officers) | Q(digitised_by__in=officers)
    rows = DigitisedPaper.objects.waiting().filter(mine | Q(dossier__agency__in=led))
    joined = rows.select_related("dossier", "result", "digitised_by")
    return OLDEST.page(joined, size=TO_CHECK, after=after)


def missing(desk: Desk, days: int, now: datetime) -> QuerySet[Dossier]:
    """What ended in the last days and is not all scanned: of a leader and controller all of their
    agencies, of a clerk what she received herself. What was done on the spot keeps no scans. One
    query for a leader and controller, none for a clerk.
    """
    mine = Q(pk=None)
    if paths := desk.paths_as(*OVERSEERS):
        # By their ids: so what ended in these agencies is found without a look at all others.
        overseen = Agency.objects.under(*paths).order_by("pk")
        mine |= Q(agency__in=list(overseen.values_list("pk", flat=True)))
    if desk.has(Role.CLERK):
        mine |= Q(received_by__in=desk.officer_ids)
    since = start_of_day(timezone.localdate(now) - days * timedelta(days=1))
    rows = Dossier.objects.filter(mine, ended_at__gte=since, state__in=HANDLED)
    rows = rows.exclude(no_scan_reason="")
    return rows.exclude(term__startswith=_ON_THE_SPOT)


def by_officer(rows: QuerySet[Dossier]) -> list[Owes]:
    """Those who received them, the most first. One query."""
    names = ("received_by", "received_by__full_name", "received_by_agency__name")
    found = rows.exclude(received_by=None).order_by().values(*names).annotate(n=Count("pk"))
    owing = [Owes(*row) for row in found.values_list(*names, "n")]
    return sorted(owing, key=lambda one: (-one.number, one.name, one.officer_id))


def page(rows: QuerySet[Dossier], *, after: str = "", size: int = PAGE) -> Page[Dossier]:
    """The dossiers, what ended last first. One query."""
    joined = rows.select_related("agency", "received_by", "version")
    joined = joined.defer("version__search_text", "secret", "salt")
    return _ORDER.page(joined, after=after, size=size)


def _column(head: str, value: Callable[[Dossier], Any]) -> Column:
    return Column(head, head, ((head, value),))


COLUMNS = (
    _column("Mã hồ sơ", lambda dossier: dossier.code),
    _column("Thủ tục", lambda dossier: short(dossier.version.name)),
    _column("Cơ quan", lambda dossier: dossier.agency.name),
    _column("Cán bộ tiếp nhận", lambda dossier: str(dossier.received_by or "")),
    _column("Kết thúc", lambda dossier: dossier.ended_at),
    _column("Lý do chưa quét đủ", lambda dossier: dossier.no_scan_reason),
)


def export_of(rows: QuerySet[Dossier]) -> Export:
    """The whole list as a file; one query for a thousand dossiers."""
    return Export("Hồ sơ chưa quét đủ", COLUMNS, lambda after: page(rows, after=after, size=CHUNK))
