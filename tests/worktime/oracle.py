"""A slow second opinion: it paints every minute of ten years open or closed and walks. It shares no
arithmetic with the engine.

Times here are naive Vietnam wall-clock values. It reads a calendar's raw rows only (weeks, days),
never its methods.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from onestop.worktime import Calendar, DayKind, Term, Unit

ORIGIN = datetime(2018, 1, 1)  # noqa: DTZ001 - wall clock on purpose
END = datetime(2028, 1, 1)  # noqa: DTZ001
ONE_DAY = timedelta(days=1)
Wait = tuple[datetime, datetime]


def minute_number(at: datetime) -> int:
    return (at - ORIGIN) // timedelta(minutes=1)


def instant(number: int) -> datetime:
    return ORIGIN + timedelta(minutes=number)


@dataclass
class Minutes:
    """One byte a minute: 1 while terms run (a session of a day that counts), else 0."""

    open: bytearray

    def works(self, day: date) -> bool:
        start = minute_number(datetime.combine(day, time()))
        return self.open.find(1, start, start + 1440) >= 0

    def day_ends(self, day: date) -> datetime:
        start = minute_number(datetime.combine(day, time()))
        return instant(self.open.rfind(1, start, start + 1440) + 1)

    def next_working(self, day: date) -> date:
        day += ONE_DAY
        while not self.works(day):
            day += ONE_DAY
        return day


def paint(calendar: Calendar) -> Minutes:
    """Every minute of the ten years, from the rows alone."""
    minutes = Minutes(bytearray((END - ORIGIN) // timedelta(minutes=1)))
    day = ORIGIN.date()
    while day < END.date():
        for start, end in _open_for_terms(calendar, day):
            a, b = (
                minute_number(datetime.combine(day, start)),
                minute_number(datetime.combine(day, end)),
            )
            minutes.open[a:b] = b"\1" * (b - a)
        day += ONE_DAY
    return minutes


def _open_for_terms(calendar: Calendar, day: date) -> list[tuple[time, time]]:
    def week_of(when: date):
        begun = [week for week in calendar.weeks if week.effective_from <= when]
        return (
            max(begun, key=lambda week: week.effective_from)
            if begun
            else min(calendar.weeks, key=lambda week: week.effective_from)
        )

    rows = [row for row in calendar.days if row.date == day]
    week = week_of(day)
    receiving_only = day.weekday() in week.reception_only
    if not rows:
        return [] if receiving_only else list(week.sessions[day.weekday()])
    row = rows[0]
    if row.kind in (
        DayKind.HOLIDAY,
        DayKind.COMPENSATORY,
        DayKind.SWAPPED_OFF,
        DayKind.RECEPTION_ONLY,
    ):
        return []
    if row.kind is DayKind.SWAPPED_WORKING:
        assert row.replaces is not None
        return list(week_of(row.replaces).sessions[row.replaces.weekday()])
    if row.kind is DayKind.CLOSING and receiving_only:
        return []
    return list(row.sessions)


def promised(
    received: datetime, term: Term, minutes: Minutes, waits: list[Wait], restart: Wait | None = None
) -> datetime:
    """The promise by walking; `restart` is (asked, completed). Waits asked for after the promise
    has passed are left out.
    """
    if restart is not None:
        asked, completed = restart
        before = accepted_waits(
            received, term, minutes, [wait for wait in waits if wait[0] < asked]
        )
        held = any(start <= asked <= end for start, end in before)
        if held or not late(asked, walk(received, term, minutes, before), term):
            received = completed
            waits = [(max(start, completed), end) for start, end in waits if end > completed]
    return walk(received, term, minutes, accepted_waits(received, term, minutes, waits))


def accepted_waits(
    received: datetime, term: Term, minutes: Minutes, waits: list[Wait]
) -> list[Wait]:
    kept: list[Wait] = []
    for start, end in sorted(waits):
        standing_still = any(a <= start <= b for a, b in kept)
        if standing_still or not late(start, walk(received, term, minutes, kept), term):
            kept.append((start, end))
    return kept


def late(at: datetime, promise: datetime, term: Term) -> bool:
    exact = term.unit in (Unit.WORKING_HOUR, Unit.CLOCK_HOUR) or term.quantity % 1 != 0
    return at > promise if exact else at.date() > promise.date()


def walk(received: datetime, term: Term, minutes: Minutes, waits: list[Wait]) -> datetime:
    match term.unit:
        case Unit.WORKING_DAY:
            return _working_days(received, term, minutes, waits)
        case Unit.SAME_DAY | Unit.IMMEDIATE:
            return _same_day(received, term, minutes, waits)
        case Unit.WORKING_HOUR:
            return _working_hours(received, term, minutes, waits)
        case Unit.CLOCK_HOUR:
            return _clock_hours(received, term, minutes, waits)
        case _:
            return _calendar(received, term, minutes, waits)


def _joined(waits: list[Wait]) -> list[Wait]:
    joined: list[Wait] = []
    for start, end in sorted(waits):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _days_after_notice(wait: Wait) -> list[date]:
    day, days = wait[0].date(), []
    while day < wait[1].date():
        day += ONE_DAY
        days.append(day)
    return days


def _working_days(received: datetime, term: Term, minutes: Minutes, waits: list[Wait]) -> datetime:
    part = term.quantity % 1
    day = received.date()
    for _ in range(int(term.quantity - part) + (1 if part else 0)):
        day = minutes.next_working(day)
    return _on_working_day(day, part, minutes, waits)


def _on_working_day(day: date, part, minutes: Minutes, waits: list[Wait]) -> datetime:
    for wait in _joined(waits):
        for waiting in _days_after_notice(wait):
            if minutes.works(waiting):
                day = minutes.next_working(day)
    return _share(day, part, minutes) if part else minutes.day_ends(day)


def _share(day: date, part, minutes: Minutes) -> datetime:
    at = minute_number(datetime.combine(day, time()))
    whole = minutes.open.count(1, at, at + 1440)
    passed = 0
    while passed < part * whole:
        passed += minutes.open[at]
        at += 1
    return instant(at)


def _same_day(received: datetime, term: Term, minutes: Minutes, waits: list[Wait]) -> datetime:
    day = received.date()
    if not minutes.works(day) or received.time() > term.cutoff or received > minutes.day_ends(day):
        day = minutes.next_working(day)
    return _on_working_day(day, 0, minutes, waits)


def _calendar(received: datetime, term: Term, minutes: Minutes, waits: list[Wait]) -> datetime:
    day, count = received.date(), int(term.quantity)
    if term.unit is Unit.CALENDAR_DAY:
        for _ in range(count):
            day += ONE_DAY
    else:
        year, month = day.year, day.month
        for _ in range(count * (12 if term.unit is Unit.YEAR else 1)):
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        last = (date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)) - ONE_DAY
        day = date(year, month, day.day) if day.day <= last.day else last
    for wait in _joined(waits):
        for _ in _days_after_notice(wait):
            day += ONE_DAY
    while not minutes.works(day):
        day += ONE_DAY
    return minutes.day_ends(day)


def _painted(waits: list[Wait], start: int, length: int) -> bytearray:
    painted = bytearray(length)
    for a, b in waits:
        first, last = (
            max(minute_number(a) - start, 0),
            max(min(minute_number(b) - start, length), 0),
        )
        painted[first:last] = b"\1" * max(last - first, 0)
    return painted


def _working_hours(received: datetime, term: Term, minutes: Minutes, waits: list[Wait]) -> datetime:
    start = minute_number(received)
    need = -(-term.quantity * 60 // 1)
    length = min(200 * 1440, len(minutes.open) - start)
    running = bytearray(minutes.open[start : start + length])
    waiting = _painted(waits, start, length)
    for a, b in waits:
        first, last = (
            max(minute_number(a) - start, 0),
            max(min(minute_number(b) - start, length), 0),
        )
        running[first:last] = bytes(max(last - first, 0))
    at = 0
    while need > 0:
        if running.count(1, at, at + 60) < need:  # an hour at a time while that is safe
            need -= running.count(1, at, at + 60)
            at += 60
        else:
            need -= running[at]
            at += 1
    end = at
    while (
        at < length and waiting[at]
    ):  # a wait that begins at the very end of the term still moves it
        at += 1
        if minutes.open[start + at - 1]:
            end = at
    return instant(start + end)


def _clock_hours(received: datetime, term: Term, minutes: Minutes, waits: list[Wait]) -> datetime:
    at = minute_number(received)
    for _ in range(int(-(-term.quantity * 60 // 1))):
        at += 1
    for start, end in _joined(waits):
        at += minute_number(end) - minute_number(start)
    while not (minutes.open[at] or minutes.open[at - 1]):  # both ends of a session are inside
        at += 1
    return instant(at)


def due_soon(received: datetime, term: Term, minutes: Minutes) -> datetime:
    """From when a term without changes is due soon, by walking back from its promise; at least one
    day before it where it holds two.
    """
    promise = walk(received, term, minutes, [])
    in_hours = term.unit in (Unit.WORKING_HOUR, Unit.CLOCK_HOUR)
    in_days = not in_hours and term.unit not in (Unit.SAME_DAY, Unit.IMMEDIATE)
    begun = datetime.combine(received.date() + ONE_DAY, time()) if in_days else received
    first, last = minute_number(begun), minute_number(promise)
    length = minutes.open.count(1, first, last) if first < last else 0
    before = promise.date() - ONE_DAY
    while not minutes.works(before):
        before -= ONE_DAY
    day_of, day_before = (
        minute_number(datetime.combine(day, time())) for day in (promise.date(), before)
    )
    most = minutes.open.count(1, day_of, day_of + 1440) + minutes.open.count(
        1, day_before, day_before + 1440
    )
    need, at = min(max(-(-length // 5), 240), most), last
    while need > 0:
        at -= 1
        need -= minutes.open[at]
    days = [begun.date() + n * ONE_DAY for n in range((promise.date() - begun.date()).days + 1)]
    if in_days and sum(minutes.works(day) for day in days) >= 2:
        at = min(at, minutes.open.find(1, day_before))
    return max(instant(at), received)
