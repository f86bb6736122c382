"""Vietnam's wall clock: the zone, reading and writing instants. Nothing here reads "now"."""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from onestop.worktime.errors import InstantError

VN = ZoneInfo("Asia/Ho_Chi_Minh")

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")

_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})[ ,T]+(\d{1,2}):(\d{2})(?::(\d{2}))?")
_DASHED = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{1,2}:\d{2}.*")


def local(at: datetime) -> datetime:
    """The same instant on Vietnam's clock. A naive value is refused: it would be guessed (R-42)."""
    if at.tzinfo is VN:
        return at
    if at.tzinfo is None:
        raise InstantError("Thời điểm phải kèm múi giờ.")
    return at.astimezone(VN)


def start_of_day(day: date) -> datetime:
    """The first instant of a day: 00:00 on Vietnam's clock."""
    return datetime.combine(day, time.min, VN)


def minute_of(at: datetime) -> int:
    """Minutes since midnight of a wall-clock value, seconds cut off."""
    return at.hour * 60 + at.minute


def parse_instant(text: str) -> datetime:
    """Read `2026-11-20 14:00`, ISO 8601 (with or without offset) or `20/11/2026 14:00`; Vietnam
    time unless the text says otherwise.

    A day without an hour is refused: the hour decides. Raises InstantError with a sentence.
    """
    cleaned = text.strip()
    try:
        if match := _SLASHED.fullmatch(cleaned):
            day, month, year, hour, minute, second = (int(part or 0) for part in match.groups())
            return datetime(year, month, day, hour, minute, second, tzinfo=VN)
        if _DASHED.fullmatch(cleaned):
            if cleaned[12:13] == ":":  # "2026-11-20 7:30", as people type it
                cleaned = f"{cleaned[:11]}0{cleaned[11:]}"
            read = datetime.fromisoformat(cleaned)
            return read.replace(tzinfo=VN) if read.tzinfo is None else local(read)
    except (ValueError, OverflowError):
        pass
    raise InstantError(
        f"Không đọc được thời điểm “{text}”. Hãy viết như 2026-11-20 14:00 hoặc 20/11/2026 14:00."
    )


def weekday(day: date) -> str:
    """`thứ Hai`: the one writer of weekdays."""
    return WEEKDAYS[day.weekday()]


def write_day(day: date) -> str:
    """`thứ Hai 30/11/2026`."""
    return f"{weekday(day)} {day:%d/%m/%Y}"


def write_near_day(day: date, today: date) -> str:
    """`hôm nay`, `thứ Hai 30/11`; with its year where that is another than today's."""
    if day == today:
        return "hôm nay"
    return f"{weekday(day)} {day:%d/%m}" if day.year == today.year else write_day(day)


def write_instant(at: datetime) -> str:
    """`17:00 thứ Hai 30/11/2026`."""
    here = local(at)
    return f"{here:%H:%M} {write_day(here.date())}"


def write_time(minute: int) -> str:
    """Minutes since midnight as `07:30`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
