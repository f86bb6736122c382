"""The cells of an entry as they are typed: read, checked one by one, with what is proposed."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from onestop.accounts.models import Agency
from onestop.errors import say
from onestop.texts import MOST_NUMBER, has_letter, whole_number
from onestop.typed import one_line, plain_digits
from procedures.models import Field
from reports.figures import entered
from reports.figures.entered import Line
from reports.models import ReportForm, RowKind
from reports.periods import Period
from reports.rendering.texts import cell

if TYPE_CHECKING:
    from django.http import QueryDict

# Empty rows that stand ready where rows are named by hand.
SPARE = 3
# "1.234", "1 234": thousands; a comma is refused, it may be a fraction, and so may "0.500".
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:([.  ])\d{3})(?:\1\d{3})*")


@dataclass(frozen=True, slots=True)
class Cell:
    """`text`: as typed; `is_proposed`: from the period before, nobody has saved it."""

    number: str
    text: str = ""
    error: str = ""
    is_wrong: bool = False
    is_proposed: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """One row of the page."""

    key: str
    label: str
    cells: tuple[Cell, ...]
    error: str = ""

    @property
    def is_empty(self) -> bool:
        return not any(one.text for one in self.cells)

    @property
    def errors(self) -> Iterator[str]:
        if self.error:
            yield self.error
        for one in self.cells:
            if one.error:
                yield f"Dòng “{self.label}”, cột ({one.number}): {one.error}."


@dataclass(frozen=True, slots=True)
class Grid:
    form: ReportForm
    rows: tuple[Typed, ...]
    # Of rows that are chosen from a list: what may still be added.
    choices: tuple[tuple[str, str], ...] = field(default=())

    @property
    def is_free(self) -> bool:
        return self.form.row_kind == RowKind.FREE

    @property
    def errors(self) -> list[str]:
        return [words for row in self.rows for words in row.errors]

    def lines(self) -> list[Line]:
        """What is to be kept, of rows without errors."""
        lines = (
            Line(row.key, row.label, {one.number: read(one.text) for one in row.cells})
            for row in self.rows
        )
        return [one for one in lines if not entered.is_left_out(self.form, one)]

    def with_wrong(self, *, is_judged: bool = True) -> Grid:
        """The cells in question marked; none before anything was typed or saved."""
        marks: dict[str, set[str]] = {}
        if is_judged and not self.errors:
            for one in entered.wrong(self.form, self.lines()):
                marks.setdefault(one.key, set()).update(one.numbers)
        rows = [
            replace(
                row,
                cells=tuple(
                    replace(one, is_wrong=bool(one.error) or one.number in marks.get(row.key, ()))
                    for one in row.cells
                ),
            )
            for row in self.rows
        ]
        return replace(self, rows=tuple(rows))


def read(text: str) -> int | None:
    """The whole number that a cell says; None for what is none."""
    plain = plain_digits(one_line(text))
    if _THOUSANDS.fullmatch(plain):
        plain = re.sub(r"\D", "", plain)
    return whole_number(plain, most=MOST_NUMBER)


def opened(form: ReportForm, agency: Agency, period: Period, now: datetime) -> Grid:
    """What was saved last; before anything was, the rows that were left open in the period before."""
    columns = form.columns_of()
    kept = entered.last_saved(form, agency.pk, period, now)
    rows = [_typed(one) for one in entered.lines_of(kept, columns)]
    if kept is None:
        before = entered.last_saved(form, agency.pk, period.previous(), now)
        rows = _proposed(form, entered.lines_of(before, columns))
    return laid(form, agency, rows)


def _typed(line: Line) -> Typed:
    cells = (Cell(number, _text(value)) for number, value in line.values.items())
    return Typed(line.key, line.label, tuple(cells))


def _text(value: int | None) -> str:
    return "" if value is None else cell(value)


def _proposed(form: ReportForm, before: Sequence[Line]) -> list[Typed]:
    """The figure that was left stands where it is carried over; a row of which nothing was left is
    not proposed.
    """
    columns = form.columns_of()
    carried = entered.marked(columns, entered.CARRIED)
    left = entered.marked(columns, entered.OPEN)
    if not (carried and left):
        return []
    return [
        Typed(
            one.key,
            one.label,
            tuple(
                Cell(column.number, _text(one.values[left]), is_proposed=True)
                if column.number == carried
                else Cell(column.number)
                for column in columns
            ),
        )
        for one in before
        if one.values[left]
    ]


def laid(form: ReportForm, agency: Agency, rows: Sequence[Typed]) -> Grid:
    """With the rows that always stand there, and what may be added."""
    there = {one.key: one for one in rows}
    if form.row_kind == RowKind.FIXED:
        fixed = enumerate(form.fixed_rows, start=1)
        told = [
            replace(
                there.get(key := entered.fixed_key(number, label)) or _empty(form, key, label),
                label=label,
            )
            for number, label in fixed
        ]
        return Grid(form, tuple(told))
    if form.row_kind == RowKind.FREE:
        spare = [_empty(form, "", "") for _ in range(SPARE)]
        return Grid(form, (*rows, *spare))
    known = _known(form, agency)
    rest = tuple((key, label) for key, label in known.items() if key not in there)
    return Grid(form, tuple(rows), rest)


def _known(form: ReportForm, agency: Agency) -> dict[str, str]:
    """Rows that can be chosen: every field, or the units below. One statement."""
    if form.row_kind == RowKind.UNIT:
        below = Agency.objects.under(agency.path).exclude(pk=agency.pk).order_by("folded", "code")
        return {f"agency:{pk}": name for pk, name in below.values_list("pk", "name")}
    return {f"field:{pk}": name for pk, name in Field.objects.values_list("pk", "name")}


def _empty(form: ReportForm, key: str, label: str) -> Typed:
    return Typed(key, label, tuple(Cell(one.number) for one in form.columns_of()))


def posted(form: ReportForm, agency: Agency, data: QueryDict) -> Grid:
    """What was sent: rows `k-0`, `k-1`, … with their cells `c-0-3`; of rows named by hand their name
    `l-0`. Names of the others are looked up; one that is not found any more is called as it was sent,
    and refused. `them`: a further row, `them-dong` which.
    """
    known: Mapping[str, str] = {}
    if form.row_kind in (RowKind.FIELD, RowKind.UNIT):
        known = _known(form, agency)
    rows: list[Typed] = []
    for number in itertools.count():
        if f"k-{number}" not in data:
            break
        row = _row(form, number, data, known)
        if row is not None and (row.key or row.label or not row.is_empty):
            rows.append(row)
    wanted = data.get("them-dong", "")
    if "them" in data and wanted in known and wanted not in {one.key for one in rows}:
        rows.append(_empty(form, wanted, known[wanted]))
    grid = laid(form, agency, _once(rows))
    return replace(grid, rows=(*grid.rows, *_left_over(grid, rows)))


def _left_over(grid: Grid, rows: Sequence[Typed]) -> Iterator[Typed]:
    """Figures of fixed rows that the form has no more: its edition changed while they were typed."""
    there = {one.key for one in grid.rows}
    for row in rows:
        if row.key not in there and not row.is_empty:
            yield replace(row, error=say("entry_unlisted", {"label": row.label or row.key}))


def _row(form: ReportForm, number: int, data: QueryDict, known: Mapping[str, str]) -> Typed | None:
    key = data.get(f"k-{number}", "")
    cells = tuple(
        _cell(one.number, data.get(f"c-{number}-{one.number}", "")) for one in form.columns_of()
    )
    label = one_line(data.get(f"l-{number}", ""))[:200]
    if form.row_kind == RowKind.FIXED:
        return Typed(key, label, cells)  # named anew where the form has it (laid)
    if form.row_kind != RowKind.FREE:
        return _chosen(Typed(key, known.get(key, label), cells), is_known=key in known)
    row = Typed(entered.free_key(label) if label else "", label, cells)
    if not has_letter(label) and not row.is_empty:
        return replace(row, error=say("entry_row"))
    return row


def _chosen(row: Typed, *, is_known: bool) -> Typed | None:
    """A unit that is not below any more, or a row of an earlier edition, is not dropped in silence."""
    if is_known or row.is_empty:
        return row if is_known else None
    return replace(row, error=say("entry_unlisted", {"label": row.label or row.key}))


def _cell(number: str, typed: str) -> Cell:
    text = one_line(typed)[:40]
    wrong = bool(text) and read(text) is None
    return Cell(number, text, say("entry_number", {"given": text}) if wrong else "")


def _once(rows: Sequence[Typed]) -> list[Typed]:
    """The second row of a name says so."""
    seen: set[str] = set()
    found = []
    for row in rows:
        if row.key and row.key in seen:
            row = replace(row, error=say("entry_twice", {"label": row.label}))
        seen.add(row.key)
        found.append(row)
    return found


def differences(form: ReportForm, theirs: Sequence[Line], mine: Sequence[Line]) -> Iterator[str]:
    """Cell by cell what was saved meanwhile, and what was typed."""
    before, now = ({one.key: one for one in lines} for lines in (theirs, mine))
    for key in dict.fromkeys([*before, *now]):
        label = (now.get(key) or before[key]).label
        for column in form.columns_of():
            then = before[key].values[column.number] if key in before else None
            here = now[key].values[column.number] if key in now else None
            if then != here:
                yield (
                    f"Dòng “{label}”, cột ({column.number}) {column.label}: đang lưu {cell(then)}, "
                    f"bạn gõ {cell(here)}."
                )
