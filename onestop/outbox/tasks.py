from celery import shared_task
from django.utils import timezone

from onestop.jobs.runs import recorded
from onestop.outbox import domain


@shared_task(name="outbox.deliver")
def deliver(message_id: int) -> None:
    domain.deliver(message_id, now=timezone.now())


@shared_task(name="outbox.sweep")
def sweep() -> None:
    with recorded("outbox.sweep") as run:
        sent, failed = domain.sweep(timezone.now())
        run.detail = f"gửi {sent} thư, {failed} thư chưa gửi được" if sent or failed else ""
