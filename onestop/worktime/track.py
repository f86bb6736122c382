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
    the wait that holds it, if any. `given`: the instant that another system promised, as long as
    nothing has moved it; there are no marks then. `taken`: that it began so.
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
    index = calendar.index
    history = list(changes)
    taken = next((change for change in history if isinstance(change, TakenOver)), None)
    if taken is not None:
        track = Track(received, 0, 0, given=local(taken.due), taken=taken)
        history = [change for change in history if not _over_by(change, taken)]
    else:
        base = units.begin(received, term, index)
        track = Track(received, base, base)
    restarts = [change for change in history if isinstance(change, Restart)]
    pauses = split(
        merge(c for c in history if isinstance(c, Pause)),
        [local(restart.at) for restart in restarts],
    )
    others: list[Change] = [
        change for change in history if isinstance(change, (Extension, Reappointment))
    ]
    steps: list[tuple[datetime, int, Change]] = [(local(pause.from_), 2, pause) for pause in pauses]
    steps += [(local(restart.asked or restart.at), 0, restart) for restart in restarts]
    steps += [(local(restart.at), 1, restart) for restart in restarts]
    steps += [
        (local(change.at), 3, change)
        for change in others
        if isinstance(change, (Extension, Reappointment))
    ]
    held_until: datetime | None = (
        None  # the clock stands still until then, so the promise cannot pass meanwhile
    )
    in_time: dict[int, bool] = {}

    for at, kind, change in sorted(steps, key=lambda step: (step[0], step[1])):
        held = track.waiting is not None and not track.late_before_wait
        running = (
            held
            or (held_until is not None and at <= held_until)
            or not passed(at, track, term, calendar)
        )
        if isinstance(change, Restart):
            if kind == 0:
                in_time[id(change)] = running or change.asked is None
                continue
            if in_time[id(change)]:
                track.start, track.given = at, None
                track.base = track.mark = units.begin(at, term, index)
            track.notes.append(Note(change, in_time[id(change)], track.mark))
        elif isinstance(change, Pause):
            start = max(at, track.start)
            if change.to is None:
                track.waiting, track.late_before_wait = change, not running
            elif running and local(change.to) > start:
                track.counts(term, index)
                track.mark = units.waited(track.mark, term, start, local(change.to), index)
                held_until = local(change.to)
            track.notes.append(Note(change, running, track.mark))
        elif isinstance(change, Extension):
            if running:
                track.counts(term, index)
                track.mark = units.extended(track.mark, term, change.by, index)
            track.notes.append(Note(change, running, track.mark))
        elif isinstance(change, Reappointment):
            track.counts(term, index)
            track.mark = units.extended(track.mark, term, change.by, index, None if running else at)
            track.notes.append(Note(change, True, track.mark))
    return track


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
