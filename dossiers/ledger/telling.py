"""A whole life told at once: the events, rows and intervals of a dossier that lived elsewhere, as the
writer would have written them act by act. Touches no database: whoever tells many writes them
together (ledger/bulk.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import Any

from django.db.models import Model

from dossiers import registry
from dossiers.clock import deadlines
from dossiers.ledger import events, spans
from dossiers.ledger.record import Record
from dossiers.ledger.writer import enter
from dossiers.models import ClockChange, ClockKind, Dossier, Event
from dossiers.states import ClockEffect
from onestop import worktime
from onestop.instants import instant
from onestop.worktime import Calendar, parse_term

# What leaves the promise as it is; an end moves it only where a wait ends with it.
_STANDS = frozenset({ClockEffect.NONE, ClockEffect.ENDS})


class Telling:
    """One new dossier with its id and all its columns but those that acts write.

    `counts_as_happened`: each act counts in reports from when it happened, not from its recording.
    """

    def __init__(
        self,
        dossier: Dossier,
        calendar: Calendar,
        *,
        recorded_at: datetime,
        officer_id: int | None,
        counts_as_happened: bool,
    ) -> None:
        self.dossier = dossier
        self.events: list[Event] = []
        self.rows: list[Model] = []
        self._calendar = calendar
        self._recorded_at = recorded_at
        self._officer_id = officer_id
        self._counts_as_happened = counts_as_happened
        self._record = Record(dossier, is_new=True)
        self._changes: list[ClockChange] = []
        self._line = spans.Line()

    def add(self, row: Model) -> None:
        """A row of the next act, with its id."""
        self.rows.append(row)
        self._record.added(row)
        if isinstance(row, ClockChange):
            self._changes.append(row)

    def changing(self, row: Model) -> None:
        """Call before a row that was added is changed by the next act."""
        self._record.changing(row)

    def fold(self) -> None:
        """The promise columns, from the lines of the ledger so far."""
        dossier = self.dossier
        clock = worktime.fold(
            dossier.received_at,
            parse_term(dossier.term),
            self._calendar,
            deadlines.changes_of(self._changes, dossier.ended_at),
        )
        deadlines.write(dossier, clock, self._calendar)

    def record(
        self,
        name: str,
        *,
        at: datetime,
        data: dict[str, Any],
        then: Callable[[], None] = lambda: None,
    ) -> None:
        """Do the act: state, promise, event. What was added or changed since the last one is its,
        and what `then` writes when the promise stands.
        """
        act, dossier = registry.get(name), self.dossier
        asked = dossier.waiting_since
        enter(dossier, act, at)
        if act.clock not in _STANDS or (act.clock is ClockEffect.ENDS and asked is not None):
            self.fold()
        if act.clock is ClockEffect.ENDS:
            dossier.verdict = self._verdict(at, asked)
        then()
        dossier.event_seq += 1
        event = Event(
            dossier_id=dossier.pk,
            agency_id=dossier.agency_id,
            seq=dossier.event_seq,
            kind=name,
            at=at,
            recorded_at=self._recorded_at,
            officer_id=self._officer_id,
        )
        self._record.mark()
        said, _ = self._record.said()
        self._record.next_event()
        self._record.forget_rows()
        counts = {"counts": instant(at)} if self._counts_as_happened else {}
        events.seal(event, dossier, data, said | counts)
        self.events.append(event)
        step = spans.Step.of(dossier, event.seq, name, data)
        self._line.take(step, at=at, known=at if self._counts_as_happened else event.recorded_at)

    def _verdict(self, at: datetime, asked: datetime | None) -> int:
        """Ended while waiting, it is as it was when it was asked: a promise taken over is moved by
        no wait, so the instant of the request is judged.
        """
        is_given = any(row.kind == ClockKind.TAKEN_OVER for row in self._changes)
        judged = asked if asked is not None and is_given else at
        return deadlines.verdict_of(self.dossier, judged, lambda: self._calendar)

    def spans(self) -> list[dict[str, Any]]:
        """The columns of its intervals."""
        own = {"dossier_id": self.dossier.pk}
        return [
            own | {name: v.value if isinstance(v, Enum) else v for name, v in row.items()}
            for row in self._line.rows
        ]
