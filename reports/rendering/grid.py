"""The table of a report on paper: its columns, the head that stands again on every page, its rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import floor

from reports.rendering.heads import HeadCell
from reports.rendering.letters import Style, width, wrapped
from reports.rendering.sheets import LEFT, MM, Piece, Sheets

ACROSS, DOWN = 0.8 * MM, 0.6 * MM
# Where a cell's text stands: at its left, in the middle, at its right.
START, MIDDLE, END = 0, 0.5, 1
# A figure is not printed smaller.
SMALLEST = 6
Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A row that is broken into lines: how high it is, and each cell's lines."""

    high: float
    cells: tuple[Lines, ...]
    style: Style


def _part(row: Drawn, first: int, after: int) -> Drawn:
    """So many lines of every cell."""
    high = (after - first) * row.style.step + 2 * DOWN
    return Drawn(high, tuple(lines[first:after] for lines in row.cells), row.style)


class Grid:
    """Columns by their widths. Rows are ruled off one by one, columns once a page."""

    def __init__(self, sheets: Sheets, widths: Sequence[float], places: Sequence[float]) -> None:
        self._sheets = sheets
        self.edges = [LEFT]
        for wide in widths:
            self.edges.append(self.edges[-1] + wide)
        self._rooms = [round(wide - 2 * ACROSS, 3) for wide in widths]
        self._places = places
        self._began = sheets.y

    def fitting(self, rows: Iterable[Sequence[str]], style: Style) -> Style:
        """The style, so much smaller that no figure is broken: what stands at the right of its cell."""
        widest = max(
            (
                width(text, style.face, style.size) / room
                for texts in rows
                for text, room, to in zip(texts, self._rooms, self._places, strict=True)
                if to == END
            ),
            default=0.0,
        )
        if widest <= 1:
            return style
        # Halves of a point, as sizes are told; never so small that nobody reads it.
        return replace(style, size=max(floor(2 * style.size / widest) / 2, SMALLEST))

    def row(self, texts: Sequence[str], style: Style) -> Drawn:
        cells = tuple(
            wrapped(text, style, room) for text, room in zip(texts, self._rooms, strict=True)
        )
        return Drawn(max(map(len, cells)) * style.step + 2 * DOWN, cells, style)

    def put(self, row: Drawn, *, places: Sequence[float] | None = None) -> None:
        """A row where the page is."""
        sheets, top = self._sheets, self._sheets.y + DOWN
        for index, (lines, to) in enumerate(zip(row.cells, places or self._places, strict=True)):
            sheets.text(self._at(index, index + 1, to), top, lines, row.style, to=to)
        sheets.y += row.high
        sheets.rule(self.edges[0], sheets.y, self.edges[-1], sheets.y)

    def pieces(self, texts: Sequence[str], style: Style) -> list[Piece]:
        """One; of a row that is higher than a page, as many as it takes."""
        row = self.row(texts, style)
        if row.high <= self._sheets.room:
            return [self._piece(row)]
        most = max(int((self._sheets.room - 2 * DOWN) / style.step), 1)
        longest = max(map(len, row.cells))
        return [
            self._piece(_part(row, first, min(first + most, longest)))
            for first in range(0, longest, most)
        ]

    def _piece(self, row: Drawn) -> Piece:
        return Piece(row.high, lambda: self.put(row))

    def begin(self) -> None:
        self._began = self._sheets.y

    def end(self) -> None:
        """Rules the columns from where they began down to here."""
        if self._sheets.y > self._began:
            for edge in self.edges:
                self._sheets.rule(edge, self._began, edge, self._sheets.y)
        self._began = self._sheets.y

    def whole(self, text: str, style: Style) -> Piece:
        """One cell over all columns, of as many lines as its words take."""
        lines = wrapped(text, style, round(self.edges[-1] - self.edges[0] - 2 * ACROSS, 3))
        high = len(lines) * style.step + 2 * DOWN

        def put() -> None:
            sheets = self._sheets
            self.end()
            sheets.box(self.edges[0], sheets.y, self.edges[-1] - self.edges[0], high)
            x = self._at(0, len(self._rooms), MIDDLE)
            sheets.text(x, sheets.y + DOWN, lines, style, to=MIDDLE)
            sheets.y += high
            self._began = sheets.y

        return Piece(high, put)

    def _at(self, first: int, after: int, to: float) -> float:
        left, right = self.edges[first] + ACROSS, self.edges[after] - ACROSS
        return left + (right - left) * to


def unbroken(grid: Grid, rows: Sequence[Sequence[HeadCell]], style: Style) -> Style:
    """The style, so much smaller that no word of a head is broken."""
    edges = grid.edges
    widest = max(
        width(word, style.face, style.size)
        / (edges[one.column + one.wide] - edges[one.column] - 2 * ACROSS)
        for cells in rows
        for one in cells
        for word in one.label.split()
    )
    if widest <= 1:
        return style
    return replace(style, size=max(floor(2 * style.size / widest) / 2, SMALLEST))


class Head:
    """The head of a grid's columns, level by level, with cells over several of both."""

    def __init__(
        self, grid: Grid, sheets: Sheets, rows: Sequence[Sequence[HeadCell]], style: Style
    ) -> None:
        self._grid, self._sheets, self._style = grid, sheets, style
        self._cells = [
            (level, one, wrapped(one.label, style, self._wide(one) - 2 * ACROSS))
            for level, cells in enumerate(rows)
            for one in cells
        ]
        self._levels = self._heights(len(rows))

    @property
    def high(self) -> float:
        return sum(self._levels)

    def put(self) -> None:
        """Where the page is; rows begin below it."""
        sheets, style = self._sheets, self._style
        for level, one, lines in self._cells:
            top = sheets.y + sum(self._levels[:level])
            high = sum(self._levels[level : level + one.high])
            edges = self._grid.edges
            left, wide = edges[one.column], self._wide(one)
            sheets.box(left, top, wide, high)
            above = (high - len(lines) * style.step) / 2
            sheets.text(left + wide / 2, top + above, lines, style, to=MIDDLE)
        sheets.y += self.high
        self._grid.begin()

    def _wide(self, one: HeadCell) -> float:
        edges = self._grid.edges
        return edges[one.column + one.wide] - edges[one.column]

    def _heights(self, depth: int) -> list[float]:
        """As high as each level's own cells need; what reaches over several stretches the last."""
        found = [0.0] * depth
        for level, one, lines in sorted(self._cells, key=lambda cell: cell[1].high):
            need = len(lines) * self._style.step + 2 * DOWN
            missing = need - sum(found[level : level + one.high])
            if missing > 0:
                found[level + one.high - 1] += missing
        return found
