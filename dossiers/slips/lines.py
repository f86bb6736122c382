"""Lines that slips list."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitLine:
    """Time that does not count towards the term: what for, whose it is, until when (None: it runs)."""

    what: str
    since: datetime
    until: datetime | None = None
