"""How long a backup is kept: those of the newest BACKUP_KEEP days, and the first of each of the last
twelve months. Only files that a run has written; whatever else lies in the folder is not ours.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from onestop.backups.models import BackupRun

logger = logging.getLogger(__name__)
PREFIX, SUFFIX = "motcua-", ".saoluu"
MONTHS = 12


def let_go(now: datetime) -> int:
    """Called when a newer one has been read back; how many files went. One that cannot be removed is
    tried again with the next.
    """
    runs = list(BackupRun.objects.good(now))
    wanted, gone = _wanted(runs), 0
    for run in runs:
        if run.pk in wanted:
            continue
        try:
            (Path(settings.BACKUP_DIR) / run.file_name).unlink(missing_ok=True)
        except OSError as error:
            logger.warning("old backup stays", extra={"run": run.pk, "error": type(error).__name__})
            continue
        gone += BackupRun.objects.filter(pk=run.pk).update(removed_at=now)
    return gone


def _wanted(runs: list[BackupRun]) -> set[int]:
    """Newest first: the last one of each of the newest days with any, the first one of each month."""
    days: dict[date, int] = {}
    months: dict[tuple[int, int], int] = {}
    for run in runs:
        day = timezone.localdate(run.started_at)
        days.setdefault(day, run.pk)
        months[day.year, day.month] = run.pk
    newest = list(days.values())[: max(settings.BACKUP_KEEP, 1)]
    return {*newest, *list(months.values())[:MONTHS]}


def is_there(run: BackupRun) -> bool:
    with suppress(OSError):
        return (Path(settings.BACKUP_DIR) / run.file_name).stat().st_size == run.written
    return False
