"""One running promise, replayed change by change.

A wait, restart or extension asked for after the promise has passed moves nothing: lateness does not
heal. A promise taken over from another system stands to the minute until something here moves it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from onestop.worktime import units
from onestop.worktime.calendar import Calendar
from onestop.worktime.changes import (
    Change,
    Extension,
    Pause,
    Reappointment,
    Restart,
    TakenOver,
    apart,
    merge,
    split,
)
from onestop.worktime.index import Index
from onestop.worktime.terms import Term
from onestop.worktime.zone import local


@dataclass(slots=True)
class Note:
    """What one change did to a track: `moved` False when it came too late, `mark` the running mark
    after it.
    """

    change: Change
    moved: bool
    mark: int


@dataclass(slots=True)
class Track:
    """A running promise: where its term started, its mark before (`base`) and after changes, and
    the wait that holds it, if any. `given`: the instant that another system promised, or that was agreed
    with the applicant, as long as nothing has moved it. `taken`: that it began so.
    """

    start: datetime
    base: int
    mark: int
    notes: list[Note] = field(default_factory=list)
    waiting: Pause | None = None
    late_before_wait: bool = False
    given: datetime | None = None
    taken: TakenOver | None = None

    def counts(self, term: Term, index: Index) -> None:
        """From here on the promise is counted: a given instant becomes a mark. Raises
        CalendarMissing.
        """
        if self.given is not None:
            self.base = self.mark = units.mark_of(self.given, term, index)
            self.given = None


def run(received: datetime, term: Term, calendar: Calendar, changes: Iterable[Change]) -> Track:
    """Replay changes in order of time on one track. Raises CalendarMissing, ChangeError."""
    history = list(changes)
    taken = next((change for change in history if isinstance(change, TakenOver)), None)
    if taken is not None:
        track = Track(received, 0, 0, given=local(taken.due), taken=taken)
        history = [change for change in history if not _over_by(change, taken)]
    else:
        base = units.begin(received, term, calendar.index)
        track = Track(received, base, base)
    replay = _Replay(track, term, calendar)
    for at, turn, change in sorted(_steps(history), key=lambda step: step[:2]):
        replay.step(at, turn, change)
    return track


_Step = tuple[datetime, int, Change]
# What happens first of several things at one instant.
_ASKED, _RESTARTED, _WAITED, _MOVED = range(4)


def _steps(history: list[Change]) -> list[_Step]:
    """Changes by the instant they take effect. A restart has two: whether it is in time is decided
    when it was asked for.
    """
    restarts = [change for change in history if isinstance(change, Restart)]
    every = [change for change in history if isinstance(change, Pause)]
    cuts = [local(restart.at) for restart in restarts]
    pauses = split(merge(pause for pause in every if not _is_apart(pause)), cuts)
    recorded = split([pause for pause in every if _is_apart(pause)], cuts)
    return [
        *((local(restart.asked or restart.at), _ASKED, restart) for restart in restarts),
        *((local(restart.at), _RESTARTED, restart) for restart in restarts),
        *((local(pause.from_), _WAITED, pause) for pause in pauses),
        *(
            (max(local(pause.from_), local(pause.known or pause.from_)), _WAITED, pause)
            for pause in recorded
        ),
        *(
            (local(change.at), _MOVED, change)
            for change in history
            if isinstance(change, (Extension, Reappointment))
        ),
    ]


def _is_apart(pause: Pause) -> bool:
    """Whether a wait is judged by itself: recorded at another instant than its beginning, or by a
    law of its own. The others are merged.
    """
    return pause.to is not None and (pause.known is not None or pause.heals)


@dataclass(slots=True)
class _Replay:
    """One track with what only the replay knows. `held_until`: the clock stands still until then,
    so the promise cannot pass meanwhile; `in_time`: of each restart, by its id; `covered`: the waits
    that have moved the promise so far.
    """

    track: Track
    term: Term
    calendar: Calendar
    held_until: datetime | None = None
    in_time: dict[int, bool] = field(default_factory=dict)
    covered: list[tuple[datetime, datetime]] = field(default_factory=list)

    def step(self, at: datetime, turn: int, change: Change) -> None:
        running = self._is_running(at)
        if turn == _ASKED and isinstance(change, Restart):
            self.in_time[id(change)] = running or change.asked is None
            return
        if isinstance(change, Restart):
            moved = self.in_time[id(change)]
            self._restart(at, moved=moved)
        elif isinstance(change, Pause):
            moved = running or change.heals
            self._wait(change, running=moved)
        elif isinstance(change, Reappointment):
            moved = True
            self._extend(change.by, since=None if running else at)
        else:
            assert isinstance(change, Extension)
            moved = running or change.heals
            if moved and change.until is not None:
                self._agree(local(change.until))
            elif moved:
                self._extend(change.by, since=None)
        self.track.notes.append(Note(change, moved, self.track.mark))

    def _is_running(self, at: datetime) -> bool:
        """Whether the promise has not passed."""
        track = self.track
        held = track.waiting is not None and not track.late_before_wait
        stands_still = self.held_until is not None and at <= self.held_until
        return held or stands_still or not passed(at, track, self.term, self.calendar)

    def _restart(self, at: datetime, *, moved: bool) -> None:
        if moved:
            self.track.start, self.track.given = at, None
            self.track.base = self.track.mark = units.begin(at, self.term, self.calendar.index)

    def _wait(self, pause: Pause, *, running: bool) -> None:
        track, index = self.track, self.calendar.index
        if pause.to is None:
            track.waiting, track.late_before_wait = pause, not running
            return
        if not running:
            return
        for part in apart(pause, self.covered):
            start, end = max(local(part.from_), track.start), local(part.to or pause.to)
            if end > start:
                track.counts(self.term, index)
                track.mark = units.waited(track.mark, self.term, start, end, index)
        self.covered.append((local(pause.from_), local(pause.to)))
        until = local(pause.to)
        self.held_until = until if self.held_until is None else max(self.held_until, until)

    def _extend(self, by: Term, *, since: datetime | None) -> None:
        track, index = self.track, self.calendar.index
        track.counts(self.term, index)
        track.mark = units.extended(track.mark, self.term, by, index, since)

    def _agree(self, until: datetime) -> None:
        self.track.mark = units.mark_of(until, self.term, self.calendar.index)
        self.track.given = until


def _over_by(change: Change, taken: TakenOver) -> bool:
    """What was over when the promise was taken over, and the taking over itself."""
    if isinstance(change, Pause):
        return change.to is not None and local(change.to) <= local(taken.at)
    return local(change.at) <= local(taken.at)


def passed(at: datetime, track: Track, term: Term, calendar: Calendar) -> bool:
    """Whether an instant is late against a running promise: after the promised day, or after the
    promised instant of an hour term.
    """
    if track.given is not None:
        return at > track.given if term.by_instant else at.date() > track.given.date()
    day, minute = units.instant(track.mark, term, calendar.index)
    if term.by_instant:
        return at > calendar.index.wall(day, minute)
    return at.toordinal() > day
