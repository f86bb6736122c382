"""The arithmetic of each unit on one running number, the mark.

The mark is what a term's own unit counts in: the ordinal of the last day (calendar units: before it
is rolled), the working day that holds the end (working days, same day), session minutes (`giờ làm
việc`) or clock minutes (`giờ`). Where a term ends, where a wait or an extension moves it, and which
instant that is.
"""

from calendar import monthrange
from datetime import date, datetime
from fractions import Fraction

from onestop.worktime.errors import CalendarMissing, ChangeError, TermError
from onestop.worktime.index import Index
from onestop.worktime.terms import Term, Unit
from onestop.worktime.zone import minute_of

DAY = 1440
HOUR_UNITS = frozenset({Unit.WORKING_HOUR, Unit.CLOCK_HOUR})
CALENDAR_UNITS = frozenset({Unit.CALENDAR_DAY, Unit.MONTH, Unit.YEAR})


def begin(start: datetime, term: Term, index: Index) -> int:
    """The mark of a term that starts at a local instant (R-21, R-25, R-26, R-27, R-33). Raises
    CalendarMissing.
    """
    day = start.toordinal()
    match term.unit:
        case Unit.WORKING_DAY:
            quantity = term.quantity
            if quantity.denominator == 1:
                return index.nth_after(day, quantity.numerator)
            return index.nth_after(day, int(quantity) + 1)
        case Unit.CALENDAR_DAY:
            return day + term.quantity.numerator
        case Unit.MONTH:
            return add_months(start, term.quantity.numerator).toordinal()
        case Unit.YEAR:
            return add_months(start, 12 * term.quantity.numerator).toordinal()
        case Unit.WORKING_HOUR:
            return index.worked(day, minute_of(start)) + minutes_of(term)
        case Unit.CLOCK_HOUR:
            return day * DAY + minute_of(start) + minutes_of(term)
        case Unit.SAME_DAY | Unit.IMMEDIATE:
            return same_day(start, term, index)
        case _:
            raise TermError("Thủ tục không phải trả kết quả thì không có ngày hẹn trả.")


def mark_of(due: datetime, term: Term, index: Index) -> int:
    """The mark of a promise that is given as a local instant. Raises CalendarMissing."""
    day = due.toordinal()
    if term.unit in CALENDAR_UNITS:
        return day
    if term.unit is Unit.WORKING_HOUR:
        return index.worked(day, minute_of(due))
    if term.unit is Unit.CLOCK_HOUR:
        return day * DAY + minute_of(due)
    return index.nth_after(day - 1, 1)


def same_day(start: datetime, term: Term, index: Index) -> int:
    """The day of receipt, or the next working day when received after the cut-off, after the last
    session or on a day off (R-33).
    """
    day = start.toordinal()
    clock = start.time()
    if index.is_working(day) and clock <= term.cutoff and clock <= index.close(day).time():
        return day
    return index.nth_after(day, 1)


def waited(mark: int, term: Term, start: datetime, end: datetime, index: Index) -> int:
    """The mark after a wait between two local instants, counted in the term's own unit (R-48).

    By the letter: working days after the day of the notice up to and including the day of
    completion; calendar days likewise; working minutes or clock time for terms in hours. Completed
    on a day off or within the notice's own day, a wait asked for on the last day moves nothing.
    Raises CalendarMissing.
    """
    first, last = start.toordinal(), end.toordinal()
    match term.unit:
        case Unit.WORKING_DAY | Unit.SAME_DAY | Unit.IMMEDIATE:
            index.require(first + 1, last)
            days = index.rank(last) - index.rank(first) if last > first else 0
            return index.nth_after(mark, days) if days else mark
        case Unit.WORKING_HOUR:
            index.require(first, last)
            return mark + index.worked(last, minute_of(end)) - index.worked(first, minute_of(start))
        case Unit.CLOCK_HOUR:
            return mark + last * DAY + minute_of(end) - first * DAY - minute_of(start)
        case _:
            return mark + last - first


def extended(mark: int, term: Term, by: Term, index: Index, since: datetime | None = None) -> int:
    """The mark after a further term `by`, counted from the promise, or from the local instant
    `since` when that is later.

    Raises ChangeError when the units do not go together, CalendarMissing.
    """
    if term.unit is by.unit and term.unit in (Unit.WORKING_HOUR, Unit.CLOCK_HOUR):
        return mark + minutes_of(by) if since is None else begin(since, by, index)
    floor = 0 if since is None else since.toordinal()
    day = max(mark if term.unit in CALENDAR_UNITS else instant(mark, term, index)[0], floor)
    match by.unit:
        case Unit.WORKING_DAY if by.quantity.denominator == 1:
            day = index.nth_after(max(day, instant(mark, term, index)[0]), by.quantity.numerator)
        case Unit.CALENDAR_DAY:
            day += by.quantity.numerator
        case Unit.MONTH:
            day = add_months(date.fromordinal(day), by.quantity.numerator).toordinal()
        case Unit.YEAR:
            day = add_months(date.fromordinal(day), 12 * by.quantity.numerator).toordinal()
        case _:
            raise ChangeError(
                "Gia hạn hoặc hẹn lại phải theo số ngày làm việc, ngày, tháng hoặc năm, hoặc cùng đơn vị giờ với thời hạn."
            )
    if term.unit in CALENDAR_UNITS:
        return day
    day = index.nth_after(day - 1, 1)
    if term.unit is Unit.WORKING_HOUR:
        return index.worked(day, index.close_minute(day))
    return day * DAY + index.close_minute(day) if term.unit is Unit.CLOCK_HOUR else day


def instant(mark: int, term: Term, index: Index) -> tuple[int, int]:
    """The promised (day, minute) of a mark: rolled to a working day, the end of its last session,
    or the exact minute of an hour term.
    """
    match term.unit:
        case Unit.WORKING_DAY if term.quantity.denominator != 1:
            return mark, _share_of_day(mark, term.quantity - int(term.quantity), index)
        case Unit.WORKING_HOUR:
            return index.at_worked(mark)
        case Unit.CLOCK_HOUR:
            return _into_session(*divmod(mark, DAY), index)
        case Unit.CALENDAR_DAY | Unit.MONTH | Unit.YEAR:
            day = index.nth_after(mark - 1, 1)
            return day, index.close_minute(day)
        case _:
            return mark, index.close_minute(mark)


def _share_of_day(day: int, share: Fraction, index: Index) -> int:
    """The minute by which a share of the day's session minutes is through, from its first session;
    part of a minute counts as one.
    """
    wanted = -(-share * index.minutes(day) // 1)
    for start, end in index.spans(day):
        if wanted <= end - start:
            return start + int(wanted)
        wanted -= end - start
    raise AssertionError("a share is less than the day")


def _into_session(day: int, minute: int, index: Index) -> tuple[int, int]:
    """The same minute inside a session (both ends are), else the start of the next session."""
    for start, end in index.spans(day):
        if minute <= end:
            return day, max(minute, start)
    following = index.nth_after(day, 1)
    return following, index.spans(following)[0][0]


def minutes_of(term: Term) -> int:
    """An hour term in minutes; part of a minute counts as one."""
    return int(-(-term.quantity * 60 // 1))


def add_months(day: date, months: int) -> date:
    """The same date some months later, or the last day of that month when it has no such date
    (Civil Code 148.3, R-26).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > 9999:
        raise CalendarMissing(year)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
