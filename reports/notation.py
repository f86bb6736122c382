"""How a form's identities are written: `(3) = (4) + (5) = (6) + (7)`. Columns by their numbers, with
or without brackets; every side of a line is the same sum, and one of them is a single column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# [["3", ["4", "5"]], …]: a column and those that add up to it.
Identity = list[object]
# The number of a column.
COLUMN = re.compile(r"[1-9][0-9]{0,2}")
_COLUMN = re.compile(r"\(\s*([1-9]\d{0,2})\s*\)|([1-9]\d{0,2})", re.ASCII)


class NotRead(ValueError):
    """What is wrong with a line, as a sentence."""


def read(line: str) -> list[Identity]:
    """The identities of one line: of each further side that it is what the single column is. Errors:
    NotRead.
    """
    sides = [_side(part, line) for part in line.split("=")]
    if len(sides) < 2:
        raise NotRead(f"Không đọc được đẳng thức “{line}”. Hãy viết như 3 = 4 + 5.")
    place = next((place for place, side in enumerate(sides) if len(side) == 1), None)
    if place is None:
        raise NotRead(
            f"Đẳng thức “{line}” không có vế nào là một cột. Hãy viết như 3 = 4 + 5 = 6 + 7."
        )
    (whole,) = sides.pop(place)
    for side in sides:
        if whole in side or len(set(side)) < len(side):
            raise NotRead(f"Đẳng thức “{line}” có một cột hai lần. Mỗi vế, mỗi cột một lần.")
    return [[whole, side] for side in sides]


def _side(text: str, line: str) -> list[str]:
    found = []
    for part in text.split("+"):
        column = _COLUMN.fullmatch(part.strip())
        if column is None:
            raise NotRead(f"Không đọc được đẳng thức “{line}”. Hãy viết như 3 = 4 + 5.")
        found.append(column[1] or column[2])
    return found


def read_all(text: str) -> list[Identity]:
    """The same of a text with a line, or a part between semicolons, for each. Errors: NotRead."""
    lines = (line.strip() for line in re.split(r"[;\n]", text))
    return [one for line in lines if line for one in read(line)]


def written(identities: Iterable[Iterable[object]]) -> Iterator[str]:
    """One line each, as `read` takes it."""
    for whole, parts in identities:
        yield f"{whole} = {' + '.join(map(str, parts))}"  # type: ignore[call-overload]
