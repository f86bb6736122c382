"""Why this date: line by line, readable by a citizen."""

from datetime import datetime

from onestop.worktime.calendar import Calendar
from onestop.worktime.clock import Track
from onestop.worktime.promise import Promise
from onestop.worktime.terms import Term
from onestop.worktime.zone import write_instant


def lines_of(received: datetime, term: Term, calendar: Calendar, track: Track, promise: Promise) -> tuple[str, ...]:
    assert promise.at is not None
    return (f"Tiếp nhận {write_instant(received)}; thời hạn {term}.", f"Hẹn trả kết quả: {write_instant(promise.at)}.")
