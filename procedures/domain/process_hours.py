"""Whether the hours of an internal process fit: its steps its own total, and both the term of the
procedure. What does not fit is told, never cut.
"""

from __future__ import annotations

from collections.abc import Iterable

from onestop.worktime import parse_term
from procedures.shortened import working_days

# A working day of a process, in minutes.
DAY = 8 * 60


def hours(minutes: int | None) -> str:
    return f"{minutes / 60:g} giờ".replace(".", ",") if minutes else "không ghi"


def minutes_of(terms: Iterable[str]) -> int | None:
    """The longest of these terms in working minutes; None where none is known."""
    found = [working_days(parse_term(words)) for words in terms if words]
    known = [days for days in found if days is not None]
    return round(max(known) * DAY) if known else None


def misfits(total: int | None, steps: Iterable[int | None], terms: Iterable[str]) -> list[str]:
    """What does not fit, in words."""
    known = [minutes for minutes in steps if minutes is not None]
    added = sum(known)
    found = []
    if known and total is not None and added != total:
        found.append(f"các bước cộng {hours(added)}, tổng ghi {hours(total)}")
    term = minutes_of(terms)
    longest = max(added, total or 0)
    if term is not None and longest > term:
        found.append(f"{hours(longest)} làm việc, quá thời hạn của thủ tục ({hours(term)})")
    return found
