"""What the rows of a table are: fields, offices, or either under the head of their level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from onestop.accounts.models import Agency, Level
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


def laid_out(
    kind: RowKind, sums: Sums, names: Sequence[str], scope: Scope, period: Period
) -> Iterator[Laid]:
    """The rows in the order of the form. Every office of the scope has its row, also one without
    figures; one that was closed says so.
    """
    if kind is RowKind.FIELD:
        yield from _fields({key[0]: figures for key, figures in sums.items()})
        return
    offices = _offices(scope, period, {key[0] for key in sums})
    nothing = added((), names)
    if kind is RowKind.UNIT:
        by_office = {key[0]: figures for key, figures in sums.items()}
        yield from (_office(one, by_office.get(one.pk, nothing), period) for one in offices)
        return
    for level in LEVELS:
        of_level = [one for one in offices if one.level == level]
        if of_level:
            yield from _level(kind, level, of_level, sums, nothing, period)


def _level(
    kind: RowKind,
    level: Level,
    offices: Sequence[Agency],
    sums: Sums,
    nothing: Figures,
    period: Period,
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
    for laid in _fields(merged):
        yield Laid(f"level:{level.value}/{laid.key}", laid.label, laid.figures)


def _fields(sums: Mapping[int, Figures]) -> Iterator[Laid]:
    names = Field.objects.filter(pk__in=list(sums)).order_by("folded", "pk")
    for one in names:
        if any(sums[one.pk].values()):
            yield Laid(f"field:{one.pk}", one.name, sums[one.pk])


def _offices(scope: Scope, period: Period, counted: set[int]) -> list[Agency]:
    """The offices that were open in the period, and whichever has figures."""
    open_then = Q(opened_on=None) | Q(opened_on__lte=period.last)
    open_then &= Q(closed_on=None) | Q(closed_on__gte=period.first)
    open_then &= Q(path__startswith=scope.path) if scope.whole else Q(pk=scope.agency_id)
    found = Agency.objects.filter(open_then | Q(pk__in=counted))
    return list(found.order_by("folded", "code"))


def _office(one: Agency, figures: Figures, period: Period) -> Laid:
    closed = one.closed_on is not None and one.closed_on <= period.last
    label = f"{one.name} (đã ngừng hoạt động)" if closed else one.name
    return Laid(f"agency:{one.pk}", label, figures, one.code)
