"""What is stored of a dossier against what its events say was written: columns, rows beside it,
intervals. Read for many at once.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from dossiers.ledger import spans
from dossiers.ledger.fold import Standing
from dossiers.ledger.stored import Link, Reach, Stored
from dossiers.ledger.tables import DOSSIER, LOOSE, Table, as_known, table_of, tables
from dossiers.models import Slip, Span, WordsBefore
from onestop.rows import DIGEST, Columns, Reading, Row, digest, sha256_of

# What is wrong, and at which event.
Fault = tuple[str, int | None]
# By the id of a row, as Told.reading gives it.
Rows = Mapping[int, Row]
_SPAN = Reading(Span, spans.COLUMNS)
_NONE: Mapping[int, Any] = {}


class Beside:
    """The rows beside these dossiers. One query a table."""

    def __init__(self, reach: Reach) -> None:
        self._tables = [(table, _rows_of(table, reach)) for table in tables().values()]
        self._spans: dict[int, list[Row]] = defaultdict(list)
        rows = Span.objects.filter(**reach.of("dossier_id")).order_by("id")
        for (dossier_id,), row in _SPAN.rows(rows, "dossier_id"):
            self._spans[dossier_id].append(row)
        words = WordsBefore.objects.filter(**reach.of("dossier_id"))
        self._words = {kept.event_id: kept for kept in words}
        self._broken_slips: dict[int, list[int]] = defaultdict(list)
        slips = Slip.objects.filter(**reach.of("dossier_id")).order_by("id")
        for dossier_id, pk, sha256, snapshot in slips.values_list(
            "dossier_id", "id", "sha256", "snapshot"
        ).iterator():
            if sha256 != sha256_of(snapshot):
                self._broken_slips[dossier_id].append(pk)
        # Thousands of dossiers have the same few terms, promised for the same few hundred days.
        self.late_from = lru_cache(maxsize=4096)(spans.late_from_text)

    def word_faults(self, link: Link, payload: Mapping[str, Any], dossier: Stored) -> list[str]:
        """The words that an event replaced, kept beside it, against the digest in the event. Those
        that were erased by the law are no fault.
        """
        digests, kept = _replaced(payload), self._words.pop(link.pk, None)
        if kept is None:
            said = "nội dung bằng chữ trước khi sửa đã bị xóa khỏi cơ sở dữ liệu"
            return [said] if digests else []
        fits = kept.erased_at is not None or digests == _digests_of(kept, dossier.salt)
        if fits and kept.dossier_id == dossier.pk:
            return []
        return ["nội dung bằng chữ trước khi sửa không khớp với sự kiện"]

    def faults(
        self, dossier: Stored, told: Standing, intervals: spans.Intervals
    ) -> Iterator[Fault]:
        """What does not fit. In: how the events say it stands, and its intervals."""
        if not DOSSIER.fits(told.columns, dossier.row, dossier.salt):
            now = DOSSIER.told_of(DOSSIER.columns_of(dossier.row), dossier.salt)
            if wrong := _different(DOSSIER, told.columns, now):
                yield (f"dữ liệu hiện lưu khác với các sự kiện: {_words(DOSSIER, wrong)}", None)
        for table, by_dossier in self._tables:
            rows = by_dossier.get(dossier.pk, _NONE)
            known = told.rows.get(table.name, _NONE)
            if rows.keys() != known.keys() or any(
                not table.fits(known[pk], row, dossier.salt) for pk, row in rows.items()
            ):
                yield from _row_faults(table, known, rows, dossier.salt)
        for pk in self._broken_slips.get(dossier.pk, ()):
            yield (f"{table_of(Slip).words}: nội dung in của dòng số {pk} bị sửa", None)
        if intervals.rows != self._spans.get(dossier.pk, []):
            yield ("các khoảng thời gian dùng cho báo cáo không khớp với các sự kiện", None)


def _rows_of(table: Table, reach: Reach) -> dict[int, dict[int, Row]]:
    """The rows of a table by dossier and id. One query."""
    found: dict[int, dict[int, Row]] = defaultdict(dict)
    rows = table.model._default_manager.filter(**reach.of(table.key), **table.only).order_by()
    for (pk, dossier_id), row in table.reading.rows(rows, "id", table.key):
        found[dossier_id][pk] = row
    return dict(found)


def _replaced(payload: Mapping[str, Any]) -> dict[str, str]:
    """The digests of the texts that an event replaced, by their place."""
    found = {}
    if DIGEST in (said := payload.get("set", ())):
        found["dossier"] = said[DIGEST][0]
    for name, rows in payload.get("rows", {}).items():
        for row in rows:
            if "set" in row and DIGEST in row["set"]:
                found[f"{name}.{row['id']}"] = row["set"][DIGEST][0]
    return {place: was for place, was in found.items() if was is not None} if found else found


def _digests_of(kept: WordsBefore, salt: bytes | memoryview) -> dict[str, str]:
    try:
        return {place: digest(salt, words) for place, words in json.loads(kept.text).items()}
    except (ValueError, AttributeError):
        return {}


def _row_faults(
    table: Table, known: Mapping[int, Columns], rows: Rows, salt: bytes | memoryview
) -> Iterator[Fault]:
    for pk in sorted({*rows, *known}):
        told, row = known.get(pk), rows.get(pk)
        if row is None:
            yield (f"{table.words}: dòng số {pk} đã bị xóa khỏi cơ sở dữ liệu", None)
        elif told is None:
            yield (f"{table.words}: dòng số {pk} được thêm vào mà không có sự kiện", None)
        else:
            now = as_known(table, told, table.told_of(table.columns_of(row), salt))
            if wrong := _different(table, told, now):
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
