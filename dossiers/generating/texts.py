"""The texts of a life's rows before and after each of its events."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dossiers.generating.reading import RowsOfLife
from dossiers.ledger.tables import DOSSIER, Table, tables
from dossiers.models import Dossier, Event, WordsBefore
from onestop.rows import DIGEST, Columns


class Texts:
    """The texts of a life's rows before and after each event, read backwards from how they stand."""

    def __init__(self, found: RowsOfLife, events: list[Event]) -> None:
        known = tables()
        self._rows = {
            name: {row["id"]: row for row in found.rows[table.model]}
            for name, table in known.items()
        }
        (own,) = found.rows[Dossier]
        now = {("dossier", 0): texts_of(DOSSIER, own)}
        now |= {
            (name, pk): texts_of(known[name], row)
            for name, rows in self._rows.items()
            for pk, row in rows.items()
        }
        words = {row["event_id"]: json.loads(row["text"]) for row in found.rows[WordsBefore]}
        self._sides: dict[tuple[int, str, int], tuple[Columns, Columns]] = {}
        for event in reversed(events):
            for name, pk, said in _touched(json.loads(event.text)):
                place = name if name == "dossier" else f"{name}.{pk}"
                before = words.get(event.pk, {}).get(place, {}) if DIGEST in said else now[name, pk]
                self._sides[event.seq, name, pk] = (before, now[name, pk])
                now[name, pk] = before

    def of(self, seq: int, table: str, pk: int) -> tuple[Columns, Columns]:
        """The texts of a row before and after an event that touched it."""
        return self._sides[seq, table, pk]

    def row(self, table: str, pk: int) -> Mapping[str, Any]:
        """How a row stands."""
        return self._rows[table][pk]


def _touched(payload: Mapping[str, Any]) -> list[tuple[str, int, Mapping[str, Any]]]:
    """Which rows an event touched, and what it says of each."""
    return [
        ("dossier", 0, payload.get("set", {})),
        *(
            (name, one["id"], one.get("set", one))
            for name, rows in payload.get("rows", {}).items()
            for one in rows
        ),
    ]


def texts_of(table: Table, row: Mapping[str, Any]) -> Columns:
    return {name: value for name, value in table.plain(row).items() if name in table.texts}
