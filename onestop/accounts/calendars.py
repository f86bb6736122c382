"""The one adapter from calendar rows to a `worktime.Calendar` value."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onestop.worktime import Calendar


def calendar_of(agency_id: int | None) -> "Calendar":
    """The working calendar of an agency: its own rows, those of the agencies above it, the national ones."""
    raise NotImplementedError


def load_national_calendar() -> int:
    """Reads data/public-calendar-vn.csv into national rows; safe to repeat. Gives the number of rows written."""
    raise NotImplementedError
