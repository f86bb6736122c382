"""What other systems must know of acts: one row of the ground floor's outbox an event, written by
the one writer in the same transaction. Nothing, and no query, where no system is connected.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from dossiers import registry
from dossiers.models import Dossier, Event
from onestop.outbox import facts
from onestop.rows import as_written

TOPIC = "dossier"


def say(done: Iterable[tuple[Dossier, Sequence[Event]]]) -> None:
    """Of each act that does more than print. Ids, instants and numbers only: whoever tells it on
    reads names where they stand.
    """
    if not facts.wanted(TOPIC):
        return
    told = [
        (event, dossier)
        for dossier, events in done
        for event in events
        if not registry.get(event.kind).only_prints
    ]
    if told:
        at = told[0][0].recorded_at
        facts.say(TOPIC, [(one.code, _payload(event, one)) for event, one in told], at=at)


def _payload(event: Event, dossier: Dossier) -> dict[str, Any]:
    told = orjson.loads(event.text)
    return {
        "dossier": dossier.pk,
        "seq": event.seq,
        "kind": event.kind,
        "at": as_written(event.at),
        # As it was after this event: further events of the same act may have gone on.
        "state": told["state"],
        # The row that says more of it, where the act wrote one.
        "row": told["data"].get("row"),
        "due": as_written(dossier.due_at),
        "ended": as_written(dossier.ended_at),
        "officer": event.officer_id,
        "department": dossier.holder_department_id,
        "agency": event.agency_id,
        "channel": dossier.channel,
    }
