"""Lines of slips: what they list, and an appointment before the result."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitLine:
    """Time that does not count towards the term: what for, whose it is, until when (None: it runs)."""

    what: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """The first of two appointments: to what, when and where the applicant comes before the result."""

    what: str
    meet_at: datetime
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegLine:
    """What one agency is asked to do: in how many working hours, until when (None: not its turn yet)."""

    number: int
    agency: str
    task: str
    hours: int
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifiedLine:
    """A line of a certification (chứng thực): pages of the paper, copies made, fee in đồng."""

    name: str
    pages: int = 1
    copies: int = 1
    fee: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverLine:
    code: str
    content: str
    owner: str
    received_at: datetime | None = None
    promised_at: datetime | None = None
    papers: str = ""
    result: str = ""
    urgency: str = ""
    note: str = ""
