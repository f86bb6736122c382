"""The texts of a life's rows before and after each of its events."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dossiers.ledger.tables import DOSSIER, Table, tables
from dossiers.models import Dossier, Event, WordsBefore
from onestop.rows import DIGEST, Columns


class Texts:
    """The texts of a life's rows before and after each event, read backwards from how they stand."""

    def __init__(self, dossier_id: int, events: list[Event]) -> None:
        known = tables()
        self._rows = {
            name: {row["id"]: row for row in rows_of_table(table, dossier_id)}
            for name, table in known.items()
        }
        own = Dossier.objects.filter(pk=dossier_id).values().get()
        now = {("dossier", 0): texts_of(DOSSIER, own)}
        now |= {
            (name, pk): texts_of(known[name], row)
            for name, rows in self._rows.items()
            for pk, row in rows.items()
        }
        words = {
            kept.event_id: json.loads(kept.text)
            for kept in WordsBefore.objects.filter(dossier=dossier_id)
        }
        self._sides: dict[tuple[int, str, int], tuple[Columns, Columns]] = {}
        for event in reversed(events):
            payload = json.loads(event.text)
            touched = [("dossier", 0, payload.get("set", {}))]
            touched += [
                (name, one["id"], one.get("set", one))
                for name, rows in payload.get("rows", {}).items()
                for one in rows
            ]
            for name, pk, said in touched:
                place = name if name == "dossier" else f"{name}.{pk}"
                before = words.get(event.pk, {}).get(place, {}) if DIGEST in said else now[name, pk]
                self._sides[event.seq, name, pk] = (before, now[name, pk])
                now[name, pk] = before

    def of(self, seq: int, table: str, pk: int, side: int) -> Columns:
        return self._sides[seq, table, pk][side]

    def row(self, table: Table, pk: int) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._rows[table.name][pk]
        return found


def rows_of_table(table: Table, dossier_id: int) -> list[dict[str, Any]]:
    rows: Any = table.model._default_manager.filter(**{table.key: dossier_id}, **table.only)
    return list(rows.order_by("id").values())


def texts_of(table: Table, row: Mapping[str, Any]) -> Columns:
    return {name: value for name, value in table.plain(row).items() if name in table.texts}
