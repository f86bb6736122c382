"""Counting for everybody at once, or for one desk: open work by who holds it, what is on its way, what
is submitted. A handful of statements whatever the officers; what has ended is not looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, Window
from django.db.models.functions import RowNumber

from dossiers.models import Dossier
from dossiers.models.querysets import is_open
from onestop.accounts.desk import Desk
from onestop.accounts.models import Role
from reports.board import figures
from reports.board.moment import Moment
from reports.board.whose import OVERSEERS

# How many dossiers of an officer are named.
MOST = 10
_URGENT = (figures.LATE, figures.TODAY, figures.SOON)


@dataclass(frozen=True, slots=True)
class Three:
    """Late, due today, due soon: one may be due today and due soon. `urgent`: each of them once."""

    late: int = 0
    today: int = 0
    soon: int = 0
    urgent: int = 0

    def __add__(self, other: Three) -> Three:
        return Three(
            self.late + other.late,
            self.today + other.today,
            self.soon + other.soon,
            self.urgent + other.urgent,
        )


@dataclass(frozen=True, slots=True)
class Held:
    """What is urgent of an agency, in a room, with an officer. `is_here`: given on to nobody."""

    agency: int
    room: int | None
    officer: int | None
    is_here: bool
    three: Three


@dataclass(frozen=True, slots=True)
class Named:
    """A dossier that is named, soonest promise first."""

    code: str
    procedure: str
    due_at: datetime | None
    is_late: bool
    is_today: bool


@dataclass(slots=True)
class Counted:
    """`coming`: by room and officer (None: for all of the room). `submitted`: by holder, room and
    officer that it is on its way to.
    """

    held: list[Held] = field(default_factory=list)
    coming: dict[tuple[int, int | None], int] = field(default_factory=dict)
    submitted: dict[tuple[int | None, int | None, int | None], int] = field(default_factory=dict)
    named: dict[int, list[Named]] = field(default_factory=lambda: defaultdict(list))


def count(now: datetime, desk: Desk | None = None) -> Counted:
    """For everybody, or for what one desk needs. Four queries."""
    moment = Moment(now)
    urgent = reduce(or_, (one.of(moment) for one in _URGENT))
    mine = Q() if desk is None else _of_desk(desk)
    found = Counted()
    here = ExpressionWrapper(Q(pending_department=None), output_field=BooleanField())
    groups = ("agency", "holder_department", "holder", "is_here")
    rows = Dossier.objects.filter(is_open() & urgent & mine).order_by().annotate(is_here=here)
    numbers = [Count("pk", filter=one.of(moment)) for one in _URGENT]
    names = ("n1", "n2", "n3", "n4")
    told = rows.values(*groups).annotate(**dict(zip(names, [*numbers, Count("pk")], strict=True)))
    for agency, room, officer, is_here, *three in told.values_list(*groups, *names):
        found.held.append(Held(agency, room, officer, bool(is_here), Three(*three)))
    found.coming = _coming(desk)
    found.submitted = _submitted(desk)
    for officer, one in _named(urgent, moment, desk):
        found.named[officer].append(one)
    return found


def _of_desk(desk: Desk) -> Q:
    held = Q(holder__in=desk.officer_ids)
    held |= Q(holder_department__in=desk.department_ids_as(Role.HEAD))
    return held | Q(agency__in=desk.agency_ids_as(*OVERSEERS))


def _coming(desk: Desk | None) -> dict[tuple[int, int | None], int]:
    rows = Dossier.objects.filter(pending_department__isnull=False)
    if desk is not None:
        rows = rows.to_accept(desk)
    by = ("pending_department", "pending_officer")
    told = rows.order_by().values(*by).annotate(n=Count("pk")).values_list(*by, "n")
    return {(room, officer): number for room, officer, number in told}


def _submitted(desk: Desk | None) -> dict[tuple[int | None, int | None, int | None], int]:
    rows = Dossier.objects.submitted() if desk is None else Dossier.objects.to_approve(desk)
    by = ("holder", "pending_department", "pending_officer")
    told = rows.order_by().values(*by).annotate(n=Count("pk")).values_list(*by, "n")
    return {(holder, room, officer): number for holder, room, officer, number in told}


def _named(urgent: Q, moment: Moment, desk: Desk | None) -> list[tuple[int, Named]]:
    """The first of each officer's own."""
    rows = Dossier.objects.filter(is_open() & urgent, holder__isnull=False, pending_department=None)
    if desk is not None:
        rows = rows.filter(holder__in=desk.officer_ids)
    place = Window(RowNumber(), partition_by=F("holder"), order_by=("sort_due", "pk"))
    first = rows.annotate(place=place).filter(place__lte=MOST).order_by("sort_due", "pk")
    columns = ("holder", "code", "version__name", "due_at", "late_from")
    found = []
    for holder, code, name, due, late_from in first.values_list(*columns):
        is_late = late_from is not None and late_from <= moment.at
        is_today = not is_late and due is not None and moment.begin <= due < moment.tomorrow
        found.append((holder, Named(code, name, due, is_late, is_today)))
    return found


def added(rows: Sequence[Three]) -> Three:
    return sum(rows, Three())
