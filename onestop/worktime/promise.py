"""The promise: the instant on the slip, and from when it is due soon and late on every door."""

from dataclasses import dataclass
from datetime import datetime

from onestop.worktime import units
from onestop.worktime.calendar import Calendar
from onestop.worktime.errors import CalendarMissing
from onestop.worktime.index import Index
from onestop.worktime.terms import Term
from onestop.worktime.verdict import late_from_of
from onestop.worktime.zone import minute_of

_LEAST_WARNING = 240  # four working hours


@dataclass(frozen=True, slots=True)
class Promise:
    """`at`: the promised instant, None when nothing is promised or it is `undetermined` (a needed
    year has no calendar). An undetermined legal promise that was given before keeps an instant:
    what the office's week alone gives (clock.py).

    `provisional`: it reaches into a year whose days are only estimated ("tạm tính"). `late_from`,
    `warn_at`: from these instants on the dossier is late / due soon; None when it cannot become so,
    also while it waits. `lines`: why this date, for people.
    """

    at: datetime | None = None
    provisional: bool = False
    undetermined: bool = False
    late_from: datetime | None = None
    warn_at: datetime | None = None
    lines: tuple[str, ...] = ()


NO_PROMISE = Promise()
UNDETERMINED = Promise(undetermined=True)


def promise_of(mark: int, base: int, start: datetime, term: Term, calendar: Calendar) -> Promise:
    """The promise of a mark; `base` is the mark before any change, which measures the term for the
    warning. Raises CalendarMissing.
    """
    index = calendar.index
    day, minute = units.instant(mark, term, index)
    at = index.wall(day, minute)
    return Promise(
        at=at,
        provisional=index.reaches_provisional(start.toordinal(), day)
        if index.provisional
        else False,
        late_from=at if term.by_instant else index.wall(day + 1, 0),
        warn_at=_warn_at(
            day,
            minute,
            (day, minute) if base == mark else units.instant(base, term, index),
            start,
            term,
            index,
        ),
    )


def given_promise(given: datetime, start: datetime, term: Term, calendar: Calendar) -> Promise:
    """The promise of an instant that another system gave: it stands whatever the calendar knows."""
    day, minute = given.toordinal(), minute_of(given)
    try:
        warn_at = _warn_at(day, minute, (day, minute), start, term, calendar.index)
    except CalendarMissing:
        warn_at = None
    return Promise(at=given, late_from=late_from_of(given, term), warn_at=warn_at)


def _warn_at(
    day: int, minute: int, base: tuple[int, int], start: datetime, term: Term, index: Index
) -> datetime:
    """Where the last 20 % of the term's working time begins: at least 4 working hours, at most 2
    working days, never before the term.

    A term whose span holds two working days or more warns by the start of the working day before
    the promised date, so that an apology can be made one day before (R-53); one-day and hour terms
    by the first rule alone.
    """
    whole_days = not (term.unit in units.HOUR_UNITS or term.same_day)
    counted_from = (
        start.toordinal(),
        units.DAY - 1 if whole_days else minute_of(start),
    )  # the day of receipt is not counted
    length = index.worked_or_none(*base) - index.worked_or_none(*counted_from)
    before = index.previous(day)
    two_days = index.minutes(day) + (index.minutes(before) if before is not None else 0)
    warning = min(max(-(-length // 5), _LEAST_WARNING), two_days)
    at = index.wall(*index.resume_worked(index.worked_or_none(day, minute) - warning))
    if before is not None and whole_days and _holds_two_days(start, base[0], index):
        at = min(at, index.wall(before, index.spans(before)[0][0]))
    return at if at > start else start


def _holds_two_days(start: datetime, last: int, index: Index) -> bool:
    """Whether two working days lie after the day of receipt, up to the day on which the term itself
    ends.
    """
    return index.days_or_none(last) - index.days_or_none(start.toordinal()) >= 2
