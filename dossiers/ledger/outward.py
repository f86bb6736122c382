"""What other systems must know of acts: one row of the ground floor's outbox an event, written by
the one writer in the same transaction. Nothing, and no query, where no system is connected.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db.models import OuterRef, Subquery
from django.utils import timezone

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


def say_as_now(dossiers: Sequence[Dossier], *, only: str, at: datetime) -> None:
    """Of dossiers that are locked and whose acts a system was never told: the newest act of each, as one
    fact for that system alone (`only`), of the day on which they were received. Earlier acts are not told.
    Two statements.
    """
    if not dossiers or not facts.wanted(TOPIC):
        return
    by_id = {one.pk: one for one in dossiers}
    prints = [act.name for act in registry.all_acts() if act.only_prints]
    acts = Event.objects.filter(dossier=OuterRef("pk")).exclude(kind__in=prints).order_by("-seq")
    newest = Dossier.objects.filter(pk__in=by_id).annotate(newest=Subquery(acts.values("pk")[:1]))
    told = []
    for event in Event.objects.filter(pk__in=newest.values("newest")).order_by("dossier"):
        dossier = by_id[event.dossier_id]
        day = timezone.localdate(dossier.received_at).isoformat()
        told.append((dossier.code, _payload(event, dossier) | {"only": only, "day": day}))
    facts.say(TOPIC, told, at=at)


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
