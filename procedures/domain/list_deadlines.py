"""By when a decision that publishes a list is signed, entered and made public, in working days: a
dated list, read on the day of signing. A new law is a new line here.

Entered into the national database within 10, 5 or 2 days of signing, by who decides and how (NĐ
63/2010 Đ24, R-134); signed 5 days before it takes effect, public 5 days after it was signed (1.1,
1.2 of the national index).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from onestop.worktime import Calendar, CalendarMissing
from procedures.models import ListDecision, Maker


@dataclass(frozen=True, slots=True)
class Deadlines:
    """What holds for a decision signed from `since` on, until the next line."""

    since: date
    entered: Mapping[int, int]
    before_effect: int
    public: int


DATED = (
    Deadlines(
        since=date.min,
        entered={Maker.MINISTRY: 10, Maker.PROVINCE: 5, Maker.SHORTENED: 2},
        before_effect=5,
        public=5,
    ),
)


def deadlines_of(signed_on: date) -> Deadlines:
    return next(one for one in reversed(DATED) if one.since <= signed_on)


@dataclass(frozen=True, slots=True)
class Late:
    """What of a decision is late, by how many working days, and what is still to be done."""

    what: str
    days: int
    still: str = ""

    @property
    def words(self) -> str:
        return ", ".join(filter(None, (f"{self.what} {self.days} ngày làm việc", self.still)))


def late_of(decision: ListDecision, calendar: Calendar, today: date) -> list[Late]:
    """What is late of a decision as of a day. Nothing of a draft that was given up, and nothing of
    what reaches into a year whose calendar is missing.
    """
    if decision.stage == ListDecision.Stage.DROPPED:
        return []
    within, signed = deadlines_of(decision.signed_on), decision.signed_on
    shown = timezone.localdate(decision.published_at) if decision.published_at else None
    found = []
    if (public := _between(calendar, signed, shown or today)) is not None:
        still = "" if shown else "vẫn chưa công bố"
        found.append(Late("công khai chậm", public - within.public, still))
    if (entered := _between(calendar, signed, decision.entered_on or today)) is not None:
        still = "" if decision.entered_on else "chưa ghi ngày nhập"
        late = entered - within.entered[decision.maker]
        found.append(Late("nhập CSDL quốc gia chậm", late, still))
    # A shortened procedure is published after its text took effect.
    if decision.maker != Maker.SHORTENED:
        before = _between(calendar, signed, decision.effective_from)
        if before is not None:
            found.append(Late("ký sát ngày hiệu lực, thiếu", within.before_effect - before))
    return [one for one in found if one.days > 0]


def _between(calendar: Calendar, first: date, last: date) -> int | None:
    """None where the calendar of a year is missing."""
    try:
        return calendar.working_days_between(first, last)
    except CalendarMissing:
        return None
