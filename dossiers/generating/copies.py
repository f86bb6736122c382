"""Copies of a worked life: other ids, people, codes, officers and weeks, with chains hashed anew.

A copy fills the slots of its pattern (patterns.py), so it costs little more than joining strings
and hashing them. Nothing here knows what an act does.
"""

from __future__ import annotations

import hashlib
import secrets as random_bytes
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import models

from dossiers.generating.lives import TOKEN, Life
from dossiers.generating.patterns import Read
from dossiers.generating.people import Somebody
from dossiers.generating.reading import RowsOfLife
from dossiers.generating.rows import Rows
from dossiers.intake.names import keys_of
from dossiers.ledger.bulk import storing
from dossiers.models import Dossier, Event, NameKey, Slip
from dossiers.models.packed import EventText, SlipSnapshot
from dossiers.slips.words import day_words
from onestop.accounts.models import Agency
from onestop.instants import instant
from onestop.rows import GENESIS, canonical, chain
from onestop.worktime import VN

# Number and year of what is numbered, by its table and the id it has in the life.
PaperNumbers = dict[tuple[type[models.Model], int], tuple[int, int]]

# The same names come again and again.
_keys_of = lru_cache(maxsize=1 << 15)(keys_of)


@dataclass(frozen=True, slots=True)
class Cast:
    """What a copy has in the place of what stands in the life."""

    places: Mapping[tuple[type[models.Model], int], int]
    words: Mapping[str, str]
    owner: Somebody
    shift: timedelta
    code: str
    register: int
    secret: bytes


class Pattern(Read):
    """A worked life that can be copied: its slots by what fills them."""

    def __init__(self, life: Life, found: RowsOfLife, changing: frozenset[str]) -> None:
        super().__init__(life, found, changing)
        by_kind: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        for (kind, *rest), number in self.slots.items():
            by_kind[kind].append((number, *rest))
        self._instants = [
            (number, at, kind) for kind in ("at", "day", "iso") for number, at in by_kind[kind]
        ]
        self._places = [(number, tuple(place)) for number, *place in by_kind["place"]]
        self._owner, self._words = by_kind["owner"], by_kind["word"]
        self._replaced = by_kind["replaces"]
        self._ids: dict[type[models.Model], list[int]] = defaultdict(list)
        for number, model, _ in by_kind["pk"]:
            self._ids[model].append(number)
        self._dossier_id = self.slots["pk", Dossier, self._own["id"]]
        self._agencies = [
            self.slots["place", Agency, self._own[name]]
            for name in ("agency_id", "received_by_agency_id")
        ]
        self._stored = storing()
        self._values: list[Any] = [None] * len(self.slots)
        self._texts = [""] * len(self.slots)
        self._shift: timedelta | None = None
        self._filled_rows = [
            (one.model, itemgetter(*self._columns_of(one.columns, dict(one.filled))))
            for one in self.rows
        ]

    def _columns_of(self, columns: list[Any], filled: Mapping[int, int]) -> list[int]:
        """Where the columns of a row stand among the values: in their slots, and what is the same
        in every copy behind them.
        """
        where = []
        for place, value in enumerate(columns):
            if place not in filled:
                self._values.append(self._stored(value))
            where.append(filled.get(place, len(self._values) - 1))
        return where

    def _own_slot(self, model: type[models.Model], column: str, pk: int) -> int:
        return self.slots["own", model, column, pk]

    def copy(self, rows: Rows, cast: Cast, numbers: PaperNumbers) -> None:
        """Put a copy among the rows. In: who plays it; what its papers are numbered."""
        filled = self._moved(cast.shift)
        salt = random_bytes.token_bytes(16)
        self._take_ids(filled, rows)
        self._play(filled, cast)
        self._sign(filled, cast, salt)
        self._draw_slips(filled, cast, numbers)
        texts = filled.texts
        for slot, parts in self.digests:
            texts[slot] = f'"{_salted(salt, parts.filled(texts))}"'
        for slot, parts in self.words:
            filled.values[slot] = self._stored(parts.filled(texts))
        self._chain(filled)
        for model, columns in self._filled_rows:
            rows.add(model, columns(filled.values))
        self._search_keys(rows, filled.values, cast.owner)

    def _moved(self, shift: timedelta) -> _Filled:
        """The slots with their instants so far away. Copies come in the order of their days, so
        that those of one distance follow one another.
        """
        if shift != self._shift:
            self._shift = shift
            for slot, at, kind in self._instants:
                moved = at + shift
                self._values[slot] = self._stored(moved)
                self._texts[slot] = f'"{instant(moved) if kind == "at" else moved.isoformat()}"'
        return _Filled(self._values.copy(), self._texts.copy(), self._stored)

    def _take_ids(self, filled: _Filled, rows: Rows) -> None:
        stored, values, texts = self._stored, filled.values, filled.texts
        for model, slots in self._ids.items():
            for pk, slot in enumerate(slots, start=rows.take(model, len(slots))):
                values[slot], texts[slot] = stored(pk), str(pk)

    def _play(self, filled: _Filled, cast: Cast) -> None:
        """Places, people and words of the copy."""
        for slot, place in self._places:
            filled.put(slot, cast.places.get(place, place[1]))
        for slot, attribute in self._owner:
            filled.put(slot, getattr(cast.owner, attribute))
        for slot, word in self._words:
            filled.put(slot, cast.words.get(word, word))

    def _sign(self, filled: _Filled, cast: Cast, salt: bytes) -> None:
        """What only this dossier has."""
        own: dict[str, str | int | bytes | UUID] = {
            "code": cast.code,
            "register_number": cast.register,
            "register_year": _local(self.received + cast.shift).year,
            "secret": cast.secret,
            "salt": salt,
            "intake_token": UUID(bytes=TOKEN + random_bytes.token_bytes(12)),
        }
        for column, value in own.items():
            filled.put(self._own_slot(Dossier, column, self._own["id"]), value)
        for name in ("owner", "page"):
            digest = _salted(salt, canonical([name, cast.code]))
            filled.texts[self.slots["salted", name]] = f'"{digest}"'

    def _draw_slips(self, filled: _Filled, cast: Cast, numbers: PaperNumbers) -> None:
        for (model, pk), (number, year) in numbers.items():
            filled.put(self._own_slot(model, "number", pk), number)
            filled.put(self._own_slot(model, "year", pk), year)
        for slot, said in self._replaced:
            filled.put(slot, self._named_anew(said, numbers, cast.shift))
        for slip in self.slips:
            shown = slip.snapshot.filled(filled.texts)
            filled.values[self._own_slot(Slip, "snapshot", slip.pk)] = self._stored(
                SlipSnapshot.packing.packed(shown)
            )
            digest = hashlib.sha256(shown.encode()).hexdigest()
            filled.put(self._own_slot(Slip, "sha256", slip.pk), digest)

    def _named_anew(self, name: str, numbers: PaperNumbers, shift: timedelta) -> str:
        """The full name of a slip that another replaces, with the number and the day that it has in
        the copy.
        """
        for slip in self.slips:
            old, new = day_words(_local(slip.made_at)), day_words(_local(slip.made_at + shift))
            number = f" số {slip.number}/"
            if number in name and old in name:
                return name.replace(number, f" số {numbers[Slip, slip.pk][0]}/").replace(old, new)
        return name

    def _chain(self, filled: _Filled) -> None:
        """The events' texts, each hashed over the one before it."""
        values, head = filled.values, GENESIS
        for pk, parts in self.events:
            text = parts.filled(filled.texts)
            values[self._own_slot(Event, "text", pk)] = self._stored(EventText.packing.packed(text))
            head = chain(head, text)
            stored = self._stored(bytes.fromhex(head))
            values[self._own_slot(Event, "hash", pk)] = stored
        values[self._own_slot(Dossier, "event_hash", self._own["id"])] = stored

    def _search_keys(self, rows: Rows, values: list[Any], owner: Somebody) -> None:
        names = (owner.name, *self.submitters)
        texts = dict.fromkeys(key for name in names for key in _keys_of(name))
        offices = dict.fromkeys(values[slot] for slot in self._agencies)
        stored, dossier = self._stored, values[self._dossier_id]
        found = [(office, stored(text)) for office in offices for text in texts]
        for pk, (office, text) in enumerate(found, start=rows.take(NameKey, len(found))):
            rows.add(NameKey, (stored(pk), dossier, office, text))


class _Filled:
    """The slots of one copy: as columns hold them, and as JSON writes them."""

    __slots__ = ("_stored", "texts", "values")

    def __init__(self, values: list[Any], texts: list[str], stored: Callable[[Any], Any]) -> None:
        self.values, self.texts, self._stored = values, texts, stored

    def put(self, slot: int, value: str | int | bytes | UUID) -> None:
        self.values[slot] = self._stored(value)
        self.texts[slot] = _TOLD[type(value)](value)


# Values of a slot as the canonical text writes them.
_TOLD: dict[type, Callable[[Any], str]] = {
    str: encode_basestring,
    int: str,
    bytes: lambda value: f'"{value.hex()}"',
    UUID: lambda value: f'"{value.hex}"',
}


def _local(at: datetime) -> date:
    return at.astimezone(VN).date()


def _salted(salt: bytes, text: str) -> str:
    """onestop.rows.digest of what is canonical already."""
    return hashlib.sha256(salt + text.encode()).hexdigest()[:32]
