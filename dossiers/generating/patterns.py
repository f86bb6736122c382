"""A worked life as a pattern: what of it differs from copy to copy, and where that stands.

What differs is a *slot*: the id of a row, an instant, an officer, the owner's name. A pattern knows,
for every column of every row and for the text of every event, which slots stand where, read from
the models' own metadata. Nothing here knows what an act does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from django.db import models

from dossiers import registry
from dossiers.generating.lives import Life
from dossiers.generating.reading import RowsOfLife
from dossiers.generating.rows import MODELS
from dossiers.generating.texts import Texts
from dossiers.ledger.tables import DOSSIER, Table, tables
from dossiers.models import (
    Batch,
    Dossier,
    Event,
    HandOver,
    NameKey,
    Result,
    Slip,
    Submitter,
    WordsBefore,
)
from dossiers.models.dossier import OwnerKind
from dossiers.models.handover import LIST_SLUG
from onestop.accounts.models import Agency, Department, Officer
from onestop.instants import instant
from onestop.rows import DIGEST, Columns, canonical

Slot = tuple[Any, ...]


class Parts:
    """A text with gaps, each filled in with the slot of its number."""

    __slots__ = ("_format", "_take", "slots")

    def __init__(self, pieces: Sequence[str], slots: Sequence[int]) -> None:
        self.slots = slots
        self._format = "%s".join(piece.replace("%", "%%") for piece in pieces)
        self._take: Callable[[Sequence[str]], Any] = itemgetter(*slots) if slots else _nothing

    def filled(self, texts: Sequence[str]) -> str:
        """The text with the gaps filled in by what stands at their slots."""
        text: str = self._format % self._take(texts)
        return text


def _nothing(texts: Sequence[str]) -> tuple[()]:
    return ()


@dataclass(frozen=True, slots=True)
class RowPattern:
    """A row: its columns as they are in every copy, and at which places which slots stand."""

    model: type[models.Model]
    columns: list[Any]
    filled: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class SlipPattern:
    """A slip: when it was made by whom (the handling agency, or the receiving one), what it shows."""

    pk: int
    slug: str
    number: int
    made_at: datetime
    is_handlers: bool
    snapshot: Parts


@dataclass(frozen=True, slots=True)
class Numbered:
    """A paper whose number runs on through a year of its agency: which row, of what kind, when it
    was made, by the handling agency or the receiving one.
    """

    model: type[models.Model]
    pk: int
    slug: str
    made_at: datetime
    is_handlers: bool


# What an event's data names by id, beside the row that its act is told by.
_IDS: dict[str, type[models.Model]] = {
    "to": Department, "officer": Officer, "approver": Officer, "signer": Officer, "replaces": Result, "recalled": HandOver,
}  # fmt: skip
_PLACES = (Officer, Department, Agency)
_OWNER = {
    "owner_name": "name",
    "identity_number": "identity_number",
    "phone": "phone",
    "address": "address",
}
# Columns that each copy has of its own, and only then.
_OWN_COLUMNS: dict[type[models.Model], frozenset[str]] = {
    Dossier: frozenset(
        [
            "code",
            "register_number",
            "register_year",
            "secret",
            "salt",
            "intake_token",
            "event_hash",
        ]
    ),
    Slip: frozenset(["number", "year", "sha256", "snapshot"]),
    Batch: frozenset(["number", "year"]),
    Event: frozenset(["text", "hash"]),
    WordsBefore: frozenset(["text"]),
}


def _numbered_slip(slip: SlipPattern) -> Numbered:
    return Numbered(Slip, slip.pk, slip.slug, slip.made_at, slip.is_handlers)


class Read:
    """One worked dossier with its slots, numbered in the order in which they were met."""

    def __init__(self, life: Life, found: RowsOfLife, changing: frozenset[str]) -> None:
        """In: the life, its rows, and which of its words are other ones in a copy."""
        (self._own,) = found.rows[Dossier]
        own = self._own
        self.life = life
        self.received: datetime = own["received_at"]
        self.is_company = own["owner_kind"] != OwnerKind.CITIZEN
        # Some weeks away the year may have its calendar, and then there would be a promise.
        self.stays_where_it_is = life.is_cut or own["undetermined"]
        self.result_numbers = [row["number"] for row in found.rows[Result] if row["number"]]
        self._changing = changing.union(self.result_numbers)
        self._people = {seat.name for seat in (life.clerk, life.specialist, life.leader)}
        self._names = {
            own[column]: attribute for column, attribute in _OWNER.items() if own[column]
        }
        self.slots: dict[Slot, int] = {}
        self._marks: dict[Slot, str] = {}
        self.digests: list[tuple[int, Parts]] = []
        self.rows = self._rows(found)
        self.slips = [self._slip(row) for row in found.rows[Slip]]
        self.numbered = [*map(_numbered_slip, self.slips), *map(self._list, found.rows[Batch])]
        self.submitters = [row["name"] for row in found.rows[Submitter]]
        self._read_events(found)
        self.last: datetime = max(slot[1] for slot in self.slots if slot[0] == "at")

    def _rows(self, found: RowsOfLife) -> list[RowPattern]:
        return [
            self._row(model, row)
            for model in MODELS
            if model is not NameKey
            for row in found.rows[model]
        ]

    def _read_events(self, found: RowsOfLife) -> None:
        """The texts of the events, in their order, and those that events replaced."""
        events = [Event(**row) for row in sorted(found.rows[Event], key=lambda row: row["seq"])]
        texts = Texts(found, events)
        self.events = [(event.pk, self._event(event, texts)) for event in events]
        self.words = [
            (self._slot("own", WordsBefore, "text", row["id"]), self._words_before(row["text"]))
            for row in found.rows[WordsBefore]
        ]
        self.last_act: datetime = events[-1].at

    def _slip(self, row: Mapping[str, Any]) -> SlipPattern:
        return SlipPattern(
            row["id"],
            str(row["slug"]),
            row["number"],
            row["made_at"],
            row["agency_id"] != self.life.office.agency_id,
            self._snapshot(row),
        )

    def _list(self, row: Mapping[str, Any]) -> Numbered:
        is_handlers = row["agency_id"] != self.life.office.agency_id
        return Numbered(Batch, row["id"], LIST_SLUG, row["given_at"], is_handlers)

    def _slot(self, *slot: Any) -> int:
        return self.slots.setdefault(slot, len(self.slots))

    def _row(self, model: type[models.Model], row: Mapping[str, Any]) -> RowPattern:
        columns: list[Any] = []
        filled: list[tuple[int, int]] = []
        for place, field in enumerate(model._meta.concrete_fields):
            value = row[field.attname]
            slot = self._slot_of(model, field, row, value)
            if slot is not None:
                filled.append((place, self._slot(*slot)))
            is_json = isinstance(field, models.JSONField) and value is not None
            columns.append(canonical(value) if is_json else value)
        return RowPattern(model, columns, filled)

    def _slot_of(
        self, model: type[models.Model], field: Any, row: Mapping[str, Any], value: Any
    ) -> Slot | None:
        """The slot of a column; None where its value is the same in every copy."""
        if field.attname in _OWN_COLUMNS.get(model, ()):
            return ("own", model, field.attname, row["id"])
        if value is None:
            return None
        if field.primary_key:
            return ("pk", model, value)
        if isinstance(field, models.ForeignKey):
            return self._slot_of_key(field.related_model, value)
        if isinstance(value, str):
            return self._slot_of_text(field.attname, value)
        return self._slot_of_time(value)

    def _slot_of_key(self, related: Any, value: int) -> Slot | None:
        if related in _PLACES:
            return ("place", related, value)
        return ("pk", related, value) if related in MODELS else None

    def _slot_of_text(self, column: str, value: str) -> Slot | None:
        if value in self._names:
            return ("owner", self._names[value])
        if value in self._people or column in ("calendar_key", "number"):
            return self._slot_of_word(value)
        return None

    def _slot_of_word(self, word: str) -> Slot | None:
        return ("word", word) if word in self._changing else None

    def _slot_of_time(self, value: Any) -> Slot | None:
        if isinstance(value, datetime):
            return ("at", value) if value.year < 9999 else None
        return ("day", value) if isinstance(value, date) else None

    def _snapshot(self, row: Mapping[str, Any]) -> Parts:
        content = self._marked(row["snapshot"])
        content["number"] = self._mark("own", Slip, "number", row["id"])
        if row["snapshot"].get("replaces"):
            content["replaces"] = self._mark("replaces", row["snapshot"]["replaces"])
        if "register_number" in content:
            content["register_number"] = self._mark(
                "own", Dossier, "register_number", self._own["id"]
            )
        return self._parts(canonical(content))

    # --- events -------------------------------------------------------------------------

    def _event(self, event: Event, texts: Texts) -> Parts:
        """An event's canonical text as literal parts and slots."""
        payload = json.loads(event.text)
        self._mark_data(event, payload["data"])
        payload |= {
            "dossier": self._mark("pk", Dossier, event.dossier_id),
            "agency": self._mark("place", Agency, event.agency_id),
            "officer": self._mark("place", Officer, event.officer_id),
            "at": self._mark("at", event.at),
            "recorded": self._mark("at", event.recorded_at),
        }
        if "set" in payload:
            sides = texts.of(event.seq, "dossier", 0)
            payload["set"] = self._turned(DOSSIER, self._own, payload["set"], sides)
        for name, rows in payload.get("rows", {}).items():
            for one in rows:
                self._mark_row(tables()[name], one, texts.row(name, one["id"]), event.seq, texts)
        return self._parts(canonical(payload))

    def _mark_data(self, event: Event, data: dict[str, Any]) -> None:
        """What the verb keeps: ids by their names, and what the reception says of itself."""
        told_by = registry.get(event.kind).told_by
        row_of = tables()[told_by.table].model if told_by is not None else None
        for name, value in data.items():
            model = row_of if name == "row" else _IDS.get(name)
            if model is not None and value is not None:
                data[name] = self._mark("place" if model in _PLACES else "pk", model, value)
        if event.kind == "receive":
            data["code"] = self._mark("own", Dossier, "code", event.dossier_id)
            if slot := self._slot_of_word(data["calendar"]):
                data["calendar"] = self._mark(*slot)
            data["owner"] = self._mark("salted", "owner")
            data["page"] = self._mark("salted", "page")

    def _mark_row(
        self, table: Table, one: dict[str, Any], row: Mapping[str, Any], seq: int, texts: Texts
    ) -> None:
        """One row of an event: written anew, or changed."""
        sides = texts.of(seq, table.name, one["id"])
        one["id"] = self._mark("pk", table.model, one["id"])
        if "new" in one:
            one["new"] = {
                name: self._told(table, row, name, value, sides[1])
                for name, value in one["new"].items()
            }
        else:
            one["set"] = self._turned(table, row, one["set"], sides)

    def _turned(
        self,
        table: Table,
        row: Mapping[str, Any],
        said: Mapping[str, list[Any]],
        sides: tuple[Columns, Columns],
    ) -> dict[str, list[Any]]:
        """Columns as [before, after], each with the texts of its side."""
        return {
            name: [
                self._told(table, row, name, value, text)
                for value, text in zip(pair, sides, strict=True)
            ]
            for name, pair in said.items()
        }

    def _told(
        self, table: Table, row: Mapping[str, Any], name: str, value: Any, text: Columns
    ) -> Any:
        """A told column of an event: the mark of its slot, or the value as it is."""
        if value is None:
            return None
        if name == DIGEST:
            number = len(self.digests)
            parts = self._parts(canonical(self._marked(text)))
            self.digests.append((self._slot("digest", number), parts))
            return self._mark("digest", number)
        field = table.told[name]
        if isinstance(field, models.DateTimeField):
            value = datetime.fromisoformat(value)
        elif isinstance(field, models.DateField):
            value = date.fromisoformat(value)
        slot = self._slot_of(table.model, field, row, value)
        if slot is not None:
            return self._mark(*slot)
        return instant(value) if isinstance(value, datetime) else value

    # --- texts --------------------------------------------------------------------------

    def _words_before(self, text: str) -> Parts:
        """Texts that an event replaced: by table and id of their row, which is another in each copy."""
        pieces, slots = ["{"], list[int]()
        for place, texts in json.loads(text).items():
            name, _, pk = place.partition(".")
            pieces[-1] += f'{"" if pieces == ["{"] else ","}"{name}'
            if pk:
                slots.append(self._slot("pk", tables()[name].model, int(pk)))
                pieces[-1] += "."
                pieces.append("")
            first, *others = self._cut(canonical(self._marked(texts)), slots)
            pieces[-1] += f'":{first}'
            pieces += others
        pieces[-1] += "}"
        return Parts(pieces, slots)

    def _marked(self, content: Any) -> Any:
        """Any JSON with marks where a text is the owner's, a code, a known place or an instant."""
        if isinstance(content, dict):
            return {key: self._marked(value) for key, value in content.items()}
        if isinstance(content, list):
            return [self._marked(value) for value in content]
        if not isinstance(content, str) or not content:
            return content
        slot = self._slot_in_text(content)
        return content if slot is None else self._mark(*slot)

    def _slot_in_text(self, content: str) -> Slot | None:
        own = {
            self._own["code"]: "code",
            bytes(self._own["secret"]).hex(): "secret",
            self._own["intake_token"].hex: "intake_token",
        }
        if content in self._names:
            return ("owner", self._names[content])
        if content in own:
            return ("own", Dossier, own[content], self._own["id"])
        if len(content) >= 25 and content[10] == "T" and content[-6] in "+-":
            return ("iso", datetime.fromisoformat(content))
        if len(content) == 10 and content[4] == content[7] == "-":
            return ("day", date.fromisoformat(content))
        return self._slot_of_word(content)

    def _mark(self, *slot: Any) -> str:
        """A text that stands for a slot inside JSON, whatever is around it."""
        number = self._slot(*slot)
        return self._marks.setdefault(slot, f"\ue000{number}\ue001")

    def _parts(self, text: str) -> Parts:
        """A JSON text cut at the marks."""
        slots: list[int] = []
        return Parts(self._cut(text, slots), slots)

    def _cut(self, text: str, slots: list[int]) -> list[str]:
        """The pieces of a JSON text between the marks, whose slots are added; the quotes around a
        mark belong to it.
        """
        first, *others = text.split('"\ue000')
        pieces = [first]
        for other in others:
            number, _, rest = other.partition('\ue001"')
            slots.append(int(number))
            pieces.append(rest)
        return pieces
