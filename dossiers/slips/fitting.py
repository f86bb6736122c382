"""How small the letters of form 01 must be for one page of A5: estimated from how its lines break,
on paper and in the browser alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap


@dataclass(frozen=True, slots=True)
class Measure:
    """What one size of letters makes of form 01, in mm; letters: how many of a text, of a paper's
    name, fill a line.
    """

    fixed: float
    text_letters: int
    text_line: float
    name_letters: int
    name_line: float
    gap: float
    lists: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """What of a slip takes a varying number of lines: texts in full, lines beside those that every
    slip has, the papers as they stand in a table and in a list.
    """

    texts: tuple[str, ...]
    lines: int
    in_table: tuple[str, ...]
    in_list: tuple[str, ...]


# What is printed on of 210 mm, without the few that a browser's own breaking of lines may need more
# than the PDF's.
PAGE_HEIGHT = 190.0
# Measured on the catalogue's own names; the lines are those of static/slips.css.
MEASURES = {
    "snug": Measure(177.6, 75, 4.6, 62, 4.0, 1.2),
    "dense": Measure(141.0, 85, 3.9, 89, 3.8, 0.2, lists=True),
}


def density(room: Room) -> str:
    """ "snug" (10.2 pt) with the papers in a table; "dense" (9.7 pt) and "tight" (9.1 pt) with the
    papers as the numbered list of the official form, which is wider. Beyond that it takes a second
    page.
    """
    return next(
        (name for name, measure in MEASURES.items() if height(room, measure) <= PAGE_HEIGHT),
        "tight",
    )


def height(room: Room, measure: Measure) -> float:
    """About how many mm the slip needs."""
    more = room.lines + sum(len(wrap(text, measure.text_letters)) - 1 for text in room.texts)
    names = room.in_list if measure.lists else room.in_table
    lines = sum(len(wrap(name, measure.name_letters)) for name in names)
    return (
        measure.fixed
        + more * measure.text_line
        + lines * measure.name_line
        + len(names) * measure.gap
    )
