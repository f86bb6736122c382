"""What the rows of a table are: fields, offices, or either under the head of their level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from onestop.accounts.models import Agency, Level, Takeover
from onestop.accounts.models.agencies import AgencyQuerySet
from procedures.models import Field
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
) -> Iterator[Laid]:
    """The rows in the order of the form. Every office of the scope has its row, also one without
    figures; one that was closed says so.
    """
    if kind is RowKind.FIELD:
        yield from _fields({key[0]: figures for key, figures in sums.items()}, called)
        return
    offices = _offices(scope, period, {key[0] for key in sums}, called)
    nothing = added((), names)
    if kind is RowKind.UNIT:
        by_office = {key[0]: figures for key, figures in sums.items()}
        yield from (_office(one, by_office.get(one.pk, nothing), period) for one in offices)
        return
    for level in LEVELS:
        of_level = [one for one in offices if one.level == level]
        if of_level:
            yield from _level(kind, level, of_level, sums, nothing, period, called)


def _level(
    kind: RowKind,
    level: Level,
    offices: Sequence[Agency],
    sums: Sums,
    nothing: Figures,
    period: Period,
    called: Called,
) -> Iterator[Laid]:
    ids = {one.pk for one in offices}
    own = {key: figures for key, figures in sums.items() if key[0] in ids}
    head = added(own.values(), nothing)
    yield Laid(f"level:{level.value}", LEVELS[level], head, is_head=True)
    if kind is RowKind.LEVEL_UNIT:
        by_office = {key[0]: figures for key, figures in own.items()}
        yield from (_office(one, by_office.get(one.pk, nothing), period) for one in offices)
        return
    by_field: dict[int, list[Figures]] = defaultdict(list)
    for key, figures in own.items():
        by_field[key[1]].append(figures)
    merged = {pk: added(parts, nothing) for pk, parts in by_field.items()}
    for laid in _fields(merged, called):
        yield Laid(f"level:{level.value}/{laid.key}", laid.label, laid.figures)


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
