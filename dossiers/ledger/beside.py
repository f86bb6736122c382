"""What is stored of a dossier against what its events say was written: columns, rows beside it,
intervals. Read for many at once.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dossiers.ledger import spans
from dossiers.ledger.fold import Standing
from dossiers.ledger.tables import DOSSIER, LOOSE, Table, as_known, rows_of, table_of, tables
from dossiers.models import Dossier, Event, Slip, Span, WordsBefore
from onestop.rows import DIGEST, Columns, digest, sha256_of

# What is wrong, and at which event.
Fault = tuple[str, int | None]


class Beside:
    """The rows beside these dossiers. One query a table."""

    def __init__(self, dossier_ids: Sequence[int]) -> None:
        self._rows = {name: rows_of(table, dossier_ids) for name, table in tables().items()}
        self._spans: dict[int, list[spans.Interval]] = defaultdict(list)
        rows = (
            Span.objects.filter(dossier__in=dossier_ids)
            .order_by("id")
            .values_list("dossier_id", *spans.COLUMNS)
        )
        for dossier_id, *values in rows:
            self._spans[dossier_id].append(spans.interval(values))
        self._words = {
            words.event_id: words for words in WordsBefore.objects.filter(dossier__in=dossier_ids)
        }
        self._broken_slips: dict[int, list[int]] = defaultdict(list)
        slips = Slip.objects.filter(dossier__in=dossier_ids).order_by("id")
        for dossier_id, pk, sha256, snapshot in slips.values_list(
            "dossier_id", "id", "sha256", "snapshot"
        ).iterator():
            if sha256 != sha256_of(snapshot):
                self._broken_slips[dossier_id].append(pk)

    def word_faults(
        self, event: Event, payload: Mapping[str, Any], salt: bytes | memoryview
    ) -> Iterator[str]:
        """The words that an event replaced, kept beside it, against the digest in the event. Those
        that were erased by the law are no fault.
        """
        said = {"dossier": payload.get("set", {})}
        for name, rows in payload.get("rows", {}).items():
            said |= {f"{name}.{row['id']}": row.get("set", {}) for row in rows}
        digests = {
            place: columns[DIGEST][0]
            for place, columns in said.items()
            if DIGEST in columns and columns[DIGEST][0] is not None
        }
        kept = self._words.pop(event.pk, None)
        if kept is None:
            if digests:
                yield "nội dung bằng chữ trước khi sửa đã bị xóa khỏi cơ sở dữ liệu"
        elif kept.dossier_id != event.dossier_id or (
            kept.erased_at is None and digests != _digests_of(kept, salt)
        ):
            yield "nội dung bằng chữ trước khi sửa không khớp với sự kiện"

    def faults(
        self, dossier: Dossier, told: Standing, counted: Sequence[tuple[Columns, dict[str, Any]]]
    ) -> Iterator[Fault]:
        """What does not fit. In: how the events say it stands, and its columns after each of them
        with their payloads.
        """
        now = DOSSIER.told_of(DOSSIER.values_of(dossier), dossier.salt)
        if wrong := _different(DOSSIER, told.columns, now):
            yield (f"dữ liệu hiện lưu khác với các sự kiện: {_words(DOSSIER, wrong)}", None)
        for name, table in tables().items():
            rows, known = self._rows[name].get(dossier.pk, {}), told.rows.get(name, {})
            for pk in sorted({*rows, *known}):
                yield from _row_faults(table, pk, known.get(pk), rows.get(pk), dossier.salt)
        for pk in self._broken_slips.get(dossier.pk, []):
            yield (f"{table_of(Slip).words}: nội dung in của dòng số {pk} bị sửa", None)
        if spans.folded(counted) != self._spans.get(dossier.pk, []):
            yield ("các khoảng thời gian dùng cho báo cáo không khớp với các sự kiện", None)


def _digests_of(kept: WordsBefore, salt: bytes | memoryview) -> dict[str, str]:
    try:
        return {place: digest(salt, words) for place, words in json.loads(kept.text).items()}
    except (ValueError, AttributeError):
        return {}


def _row_faults(
    table: Table, pk: int, told: Columns | None, row: Columns | None, salt: bytes | memoryview
) -> Iterator[Fault]:
    if row is None:
        yield (f"{table.words}: dòng số {pk} đã bị xóa khỏi cơ sở dữ liệu", None)
    elif told is None:
        yield (f"{table.words}: dòng số {pk} được thêm vào mà không có sự kiện", None)
    elif wrong := _different(table, told, as_known(table, told, table.told_of(row, salt))):
        yield (f"{table.words}: dòng số {pk} bị sửa: {_words(table, wrong)}", None)


def _different(table: Table, told: Columns, now: Columns) -> list[str]:
    # A table whose last text column is gone can say nothing of the digest that events told of it.
    aside = LOOSE if table.texts else LOOSE | {DIGEST}
    return sorted(name for name in {*told, *now} - aside if told.get(name) != now.get(name))


def _words(table: Table, names: Sequence[str]) -> str:
    """Columns as people call them, or by their name in the database; texts are compared as a whole."""
    return ", ".join(
        "họ tên, liên hệ hoặc nội dung bằng chữ" if name == DIGEST else table.called(name)
        for name in names
    )
