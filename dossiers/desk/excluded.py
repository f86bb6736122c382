"""The times of a dossier that do not count towards its term: what for, whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from dossiers.models import ClockChange, ClockKind, Dossier
from dossiers.models.tax_transfer import TaxTransfer
from onestop.worktime import PauseKind

TAX = "Cơ quan thuế xác định nghĩa vụ tài chính (thời gian của cơ quan thuế)"
PAYER = "Thực hiện nghĩa vụ tài chính (thời gian của người nộp)"


@dataclass(frozen=True, slots=True)
class Excluded:
    """`until` None: it runs."""

    what: str
    since: datetime
    until: datetime | None


def excluded_times(dossier: Dossier) -> list[Excluded]:
    """All of them, oldest first. One query."""
    rows = ClockChange.objects.standing().filter(dossier=dossier, kind=ClockKind.EXCLUDE)
    rows = rows.annotate(
        is_tax=Exists(TaxTransfer.objects.standing().filter(change=OuterRef("pk"))),
    ).order_by("start", "pk")
    return [Excluded(_what(row.excluded, is_tax=row.is_tax), row.start, row.end) for row in rows]


def _what(excluded: str, *, is_tax: bool) -> str:
    if excluded == PauseKind.FINANCIAL:
        return TAX if is_tax else PAYER
    words = PauseKind(excluded or PauseKind.OTHER).label
    return words[0].upper() + words[1:]


def obligation_times(told: Mapping[str, Iterable[Mapping[str, Any]]]) -> list[Excluded]:
    """Whose time the financial obligation was and is, from the rows of a page; no query."""
    found = [
        Excluded(what, row[since], row[until])
        for table, what, since, until in (
            ("transfers", TAX, "sent_at", "answered_at"),
            ("payments", PAYER, "asked_at", "recorded_at"),
        )
        for row in told.get(table, ())
        if row["undone_at"] is None
    ]
    return sorted(found, key=lambda one: one.since)
