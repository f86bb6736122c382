"""What the rows of a table are: fields, offices, or either under the head of their level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from onestop.accounts.models import Agency, Level, Takeover
from onestop.accounts.models.agencies import AgencyQuerySet
from procedures.models import Field
from reports.figures.brought import KEY, Brought, Origin, Units
from reports.figures.scope import Scope
from reports.models import RowKind
from reports.periods import Period

# By which columns of the standing rows each kind is counted.
KEYS: dict[RowKind, tuple[str, ...]] = {
    RowKind.FIELD: ("field_id",),
    RowKind.UNIT: ("agency_id",),
    RowKind.LEVEL_FIELD: ("agency_id", "field_id"),
    RowKind.LEVEL_UNIT: ("agency_id",),
}
LEVELS = {
    Level.CENTRAL: "Cơ quan trung ương",
    Level.PROVINCE: "Sở, ban, ngành và cơ quan cấp tỉnh",
    Level.DISTRICT: "Huyện, thị xã, thành phố (đến 30/6/2025)",
    Level.COMMUNE: "Xã, phường, đặc khu",
}
Figures = Mapping[str, int]
Sums = Mapping[tuple[int, ...], Figures]


@dataclass(frozen=True, slots=True)
class Laid:
    key: str
    label: str
    figures: Figures
    code: str = ""
    is_head: bool = False
    origin: Origin | None = None


def added(sums: Iterable[Figures], names: Iterable[str]) -> dict[str, int]:
    total: dict[str, int] = dict.fromkeys(names, 0)
    for figures in sums:
        for name, value in figures.items():
            total[name] += value
    return total


class Called:
    """What rows are called: asked for one table. One statement for fields, one for offices."""

    def __init__(self, cut: datetime) -> None:
        self.cut = cut

    def fields(self, ids: Collection[int]) -> Iterable[Field]:
        return Field.objects.filter(pk__in=list(ids)).order_by("folded", "pk")

    def offices(self, scope: Scope, counted: set[int]) -> Iterable[Agency]:
        own = Q(path__startswith=scope.path) if scope.whole else Q(pk=scope.agency_id)
        found = Agency.objects.filter(own | Q(pk__in=counted)).order_by("folded", "code")
        return self._as_known(found) if scope.has_succession else found

    def _as_known(self, found: AgencyQuerySet) -> Iterator[Agency]:
        """With the last day of those that were taken over, as the cut knows it."""
        known = Takeover.objects.filter(agency=OuterRef("pk")).known_by(self.cut)
        over = Subquery(known.order_by("from_at").values("from_at")[:1])
        for one in found.annotate(over_at=over):
            since: datetime | None = one.over_at
            if since is not None:
                one.closed_on = timezone.localdate(since) - timedelta(days=1)
            elif one.successor_id is not None:
                one.closed_on = None
            yield one


class CalledOnce(Called):
    """The same for many tables: each name is read once."""

    def fields(self, ids: Collection[int]) -> Iterable[Field]:
        return [one for one in self._fields if one.pk in ids]

    def offices(self, scope: Scope, counted: set[int]) -> Iterable[Agency]:
        return [one for one in self._offices if scope.covers(one) or one.pk in counted]

    @cached_property
    def _fields(self) -> list[Field]:
        return list(Field.objects.order_by("folded", "pk"))

    @cached_property
    def _offices(self) -> list[Agency]:
        return list(Agency.objects.order_by("folded", "code"))


def laid_out(
    kind: RowKind,
    sums: Sums,
    names: Sequence[str],
    scope: Scope,
    period: Period,
    called: Called,
    brought: Units,
) -> Iterator[Laid]:
    """The rows in the order of the form. Every office of the scope has its row, also one without
    figures; one that was closed says so. What was `brought` of an office is its row, or stands below
    the fields of its level.
    """
    if kind is RowKind.FIELD:
        yield from _fields({key[0]: figures for key, figures in sums.items()}, called)
        return
    offices = _offices(scope, period, {key[0] for key in sums} | brought.keys(), called)
    table = _Table(names, sums, brought, period, called)
    if kind is RowKind.UNIT:
        yield from table.offices(offices)
        return
    for level in LEVELS:
        of_level = [one for one in offices if one.level == level]
        if of_level:
            yield from table.level(kind, level, of_level)


@dataclass(frozen=True, slots=True)
class _Table:
    """The rows of a table that tells offices apart."""

    names: Sequence[str]
    sums: Sums
    brought: Units
    period: Period
    called: Called

    def offices(self, found: Iterable[Agency]) -> Iterator[Laid]:
        by_office = {key[0]: figures for key, figures in self.sums.items()}
        nothing = added((), self.names)
        for one in found:
            if one.pk in self.brought:
                yield self._brought(self.brought[one.pk])
            else:
                yield _office(one, by_office.get(one.pk, nothing), self.period)

    def level(self, kind: RowKind, level: Level, found: Sequence[Agency]) -> Iterator[Laid]:
        ids = {one.pk for one in found}
        own = {key: figures for key, figures in self.sums.items() if key[0] in ids}
        brought = [self.brought[pk] for one in found if (pk := one.pk) in self.brought]
        parts = [*own.values(), *(one.of(self.names) for one in brought)]
        key = f"level:{level.value}"
        yield Laid(key, LEVELS[level], added(parts, self.names), is_head=True)
        if kind is RowKind.LEVEL_UNIT:
            yield from self.offices(found)
            return
        for laid in self._by_field(own):
            yield replace(laid, key=f"{key}/{laid.key}")
        # No field is known of them.
        yield from map(self._brought, brought)

    def _by_field(self, own: Sums) -> Iterator[Laid]:
        by_field: dict[int, list[Figures]] = defaultdict(list)
        for key, figures in own.items():
            by_field[key[1]].append(figures)
        merged = {pk: added(parts, self.names) for pk, parts in by_field.items()}
        return _fields(merged, self.called)

    def _brought(self, one: Brought) -> Laid:
        agency = one.agency
        figures = one.of(self.names)
        return Laid(f"{KEY}:{agency.pk}", agency.name, figures, agency.code, origin=one.origin)


def _fields(sums: Mapping[int, Figures], called: Called) -> Iterator[Laid]:
    for one in called.fields(sums.keys()):
        if any(sums[one.pk].values()):
            yield Laid(f"field:{one.pk}", one.name, sums[one.pk])


def _offices(scope: Scope, period: Period, counted: set[int], called: Called) -> list[Agency]:
    """The offices that were open in the period, and whichever has figures."""
    found = called.offices(scope, counted)
    return [one for one in found if one.pk in counted or _was_open(one, period)]


def _was_open(one: Agency, period: Period) -> bool:
    begun = one.opened_on is None or one.opened_on <= period.last
    return begun and (one.closed_on is None or one.closed_on >= period.first)


def _office(one: Agency, figures: Figures, period: Period) -> Laid:
    closed = one.closed_on is not None and one.closed_on <= period.last
    label = f"{one.name} (đã ngừng hoạt động)" if closed else one.name
    return Laid(f"agency:{one.pk}", label, figures, one.code)
