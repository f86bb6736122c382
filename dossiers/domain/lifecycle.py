"""The one writer. Only this module assigns `state`; every change of a dossier passes here.

    with change(dossier_id, by=desk, at=now, seen=row_version) as life:
        life.check("hand_over")            # asks the table and the rule; raises DomainError
        ...                                # write the rows of the act, set holder columns on life.dossier
        life.record("hand_over", {...})    # state, clock, event

Leaving the block writes, in this order: the dossier's columns, its events (the last one sealing the rows that the act wrote), its
span rows; all in one transaction on a locked row. A page that showed an older `row_version` gets a Conflict and nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from dossiers import rules
from dossiers.domain import deadlines, events, seals, spans
from dossiers.domain.deadlines import Keep
from dossiers.models import Dossier, Event
from dossiers.states import TRANSITIONS, WAITING, ClockEffect, State, Transition
from onestop.accounts.calendars import calendar_of
from onestop.errors import Conflict, DomainError, require

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk
    from onestop.worktime import Calendar


_MOVING = frozenset({ClockEffect.PAUSES, ClockEffect.RESUMES, ClockEffect.MOVES, ClockEffect.FOLLOWS})
# Which promises an act leaves as they stand on paper even when the calendar has changed since.
_KEPT = {
    ClockEffect.PAUSES: Keep.BOTH,
    ClockEffect.RESUMES: Keep.NONE,
    ClockEffect.MOVES: Keep.LEGAL,
    ClockEffect.FOLLOWS: Keep.NONE,
    ClockEffect.ENDS: Keep.VERSION,
}


class Life:
    """A locked dossier inside its transaction, the officer who acts, and the instants of the act."""

    def __init__(self, dossier: Dossier, *, by: Desk | None, at: datetime, recorded_at: datetime, is_new: bool = False) -> None:
        self.dossier = dossier
        self.by = by
        self.at = at
        self.recorded_at = recorded_at
        self.is_new = is_new
        self._state_before: int | None = None if is_new else dossier.state
        self._promised_before, self._verdict_before = dossier.legal_due_at, dossier.verdict
        self._fixed_before = "" if is_new else seals.fixed_of(dossier)
        self._events: list[Event] = []
        # Rows of the act that its verb has in hand, all there are of their part (seals.PARTS): what need not be read back.
        self.in_hand: dict[str, list[Any]] = {}

    @cached_property
    def calendar(self) -> Calendar:
        """The working calendar of the office that handles it."""
        return calendar_of(self.dossier.agency_id)

    @property
    def officer_id(self) -> int | None:
        return self.by.officer.pk if self.by else None

    @property
    def acting_for_id(self) -> int | None:
        """The absent holder this officer stands in for, if the dossier lies on that desk."""
        holder = self.dossier.holder_id
        return holder if self.by and holder in self.by.officer_ids and holder != self.officer_id else None

    def check(self, name: str) -> Transition:
        """Ask the table, then the rule. Raises DomainError("wrong_state" or the rule's code)."""
        row = TRANSITIONS[name]
        source = None if self.is_new and not self._events else State(self.dossier.state)
        if source not in row.sources:
            label = State(self.dossier.state).label if source is not None else "chưa tiếp nhận"
            raise DomainError("wrong_state", act=row.label.lower(), state=label)
        if self.by is not None:
            require(rules.may(name, self.by, self.dossier))
        return row

    def record(self, name: str, data: dict[str, Any] | None = None, *, target: State | None = None) -> Event:
        """Take the transition: assign the state, let the clock feel it, append the event. `target` only for take_back.

        The second and further events of one act name its first, so that the act is taken back as a whole.
        """
        row = TRANSITIONS[name]
        dossier = self.dossier
        was_waiting = dossier.is_waiting
        state = target or row.target
        if state is not None:
            dossier.state = state
            dossier.waiting_since = (dossier.waiting_since or self.at) if state in WAITING else None
        if row.clock is ClockEffect.ENDS:
            dossier.ended_at = self.at
        elif row.clock is ClockEffect.REOPENS and target is not None and target != State.FINISHED:
            dossier.ended_at = dossier.verdict = None
        # An end moves the clock only where a wait ends with it.
        if row.clock in _MOVING or (row.clock is ClockEffect.ENDS and was_waiting):
            deadlines.refold(dossier, self.calendar, keep=_KEPT[row.clock])
        if row.clock is ClockEffect.ENDS:
            dossier.verdict = deadlines.verdict_of(dossier, self.at, lambda: self.calendar)
        elif row.clock is ClockEffect.FOLLOWS and dossier.ended_at is not None:
            dossier.verdict = deadlines.verdict_of(dossier, dossier.ended_at, lambda: self.calendar)
        event = events.next_event(
            dossier,
            name,
            at=self.at,
            recorded_at=self.recorded_at,
            officer=self.officer_id,
            acting_for=self.acting_for_id,
            data=({"act": self._events[0].seq} if self._events else {}) | (data or {}),
        )
        self._events.append(event)
        return event

    def close(self) -> None:
        if self._events:
            events.close(self._events[-1], self.dossier, self._sealed())
        self.dossier.row_version += 1
        self.dossier.save()
        Event.objects.bulk_create(self._events)
        spans.follow(
            self.dossier,
            before=self._state_before,
            promised=self._promised_before,
            verdict=self._verdict_before,
            at=self.at,
            recorded_at=self.recorded_at,
        )

    def _sealed(self) -> dict[str, str]:
        """The seals of what the act wrote. One query a part that is not in hand."""
        dossier, kinds = self.dossier, {event.kind for event in self._events}
        fixed = seals.fixed_when_saved(dossier) if self.is_new else seals.fixed_of(dossier)
        found: dict[str, str | None] = {seals.DOSSIER: fixed if fixed != self._fixed_before else None}
        for name, part in seals.PARTS.items():
            if part.acts.isdisjoint(kinds):
                continue
            if name in self.in_hand:
                rows = seals.rows_in_hand(part, self.in_hand[name])
            else:
                rows = seals.rows_of(name, [dossier.pk]).get(dossier.pk, [])
            found[name] = seals.seal(dossier.salt, rows)
        return {name: seal for name, seal in found.items() if seal is not None}


@contextmanager
def change(
    dossier_id: int, *, by: Desk | None, at: datetime, seen: int | None = None, recorded_at: datetime | None = None
) -> Iterator[Life]:
    """Lock a dossier and change it in one transaction.

    In: id; who acts (None: the system itself); when it happened; `seen`, the row version of the page the officer acted on.
    Errors: Conflict when somebody else acted since; DomainError from check(). Nothing is written on any error.
    """
    with transaction.atomic():
        # No key is changed: rows that point here may be written meanwhile, and an officer's row locked by an act on the
        # account never waits for us while we wait for it.
        dossier = Dossier.objects.select_for_update(of=("self",), no_key=True).select_related("version", "agency").get(pk=dossier_id)
        if seen is not None and seen != dossier.row_version:
            raise _conflict(dossier)
        life = Life(dossier, by=by, at=at, recorded_at=recorded_at or at)
        yield life
        life.close()


@contextmanager
def begin(dossier: Dossier, *, by: Desk, at: datetime, calendar: Calendar, recorded_at: datetime | None = None) -> Iterator[Life]:
    """Start the life of a new dossier inside the caller's transaction: insert the row, let the block record, write the events."""
    life = Life(dossier, by=by, at=at, recorded_at=recorded_at or at, is_new=True)
    life.calendar = calendar
    life.check("receive")
    dossier.state = State.RECEIVED
    deadlines.refold(dossier, life.calendar)
    dossier.save(force_insert=True)
    yield life
    life.close()


def _conflict(dossier: Dossier) -> Conflict:
    last = Event.objects.filter(dossier=dossier).select_related("officer").order_by("-seq").first()
    who = last.officer.full_name if last and last.officer else "hệ thống"
    when = timezone.localtime(last.recorded_at).strftime("%H:%M") if last else ""
    return Conflict(who=who, at=when)
