"""Which agency acts for another that ended: the one place that knows about predecessors.

An agency that was merged into another keeps its row, its codes and its registers; from the day
after its last one the successor acts for it. Who has one agency in hand asks `Agency.in_charge`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from onestop.accounts.models import Agency, Officer


@dataclass(frozen=True, slots=True)
class Step:
    """`heir_id` acts for `agency_id` from `since` on, before `until` (None: to this day)."""

    agency_id: int
    path: str
    heir_id: int
    heir_path: str
    since: date
    until: date | None

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


def steps() -> tuple[Step, ...]:
    """All of them, each successor of a successor as a step of its own. One query."""
    columns = ("pk", "path", "closed_on", "successor_id", "successor__path")
    ended = Agency.objects.filter(successor__isnull=False, closed_on__isnull=False)
    rows = {row["pk"]: row for row in ended.order_by("pk").values(*columns)}
    return tuple(step for pk in rows for step in _steps_of(pk, rows))


def steps_around(agency: Agency) -> tuple[Step, ...]:
    """Those that concern an agency or what stands below it. No query where nobody took over."""
    if not agency.has_succession:
        return ()
    return tuple(
        step
        for step in steps()
        if step.path.startswith(agency.path) or step.heir_path.startswith(agency.path)
    )


def taken_over(agency: Agency, on: date) -> tuple[int, ...]:
    """The agencies that this one acts for on that day. No query where it took over from nobody."""
    return tuple(
        step.agency_id
        for step in steps_around(agency)
        if step.heir_id == agency.pk and step.holds_on(on)
    )


def takes_over_from(leaver: Officer, successor: Officer, on: date) -> bool:
    """Whether a desk may go from one to the other: of one office, or of whoever took it over."""
    if successor.agency_id == leaver.agency_id:
        return True
    return leaver.agency is not None and successor.agency == leaver.agency.in_charge(on)


def _steps_of(pk: int, rows: dict[int, dict[str, Any]]) -> Iterator[Step]:
    since, at, seen = date.min, pk, set[int]()
    while at in rows and at not in seen:
        seen.add(at)
        # A successor that ended before it took over took over nothing.
        since = max(since, rows[at]["closed_on"] + timedelta(days=1))
        heir, path = rows[at]["successor_id"], rows[at]["successor__path"]
        until = rows[heir]["closed_on"] + timedelta(days=1) if heir in rows else None
        if until is None or since < until:
            yield Step(pk, rows[pk]["path"], heir, path, since, until)
        at = heir
