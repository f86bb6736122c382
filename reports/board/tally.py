"""Counting figures by unit: over open work in one statement, over the ends, receptions and
hand-overs of the day in another each. Nothing is counted dossier by dossier. What ended is counted as
rows, not by their ids: its index has all that is asked, so that no dossier is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import reduce
from typing import Any

from django.db.models import (
    Avg,
    CharField,
    Count,
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions.datetime import TruncBase

from dossiers.models import Dossier, HandOver
from dossiers.models.collecting import ResultArchive
from dossiers.models.querysets import DossierQuerySet, is_open
from onestop.files.models import Attachment
from onestop.worktime import VN
from reports.board.figures import DONE_LATELY, OPEN, Figure
from reports.board.moment import Moment

# Unit -> key of a figure -> how many dossiers.
Counts = dict[Any, dict[str, int]]


def every() -> DossierQuerySet:
    """All dossiers, with the names that figures use beside their columns."""
    took = ExpressionWrapper(F("ended_at") - F("received_at"), output_field=DurationField())
    return Dossier.objects.alias(took=took)


def open_work(wanted: Q, by: str, figures: Iterable[Figure], moment: Moment) -> Counts:
    """Figures over open dossiers, by a column. One query."""
    counts = {one.key: Count("pk", filter=one.of(moment)) for one in figures}
    # Also those that await their agency, which figures.is_open() leaves out: AWAITED counts them.
    rows = Dossier.objects.filter(is_open() & wanted).order_by().values(by).annotate(**counts)
    return {row.pop(by): row for row in rows}


def ages(wanted: Q, by: str, moment: Moment) -> dict[Any, timedelta]:
    """The average age of open dossiers, by a column. One query."""
    age = ExpressionWrapper(Value(moment.at) - F("received_at"), output_field=DurationField())
    rows = Dossier.objects.filter(OPEN.of(moment) & wanted).order_by().values(by)
    return dict(rows.annotate(age=Avg(age)).values_list(by, "age"))


def lately(wanted: Q, by: str, moment: Moment) -> dict[Any, tuple[int, timedelta]]:
    """How many were done lately and how long they took on average, by a column. One query."""
    rows = every().filter(wanted & DONE_LATELY.of(moment)).order_by().values(by)
    found = rows.annotate(n=Count("*"), took_on_average=Avg("took"))
    return {unit: (n, took) for unit, n, took in found.values_list(by, "n", "took_on_average")}


def whole(wanted: Q, figures: Iterable[Figure], moment: Moment) -> dict[str, int]:
    """Figures over one set. One query."""
    counts = {one.key: Count(Value(1), filter=one.of(moment)) for one in figures}
    found: dict[str, int] = every().filter(wanted).aggregate(**counts)
    return found


def with_files(rows: DossierQuerySet, kind: str, moment: Moment) -> DossierQuerySet:
    """Those of the dossiers that have a file of this kind."""
    return rows.filter(has_file(kind, moment))


def has_file(kind: str, moment: Moment, dossier: str = "pk") -> Exists:
    """Whether the dossier that a row names by this column has a file of this kind."""
    files = Attachment.objects.filter(kind=kind, object_id=OuterRef(dossier))
    return Exists(files.filter(uploaded_at__lte=moment.at))


def of_figure(rows: DossierQuerySet, figure: Figure, moment: Moment) -> DossierQuerySet:
    """Those of the dossiers that the figure counts by rows that stand beside them."""
    if figure.files:
        rows = with_files(rows, figure.files, moment)
    if figure.fetched:
        stood = Q(undone_recorded_at=None) | Q(undone_recorded_at__gt=moment.at)
        archives = ResultArchive.objects.filter(stood, archived_at__lte=moment.at)
        rows = rows.filter(~Exists(archives.filter(dossier=OuterRef("pk"))))
    return rows


def by_channel(wanted: Q, figure: Figure, files: str, moment: Moment) -> dict[int, tuple[int, int]]:
    """How many of a set came by each channel, and how many of these have a file of this kind. One
    query.
    """
    rows = Dossier.objects.filter(wanted & figure.of(moment)).order_by().values("channel")
    found = rows.annotate(n=Count("pk"), files=Count("pk", filter=has_file(files, moment)))
    return {channel: (n, files) for channel, n, files in found.values_list("channel", "n", "files")}


def handed_over_time(
    wanted: Q,
    figures: Iterable[Figure],
    rooms: Sequence[int],
    trunc: type[TruncBase],
    moment: Moment,
) -> dict[date, dict[str, int]]:
    """Hand-overs by the day, week or month in which they fell. One query."""
    rows = []
    for one in figures:
        found: Any = hand_overs(one, rooms, moment)
        if wanted:
            found = found.filter(dossier__in=Dossier.objects.filter(wanted).values("pk"))
        fell = trunc("given_at", tzinfo=VN, output_field=DateField())
        rows.append(_counted(found.annotate(fell=fell), "fell", one, what="dossier"))
    return _gathered(rows)


def of_the_day(parts: Sequence[tuple[Figure, str, Q]], moment: Moment) -> Counts:
    """Figures that are not over open work: each with the column it is counted by and whose it is.
    One query.
    """
    rows = [
        _counted(
            of_figure(Dossier.objects.filter(wanted & figure.of(moment)), figure, moment),
            by,
            figure,
        )
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
    """The hand-overs of the figure's days, as they stood at the moment."""
    stood = Q(undone_recorded_at=None) | Q(undone_recorded_at__gt=moment.at)
    then = Q(given_at__gte=moment.start, given_at__lt=moment.end, given_at__lte=moment.at)
    found = HandOver.objects.filter(stood & then, **{f"{figure.handed}__in": rooms})
    # A step that a department ends for itself hands nothing over.
    return found.exclude(giver_department=F("receiver_department"))


def were_handed(
    dossiers: DossierQuerySet, figure: Figure, rooms: Sequence[int], moment: Moment
) -> DossierQuerySet:
    """Those of the dossiers that `handed` counts."""
    return dossiers.filter(Exists(hand_overs(figure, rooms, moment).filter(dossier=OuterRef("pk"))))


def _counted(rows: Any, by: str, figure: Figure, what: str = "*") -> QuerySet[Any, Any]:
    key = Value(figure.key, output_field=CharField())
    found: QuerySet[Any, Any] = (
        rows.order_by()
        .values(by)
        .annotate(figure=key, n=Count(what, distinct=what != "*"))
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
