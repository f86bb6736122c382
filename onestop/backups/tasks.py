from celery import shared_task
from django.utils import timezone

from onestop.backups import making
from onestop.jobs.runs import recorded


@shared_task(name=making.SWEEP)
def sweep() -> None:
    """Each night's backup, what was asked for, and what a dead worker left."""
    with recorded(making.SWEEP) as run:
        made = making.sweep(timezone.now)
        run.detail = f"đã làm {made} bản sao lưu" if made else ""


@shared_task(name=making.RUN)
def run(pk: int) -> None:
    """One that somebody asked for."""
    making.work(pk, timezone.now)
