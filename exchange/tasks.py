"""What the worker runs for this app; each may run any number of times."""

from celery import shared_task
from django.urls import reverse
from django.utils import timezone

from exchange.inbox import arriving, files, flagging, purging, taking
from exchange.outbox import alarm, asking_many, cleaning, finding, sending
from exchange.outbox.peers import are_connected
from exchange.paying import settling, unsure
from exchange.paying.asking import SETTLE
from onestop.jobs.runs import recorded

SEND = "exchange.send_outbox"
PURGE = "exchange.purge_messages"
ASK = "exchange.ask_peers"


@shared_task(name="exchange.nudged")
def nudged() -> None:
    """After an act. A peer that gave no answer is left to the minute's run."""
    sending.send_all(timezone.now, only_well=True)


@shared_task(name=SEND)
def send_outbox() -> None:
    with recorded(SEND) as run:
        if not are_connected():
            return
        try:
            done = sending.send_all(timezone.now)
        finally:
            # Also of what could not even be taken over.
            told = alarm.tell(now=timezone.now(), link=reverse("level"))
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


@shared_task(name=arriving.READ)
def read_messages() -> None:
    """What arrived and nobody has read yet; and what is held for too long is told."""
    with recorded(arriving.READ) as run:
        now = timezone.now()
        done, late = taking.read_new(now), flagging.flag(now)
        said = (
            f"đọc {done} thông điệp" if done else "",
            f"báo {late} thông điệp chờ lâu" if late else "",
        )
        run.detail = ", ".join(filter(None, said))


@shared_task(name=files.FETCH)
def fetch_files() -> None:
    with recorded(files.FETCH) as run:
        kept, missing = files.fetch_due(timezone.now)
        if kept or missing:
            run.detail = f"tải {kept} tệp, thiếu {missing}"


@shared_task(name=ASK)
def ask_peers() -> None:
    """What others hold of the dossiers that go on here, by their own word."""
    with recorded(ASK) as run:
        heard = finding.ask_all(timezone.now)
        told = [f"{number} hồ sơ nơi nhận {says}" for says, number in heard.said.items()]
        told += [f"{heard.unread} câu trả lời không dùng được"] if heard.unread else []
        told += [f"{heard.away} nơi nhận không trả lời"] if heard.away else []
        run.detail = ", ".join(told)


@shared_task(name=asking_many.TASK)
def ask_lists() -> None:
    """Lists that somebody wants to be asked about: what waits, and what lost its worker."""
    with recorded(asking_many.TASK) as run:
        if done := asking_many.work_all(timezone.now):
            run.detail = f"hỏi về {done} hồ sơ"


@shared_task(name=PURGE)
def purge_messages() -> None:
    with recorded(PURGE) as run:
        done, sent = purging.purge(timezone.now()), cleaning.purge(timezone.now())
        run.detail = ", ".join(
            said
            for number, said in (
                (done, f"bỏ nguyên văn {done} thông điệp"),
                (sent, f"bỏ {sent} thông báo đã gửi"),
            )
            if number
        )


@shared_task(name=SETTLE)
def settle_payments() -> None:
    """Requests for payment: asked for, asked after, their receipts fetched."""
    with recorded(SETTLE) as run:
        done = settling.Done()
        try:
            if are_connected():
                done = settling.settle_all(timezone.now)
        finally:
            # Also of what a platform left open that is not connected any more.
            told = unsure.tell(now=timezone.now(), link=reverse("pay_requests"))
        run.detail = ", ".join(
            said
            for number, said in (
                (done.asked, f"gửi {done.asked} yêu cầu"),
                (done.refused, f"{done.refused} bị từ chối"),
                (done.paid, f"{done.paid} đã thanh toán"),
                (done.bills, f"lấy {done.bills} biên lai"),
                (done.away, f"{done.away} nền tảng không trả lời"),
                (told, f"báo {told} người"),
            )
            if number
        )
