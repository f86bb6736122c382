"""What is stored of a dossier against what its events say was written: columns, rows beside it,
intervals. Read for many at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from dossiers.ledger import spans
from dossiers.ledger.fold import Standing
from dossiers.ledger.tables import DIGEST, DOSSIER, LOOSE, TABLES, Columns, Table, rows_of
from dossiers.models import Dossier, Span

# What is wrong, and at which event.
Fault = tuple[str, int | None]


class Beside:
    """The rows beside these dossiers. One query a table."""

    def __init__(self, dossier_ids: Sequence[int]) -> None:
        self._rows = {name: rows_of(table, dossier_ids) for name, table in TABLES.items()}
        self._spans: dict[int, list[spans.Interval]] = defaultdict(list)
        rows = (
            Span.objects.filter(dossier__in=dossier_ids)
            .order_by("id")
            .values_list("dossier_id", *spans.COLUMNS)
        )
        for dossier_id, *values in rows:
            self._spans[dossier_id].append(spans.interval(values))

    def faults(
        self, dossier: Dossier, told: Standing, counted: Sequence[tuple[Columns, dict[str, Any]]]
    ) -> Iterator[Fault]:
        """What does not fit. In: how the events say it stands, and its columns after each of them
        with their payloads.
        """
        now = DOSSIER.told_of(DOSSIER.values_of(dossier), dossier.salt)
        if wrong := _different(DOSSIER, told.columns, now):
            yield (f"dữ liệu hiện lưu khác với các sự kiện: {_words(DOSSIER, wrong)}", None)
        for name, table in TABLES.items():
            rows, known = self._rows[name].get(dossier.pk, {}), told.rows.get(name, {})
            for pk in sorted({*rows, *known}):
                yield from _row_faults(table, pk, known.get(pk), rows.get(pk), dossier.salt)
        if spans.folded(counted) != self._spans.get(dossier.pk, []):
            yield ("các khoảng thời gian dùng cho báo cáo không khớp với các sự kiện", None)


def _row_faults(
    table: Table, pk: int, told: Columns | None, row: Columns | None, salt: bytes | memoryview
) -> Iterator[Fault]:
    if row is None:
        yield (f"{table.words}: dòng số {pk} đã bị xóa khỏi cơ sở dữ liệu", None)
    elif told is None:
        yield (f"{table.words}: dòng số {pk} được thêm vào mà không có sự kiện", None)
    elif wrong := _different(table, told, table.told_of(row, salt)):
        yield (f"{table.words}: dòng số {pk} bị sửa: {_words(table, wrong)}", None)


def _different(table: Table, told: Columns, now: Columns) -> list[str]:
    return sorted(name for name in {*told, *now} - LOOSE if told.get(name) != now.get(name))


def _words(table: Table, names: Sequence[str]) -> str:
    """Columns as people call them, or by their name in the database; texts are compared as a whole."""
    return ", ".join(
        "họ tên, liên hệ hoặc nội dung bằng chữ" if name == DIGEST else table.called(name)
        for name in names
    )
