"""Lines of a list with what the page says beside them: what is left, for whom, which result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from dossiers.desk.addresses import addresses_of
from dossiers.desk.late_parts import Calendars, phrases_of
from dossiers.desk.results import Written, results_of
from dossiers.desk.work import Line, short
from onestop import worktime
from onestop.accounts.calendars import calendars_of
from onestop.speed import Kept
from onestop.worktime import Calendar, LeftKind, TimeLeft
from onestop.worktime.zone import local

_reasons: Kept[str] = Kept("late reasons", most=2_000)


@dataclass(frozen=True, slots=True)
class Row:
    """A line with what the page says beside it; equal rows are drawn alike. `left`: in words, without
    the numbers that change each minute; `instead_of`: the absent officer whose work it is;
    `is_slow`: given, and nobody has confirmed it in time; `forward`: by when the counter passes it
    on, in words (R-39), empty where it need not; `why_late`: which steps made it late, where the list
    tells it.
    """

    line: Line
    left: TimeLeft
    title: str
    url: str
    instead_of: str = ""
    result: Written | None = None
    is_slow: bool = False
    forward: str = ""
    why_late: str = ""

    @property
    def chosen(self) -> str:
        """What the row's checkbox sends."""
        return f"{self.line.pk}.{self.line.row_version}"


def rows_of(
    lines: Iterable[Line],
    now: datetime,
    names: dict[int, str],
    *,
    with_results: bool = False,
    with_reasons: bool = False,
) -> list[Row]:
    """The lines with what is left of each, in their offices' working time; one query for the
    calendars' stamp, two for the results where the list shows them, three for why they are late where
    it tells that and does not know it of each of them already.

    `names`: absent officers whose work this desk does, by id.
    """
    lines = list(lines)
    results = results_of(lines) if with_results else {}
    urls = addresses_of("dossier", [line.code for line in lines])
    calendars = calendars_of({line.agency_id for line in lines}) if lines else {}
    left = {line.pk: _left(line, calendars[line.agency_id], now) for line in lines}
    late = [
        line
        for line in lines
        if with_reasons and line.is_open and left[line.pk].kind == LeftKind.LATE
    ]
    reasons = _reasons_of(late, calendars, now)
    return [
        Row(
            line=line,
            left=left[line.pk],
            title=short(line.procedure),
            url=url,
            instead_of=names.get(line.holder_id or 0, ""),
            result=results.get(line.pk),
            is_slow=line.confirm_by is not None and line.confirm_by < now,
            forward=_forward(line, calendars[line.agency_id], now),
            why_late=reasons.get(line.pk, ""),
        )
        for line, url in zip(lines, urls, strict=True)
    ]


def _reasons_of(lines: list[Line], calendars: Calendars, now: datetime) -> dict[int, str]:
    """Why each is late: the same until somebody does something with it, or the day is over; of a
    term in hours, the minute. Until then a department that was renamed stands by its old name.
    """
    read: dict[int, str] | None = None

    def told(line: Line) -> str:
        nonlocal read
        if read is None:  # one is not known: all of the page with it
            read = phrases_of([one.pk for one in lines], now, calendars=calendars)
        return read.get(line.pk, "")

    def stamp(line: Line) -> tuple[object, ...]:
        here = local(now)
        until = (
            here.date() if line.late_from != line.due_at else here.replace(second=0, microsecond=0)
        )
        days = calendars[line.agency_id].key()
        return (line.row_version, line.late_from, line.due_at, line.department, until, days)

    return {
        line.pk: _reasons.get(line.pk, partial(told, line), stamp=stamp(line)) for line in lines
    }


def _left(line: Line, calendar: Calendar, now: datetime) -> TimeLeft:
    found = worktime.left(now, line.promise, calendar, paused=line.waits_for)
    return TimeLeft(found.kind, found.text)


def _forward(line: Line, calendar: Calendar, now: datetime) -> str:
    return worktime.forward_words(line.forward_by, calendar, now) if line.forward_by else ""
