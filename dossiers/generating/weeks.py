"""Whether the working days around a life are the same some weeks away: then every promise and step
moves with it to the minute.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from onestop.worktime import VN, Calendar, CalendarMissing


class Weeks:
    """Days of calendars, read once each."""

    def __init__(self) -> None:
        self._days: dict[tuple[str, date], Any] = {}

    def same(
        self, here: Calendar, there: Calendar, first: datetime, last: datetime, shift: timedelta
    ) -> bool:
        """Whether each day of the span has, in the other calendar and so many days away, the same
        sessions.
        """
        day, end = first.astimezone(VN).date(), last.astimezone(VN).date() + timedelta(days=1)
        while day <= end:
            if self._sessions(here, day) != self._sessions(there, day + shift):
                return False
            day += timedelta(days=1)
        return True

    def _sessions(self, calendar: Calendar, day: date) -> Any:
        key = (calendar.key(), day)
        if key not in self._days:
            try:
                self._days[key] = (
                    calendar.sessions_on(day),
                    day.year in calendar.provisional_years,
                )
            except CalendarMissing:
                self._days[key] = None
        return self._days[key]
