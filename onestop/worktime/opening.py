"""When a counter is open, as its own calendar says: now, in an ordinary week, on the special days
to come. The one place that says so to people.

A counter is open on reception-only days too; what counts for terms is another question.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from onestop.worktime.calendar import Calendar
from onestop.worktime.index import Sessions
from onestop.worktime.zone import VN, local, weekday, write_day, write_near_day

# How far a next opening is looked for, and how far special days are told ahead.
_LONGEST_CLOSING = 60
AHEAD = 14
_NOON = time(12, 0)
RECEPTION_ONLY = "chỉ tiếp nhận hồ sơ"


class OpeningKind(StrEnum):
    OPEN = "open"
    BREAK = "break"
    BEFORE = "before"
    AFTER = "after"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Opening:
    """How a counter stands at an instant. `until`: the end of the running session, or of the last
    one that has been; `opens`: when it opens next, None where the calendar does not know.
    `why`: what the calendar calls a day that does not follow its weekday.
    """

    kind: OpeningKind
    until: datetime | None
    opens: datetime | None
    why: str
    reception_only: bool


@dataclass(frozen=True, slots=True)
class Hours:
    """What people read: how it stands, the ordinary week (and one that follows soon), the special
    days ahead.
    """

    now: str
    is_open: bool
    weeks: tuple[str, ...]
    special: tuple[str, ...]


def opening(now: datetime, calendar: Calendar) -> Opening | None:
    """How the counter stands; None in a year without a calendar."""
    here = local(now)
    if here.year not in calendar.known_years:
        return None
    sessions = calendar.sessions_on(here.date())
    row = calendar.exception_on(here.date())
    ends = [end for _, end in sessions if end < here.time()]
    running = next((end for start, end in sessions if start <= here.time() <= end), None)
    until = running or (ends[-1] if ends else None)
    return Opening(
        _kind(here.time(), sessions),
        datetime.combine(here.date(), until, VN) if until else None,
        next_opening(here, calendar),
        row.name if row is not None else "",
        calendar.is_reception_only(here.date()),
    )


def _kind(at: time, sessions: Sessions) -> OpeningKind:
    if not sessions:
        return OpeningKind.OFF
    if any(start <= at <= end for start, end in sessions):
        return OpeningKind.OPEN
    if at < sessions[0][0]:
        return OpeningKind.BEFORE
    return OpeningKind.AFTER if at > sessions[-1][1] else OpeningKind.BREAK


def next_opening(after: datetime, calendar: Calendar) -> datetime | None:
    """The first beginning of a session after an instant; None where the calendar knows none."""
    here = local(after)
    for ahead in range(_LONGEST_CLOSING + 1):
        day = here.date() + timedelta(days=ahead)
        if day.year not in calendar.known_years:
            return None
        for start, _ in calendar.sessions_on(day):
            if (at := datetime.combine(day, start, VN)) > here:
                return at
    return None


def hours_at(now: datetime, calendar: Calendar) -> Hours:
    """Everything about a counter's hours that people are told at an instant."""
    today = local(now).date()
    found = opening(now, calendar)
    return Hours(
        words(found, today) if found is not None else "",
        found is not None and found.kind is OpeningKind.OPEN,
        tuple(_weeks(today, calendar)),
        tuple(_special(today, calendar)),
    )


def words(found: Opening, today: date) -> str:
    """`Đang mở cửa đến 11:30`, `Nghỉ trưa đến 13:30`, `Hôm nay nghỉ, mở lại 07:30 thứ Hai 30/11`."""
    again = f", mở lại {_at(found.opens, today)}" if found.opens is not None else ""
    match found.kind:
        case OpeningKind.OPEN:
            only = f", {RECEPTION_ONLY}" if found.reception_only else ""
            later = again if found.opens and found.opens.date() == today else ""
            return f"Đang mở cửa đến {found.until:%H:%M}{later}{only}"
        case OpeningKind.BREAK:
            return f"{break_name(found)} đến {found.opens:%H:%M}"
        case OpeningKind.BEFORE:
            return f"Chưa đến giờ mở cửa, hôm nay mở cửa lúc {found.opens:%H:%M}"
        case OpeningKind.AFTER:
            return f"Hôm nay đã hết giờ làm việc{again}"
        case OpeningKind.OFF:
            why = f" ({found.why})" if found.why else ""
            return f"Hôm nay nghỉ{why}{again}"


def break_name(found: Opening) -> str:
    """What people call the pause between two sessions."""
    at_noon = (
        found.until is not None
        and found.opens is not None
        and found.until.time() <= _NOON <= found.opens.time()
    )
    return "Nghỉ trưa" if at_noon else "Nghỉ giữa giờ"


def _at(at: datetime, today: date) -> str:
    return f"{at:%H:%M}" if at.date() == today else f"{at:%H:%M} {write_near_day(at.date(), today)}"


def spans(sessions: Sessions) -> str:
    """`07:00–11:30, 13:30–17:00`."""
    return ", ".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in sessions)


def ordinary_hours(calendar: Calendar, on: date) -> str:
    """An ordinary week: `thứ Hai đến thứ Sáu: 07:00–11:30, 13:30–17:00`; days alike are put
    together.
    """
    week = calendar.week_on(on)
    texts = [
        spans(sessions) + (f" ({RECEPTION_ONLY})" if number in week.reception_only else "")
        if sessions
        else ""
        for number, sessions in enumerate(week.sessions)
    ]
    names = [weekday(on + timedelta(days=number - on.weekday())) for number in range(7)]
    parts, first = [], 0
    for number in range(1, 8):
        if number < 7 and texts[number] == texts[first]:
            continue
        if texts[first]:
            last = names[number - 1]
            name = names[first] if number - first == 1 else f"{names[first]} đến {last}"
            parts.append(f"{name}: {texts[first]}")
        first = number
    return "; ".join(parts)


def _weeks(today: date, calendar: Calendar) -> Iterator[str]:
    """The ordinary week, and another that begins within the days told ahead."""
    yield ordinary_hours(calendar, today)
    for week in calendar.weeks:
        begins = week.effective_from
        if today < begins <= today + timedelta(days=AHEAD):
            told = ordinary_hours(calendar, begins)
            yield f"Từ {write_near_day(begins, today)}: {told or 'nghỉ'}"


def _special(today: date, calendar: Calendar) -> Iterator[str]:
    """The days ahead that do not follow their weekday, today among them."""
    for ahead in range(AHEAD + 1):
        day = today + timedelta(days=ahead)
        row = calendar.exception_on(day)
        if row is None or day.year not in calendar.known_years:
            continue
        sessions, week = calendar.sessions_on(day), calendar.week_on(day)
        only = calendar.is_reception_only(day)
        if sessions == week.sessions[day.weekday()] and only == (
            day.weekday() in week.reception_only and bool(sessions)
        ):
            continue
        told = spans(sessions) + (f", {RECEPTION_ONLY}" if only else "") if sessions else "nghỉ"
        why = f" ({row.name})" if row.name else ""
        near = write_day(day) if day.year != today.year else f"{weekday(day)} {day:%d/%m}"
        yield f"{near}: {told}{why}"
