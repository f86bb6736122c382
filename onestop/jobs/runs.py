"""How each scheduled job ran last, and a row of each run that had something to do."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.utils import timezone

from onestop.errors import DomainError, sentence
from onestop.instants import SKEW, clock_set_back, lies_ahead
from onestop.jobs import timetable
from onestop.jobs.models import Heartbeat, JobState, TaskRun
from onestop.stores import StoreAway
from onestop.trouble import is_full

logger = logging.getLogger(__name__)

BEAT = "beat"
FILES = "files.verify"
KEPT = timedelta(days=30)


@contextmanager
def recorded(name: str) -> Iterator[TaskRun]:
    """`with recorded("outbox.sweep") as run: run.detail = ...` keeps the run's times and outcome.

    The job's own row always tells its last run. A run that leaves `detail` empty had nothing to do
    and leaves no row beside it; an exception leaves one and goes on up.
    """
    run = TaskRun(name=name, started_at=timezone.now())
    made_up = _begun(run)
    try:
        yield run
    except Exception as error:
        run.ok = False
        run.detail = why(error)
        raise
    finally:
        run.detail = run.detail[:500]
        run.ended_at = timezone.now()
        if run.detail:
            run.save()
        _ended(run, made_up=made_up)


def under_way(run: TaskRun, detail: str, *, done: int = 0, of: int = 0) -> None:
    """How far a long run has come, for whoever looks at it meanwhile."""
    far = {"started_at": run.started_at, "detail": detail[:500], "done": done, "of": of}
    _write(run.name, far)


def asked_for(name: str, now: datetime, *, patience: timedelta) -> bool:
    """Note that somebody wants this job now, before a worker takes it. False where it waits or is
    under way since less than `patience`. Call it inside a transaction.
    """
    fresh: dict[str, Any] = {"started_at": now, "ended_at": None, "ok": True, "detail": ""}
    fresh |= {"done": 0, "of": 0}
    state, is_new = JobState.objects.select_for_update().get_or_create(name=name, defaults=fresh)
    if not is_new:
        if state.ended_at is None and timedelta() <= now - state.started_at < patience:
            return False
        JobState.objects.filter(name=name).update(**fresh)
    return True


def why(error: BaseException) -> str:
    """What went wrong, as far as it can be said in words; else that it is a mistake of ours, with
    the error's name and nothing that it says: that may be an address or a person.
    """
    if isinstance(error, DomainError):
        return sentence(error)
    if is_full(error):
        return "hết chỗ trên đĩa"
    if isinstance(error, StoreAway):
        return "kho tệp không trả lời"
    if isinstance(error, MemoryError):
        return "máy chủ thiếu bộ nhớ"
    if isinstance(error, OperationalError | InterfaceError):
        return "cơ sở dữ liệu không trả lời hoặc đang bị khóa"
    return f"lỗi phần mềm ({type(error).__name__})"


def _begun(run: TaskRun) -> bool:
    """Note the beginning; True where it comes in place of runs that did not come."""
    known = JobState.objects.filter(name=run.name).values_list("started_at", flat=True).first()
    timing = timetable.timings().get(run.name)
    values: dict[str, Any] = {
        "started_at": run.started_at, "ended_at": None, "ok": True, "detail": "", "done": 0, "of": 0,
    }  # fmt: skip
    missed = timing.missed(known, run.started_at) if timing is not None and known else 0
    if missed:
        stop = {"missed": missed, "missed_from": known, "made_up_at": run.started_at}
        values |= stop | {"made_up": ""}
    _write(run.name, values)
    return missed > 0


def _ended(run: TaskRun, *, made_up: bool) -> None:
    values = {
        "started_at": run.started_at, "ended_at": run.ended_at, "ok": run.ok, "detail": run.detail,
    }  # fmt: skip
    _write(run.name, values | ({"made_up": run.detail} if made_up else {}))


def _write(name: str, values: dict[str, Any]) -> None:
    """A state that cannot be written is no reason to leave the work undone."""
    try:
        with transaction.atomic():
            if not JobState.objects.filter(name=name).update(**values):
                JobState.objects.get_or_create(name=name, defaults=values)
    except DatabaseError as error:
        logger.warning("job not noted", extra={"task": name, "error": type(error).__name__})


def beat(now: datetime) -> None:
    """The pulse: it proves that scheduler, broker and worker all live.

    The first one after the clock was set back also lets each app mend what waits for an instant of
    the wrong clock.
    """
    with transaction.atomic():
        if lies_ahead(last_beat(), now):
            clock_set_back.send(sender=Heartbeat, now=now)
        Heartbeat.objects.update_or_create(name=BEAT, defaults={"at": now})


def last_beat() -> datetime | None:
    return Heartbeat.objects.filter(name=BEAT).values_list("at", flat=True).first()


def last(name: str, now: datetime) -> TaskRun | None:
    """The newest run of that name by now, when there was one."""
    return (
        TaskRun.objects.filter(name=name, started_at__lte=now + SKEW)
        .order_by("-started_at", "-pk")
        .first()
    )


def prune(now: datetime) -> int:
    """Forget runs older than a month; returns how many."""
    return TaskRun.objects.older_than(now, KEPT).delete()[0]
