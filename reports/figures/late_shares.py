"""Lateness added up: by whose dossiers they are, or by the units, officers and steps that caused it
(dossiers/desk/late_parts.py); and the form of a period that lists it.

The days of a table add up to its total as printed (R-111): they are rounded together.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet

from dossiers.clock.apportioning import Step
from dossiers.desk.late_parts import Late, Room, shared_out
from dossiers.models import Dossier, Span
from onestop.accounts.models import Officer
from onestop.folding import fold
from reports.figures import statement
from reports.figures.measures import MEASURES
from reports.figures.scope import Scope
from reports.periods import Period
from reports.shares import share

# What no step explains, as the rows call it.
REST = "Không do bước nào quá giờ"
NOBODY = "(chưa rõ)"
CHUNK = 5000
Key = Callable[[Late, Step | None], Hashable]


@dataclass(slots=True)
class Group:
    """What is added up of one row: dossiers, each once, and days of work."""

    open: set[int] = field(default_factory=set)
    ended: set[int] = field(default_factory=set)
    days: Fraction = Fraction(0)

    @property
    def dossiers(self) -> set[int]:
        return self.open | self.ended

    def add(self, one: Late, minutes: int) -> None:
        (self.ended if one.is_ended else self.open).add(one.case.pk)
        self.days += one.days(minutes)


def pieces(one: Late) -> Iterator[tuple[Step | None, int]]:
    """Each step with its minutes; what none explains with none. At least one piece."""
    for part in one.shared.parts:
        yield part.step, part.minutes
    if one.shared.rest or not one.shared.parts:
        yield None, one.shared.rest


def added_up(
    found: Iterable[Late], key: Key, keeps: Callable[[Step | None], bool] = lambda step: True
) -> dict[Any, Group]:
    """`keeps`: which pieces count; a dossier without any is left out."""
    groups: dict[Any, Group] = {}
    for one in found:
        for step, minutes in pieces(one):
            if keeps(step):
                groups.setdefault(key(one, step), Group()).add(one, minutes)
    return groups


def tenths(days: Sequence[Fraction]) -> list[Decimal]:
    """Rounded to tenths of a day so that they add up to the rounded sum."""
    exact = [one * 10 for one in days]
    found = [int(one) for one in exact]
    missing = int(sum(exact, Fraction(1, 2))) - sum(found)
    by_remainder = sorted(range(len(exact)), key=lambda n: (found[n] - exact[n], n))
    for n in by_remainder[:missing]:
        found[n] += 1
    return [Decimal(one) / 10 for one in found]


# --- the form of a period --------------------------------------------------------------------------


def late_ids(scope: Scope, period: Period, cut: datetime) -> list[int]:
    """What (10) and (13) of the tables count. One statement."""
    return statement.dossiers(MEASURES["late"].condition, scope, period, cut)


def late_dossiers(scope: Scope, period: Period, cut: datetime) -> QuerySet[Dossier]:
    return Dossier.objects.filter(pk__in=late_ids(scope, period, cut))


def late_of(scope: Scope, period: Period, cut: datetime) -> list[Late]:
    """The late dossiers of a period, shared out as they stood at its end, for the cut (R-108)."""
    stood = Q(from_at__lt=period.end, from_known__lte=cut, group__lt=Span.Group.VOIDED)
    stood &= Q(gone_known=None) | Q(gone_known__gt=cut)
    stood &= Q(to_at=None) | Q(to_at__gte=period.end) | Q(to_known__gt=cut)
    at = min(cut, period.last_instant)
    ids = late_ids(scope, period, cut)
    found: list[Late] = []
    for first in range(0, len(ids), CHUNK):
        spans = Span.objects.filter(stood, dossier__in=ids[first : first + CHUNK])
        found += shared_out([spans], at, cut=cut)
    return found


def lines(scope: Scope, period: Period, cut: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """Unit, officer, step: how many dossiers, how many days of work, which share of all; then what
    no step explains, and the sum.
    """
    found = late_of(scope, period, cut)
    if not found:
        return
    groups = added_up(found, lambda _, step: step)
    rooms: dict[int, Room] = {}
    # Those that were read together share one mapping: each is taken once.
    for mapping in {id(one.rooms): one.rooms for one in found}.values():
        rooms.update(mapping)
    people = _people(groups)
    order = sorted(groups, key=lambda step: _place(step, rooms, people, scope))
    whole = Group()
    for one in found:
        whole.add(one, one.shared.late)
    days = tenths([groups[step].days for step in order])
    for step, number in zip(order, days, strict=True):
        told = {"officer": _officer(step, people), "step": step.name if step is not None else ""}
        yield _unit(step, rooms, scope), told | _figures(groups[step], number, whole)
    yield "Tổng số", _figures(whole, sum(days, Decimal(0)), whole) | {"is_total": True}


def _figures(group: Group, days: Decimal, whole: Group) -> dict[str, Any]:
    part = share(round(group.days * 10_000), round(whole.days * 10_000))
    return {
        "late": len(group.dossiers),
        "ended_late": len(group.ended),
        "open_late": len(group.open),
        "days": f"{days:.1f}".replace(".", ","),
        "share": f"{part:.2f}%".replace(".", ",") if part is not None else None,
    }


def _people(groups: Iterable[Step | None]) -> dict[int, tuple[str, str]]:
    """Name, and how it is sorted. One query."""
    ids = {step.officer for step in groups if step is not None}
    rows = Officer.objects.filter(pk__in=ids - {0})
    return {one.pk: (one.full_name, one.sort_name) for one in rows}


def _officer(step: Step | None, people: dict[int, tuple[str, str]]) -> str:
    return people.get(step.officer, (NOBODY, ""))[0] if step is not None else ""


def _unit(step: Step | None, rooms: dict[int, Room], scope: Scope) -> str:
    if step is None:
        return REST
    room = rooms.get(step.unit)
    if room is None:
        return NOBODY
    return room.name if room.agency == scope.agency_id else f"{room.name} ({room.agency_name})"


def _place(
    step: Step | None,
    rooms: dict[int, Room],
    people: dict[int, tuple[str, str]],
    scope: Scope,
) -> tuple[Any, ...]:
    """Units by name, the own ones first; persons by name, never by how late; the rest last."""
    if step is None:
        return (2, "", "", "")
    room = rooms.get(step.unit)
    own = room is not None and room.agency == scope.agency_id
    unit, person = _unit(step, rooms, scope), people.get(step.officer, ("", "~"))[1]
    return (not own, fold(unit), person, fold(step.name), step)
