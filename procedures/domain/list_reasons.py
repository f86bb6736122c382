"""Services that published lists have on line only in part and of which none says why (R-94): older
than the question. Published lines are not changed: each is said anew, with its reason, in a draft.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date

from onestop.accounts.models import Agency
from procedures.domain.lists import LineIn
from procedures.models import CounterKind, Kind, ListLine
from procedures.models.lists import LineQuerySet

_SAID = [one.name for one in fields(LineIn) if one.name not in ("code", "counter")]


def waiting(agency: Agency, on: date) -> LineQuerySet:
    """The lines of an agency's published lists in force on the day or coming, without a reason."""
    lines = ListLine.objects.in_force_or_coming(on).filter(decision__agency=agency)
    return lines.without_reason()


def said_anew(lines: Iterable[ListLine], why: str) -> list[LineIn]:
    """As they stand, with their reason, as amendments; of one that is in force and one that comes, what
    comes.
    """
    found: dict[tuple[str, int], LineIn] = {}
    for line in sorted(lines, key=lambda one: (one.effective_from or date.min, one.pk)):
        said = {name: getattr(line, name) for name in _SAID}
        said |= {"kind": Kind.AMENDED, "online_why": why}
        code = line.procedure.code
        found[code, line.counter] = LineIn(code, CounterKind(line.counter), **said)
    return list(found.values())
