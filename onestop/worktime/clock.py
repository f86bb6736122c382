"""The clock of a dossier: a small fold over what happened to it.

One track computes the legal promise (verdict, reports); a second one, which also hears re-appointments, what queues and citizens see.
A wait, restart or extension asked for after the track's promise has passed moves nothing: lateness does not heal.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from onestop.worktime import units
from onestop.worktime.calendar import Calendar
from onestop.worktime.changes import Change, Extension, Pause, Reappointment, Restart, merge, split
from onestop.worktime.errors import CalendarMissing
from onestop.worktime.promise import NO_PROMISE, UNDETERMINED, Promise, promise_of
from onestop.worktime.terms import Term
from onestop.worktime.zone import local


@dataclass(slots=True)
class Note:
    """What one change did to a track: `moved` False when it came too late, `mark` the running mark after it."""

    change: Change
    moved: bool
    mark: int


@dataclass(slots=True)
class Track:
    """A running promise: where its term started, its mark before (`base`) and after changes, and the wait that holds it, if any."""

    start: datetime
    base: int
    mark: int
    notes: list[Note] = field(default_factory=list)
    waiting: Pause | None = None
    late_before_wait: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """`promise` is what queues, flags and citizens see; `legal_promise` decides the verdict and the report columns.

    `waiting`: an open wait runs; `late_before_wait`: it was asked for after the legal promise had passed, so the dossier counts as late
    meanwhile (only then do late_from and warn_at stay set). `started` is when the present term began (receipt or restart).
    """

    promise: Promise
    legal_promise: Promise
    started: datetime
    waiting: bool = False
    waiting_since: datetime | None = None
    late_before_wait: bool = False

    def late(self, now: datetime) -> bool:
        """Late on every door: from `promise.late_from` on."""
        return self.promise.late_from is not None and now >= self.promise.late_from


def fold(received: datetime, term: Term, calendar: Calendar, changes: Iterable[Change] = (), *, explain: bool = False) -> Clock:
    """The clock after all changes, in any order (R-21 … R-48). Never raises CalendarMissing: the promise is then `undetermined`.

    An open wait is a Pause without `to`, whichever of restart or pause will end it; when completed it becomes
    Pause(from_, to) or Restart(at=to, asked=from_), not both.
    """
    start = local(received)
    history = list(changes)
    waits = [local(change.from_) for change in history if isinstance(change, Pause) and change.to is None]
    since = min(waits) if waits else None
    if not term.promises:
        return Clock(NO_PROMISE, NO_PROMISE, start, bool(waits), since)
    try:
        legal = run(start, term, calendar, [change for change in history if not isinstance(change, Reappointment)])
        shown = run(start, term, calendar, history) if any(isinstance(change, Reappointment) for change in history) else legal
        legal_promise = _promise(legal, term, calendar)
        promise = legal_promise if shown is legal else _promise(shown, term, calendar)
    except CalendarMissing:
        return Clock(UNDETERMINED, UNDETERMINED, start, bool(waits), since)
    if explain:
        from onestop.worktime.explain import lines_of

        legal_promise = replace(legal_promise, lines=lines_of(start, term, calendar, legal, legal_promise))
        promise = replace(promise, lines=lines_of(start, term, calendar, shown, promise))
    return Clock(promise, legal_promise, shown.start, bool(waits), since, legal.late_before_wait)


def _promise(track: Track, term: Term, calendar: Calendar) -> Promise:
    promise = promise_of(track.mark, track.base, track.start, term, calendar)
    if track.waiting is not None and not track.late_before_wait:
        return replace(promise, late_from=None, warn_at=None)
    return promise


def run(received: datetime, term: Term, calendar: Calendar, changes: Iterable[Change]) -> Track:
    """Replay changes in order of time on one track. Raises CalendarMissing, ChangeError."""
    index = calendar.index
    base = units.begin(received, term, index)
    track = Track(received, base, base)
    history = list(changes)
    restarts = [change for change in history if isinstance(change, Restart)]
    pauses = split(merge(c for c in history if isinstance(c, Pause)), [local(restart.at) for restart in restarts])
    others: list[Change] = [change for change in history if isinstance(change, (Extension, Reappointment))]
    steps: list[tuple[datetime, int, Change]] = [(local(pause.from_), 2, pause) for pause in pauses]
    steps += [(local(restart.asked or restart.at), 0, restart) for restart in restarts]
    steps += [(local(restart.at), 1, restart) for restart in restarts]
    steps += [(local(change.at), 3, change) for change in others if isinstance(change, (Extension, Reappointment))]
    held_until: datetime | None = None  # the clock stands still until then, so the promise cannot pass meanwhile
    in_time: dict[int, bool] = {}

    for at, kind, change in sorted(steps, key=lambda step: (step[0], step[1])):
        held = track.waiting is not None and not track.late_before_wait
        running = held or (held_until is not None and at <= held_until) or not passed(at, track.mark, term, calendar)
        if isinstance(change, Restart):
            if kind == 0:
                in_time[id(change)] = running or change.asked is None
                continue
            if in_time[id(change)]:
                track.start = at
                track.base = track.mark = units.begin(at, term, index)
            track.notes.append(Note(change, in_time[id(change)], track.mark))
        elif isinstance(change, Pause):
            start = max(at, track.start)
            if change.to is None:
                track.waiting, track.late_before_wait = change, not running
            elif running and local(change.to) > start:
                track.mark = units.waited(track.mark, term, start, local(change.to), index)
                held_until = local(change.to)
            track.notes.append(Note(change, running, track.mark))
        elif isinstance(change, Extension):
            if running:
                track.mark = units.extended(track.mark, term, change.by, index)
            track.notes.append(Note(change, running, track.mark))
        else:
            track.mark = units.extended(track.mark, term, change.by, index, None if running else at)
            track.notes.append(Note(change, True, track.mark))
    return track


def passed(at: datetime, mark: int, term: Term, calendar: Calendar) -> bool:
    """Whether an instant is late against a mark: after the promised day, or after the promised instant of an hour term."""
    day, minute = units.instant(mark, term, calendar.index)
    if term.by_instant:
        return at > calendar.index.wall(day, minute)
    return at.toordinal() > day
