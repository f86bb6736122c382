"""Interval rows that reports read: closed and opened by the lifecycle writer when the counting group changes."""

from __future__ import annotations

from datetime import datetime

from dossiers.models import Dossier, Span
from dossiers.states import ENDED, WAITING


def group_of(state: int | None) -> int | None:
    """The counting group of a state; None before a dossier counts at all (R-109)."""
    if state in WAITING:
        return Span.Group.WAITING
    if state in ENDED:
        return Span.Group.ENDED
    return Span.Group.WORKING if state in (2, 4) else None


def follow(dossier: Dossier, *, before: int | None, promised: datetime | None, at: datetime, recorded_at: datetime) -> None:
    """Close the current interval and open the next one if the group changed, or the promise that decides the verdict while the
    dossier is open. In: state and legal promise before the act. One or two statements, none otherwise.
    """
    old, new = group_of(before), group_of(dossier.state)
    if old == new and (new == Span.Group.ENDED or dossier.legal_due_at == promised):
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
