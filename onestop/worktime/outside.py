"""What receiving now does to promises, where now is no time of reception: told at the counter, by
the one function that computes every promise.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from onestop.worktime.calendar import Calendar
from onestop.worktime.due import due
from onestop.worktime.errors import CalendarMissing
from onestop.worktime.opening import Opening, OpeningKind, break_name, opening
from onestop.worktime.terms import parse_term
from onestop.worktime.zone import VN, local, write_day, write_near_day

# One term of each nature: by days, by hours, the same day.
TERMS = ("1 ngày làm việc", "8 giờ làm việc", "trong ngày")


@dataclass(frozen=True, slots=True)
class Outside:
    """`title`: why now is no time of reception; `like`: when it counts as received where that is
    one for all terms; `promises`: else what each kind of term is promised for.
    """

    title: str
    like: str
    promises: tuple[str, ...]
    is_day_off: bool


def outside(now: datetime, calendar: Calendar) -> Outside | None:
    """What the counter is told now; None within a session of a day that counts, and in a year
    without a calendar.
    """
    found = opening(now, calendar)
    if found is None or (found.kind is OpeningKind.OPEN and not found.reception_only):
        return None
    here = local(now)
    told = [_promise(here, text, calendar) for text in TERMS]
    likes = {like for _, like, _ in told}
    like = likes.pop() if len(likes) == 1 else ""
    lines = (f"{term}: {f'như nhận {like}, ' if like else ''}{at}" for term, like, at in told)
    is_day_off = found.kind is OpeningKind.OFF
    return Outside(_title(found, here), like, () if like else tuple(lines), is_day_off)


def _title(found: Opening, here: datetime) -> str:
    today = write_day(here.date())
    if found.kind is OpeningKind.OFF:
        why = f": {found.why}" if found.why else ""
        return f"Hôm nay ({today}) không phải ngày tiếp nhận{why}"
    if found.reception_only:
        return f"Hôm nay ({today}) chỉ tiếp nhận, không tính vào thời hạn giải quyết"
    match found.kind:
        case OpeningKind.BREAK:
            return f"{break_name(found)} đến {found.opens:%H:%M}"
        case OpeningKind.BEFORE:
            return f"Chưa đến giờ tiếp nhận (từ {found.opens:%H:%M} hôm nay)"
        case _:
            return f"Đã hết giờ tiếp nhận hôm nay ({today}, đến {found.until:%H:%M})"


def _promise(here: datetime, text: str, calendar: Calendar) -> tuple[str, str, str]:
    """The term, when it counts as received, what is promised."""
    term = parse_term(text)
    try:
        at = due(here, term, calendar).at
        assert at is not None
        like = next(
            (
                words
                for words, received in _others(here, calendar)
                if due(received, term, calendar).at == at
            ),
            "",
        )
    except CalendarMissing:
        return text, "", "hẹn chưa xác định (chưa có lịch làm việc)"
    return text, like, f"hẹn {at:%H:%M} {write_near_day(at.date(), here.date())}"


def _others(here: datetime, calendar: Calendar) -> Iterator[tuple[str, datetime]]:
    """The times of reception around: the next one, and the last day that counted."""
    begins = calendar.next_session_start(here)
    near = write_near_day(begins.date(), here.date())
    yield f"lúc {begins:%H:%M} {near}", begins
    last = _last_working_day(here, calendar)
    if last is not None:
        first = datetime.combine(last, calendar.working_sessions_on(last)[0][0], VN)
        yield (f"trong giờ {write_near_day(last, here.date())}", first)


def _last_working_day(here: datetime, calendar: Calendar) -> date | None:
    """Today where it counts, else the working day before."""
    if calendar.is_working_day(here.date()):
        return here.date()
    found = calendar.index.previous(calendar.next_working_day(here.date()).toordinal())
    return date.fromordinal(found) if found is not None else None
