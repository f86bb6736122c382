"""Which agency acts for another that ended: the one place that knows about predecessors.

An agency that was merged into another keeps its row, its codes and its registers; from the day
after its last one the successor acts for it. Who has one agency in hand asks `Agency.in_charge`.
What follows for sets is worked out when an agency is saved, and kept with the instant from which it
is known (`Takeover`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.utils import timezone

from onestop.accounts.models import Agency, Officer, Takeover
from onestop.accounts.models.agencies import line_of_heirs
from onestop.changes.domain import add_all, update_all
from onestop.worktime import start_of_day


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
    """All that stand, each successor of a successor as a step of its own. One query."""
    stand = Takeover.objects.filter(gone_known=None).order_by("agency", "from_at")
    columns = ("agency", "agency__path", "heir", "heir__path", "from_at", "to_at")
    return tuple(
        Step(pk, path, heir, heir_path, timezone.localdate(since), _day(until))
        for pk, path, heir, heir_path, since, until in stand.values_list(*columns)
    )


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


def renew(at: datetime, *, new: int | None = None) -> None:
    """Work out anew who takes over from whom, and keep it as known from `at` on; what stands by now
    stays. `new`: an agency that was just added. Nothing was counted before of what is not here, so
    its steps are known as long as itself.
    """
    with transaction.atomic():
        # Of two mergers entered at once the second sees the first: else neither would know of both.
        list(Agency.objects.select_for_update(no_key=True).filter(parent=None).order_by("pk"))
        wanted = set(_worked_out())
        kept = list(Takeover.objects.all())
        standing = {_step_of(one): one for one in kept if one.gone_known is None}
        gone = [one.pk for step, one in standing.items() if step not in wanted]
        missing = sorted(wanted - standing.keys())
        if not gone and not missing:
            return
        # A clock that was set back must not let two answers stand for one cut.
        before = (one.gone_known or one.from_known for one in kept)
        at = max([at, *(instant for instant in before if instant is not None)])
        update_all(Takeover.objects.filter(pk__in=gone), gone_known=at)
        rows = [
            Takeover(
                agency_id=pk,
                heir_id=heir,
                from_at=start_of_day(since),
                to_at=start_of_day(until) if until is not None else None,
                from_known=at if pk != new else None,
            )
            for pk, heir, since, until in missing
        ]
        add_all(Takeover, rows)


def watch() -> None:
    """Connects `renew` to the rows that say who ended and who took over."""
    post_save.connect(_saved, sender=Agency, dispatch_uid="accounts.succession")


def _saved(instance: Agency, *, created: bool, **_: Any) -> None:
    renew(timezone.now(), new=instance.pk if created else None)


# Whose, who acts for it, from which day on, before which day.
Worked = tuple[int, int, date, date | None]


def _worked_out() -> Iterator[Worked]:
    ended = Agency.objects.filter(successor__isnull=False, closed_on__isnull=False)
    rows = {
        pk: (last, heir) for pk, last, heir in ended.values_list("pk", "closed_on", "successor")
    }
    for pk in rows:
        yield from _steps_of(pk, rows)


def _steps_of(pk: int, rows: dict[int, Any]) -> Iterator[Worked]:
    for last, heir in line_of_heirs(pk, rows.get, key=int):
        since = last + timedelta(days=1)
        until = rows[heir][0] + timedelta(days=1) if heir in rows else None
        # A successor that ended before it took over took over nothing.
        if until is None or since < until:
            yield pk, heir, since, until


def _step_of(one: Takeover) -> Worked:
    return one.agency_id, one.heir_id, timezone.localdate(one.from_at), _day(one.to_at)


def _day(at: datetime | None) -> date | None:
    return timezone.localdate(at) if at is not None else None
