"""An act on many dossiers by one press, gone through by a worker: each dossier in a transaction of its
own by the very verb of the single act, so that one bad one stops none and a killed worker loses and
doubles nothing (docs/adr/0026).

    waiting → running → done | waiting (a pause, then again); a person has what was refused tried again

A worker holds a run by a lease. Each dossier's transaction first renews it on the run's row, which
stays locked until it is committed: whoever lost the run writes nothing more, and what became of the
dossier is written with the act itself.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F

from dossiers import registry
from dossiers.acts.many import Done, Seen
from dossiers.acts.taking_back import take_back_press
from dossiers.models import Dossier
from dossiers.models.pressing import PressLine, PressRun
from onestop.accounts.desk import desk_of
from onestop.accounts.models import Role
from onestop.errors import DomainError, say, sentence
from onestop.instants import SKEW
from onestop.jobs.leases import Clock, Hold, Lost
from onestop.jobs.nudge import nudge
from onestop.jobs.runs import why
from onestop.outbox.domain import post
from onestop.outbox.told import told
from onestop.stores import StoreAway

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

logger = logging.getLogger(__name__)
RUN, SWEEP = "dossiers.run_press", "dossiers.sweep_presses"
# What one press may choose, and what the request itself goes through, without a worker.
MOST, SMALL = 500, 10
TRIES = 3
# After the first failure, after the second; after the third what is left is refused.
PAUSES = (timedelta(minutes=1), timedelta(minutes=5))
# Longer than any one dossier takes: a run not heard of for so long lost its worker.
LEASE = timedelta(minutes=2)
# How long it is known what became of each; what was done stands in the ledger for good.
REMEMBERED_DAYS = 90
REMEMBERED = timedelta(days=REMEMBERED_DAYS)
# Nothing is wrong with the dossier: the same may go through in a minute.
PASSING = (OperationalError, InterfaceError, StoreAway, MemoryError)
State, Outcome = PressRun.State, PressLine.State


@dataclass(frozen=True, slots=True)
class On:
    """With what one of many is done: registry.Press."""

    by: Desk
    at: datetime
    press: UUID


def begin(
    act: registry.Act,
    seen: Sequence[Seen],
    data: Mapping[str, Any],
    *,
    by: Desk,
    at: datetime,
    press: UUID,
    back: str = "",
) -> PressRun:
    """Have the act done to each of them; the same press sent twice is one run.

    Errors: DomainError("role_missing", "none_chosen", "press_of_another").
    """
    if not by.has(*(Role(role) for role in act.roles)):
        raise DomainError("role_missing", act=act.label.lower())
    if not seen:
        raise DomainError("none_chosen")
    about = {"act": act.name, "by": by.officer, "at": at, "data": data, "back": back, "due_at": at}
    with transaction.atomic():
        run, is_new = PressRun.objects.get_or_create(press=press, defaults=about)
        if run.by_id != by.officer.pk:
            raise DomainError("press_of_another")
        if is_new:
            lines = {one.dossier_id: one.row_version for one in seen[:MOST]}
            PressLine.objects.bulk_create(
                PressLine(run=run, dossier_id=pk, seen=-1 if version is None else version)
                for pk, version in lines.items()
            )
            if len(lines) > SMALL:
                nudge(RUN, run.pk)
    return run


def again(run: PressRun, seen: Sequence[Seen], *, at: datetime) -> int:
    """What was refused, as its page stands now, is tried once more; how many. Errors:
    DomainError("press_under_way", "press_nothing_refused").
    """
    version = {one.dossier_id: one.row_version for one in seen}
    with transaction.atomic():
        _not_open(run)
        lines = list(run.lines.filter(state=Outcome.REFUSED, dossier__in=version))
        if not lines:
            raise DomainError("press_nothing_refused")
        for line in lines:
            number = version[line.dossier_id]
            line.seen, line.state, line.why = -1 if number is None else number, Outcome.WAITING, ""
        PressLine.objects.bulk_update(lines, ["seen", "state", "why"])
        fresh = {"state": State.WAITING, "due_at": at, "tries": 0, "error": "", "ended_at": None}
        PressRun.objects.filter(pk=run.pk).update(**fresh)
        if len(lines) > SMALL:
            nudge(RUN, run.pk)
    return len(lines)


def take_back(run: PressRun, *, by: Desk, at: datetime) -> list[Done]:
    """Undo all that the press did, but what somebody has acted on since. Errors:
    DomainError("press_under_way").
    """
    how = registry.get(run.act).many
    with transaction.atomic():
        _not_open(run)
        if how is not None and how.undo is not None:
            done = how.undo(run.press, by, at)
        else:
            done = take_back_press(run.press, by=by, at=at)
        ids = [one.dossier_id for one in done if one.error is None]
        lines = run.lines.filter(dossier__in=ids, state=Outcome.DONE)
        if lines.update(state=Outcome.UNDONE, at=at):
            PressRun.objects.filter(pk=run.pk).update(undone_at=at)
    return done


def _not_open(run: PressRun) -> None:
    if PressRun.objects.select_for_update().get(pk=run.pk).is_open:
        raise DomainError("press_under_way")


def is_small(run: PressRun) -> bool:
    """Whether what waits of it is gone through at once."""
    return run.lines.filter(state=Outcome.WAITING).count() <= SMALL


def work(pk: int, clock: Clock) -> bool:
    """Go through what waits of it, if it is due and nobody else has it; True when it is over. Safe
    to call any number of times.
    """
    token = uuid4().hex
    if not _claim(pk, token, clock()):
        return False
    run = PressRun.objects.select_related("by").get(pk=pk)
    hold = _Hold(run, token, clock)
    try:
        _go_through(run, hold)
        hold.close()
    except Lost:
        logger.warning("press lost", extra={"run": pk})
        return False
    except Exception as error:  # whatever it is, the run says it and is tried again
        logger.exception("press failed", extra={"run": pk, "tries": run.tries})
        _failed(hold, error)
        return False
    return True


def _claim(pk: int, token: str, now: datetime) -> bool:
    due = PressRun.objects.filter(pk=pk, state__in=PressRun.OPEN, due_at__lte=now)
    mine = {"state": State.RUNNING, "holder": token, "due_at": now + LEASE}
    return bool(due.update(tries=F("tries") + 1, **mine))


class _Hold(Hold[PressRun]):
    running = State.RUNNING

    def renew(self, now: datetime, **more: Any) -> None:
        """First in each transaction of a dossier: nobody takes the run until it is committed."""
        self.write(due_at=now + LEASE, **more)

    def close(self) -> None:
        """All were gone through: the row, and a notice to who pressed, at once."""
        now = self.clock()
        over = {"state": State.DONE, "due_at": None, "holder": "", "ended_at": now, "error": ""}
        with transaction.atomic():
            self.write(**over)
            _tell(self.run, now)


def _go_through(run: PressRun, hold: _Hold) -> None:
    act, waiting = registry.get(run.act), run.lines.filter(state=Outcome.WAITING)
    if not run.by.is_active:
        _refuse_all(hold, say("press_closed"))
    elif run.tries > TRIES and (first := waiting.first()) is not None:
        # No worker came past this one: the others go on without it.
        _refuse(hold, first, say("press_killed", {"tries": TRIES}))
    for line in list(waiting):
        now = hold.clock()
        try:
            with transaction.atomic():
                hold.renew(now, tries=0)
                on = On(desk_of(run.by, now), now, run.press)
                _close(line, Outcome.DONE, now, slip_id=_do(act, line, run.data, on))
        except DomainError as refusal:
            _refuse(hold, line, sentence(refusal))
        except (Lost, *PASSING):
            raise
        except Exception as error:
            logger.exception("one of a press failed", extra={"run": run.pk, "line": line.pk})
            _refuse(hold, line, why(error))


def _do(act: registry.Act, line: PressLine, data: Mapping[str, Any], on: On) -> int | None:
    """Need to know: a dossier that went where its presser may not open it is none of his."""
    assert act.many is not None
    if not Dossier.objects.visible_to(on.by).filter(pk=line.dossier_id).exists():
        raise DomainError("press_gone")
    return act.many.verb(Seen(line.dossier_id, line.seen), data, on)


def _close(line: PressLine, state: PressLine.State, now: datetime, **more: Any) -> None:
    waits = PressLine.objects.filter(pk=line.pk, state=Outcome.WAITING)
    if not waits.update(state=state, at=now, **more):
        raise Lost


def _refuse(hold: _Hold, line: PressLine, reason: str) -> None:
    now = hold.clock()
    with transaction.atomic():
        hold.renew(now, tries=0)
        _close(line, Outcome.REFUSED, now, why=reason[:500])


def _refuse_all(hold: _Hold, reason: str) -> None:
    now = hold.clock()
    with transaction.atomic():
        hold.renew(now)
        waiting = hold.run.lines.filter(state=Outcome.WAITING)
        waiting.update(state=Outcome.REFUSED, at=now, why=reason[:500])


def _failed(hold: _Hold, error: Exception) -> None:
    """A pause and again; the third time in a row what is left waits for a person."""
    now = hold.clock()
    # What it got through before counts: this may be the first try of the one it stopped at.
    tries = max(hold.rows.values_list("tries", flat=True).first() or 0, 1)
    reason = say("press_failed", {"why": why(error).rstrip(".")})
    if tries < TRIES:
        again = {"state": State.WAITING, "due_at": now + PAUSES[tries - 1], "holder": ""}
        hold.rows.update(error=reason[:500], tries=tries, **again)
        return
    with transaction.atomic():
        _refuse_all(hold, reason)
        hold.close()


def _tell(run: PressRun, now: datetime) -> None:
    """Whoever looks at the run has read it (views/pressing.py); of few the page itself says all."""
    states = list(run.lines.values_list("state", flat=True))
    if len(states) <= SMALL:
        return
    done, of = states.count(Outcome.DONE), len(states)
    act = registry.get(run.act)
    assert act.many is not None
    post(
        kind="press_run",
        dedupe=f"press_run:{run.pk}:{now.isoformat()}",
        **told("dossiers/told/pressed", act=act, done=done, of=of, bad=of - done, run=run),
        at=now,
        to_officer=run.by,
        object_kind="press_run",
        object_id=run.pk,
        link=run.get_absolute_url(),
        mail=False,
    )


def sweep(clock: Clock) -> tuple[int, int]:
    """Take up what waits or lost its worker; forget what is old. Out: how many went through, how
    many were forgotten.
    """
    now = clock()
    due = PressRun.objects.filter(state__in=PressRun.OPEN, due_at__lte=now).order_by("due_at")
    done = sum(work(pk, clock) for pk in list(due.values_list("pk", flat=True)))
    old = PressRun.objects.filter(state=State.DONE, ended_at__lt=now - REMEMBERED)
    gone = list(old.values_list("pk", flat=True))
    if gone:
        old.filter(pk__in=gone).delete()
    return done, len(gone)


def after_clock_set_back(now: datetime) -> int:
    """Runs that wait for an instant of a clock that was wrong are due now; how many."""
    furthest = now + max(LEASE, *PAUSES) + SKEW
    open_runs = PressRun.objects.filter(state__in=PressRun.OPEN, due_at__gt=furthest)
    return open_runs.update(due_at=now)
