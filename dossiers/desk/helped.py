"""Who was helped at the counter to file on line, and what has come of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from dossiers.models import OnlineFiling
from dossiers.models.helping import OnlineHelp
from onestop.accounts.models import Role
from onestop.worktime import local

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from onestop.accounts.desk import Desk

DAYS, MOST = 30, 100


@dataclass(frozen=True, slots=True)
class Line:
    """A help with the filing of its code, where that has come to a counter of this officer."""

    row: OnlineHelp
    filing: OnlineFiling | None


def helps(desk: Desk) -> QuerySet[OnlineHelp]:
    """Those of the counters where this officer stands."""
    return OnlineHelp.objects.filter(agency__in=sorted(desk.agency_ids_as(Role.CLERK)))


def lines(desk: Desk, now: datetime) -> list[Line]:
    """The last ones, newest first. Two queries, one where no code is known."""
    rows = helps(desk).filter(at__gte=now - timedelta(DAYS))
    joined = rows.select_related("agency", "officer", "procedure", "undone_by")
    found = list(joined.order_by("-at", "-pk")[:MOST])
    codes = {row.source_code for row in found if row.source_code}
    mine = Q(agency__in=sorted(desk.agency_ids_as(Role.CLERK)))
    came = OnlineFiling.objects.filter(mine, code__in=codes) if codes else ()
    by_code = {filing.code: filing for filing in came}
    return [Line(row, by_code.get(row.source_code)) for row in found]


def filer_words(filing: OnlineFiling) -> list[str]:
    """How it was filed, for the clerk; no number. One query."""
    words = []
    if (row := OnlineHelp.objects.of_code(filing.code)) is not None:
        who = f"{row.officer.full_name}, {row.agency.name}"
        words.append(f"Có hỗ trợ tại quầy lúc {local(row.at):%H:%M %d/%m/%Y}: {who}")
    if filing.filer != OnlineFiling.Filer.UNSAID:
        words.append(filing.get_filer_display())
    return words
