"""One running promise, replayed change by change.

A wait, restart or extension asked for after the promise has passed moves nothing: lateness does not
heal.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from onestop.worktime import units
from onestop.worktime.calendar import Calendar
from onestop.worktime.changes import Change, Extension, Pause, Reappointment, Restart, merge, split
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
    the wait that holds it, if any.
    """

    start: datetime
    base: int
    mark: int
    notes: list[Note] = field(default_factory=list)
    waiting: Pause | None = None
    late_before_wait: bool = False


def run(received: datetime, term: Term, calendar: Calendar, changes: Iterable[Change]) -> Track:
    """Replay changes in order of time on one track. Raises CalendarMissing, ChangeError."""
    index = calendar.index
    base = units.begin(received, term, index)
    track = Track(received, base, base)
    history = list(changes)
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
            or not passed(at, track.mark, term, calendar)
        )
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
    """Whether an instant is late against a mark: after the promised day, or after the promised
    instant of an hour term.
    """
    day, minute = units.instant(mark, term, calendar.index)
    if term.by_instant:
        return at > calendar.index.wall(day, minute)
    return at.toordinal() > day
