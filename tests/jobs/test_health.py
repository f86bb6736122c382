"""/song/ and /san-sang/, the pulse and the record of runs."""

import errno
import io
import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from onestop.environment import AILING
from onestop.jobs import health, runs, tasks
from onestop.jobs.models import TaskRun
from onestop.jobs.nudge import nudge

pytestmark = pytest.mark.django_db


def test_alive_touches_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/song/")
    assert response.json() == {"alive": True}
    assert "no-store" in response["Cache-Control"]


def test_not_ready_until_the_scheduler_has_ticked(client):
    response = client.get("/san-sang/")
    assert response.status_code == 503
    assert response.json()["checks"]["scheduler"] == {"ok": False, "detail": "chưa có nhịp nào"}
    tasks.heartbeat()
    response = client.get("/san-sang/")
    assert response.status_code == 200
    assert response.json()["ready"] is True
    assert set(response.json()["checks"]) == {
        "database",
        "version",
        "queue",
        "storage",
        "scheduler",
        "processes",
        "files",
        "backup",
    }


def test_a_scheduler_that_stopped_is_noticed():
    now = timezone.now()
    runs.beat(now - timedelta(minutes=4))
    assert not health.scheduler(now).ok
    runs.beat(now - timedelta(minutes=2))
    assert health.scheduler(now).ok


def test_people_get_a_page_in_their_language(client):
    tasks.heartbeat()
    page = client.get(
        "/san-sang/", headers={"accept": "text/html,application/xhtml+xml"}
    ).content.decode()
    assert "Hệ thống sẵn sàng" in page
    assert 'lang="vi"' in page


def test_a_dead_database_is_an_answer_not_a_crash(monkeypatch):
    def refuse():
        raise DatabaseError("connection to 10.0.0.1 refused")

    monkeypatch.setattr(connection, "cursor", refuse)
    for found in (health.database(), health.version()):
        assert not found.ok
        assert "10.0.0.1" not in found.detail


def test_a_dead_queue_is_noticed_within_seconds(settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"
    assert not health.queue().ok


@pytest.mark.redis
def test_a_living_queue_answers():
    assert health.queue().ok


def test_a_storage_one_cannot_write_to_is_noticed(monkeypatch):
    """The rights of a folder say nothing about a disk without room: only a written byte does."""

    class Full(io.BytesIO):
        def write(self, _content: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", lambda **_: Full())
    assert health.storage() == health.Check("storage", "Kho tệp", False, "không ghi được")
    monkeypatch.setattr(FileSystemStorage, "exists", lambda *_: 1 / 0)
    assert health.storage().detail == "không trả lời"


@pytest.mark.parametrize("free", [0, 499 * 2**20])
def test_a_disk_that_is_nearly_full_is_noticed_before_it_is(monkeypatch, settings, free):
    settings.STORAGE_MIN_FREE_BYTES = 500 * 2**20
    usage = shutil.disk_usage("/")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=free))
    found = health.storage()
    assert (found.ok, found.detail) == (False, f"sắp đầy: còn trống {free // 2**20} MB")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=500 * 2**20))
    assert health.storage().ok


def test_who_keeps_dying_is_named(settings, client):
    note = Path(settings.VAR_DIR) / AILING
    try:
        note.write_text('{"beat": 5}')
        assert health.processes().detail == "dừng liên tục: beat (5 lần)"
        assert not health.is_ready([health.processes()])
        note.write_text("{half a li")
        assert health.processes().ok
    finally:
        note.unlink()


def test_damaged_files_are_told_and_the_counter_stays_ready():
    assert health.files(timezone.now()).ok
    TaskRun.objects.create(
        name=runs.FILES, started_at=timezone.now(), ok=False, detail="tệp hỏng hoặc mất: [3]"
    )
    found = health.files(timezone.now())
    assert not found.ok
    assert "[3]" not in found.detail
    assert health.is_ready([found])
    TaskRun.objects.create(
        name=runs.FILES, started_at=timezone.now(), detail="mọi tệp khớp mã kiểm tra"
    )
    assert health.files(timezone.now()).ok


def test_a_run_with_nothing_to_do_leaves_no_row():
    with runs.recorded("idle"):
        pass
    assert not TaskRun.objects.exists()


def test_a_run_is_kept_with_its_outcome_and_a_failure_by_its_class():
    with runs.recorded("works") as run:
        run.detail = "gửi 2 thư"
    with pytest.raises(ValueError, match="0123456789"), runs.recorded("fails"):
        raise ValueError("số 0123456789")
    works, fails = TaskRun.objects.order_by("id")
    assert (works.ok, works.detail) == (True, "gửi 2 thư")
    assert (fails.ok, fails.detail) == (False, "lỗi phần mềm (ValueError)")
    assert works.ended_at is not None


def test_old_runs_are_forgotten():
    now = timezone.now()
    TaskRun.objects.create(name="x", started_at=now - timedelta(days=31))
    TaskRun.objects.create(name="y", started_at=now - timedelta(days=29))
    assert runs.prune(now) == 1


def test_a_nudge_runs_after_the_commit_and_never_before(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        nudge("jobs.heartbeat")
        assert runs.last_beat() is None
    assert runs.last_beat() is not None


def test_a_nudge_nobody_hears_is_a_log_line(
    django_capture_on_commit_callbacks, monkeypatch, caplog
):
    from celery import current_app

    def refuse(*_args, **_options):
        raise ConnectionRefusedError("redis")

    monkeypatch.setattr(tasks.heartbeat, "apply_async", refuse)
    current_app.conf.task_always_eager = False
    try:
        with django_capture_on_commit_callbacks(execute=True):
            nudge("jobs.heartbeat")
    finally:
        current_app.conf.task_always_eager = True
    assert "worker not reached" in caplog.text


def test_the_same_answer_on_a_terminal(capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("ready")
    assert ended.value.code == 1
    assert "Bộ lập lịch          HỎNG" in capsys.readouterr().out
    tasks.heartbeat()
    call_command("ready", "--only", "scheduler", "--json")
    assert json.loads(capsys.readouterr().out)["scheduler"]["ok"] is True
