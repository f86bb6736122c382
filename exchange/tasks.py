"""What the worker runs for this app; each may run any number of times."""

from celery import shared_task
from django.urls import reverse
from django.utils import timezone

from exchange.outbox import alarm, sending
from exchange.outbox.peers import are_connected
from onestop.jobs.runs import recorded

SEND = "exchange.send_outbox"


@shared_task(name="exchange.nudged")
def nudged() -> None:
    """After an act."""
    sending.send_all(timezone.now)


@shared_task(name=SEND)
def send_outbox() -> None:
    with recorded(SEND) as run:
        if not are_connected():
            return
        done = sending.send_all(timezone.now)
        told = alarm.tell(
            alarm.unsent(), now=timezone.now(), link=reverse("accounts:scheduled_jobs")
        )
        run.detail = ", ".join(
            said
            for number, said in (
                (done.sent, f"gửi {done.sent} thông báo"),
                (done.refused, f"{done.refused} bị từ chối"),
                (done.away, f"{done.away} không có trả lời"),
                (told, f"báo {told} quản trị viên"),
            )
            if number
        )
