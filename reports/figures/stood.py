"""How dossiers stood by a cut: the events that count by then, folded."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dossiers.ledger.fold import Standing, fold
from dossiers.models import Event
from onestop.instants import instant


def told_of(ids: Sequence[int], cut: datetime) -> dict[int, list[dict[str, Any]]]:
    """The events of dossiers that count by the cut, oldest first. One statement."""
    until = instant(cut)
    assert until is not None
    told: dict[int, list[dict[str, Any]]] = defaultdict(list)
    events = Event.objects.filter(dossier__in=ids).order_by("dossier_id", "seq")
    for pk, text in events.values_list("dossier_id", "text"):
        payload = json.loads(text)
        if payload.get("counts", payload["recorded"]) <= until:
            told[pk].append(payload)
    return told


def stood(ids: Sequence[int], cut: datetime) -> dict[int, tuple[int, Standing]]:
    """State, columns and rows of dossiers. One statement."""
    told = told_of(ids, cut)
    return {pk: (payloads[-1]["state"], fold(payloads)) for pk, payloads in told.items()}
