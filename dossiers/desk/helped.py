"""Who was helped at the counter to file on line, and what has come of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dossiers.models import Dossier, OnlineFiling
from dossiers.models.helping import OnlineHelp
from onestop.accounts.models import Role
from onestop.paging import Page, by_instant
from onestop.worktime import local

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from onestop.accounts.desk import Desk

DAYS, MOST = 30, 100
NEWEST = by_instant("at", newest_first=True)


@dataclass(frozen=True, slots=True)
class Line:
    """A help with the filing of its code, where that has come to a counter of this officer. `is_away`:
    it came to another's, whose code is not told.
    """

    row: OnlineHelp
    filing: OnlineFiling | None = None
    is_away: bool = False


def helps(desk: Desk) -> QuerySet[OnlineHelp]:
    """Those of the counters where this officer stands."""
    return OnlineHelp.objects.filter(agency__in=sorted(desk.agency_ids_as(Role.CLERK)))


def page(desk: Desk, now: datetime, *, after: str = "") -> Page[Line]:
    """The last ones, newest first. One query, up to two more where codes are known."""
    rows = helps(desk).filter(at__gte=now - timedelta(DAYS))
    joined = rows.select_related("agency", "officer", "procedure", "undone_by")
    found = NEWEST.page(joined, size=MOST, after=after)
    return Page(told(desk, found.rows), found.next, found.previous)


def told(desk: Desk, rows: Iterable[OnlineHelp]) -> list[Line]:
    """These, with what came of them. Up to two queries."""
    rows, ids = list(rows), desk.agency_ids_as(Role.CLERK)
    codes = {row.source_code for row in rows if row.source_code}
    came = OnlineFiling.objects.filter(code__in=codes) if codes else ()
    by_code = {filing.code: filing for filing in came}
    others = {code for code, filing in by_code.items() if filing.agency_id not in ids}
    if unlisted := codes - by_code.keys():
        received = Dossier.objects.filter(code__in=unlisted).exclude(received_by_agency__in=ids)
        others |= set(received.values_list("code", flat=True))
    return [_line(row, by_code.get(row.source_code), others) for row in rows]


def _line(row: OnlineHelp, filing: OnlineFiling | None, others: set[str]) -> Line:
    if row.source_code not in others:
        return Line(row, filing)
    # Of nobody by name or number somebody typed the code.
    return Line(row, is_away=bool(row.owner_name or row.identity_number))


def filer_words(filing: OnlineFiling) -> list[str]:
    """How it was filed, for the clerk; no number. One query."""
    words = []
    if (row := OnlineHelp.objects.of_code(filing.code)) is not None:
        who = f"{row.officer.full_name}, {row.agency.name}"
        words.append(f"Có hỗ trợ tại quầy lúc {local(row.at):%H:%M %d/%m/%Y}: {who}")
    if filing.filer != OnlineFiling.Filer.UNSAID:
        words.append(filing.get_filer_display())
    return words
