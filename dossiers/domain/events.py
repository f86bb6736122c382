"""Events: canonical text, hash chain, and the fold that gives the stored columns back."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from dossiers.domain import seals
from dossiers.models import Dossier, Event

GENESIS = "0" * 64


def instant(at: datetime | None) -> str | None:
    """An instant as the canonical text writes it: UTC, microseconds, so that any engine gives the same."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z" if at is not None else None


def moment(text: str | None) -> datetime | None:
    """The instant that a canonical text wrote."""
    return datetime.fromisoformat(text) if text else None


def canonical(payload: dict[str, Any]) -> str:
    """One text for one content: sorted keys, no spaces, letters as they are."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def chain(previous: str, text: str) -> str:
    """The hash of an event over the hash before it and its own text."""
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def digest(salt: bytes | memoryview, *values: str) -> str:
    """A salted digest that stands for personal data in an event: proves equality, tells nothing, dies with the salt."""
    return hashlib.sha256(bytes(salt) + "\x1f".join(values).encode()).hexdigest()[:32]


def standing(dossier: Dossier) -> dict[str, Any]:
    """The stored columns that events must be able to give back; "rest" stands for those of seals.MOVING."""
    return {
        "state": int(dossier.state),
        "due": instant(dossier.due_at),
        "legal": instant(dossier.legal_due_at),
        "holder": dossier.holder_id,
        "desk": dossier.holder_department_id,
        "pending": dossier.pending_department_id,
        "waiting": instant(dossier.waiting_since),
        "ended": instant(dossier.ended_at),
        "verdict": dossier.verdict,
        "rest": seals.moving_of(dossier),
    }


def next_event(
    dossier: Dossier, kind: str, *, at: datetime, recorded_at: datetime, officer: int | None, acting_for: int | None, data: dict[str, Any]
) -> Event:
    """The next event of a dossier, not saved; moves the dossier's head of chain. In: the columns as they stand after the act."""
    seq = dossier.event_seq + 1
    text = canonical(
        {
            "dossier": dossier.pk,
            "agency": dossier.agency_id,
            "seq": seq,
            "kind": kind,
            "at": instant(at),
            "recorded": instant(recorded_at),
            "officer": officer,
            "for": acting_for,
            "after": standing(dossier),
            "data": data,
        }
    )
    event = Event(
        dossier=dossier,
        agency_id=dossier.agency_id,
        seq=seq,
        kind=kind,
        at=at,
        recorded_at=recorded_at,
        officer_id=officer,
        acting_for_id=acting_for,
        text=text,
        previous=dossier.event_hash,
        hash=chain(dossier.event_hash, text),
    )
    dossier.event_seq, dossier.event_hash = seq, event.hash
    return event


def close(event: Event, dossier: Dossier, rows: dict[str, str]) -> None:
    """Make the newest event the last of its act: the columns as they stand now, and the seals of the rows that the act wrote."""
    payload = json.loads(event.text) | {"after": standing(dossier), "rows": rows}
    event.text = canonical(payload)
    event.hash = dossier.event_hash = chain(event.previous, event.text)
