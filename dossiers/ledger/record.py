"""What an act writes, column by column, as its events keep it.

The dossier's columns are compared with how they stood; rows come by `added` and `changing`. One
event says what was written from where the one before it was marked to its own mark; texts that were
replaced are kept apart, because they can be erased by themselves, and the event has their digest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from dossiers.ledger.tables import DOSSIER, Table, table_of
from dossiers.models import Dossier
from onestop.rows import DIGEST, Columns, canonical

Said = dict[str, Any]
Key = tuple[str, int]


@dataclass(slots=True)
class _Stood:
    """How columns and rows stood at one moment of the block; None: the row was not there."""

    columns: Columns
    rows: dict[Key, Columns | None] = field(default_factory=dict)


class Record:
    """The record of one block of the writer."""

    def __init__(self, dossier: Dossier, *, is_new: bool) -> None:
        self._dossier = dossier
        self._salt = bytes(dossier.salt)
        self._start = _Stood({} if is_new else DOSSIER.values_of(dossier))
        self._mark = _Stood(self._start.columns)
        self._rows: dict[Key, Model] = {}

    def added(self, row: Model) -> None:
        """Call after the insert."""
        self._meet(row, None)

    def changing(self, row: Model) -> None:
        """Call before the change."""
        self._meet(row, table_of(type(row)).values_of(row))

    def _meet(self, row: Model, stood: Columns | None) -> None:
        key = (table_of(type(row)).name, row.pk)
        if key not in self._rows:
            self._start.rows[key] = self._mark.rows[key] = stood
        self._rows[key] = row

    @property
    def has_more(self) -> bool:
        """Whether rows were written since the last mark."""
        return any(self._mark.rows[key] != values for key, values in self._now().rows.items())

    def mark(self) -> None:
        """The present event ends here, for now."""
        self._mark = self._now()

    def next_event(self) -> None:
        """What is written from the mark on belongs to another event."""
        self._start = self._mark

    def forget_rows(self) -> None:
        """No row that was written so far changes any more, unless `changing` says so."""
        for known in (self._rows, self._start.rows, self._mark.rows):
            known.clear()

    def said(self) -> tuple[Said, str]:
        """What the present event says, and the texts it replaced; both empty where it wrote
        nothing.
        """
        words: dict[str, Columns] = {}
        said: Said = {}
        if turned := self._turned(
            DOSSIER, self._start.columns, self._mark.columns, words, "dossier"
        ):
            said["set"] = turned
        rows: dict[str, list[Said]] = {}
        for (name, pk), after in sorted(self._mark.rows.items()):
            table, before = table_of(type(self._rows[name, pk])), self._start.rows[name, pk]
            if after is None or after == before:
                continue
            if before is None:
                rows.setdefault(name, []).append(
                    {"id": pk, "new": table.told_of(after, self._salt)}
                )
            else:
                turned = self._turned(table, before, after, words, f"{name}.{pk}")
                rows.setdefault(name, []).append({"id": pk, "set": turned})
        if rows:
            said["rows"] = rows
        return said, canonical(words) if words else ""

    def _now(self) -> _Stood:
        rows: dict[Key, Columns | None] = {
            key: table_of(type(row)).values_of(row) for key, row in self._rows.items()
        }
        return _Stood(DOSSIER.values_of(self._dossier), rows)

    def _turned(
        self, table: Table, before: Columns, after: Columns, words: dict[str, Columns], place: str
    ) -> Said:
        """Columns as [before, after] where they differ; texts that are gone go into `words` under
        their place.
        """
        if all(before.get(name) == after.get(name) for name in table.texts):
            # No text changed, as in most acts: nothing is digested.
            return {
                name: [before.get(name), after.get(name)]
                for name in {*before, *after}
                if before.get(name) != after.get(name)
            }
        old, new = table.told_of(before, self._salt), table.told_of(after, self._salt)
        turned = {
            name: [old.get(name), new.get(name)]
            for name in {*old, *new}
            if old.get(name) != new.get(name)
        }
        # Where there was no text before, its absence is all there is to know.
        if DIGEST in turned and old.get(DIGEST) is not None:
            words[place] = {name: before[name] for name in table.texts if name in before}
        return turned
