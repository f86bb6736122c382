"""Lines of a list with what the page says beside them: what is left, for whom, which result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from dossiers.desk.addresses import addresses_of
from dossiers.desk.late_parts import phrases_of
from dossiers.desk.results import Written, results_of
from dossiers.desk.work import Line, short
from onestop import worktime
from onestop.accounts.calendars import calendars_of
from onestop.worktime import Calendar, LeftKind, TimeLeft


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
    calendars' stamp, two for the results where the list shows them, four for why they are late where
    it tells that and one of them is.

    `names`: absent officers whose work this desk does, by id.
    """
    lines = list(lines)
    results = results_of(lines) if with_results else {}
    urls = addresses_of("dossier", [line.code for line in lines])
    calendars = calendars_of({line.agency_id for line in lines}) if lines else {}
    left = {line.pk: _left(line, calendars[line.agency_id], now) for line in lines}
    late = [pk for pk, one in left.items() if with_reasons and one.kind == LeftKind.LATE]
    reasons = phrases_of(late, now, calendars=calendars) if late else {}
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


def _left(line: Line, calendar: Calendar, now: datetime) -> TimeLeft:
    found = worktime.left(now, line.promise, calendar, paused=line.waits_for)
    return TimeLeft(found.kind, found.text)


def _forward(line: Line, calendar: Calendar, now: datetime) -> str:
    return worktime.forward_words(line.forward_by, calendar, now) if line.forward_by else ""
