"""Dossiers and the links of their chains as the database holds them: read for many at once, plain, so
that they are compared with what the events say without anything made of them first.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, NamedTuple

from dossiers.ledger.events import HEAD
from dossiers.ledger.tables import DOSSIER
from dossiers.models import Event
from onestop.rows import Reading, Row

_PLACE = {name: place for place, name in enumerate(DOSSIER.reading.names)}
_OWN = ("pk", "event_seq", "event_hash", "salt")
_HEAD = Reading(Event, HEAD.values())
_DOSSIER, _SEQ, _KIND, _RECORDED = (
    tuple(HEAD).index(key) for key in ("dossier", "seq", "kind", "recorded")
)


@dataclass(frozen=True, slots=True)
class Reach:
    """Which dossiers are read together: all after an id up to another (None: to the end), or those
    of these ids.
    """

    after: int = 0
    last: int | None = None
    ids: tuple[int, ...] | None = None

    def of(self, key: str) -> dict[str, Any]:
        """The same as a condition on a column that names a dossier."""
        if self.ids is not None:
            return {f"{key}__in": self.ids}
        behind = {f"{key}__gt": self.after}
        return behind if self.last is None else behind | {f"{key}__lte": self.last}


@dataclass(frozen=True, slots=True)
class Stored:
    """A dossier as it is stored; `row` as DOSSIER.reading gives it."""

    pk: int
    event_seq: int
    event_hash: str
    salt: bytes | memoryview
    row: Row

    def column(self, name: str) -> Any:
        return self.row[_PLACE[name]]

    @property
    def code(self) -> str:
        return str(self.column("code"))


def stored(rows: Any) -> list[Stored]:
    """In: dossiers in their order. One query."""
    return [
        Stored(pk, event_seq, event_hash, salt, row)
        for (pk, event_seq, event_hash, salt), row in DOSSIER.reading.rows(rows, *_OWN)
    ]


class Link(NamedTuple):
    """An event as it is stored; `head`: what its columns say, in the order of HEAD."""

    pk: int
    hash: str
    text: str
    seq: int
    kind: str
    recorded: str
    head: Row


def links(reach: Reach) -> dict[int, list[Link]]:
    """The events of these dossiers, by dossier. One query."""
    found: dict[int, list[Link]] = defaultdict(list)
    rows = Event.objects.filter(**reach.of("dossier_id")).order_by("dossier_id", "seq")
    for (pk, own, text), head in _HEAD.rows(rows, "pk", "hash", "text"):
        link = Link(pk, own, text, head[_SEQ], head[_KIND], head[_RECORDED], head)
        found[head[_DOSSIER]].append(link)
    return found
