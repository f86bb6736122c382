"""How a dossier stood: its columns and the rows beside it, folded from what its events say was
written.

Each event says `set`: columns of the dossier as [before, after]; `rows`: by table, each with its id
and either what it was written with (`new`) or what changed of it as [before, after] (`set`); texts
by their digest only. Whatever is asked "as of" an instant is this fold up to there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dossiers.ledger.tables import LOOSE
from onestop.instants import instant
from onestop.rows import Columns


@dataclass(slots=True)
class Standing:
    """Columns of the dossier and, by table and id, those of its rows; what has its default is left
    out.
    """

    columns: Columns = field(default_factory=dict)
    rows: dict[str, dict[int, Columns]] = field(default_factory=dict)

    def follow(self, payload: Mapping[str, Any]) -> list[str]:
        """Take one event in. Out: the columns whose value before is not the one folded so far
        (somebody wrote in between).
        """
        broken = _turn(self.columns, payload.get("set", {}))
        for table, rows in payload.get("rows", {}).items():
            known = self.rows.setdefault(table, {})
            for said in rows:
                if "new" in said:
                    known[said["id"]] = dict(said["new"])
                else:
                    broken += [
                        f"{table}.{name}"
                        for name in _turn(known.setdefault(said["id"], {}), said["set"])
                    ]
        return broken


def fold(payloads: Iterable[Mapping[str, Any]]) -> Standing:
    """How it stands after these events, oldest first."""
    standing = Standing()
    for payload in payloads:
        standing.follow(payload)
    return standing


def as_of(
    payloads: Iterable[Mapping[str, Any]], at: datetime, *, counting_by: datetime | None = None
) -> Standing:
    """How it stood at an instant, by what was known at the cut (`counting_by`; else by all that is
    known today).

    An act taken back by the cut is as if never done, for an earlier cut it is done: both stand in
    the events.
    """
    until, cut = instant(at), instant(counting_by)
    assert until is not None
    # What was taken over from an earlier system counts from another instant than its recording.
    return fold(
        p
        for p in payloads
        if p["at"] <= until and (cut is None or p.get("counts", p["recorded"]) <= cut)
    )


def _turn(columns: Columns, said: Mapping[str, list[Any]]) -> list[str]:
    broken = []
    for name, (before, after) in said.items():
        if columns.get(name) != before and name not in LOOSE:
            broken.append(name)
        if after is None:
            columns.pop(name, None)
        else:
            columns[name] = after
    return broken
