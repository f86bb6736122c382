"""What is left, in the office's own working time: `còn 1 ngày 3 giờ`, `hết giờ hôm nay`, `quá 2
ngày`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from onestop.worktime.calendar import Calendar
from onestop.worktime.changes import PauseKind
from onestop.worktime.errors import CalendarMissing
from onestop.worktime.promise import Promise
from onestop.worktime.zone import local


class LeftKind(StrEnum):
    """How urgent it is; screens choose icon and colour by it, never without the text."""

    NO_PROMISE = "no_promise"
    UNDETERMINED = "undetermined"
    WAITING = "waiting"
    RUNNING = "running"
    SOON = "soon"
    TODAY = "today"
    CLOSED_TODAY = "closed_today"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """`days` and `minutes` of the office's own working time: left while running, over when late."""

    kind: LeftKind
    text: str
    days: int = 0
    minutes: int = 0


def left(
    now: datetime, promise: Promise, calendar: Calendar, paused: PauseKind | None = None
) -> TimeLeft:
    """The time left at `now` (given, never read). One day is that office's own day of session
    minutes.

    `paused`: what the dossier waits for; it shows as late only when `promise.late_from` is still
    set (late before it waited). Never raises: a date without a calendar is shown instead.
    """
    here = local(now)
    late = promise.late_from is not None and here >= promise.late_from
    if paused and not late:
        return TimeLeft(LeftKind.WAITING, paused.waits)
    if promise.undetermined:
        text = "quá hạn, chưa xác định lại ngày hẹn" if late else "chưa xác định ngày hẹn"
        return TimeLeft(
            LeftKind.LATE if late else LeftKind.UNDETERMINED,
            f"{text}, {paused.waits}" if paused else text,
        )
    if promise.at is None:
        return TimeLeft(LeftKind.NO_PROMISE, "không hẹn trả")
    due = local(promise.at)
    try:
        found = (
            _over(here, due, promise, calendar) if late else _until(here, due, promise, calendar)
        )
    except CalendarMissing:
        kind = LeftKind.LATE if late else LeftKind.RUNNING
        found = TimeLeft(kind, f"{'quá hạn từ' if late else 'hẹn'} {due:%d/%m/%Y}")
    if paused:
        return TimeLeft(found.kind, f"{found.text}, {paused.waits}", found.days, found.minutes)
    return found


def _until(here: datetime, due: datetime, promise: Promise, calendar: Calendar) -> TimeLeft:
    soon = promise.warn_at is not None and here >= promise.warn_at
    days, minutes = working_span(here, due, calendar)
    if here.date() == due.date():
        if here > due:
            return TimeLeft(LeftKind.CLOSED_TODAY, "hết giờ hôm nay")
        return TimeLeft(LeftKind.TODAY, f"đến hạn hôm nay {due:%H:%M}", days, minutes)
    text = spell(days, minutes)
    return TimeLeft(
        LeftKind.SOON if soon else LeftKind.RUNNING,
        f"còn {text}" if text else f"đến hạn {due:%d/%m %H:%M}",
        days,
        minutes,
    )


def _over(here: datetime, due: datetime, promise: Promise, calendar: Calendar) -> TimeLeft:
    if promise.late_from == promise.at:  # hour terms: late by the minute
        days, minutes = working_span(due, here, calendar)
    else:
        days, minutes = calendar.working_days_between(due.date(), here.date()), 0
    text = spell(days, minutes)
    return TimeLeft(LeftKind.LATE, f"quá {text}" if text else "quá hạn", days, minutes)


def working_span(start: datetime, end: datetime, calendar: Calendar) -> tuple[int, int]:
    """Working time between two instants as (whole days of the office, minutes); (0, 0) when
    reversed. Raises CalendarMissing.
    """
    if end <= start:
        return 0, 0
    first, last = local(start).date(), local(end).date()
    minutes = calendar.working_minutes_between(start, end)
    if first == last:
        whole = calendar.day_minutes(first)
        return (1, 0) if whole and minutes == whole else (0, minutes)
    days = max(
        calendar.working_days_between(first, last) - calendar.is_working_day(last), 0
    )  # working days strictly between
    minutes -= sum_of_days(first, last, calendar)
    whole = calendar.day_minutes(last) or calendar.day_minutes(calendar.next_working_day(last))
    return days + minutes // whole, minutes % whole


def sum_of_days(first: date, last: date, calendar: Calendar) -> int:
    """Session minutes of the days strictly between two days."""
    index = calendar.index
    return index.worked(last.toordinal(), 0) - index.worked(first.toordinal(), 1439)


def spell(days: int, minutes: int) -> str:
    """`1 ngày 3 giờ`, `3 giờ 20 phút`, `45 phút`; minutes are dropped beside days; empty for
    nothing.
    """
    hours, rest = divmod(minutes, 60)
    parts = [f"{days} ngày"] if days else []
    if hours:
        parts.append(f"{hours} giờ")
    if rest and not days:
        parts.append(f"{rest} phút")
    return " ".join(parts)
