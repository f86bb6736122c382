"""The header of a table from the paths of its columns: cells with what they span."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.models import Column


@dataclass(frozen=True, slots=True)
class HeadCell:
    """`column`: where it begins, counted from the first measure column; `measure` of a last one."""

    label: str
    column: int
    wide: int = 1
    high: int = 1
    measure: str = ""


def head_rows(columns: Sequence[Column]) -> list[list[HeadCell]]:
    """The header line by line; a label that ends its path reaches down to the last line."""
    depth = max((len(one.path) for one in columns), default=1)
    rows: list[list[HeadCell]] = [[] for _ in range(depth)]
    for level in range(depth):
        index = 0
        while index < len(columns):
            path = columns[index].path
            width = 1
            if level < len(path) - 1:
                width = _run(columns, index, level)
                rows[level].append(HeadCell(path[level], index, width))
            elif level == len(path) - 1:
                rows[level].append(
                    HeadCell(path[level], index, 1, depth - level, columns[index].measure)
                )
            index += width
    return rows


def _run(columns: Sequence[Column], index: int, level: int) -> int:
    """How many columns from here on lie below the same label."""
    head = columns[index].path[: level + 1]
    width = 0
    for one in columns[index:]:
        if len(one.path) <= level + 1 or one.path[: level + 1] != head:
            break
        width += 1
    return width
