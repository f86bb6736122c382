"""Short words for the tables of cases."""

from datetime import datetime, time

from onestop.worktime import Calendar, Sessions, parse_instant, parse_term, vn_calendar
from onestop.worktime import due as compute

EIGHT_HOURS: Sessions = ((time(7, 0), time(11, 30)), (time(13, 30), time(17, 0)))
SEVEN_AND_A_HALF: Sessions = ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 0)))
SEVEN: Sessions = ((time(7, 30), time(11, 30)), (time(13, 30), time(16, 30)))
MORNING: Sessions = ((time(7, 30), time(11, 30)),)
CLOSED: Sessions = ()


def at(text: str) -> datetime:
    return parse_instant(text)


def promised(received: str, term: str, calendar: Calendar | None = None) -> str:
    """The promise as `2026-11-30 17:00`."""
    promise = compute(at(received), parse_term(term), calendar or vn_calendar())
    assert promise.at is not None
    return f"{promise.at:%Y-%m-%d %H:%M}"
