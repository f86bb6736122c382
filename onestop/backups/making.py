"""One backup after the other: each night's, and what somebody asks for.

    waiting → running → done | waiting (a pause, then again) | failed (tomorrow's night, or a person)

A worker holds a run by a lease that its pulse renews. Two schedulers or workers never make two of one
night; what a killed worker left is taken up by the next sweep. A file counts when it was read back.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from onestop.accounts.models import Officer
from onestop.backups import alarms, nights, old
from onestop.backups.models import BackupRun
from onestop.backups.pulse import Pulse
from onestop.errors import DomainError, say
from onestop.instants import SKEW
from onestop.jobs.nudge import nudge
from onestop.jobs.runs import why
from onestop.keeping.writing import write_backup
from onestop.trouble import is_full

logger = logging.getLogger(__name__)
RUN, SWEEP = "backups.run", "backups.sweep"
TRIES = 3
# After the first failure, after the second.
PAUSES = (timedelta(minutes=5), timedelta(minutes=15))
# What may be over by then; every other refusal waits for a person.
PASSES = frozenset({"backup_store_away", "backup_database", "backup_no_room", "backup_under_way"})
# The pulse beats much more often: a run not heard of for so long lost its worker.
LEASE = timedelta(minutes=5)
State = BackupRun.State
Clock = Callable[[], datetime]


class Lost(Exception):
    """Somebody else has this run by now."""


def ask(*, by: Officer, at: datetime) -> BackupRun:
    """Have one made now; what is under way is the same. Errors: DomainError("backup_folder_unset")."""
    if not nights.is_on():
        raise DomainError("backup_folder_unset")
    with transaction.atomic():
        run = BackupRun.objects.open().order_by("at").first()
        if run is None:
            run = BackupRun.objects.create(by=by, at=at, due_at=at)
        nudge(RUN, run.pk)
    return run


def owe(now: datetime) -> BackupRun | None:
    """Write down this night's, where nobody has; once, whoever asks. Nothing without a folder."""
    night = nights.night_of(now)
    if not nights.is_on() or BackupRun.objects.filter(night=night).exists():
        return None
    with suppress(IntegrityError), transaction.atomic():
        return BackupRun.objects.create(night=night, at=now, due_at=now)
    return None


def sweep(clock: Clock) -> int:
    """Make what is owed, waits or lost its worker; tell whoever answers what is wrong; how many were
    made.
    """
    now = clock()
    owe(now)
    due = BackupRun.objects.open().filter(due_at__lte=now)
    # Who lost a worker first: only one runs at a time, and it holds up the others.
    order = due.order_by("-state", "at").values_list("pk", flat=True)
    made = sum(work(pk, clock) for pk in list(order))
    alarms.look(clock())
    return made


def work(pk: int, clock: Clock) -> bool:
    """Make it, if it is due and nobody else has it or makes another; True when it was made. Safe to call
    any number of times.
    """
    token = uuid4().hex
    if not _claim(pk, token, clock()):
        return False
    run = BackupRun.objects.get(pk=pk)
    held = BackupRun.objects.filter(pk=pk, holder=token, state=State.RUNNING)
    try:
        made = _made(run, held, clock)
        _close(held, made, clock())
    except Lost:
        logger.warning("backup lost", extra={"run": pk})
        return False
    except Exception as error:  # whatever it is, the run says it and is tried again
        logger.exception("backup failed", extra={"run": pk, "tries": run.tries})
        _failed(run, held, error, clock())
        return False
    old.let_go(clock())
    return True


def _claim(pk: int, token: str, now: datetime) -> bool:
    due = BackupRun.objects.open().filter(pk=pk, due_at__lte=now)
    fresh = {"holder": token, "started_at": now, "due_at": now + LEASE, "written": 0, "error": ""}
    try:
        with transaction.atomic():
            rows = due.filter(tries__lt=TRIES)
            if rows.update(state=State.RUNNING, tries=F("tries") + 1, **fresh):
                return True
    except IntegrityError:  # another one is being made
        return False
    _give_up(due.filter(tries__gte=TRIES), say("backup_killed", {"tries": TRIES}), now)
    return False


def _made(run: BackupRun, held: QuerySet[BackupRun], clock: Clock) -> dict[str, Any]:
    """Write it, which reads it back; what the run is to keep. Errors: DomainError, OSError."""
    path = _place(run)
    with Pulse(held, path, clock, LEASE):
        manifest = write_backup(path, recipients=settings.BACKUP_RECIPIENT)
    return {
        "file_name": path.name,
        "digest": manifest.digest,
        "written": manifest.size,
        "is_encrypted": manifest.encrypted,
        "rows": manifest.rows,
        "files": manifest.files.count + len(manifest.files.others),
        "files_lost": manifest.files.missing_count + manifest.files.changed_count,
    }


def _place(run: BackupRun) -> Path:
    """Where it is written. The folder is not made: an unmounted disk must not be taken for it."""
    if not nights.is_on():
        raise DomainError("backup_folder_unset")
    folder = Path(settings.BACKUP_DIR)
    stem = f"{old.PREFIX}{timezone.localtime(run.at):%Y%m%d-%H%M%S}-{run.pk}"
    # What an earlier try left whole stays: a database just restored takes up the run that made the very
    # archive it came from, and that may be the only one.
    again = f"-{run.tries}" if run.tries > 1 else ""
    return folder / f"{stem}{again}{old.SUFFIX}"


def _close(held: QuerySet[BackupRun], made: dict[str, Any], now: datetime) -> None:
    over = {"state": State.DONE, "due_at": None, "holder": "", "ended_at": now, "error": ""}
    if not held.update(**over, **made):
        raise Lost


def _failed(run: BackupRun, held: QuerySet[BackupRun], error: Exception, now: datetime) -> None:
    """A pause and again; what a person has to mend, or the third time, waits for one."""
    because = why(error)
    if isinstance(error, OSError) and not is_full(error):
        because = say("backup_disk", {"error": type(error).__name__})
    reason = because if isinstance(error, DomainError) else say("backup_failed", {"why": because})
    stays = isinstance(error, DomainError) and error.code not in PASSES
    if stays or run.tries >= TRIES:
        _give_up(held, reason, now)
    else:
        due = now + PAUSES[run.tries - 1]
        held.update(state=State.WAITING, due_at=due, holder="", error=reason[:500])


def _give_up(rows: QuerySet[BackupRun], reason: str, now: datetime) -> None:
    """No further try by itself; who answers for the server is told. Without a folder nobody is: the
    archive of a machine that had one brings back the run that was making it.
    """
    over = {"state": State.FAILED, "due_at": None, "holder": "", "ended_at": now}
    with transaction.atomic():
        for run in rows:
            if rows.filter(pk=run.pk).update(error=reason[:500], **over):
                run.error = reason
                if nights.is_on():
                    alarms.tell_failed(run, now)


def after_clock_set_back(now: datetime) -> int:
    """Runs that wait for an instant of a clock that was wrong are due now, and its nights are no nights
    of ours; how many runs.
    """
    BackupRun.objects.filter(night__gt=nights.night_of(now)).update(night=None)
    furthest = now + max(LEASE, *PAUSES) + SKEW
    return BackupRun.objects.open().filter(due_at__gt=furthest).update(due_at=now)
