"""What came in and what ended in days, from the intervals that the statutory tables read: so that
the dashboard and a report of the same days and cut say the same.

A dossier counts in the step that holds the instant, under the agency, field and channel that held at
the step's end, if it stands so for the cut (reports/figures/statement.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

from django.db.models import CharField, Count, DateField, F, Q, QuerySet, Value
from django.db.models.functions.datetime import TruncBase

from dossiers.models import Dossier, Span
from dossiers.models.outcome import Outcome
from dossiers.models.querysets import DossierQuerySet
from onestop.worktime import VN
from reports.board import figures
from reports.board.figures import Figure
from reports.board.moment import Moment
from reports.board.tally import has_file

Step = tuple[date, date]
_ENDED = Q(group=Span.Group.ENDED)
_OPEN = Q(group__lt=Span.Group.ENDED)
_RESULT = Q(how__in=(Span.How.FINISHED, Span.How.REFUSED))


@dataclass(frozen=True, slots=True)
class _Flow:
    """By which instant it falls into a step, and which intervals it counts."""

    instant: str
    only: Q


_IN, _OUT = _Flow("received_at", Q()), _Flow("ended_at", _ENDED)
_DONE = _Flow("ended_at", _ENDED & _RESULT)
_FLOWS = {
    figures.RECEIVED_IN.key: _IN,
    figures.SCANNED_IN.key: _IN,
    figures.ENDED_IN.key: _OUT,
    figures.ENDED_IN_LATE.key: _Flow("ended_at", _ENDED & Q(verdict=Outcome.LATE)),
    figures.ENDED_IN_EARLY.key: _Flow("ended_at", _ENDED & Q(verdict=Outcome.EARLY)),
    figures.ENDED_IN_ON_TIME.key: _Flow("ended_at", _ENDED & Q(verdict=Outcome.ON_TIME)),
    figures.DONE_IN.key: _DONE,
    figures.RESULT_FILE_IN.key: _DONE,
}


def is_flow(figure: Figure) -> bool:
    return figure.key in _FLOWS


def over_time(
    wanted: Q,
    shown: Sequence[Figure],
    trunc: type[TruncBase],
    steps: Sequence[Step],
    moment: Moment,
) -> tuple[dict[date, dict[str, int]], dict[str, int]]:
    """Figures step by step, by its first day, and over all of them. One query."""
    whole = (steps[0][0], steps[-1][1])
    rows = []
    no_step = Value(None, output_field=DateField())
    for one in shown:
        key = Value(one.key, output_field=CharField())
        in_steps = _branches(one, wanted, whole, moment, trunc)
        branches = [branch.values(step=F("fell")) for branch in in_steps]
        over_all = _branches(one, wanted, whole, moment)
        branches += [branch.values(step=no_step) for branch in over_all]
        for branch in branches:
            counted = branch.annotate(figure=key, n=Count("pk"))
            rows.append(counted.values_list("figure", "step", "n"))
    found: dict[date, dict[str, int]] = {}
    total: dict[str, int] = {}
    for name, step, number in reduce(lambda one, other: one.union(other, all=True), rows):
        row = total if step is None else found.setdefault(step, {})
        row[name] = row.get(name, 0) + number
    return found, total


def whole(wanted: Q, shown: Sequence[Figure], moment: Moment) -> dict[str, int]:
    """Figures about the moment's days. One query."""
    rows = []
    for one in shown:
        key = Value(one.key, output_field=CharField())
        for branch in _branches(one, wanted, _days(moment), moment):
            # Without a column to group by there would be a row for none, too.
            counted = branch.values("group").annotate(figure=key, n=Count("pk"))
            rows.append(counted.values_list("figure", "n"))
    found: dict[str, int] = {}
    for name, number in reduce(lambda one, other: one.union(other, all=True), rows):
        found[name] = found.get(name, 0) + number
    return found


def by_channel(wanted: Q, figure: Figure, files: str, moment: Moment) -> dict[int, tuple[int, int]]:
    """How many came by each channel in the moment's days, and how many of these have a file of this
    kind. One query.
    """
    return _with_files("channel", wanted, figure, files, moment)


def by_agency(wanted: Q, figure: Figure, files: str, moment: Moment) -> dict[int, tuple[int, int]]:
    """The same by the agency that handles. One query."""
    return _with_files("agency", wanted, figure, files, moment)


def _with_files(
    by: str, wanted: Q, figure: Figure, files: str, moment: Moment
) -> dict[int, tuple[int, int]]:
    found: dict[int, tuple[int, int]] = {}
    rows = [
        branch.values(by)
        .annotate(n=Count("pk"), files=Count("pk", filter=has_file(files, moment, "dossier")))
        .values_list(by, "n", "files")
        for branch in _branches(figure, wanted, _days(moment), moment)
    ]
    for key, number, some in reduce(lambda one, other: one.union(other, all=True), rows):
        n, m = found.get(key, (0, 0))
        found[key] = (n + number, m + some)
    return found


def behind(figure: Figure, wanted: Q, moment: Moment) -> DossierQuerySet:
    """The dossiers of a figure about the moment's days."""
    ids = Q()
    for branch in _branches(figure, wanted, _days(moment), moment):
        ids |= Q(pk__in=branch.values("dossier"))
    return Dossier.objects.filter(ids)


def _days(moment: Moment) -> Step:
    return moment.first or moment.day, min(moment.last or moment.day, moment.day)


def _branches(
    figure: Figure,
    wanted: Q,
    days: Step,
    moment: Moment,
    trunc: type[TruncBase] | None = None,
) -> Iterator[QuerySet[Span]]:
    """The intervals that stand for the cut at the end of the days, or, with `trunc`, of the step of
    their instant (`fell`); each branch walks an index of its own (as in statement.py).
    """
    flow = _FLOWS[figure.key]
    about, at = moment.about(*days), flow.instant
    known = Q(from_known__lte=moment.at) & (Q(gone_known=None) | Q(gone_known__gt=moment.at))
    open_then = Q(to_at=None) | Q(to_known__gt=moment.at)
    in_days = Q(**{f"{at}__gte": about.start, f"{at}__lt": about.end})
    # Nothing closes, or is known to be closed, before it was received.
    parts = (
        [_ENDED]
        if at == "ended_at"
        else [
            _ENDED & Q(ended_at__gte=about.start),
            _OPEN & Q(to_known=None),
            _OPEN & Q(to_known__gte=about.start),
        ]
    )
    for part in parts:
        rows = Span.objects.filter(part & in_days & known & flow.only & wanted).order_by()
        if trunc is None:
            yield rows.filter(open_then | Q(to_at__gte=about.end), from_at__lt=about.end)
            continue
        # Whatever opens or closes it lies after its instant: in the same step, or in a later one.
        steps = {name: _step(trunc, by) for name, by in (("fell", at), ("began", "from_at"), ("closed", "to_at"))}  # fmt: skip
        yield rows.alias(**steps).filter(
            Q(from_at=F(at)) | Q(began=F("fell")), open_then | Q(closed__gt=F("fell"))
        )


def _step(trunc: type[TruncBase], column: str) -> TruncBase:
    return trunc(column, tzinfo=VN, output_field=DateField())
