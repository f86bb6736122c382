"""Events: canonical text and hash chain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dossiers.models import Dossier, Event
from onestop.instants import instant
from onestop.rows import canonical, chain


def head_of(event: Event) -> dict[str, Any]:
    """What the columns of an event say, as its text must say it too."""
    return {
        "dossier": event.dossier_id,
        "agency": event.agency_id,
        "seq": event.seq,
        "kind": event.kind,
        "at": instant(event.at),
        "recorded": instant(event.recorded_at),
        "officer": event.officer_id,
        "for": event.acting_for_id,
        "press": event.press.hex if event.press else None,
    }


def seal(event: Event, dossier: Dossier, data: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    """Give a new event its text and its place in the chain; moves the dossier's head of chain.

    In: what the verb keeps (`data`), and what the writer saw written (`said`: ledger/fold.py).
    """
    head = head_of(event)
    if event.press is None:
        del head["press"]  # as in nearly every event
    event.text = canonical({**head, "state": int(dossier.state), "data": data, **said})
    event.hash = dossier.event_hash = chain(dossier.event_hash, event.text)
