"""The instant a page is computed for: read once at the edge, printed on the page, and passed on in
every address that opens a figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from onestop.worktime import VN

# The days after today that a leader looks ahead, and those over which what ended is compared.
DAYS_AHEAD, DAYS_BACK = 7, 90
_FORMAT = "%Y%m%dT%H%M%S%f"


def midnight(day: date) -> datetime:
    """00:00 of a day, Vietnam's time."""
    return datetime.combine(day, time.min, VN)


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant and the days around it."""

    at: datetime

    @property
    def day(self) -> date:
        return timezone.localdate(self.at, VN)

    @property
    def begin(self) -> datetime:
        return midnight(self.day)

    @property
    def tomorrow(self) -> datetime:
        return midnight(self.day + timedelta(days=1))

    @property
    def last_ahead(self) -> date:
        """The last of the days ahead."""
        return self.day + timedelta(days=DAYS_AHEAD)

    @property
    def ahead(self) -> datetime:
        """The end of the days ahead: 00:00 of the day after the last of them."""
        return midnight(self.last_ahead + timedelta(days=1))

    @property
    def back(self) -> datetime:
        """From when on what ended is compared."""
        return midnight(self.day - timedelta(days=DAYS_BACK))

    @property
    def text(self) -> str:
        """As it stands in an address, to the microsecond."""
        return timezone.localtime(self.at, VN).strftime(_FORMAT)


def read(text: str, now: datetime) -> Moment:
    """The moment of an address; now for what is unreadable or lies ahead."""
    try:
        at = datetime.strptime(text, _FORMAT).replace(tzinfo=VN)
    except ValueError:
        return Moment(now)
    return Moment(min(at, now))
