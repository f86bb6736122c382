"""What the worker runs for this app: each may run any number of times."""

from celery import shared_task
from django.utils import timezone

from onestop.jobs.runs import recorded
from reports import owed

DRAFT = "reports.draft_owed"


@shared_task(name=DRAFT)
def draft_owed() -> None:
    with recorded(DRAFT) as run:
        made = owed.make(timezone.now())
        run.detail = f"lập {made} dự thảo báo cáo" if made else ""
