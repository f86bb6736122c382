"""A form filled in: rows with their figures by column number, the total, what stands beside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.conf import settings

from onestop.accounts.models import Agency
from onestop.errors import DomainError
from reports.figures import (
    brought,
    catalogue,
    entered,
    entries,
    finished,
    lists,
    outside,
    rows,
    statement,
)
from reports.figures.brought import Origin
from reports.figures.measures import (
    BESIDE_LABELS,
    FOR_ANOTHER,
    MEASURES,
    OUTSIDE,
    SHARES,
    VOIDED,
    of_dossiers,
    shared,
    told_below,
)
from reports.figures.scope import Scope
from reports.models import Column, ReportForm, RowKind, Source
from reports.periods import Period

# A figure; None: not recorded ("—"). Texts and instants only in lists.
Value = int | str | datetime | None
TOTAL = "total"
# What was taken over from an earlier system without a place in its register.
NO_NUMBER = "—"
# A printed line costs what counting so many dossiers does.
LIST_WEIGHT = 10
MOST = 2**31


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row. `key` names it for click-through: "field:3", "agency:7", "level:commune"."""

    key: str
    label: str
    values: Mapping[str, Value]
    code: str = ""
    is_head: bool = False
    # The file it was brought from: a row without dossiers.
    origin: Origin | None = None
    # Its own number, where rows are not counted through: the place in a register.
    order: str = ""

    @property
    def called(self) -> str:
        """Its name as printed."""
        return f"{self.label} {self.origin.mark}" if self.origin is not None else self.label

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
    # Of the notes, those that a kept report cannot tell anew from its figures.
    said: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """What the line below the title says."""
        if self.period.is_book:
            return self.period.label
        if self.form.code == lists.REGISTER:
            return self.period.dates
        return f"Kỳ báo cáo: {self.period.label} ({self.period.dates})"

    def with_problems(self, problems: Iterable[str]) -> Table:
        return replace(self, problems=(*self.problems, *problems))

    def with_said(self, said: Iterable[str]) -> Table:
        """With sentences of this very table among its notes."""
        told = tuple(said)
        return replace(self, said=(*self.said, *told), notes=(*self.notes, *told))

    @property
    def brought(self) -> list[Row]:
        """The rows that came from files; a list has none."""
        return [] if self.total is None else [row for row in self.rows if row.origin is not None]

    def with_rows(self, made: Sequence[Row]) -> Table:
        """With these rows, and below the table what is to be said of those from files, and of the
        figures beside the catalogue's.
        """
        told = replace(self, rows=tuple(made))
        said = [*self.notes, *brought_notes(told)]
        if self.form.source == Source.CATALOGUE and self.total is not None:
            beside = {one.name: one.value for one in self.beside}
            said += catalogue.notes(self.total.values, beside)
        return replace(told, notes=tuple(said))


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of a list, read while they are gone through: a long one is never held as a whole."""

    code: str
    columns: tuple[Column, ...]
    scope: Scope
    period: Period
    cut: datetime

    @property
    def is_register(self) -> bool:
        return self.code == lists.REGISTER

    def __iter__(self) -> Iterator[Row]:
        for code, values in lists.LISTS[self.code](self.scope, self.period, self.cut):
            order = str(values.get("register_number") or NO_NUMBER) if self.is_register else ""
            if "is_total" in values:
                order = NO_NUMBER
            yield Row(code, code, _numbered(self.columns, values), order=order)


def table(form: ReportForm, scope: Scope, period: Period, cut: datetime) -> Table:
    """Fill a form in. Figures of dossiers come with one statement, the names of rows with one more
    each for agencies and fields, what was brought of other units with one.

    Errors: DomainError("measure_unknown").
    """
    period = lists.named(period)
    base = empty(form, scope, period, cut)
    columns = base.columns
    if form.source == Source.LIST:
        told = entries.lock_note(scope.agency_id, period, cut) if period.is_book else ()
        listed = Listed(form.code, columns, scope, period, cut)
        return replace(base, rows=listed, notes=(*base.notes, *told))
    if form.source == Source.CATALOGUE:
        return _of_catalogue(base, *catalogue.count([scope], period.last, cut))
    if form.source == Source.ENTERED:
        return _of_entered(base, entered.fill(form, scope, period, cut))
    if form.source == Source.FINISHED:
        return _of_finished(base, finished.FORMS[form.row_kind](scope, period, cut))
    names, keys = _measures(base), rows.KEYS[RowKind(form.row_kind)]
    counted = statement.counts([*names, "handled"], keys, scope, period, cut)
    units = brought.within(scope, brought.known(form, period, cut))
    others = outside.count(scope, period, cut) if _asks_outside(base) else None
    return _of_dossiers(base, names, counted, rows.Called(cut), units, others)


def tables(
    form: ReportForm, scopes: Sequence[Scope], period: Period, cut: datetime
) -> Iterator[Table]:
    """The same form of many agencies, in their order. Figures of dossiers come with one statement
    for all of them (but one each where somebody was taken over), the names of rows with one more
    each for agencies and fields, what was brought of other units and what is no dossier with one.

    Errors: as table(); no lists.
    """
    if form.source == Source.CATALOGUE:
        counted_of = catalogue.count(scopes, period.last, cut)
        for scope, found in zip(scopes, counted_of, strict=True):
            yield _of_catalogue(empty(form, scope, period, cut), found)
        return
    if form.source == Source.ENTERED:
        filled_of = entered.fill_all(form, scopes, period, cut)
        for scope, filled in zip(scopes, filled_of, strict=True):
            yield _of_entered(empty(form, scope, period, cut), filled)
        return
    if form.source == Source.FINISHED:  # each dossier is looked at: nothing is saved by a set
        yield from (table(form, scope, period, cut) for scope in scopes)
        return
    if not scopes:
        return
    first = empty(form, scopes[0], period, cut)
    called, names = rows.CalledOnce(cut), _measures(first)
    keys = rows.KEYS[RowKind(form.row_kind)]
    from_files = brought.known(form, period, cut)
    members = {one: _members(one) for one in scopes if not one.has_succession}
    offices = sorted(set().union(*members.values()))
    own: dict[int, list[statement.Counted]] = defaultdict(list)
    taken: dict[int, list[statement.Counted]] = defaultdict(list)
    voided: dict[int, list[statement.Counted]] = defaultdict(list)
    found_of = statement.counts_of([*names, "handled"], keys, offices, period, cut)
    asks = _asks_outside(first)
    others = outside.count_of(offices, period, cut) if asks and offices else {}
    for row in found_of if offices else ():
        if row.received_by == statement.IS_VOIDED:
            voided[row.agency_id].append(row)
            continue
        place = taken[row.received_by] if row.received_by else own[row.agency_id]
        place.append(row)
    for scope in scopes:
        if scope.has_succession:  # what counts of its predecessors differs from table to table
            yield table(form, scope, period, cut)
            continue
        ids = members[scope]
        counted = [(statement.OWN, row.row, row.values) for pk in ids for row in own.get(pk, ())]
        counted += [
            (statement.FOR_ANOTHER, row.row, row.values)
            for pk in ids
            for row in taken.get(pk, ())
            if row.agency_id not in ids
        ]
        counted += [
            (statement.VOIDED, row.row, row.values) for pk in ids for row in voided.get(pk, ())
        ]
        units = brought.within(scope, from_files)
        beside = outside.within(others, ids) if asks else None
        base = empty(form, scope, period, cut)
        yield _of_dossiers(base, names, counted, called, units, beside)


def size_of(
    form: ReportForm, scope: Scope, period: Period, cut: datetime, *, most: int = MOST
) -> int:
    """How many dossiers, or lines of a list, it counts; counting ends at `most`. One statement, none
    for the catalogue.
    """
    if form.source == Source.LIST:
        return lists.size(form.code, scope, period, cut, most=most)
    if form.source in (Source.DOSSIERS, Source.FINISHED):
        return statement.size(scope, period, cut, most=most)
    return 0


def is_large(form: ReportForm, scope: Scope, period: Period, cut: datetime) -> bool:
    """Whether it counts more than a page should wait for."""
    most: int = settings.REPORT_DIRECT_ROWS
    if form.source == Source.LIST:
        most //= LIST_WEIGHT
    return size_of(form, scope, period, cut, most=most + 1) > most


def _members(scope: Scope) -> set[int]:
    """Whose dossiers count. One statement for what rolls agencies up, else none."""
    if not scope.whole:
        return {scope.agency_id}
    below = Agency.objects.filter(path__startswith=scope.path)
    return set(below.values_list("pk", flat=True))


def empty(form: ReportForm, scope: Scope, period: Period, cut: datetime) -> Table:
    """The head of a form, and nothing counted."""
    if period.is_book and form.code != lists.REGISTER:
        raise DomainError("period_of_register", form=form.called)
    columns = form.columns_of()
    return Table(form, columns, scope, period, cut, rows=(), total=None, notes=form.foot)


def _of_catalogue(base: Table, counted: catalogue.Counted) -> Table:
    scope = base.scope
    figures = _numbered(base.columns, counted.figures)
    row = Row(f"agency:{scope.agency_id}", scope.name, figures, scope.code)
    told = tuple(
        Beside(name, label, counted.beside[name])
        for name, label in catalogue.LABELS.items()
        if name in counted.beside
    )
    total = replace(row, key=TOTAL, label="Tổng số", code="")
    return replace(base, total=total, beside=told).with_rows([row])


def _of_entered(base: Table, found: entered.Filled) -> Table:
    made = [Row(one.key, one.label, one.values, one.code) for one in found.lines]
    total = Row(TOTAL, "Tổng số", found.total)
    told = replace(base, total=total, problems=found.problems).with_said(found.said)
    return told.with_rows(made)


def _of_finished(base: Table, found: finished.Filled) -> Table:
    made = [
        Row(one.key, one.label, _numbered(base.columns, one.figures), one.code, one.is_head)
        for one in found.rows
    ]
    total = Row(TOTAL, "Tổng số", _numbered(base.columns, found.total))
    beside = tuple(Beside(name, finished.LABELS[name], n) for name, n in found.beside.items())
    return replace(base, total=total, beside=beside).with_rows(made)


def _numbered(columns: Sequence[Column], values: Mapping[str, Value]) -> dict[str, Value]:
    return {one.number: values.get(one.measure) for one in columns}


def _measures(base: Table) -> list[str]:
    """Errors: DomainError("measure_unknown")."""
    counted = of_dossiers(base.columns)
    for one in counted:
        statement.known(base.form.code, one.number, one.measure)
    parts = [part for one in base.columns for part in SHARES.get(one.measure, ())]
    named = [*(one.measure for one in counted), *parts, *told_below(base.columns)]
    return list(dict.fromkeys(named))


def _asks_outside(base: Table) -> bool:
    """Whether it counts what is no dossier, and has rows for it."""
    asks = any(one.measure in OUTSIDE for one in base.columns)
    return asks and base.form.row_kind in (RowKind.UNIT, RowKind.LEVEL_UNIT)


def _with(sums: rows.Sums, others: outside.Outside, names: Sequence[str]) -> rows.Sums:
    """Both figures of each office that has any."""
    keys = {*sums, *((pk,) for pk, figures in others.items() if any(figures.values()))}
    parts = {key: (sums.get(key, {}), others.get(key[0], {})) for key in keys}
    return {key: rows.added(both, names) for key, both in parts.items()}


def _of_dossiers(
    base: Table,
    names: Sequence[str],
    counted: Iterable[tuple[int, tuple[int, ...], tuple[int, ...]]],
    called: rows.Called,
    units: brought.Units,
    without: outside.Outside | None = None,
) -> Table:
    """`counted`: side, row keys and measures, as the statement gives them; the last measure is what
    was received for another agency. `units`: what was brought of units that have no dossiers here;
    `without`: what is no dossier, of a form that counts it.
    """
    form, below = base.form, told_below(base.columns)
    sums: dict[tuple[int, ...], rows.Figures] = {}
    beside: dict[str, int] = defaultdict(int)
    for side, row, values in counted:
        told = dict(zip(names, values[:-1], strict=True))
        if side != statement.OWN:
            beside[FOR_ANOTHER if side == statement.FOR_ANOTHER else VOIDED] += values[-1]
            continue
        # A set counts office by office: a row of fields adds them up.
        sums[row] = rows.added((sums[row], told), names) if row in sums else told
        for name in below:
            beside[name] += told[name]
    if without is not None:
        names = [*names, *OUTSIDE]
        sums = dict(_with(sums, without, names))
    own = {key[0] for key in sums} if units else set()
    others = brought.numbered({pk: one for pk, one in units.items() if pk not in own})
    kind = RowKind(form.row_kind)
    laid = rows.laid_out(kind, sums, names, base.scope, base.period, called, others)
    of_level: dict[str, list[rows.Figures]] = defaultdict(list)
    for unit in others.values():
        of_level[f"level:{unit.agency.level}"].append(unit.figures)
    made = []
    for one in laid:
        figures = shared(base.columns, one.figures, of_level[one.key] if one.is_head else ())
        numbered = _numbered(base.columns, figures)
        made.append(Row(one.key, one.label, numbered, one.code, one.is_head, one.origin))
    whole = rows.added([*sums.values(), *(one.of(names) for one in others.values())], names)
    parts = [one.figures for one in others.values()]
    total = Row(TOTAL, "Tổng số", _numbered(base.columns, shared(base.columns, whole, parts)))
    told_beside = tuple(
        Beside(name, label, beside[name])
        for name, label in BESIDE_LABELS.items()
        if name in below or name == FOR_ANOTHER or beside[name]
    )
    found = replace(base, total=total, beside=told_beside).with_rows(made)
    return found.with_problems(brought.both(units, own))


def brought_notes(table: Table) -> Iterator[str]:
    """One sentence a file, and one on what each set of files does not say."""
    brought_rows = table.brought
    named: dict[Origin, list[Row]] = defaultdict(list)
    for row in brought_rows:
        if row.origin is not None:
            named[row.origin].append(row)
    for origin, found in sorted(named.items(), key=lambda one: one[0].number):
        files = "; ".join(one.told for one in origin.files)
        yield (
            f"{len(found)} dòng ghi “{origin.mark}”: số liệu mang từ tệp {files}, theo cách tính của nơi"
            " lập tệp, không có hồ sơ trong hệ thống."
        )
    silent: dict[str, list[str]] = defaultdict(list)
    for column in table.columns:
        unsaid = [row.label for row in brought_rows if row.values[column.number] is None]
        if column.measure and unsaid:
            silent[", ".join(unsaid)].append(f"({column.number})")
    for offices, numbers in silent.items():
        yield f"Dòng tổng ở cột {', '.join(numbers)} chưa gồm: {offices} (tệp không ghi)."


def dossiers_behind(
    form: ReportForm, scope: Scope, period: Period, cut: datetime, row: str, column: str
) -> list[int]:
    """The dossiers of one cell, by the row's key and the column's number; of the total row with
    `total`. What stands beside the table: its name as the row. One statement.
    """
    if row == FOR_ANOTHER:
        return statement.dossiers("1 = 1", scope, period, cut, side=statement.FOR_ANOTHER)
    if row == VOIDED:
        return statement.dossiers("1 = 1", scope, period, cut, side=statement.VOIDED)
    if row in BESIDE_LABELS:
        return statement.dossiers(MEASURES[row].condition, scope, period, cut)
    measure = next(one.measure for one in form.columns_of() if one.number == column)
    if not measure or measure in OUTSIDE or measure in SHARES:
        return []
    condition = MEASURES[statement.known(form.code, column, measure)].condition
    where = statement.of_row(row)
    return statement.dossiers(f"({condition}) AND ({where})", scope, period, cut)
