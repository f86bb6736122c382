"""A worked life as a pattern, and copies of it: other ids, people, codes, officers and weeks, with
chains hashed anew.

What differs from copy to copy is a *slot*: the id of a row, an instant, an officer, the owner's
name. A pattern knows, for every column of every row and for the text of every event, which slots
stand where (read from the models' own metadata), so that a copy costs little more than joining
strings and hashing them. Nothing here knows what an act does.
"""

from __future__ import annotations

import hashlib
import json
import secrets as random_bytes
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models

from dossiers import registry
from dossiers.generating.lives import TOKEN, Life
from dossiers.generating.people import Somebody
from dossiers.generating.rows import MODELS, Rows
from dossiers.generating.texts import Texts
from dossiers.intake.names import keys_of
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
from dossiers.slips.words import day_words
from onestop.accounts.models import Agency, Department, Officer
from onestop.instants import instant
from onestop.rows import DIGEST, GENESIS, Columns, canonical, chain
from onestop.worktime import VN

Slot = tuple[Any, ...]
Parts = list[str | Slot]
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


class Pattern:
    """One worked dossier, read from the database."""

    def __init__(self, life: Life) -> None:
        own: dict[str, Any] = dict(Dossier.objects.filter(pk=life.dossier_id).values().get())
        self.life = life
        self.received: datetime = own["received_at"]
        self.is_company = own["owner_kind"] != OwnerKind.CITIZEN
        # Some weeks away the year may have its calendar, and then there would be a promise.
        self.stays_where_it_is = life.is_cut or own["undetermined"]
        self._own = own
        self._names = {
            own[column]: attribute for column, attribute in _OWNER.items() if own[column]
        }
        self._people = {seat.name for seat in (life.clerk, life.specialist, life.leader)}
        self._slots: dict[Slot, None] = {}
        self._marks: dict[Slot, str] = {}
        self._digests: list[tuple[Slot, Parts]] = []
        beside = {model: _rows(model, life.dossier_id) for model in MODELS}
        self._rows = [
            (model, self._pattern_of(model, row))
            for model, found in beside.items()
            for row in found
        ]
        own_agency = life.office.agency_id
        self.slips = [
            (row["id"], str(row["slug"]), row["made_at"], row["agency_id"] != own_agency)
            for row in beside[Slip]
        ]
        self._slip_numbers = {row["id"]: row["number"] for row in beside[Slip]}
        self._drawn = {row["id"]: self._snapshot(row) for row in beside[Slip]}
        self._submitters = [row["name"] for row in beside[Submitter]]
        events = list(Event.objects.filter(dossier=life.dossier_id).order_by("seq"))
        self._event_ids = [event.pk for event in events]
        texts = Texts(life.dossier_id, events)
        self._events = [self._event(event, texts) for event in events]
        self._instants = [slot for slot in self._slots if slot[0] in ("at", "day", "iso")]
        self._ids = [slot for slot in self._slots if slot[0] == "pk"]
        self.last: datetime = max(slot[1] for slot in self._slots if slot[0] == "at")
        self.last_act: datetime = events[-1].at

    # --- reading ------------------------------------------------------------------------

    def _slot(self, *slot: Any) -> Slot:
        self._slots.setdefault(slot, None)
        return slot

    def _pattern_of(
        self, model: type[models.Model], row: Mapping[str, Any]
    ) -> list[tuple[str, Slot | None, Any]]:
        """Each column: its slot, or no slot and its value."""
        found: list[tuple[str, Slot | None, Any]] = []
        for field in model._meta.concrete_fields:
            name, value = field.attname, row[field.attname]
            plain = (
                canonical(value)
                if isinstance(field, models.JSONField) and value is not None
                else value
            )
            found.append((name, self._slot_of(model, field, row, value), plain))
        return found

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

    def _slot_of(
        self, model: type[models.Model], field: Any, row: Mapping[str, Any], value: Any
    ) -> Slot | None:
        name = field.attname
        special = {
            (Dossier, "code"), (Dossier, "register_number"), (Dossier, "register_year"), (Dossier, "secret"), (Dossier, "salt"),
            (Dossier, "intake_token"), (Dossier, "event_hash"), (Slip, "number"), (Slip, "year"), (Slip, "sha256"), (Slip, "snapshot"),
            (Event, "text"), (Event, "previous"), (Event, "hash"), (WordsBefore, "text"),
        }  # fmt: skip
        if (model, name) in special:
            return self._slot("own", model, name, row["id"])
        if value is None:
            return None
        if field.primary_key:
            return self._slot("pk", model, value)
        if isinstance(field, models.ForeignKey):
            related: Any = field.related_model
            if related in _PLACES:
                return self._slot("place", related, value)
            return self._slot("pk", related, value) if related in MODELS else None
        if isinstance(field, models.DateTimeField):
            return self._slot("at", value) if value.year < 9999 else None
        if isinstance(field, models.DateField):
            return self._slot("day", value)
        if isinstance(value, str) and value in self._names:
            return self._slot("owner", self._names[value])
        if isinstance(value, str) and (value in self._people or name == "calendar_key"):
            return self._slot("word", value)
        return None

    def _event(self, event: Event, texts: Texts) -> Parts:
        """An event's canonical text as literal parts and slots."""
        payload = json.loads(event.text)
        told_by, known = registry.get(event.kind).told_by, tables()
        row_of = known[told_by.table].model if told_by is not None else None
        data = payload["data"]
        for name, value in data.items():
            model = row_of if name == "row" else _IDS.get(name)
            if model is not None and value is not None:
                data[name] = self._mark("place" if model in _PLACES else "pk", model, value)
        if event.kind == "receive":
            data["code"] = self._mark("own", Dossier, "code", event.dossier_id)
            data["calendar"] = self._mark("word", data["calendar"])
            data["owner"] = self._mark("salted", "owner")
            data["page"] = self._mark("salted", "page")
        payload |= {
            "dossier": self._mark("pk", Dossier, event.dossier_id),
            "agency": self._mark("place", Agency, event.agency_id),
            "officer": self._mark("place", Officer, event.officer_id),
            "at": self._mark("at", event.at),
            "recorded": self._mark("at", event.recorded_at),
        }
        said = payload.get("set", {})
        for name, pair in said.items():
            sides = [texts.of(event.seq, "dossier", 0, side) for side in (0, 1)]
            said[name] = [
                self._told(DOSSIER, self._own, name, value, text)
                for value, text in zip(pair, sides, strict=True)
            ]
        for table_name, rows in payload.get("rows", {}).items():
            table = known[table_name]
            for one in rows:
                pk, row = one["id"], texts.row(table, one["id"])
                one["id"] = self._mark("pk", table.model, pk)
                before, after = (texts.of(event.seq, table_name, pk, side) for side in (0, 1))
                if "new" in one:
                    one["new"] = {
                        name: self._told(table, row, name, value, after)
                        for name, value in one["new"].items()
                    }
                else:
                    for name, (old, new) in one["set"].items():
                        one["set"][name] = [
                            self._told(table, row, name, old, before),
                            self._told(table, row, name, new, after),
                        ]
        return self._parts(canonical(payload))

    def _told(
        self, table: Table, row: Mapping[str, Any], name: str, value: Any, text: Columns
    ) -> Any:
        """A told column of an event: the mark of its slot, or the value as it is."""
        if value is None:
            return None
        if name == DIGEST:
            slot = self._slot("digest", len(self._digests))
            self._digests.append((slot, self._parts(canonical(self._marked(text)))))
            return self._mark(*slot)
        field = table.told[name]
        if isinstance(field, models.DateTimeField):
            value = datetime.fromisoformat(value)
        elif isinstance(field, models.DateField):
            value = date.fromisoformat(value)
        found = self._slot_of(table.model, field, row, value)
        if found is not None:
            return self._mark(*found)
        return instant(value) if isinstance(value, datetime) else value

    def _marked(self, content: Any) -> Any:
        """Any JSON with marks where a text is the owner's, a code, a known place or an instant."""
        if isinstance(content, dict):
            return {key: self._marked(value) for key, value in content.items()}
        if isinstance(content, list):
            return [self._marked(value) for value in content]
        if not isinstance(content, str) or not content:
            return content
        if content in self._names:
            return self._mark("owner", self._names[content])
        if content == self._own["code"]:
            return self._mark("own", Dossier, "code", self._own["id"])
        if content == bytes(self._own["secret"]).hex():
            return self._mark("own", Dossier, "secret", self._own["id"])
        if content == self._own["intake_token"].hex:
            return self._mark("own", Dossier, "intake_token", self._own["id"])
        if len(content) >= 25 and content[10] == "T" and content[-6] in "+-":
            return self._mark("iso", datetime.fromisoformat(content))
        if len(content) == 10 and content[4] == content[7] == "-":
            return self._mark("day", date.fromisoformat(content))
        return self._mark("word", content)

    def _mark(self, *slot: Any) -> str:
        """A text that stands for a slot inside JSON, whatever is around it."""
        self._slot(*slot)
        return self._marks.setdefault(slot, f"\ue000{len(self._marks)}\ue001")

    def _parts(self, text: str) -> Parts:
        """A JSON text cut at the marks; the quotes around a mark belong to it."""
        slots = list(self._marks)
        parts: Parts = []
        for number, piece in enumerate(text.split('"\ue000')):
            if number == 0:
                parts.append(piece)
                continue
            index, _, rest = piece.partition('\ue001"')
            parts += [slots[int(index)], rest]
        return parts

    # --- copying ------------------------------------------------------------------------

    def copy(self, rows: Rows, cast: Cast, slip_numbers: Mapping[int, tuple[int, int]]) -> None:
        """Put a copy among the rows. In: who plays it; number and year of each slip by the id it
        has in the life.
        """
        salt, owner = random_bytes.token_bytes(16), cast.owner
        values: dict[Slot, Any] = {slot: rows.take(slot[1]) for slot in self._ids}
        for slot in self._instants:
            values[slot] = slot[1] + cast.shift
        own, received = self._own["id"], self.received + cast.shift
        token = UUID(bytes=TOKEN + random_bytes.token_bytes(12))
        values |= {
            ("own", Dossier, "code", own): cast.code,
            ("own", Dossier, "register_number", own): cast.register,
            ("own", Dossier, "register_year", own): _local(received).year,
            ("own", Dossier, "secret", own): cast.secret,
            ("own", Dossier, "salt", own): salt,
            ("own", Dossier, "intake_token", own): token,
        }
        for slot in self._slots:
            if slot[0] == "place":
                values[slot] = cast.places.get((slot[1], slot[2]), slot[2])
            elif slot[0] == "owner":
                values[slot] = getattr(owner, slot[1])
            elif slot[0] == "word":
                values[slot] = cast.words.get(slot[1], slot[1])
        for pk, (number, year) in slip_numbers.items():
            values["own", Slip, "number", pk], values["own", Slip, "year", pk] = number, year
        written = _Written(values)
        for name in ("owner", "page"):
            values["salted", name] = _salted(salt, canonical([name, cast.code]))
        for slot in self._slots:
            if slot[0] == "replaces":
                values[slot] = self._named_anew(slot[1], slip_numbers, cast.shift)
        self._snapshots(values, written)
        for slot, parts in self._digests:
            values[slot] = _salted(salt, written.text(parts))
        head = GENESIS
        for parts, pk in zip(self._events, self._event_ids, strict=True):
            text = written.text(parts)
            values["own", Event, "text", pk], values["own", Event, "previous", pk] = text, head
            head = values["own", Event, "hash", pk] = chain(head, text)
        values["own", Dossier, "event_hash", own] = head
        for model, columns in self._rows:
            rows.add(
                model,
                {
                    name: values[slot] if slot is not None else value
                    for name, slot, value in columns
                },
            )
        self._search_keys(rows, values, owner)

    def _named_anew(
        self, name: str, slip_numbers: Mapping[int, tuple[int, int]], shift: timedelta
    ) -> str:
        """The full name of a slip that another replaces, with the number and the day that it has in
        the copy.
        """
        for pk, _, made_at, _ in self.slips:
            old, new = day_words(_local(made_at)), day_words(_local(made_at + shift))
            number = f" số {self._slip_numbers[pk]}/"
            if number in name and old in name:
                return name.replace(number, f" số {slip_numbers[pk][0]}/").replace(old, new)
        return name

    def _snapshots(self, values: dict[Slot, Any], written: _Written) -> None:
        for pk, parts in self._drawn.items():
            text = written.text(parts)
            values["own", Slip, "snapshot", pk] = text
            values["own", Slip, "sha256", pk] = hashlib.sha256(text.encode()).hexdigest()

    def _search_keys(self, rows: Rows, values: Mapping[Slot, Any], owner: Somebody) -> None:
        texts = dict.fromkeys(
            key for name in (owner.name, *self._submitters) for key in keys_of(name)
        )
        dossier = values["pk", Dossier, self._own["id"]]
        offices = dict.fromkeys(
            values["place", Agency, self._own[name]]
            for name in ("agency_id", "received_by_agency_id")
        )
        for office in offices:
            for text in texts:
                rows.add(
                    NameKey,
                    {
                        "id": rows.take(NameKey),
                        "dossier_id": dossier,
                        "agency_id": office,
                        "text": text,
                    },
                )


class _Written:
    """The slots of one copy as JSON writes them, each written once."""

    def __init__(self, values: Mapping[Slot, Any]) -> None:
        self._values = values
        self._texts: dict[Slot, str] = {}

    def text(self, parts: Parts) -> str:
        return "".join([part if isinstance(part, str) else self._json(part) for part in parts])

    def _json(self, slot: Slot) -> str:
        known = self._texts.get(slot)
        if known is None:
            known = self._texts[slot] = json.dumps(
                _plain(slot[0], self._values[slot]), ensure_ascii=False
            )
        return known


def _plain(kind: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat() if kind == "iso" else instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | bytes):
        return value.hex if isinstance(value, UUID) else value.hex()
    return value


def _rows(model: type[models.Model], dossier_id: int) -> list[dict[str, Any]]:
    """The rows of a life, without the keys that are made of names."""
    if model is NameKey:
        return []
    if model is Dossier:
        rows: Any = Dossier.objects.filter(pk=dossier_id)
    elif model is Batch:
        rows = Batch.objects.filter(hand_overs__dossier=dossier_id).distinct()
    else:
        rows = model._default_manager.filter(dossier=dossier_id)
    return list(rows.order_by("id").values())


def _local(at: datetime) -> date:
    return at.astimezone(VN).date()


def _salted(salt: bytes, text: str) -> str:
    """onestop.rows.digest of what is canonical already."""
    return hashlib.sha256(salt + text.encode()).hexdigest()[:32]
