"""Whom to call after promises were moved by the calendar: by move, as often as one likes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse

from dossiers.models import ClockChange, ClockKind, Dossier

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

LATEST = 20


@dataclass(frozen=True, slots=True)
class Moved:
    """One time that promises were moved: when, on which basis, how many, and their list."""

    pk: int
    at: datetime
    basis: str
    count: int

    @property
    def url(self) -> str:
        return reverse("calendar_calls", args=(self.pk,))


def moved_lately(mine: Q) -> list[Moved]:
    """The latest ones, newest first. One query. `mine`: of which dossiers, seen from a change."""
    rows = _moves().filter(mine).values("start", "basis")
    rows = rows.annotate(first=Min("pk"), count=Count("pk")).order_by("-start")[:LATEST]
    return [Moved(row["first"], row["start"], row["basis"], row["count"]) for row in rows]


def calls(one: ClockChange, desk: Desk) -> Iterator[tuple[ClockChange, bool]]:
    """What was moved together with this, by owner, and whether the officer may open it. Two
    queries.
    """
    rows = _moves().filter(start=one.start, basis=one.basis)
    rows = rows.select_related("dossier__version", "dossier__submitter", "dossier__agency")
    found = list(rows.order_by("dossier__agency", "dossier__owner_name", "pk"))
    ids = [row.dossier_id for row in found]
    seen = Dossier.objects.visible_to(desk).filter(pk__in=ids).values_list("pk", flat=True)
    may_open = set(seen)
    yield from ((row, row.dossier_id in may_open) for row in found)


def change_of(pk: int) -> ClockChange | None:
    return _moves().filter(pk=pk).first()


def _moves() -> QuerySet[ClockChange]:
    return ClockChange.objects.standing().filter(kind=ClockKind.CALENDAR)
