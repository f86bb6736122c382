"""Interval rows that reports read: closed and opened by the lifecycle writer when the counting group changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dossiers.domain.events import instant
from dossiers.models import Dossier, Span
from dossiers.states import ENDED, WAITING


def group_of(state: int | None) -> int | None:
    """The counting group of a state; None before a dossier counts at all (R-109)."""
    if state in WAITING:
        return Span.Group.WAITING
    if state in ENDED:
        return Span.Group.ENDED
    return Span.Group.WORKING if state in (2, 4) else None


def follow(
    dossier: Dossier, *, before: int | None, promised: datetime | None, verdict: int | None, at: datetime, recorded_at: datetime
) -> None:
    """Close the current interval and open the next one if the group changed, or the promise that decides the verdict while the
    dossier is open, or the verdict after its end. In: state, legal promise and verdict before the act. One or two statements, none
    otherwise.
    """
    old, new = group_of(before), group_of(dossier.state)
    if old == new and (dossier.verdict == verdict if new == Span.Group.ENDED else dossier.legal_due_at == promised):
        return
    if old is not None:
        Span.objects.filter(dossier=dossier, to_at=None).update(to_at=at, to_recorded=recorded_at)
    if new is not None:
        Span.objects.create(
            dossier=dossier,
            agency_id=dossier.agency_id,
            field_id=dossier.field_id,
            channel=dossier.channel,
            group=new,
            from_at=at,
            from_recorded=recorded_at,
            promise=dossier.legal_due_at,
            verdict=dossier.verdict,
        )


# What an interval says, in the order of Interval.
COLUMNS = ("agency_id", "field_id", "channel", "group", "from_at", "from_recorded", "promise", "verdict", "to_at", "to_recorded")
_INSTANTS = frozenset({"from_at", "from_recorded", "promise", "to_at", "to_recorded"})
Interval = list[Any]


def interval(values: Sequence[Any]) -> Interval:
    """An interval row as `folded` writes it. In: the columns of COLUMNS."""
    return [instant(value) if name in _INSTANTS else value for name, value in zip(COLUMNS, values, strict=True)]


def folded(payloads: Sequence[dict[str, Any]], dossier: Dossier) -> list[Interval]:
    """The intervals that follow() wrote, folded from the contents of a dossier's events: oldest first, the events of one act as one."""
    found: list[Interval] = []
    old, promised, verdict = None, None, None
    for number, payload in enumerate(payloads):
        if number + 1 < len(payloads) and "act" in payloads[number + 1]["data"]:
            continue  # the act goes on
        after, at, recorded = payload["after"], payload["at"], payload["recorded"]
        new, legal = group_of(after["state"]), after["legal"]
        if old != new or (after["verdict"] != verdict if new == Span.Group.ENDED else legal != promised):
            if old is not None:
                found[-1][-2:] = [at, recorded]
            if new is not None:
                fixed = [payload["agency"], dossier.field_id, dossier.channel, int(new)]
                found.append([*fixed, at, recorded, legal, after["verdict"], None, None])
        old, promised, verdict = new, legal, after["verdict"]
    return found
