"""Seals: what an act leaves in the rows beside its event, as salted digests inside the event.

A row changed, removed or put in past the verbs then differs from what the last event that sealed it says (verifying.py). The
columns of a seal are named here one by one and never change their order: an event is for ever, a column added later is not in it.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import ForeignKey

from dossiers.models import ClockChange, CounterVisit, Dossier, DossierPaper, Ending, HandOver, Result, Return, Submitter, Supplement
from onestop.files.models import Attachment

if TYPE_CHECKING:
    from django.db.models import Model

# What is written at reception and by no ordinary act after it.
FIXED = (
    "code", "received_by_agency_id", "register_year", "register_volume", "register_number", "version_id", "case_id", "field_id",
    "channel", "kiosk", "out_of_area", "owner_kind", "owner_name", "identity_kind", "identity_number", "identity_note", "phone",
    "email", "address", "summary", "sets", "return_by_post", "no_scan_reason", "fee_amount", "fee_reason", "secret", "received_at",
    "recorded_at", "received_by_id", "intake_token", "term",
)  # fmt: skip
# What acts move, beside the columns that every event names (events.standing).
MOVING = (
    "first_due_at", "late_from", "warn_at", "sort_due", "provisional", "undetermined", "calendar_key", "late_while_waiting",
    "pending_officer_id", "forward_by", "step_order", "step_name", "step_due_at", "returned_at",
)  # fmt: skip
DOSSIER = "dossier"

_fixed_of = attrgetter(*FIXED)
_moving_of = attrgetter(*MOVING)


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one table that hang on a dossier: their sealed columns, and the acts that write them."""

    model: type[Model]
    columns: tuple[str, ...]
    acts: frozenset[str]
    key: str = "dossier_id"
    only: Mapping[str, Any] = field(default_factory=dict)


def _acts(*names: str) -> frozenset[str]:
    """These, and taking any of them back."""
    return frozenset(names) | {"take_back"}


PARTS: dict[str, Part] = {
    "papers": Part(
        DossierPaper,
        ("id", "paper_id", "order", "name", "originals", "certified", "copies", "from_database", "originals_returned"),
        _acts("receive", "give_back"),
    ),
    "submitter": Part(Submitter, ("id", "name", "identity_number", "phone", "authorisation"), frozenset({"receive"})),
    "files": Part(
        Attachment,
        ("id", "kind", "name", "content_type", "size", "sha256"),
        _acts("receive", "record_result"),
        key="object_id",
        only={"kind__in": ("dossier", "result", "result-undone")},
    ),
    "hand_overs": Part(
        HandOver,
        (
            "id", "batch_id", "seq", "purpose", "giver_id", "giver_role", "giver_department_id", "receiver_department_id", "receiver_id",
            "receiver_role", "step_name", "step_from", "step_minutes", "step_due_at", "next_step_order", "next_step_name",
            "next_step_minutes", "given_at", "confirm_by", "confirmed_at", "confirmed_by_id", "recalled_at", "outcome", "difference",
            "note",
        ),
        _acts("hand_over", "recall", "confirm", "move_desk", "withdraw", "stop"),
    ),
    "clock": Part(
        ClockChange,
        ("id", "kind", "start", "end", "extra", "basis", "due_before", "due_after", "undone"),
        _acts("ask_supplement", "complete_supplement", "re_appoint", "move_by_calendar"),
    ),
    "supplements": Part(
        Supplement,
        (
            "id", "round", "items", "reason", "legal_basis", "approver_id", "approval_reason", "proposed_by_id", "proposed_at",
            "issued_by_id", "issued_at", "respond_by", "mode", "change_id", "completed_by_id", "completed_at", "late",
            "undone",
        ),
        _acts("propose_supplement", "ask_supplement", "complete_supplement"),
    ),
    "results": Part(
        Result,
        (
            "id", "kind", "title", "number", "issued_on", "signer", "reason", "electronic", "recorded_by_id", "recorded_at",
            "replaced_by_id",
        ),
        _acts("record_result", "finish"),
    ),
    "returns": Part(
        Return,
        (
            "id", "way", "taker", "taker_name", "taker_identity", "authorisation", "post_number", "papers_back", "note", "given_by_id",
            "given_at", "undone",
        ),
        _acts("give_back"),
    ),
    "endings": Part(
        Ending,
        (
            "id", "kind", "requested_by", "requested_at", "stage", "reason", "decision_number", "signer", "fee_consequence", "officer_id",
            "at", "undone",
        ),
        _acts("withdraw", "stop"),
    ),
    # Columns that came later, sealed apart: what was sealed before them goes on to fit.
    "authorised": Part(Ending, ("id", "authorisation"), _acts("withdraw", "stop"), only={"authorisation__gt": ""}),
    "visits": Part(
        CounterVisit,
        (
            "id", "kind", "token", "agency_id", "version_id", "owner_name", "identity_number", "phone", "email", "address", "items",
            "reason", "officer_id", "at", "approver_id", "approval_reason",
        ),
        frozenset({"receive"}),
    ),
}  # fmt: skip


def moving(values: Iterable[Any]) -> str:
    """The digest of the MOVING columns; no personal data, so without salt."""
    return hashlib.sha256(text_of(list(values)).encode()).hexdigest()[:16]


def moving_of(dossier: Dossier) -> str:
    return moving(_moving_of(dossier))


def fixed(salt: bytes | memoryview, values: Iterable[Any]) -> str:
    return _digest(salt, text_of(list(values)))


def fixed_of(dossier: Dossier) -> str:
    """The digest of the FIXED columns of a dossier as it is read from the database."""
    return fixed(dossier.salt, _fixed_of(dossier))


def fixed_when_saved(dossier: Dossier) -> str:
    """The same of a dossier that was never read back: its values become what their columns give back."""
    return fixed(dossier.salt, _as_saved(Dossier, FIXED, dossier))


def seal(salt: bytes | memoryview, rows: Sequence[Sequence[Any]]) -> str | None:
    """The digest of a part's rows, in the order of their ids; None where there are none."""
    return seal_of_texts(salt, [text_of(row) for row in rows]) if rows else None


def seal_of_texts(salt: bytes | memoryview, texts: Iterable[str]) -> str:
    """The same of what text_of() made of the rows."""
    return _digest(salt, "\n".join(texts))


def rows_in_hand(part: Part, rows: Iterable[Model]) -> list[Sequence[Any]]:
    """The sealed columns of rows that were just inserted and not read back."""
    return [_as_saved(part.model, part.columns, row) for row in sorted(rows, key=lambda row: row.pk)]


def rows_of(name: str, dossier_ids: Sequence[int]) -> dict[int, list[Sequence[Any]]]:
    """The sealed columns of a part's rows by dossier, in the order of their ids. One query."""
    part = PARTS[name]
    found: dict[int, list[Sequence[Any]]] = defaultdict(list)
    rows: Any = part.model._default_manager.filter(**{f"{part.key}__in": dossier_ids}, **part.only)
    for key, *values in rows.order_by("id").values_list(part.key, *part.columns):
        found[key].append(values)
    return found


def _as_saved(model: type[Model], columns: Sequence[str], row: Model) -> list[Any]:
    """What the database will give back: numbers as numbers, choices as their values."""
    return [convert(getattr(row, name)) for name, convert in zip(columns, _converters(model, columns), strict=True)]


def _converters(model: type[Model], columns: Sequence[str]) -> list[Callable[[Any], Any]]:
    by_name = {column.attname: column for column in model._meta.concrete_fields}
    fields = [by_name[name] for name in columns]
    return [(f.target_field if isinstance(f, ForeignKey) else f).to_python for f in fields]


def _digest(salt: bytes | memoryview, text: str) -> str:
    return hashlib.sha256(bytes(salt) + text.encode()).hexdigest()[:32]


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        since = value - _EPOCH
        return (since.days * 86400 + since.seconds) * 1_000_000 + since.microseconds
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return value.hex
    return bytes(value).hex()


# Columns as one line of text. Keys sorted: PostgreSQL does not keep the order of those of a JSON column.
text_of = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain).encode
