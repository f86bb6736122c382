"""The instant a page is computed for: read once at the edge, printed on the page, and passed on in
every address that opens a figure; with the days a figure is about, where it is about some.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.utils import timezone

from onestop.worktime import VN, start_of_day
from reports.periods import in_address, of_address

# The days after today that a leader looks ahead, and those over which what ended is compared.
DAYS_AHEAD, DAYS_BACK = 7, 90


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant and the days around it. `first`, `last`: the days of a figure, both included."""

    at: datetime
    first: date | None = None
    last: date | None = None

    @property
    def day(self) -> date:
        return timezone.localdate(self.at, VN)

    @property
    def begin(self) -> datetime:
        return start_of_day(self.day)

    @property
    def tomorrow(self) -> datetime:
        return start_of_day(self.day + timedelta(days=1))

    @property
    def last_ahead(self) -> date:
        """The last of the days ahead."""
        return self.day + timedelta(days=DAYS_AHEAD)

    @property
    def ahead(self) -> datetime:
        """The end of the days ahead: 00:00 of the day after the last of them."""
        return start_of_day(self.last_ahead + timedelta(days=1))

    @property
    def first_back(self) -> date:
        """The first of the days over which what ended is compared."""
        return self.day - timedelta(days=DAYS_BACK)

    @property
    def start(self) -> datetime:
        """The beginning of the figure's days; of today where it names none."""
        return start_of_day(self.first or self.day)

    @property
    def end(self) -> datetime:
        """The end of the figure's days: 00:00 of the day after, never later than tomorrow."""
        return start_of_day(min(self.last or self.day, self.day) + timedelta(days=1))

    @property
    def text(self) -> str:
        """As it stands in an address."""
        return in_address(self.at)

    def about(self, first: date, last: date) -> Moment:
        """The same instant, about these days."""
        return replace(self, first=first, last=last)


def read(text: str, now: datetime, *, first: str = "", last: str = "") -> Moment:
    """The moment of an address; now for what is unreadable or lies ahead."""
    try:
        at = of_address(text)
    except ValueError:
        at = now
    return Moment(min(at, now), _day(first), _day(last))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
