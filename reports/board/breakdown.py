"""One click on: open work by field, procedure, officer or step, its age beside how long what is
done took.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from onestop.accounts.models import Officer
from procedures.models import ProcedureVersion
from reports.board import figures, tally
from reports.board.asked import NONE, Asked
from reports.board.bars import Part
from reports.board.figures import Figure
from reports.board.moment import Moment
from reports.board.page import OPEN_COLUMNS, Cell, Layout, home, longest_of
from reports.board.whose import Whose


@dataclass(frozen=True, slots=True)
class Dimension:
    """`by`: the column; `narrows`: what an address says to have one of them alone. `done`: whether
    what has ended can be told apart by it too.
    """

    slug: str
    title: str
    word: str
    by: str
    narrows: str
    done: bool = False
    of_persons: bool = False


DIMENSIONS: dict[str, Dimension] = {
    one.slug: one
    for one in (
        Dimension("linh-vuc", "Theo lĩnh vực", "Lĩnh vực", "field__name", "linhvuc", done=True),
        Dimension(
            "thu-tuc", "Theo thủ tục", "Thủ tục", "version__procedure__code", "thutuc", done=True
        ),
        Dimension("buoc", "Theo bước", "Bước đang làm", "step_name", "buoc"),
        Dimension("can-bo", "Theo cán bộ", "Cán bộ đang giữ", "holder", "canbo", of_persons=True),
    )
}


@dataclass(frozen=True, slots=True)
class Line:
    """One of them: its figures, the age of what is open, how long what is done took."""

    name: str
    sub: str
    url: str
    cells: list[Cell]
    open: Cell
    bar: list[Part]
    age: timedelta | None
    done: Cell
    took: timedelta | None
    order: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Breakdown:
    dimension: Dimension
    columns: Sequence[Figure]
    lines: list[Line]
    age: timedelta | None
    done: Cell
    took: timedelta | None
    legend: Sequence[Figure] = figures.PARTS


def build(dimension: Dimension, whose: Whose, asked: Asked, moment: Moment) -> Breakdown:
    """Four queries at most, and those of the filters."""
    wanted = whose.held & asked.narrowed()
    by = dimension.by
    counts = tally.open_work(wanted, by, figures.OPEN_FIGURES, moment)
    ages = tally.ages(wanted, by, moment)
    ended = whose.wide & asked.narrowed(of_work=False)
    done = tally.lately(ended, by if dimension.done else "state", moment)
    names = _names(dimension, counts)
    layout = Layout(asked, moment)
    columns = (*OPEN_COLUMNS, figures.STEP_OVER)
    longest = longest_of(counts)
    lines = []
    for unit, row in counts.items():
        name, sub, sort, code = names[unit]
        narrowed = {dimension.narrows: code}
        number, took = done.get(unit, (0, None)) if dimension.done else (0, None)
        by_name = asked.by_name or dimension.of_persons
        late, today = row[figures.LATE.key], row[figures.TODAY.key]
        lines.append(
            Line(
                name,
                sub,
                "" if dimension.of_persons else asked.address(home(), **narrowed),
                [layout.cell(one, row[one.key], **narrowed) for one in columns],
                layout.cell(figures.OPEN, row[figures.OPEN.key], **narrowed),
                layout.bar(row, longest, narrowed),
                ages.get(unit),
                layout.cell(figures.DONE_LATELY, number, **narrowed),
                took,
                (sort,) if by_name else (-late, -today, sort),
            )
        )
    lines.sort(key=lambda line: line.order)
    number, took = _together(list(done.values()))
    every = [(row[figures.OPEN.key], ages[unit]) for unit, row in counts.items() if unit in ages]
    return Breakdown(
        dimension,
        columns,
        lines,
        _together(every)[1],
        layout.cell(figures.DONE_LATELY, number, canbo=None, buoc=None),
        took,
    )


def _together(found: Sequence[tuple[int, timedelta]]) -> tuple[int, timedelta | None]:
    """How many, and the average of averages by how many each is of."""
    number = sum(n for n, _ in found)
    if not number:
        return 0, None
    return number, sum((n * one for n, one in found), timedelta()) / number


def _names(dimension: Dimension, counts: tally.Counts) -> dict[Any, tuple[str, str, str, Any]]:
    """(name, what stands below it, how it is sorted, its code in an address) of each. One query
    for officers and for procedures, none for the others.
    """
    if dimension.narrows == "canbo":
        people = Officer.objects.filter(pk__in=[pk for pk in counts if pk])
        found: dict[Any, tuple[str, str, str, Any]] = {
            one.pk: (one.full_name, one.title, one.sort_name, one.pk) for one in people
        }
        return found | {None: ("Chưa có người nhận", "", "~", NONE)}
    if dimension.narrows == "thutuc":
        rows = ProcedureVersion.objects.filter(procedure__code__in=list(counts))
        named = dict(rows.order_by("number").values_list("procedure__code", "name"))
        return {code: (named[code], code, named[code], code) for code in counts}
    return {unit: (unit or "(chưa rõ bước)", "", unit, unit) for unit in counts}
