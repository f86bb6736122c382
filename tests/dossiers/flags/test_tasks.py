"""What the worker runs: each task by its name, safe to repeat, one failure never in the way of the
rest.
"""

import threading
from datetime import timedelta

import pytest
from celery import current_app
from django.db import connection

from dossiers import tasks
from dossiers.clock import flags
from dossiers.models import Dossier, Slip
from dossiers.slips import issuing
from onestop.jobs.models import TaskRun
from onestop.outbox.models import Message
from tests.world import MONDAY, make_case, make_office, receive, vn


def test_the_schedule_and_the_nudges_find_their_tasks() -> None:
    current_app.loader.import_default_modules()
    known = {name for name in current_app.tasks if name.startswith("dossiers.")}
    assert known >= {
        "dossiers.flag_overdue",
        "dossiers.daily_digest",
        "dossiers.verify",
        "dossiers.slip_pdf",
        "dossiers.sweep_slips",
    }
    scheduled = {str(entry["task"]) for entry in current_app.conf.beat_schedule.values()}
    assert {name for name in scheduled if name.startswith("dossiers.")} <= known
    for name in ("dossiers.slip_pdf", "dossiers.sweep_slips"):
        assert current_app.conf.task_routes[name] == {"queue": "slips"}


@pytest.mark.django_db
def test_a_slip_that_cannot_be_made_does_not_stop_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office, case = make_office(), make_case()
    for _ in range(3):
        receive(office, case, at=MONDAY - timedelta(hours=1))
    poisoned, *others = Slip.objects.order_by("pk").values_list("pk", flat=True)
    made: list[int] = []

    def make(slip_id: int) -> None:
        if slip_id == poisoned:
            raise ValueError("hỏng")
        made.append(slip_id)

    monkeypatch.setattr(issuing, "make_pdf", make)
    tasks.sweep_slips()
    assert made == others
    assert TaskRun.objects.get(name="dossiers.sweep_slips").detail == "làm 2 phiếu còn thiếu"


@pytest.mark.pdf
@pytest.mark.django_db
def test_a_slip_is_stored_once_however_often_it_is_asked_for() -> None:
    office = make_office()
    receive(office, make_case())
    slip = Slip.objects.get()
    tasks.slip_pdf(slip.pk)
    tasks.slip_pdf(slip.pk)
    slip.refresh_from_db()
    assert slip.pdf is not None
    assert issuing.pdf_bytes(slip, at=MONDAY).startswith(b"%PDF")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_tell_everything_once(monkeypatch: pytest.MonkeyPatch) -> None:
    office, case = make_office(), make_case()
    for _ in range(12):
        receive(office, case)
    monkeypatch.setattr(flags, "CHUNK", 3)
    start, done = threading.Barrier(2), []

    def run() -> None:
        start.wait()
        try:
            done.append(flags.flag_overdue(vn("04/12/2026 08:00")))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one.late for one in done) == Dossier.objects.filter(late_flagged=True).count() == 12
    assert Message.objects.filter(kind="late").count() == 24  # the clerk and the leader
