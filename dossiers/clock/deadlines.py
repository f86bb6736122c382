"""The promise of a dossier: the ledger folded by the one clock, written into the columns that lists
order and flags read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum
from fractions import Fraction
from typing import Any

from django.utils import timezone

from dossiers.models import ClockChange, ClockKind, Dossier
from dossiers.models.outcome import Outcome
from dossiers.registry import waits_for
from onestop import worktime
from onestop.accounts.calendars import calendars_of
from onestop.instants import instant, moment
from onestop.templatetags.formatting import vn_datetime
from onestop.worktime import (
    Calendar,
    CalendarMissing,
    Change,
    Clock,
    Promise,
    Term,
    TimeLeft,
    Unit,
    parse_term,
)
from onestop.worktime.changes import (
    Extension,
    Pause,
    PauseKind,
    Reappointment,
    Restart,
    TakenOver,
)

# Where lists put what has no promise: behind everything that has one.
NEVER = datetime(9999, 12, 31, tzinfo=UTC)

_OUTCOMES = {
    worktime.Verdict.EARLY: Outcome.EARLY,
    worktime.Verdict.ON_TIME: Outcome.ON_TIME,
    worktime.Verdict.LATE: Outcome.LATE,
}


def preview(received_at: datetime, term: Term, calendar: Calendar) -> Promise:
    """The promise a dossier would get, with its explanation; the same fold as the stored one."""
    return worktime.fold(received_at, term, calendar, explain=True).promise


def changes_of(
    rows: Sequence[ClockChange],
    ended_at: datetime | None = None,
    *,
    begun_at: datetime | None = None,
) -> list[Change]:
    """The ledger as worktime changes. An open wait is a pause whichever way it will end; one that
    the dossier's end cut short is a pause until then. `begun_at`: when the term began, where it
    did not at the reception: what was complete before restarts nothing (R-37).
    """
    changes: list[Change] = []
    for row in rows:
        if row.undone_at is not None or _is_over(row, begun_at):
            continue
        if row.kind == ClockKind.RESTART and row.end is not None:
            changes.append(Restart(row.end, asked=row.start))
        elif row.kind in (ClockKind.PAUSE, ClockKind.RESTART):
            changes.append(Pause(row.start, row.end or ended_at))
        elif row.kind == ClockKind.EXCLUDE:
            # Time whose end was set to its beginning is none.
            if row.end != row.start:
                changes.append(_excluded(row, ended_at))
        elif row.kind == ClockKind.EXTEND:
            extra = parse_term(row.extra)
            changes.append(Extension(row.start, extra, row.basis, heals=row.heals, until=row.end))
        elif row.kind == ClockKind.REAPPOINT:
            changes.append(Reappointment(row.start, parse_term(row.extra)))
        elif row.kind == ClockKind.TAKEN_OVER and row.due_after is not None:
            changes.append(TakenOver(row.start, row.due_after))
    return changes


def _is_over(row: ClockChange, begun_at: datetime | None) -> bool:
    """Whether it would have begun a term anew that had not begun."""
    if begun_at is None or row.end is None:
        return False
    return row.kind == ClockKind.RESTART and row.end <= begun_at


def _excluded(row: ClockChange, ended_at: datetime | None) -> Pause:
    return Pause(
        row.start,
        row.end or ended_at,
        PauseKind(row.excluded or PauseKind.OTHER),
        known=row.known_at,
        heals=row.heals,
    )


def clock_of(dossier: Dossier, calendar: Calendar, *, explain: bool = False) -> Clock:
    """Fold the ledger of a dossier; one query for the ledger."""
    rows = list(dossier.clock_changes.all()) if dossier.pk else []
    return worktime.fold(
        dossier.begins_at,
        parse_term(dossier.term),
        calendar,
        changes_of(rows, dossier.ended_at, begun_at=dossier.begun_at),
        explain=explain,
    )


def promise_with(dossier: Dossier, calendar: Calendar, row: ClockChange) -> Promise:
    """The promise the dossier would have with one more line of the ledger (or this one in place of
    the line of its id).
    """
    rows = [other for other in dossier.clock_changes.all() if other.pk != row.pk]
    return worktime.fold(
        dossier.begins_at,
        parse_term(dossier.term),
        calendar,
        changes_of([*rows, row], begun_at=dossier.begun_at),
        explain=True,
    ).promise


class Keep(Enum):
    """Which stored promises stay though the calendar is another one than they were made under
    (R-41).
    """

    NONE = 0
    VERSION = 1  # nothing stays, but the promise goes on being one of the older calendar
    LEGAL = 2
    BOTH = 3


def refold(dossier: Dossier, calendar: Calendar, *, keep: Keep = Keep.NONE) -> None:
    """Recompute every promise column from the ledger; the lifecycle writer saves them.

    `keep`: what the act does not move stays as it was promised when calendar rows changed
    meanwhile; under the same calendar the fold gives it anyhow.
    """
    write(dossier, clock_of(dossier, calendar), calendar, keep=keep)


def write(dossier: Dossier, clock: Clock, calendar: Calendar, *, keep: Keep = Keep.NONE) -> None:
    """The same of a clock in hand, which the ledger of the dossier gives."""
    changed = dossier.calendar_key not in ("", calendar.key())
    if changed and keep is Keep.BOTH:
        _stand(dossier, clock, dossier.due_at or dossier.legal_due_at)
    else:
        _promise(dossier, clock, keeps_legal=changed and keep is Keep.LEGAL)
    _not_begun(dossier)
    if not changed or keep is Keep.NONE:
        dossier.calendar_key = calendar.key()


def _promise(dossier: Dossier, clock: Clock, *, keeps_legal: bool) -> None:
    """What the clock says now; `keeps_legal`: the promise by law stays as it was given."""
    stood = dossier.legal_due_at
    dossier.due_at = clock.promise.at
    if not keeps_legal:
        dossier.legal_due_at = clock.legal_promise.at
    if dossier.first_due_at is None and not clock.legal_promise.undetermined:
        dossier.first_due_at = clock.legal_promise.at
    dossier.late_from = clock.promise.late_from
    dossier.warn_at = clock.promise.warn_at
    dossier.provisional = clock.promise.provisional
    dossier.undetermined = clock.promise.undetermined
    # What queues see: a wait asked for before a re-appointed day is not late, whatever the verdict
    # will be.
    # Nor is one for which the clock does not stand still, until its promise has passed.
    dossier.late_while_waiting = (
        clock.waiting or dossier.is_waiting
    ) and clock.promise.late_from is not None
    legal = clock.legal_promise
    if legal.undetermined and stood is not None and (legal.at is None or legal.at < stood):
        # A year that lost its calendar takes nothing away: what was promised by law stands at
        # least.
        dossier.legal_due_at = stood
        _stand(dossier, clock, stood)
    dossier.sort_due = sort_of(dossier)


def _not_begun(dossier: Dossier) -> None:
    """While the agency that is competent has not received it, its promise is an estimate and nothing
    is late by it (R-37).
    """
    if dossier.awaits_agency:
        dossier.provisional = dossier.due_at is not None
        dossier.late_from = dossier.warn_at = None
        dossier.late_while_waiting = False


def sort_of(dossier: Dossier) -> datetime:
    """Where lists put a dossier: by its promise, by the legal one while the shown one is
    undetermined.
    """
    return sort_by(dossier.due_at, dossier.legal_due_at)


def sort_by(due: datetime | None, legal: datetime | None) -> datetime:
    """The same of the two promises."""
    return due or legal or NEVER


def _stand(dossier: Dossier, clock: Clock, late: datetime | None) -> None:
    """A promise as it was made, under a calendar that is gone: only the marks of a wait that began
    or ended are set.
    """
    dossier.sort_due = sort_of(dossier)
    if late is not None and not parse_term(dossier.term).by_instant:
        late = timezone.localtime(late).replace(
            hour=0, minute=0, second=0, microsecond=0
        ) + timedelta(days=1)
    if clock.waiting:
        asked = clock.waiting_since
        dossier.late_while_waiting = late is not None and asked is not None and asked >= late
        if dossier.late_while_waiting:
            # The fold under a year without rows knows no instant; what passed stays passed.
            dossier.late_from = late
        else:
            dossier.late_from = dossier.warn_at = None
    else:
        dossier.late_while_waiting = dossier.is_waiting and late is not None
        dossier.late_from = late
        dossier.warn_at = min(clock.promise.warn_at or late, late) if late is not None else None


def kept(dossier: Dossier) -> dict[str, Any]:
    """What an act that moves the clock remembers beside the two promises, which every event keeps:
    taking it back folds nothing anew, so that the calendar may have changed meanwhile.
    """
    return {
        "calendar": dossier.calendar_key,
        "late_from": instant(dossier.late_from),
        "warn": instant(dossier.warn_at),
        "late_waiting": dossier.late_while_waiting,
        "provisional": dossier.provisional,
        "undetermined": dossier.undetermined,
        "flags": [dossier.soon_flagged, dossier.late_flagged],
    }


def put_back(dossier: Dossier, clock: dict[str, Any]) -> None:
    """The other way round. In: a dossier whose promises stand again as they stood."""
    dossier.calendar_key = clock["calendar"]
    dossier.late_from, dossier.warn_at = moment(clock["late_from"]), moment(clock["warn"])
    dossier.late_while_waiting = clock["late_waiting"]
    dossier.provisional, dossier.undetermined = clock["provisional"], clock["undetermined"]
    dossier.soon_flagged, dossier.late_flagged = clock["flags"]
    dossier.sort_due = sort_of(dossier)


def verdict_of(dossier: Dossier, ended_at: datetime, calendar: Callable[[], Calendar]) -> int:
    """The verdict against the legal promise, frozen when the dossier ends (R-113). In: a dossier
    folded with its end.

    Where a year without a calendar kept the promise undetermined, against the day that the office's
    week alone gives: for want of a calendar nothing ends on time. `calendar` is asked for only
    then.
    """
    promised, term = dossier.legal_due_at, parse_term(dossier.term)
    if dossier.awaits_agency:
        return _OUTCOMES[worktime.verdict(None, term, ended_at)]
    if dossier.undetermined:
        rows = list(dossier.clock_changes.all())
        changes = changes_of(rows, ended_at, begun_at=dossier.begun_at)
        known = worktime.by_week(dossier.begins_at, term, calendar(), changes).at
        promised = max((at for at in (promised, known) if at is not None), default=None)
    return _OUTCOMES[worktime.verdict(promised, term, ended_at)]


# Steps are allowed working minutes, whole days of them too: their end is an instant, as that of a
# term in working hours.
_STEP = Term(Unit.WORKING_HOUR, Fraction(1))


def outcome_of_step(due_at: datetime | None, done_at: datetime) -> Outcome | None:
    """The verdict of a step: after its instant late, on its day on time, before that day early.
    None when it had no time.
    """
    return None if due_at is None else _OUTCOMES[worktime.verdict(due_at, _STEP, done_at)]


def is_past_promise(dossier: Dossier, at: datetime) -> bool:
    """Whether a dossier that ends at this instant is late as a whole, as its verdict would say."""
    if dossier.legal_due_at is None or dossier.awaits_agency:
        return False
    term = parse_term(dossier.term)
    return worktime.verdict(dossier.legal_due_at, term, at) is worktime.Verdict.LATE


def promise_of(dossier: Dossier) -> Promise:
    """The stored promise as a value: what rows of a list compute "còn …" from, without a query."""
    return Promise(
        at=dossier.due_at,
        provisional=dossier.provisional,
        undetermined=dossier.undetermined,
        late_from=dossier.late_from,
        warn_at=dossier.warn_at,
    )


def left(dossier: Dossier, now: datetime, calendar: Calendar) -> TimeLeft:
    """What is left of an open dossier in its office's working time."""
    return worktime.left(now, promise_of(dossier), calendar, paused=waits_for(dossier.state))


def lefts(rows: Iterable[Dossier], now: datetime) -> dict[int, TimeLeft]:
    """What is left of each row of a list, by dossier id; one query for all calendars."""
    rows = list(rows)
    calendars = calendars_of({row.agency_id for row in rows})
    return {row.pk: left(row, now, calendars[row.agency_id]) for row in rows}


def explain(dossier: Dossier, calendar: Calendar) -> tuple[str, ...]:
    """Why this date, line by line, for a citizen."""
    lines = clock_of(dossier, calendar, explain=True).promise.lines
    if dossier.awaits_agency:
        return (
            "Tiếp nhận hộ: thời hạn tính từ khi cơ quan có thẩm quyền nhận; dưới đây là tạm tính.",
            *lines,
        )
    if dossier.begun_at is None:
        return lines
    # The clock calls the instant that it starts from the reception.
    begun = (
        line.replace("Tiếp nhận lúc", "Cơ quan có thẩm quyền nhận lúc", 1) for line in lines[:1]
    )
    return (
        f"Tiếp nhận hộ {vn_datetime(dossier.received_at)}; thời hạn tính từ khi cơ quan có thẩm quyền nhận, {vn_datetime(dossier.begun_at)}.",
        *begun,
        *lines[1:],
    )


def forward_by(received_at: datetime, calendar: Calendar) -> datetime | None:
    """Until when the counter passes the dossier on (R-39); None when the year has no calendar."""
    try:
        return worktime.forward_by(received_at, calendar)
    except CalendarMissing:
        return None


def confirm_by(given_at: datetime, calendar: Calendar) -> datetime | None:
    """After which instant an unconfirmed hand-over is flagged; None when the year has no calendar."""
    try:
        return worktime.confirm_by(given_at, calendar)
    except CalendarMissing:
        return None


def step_due(given_at: datetime, minutes: int | None, calendar: Calendar) -> datetime | None:
    """When a step of so many working minutes is over; None when it has no time or the year no
    calendar.
    """
    if not minutes:
        return None
    try:
        return calendar.add_working_minutes(given_at, minutes)
    except CalendarMissing:
        return None


def working_days_over(since: datetime, days: int, at: datetime, calendar: Calendar) -> bool:
    """Whether more than so many working days after the day of `since` have begun at `at`; by the
    week where a year has no calendar.
    """
    first, last = timezone.localdate(since), timezone.localdate(at)
    return calendar.by_week(first.year).by_week(last.year).working_days_between(first, last) > days
