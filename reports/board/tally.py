"""Counting figures by unit: over open work in one statement, over the ends, receptions and
hand-overs of the day in another each. Nothing is counted dossier by dossier.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Value

from dossiers.models import Dossier, HandOver
from dossiers.models.querysets import DossierQuerySet, is_open
from reports.board.figures import Figure
from reports.board.moment import Moment

# Unit -> key of a figure -> how many dossiers.
Counts = dict[Any, dict[str, int]]


def open_work(wanted: Q, by: str, figures: Iterable[Figure], moment: Moment) -> Counts:
    """Figures over open dossiers, by a column. One query."""
    counts = {one.key: Count("pk", filter=one.of(moment)) for one in figures}
    rows = Dossier.objects.filter(is_open() & wanted).order_by().values(by).annotate(**counts)
    return {row.pop(by): row for row in rows}


def of_the_day(parts: Sequence[tuple[Figure, str, Q]], moment: Moment) -> Counts:
    """Figures that are not over open work: each with the column it is counted by and whose it is.
    One query.
    """
    rows = [
        _counted(Dossier.objects.filter(wanted & figure.of(moment)), by, figure)
        for figure, by, wanted in parts
    ]
    return _gathered(rows)


def handed(figures: Iterable[Figure], rooms: Sequence[int], wanted: Q, moment: Moment) -> Counts:
    """Dossiers handed to and from these departments on the day, each once. One query."""
    rows = []
    for figure in figures:
        found = hand_overs(figure, rooms, moment)
        if wanted:
            found = found.filter(dossier__in=Dossier.objects.filter(wanted).values("pk"))
        rows.append(_counted(found, figure.handed, figure, what="dossier"))
    return _gathered(rows)


def hand_overs(figure: Figure, rooms: Sequence[int], moment: Moment) -> QuerySet[HandOver]:
    """The hand-overs of the day that a figure counts, as they stood at the moment."""
    stood = Q(undone_recorded_at=None) | Q(undone_recorded_at__gt=moment.at)
    today = Q(given_at__gte=moment.begin, given_at__lte=moment.at)
    return HandOver.objects.filter(stood & today, **{f"{figure.handed}__in": rooms})


def were_handed(
    dossiers: DossierQuerySet, figure: Figure, rooms: Sequence[int], moment: Moment
) -> DossierQuerySet:
    """Those of the dossiers that `handed` counts."""
    return dossiers.filter(Exists(hand_overs(figure, rooms, moment).filter(dossier=OuterRef("pk"))))


def _counted(rows: Any, by: str, figure: Figure, what: str = "pk") -> QuerySet[Any, Any]:
    key = Value(figure.key, output_field=CharField())
    found: QuerySet[Any, Any] = (
        rows.order_by()
        .values(by)
        .annotate(figure=key, n=Count(what, distinct=what != "pk"))
        .values_list("figure", by, "n")
    )
    return found


def _gathered(rows: Sequence[QuerySet[Any, Any]]) -> Counts:
    found: Counts = {}
    if rows:
        every = reduce(lambda one, other: one.union(other, all=True), rows)
        for key, unit, number in every:
            found.setdefault(unit, {})[key] = number
    return found


def total(counts: Counts) -> dict[str, int]:
    """The sum over all units."""
    found: dict[str, int] = {}
    for row in counts.values():
        for key, number in row.items():
            found[key] = found.get(key, 0) + number
    return found
