"""Copies of a worked life: other ids, people, codes, officers and weeks, with chains hashed anew.

A copy fills the slots of its pattern (patterns.py), so it costs little more than joining strings
and hashing them. Nothing here knows what an act does.
"""

from __future__ import annotations

import hashlib
import json
import secrets as random_bytes
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from json.encoder import encode_basestring
from typing import Any
from uuid import UUID

from django.db import models

from dossiers.generating.lives import TOKEN, Life
from dossiers.generating.patterns import Parts, Read
from dossiers.generating.people import Somebody
from dossiers.generating.reading import RowsOfLife
from dossiers.generating.rows import Rows
from dossiers.intake.names import keys_of
from dossiers.models import Dossier, Event, NameKey, Slip
from dossiers.slips.words import day_words
from onestop.accounts.models import Agency
from onestop.instants import instant
from onestop.rows import GENESIS, canonical, chain
from onestop.worktime import VN

SlipNumbers = Mapping[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays a copy: officers, rooms and agencies by those of the life, the owner, and what only
    this copy has.
    """

    places: Mapping[tuple[type[models.Model], int], int]
    words: Mapping[str, str]
    owner: Somebody
    shift: timedelta
    code: str
    register: int
    secret: bytes


class Pattern(Read):
    """A worked life that can be copied."""

    def __init__(self, life: Life, found: RowsOfLife) -> None:
        super().__init__(life, found)
        self._kinds = [slot[0] for slot in self.slots]
        numbered = [(number, *slot) for slot, number in self.slots.items()]
        self._ids = [(number, rest[0]) for number, kind, *rest in numbered if kind == "pk"]
        self._instants = [
            (number, rest[0]) for number, kind, *rest in numbered if kind in ("at", "day", "iso")
        ]
        self._places = [
            (number, tuple(rest)) for number, kind, *rest in numbered if kind == "place"
        ]
        self._owner = [(number, rest[0]) for number, kind, *rest in numbered if kind == "owner"]
        self._words = [(number, rest[0]) for number, kind, *rest in numbered if kind == "word"]
        self._replaced = [
            (number, rest[0]) for number, kind, *rest in numbered if kind == "replaces"
        ]
        own = self._own["id"]
        self._dossier_id = self.slots["pk", Dossier, own]
        self._agencies = [
            self.slots["place", Agency, self._own[name]]
            for name in ("agency_id", "received_by_agency_id")
        ]

    def _own_slot(self, model: type[models.Model], column: str, pk: int) -> int:
        return self.slots["own", model, column, pk]

    def copy(self, rows: Rows, cast: Cast, slip_numbers: SlipNumbers) -> None:
        """Put a copy among the rows. In: who plays it; number and year of each slip by the id it
        has in the life.
        """
        salt = random_bytes.token_bytes(16)
        values = self._filled(rows, cast, salt)
        for pk, (number, year) in slip_numbers.items():
            values[self._own_slot(Slip, "number", pk)] = number
            values[self._own_slot(Slip, "year", pk)] = year
        written = _Written(values, self._kinds)
        for name in ("owner", "page"):
            values[self.slots["salted", name]] = _salted(salt, canonical([name, cast.code]))
        for slot, said in self._replaced:
            values[slot] = self._named_anew(said, slip_numbers, cast.shift)
        self._draw_slips(values, written)
        for slot, parts in self.digests:
            values[slot] = _salted(salt, written.text(parts))
        for slot, parts in self.words:
            values[slot] = written.text(parts)
        self._chain(values, written)
        for pattern in self.rows:
            row = pattern.columns.copy()
            for place, slot in pattern.filled:
                row[place] = values[slot]
            rows.add(pattern.model, row)
        self._search_keys(rows, values, cast.owner)

    def _filled(self, rows: Rows, cast: Cast, salt: bytes) -> list[Any]:
        """The slots that follow from who plays the copy and when."""
        values: list[Any] = [None] * len(self.slots)
        for number, model in self._ids:
            values[number] = rows.take(model)
        for number, at in self._instants:
            values[number] = at + cast.shift
        for number, place in self._places:
            values[number] = cast.places.get(place, place[1])
        for number, attribute in self._owner:
            values[number] = getattr(cast.owner, attribute)
        for number, word in self._words:
            values[number] = cast.words.get(word, word)
        own = {
            "code": cast.code,
            "register_number": cast.register,
            "register_year": _local(self.received + cast.shift).year,
            "secret": cast.secret,
            "salt": salt,
            "intake_token": UUID(bytes=TOKEN + random_bytes.token_bytes(12)),
        }
        for column, value in own.items():
            values[self._own_slot(Dossier, column, self._own["id"])] = value
        return values

    def _named_anew(self, name: str, slip_numbers: SlipNumbers, shift: timedelta) -> str:
        """The full name of a slip that another replaces, with the number and the day that it has in
        the copy.
        """
        for pk, _, made_at, _ in self.slips:
            old, new = day_words(_local(made_at)), day_words(_local(made_at + shift))
            number = f" số {self.slip_numbers[pk]}/"
            if number in name and old in name:
                return name.replace(number, f" số {slip_numbers[pk][0]}/").replace(old, new)
        return name

    def _draw_slips(self, values: list[Any], written: _Written) -> None:
        for pk, parts in self.drawn.items():
            text = written.text(parts)
            values[self._own_slot(Slip, "snapshot", pk)] = text
            digest = hashlib.sha256(text.encode()).hexdigest()
            values[self._own_slot(Slip, "sha256", pk)] = digest

    def _chain(self, values: list[Any], written: _Written) -> None:
        """The events' texts, each hashed over the one before it."""
        head = GENESIS
        for parts, pk in zip(self.events, self.event_ids, strict=True):
            text = written.text(parts)
            values[self._own_slot(Event, "text", pk)] = text
            values[self._own_slot(Event, "previous", pk)] = head
            head = values[self._own_slot(Event, "hash", pk)] = chain(head, text)
        values[self._own_slot(Dossier, "event_hash", self._own["id"])] = head

    def _search_keys(self, rows: Rows, values: list[Any], owner: Somebody) -> None:
        names = (owner.name, *self.submitters)
        texts = dict.fromkeys(key for name in names for key in keys_of(name))
        dossier = values[self._dossier_id]
        for office in dict.fromkeys(values[slot] for slot in self._agencies):
            for text in texts:
                rows.add(NameKey, [rows.take(NameKey), dossier, office, text])


class _Written:
    """The slots of one copy as JSON writes them, each written once."""

    def __init__(self, values: list[Any], kinds: list[str]) -> None:
        self._values, self._kinds = values, kinds
        self._texts: list[str | None] = [None] * len(values)

    def text(self, parts: Parts) -> str:
        texts, written = self._texts, parts.pieces.copy()
        written[1::2] = [texts[slot] or self._json(slot) for slot in parts.slots]
        return "".join(written)

    def _json(self, slot: int) -> str:
        text = self._texts[slot] = _json_of(self._kinds[slot], self._values[slot])
        return text


def _json_of(kind: str, value: Any) -> str:
    """A value as json.dumps writes it into the canonical text."""
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, datetime):
        return f'"{value.isoformat() if kind == "iso" else instant(value)}"'
    if isinstance(value, date):
        return f'"{value.isoformat()}"'
    if isinstance(value, UUID | bytes):
        return f'"{value.hex if isinstance(value, UUID) else value.hex()}"'
    return json.dumps(value)


def _local(at: datetime) -> date:
    return at.astimezone(VN).date()


def _salted(salt: bytes, text: str) -> str:
    """onestop.rows.digest of what is canonical already."""
    return hashlib.sha256(salt + text.encode()).hexdigest()[:32]
