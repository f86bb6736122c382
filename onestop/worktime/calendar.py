"""An office's calendar as a value: effective-dated weeks, dated exceptions, and which years are
known or only estimated.

A session is closed at both ends. A day with any session is a working day unless it is marked
reception-only.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from datetime import date as Date
from enum import StrEnum
from functools import cached_property
from weakref import WeakValueDictionary

from onestop.worktime.index import Index, Sessions
from onestop.worktime.zone import VN, local, minute_of

DEFAULT_SESSIONS: Sessions = ((time(7, 0), time(11, 30)), (time(13, 30), time(17, 0)))


class DayKind(StrEnum):
    """Why a date does not follow its weekday."""

    HOLIDAY = "holiday"
    COMPENSATORY = "compensatory"
    SWAPPED_OFF = "swapped_off"
    SWAPPED_WORKING = "swapped_working"
    CLOSING = "closing"
    RECEPTION_ONLY = "reception_only"
    OWN_HOURS = "own_hours"


@dataclass(frozen=True, slots=True)
class Week:
    """The sessions of Monday … Sunday from a date on; `reception_only` weekdays (0 = Monday)
    receive but do not count.
    """

    effective_from: date
    sessions: tuple[Sessions, Sessions, Sessions, Sessions, Sessions, Sessions, Sessions]
    reception_only: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if len(self.sessions) != 7:
            raise ValueError("a week has seven days")
        for sessions in self.sessions:
            check_sessions(sessions)


@dataclass(frozen=True, slots=True)
class Day:
    """One dated exception.

    `replaces`: the day whose sessions a swapped working day takes. `sessions`: what stays open on a
    CLOSING (nothing by default), or the hours of a RECEPTION_ONLY / OWN_HOURS day (RECEPTION_ONLY
    without sessions keeps those of its weekday).
    """

    date: Date
    kind: DayKind
    name: str = ""
    replaces: Date | None = None
    sessions: Sessions = ()
    source: str = ""

    def __post_init__(self) -> None:
        check_sessions(self.sessions)
        if self.kind is DayKind.SWAPPED_WORKING and self.replaces is None:
            raise ValueError("a swapped working day names the day it replaces")


def check_sessions(sessions: Sessions) -> None:
    """Sessions are whole minutes, in order, and do not touch or overlap; raises ValueError."""
    last: time | None = None
    for start, end in sessions:
        if start.second or start.microsecond or end.second or end.microsecond:
            raise ValueError("Buổi làm việc phải bắt đầu và kết thúc ở phút chẵn.")
        if start >= end or (last is not None and start <= last):
            raise ValueError("Các buổi làm việc phải theo thứ tự và không chồng lên nhau.")
        last = end


def parse_sessions(text: str) -> Sessions:
    """Read `07:00-11:30,13:30-17:00`; an empty text is a day without sessions. Raises ValueError
    with a sentence.
    """
    sessions = []
    for part in text.replace("–", "-").replace(";", ",").split(",") if text.strip() else []:
        start, dash, end = part.strip().partition("-")
        try:
            sessions.append((_clock(start), _clock(end)))
        except ValueError:
            dash = ""
        if not dash:
            raise ValueError(
                f"Không đọc được buổi làm việc “{part.strip()}”. Hãy viết như 07:00-11:30,13:30-17:00."
            )
    check_sessions(tuple(sessions))
    return tuple(sessions)


def _clock(text: str) -> time:
    hour, _, minute = text.strip().partition(":")
    return time(int(hour), int(minute))


def weekdays_week(sessions: Sessions = DEFAULT_SESSIONS, effective_from: date = date.min) -> Week:
    """Monday to Friday with the same sessions, Saturday and Sunday off."""
    return Week(effective_from, (sessions, sessions, sessions, sessions, sessions, (), ()))


# Offices with equal calendars (most communes of a country) share one precomputed index.
_indexes: WeakValueDictionary[str, Index] = WeakValueDictionary()


@dataclass(frozen=True)
class Calendar:
    """Weeks in order of effect, exceptions by date (one a date: an agency's own row replaces the
    national one), year status.

    Before the first week's date the first week holds. `known_years` are those with any row: a day
    of another year raises CalendarMissing. `provisional_years` are only estimated.
    """

    weeks: tuple[Week, ...]
    days: tuple[Day, ...]
    known_years: frozenset[int]
    provisional_years: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if not self.weeks:
            raise ValueError("a calendar needs a week")
        if len({day.date for day in self.days}) != len(self.days):
            raise ValueError("one exception a date")
        object.__setattr__(
            self, "weeks", tuple(sorted(self.weeks, key=lambda week: week.effective_from))
        )
        object.__setattr__(self, "days", tuple(sorted(self.days, key=lambda day: day.date)))

    def __hash__(self) -> int:
        return hash(self.key())

    def key(self) -> str:
        """A short stable hash of everything that decides a date; stored with verdicts as the
        calendar version.
        """
        return self._key

    @cached_property
    def _key(self) -> str:
        parts: list[str] = [f"y {sorted(self.known_years)} p {sorted(self.provisional_years)}"]
        parts += [
            f"w {w.effective_from} {w.sessions} {sorted(w.reception_only)}" for w in self.weeks
        ]
        parts += [f"d {d.date} {d.kind.value} {d.replaces} {d.sessions}" for d in self.days]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    @cached_property
    def index(self) -> Index:
        """The precomputed days, shared among equal calendars."""
        found = _indexes.get(self._key)
        if found is None:
            found = Index(self.known_years, self.provisional_years, self.working_sessions_on)
            _indexes[self._key] = found
        return found

    @cached_property
    def _exceptions(self) -> dict[date, Day]:
        return {day.date: day for day in self.days}

    def exception_on(self, day: date) -> Day | None:
        """The row that says why this date differs from its weekday, if there is one."""
        return self._exceptions.get(day)

    def week_on(self, day: date) -> Week:
        """The week in effect on a date."""
        current = self.weeks[0]
        for week in self.weeks[1:]:
            if week.effective_from > day:
                break
            current = week
        return current

    def _weekly(self, day: date) -> Sessions:
        return self.week_on(day).sessions[day.weekday()]

    def sessions_on(self, day: date) -> Sessions:
        """When the counter is open on a date, reception-only days included. A swapped day takes the
        sessions of the day it replaces.
        """
        row = self.exception_on(day)
        if row is None:
            return self._weekly(day)
        match row.kind:
            case DayKind.HOLIDAY | DayKind.COMPENSATORY | DayKind.SWAPPED_OFF:
                return ()
            case DayKind.SWAPPED_WORKING:
                return self._weekly(row.replaces or day)
            case DayKind.RECEPTION_ONLY:
                return row.sessions or self._weekly(day)
            case _:
                return row.sessions

    def is_reception_only(self, day: date) -> bool:
        """Open for receiving, but not counted as a working day for terms."""
        row = self.exception_on(day)
        if row is None:
            return day.weekday() in self.week_on(day).reception_only and bool(self._weekly(day))
        if row.kind is DayKind.CLOSING:  # what stays open keeps the nature of its weekday
            return day.weekday() in self.week_on(day).reception_only and bool(row.sessions)
        return row.kind is DayKind.RECEPTION_ONLY

    def working_sessions_on(self, day: date) -> Sessions:
        """The sessions that terms count: none on a reception-only day."""
        return () if self.is_reception_only(day) else self.sessions_on(day)

    def is_working_day(self, day: date) -> bool:
        """Counts for terms in working days (R-22). Raises CalendarMissing for an unknown year."""
        return self.index.is_working(day.toordinal())

    def next_working_day(self, day: date, count: int = 1) -> date:
        """The count-th working day after a date. Raises CalendarMissing."""
        return date.fromordinal(self.index.nth_after(day.toordinal(), count))

    def working_days_between(self, after: date, until: date) -> int:
        """Working days after one date up to and including another; negative when the other is
        earlier. Raises CalendarMissing.
        """
        first, last = after.toordinal(), until.toordinal()
        self.index.require(min(first, last), max(first, last))
        return self.index.rank(last) - self.index.rank(first)

    def day_minutes(self, day: date) -> int:
        """Session minutes of a date (0 on a day that does not count)."""
        return self.index.minutes(day.toordinal())

    def working_minutes_between(self, start: datetime, end: datetime) -> int:
        """Session minutes from the minute of one instant to the minute of another; negative when
        reversed. Raises CalendarMissing.
        """
        first, last = local(start), local(end)
        index = self.index
        index.require(min(first, last).toordinal(), max(first, last).toordinal())
        return index.worked(last.toordinal(), minute_of(last)) - index.worked(
            first.toordinal(), minute_of(first)
        )

    def add_working_minutes(self, at: datetime, minutes: int) -> datetime:
        """The instant `minutes` session minutes after the minute of `at`; an end exactly at the end
        of a session stays there (R-27).
        """
        here = local(at)
        day, minute = self.index.at_worked(
            self.index.worked(here.toordinal(), minute_of(here)) + minutes
        )
        self.index.require(min(here.toordinal(), day), max(here.toordinal(), day))
        return self.index.wall(day, minute)

    def next_session_start(self, at: datetime) -> datetime:
        """The first start of a session at or after an instant (the same instant when it is one).
        Raises CalendarMissing.
        """
        here = local(at)
        for start, _ in self.working_sessions_on(here.date()):
            if here.time() <= start:
                return datetime.combine(here.date(), start, VN)
        day = self.next_working_day(here.date())
        return datetime.combine(day, self.working_sessions_on(day)[0][0], VN)

    def session_end(self, at: datetime) -> datetime:
        """The end of the running session, or of the next one when none runs. Raises
        CalendarMissing.
        """
        here = local(at)
        for _, end in self.working_sessions_on(here.date()):
            if here.time() <= end:
                return datetime.combine(here.date(), end, VN)
        day = self.next_working_day(here.date())
        return datetime.combine(day, self.working_sessions_on(day)[0][1], VN)

    def by_week(self, year: int) -> "Calendar":
        """This calendar, where the years without one up to (or from) `year` follow the week alone,
        as if no day of them were off.

        It decides lateness meanwhile, and is never told as a promise: see clock.py.
        """
        if year in self.known_years:
            return self
        years = self.known_years | {year}
        return replace(self, known_years=frozenset(range(min(years), max(years) + 1)))

    def with_own(
        self,
        *,
        weeks: Iterable[Week] = (),
        days: Iterable[Day] = (),
        known_years: Iterable[int] = (),
        provisional_years: Iterable[int] | None = None,
    ) -> "Calendar":
        """This calendar with an agency's own weeks (replacing all, when given) and own days (each
        replacing the row of its date).
        """
        merged = {day.date: day for day in self.days} | {day.date: day for day in days}
        return Calendar(
            weeks=tuple(weeks) or self.weeks,
            days=tuple(merged.values()),
            known_years=self.known_years | frozenset(known_years),
            provisional_years=self.provisional_years
            if provisional_years is None
            else frozenset(provisional_years),
        )
