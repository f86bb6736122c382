"""The Celery app: tasks are found in each app's tasks module; the schedule stands here, by name."""

import logging
import os
from typing import Any

from celery import Celery, Task
from celery.exceptions import Ignore
from celery.schedules import crontab
from celery.signals import beat_init, setup_logging, worker_init, worker_process_init

from onestop import versions

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onestop.settings")


class CarefulTask(Task):  # type: ignore[misc]  # Celery carries no types
    """Not begun on a database that a newer version has migrated: what it was to do waits in its
    rows, and the sweep of the newer worker finds it.
    """

    def __call__(self, *args: Any, **options: Any) -> Any:
        if newer := versions.watch.seen():
            logging.getLogger(__name__).error(versions.sentence(newer))
            raise Ignore
        return super().__call__(*args, **options)


app = Celery("onestop", task_cls=CarefulTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_scheduler = "onestop.beat:Scheduler"

# The queue of what is drawn (settings, CELERY_TASK_ROUTES).
SLIPS = "slips"
MINUTE, FIVE_MINUTES = 60.0, 300.0
# A tick nobody took within its period is dropped: after a night without workers nothing piles up.
app.conf.beat_schedule = {
    "heartbeat": {"task": "jobs.heartbeat", "schedule": MINUTE, "options": {"expires": 55}},
    "send letters": {"task": "outbox.sweep", "schedule": MINUTE, "options": {"expires": 55}},
    "what other systems must know": {
        "task": "exchange.send_outbox",
        "schedule": MINUTE,
        "options": {"expires": 55},
    },
    "waiting traces": {
        "task": "accounts.write_traces",
        "schedule": MINUTE,
        "options": {"expires": 55},
    },
    "large reports": {
        "task": "reports.sweep_runs",
        "schedule": MINUTE,
        "options": {"expires": 55},
    },
    "messages of other systems": {
        "task": "exchange.read_messages",
        "schedule": MINUTE,
        "options": {"expires": 55},
    },
    "files of other systems": {
        "task": "exchange.fetch_files",
        "schedule": MINUTE,
        "options": {"expires": 55},
    },
    "payments through platforms": {
        "task": "exchange.settle_payments",
        "schedule": MINUTE,
        "options": {"expires": 55},
    },
    "what other systems hold": {
        "task": "exchange.ask_peers",
        "schedule": crontab(hour=3, minute=10),
        "options": {"expires": 2 * 3600},
    },
    "lists to be asked about": {
        "task": "exchange.ask_lists",
        "schedule": MINUTE,
        "options": {"expires": 55},
    },
    "texts of old messages": {
        "task": "exchange.purge_messages",
        "schedule": crontab(hour=2, minute=50),
        "options": {"expires": 6 * 3600},
    },
    "sessions of citizens": {
        "task": "citizens.purge",
        "schedule": crontab(hour=2, minute=55),
        "options": {"expires": 6 * 3600},
    },
    "acts on many": {
        "task": "dossiers.sweep_presses",
        "schedule": MINUTE,
        "options": {"expires": 55},
    },
    "electronic receipts": {
        "task": "dossiers.send_receipts",
        "schedule": MINUTE,
        "options": {"expires": 55},
    },
    "flag overdue": {
        "task": "dossiers.flag_overdue",
        "schedule": FIVE_MINUTES,
        "options": {"expires": 290},
    },
    "missing slips": {
        "task": "dossiers.sweep_slips",
        "schedule": FIVE_MINUTES,
        "options": {"expires": 290},
    },
    "unfinished imports": {
        "task": "dossiers.sweep_imports",
        "schedule": FIVE_MINUTES,
        "options": {"expires": 290},
    },
    "unfinished catalogues": {
        "task": "procedures.sweep_uploads",
        "schedule": FIVE_MINUTES,
        "options": {"expires": 290},
    },
    "unfinished notice boards": {
        "task": "procedures.sweep_editions",
        "schedule": FIVE_MINUTES,
        "options": {"expires": 290},
    },
    # Before anybody reads; public pages and leaflets ask what was counted.
    "use of procedures": {
        "task": "procedures.count_use",
        "schedule": crontab(hour=3, minute=40),
        "options": {"expires": 6 * 3600},
    },
    # Each night's at half past one, and what a killed worker or a machine that was off left.
    "backups": {
        "task": "backups.sweep",
        "schedule": FIVE_MINUTES,
        "options": {"expires": 290},
    },
    # Each morning; a counter is told once a week.
    "uncollected results": {
        "task": "dossiers.remind_uncollected",
        "schedule": crontab(hour=7, minute=30),
        "options": {"expires": 6 * 3600},
    },
    "daily digest": {
        "task": "dossiers.daily_digest",
        "schedule": crontab(hour=0, minute=10),
        "options": {"expires": 6 * 3600},
    },
    # In the night after a period's last day, and again every hour: what a killed worker or a machine
    # that was off left is made up soon. Where nothing is owed it asks a few small questions.
    "reports owed": {
        "task": "reports.draft_owed",
        "schedule": crontab(minute=40),
        "options": {"expires": 3000},
    },
    # In the morning; each procedure is told of once in thirty days.
    "unpublished procedures": {
        "task": "procedures.remind_unpublished",
        "schedule": crontab(hour=7, minute=50),
        "options": {"expires": 6 * 3600},
    },
    # In the working day's first hours; once a week it tells, the other runs find it told.
    "causes missing": {
        "task": "reports.remind_causes",
        "schedule": crontab(hour=8, minute=20),
        "options": {"expires": 3000},
    },
    # From DIGEST_AT on; the first run that finds the morning's letters unwritten writes them all.
    "today's work": {
        "task": "reports.send_digests",
        "schedule": FIVE_MINUTES,
        "options": {"expires": 290},
    },
    "reports to send": {
        "task": "reports.remind_duties",
        "schedule": crontab(hour=8, minute=10),
        "options": {"expires": 3000},
    },
    "old drafts": {
        "task": "dossiers.sweep_drafts",
        "schedule": crontab(hour=0, minute=40),
        "options": {"expires": 6 * 3600},
    },
    "orphan files": {
        "task": "files.sweep_orphans",
        "schedule": crontab(hour=1, minute=10),
        "options": {"expires": 6 * 3600},
    },
    "file checksums": {
        "task": "files.verify",
        "schedule": crontab(hour=2, minute=10),
        "options": {"expires": 6 * 3600},
    },
    # In the morning, when somebody is there who can telephone.
    "requests nobody answers": {
        "task": "dossiers.propose_lapses",
        "schedule": crontab(hour=8, minute=5),
        "options": {"expires": 6 * 3600},
    },
    # Behind the digests of the day.
    "ledger": {
        "task": "dossiers.verify",
        "schedule": crontab(hour=2, minute=40),
        "options": {"expires": 6 * 3600},
    },
    "prune": {
        "task": "jobs.prune",
        "schedule": crontab(hour=3, minute=10),
        "options": {"expires": 6 * 3600},
    },
}


@setup_logging.connect
def _one_way_of_logging(**_: Any) -> None:
    """Django's LOGGING is Celery's too: connecting this signal keeps Celery from setting up its
    own.
    """


@worker_process_init.connect
def _warm_printing(**_: Any) -> None:
    """The first slip of a worker that draws is as fast as the others; a machine that cannot print
    still runs every other task.
    """
    from onestop import pdf

    if SLIPS not in app.amqp.queues.consume_from:
        return
    log = logging.getLogger(__name__)
    try:
        pdf.warm()
        for problem in pdf.problems():
            log.warning(problem)
    except pdf.PdfUnavailable as missing:
        log.error(str(missing))


@worker_init.connect
@beat_init.connect
def _refuse_newer(**_: Any) -> None:
    """Ends the process: a worker before it takes a task, a scheduler before it sends one."""
    versions.refuse()


@beat_init.connect
def _first_tick(**_: Any) -> None:
    """A server that has just started is ready at once, not after the first minute."""
    app.send_task("jobs.heartbeat", expires=55)
