"""A form filled in: rows with their figures by column number, the total, what stands beside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from reports.figures import catalogue, lists, rows, statement
from reports.figures.measures import BESIDE, BESIDE_LABELS, FOR_ANOTHER, MEASURES
from reports.figures.scope import Scope
from reports.models import Column, ReportForm, RowKind, Source
from reports.periods import Period

# A figure; None: not recorded ("—"). Texts and instants only in lists.
Value = int | str | datetime | None
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row. `key` names it for click-through: "field:3", "agency:7", "level:commune"."""

    key: str
    label: str
    values: Mapping[str, Value]
    code: str = ""
    is_head: bool = False

    @property
    def has_figures(self) -> bool:
        return any(value not in (0, None) for value in self.values.values())


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure below the table, outside its columns."""

    name: str
    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Table:
    """A form of one agency, period and cut. `problems`: sentences, each naming its dossiers. The
    rows of a list are counted anew by whoever goes through them.
    """

    form: ReportForm
    columns: tuple[Column, ...]
    scope: Scope
    period: Period
    cut: datetime
    rows: Iterable[Row]
    total: Row | None
    beside: tuple[Beside, ...] = ()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
    # From the signed (11) of the period before to this (6): frozen.told(); empty without one.
    carried_over: Mapping[str, Any] = field(default_factory=dict)
    # A year's or half's figures beside those of its quarters: parts.compared(); empty for others.
    quarters: Mapping[str, Any] = field(default_factory=dict)

    def with_problems(self, problems: Iterable[str]) -> Table:
        return replace(self, problems=(*self.problems, *problems))


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of a list, read while they are gone through: a long one is never held as a whole."""

    code: str
    columns: tuple[Column, ...]
    scope: Scope
    period: Period
    cut: datetime

    def __iter__(self) -> Iterator[Row]:
        found = lists.LISTS[self.code](
            self.scope, self.period, self.cut, [one.measure for one in self.columns]
        )
        for code, values in found:
            yield Row(code, code, _numbered(self.columns, values))


def table(form: ReportForm, scope: Scope, period: Period, cut: datetime) -> Table:
    """Fill a form in. Figures of dossiers come with one statement, the names of rows with one more
    each for agencies and fields.

    Errors: DomainError("measure_unknown").
    """
    columns = form.columns_of()
    base = Table(form, columns, scope, period, cut, rows=(), total=None, notes=form.foot)
    if form.source == Source.LIST:
        return replace(base, rows=Listed(form.code, columns, scope, period, cut))
    if form.source == Source.CATALOGUE:
        figures, unique = catalogue.count(period.last)
        row = Row(f"agency:{scope.agency_id}", scope.name, _numbered(columns, figures), scope.code)
        told = (Beside("unique", "Số thủ tục hành chính, không tính trùng giữa các cấp", unique),)
        return replace(
            base, rows=(row,), total=replace(row, key=TOTAL, label="Tổng số", code=""), beside=told
        )
    return _of_dossiers(base)


def _numbered(columns: Sequence[Column], values: Mapping[str, Value]) -> dict[str, Value]:
    return {one.number: values.get(one.measure) for one in columns}


def _of_dossiers(base: Table) -> Table:
    form = base.form
    for one in base.columns:
        statement.known(form.code, one.number, one.measure)
    names = list(dict.fromkeys([one.measure for one in base.columns if one.measure] + [*BESIDE]))
    keys = rows.KEYS[RowKind(form.row_kind)]
    sums: dict[tuple[int, ...], dict[str, int]] = {}
    beside: dict[str, int] = defaultdict(int)
    for side, row, values in statement.counts(
        [*names, "handled"], keys, base.scope, base.period, base.cut
    ):
        told = dict(zip(names, values[:-1], strict=True))
        if side == statement.FOR_ANOTHER:
            beside[FOR_ANOTHER] += values[-1]
            continue
        sums[row] = told
        for name in BESIDE:
            beside[name] += told[name]
    laid = rows.laid_out(RowKind(form.row_kind), sums, names, base.scope, base.period)
    made = tuple(
        Row(one.key, one.label, _numbered(base.columns, one.figures), one.code, one.is_head)
        for one in laid
    )
    whole = rows.added(sums.values(), names)
    total = Row(TOTAL, "Tổng số", _numbered(base.columns, whole))
    told_beside = tuple(Beside(name, label, beside[name]) for name, label in BESIDE_LABELS.items())
    return replace(base, rows=made, total=total, beside=told_beside)


def dossiers_behind(
    form: ReportForm, scope: Scope, period: Period, cut: datetime, row: str, column: str
) -> list[int]:
    """The dossiers of one cell, by the row's key and the column's number; of the total row with
    `total`. What stands beside the table: its name as the row. One statement.
    """
    if row == FOR_ANOTHER:
        return statement.dossiers("1 = 1", scope, period, cut, side=statement.FOR_ANOTHER)
    if row in BESIDE:
        return statement.dossiers(MEASURES[row].condition, scope, period, cut)
    measure = next(one.measure for one in form.columns_of() if one.number == column)
    if not measure:
        return []
    condition = MEASURES[statement.known(form.code, column, measure)].condition
    where = statement.of_row(row)
    return statement.dossiers(f"({condition}) AND ({where})", scope, period, cut)
