"""Kept rows against the lines of their changes: whatever was changed, removed or put in past the
verbs is named.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from onestop.changes.domain import Kept, head_of, kept
from onestop.changes.models import RowChange
from onestop.rows import GENESIS, Columns, chain


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with which row, in words."""

    row: str
    what: str


def faults(
    walked: Callable[[int], None] = lambda _: None, *, only: Collection[str] | None = None
) -> Iterator[Fault]:
    """Every kept row of every table (`only`: of these labels); `walked` is told how many rows at a
    time. What does not fit is looked at once more with the row locked. Reads chunks, so memory stays
    flat.
    """
    for table in kept():
        if only is None or table.label in only:
            yield from _faults_of(table, walked)
    strange = RowChange.objects.exclude(table__in=[table.label for table in kept()])
    for name in strange.order_by("table").values_list("table", flat=True).distinct():
        yield Fault(f"bảng {name}", "có trong sổ thay đổi nhưng không phải bảng nào của phần mềm")


def _faults_of(table: Kept, walked: Callable[[int], None]) -> Iterator[Fault]:
    last = 0
    while True:
        rows = list(
            _rows(table)
            .filter(pk__gt=last)
            .order_by("pk")
            .values("pk", *table.names)[: table.at_a_time]
        )
        reach = rows[-1]["pk"] if len(rows) == table.at_a_time else None
        changes = RowChange.objects.filter(table=table.label, row__gt=last)
        by_row = _by_row(changes.filter(row__lte=reach) if reach is not None else changes)
        for row in rows:
            lines = by_row.pop(row["pk"], [])
            if _fault(table, table.plain(row), lines):
                yield from _look_again(table, row["pk"])
        for pk, lines in by_row.items():
            if _fault(table, None, lines):
                yield from _look_again(table, pk)
        walked(len(rows))
        if reach is None:
            return
        last = reach


def _rows(table: Kept) -> Any:
    return table.model._default_manager.filter(**table.only)


def _by_row(changes: Any) -> dict[int, list[RowChange]]:
    found: dict[int, list[RowChange]] = defaultdict(list)
    for change in changes.order_by("row", "seq").iterator():
        found[change.row].append(change)
    return found


def _look_again(table: Kept, pk: int) -> Iterator[Fault]:
    """The same check with the row locked: nobody can be in the middle of changing it."""
    with transaction.atomic():
        found = _rows(table).filter(pk=pk)
        list(found.order_by().select_for_update(no_key=True).values_list("pk"))
        row = found.order_by().values("pk", *table.names).first()
        lines = list(RowChange.objects.filter(table=table.label, row=pk).order_by("seq"))
        what = _fault(table, table.plain(row) if row is not None else None, lines)
    if what:
        yield Fault(f"{table.words} số {pk}", what)


def _fault(table: Kept, values: Columns | None, lines: Sequence[RowChange]) -> str:
    """What is wrong with one row; `values` None: there is none."""
    if not lines:
        return "được thêm vào mà không ghi trong sổ thay đổi"
    previous, told = GENESIS, None
    for number, line in enumerate(lines, start=1):
        if line.seq != number:
            return f"sổ thay đổi thiếu lần {number}"
        if line.previous != previous or line.hash != chain(previous, line.text):
            return f"lần thay đổi {number} trong sổ bị sửa"
        try:
            payload = json.loads(line.text)
        except ValueError:
            return f"lần thay đổi {number} trong sổ không đọc được"
        own = {key: value for key, value in payload.items() if key not in ("columns", "before")}
        if own != head_of(line):
            return f"lần thay đổi {number} trong sổ có cột không khớp với nội dung"
        if "before" in payload:
            return f"bị sửa trước lần thay đổi {number}: {_words(table, told, payload['before'])}"
        told, previous = payload["columns"], line.hash
    if values is None:
        return "đã bị xóa khỏi cơ sở dữ liệu" if told is not None else ""
    if told is None:
        return "đã xóa theo sổ thay đổi nhưng lại có trong cơ sở dữ liệu"
    wrong = _words(table, told, table.told_of(values, lines[-1].salt))
    return f"bị sửa: {wrong}" if wrong else ""


def _words(table: Kept, told: Columns | None, now: Columns) -> str:
    """The columns that differ, as people call them."""
    known = told or {}
    wrong = sorted(name for name in {*known, *now} if known.get(name) != now.get(name))
    return ", ".join(table.called(name) for name in wrong)
