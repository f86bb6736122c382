"""What came in and what ended over time, by day, week or month; of a department what was handed to
it and what it handed on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models.functions import TruncDay, TruncMonth, TruncWeek
from django.db.models.functions.datetime import TruncBase

from reports.board import figures, flows, tally
from reports.board.asked import Asked
from reports.board.figures import Figure
from reports.board.moment import Moment
from reports.board.page import Cell, Layout
from reports.board.whose import Whose
from reports.shares import share

# The picture: how high the tallest column is, where its foot stands, where the first step begins.
HEIGHT, FOOT, LEFT = 140, 160, 40
_DAY = timedelta(1)


@dataclass(frozen=True, slots=True)
class Kind:
    slug: str
    label: str
    steps: int
    trunc: type[TruncBase]
    width: int

    @property
    def column(self) -> int:
        """How wide a column of the picture is: two of them in a step."""
        return (self.width - 8) // 2


KINDS: dict[str, Kind] = {
    one.slug: one
    for one in (
        Kind("ngay", "30 ngày", 30, TruncDay, 34),
        Kind("tuan", "12 tuần", 12, TruncWeek, 84),
        Kind("thang", "12 tháng", 12, TruncMonth, 84),
    )
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the picture, in whole units of it."""

    key: str
    cell: Cell
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Step:
    """One day, week or month: its figures, the share that ended in time, its columns."""

    label: str
    words: str
    cells: list[Cell]
    on_time: Decimal | None
    columns: list[Column]
    middle: int


@dataclass(frozen=True, slots=True)
class Course:
    kind: Kind
    first: date
    figures: Sequence[Figure]
    steps: list[Step]
    total: list[Cell]
    on_time: Decimal | None
    most: int
    width: int

    @property
    def has_ends(self) -> bool:
        return figures.ENDED_IN in self.figures


def build(kind: Kind, whose: Whose, asked: Asked, moment: Moment) -> Course:
    """One query, and those of the filters."""
    spans = list(_spans(kind, moment.day))
    first = spans[0][0]
    by_hand = whose.rooms is not None
    shown = figures.HANDED_IN_DAYS if by_hand else figures.OF_DAYS
    layout = Layout(asked, moment)
    sums: dict[str, int] = {}
    if by_hand:
        over = moment.about(first, moment.day)
        wanted = whose.of_agencies & asked.narrowed(of_work=False)
        found = tally.handed_over_time(wanted, shown, whose.rooms or (), kind.trunc, over)
    else:
        wanted = whose.wide & asked.narrowed(of_work=False, dossier="dossier__")
        found, sums = flows.over_time(wanted, shown, kind.trunc, spans, moment)
    most = max((n for row in found.values() for n in row.values()), default=0)
    steps = []
    for place, (begin, end) in enumerate(spans):
        row = found.get(begin, {})
        cells = [_cell(layout, one, row.get(one.key, 0), begin, end) for one in shown]
        x = LEFT + place * kind.width
        columns = [
            _column(cell, x + 3 + n * (kind.column + 1), kind.column, most)
            for n, cell in enumerate(cells[:2])
        ]
        steps.append(
            Step(*_words(kind, begin, end), cells, _on_time(cells), columns, x + kind.width // 2)
        )
    # What was handed over in several steps would be counted in each of them: no sum opens it.
    total = [
        Cell(one, sum(step.cells[n].number for step in steps), "")
        if by_hand
        else _cell(layout, one, sums.get(one.key, 0), first, moment.day)
        for n, one in enumerate(shown)
    ]
    width = LEFT + len(steps) * kind.width + 4
    return Course(kind, first, shown, steps, total, _on_time(total), most, width)


def _cell(layout: Layout, figure: Figure, number: int, first: date, last: date) -> Cell:
    return layout.cell(figure, number, tu=first.isoformat(), den=last.isoformat())


def _on_time(cells: Sequence[Cell]) -> Decimal | None:
    numbers = {cell.figure.key: cell.number for cell in cells}
    ended = numbers.get(figures.ENDED_IN.key, 0)
    return share(ended - numbers.get(figures.ENDED_IN_LATE.key, 0), ended)


def _column(cell: Cell, x: int, width: int, most: int) -> Column:
    height = round(HEIGHT * cell.number / most) if most else 0
    height = max(height, 2) if cell.number else 0
    key = "ra" if cell.figure in (figures.ENDED_IN, figures.GIVEN_OUT_DAYS) else "vao"
    return Column(key, cell, x, FOOT - height, width, height)


def _spans(kind: Kind, today: date) -> Iterator[tuple[date, date]]:
    """The first and the last day of each step, the oldest first; the last one holds today."""
    begins: list[date] = []
    begin = _begin(kind, today)
    for _ in range(kind.steps):
        begins.append(begin)
        begin = _begin(kind, begin - _DAY)
    begins.reverse()
    for number, begin in enumerate(begins):
        after = begins[number + 1] if number + 1 < len(begins) else None
        yield begin, after - _DAY if after else today


def _begin(kind: Kind, day: date) -> date:
    if kind.slug == "thang":
        return day.replace(day=1)
    return day - day.weekday() * _DAY if kind.slug == "tuan" else day


def _words(kind: Kind, first: date, last: date) -> tuple[str, str]:
    """What stands below a column, and what a table says."""
    if kind.slug == "thang":
        return f"{first:%m/%y}", f"Tháng {first.month}/{first.year}"
    if kind.slug == "tuan":
        return f"{first:%d/%m}", f"{first:%d/%m/%Y} – {last:%d/%m/%Y}"
    return f"{first:%d/%m}", f"{first:%d/%m/%Y}"
