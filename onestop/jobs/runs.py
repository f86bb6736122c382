"""Keep a row of each scheduled run that had something to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from onestop.instants import SKEW, clock_set_back, lies_ahead
from onestop.jobs.models import Heartbeat, TaskRun

BEAT = "beat"
FILES = "files.verify"
KEPT = timedelta(days=30)


@contextmanager
def recorded(name: str) -> Iterator[TaskRun]:
    """`with recorded("outbox.sweep") as run: run.detail = ...` keeps the run's times and outcome.

    A run that leaves `detail` empty had nothing to do and leaves no row; an exception leaves one
    and goes on up.
    """
    run = TaskRun(name=name, started_at=timezone.now())
    try:
        yield run
    except Exception as error:
        run.ok = False
        run.detail = type(error).__name__
        raise
    finally:
        if run.detail:
            run.detail = run.detail[:500]
            run.ended_at = timezone.now()
            run.save()


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
