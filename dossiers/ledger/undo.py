"""Undoing what one event wrote, as the event itself says: the same for every act."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dossiers import registry
from dossiers.ledger.tables import COUNTED, DOSSIER, LOOSE, UNDONE, Table, as_known, tables
from dossiers.ledger.writer import Life
from dossiers.models import Event, WordsBefore
from dossiers.models.undone import Undoable
from onestop.errors import DomainError
from onestop.files.models import Attachment
from onestop.rows import DIGEST, Columns, digest


@dataclass(frozen=True, slots=True)
class Stood:
    """What undoing some events reads: of each the words it keeps, the rows they wrote by table."""

    words: Mapping[int, Mapping[str, Columns]]
    rows: Mapping[str, Mapping[int, Any]]


def stood(events: Sequence[Event], **known: Mapping[int, Any]) -> Stood:
    """Of one event or many. In: `known`, the rows of a table that are in hand already. A query for the
    words, one a table.
    """
    kept = WordsBefore.objects.filter(event__in=events, erased_at=None)
    words = {one.event_id: json.loads(one.text) for one in kept}
    wanted: dict[str, list[int]] = {}
    for event in events:
        for name, rows in json.loads(event.text).get("rows", {}).items():
            wanted.setdefault(name, []).extend(said["id"] for said in rows)
    found: dict[str, Mapping[int, Any]] = dict(known)
    for name, ids in wanted.items():
        if name not in found:
            present: Any = tables()[name].model._default_manager
            found[name] = present.in_bulk(ids)
    return Stood(words, found)


def undo(life: Life, event: Event, before: Stood | None = None) -> None:
    """Put back the columns and rows that this event changed, inside the caller's act; mark those
    that it added as undone, set files aside. In: `before`, where many are undone by one act.

    Errors: DomainError("changed_since") where the present value is not the one that the event
    wrote; ("words_erased") where the words that stood before were erased; what the act's own
    `on_undo` refuses.
    """
    before = before or stood([event])
    payload, words = json.loads(event.text), before.words.get(event.pk, {})
    changed: list[tuple[Any, Mapping[str, Any]]] = []
    for name, rows in payload.get("rows", {}).items():
        changed += _rows_back(life, name, rows, before.rows[name], words)
    # What was replaced counts again only after what replaced it does not.
    for row, values in changed:
        life.change(row, **values)
    for column, value in _before(
        life, DOSSIER, life.dossier, payload.get("set", {}), words.get("dossier")
    ).items():
        setattr(life.dossier, column, value)
    act = registry.find(event.kind)
    if act is not None and act.on_undo is not None:
        act.on_undo(life, payload["data"])


def _rows_back(
    life: Life,
    name: str,
    rows: Sequence[Mapping[str, Any]],
    present: Mapping[int, Any],
    words: Mapping[str, Columns],
) -> list[tuple[Any, Mapping[str, Any]]]:
    """The rows of one table: those that were added stop counting, those that were changed come back
    with the values they had.
    """
    table = tables()[name]
    changed: list[tuple[Any, Mapping[str, Any]]] = []
    for said in rows:
        row = present.get(said["id"])
        if row is None:
            raise DomainError("changed_since")
        if "set" in said:
            before = _before(life, table, row, said["set"], words.get(f"{name}.{row.pk}"))
            changed.append((row, before))
        elif _now(life, table, row, said["new"]) != said["new"]:
            raise DomainError("changed_since")
        else:
            _set_aside(life, row)
    return changed


def _now(life: Life, table: Table, row: Any, told: Columns) -> Columns:
    return as_known(table, told, table.told_of(table.values_of(row), life.dossier.salt))


def _set_aside(life: Life, row: Any) -> None:
    if isinstance(row, Undoable):
        life.void(row)
    elif isinstance(row, Attachment):
        life.change(row, kind=f"{row.kind}{UNDONE}")


def _before(
    life: Life, table: Table, row: Any, said: Mapping[str, Any], words: Columns | None
) -> dict[str, Any]:
    """The values that these columns had before, from what the event says of them."""
    salt = life.dossier.salt
    now = table.told_of(table.values_of(row), salt)
    found: dict[str, Any] = {}
    for name, (before, after) in said.items():
        if name in COUNTED and table is DOSSIER:
            found[name] = (now.get(name) or 0) + (before or 0) - (after or 0)
            continue
        if name not in LOOSE and now.get(name) != after:
            raise DomainError("changed_since")
        if name != DIGEST:
            found[name] = table.restored(name, before)
            continue
        if before is not None and (words is None or digest(salt, words) != before):
            raise DomainError("words_erased")
        found |= {text: table.restored(text, (words or {}).get(text)) for text in table.texts}
    return found
