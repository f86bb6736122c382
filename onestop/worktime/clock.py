"""The clock of a dossier: a small fold over what happened to it.

One track computes the legal promise (verdict, reports); a second one, which also hears
re-appointments, what queues and citizens see.

A year without a calendar takes nothing away that was promised: only the shown promise becomes
undetermined. What a wait, a restart or a lawful extension moves into such a year falls, for
lateness and verdict, on the day that the office's week alone gives: nothing becomes timely because
nobody entered a calendar, and no lawful wait makes a dossier late by the old day (docs/adr/0010).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from onestop.worktime import units
from onestop.worktime.calendar import Calendar
from onestop.worktime.changes import Change, Pause, Reappointment
from onestop.worktime.errors import CalendarMissing
from onestop.worktime.explain import head_lines, lines_of
from onestop.worktime.promise import (
    NO_PROMISE,
    UNDETERMINED,
    Promise,
    given_promise,
    promise_of,
)
from onestop.worktime.terms import Term
from onestop.worktime.track import Track, run
from onestop.worktime.zone import local

# Terms end within a century (terms.py); beyond that nobody waits for a verdict.
_LAST_YEAR = 2199


@dataclass(frozen=True, slots=True)
class Clock:
    """`promise` is what queues, flags and citizens see; `legal_promise` decides the verdict and the
    report columns.

    `legal_promise.undetermined`: it was given, and was moved since into a year without a calendar;
    `at` is then the day that the office's week alone gives. Only what could never be promised has
    no `at` at all.
    `waiting`: an open wait runs; `late_before_wait`: it was asked for after the legal promise had
    passed, so the dossier counts as late meanwhile (only then do late_from and warn_at stay set).
    `started` is when the present term began (receipt or restart).
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


def fold(
    received: datetime,
    term: Term,
    calendar: Calendar,
    changes: Iterable[Change] = (),
    *,
    explain: bool = False,
) -> Clock:
    """The clock after all changes, in any order (R-21 … R-48). Never raises CalendarMissing: the
    shown promise is then `undetermined`.

    An open wait is a Pause without `to`, whichever of restart or pause will end it; when completed
    it becomes Pause(from_, to) or Restart(at=to, asked=from_), not both.
    """
    history = list(changes)
    try:
        return fold_known(received, term, calendar, history, explain=explain)
    except CalendarMissing as missing:
        told = (
            replace(UNDETERMINED, lines=(*head_lines(local(received), term), str(missing)))
            if explain
            else UNDETERMINED
        )
        return _undetermined(local(received), term, calendar, history, told)


def _undetermined(
    start: datetime, term: Term, calendar: Calendar, history: list[Change], told: Promise
) -> Clock:
    since = _waiting_since(history)
    try:
        mark = units.begin(start, term, calendar.index)
        promise_of(mark, mark, start, term, calendar)
    except CalendarMissing:  # nothing was promised yet that could stand
        return Clock(told, told, start, since is not None, since)
    track, legal = _by_week(start, term, calendar, history)
    shown = replace(told, late_from=legal.late_from, warn_at=legal.warn_at)
    return Clock(
        shown,
        legal,
        track.start if track else start,
        since is not None,
        since,
        track is not None and track.late_before_wait,
    )


def by_week(
    received: datetime, term: Term, calendar: Calendar, changes: Iterable[Change] = ()
) -> Promise:
    """The legal promise, years without a calendar taken by the office's week alone (`undetermined`
    says where it was needed).
    """
    return (
        _by_week(local(received), term, calendar, list(changes))[1] if term.promises else NO_PROMISE
    )


def _by_week(
    start: datetime, term: Term, calendar: Calendar, history: list[Change]
) -> tuple[Track | None, Promise]:
    legal = [change for change in history if not isinstance(change, Reappointment)]
    office, further = calendar, 1
    while True:
        try:
            track = run(start, term, office, legal)
            promise = _promise(track, start, term, office, explain=False)
            return track, promise if office is calendar else replace(promise, undetermined=True)
        except CalendarMissing as missing:
            if missing.year > _LAST_YEAR:
                return None, UNDETERMINED
            office = office.by_week(missing.year).by_week(missing.year + further)
            further *= 2


def fold_known(
    received: datetime,
    term: Term,
    calendar: Calendar,
    changes: Iterable[Change],
    *,
    explain: bool = False,
) -> Clock:
    """As `fold`, but raises CalendarMissing."""
    start = local(received)
    history = list(changes)
    since = _waiting_since(history)
    if not term.promises:
        nothing = replace(NO_PROMISE, lines=head_lines(start, term)) if explain else NO_PROMISE
        return Clock(nothing, nothing, start, since is not None, since)
    legal = run(
        start,
        term,
        calendar,
        [change for change in history if not isinstance(change, Reappointment)],
    )
    shown = (
        run(start, term, calendar, history)
        if any(isinstance(change, Reappointment) for change in history)
        else legal
    )
    legal_promise = _promise(legal, start, term, calendar, explain)
    promise = legal_promise if shown is legal else _promise(shown, start, term, calendar, explain)
    return Clock(
        promise, legal_promise, shown.start, since is not None, since, legal.late_before_wait
    )


def _promise(
    track: Track, received: datetime, term: Term, calendar: Calendar, explain: bool
) -> Promise:
    if track.given is not None:
        promise = given_promise(track.given, track.start, term, calendar)
    else:
        promise = promise_of(track.mark, track.base, track.start, term, calendar)
    if explain:
        promise = replace(promise, lines=lines_of(received, term, calendar, track, promise))
    if track.waiting is not None and not track.late_before_wait:
        return replace(promise, late_from=None, warn_at=None)
    return promise


def _waiting_since(history: list[Change]) -> datetime | None:
    return min(
        (
            local(change.from_)
            for change in history
            if isinstance(change, Pause) and change.to is None
        ),
        default=None,
    )
