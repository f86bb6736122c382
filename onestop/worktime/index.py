"""The days of a calendar, counted once: prefix sums that make every question about working time a
look-up.

Days are ordinals (`date.toordinal`), times are minutes since midnight, `worked` is session minutes
since the first known day.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import date, datetime, time

from onestop.worktime.errors import CalendarMissing
from onestop.worktime.zone import VN

Sessions = tuple[tuple[time, time], ...]
Spans = tuple[tuple[int, int], ...]

_LAST_DAY = date.max.toordinal()
_TIMES = tuple(time(minute // 60, minute % 60) for minute in range(1440))


class Index:
    """Prefix sums from 1 January of the first known year to 31 December of the last; unknown years
    between have no days.
    """

    def __init__(
        self,
        known: frozenset[int],
        provisional: frozenset[int],
        sessions_on: Callable[[date], Sessions],
    ) -> None:
        self.known = known
        self.provisional = provisional
        self.first_year, self.last_year = (min(known), max(known)) if known else (1, 0)
        self.gaps = frozenset(range(self.first_year, self.last_year + 1)) - known
        self.first = date(self.first_year, 1, 1).toordinal()
        self.last = date(self.last_year, 12, 31).toordinal() if known else self.first - 1
        self._spans: list[Spans] = []
        self._rank: list[int] = []  # working days up to and including the day
        self._worked: list[int] = []  # session minutes up to the end of the day
        self._days: list[int] = []  # ordinals of the working days
        self._ends: list[datetime] = []  # end of the last session of each working day
        worked = 0
        shared: dict[Sessions, Spans] = {}
        for ordinal in range(self.first, self.last + 1):
            day = date.fromordinal(ordinal)
            sessions = () if day.year in self.gaps else sessions_on(day)
            if sessions:
                self._days.append(ordinal)
                self._ends.append(datetime.combine(day, sessions[-1][1], VN))
            spans = shared.setdefault(
                sessions, tuple((minute_of_time(a), minute_of_time(b)) for a, b in sessions)
            )
            worked += sum(b - a for a, b in spans)
            self._spans.append(spans)
            self._rank.append(len(self._days))
            self._worked.append(worked)

    def _offset(self, ordinal: int) -> int:
        """Position of a day; raises CalendarMissing for a day of an unknown year."""
        if not self.first <= ordinal <= self.last:
            raise CalendarMissing(_year(ordinal))
        if self.gaps and _year(ordinal) in self.gaps:
            raise CalendarMissing(_year(ordinal))
        return ordinal - self.first

    def require(self, first: int, last: int) -> None:
        """Every year of the days `first` … `last` must be known."""
        if first < self.first or last > self.last or self.gaps:
            for year in range(_year(first), _year(last) + 1):
                if year not in self.known:
                    raise CalendarMissing(year)

    def reaches_provisional(self, first: int, last: int) -> bool:
        """Whether the days `first` … `last` touch a year that is only estimated."""
        if not self.provisional:
            return False
        return not self.provisional.isdisjoint(range(_year(first), _year(last) + 1))

    def is_working(self, ordinal: int) -> bool:
        return bool(self._spans[self._offset(ordinal)])

    def spans(self, ordinal: int) -> Spans:
        """The sessions that count on a day, in minutes since midnight."""
        return self._spans[self._offset(ordinal)]

    def minutes(self, ordinal: int) -> int:
        return sum(end - start for start, end in self._spans[self._offset(ordinal)])

    def rank(self, ordinal: int) -> int:
        """Working days up to and including a day; the day before the first known one has none."""
        return 0 if ordinal == self.first - 1 else self._rank[self._offset(ordinal)]

    def nth_after(self, ordinal: int, count: int) -> int:
        """The count-th (≥ 1) working day after a day, which itself need not be known. Raises
        CalendarMissing.
        """
        if self.first <= ordinal < self.last and not self.gaps:
            place = self._rank[ordinal - self.first] + count - 1
        else:
            self.require(ordinal + 1, ordinal + 1)
            place = (0 if ordinal < self.first else self._rank[ordinal - self.first]) + count - 1
        if place >= len(self._days):
            raise CalendarMissing(
                min(self.gaps - set(range(_year(ordinal) + 1)), default=self.last_year + 1)
            )
        found = self._days[place]
        if self.gaps:
            self.require(ordinal + 1, found)
        return found

    def previous(self, ordinal: int) -> int | None:
        """The working day before a working day, None when none is known."""
        place = self._rank[self._offset(ordinal)] - 2
        return self._days[place] if place >= 0 else None

    def close(self, ordinal: int) -> datetime:
        """The end of the last session of a working day."""
        return self._ends[self._rank[self._offset(ordinal)] - 1]

    def close_minute(self, ordinal: int) -> int:
        return self._spans[self._offset(ordinal)][-1][1]

    def worked(self, ordinal: int, minute: int) -> int:
        """Session minutes from the first known day to a minute of a day. Raises CalendarMissing."""
        offset = self._offset(ordinal)
        return (self._worked[offset - 1] if offset else 0) + _within(self._spans[offset], minute)

    def at_worked(self, worked: int) -> tuple[int, int]:
        """The earliest (day, minute) with so many session minutes behind it: the end of a session
        stays there (R-34).
        """
        offset = bisect_left(self._worked, worked)
        if offset >= len(self._worked):
            raise CalendarMissing(self.last_year + 1)
        rest = worked - (self._worked[offset - 1] if offset else 0)
        for start, end in self._spans[offset]:
            if rest <= end - start:
                return self.first + offset, start + rest
            rest -= end - start
        return self.first + offset, 0

    def resume_worked(self, worked: int) -> tuple[int, int]:
        """The latest (day, minute) with so many session minutes behind it: where the next one
        begins.
        """
        offset = min(bisect_right(self._worked, max(worked, 0)), len(self._worked) - 1)
        rest = max(worked, 0) - (self._worked[offset - 1] if offset else 0)
        for start, end in self._spans[offset]:
            if rest < end - start:
                return self.first + offset, start + rest
            rest -= end - start
        return self.first + offset, 0

    def worked_or_none(self, ordinal: int, minute: int) -> int:
        """As `worked`, but days outside the known years simply add nothing; for warnings, never for
        promises.
        """
        if ordinal < self.first:
            return 0
        offset = min(ordinal, self.last) - self.first
        return (self._worked[offset - 1] if offset else 0) + _within(self._spans[offset], minute)

    def days_or_none(self, ordinal: int) -> int:
        """As `rank`, but days outside the known years simply add nothing; for warnings, never for
        promises.
        """
        return 0 if ordinal < self.first else self._rank[min(ordinal, self.last) - self.first]

    def wall(self, ordinal: int, minute: int) -> datetime:
        """A minute of a day on Vietnam's clock."""
        return datetime.combine(date.fromordinal(ordinal), _TIMES[minute], VN)


def _within(spans: Spans, minute: int) -> int:
    total = 0
    for start, end in spans:
        if minute <= start:
            break
        total += (end if minute > end else minute) - start
    return total


def _year(ordinal: int) -> int:
    return date.fromordinal(min(ordinal, _LAST_DAY)).year


def minute_of_time(at: time) -> int:
    return at.hour * 60 + at.minute
