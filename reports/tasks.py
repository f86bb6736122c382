"""What the worker runs for this app: each may run any number of times."""

from celery import shared_task
from django.utils import timezone

from dossiers.clock.flags import in_office_hours
from onestop.jobs.runs import recorded
from reports import owed, reminding, runs
from reports.digest import mailing
from reports.duties import reminding as duties

DRAFT = "reports.draft_owed"
REMIND = "reports.remind_causes"
DUTIES = "reports.remind_duties"
DIGESTS = "reports.send_digests"


@shared_task(name=DRAFT)
def draft_owed() -> None:
    with recorded(DRAFT) as run:
        made = owed.make(timezone.now())
        run.detail = f"lập {made} dự thảo báo cáo" if made else ""


@shared_task(name=REMIND)
def remind_causes() -> None:
    """On days on which offices work; a second run of a week tells nobody twice."""
    now = timezone.now()
    with recorded(REMIND) as run:
        if in_office_hours(now):
            told = reminding.remind_causes(now)
            run.detail = f"nhắc {told} người ghi nguyên nhân quá hạn" if told else ""


@shared_task(name=DUTIES)
def remind_duties() -> None:
    """On days on which offices work; what was told is told by nobody again."""
    now = timezone.now()
    with recorded(DUTIES) as run:
        if in_office_hours(now):
            told = duties.remind(now)
            run.detail = f"nhắc {told} lượt về báo cáo phải nộp, kỳ chốt" if told else ""


@shared_task(name=DIGESTS)
def send_digests() -> None:
    """Once a working morning; the other runs find it done."""
    with recorded(DIGESTS) as run:
        told = mailing.send(timezone.now())
        run.detail = f"báo việc hôm nay cho {told} người" if told else ""


@shared_task(name=runs.RUN)
def run(pk: int) -> None:
    """A large report that somebody asked for."""
    runs.work(pk, timezone.now)


@shared_task(name=runs.SWEEP)
def sweep_runs() -> None:
    """Those that wait for another try, lost their worker or were never taken up."""
    with recorded(runs.SWEEP) as kept:
        made, gone = runs.sweep(timezone.now)
        kept.detail = f"lập {made} báo cáo lớn, dọn {gone} bản cũ" if made or gone else ""
