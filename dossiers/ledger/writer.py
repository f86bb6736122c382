"""The one writer. Only this module assigns `state`; every change of a dossier and of the rows
beside it passes here.

    with change(dossier_id, by=desk, at=now, seen=row_version) as life:
        life.check("withdraw")                       # asks the act's declaration; raises
        DomainError life.add(Ending(dossier=life.dossier, ...))  # rows of the act: added, changed,
        voided through the writer
        life.dossier.holder = None                   # columns are simply set
        life.record("withdraw", {...})               # state, clock, event

The writer compares and remembers: each event says every column and row that was written since the
event before it, the last one also what came after it (ledger/fold.py), so that taking back,
verification and the "as of" of every figure follow from the record.

Leaving the block writes, in this order: the dossier's columns, its events, what erasable words they
keep, its span rows; all in one transaction on a locked row. A page that showed an older
`row_version` gets a Conflict and nothing is written.

Many dossiers of one press are changed in one transaction too (ledger/many.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from dossiers import registry
from dossiers.clock import deadlines
from dossiers.clock.deadlines import Keep
from dossiers.ledger import events, outward, spans
from dossiers.ledger.history import is_beside
from dossiers.ledger.pens import AtOnce, Common, Pen
from dossiers.ledger.record import Record
from dossiers.models import Dossier, Event, WordsBefore
from dossiers.models.legs import Leg, LegState, waited_for
from dossiers.states import ENDED, WAITING, ClockEffect, State
from onestop.accounts.desk import Desk
from onestop.errors import Conflict, DomainError, require
from onestop.outbox.models import Message
from onestop.worktime import Calendar

_MOVING = frozenset(
    {
        ClockEffect.PAUSES,
        ClockEffect.RESUMES,
        ClockEffect.GOES_ON,
        ClockEffect.MOVES,
        ClockEffect.EXTENDS,
        ClockEffect.FOLLOWS,
        ClockEffect.BEGINS,
    }
)
# Which promises an act leaves as they stand on paper even when the calendar has changed since
#
_KEPT = {
    ClockEffect.PAUSES: Keep.BOTH,
    ClockEffect.RESUMES: Keep.NONE,
    ClockEffect.GOES_ON: Keep.NONE,
    ClockEffect.MOVES: Keep.LEGAL,
    ClockEffect.EXTENDS: Keep.NONE,
    ClockEffect.FOLLOWS: Keep.NONE,
    ClockEffect.BEGINS: Keep.NONE,
    ClockEffect.ENDS: Keep.VERSION,
}
Row = TypeVar("Row", bound=Model)
V = TypeVar("V")


def enter(dossier: Dossier, act: registry.Act, at: datetime) -> None:
    """Assign the state that an act leads to, with the instants that stand beside it."""
    if act.target is not None:
        dossier.state = act.target
        dossier.waiting_since = (dossier.waiting_since or at) if act.target in WAITING else None
    if act.clock in (ClockEffect.ENDS, ClockEffect.VOIDS):
        dossier.ended_at = at


@dataclass(frozen=True, slots=True)
class Acting:
    """What is the same for each dossier of one act: who acts, and its instants; `press`, when it is
    one of many that one press does.
    """

    by: Desk | None
    at: datetime
    recorded_at: datetime
    press: UUID | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What the act on one dossier leaves to be written when it is through."""

    dossier: Dossier
    events: list[Event]
    words: list[WordsBefore]
    line: spans.Line | None


class Life:
    """A locked dossier inside its transaction, the officer who acts, and the instants of the act."""

    def __init__(
        self,
        dossier: Dossier,
        act: Acting,
        *,
        pen: Pen,
        common: Common,
        is_new: bool = False,
    ) -> None:
        self.dossier = dossier
        self.by = act.by
        self.press = act.press
        self.at = act.at
        self.recorded_at = act.recorded_at
        self.is_new = is_new
        self._pen, self._common = pen, common
        self._before = None if is_new else spans.Counted.of(dossier)
        self._counted: list[spans.Step] = []
        self._record = Record(dossier, is_new=is_new)
        self._events: list[Event] = []
        self._words: list[WordsBefore] = []
        self._data: dict[str, Any] = {}

    @cached_property
    def calendar(self) -> Calendar:
        """The working calendar of the office that handles it."""
        return self._common.calendar_of(self.dossier.agency_id)

    @property
    def officer_id(self) -> int | None:
        return self.by.officer.pk if self.by else None

    @property
    def acting_for_id(self) -> int | None:
        """The absent holder this officer stands in for, if the dossier lies on that desk."""
        holder = self.dossier.holder_id
        return (
            holder
            if self.by and holder in self.by.officer_ids and holder != self.officer_id
            else None
        )

    def ask(self, read: Callable[[Sequence[int]], Mapping[int, V]]) -> V:
        """What `read` tells of this dossier, by ids: read once for all dossiers of the act, as they
        were before it. Rows that come so are changed in hand, and are not read again.
        """
        return self._common.ask(read)[self.dossier.pk]

    # --- rows -------------------------------------------------------------------------------------

    def alone(self) -> None:
        """Call before the act writes to the database by itself or reads there what it wrote: from
        here on it does not wait for the other dossiers of its press. What it writes is gone when it
        is refused.
        """
        self._pen = self._pen.alone()

    def add(self, row: Row) -> Row:
        """Insert a row of the act."""
        self._pen.add(row)
        self._record.added(row)
        return row

    def added(self, row: Model) -> None:
        """Remember a row of the act that another app inserted."""
        self._record.added(row)

    def add_all(self, model: type[Row], rows: Iterable[Row]) -> list[Row]:
        """Insert rows of one table. One statement."""
        made = self._pen.add_all(model, rows)
        for row in made:
            self._record.added(row)
        return made

    def change(self, row: Model, **columns: Any) -> None:
        """Change columns of a row read inside this block."""
        self.change_all([row], **columns)

    def change_all(self, rows: Iterable[Model], **columns: Any) -> None:
        """Give rows of one table the same values. One statement."""
        rows = list(rows)
        for row in rows:
            self._record.changing(row)
            for name, value in columns.items():
                setattr(row, name, value)
        if rows:
            self._pen.change(rows, columns)

    def void(self, *rows: Model) -> None:
        """Mark rows as undone; they stay, and say when."""
        for row in rows:
            self.change(row, undone_at=self.at, undone_recorded_at=self.recorded_at)

    @property
    def wrote_rows(self) -> bool:
        """Whether rows were written since the last event."""
        return self._record.has_more

    # --- the act ----------------------------------------------------------------------------------

    def check(self, name: str) -> registry.Act:
        """Ask the act's declaration: the state first, then the rule. Raises
        DomainError("wrong_state" or the rule's code).
        """
        act = registry.get(name)
        source = None if self.is_new and not self._events else State(self.dossier.state)
        if source not in act.sources:
            label = State(self.dossier.state).label if source is not None else "chưa tiếp nhận"
            raise DomainError("wrong_state", act=act.label.lower(), state=label)
        if self.by is not None:
            require(act.answer(self.by, self.dossier))
        return act

    def record(
        self, name: str, data: dict[str, Any] | None = None, *, keep: Keep | None = None
    ) -> Event:
        """Do the act: assign the state, let the clock feel it, append the event.

        `keep`: which promises stand as they are on paper, where the act says otherwise than its
        effect on the clock does.

        The second and further events of one verb name its first, so that they are taken back as a
        whole.
        """
        act, dossier = registry.get(name), self.dossier
        self._seal_event()
        if dossier.open_legs and act.target in ENDED:
            self._end_legs(act)
        was_waiting = dossier.is_waiting
        enter(dossier, act, self.at)
        # An end moves the clock only where a wait ends with it.
        if act.clock in _MOVING or (act.clock is ClockEffect.ENDS and was_waiting):
            stands = _KEPT[act.clock] if keep is None else keep
            deadlines.refold(dossier, self.calendar, keep=stands)
        if act.clock is ClockEffect.ENDS:
            dossier.verdict = deadlines.verdict_of(dossier, self.at, lambda: self.calendar)
        elif act.clock is ClockEffect.FOLLOWS and dossier.ended_at is not None:
            dossier.verdict = deadlines.verdict_of(dossier, dossier.ended_at, lambda: self.calendar)
        dossier.event_seq += 1
        event = Event(
            dossier=dossier,
            agency_id=dossier.agency_id,
            seq=dossier.event_seq,
            kind=name,
            at=self.at,
            recorded_at=self.recorded_at,
            officer_id=self.officer_id,
            acting_for_id=self.acting_for_id,
            press=self.press,
        )
        self._data = ({"act": self._events[0].seq} if self._events else {}) | (data or {})
        self._events.append(event)
        self._record.mark()
        return event

    def tell(self, notices: Iterable[Message | None]) -> None:
        """Notices that this act posted (None: one that had been posted before): the event keeps
        which, so that taking the act back says so in them.
        """
        if posted := [notice.pk for notice in notices if notice is not None]:
            self._data["told"] = [*self._data.get("told", ()), *posted]

    def _end_legs(self, act: registry.Act) -> None:
        """No leg outlives its dossier: the end closes those that are open, by their numbers; with a
        result nothing ends while one is.
        """
        if act.target == State.FINISHED:
            raise DomainError("legs_open", who=waited_for(self.dossier.pk))
        self.alone()
        legs = Leg.objects.open().filter(dossier=self.dossier).order_by("number")
        officer = self.by.officer if self.by else None
        told = {"version": self.dossier.event_seq + 1, "ended_at": self.at, "ended_by": officer}
        self.change_all(legs, state=LegState.CLOSED, **told)
        self.dossier.open_legs = 0

    def settle(self) -> None:
        """What was written since the last event belongs to it, though another one follows in this
        block.
        """
        self._record.mark()

    def _seal_event(self) -> None:
        """Write into the newest event what was written up to its mark, and chain it."""
        if not self._events:
            return
        event, (said, words) = self._events[-1], self._record.said()
        self._record.next_event()
        if words:
            self._words.append(WordsBefore(event=event, dossier=self.dossier, text=words))
        events.seal(event, self.dossier, self._data, said)
        self._counted.append(spans.Step.of(self.dossier, event.seq, event.kind, self._data))

    def done(self) -> list[Written]:
        """What the block did, to be written; nothing where it recorded no act."""
        dossier = self.dossier
        if not self._events:
            return []
        self._record.mark()
        self._seal_event()
        if not all(is_beside(event) for event in self._events):
            dossier.row_version += 1
        line = spans.follow(
            dossier,
            self._before,
            self._counted,
            at=self.at,
            known=self.recorded_at,
            read=lambda: self.ask(spans.rows_of),
        )
        return [Written(dossier, self._events, self._words, line)]


def write(done: Sequence[Written]) -> None:
    """Events in the order of the acts, with what they keep, the intervals that follow, and what
    other systems must know.
    """
    Event.objects.bulk_create([event for one in done for event in one.events])
    if words := [kept for one in done for kept in one.words]:
        WordsBefore.objects.bulk_create(words)
    spans.write((one.dossier, one.line) for one in done if one.line is not None)
    outward.say((one.dossier, one.events) for one in done)


@contextmanager
def change(
    dossier_id: int,
    *,
    by: Desk | None,
    at: datetime,
    seen: int | None = None,
    recorded_at: datetime | None = None,
    press: UUID | None = None,
) -> Iterator[Life]:
    """Lock a dossier and change it in one transaction.

    In: id; who acts (None: the system itself); when it happened; `seen`, the row version of the
    page the officer acted on; `press`, when it is one of many that one press does. Errors: Conflict
    when somebody else acted since; DomainError from check(). Nothing is written on any error.
    """
    with transaction.atomic():
        dossier = locked().select_related("version", "agency").get(pk=dossier_id)
        check_seen(dossier, seen)
        act = Acting(by, at, recorded_at or at, press)
        life = Life(dossier, act, pen=AtOnce(), common=Common([dossier_id]))
        yield life
        if done := life.done():
            dossier.save()
            write(done)


def locked() -> QuerySet[Dossier]:
    # No key is changed: rows that point here may be written meanwhile, and an officer's row locked by
    # an act on the account never waits for us while we wait for it.
    return Dossier.objects.select_for_update(of=("self",), no_key=True)


def check_seen(dossier: Dossier, seen: int | None) -> None:
    if seen is not None and seen != dossier.row_version:
        raise conflict(dossier)


@contextmanager
def begin(
    dossier: Dossier,
    *,
    by: Desk,
    at: datetime,
    calendar: Calendar,
    recorded_at: datetime | None = None,
) -> Iterator[Life]:
    """Start the life of a new dossier inside the caller's transaction: insert the row, let the
    block record, write the events.
    """
    act, common = Acting(by, at, recorded_at or at), Common([])
    life = Life(dossier, act, pen=AtOnce(), common=common, is_new=True)
    life.calendar = calendar
    life.check("receive")
    dossier.state = State.RECEIVED
    deadlines.refold(dossier, life.calendar)
    dossier.save(force_insert=True)
    common.ids.append(dossier.pk)
    yield life
    if done := life.done():
        dossier.save()
        write(done)


def conflict(dossier: Dossier) -> Conflict:
    """Who acted last, and when."""
    last = Event.objects.filter(dossier=dossier).select_related("officer").order_by("-seq").first()
    who = last.officer.full_name if last and last.officer else "hệ thống"
    when = timezone.localtime(last.recorded_at).strftime("%H:%M") if last else ""
    return Conflict(who=who, at=when)
