"""What the worker runs for this app; any number of times."""

from celery import shared_task
from django.utils import timezone

from citizens import sessions
from onestop.jobs.runs import recorded

PURGE = "citizens.purge"


@shared_task(name=PURGE)
def purge() -> None:
    with recorded(PURGE) as run:
        gone = sessions.purge(timezone.now())
        run.detail = f"xóa {gone} phiên" if gone else ""
