"""A report as PDF, as the law prints it: A4 landscape, the national head, numbered columns, the
signatures. Drawn row by row without a layout engine: a cell costs a fraction of what HTML does, and
a long list no more memory than its pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from reports.figures import Table
from reports.models import RowKind
from reports.rendering.below import SLANTED, STRONG, TEXT, below
from reports.rendering.grid import END, MIDDLE, START, Grid, Head, unbroken
from reports.rendering.heads import HeadCell, head_rows
from reports.rendering.letters import BOLD, ITALIC, REGULAR, Style, width, wrapped
from reports.rendering.printed import (
    NATION,
    Line,
    is_list,
    is_wide,
    lines,
    nothing,
    receiver,
    total_line,
)
from reports.rendering.sheets import LEFT, MM, RIGHT, ROOM, Piece, Sheets
from reports.rendering.texts import written

SMALL, TITLE = Style(ITALIC, 10), Style(BOLD, 13)
# The signatures with what stands above them and the last rows: they never stand on a page alone.
KEPT = 5
ORDER, LABEL = 10 * MM, 62 * MM
LIST_ORDER, LIST_LABEL = 9 * MM, 24 * MM
WIDE_ORDER, WIDE_LABEL = 7 * MM, 40 * MM
# Columns of lists by what they hold; the others share what is left.
LIST_WIDTHS = {
    "procedure": 33 * MM, "sets": 11 * MM, "owner": 20.5 * MM, "contact": 26 * MM, "agency": 20 * MM, "received": 17.2 * MM,
    "due": 17.2 * MM, "forwarded": 17.2 * MM, "result": 17.2 * MM, "returned": 17.2 * MM, "way": 13 * MM, "signed": 11 * MM,
    "days_late": 17 * MM, "letter": 22 * MM, "apologised": 17.2 * MM, "letter_signer": 24 * MM, "anew": 17.2 * MM,
    "giver": 52 * MM, "receiver": 52 * MM, "given": 34 * MM, "confirmed": 34 * MM, "step_due": 34 * MM,
    "officer": 42 * MM, "late": 17 * MM, "ended_late": 19 * MM, "open_late": 19 * MM, "days": 20 * MM, "share": 20 * MM,
}  # fmt: skip


def pdf(table: Table, *, state: str = "draft") -> bytes:
    """The same table gives the same bytes."""
    return _Report(table, state).drawn()


class _Report:
    def __init__(self, table: Table, state: str) -> None:
        self.table, self.state = table, state
        self.is_list, self.is_wide = is_list(table), is_wide(table)
        agency, period = table.scope, table.period
        form = table.form.number or table.form.title
        running = f"{form}, {agency.name}, {period.label}, chốt {written(table.cut)}"
        title = f"{table.form.code} {agency.code} {period.code}"
        self.sheets = Sheets(title=title, running=running)
        # Lists are set a little smaller: they are texts.
        self.size = 9 if self.is_list else 10
        self.body = Style(REGULAR, self.size)
        self.bold = Style(BOLD, self.size)

    def drawn(self) -> bytes:
        self._letterhead()
        self._title()
        self._table()
        return self.sheets.done()

    def _letterhead(self) -> None:
        form, sheets = self.table.form, self.sheets
        left, right = LEFT + ROOM * 0.225, LEFT + ROOM * 0.725
        top = sheets.y
        told = ((self.table.scope.name.upper(), STRONG), (form.number, STRONG), (form.legal, SMALL))
        for text, style in told:
            if text:
                found = wrapped(text, style, ROOM * 0.43)
                sheets.text(left, sheets.y, found, style, to=MIDDLE)
                sheets.y += len(found) * style.step
        bottom = sheets.y
        sheets.text(right, top, NATION, STRONG, to=MIDDLE)
        sheets.y = top + 2 * STRONG.step + 0.5 * MM
        sheets.rule(right - 24 * MM, sheets.y, right + 24 * MM, sheets.y)
        sheets.y = max(bottom, sheets.y) + 4 * MM

    def _title(self) -> None:
        table, form, sheets = self.table, self.table.form, self.sheets
        told = [*sheets.paragraph(form.title, TITLE, to=MIDDLE), sheets.gap(MM)]
        told += [*sheets.paragraph(table.heading, SLANTED, to=MIDDLE), sheets.gap(2 * MM)]
        sheets.flow(told, together=1)
        about = [f"- Đơn vị báo cáo: {table.scope.name} ({table.scope.code})"]
        if not self.is_list:
            about.append(f"- Đơn vị nhận báo cáo: {receiver(table)}")
        cut = f"Số liệu chốt lúc {written(table.cut, seconds=True)}"
        beside = [f"Đơn vị tính: {form.unit}.", cut] if form.unit else [cut]
        found = [line for text in about for line in wrapped(text, TEXT, ROOM * 0.6)]
        sheets.text(LEFT, sheets.y, found, TEXT)
        draft = "" if self.state == "signed" or self.is_list else " (dự thảo)"
        at = RIGHT - width(draft, STRONG.face, STRONG.size)
        last = sheets.y + (len(beside) - 1) * TEXT.step
        sheets.text(RIGHT, sheets.y, beside[:-1], TEXT, to=END)
        sheets.text(at, last, beside[-1:], TEXT, to=END)
        sheets.text(at, last, (draft,), STRONG)
        sheets.y += max(len(found), len(beside)) * TEXT.step + MM

    def _table(self) -> None:
        """Head, rows, and what stands below, which the last rows go with."""
        table, sheets, grid = self.table, self.sheets, self._grid()
        style = Style(BOLD, self.size, 1.15)
        self._fit(grid)
        heads = _with_first(head_rows(table.columns), table)
        if self.is_wide:
            style = unbroken(grid, heads, style)
        head = Head(grid, sheets, heads, style)
        numbers = [f"({number})" for number in (1, 2, *(one.number for one in table.columns))]
        numbered = grid.row(numbers, Style(ITALIC, 7 if self.is_wide else 9))

        def begin() -> None:
            head.put()
            grid.put(numbered, places=[MIDDLE] * len(numbers))

        def end() -> None:
            grid.end()
            sheets.repeat()

        begin()
        sheets.repeat(begin, grid.end, head.high + numbered.high)
        sheets.flow(chain(self._rows(grid), below(table, sheets, end)), together=KEPT)

    def _fit(self, grid: Grid) -> None:
        """Smaller rows where the total, the widest of all, would be broken; all of one size."""
        if self.table.total is not None:
            told = total_line(self.table)
            self.bold = grid.fitting([(told.order, told.row.label, *told.cells)], self.bold)
            self.body = replace(self.body, size=self.bold.size)

    def _rows(self, grid: Grid) -> Iterator[Piece]:
        """The head of a level goes with the first row below it."""
        line, head = None, None
        for line in lines(self.table):
            piece, *more = self._row(grid, line)
            if head is not None:
                piece = head.with_next(piece)
            head = piece if line.row.is_head else None
            if head is None:
                yield piece
            yield from more
        if head is not None:
            yield head
        if line is None:
            yield grid.whole(nothing(self.table), self.body)
        if self.table.total is not None:
            yield from self._row(grid, total_line(self.table))

    def _row(self, grid: Grid, line: Line) -> list[Piece]:
        label = f"{line.row.called} ({line.row.code})" if line.row.code else line.row.called
        is_strong = line.row.is_head or line.row is self.table.total
        return grid.pieces((line.order, label, *line.cells), self.bold if is_strong else self.body)

    def _grid(self) -> Grid:
        columns = self.table.columns
        first = [ORDER, LABEL]
        if self.is_list and self.table.form.row_kind == RowKind.DOSSIER:
            first = [LIST_ORDER, LIST_LABEL]
        elif self.is_wide:
            first = [WIDE_ORDER, WIDE_LABEL]
        known = [LIST_WIDTHS.get(one.measure, 0.0) if self.is_list else 0.0 for one in columns]
        share = (ROOM - sum(first) - sum(known)) / max(known.count(0.0), 1)
        place = START if self.is_list else END
        places = [MIDDLE, START, *(place for _ in columns)]
        return Grid(self.sheets, [*first, *(wide or share for wide in known)], places)


def _with_first(rows: list[list[HeadCell]], table: Table) -> list[list[HeadCell]]:
    """The head with the order and the name of the row before the columns that count."""
    moved = [
        [HeadCell(one.label, one.column + 2, one.wide, one.high, one.measure) for one in cells]
        for cells in rows
    ]
    first = [
        HeadCell(table.form.order_label, 0, 1, len(rows)),
        HeadCell(table.form.row_label, 1, 1, len(rows)),
    ]
    return [[*first, *moved[0]], *moved[1:]]
