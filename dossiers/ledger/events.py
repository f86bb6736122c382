"""Events: canonical text and hash chain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dossiers.models import Dossier, Event
from onestop.rows import as_written, canonical, chain

# What the columns of an event say, as its text must say it too: by its key there.
HEAD = {
    "dossier": "dossier_id",
    "agency": "agency_id",
    "seq": "seq",
    "kind": "kind",
    "at": "at",
    "recorded": "recorded_at",
    "officer": "officer_id",
    "for": "acting_for_id",
    "press": "press",
}


def head_of(event: Event) -> dict[str, Any]:
    return {key: as_written(getattr(event, column)) for key, column in HEAD.items()}


def seal(event: Event, dossier: Dossier, data: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    """Give a new event its text and its place in the chain; moves the dossier's head of chain.

    In: what the verb keeps (`data`), and what the writer saw written (`said`: ledger/fold.py).
    """
    head = head_of(event)
    if event.press is None:
        del head["press"]  # as in nearly every event
    event.text = canonical({**head, "state": int(dossier.state), "data": data, **said})
    event.hash = dossier.event_hash = chain(dossier.event_hash, event.text)
