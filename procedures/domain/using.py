"""How often and how fast each procedure is done: counted once a night, so that no page reads the
archive. A figure of fewer than FEWEST dossiers says nothing and is not kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median

from django.db import transaction

from procedures.hooks import Use, counted_use
from procedures.models import ProcedureUse

FEWEST = 10
YEAR = timedelta(hours=24 * 365)
HOUR, DAY = 60, 8 * 60


def count(at: datetime) -> int:
    """The year before `at`, in place of what was counted before; how many rows. Safe to run again."""
    found = counted_use(at - YEAR, at)
    of_all: dict[int, Use] = {}
    for (_, procedure), one in found.items():
        whole = of_all.setdefault(procedure, Use())
        whole.received += one.received
        whole.minutes += one.minutes
    rows = [_row(agency, procedure, one, at) for (agency, procedure), one in found.items()]
    rows += [_row(None, procedure, one, at) for procedure, one in of_all.items()]
    with transaction.atomic():
        ProcedureUse.objects.all().delete()
        ProcedureUse.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def _row(agency_id: int | None, procedure_id: int, one: Use, at: datetime) -> ProcedureUse:
    finished = len(one.minutes)
    return ProcedureUse(
        agency_id=agency_id,
        procedure_id=procedure_id,
        received=one.received,
        finished=finished,
        minutes=round(median(one.minutes)) if finished >= FEWEST else None,
        counted_at=at,
    )


@dataclass(frozen=True, slots=True)
class Usual:
    """How long it usually takes, of how many dossiers."""

    words: str
    number: int


def usual(procedure_id: int) -> Usual | None:
    """At all counters of this house, where enough were finished. One query."""
    rows = ProcedureUse.objects.filter(procedure=procedure_id, agency=None)
    found = rows.filter(minutes__isnull=False).values_list("minutes", "finished").first()
    return Usual(in_words(found[0] or 0), found[1]) if found else None


def in_words(minutes: int) -> str:
    """Working minutes as people say them, rounded up: nobody comes too early by them."""
    if minutes < HOUR:
        return "dưới 1 giờ làm việc"
    if minutes < DAY:
        return f"khoảng {ceil(minutes / HOUR)} giờ làm việc"
    return f"khoảng {ceil(minutes / DAY)} ngày làm việc"
