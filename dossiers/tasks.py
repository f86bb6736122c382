"""What the worker runs for this app: ids in, call the verb, return; each may run any number of
times.
"""

import logging
from functools import partial

from celery import shared_task
from django.utils import timezone

from dossiers.acts import e_receipts, legs, pressing
from dossiers.clock import flags, lapses, obligations, online_flags, uncollected
from dossiers.desk import consulted, ended_drafts
from dossiers.importing import jobs as import_jobs
from dossiers.intake import drafts
from dossiers.ledger import alarm, digests, nightly, verifying
from dossiers.models import Dossier
from dossiers.receipts_out import sending
from dossiers.slips import issuing
from onestop.jobs import runs
from onestop.jobs.runs import recorded

logger = logging.getLogger(__name__)


@shared_task(name="dossiers.flag_overdue")
def flag_overdue() -> None:
    """In working hours only: nobody is rung at night; the first run of the morning tells what the
    night made late. A tick of the night is noted too, else it would be missed in the morning.
    """
    now = timezone.now()
    with recorded("dossiers.flag_overdue") as run:
        if not flags.in_office_hours(now):
            return
        done, filings = flags.flag_overdue(now), online_flags.flag(now)
        said = []
        if done:
            said.append(
                f"sắp đến hạn {done.soon}, quá hạn {done.late}, chưa nhận bàn giao {done.unconfirmed}"
            )
        if any(filings.values()):
            said.append(
                f"trực tuyến chờ tiếp nhận: sắp hết giờ {filings['soon']}, quá giờ {filings['late']}"
            )
        if reminded := obligations.remind(now):
            said.append(f"nhắc nghĩa vụ tài chính {reminded}")
        run.detail = "; ".join(said)


@shared_task(name="dossiers.remind_uncollected")
def remind_uncollected() -> None:
    """Counters are told of results that nobody fetches, once a week."""
    with recorded("dossiers.remind_uncollected") as run:
        done = uncollected.remind(timezone.now())
        run.detail = f"nhắc {done} Bộ phận Một cửa" if done else ""


@shared_task(name="dossiers.propose_lapses")
def propose_lapses() -> None:
    """On days off nobody is told: the next working morning tells it."""
    now = timezone.now()
    with recorded("dossiers.propose_lapses") as run:
        if not flags.in_office_hours(now):
            return
        done, late, parts = lapses.propose(now), consulted.tell_late(now), legs.tell_late(now)
        said = [f"cần nhắc {done.reminders}, đề nghị dừng {done.lapses}"] if done else []
        if late:
            said.append(f"chậm trả lời ý kiến {late}")
        if parts:
            said.append(f"quá hạn phối hợp {parts}")
        run.detail = "; ".join(said)


@shared_task(name=digests.TASK)
def daily_digest() -> None:
    with recorded(digests.TASK) as run:
        days = digests.daily_digest(timezone.now())
        run.detail = f"chốt mã băm {days} ngày" if days else ""


@shared_task(name=nightly.TASK)
def verify() -> None:
    """What is new in the ledger, what is open, and a share of the rest."""
    with recorded(nightly.TASK) as run:
        told = partial(runs.under_way, run)
        now = timezone.now()
        found = nightly.verify_night(now=now, progress=lambda n: told(f"đã kiểm tra {n} hồ sơ"))
        alarm.conclude(run, found, at=timezone.now())


@shared_task(name=alarm.WHOLE)
def verify_whole() -> None:
    """All of it, because an administrator asked."""
    with recorded(alarm.WHOLE) as run:
        now, of = timezone.now(), Dossier.objects.count()
        told = partial(runs.under_way, run, of=of)
        found = verifying.verify(
            now=now, progress=lambda n: told(f"đã kiểm tra {n} hồ sơ", done=min(n, of))
        )
        alarm.conclude(run, found, at=timezone.now())


@shared_task(name="dossiers.sweep_drafts")
def sweep_drafts() -> None:
    with recorded("dossiers.sweep_drafts") as run:
        gone, scans = drafts.sweep(timezone.now()), drafts.sweep_scans(timezone.now())
        told = ended_drafts.tell(timezone.now())
        run.detail = ", ".join(
            said
            for number, said in (
                (gone, f"xóa {gone} bản nháp cũ"),
                (scans, f"{scans} tệp không còn thuộc hồ sơ nào"),
                (told, f"báo {told} bản nháp của thủ tục hết hiệu lực"),
            )
            if number
        )


@shared_task(name=import_jobs.PREVIEW)
def preview_import(pk: int) -> None:
    import_jobs.preview(pk, timezone.now())


@shared_task(name=import_jobs.RUN)
def run_import(pk: int) -> None:
    import_jobs.run(pk, timezone.now())


@shared_task(name="dossiers.sweep_imports")
def sweep_imports() -> None:
    """Files whose worker was never told or died."""
    with recorded("dossiers.sweep_imports") as run:
        done = import_jobs.sweep(timezone.now())
        run.detail = f"làm tiếp {done} lần nhập hồ sơ" if done else ""


@shared_task(name=pressing.RUN)
def run_press(pk: int) -> None:
    """An act on many that somebody pressed for."""
    pressing.work(pk, timezone.now)


@shared_task(name=pressing.SWEEP)
def sweep_presses() -> None:
    """Those that wait for another try, lost their worker or were never taken up."""
    with recorded(pressing.SWEEP) as run:
        done, gone = pressing.sweep(timezone.now)
        run.detail = (
            f"làm tiếp {done} lần làm trên nhiều hồ sơ, quên {gone} lần cũ" if done or gone else ""
        )


@shared_task(name=e_receipts.SEND)
def send_receipt(pk: int) -> None:
    sending.send(pk, timezone.now)


@shared_task(name=sending.SWEEP)
def send_receipts() -> None:
    """Electronic receipts whose provider was away, or whose worker was never told or died."""
    with recorded(sending.SWEEP) as run:
        done = sending.sweep(timezone.now)
        run.detail = f"nhà cung cấp trả lời {done} biên lai" if done else ""


@shared_task(name="dossiers.slip_pdf")
def slip_pdf(slip_id: int) -> None:
    issuing.make_pdf(slip_id)


@shared_task(name="dossiers.sweep_slips")
def sweep_slips() -> None:
    """Slips whose worker was never told or died; one that cannot be made does not stop the others."""
    with recorded("dossiers.sweep_slips") as run:
        made = 0
        for slip_id in issuing.without_pdf(timezone.now()):
            try:
                issuing.make_pdf(slip_id)
            except Exception:
                logger.exception("slip not made", extra={"slip": slip_id})
            else:
                made += 1
        run.detail = f"làm {made} phiếu còn thiếu" if made else ""
