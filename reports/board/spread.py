"""How old open work is, beside how long took what was done lately."""

from __future__ import annotations

from dataclasses import dataclass

from reports.board import figures, tally
from reports.board.asked import Asked
from reports.board.bars import Part, parts
from reports.board.moment import Moment
from reports.board.page import Cell, Layout
from reports.board.whose import Whose
from reports.shares import share


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a line: how many, which share of its side, its bar."""

    cell: Cell
    share: object
    bar: list[Part]


@dataclass(frozen=True, slots=True)
class Spread:
    lines: list[tuple[str, Side, Side]]
    open: int
    done: int


def build(whose: Whose, asked: Asked, moment: Moment) -> Spread:
    """Two queries, and those of the filters."""
    held = whose.held & figures.OPEN.of(moment)
    open_now = tally.whole(held & asked.narrowed(), figures.AGES, moment)
    ended = whose.wide & asked.narrowed(of_work=False)
    lately = tally.whole(ended & figures.DONE_LATELY.of(moment), figures.TOOK, moment)
    layout = Layout(asked, moment)
    sums = sum(open_now.values()), sum(lately.values())
    most = max((*open_now.values(), 0)), max((*lately.values(), 0))
    lines = []
    for words, aged, took in zip(figures.AGE_WORDS, figures.AGES, figures.TOOK, strict=True):
        sides = []
        for one, found, key, side in (
            (aged, open_now, "con-lai", 0),
            (took, lately, "da-xong", 1),
        ):
            cell = layout.cell(one, found[one.key])
            drawn = parts([(key, one.label, cell.number, cell.url)], most[side])
            sides.append(Side(cell, share(cell.number, sums[side]), drawn))
        lines.append((words, sides[0], sides[1]))
    return Spread(lines, *sums)
