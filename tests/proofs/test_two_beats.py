"""The whole of it with real processes: two schedulers of Celery and a worker on PostgreSQL and Redis.
The worker is killed in the middle of the night's drafts and of a large report; an hour later both
are done, nothing twice. Processes live on 15/12/2026 by a shifted clock (tools/shifted).

Only `make test-long` collects it: it starts a dozen programs.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import DEVNULL, Popen
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from onestop.jobs.models import JobState
from onestop.outbox.models import Message
from reports import runs
from reports.models import Draft, ReportRun
from tests.proofs.test_schedulers import ASKED, asked, each_once, expected
from tests.proofs.test_schedulers import place as _place
from tests.reports.conftest import Province
from tests.world import vn
from tools.processes import ROOT, spawn, stop, wait_for

__test__ = bool(os.environ.get("LONG"))
pytestmark = [
    pytest.mark.heavy,
    pytest.mark.redis,
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
]
place = _place
SECONDS = 180
CELERY = [sys.executable, "-m", "celery", "-A", "onestop"]
WORKER = ["worker", "-Q", "default,slips", "-c", "4", "--without-gossip", "--without-mingle"]


def address() -> str:
    """The database of this test, for programs of their own."""
    known = connection.settings_dict
    where = f"{known['HOST']}:{known['PORT']}"
    return f"postgres://{known['USER']}:{known['PASSWORD']}@{where}/{known['NAME']}"


def start(command: list[str], at: datetime) -> Popen[bytes]:
    """A program whose clock shows `at` now and goes on."""
    real = datetime.fromtimestamp(Path(_touched()).stat().st_mtime, UTC)
    shift = (at - real).total_seconds()
    env = os.environ | {
        "DATABASE_URL": address(),
        "CELERY_EAGER": "0",
        "CLOCK_SHIFT": f"{shift:.0f}",
        "PYTHONPATH": f"{ROOT / 'tools' / 'shifted'}:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    return spawn([*CELERY, *command, "-l", "WARNING"], cwd=ROOT, env=env, stdin=DEVNULL)


def _touched() -> Path:
    """The clock of the file system is the machine's, whatever this test's clock shows."""
    path = Path(settings.VAR_DIR) / "clock"
    path.write_bytes(b"")
    return path


def beat(folder: Path, name: str, at: datetime) -> Popen[bytes]:
    return start(["beat", "-s", str(folder / name), "--pidfile", ""], at)


@contextmanager
def running(*processes: Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        for one in processes:
            stop(one)


@contextmanager
def nothing_told() -> Iterator[Callable[[], int]]:
    """No notice can be written: who has one to write waits in the middle of its work. Gives how
    many wait.
    """
    with psycopg.connect(address(), autocommit=False) as held:
        held.execute("LOCK TABLE outbox_message IN SHARE MODE")

        def waiting() -> int:
            [found] = held.execute(
                "SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'"
            ).fetchone() or (0,)
            return int(found)

        yield waiting


def soon(ready: Callable[[], Any]) -> None:
    assert wait_for(ready, seconds=SECONDS), "not within the patience of this test"


def test_two_beats_and_a_killed_worker(place: Province, tmp_path: Path) -> None:
    with patch("onestop.jobs.nudge._send"):
        run = asked(place)
    # The evening before: both schedulers note what they have sent, and are stopped.
    evening = [beat(tmp_path, name, vn("14/12/2026 22:45")) for name in ("one", "two")]
    with running(*evening):
        soon(lambda: all(list(tmp_path.glob(f"{name}*")) for name in ("one", "two")))
    _forget_queue()
    # Both come back after the cut-off; the worker dies while it writes.
    morning = ASKED + timedelta(minutes=1)
    with nothing_told() as waiting:
        beats = [beat(tmp_path, name, morning) for name in ("one", "two")]
        worker = start(WORKER, morning)
        with running(*beats, worker):
            soon(lambda: waiting() >= 2 and ReportRun.objects.get().done >= 2)
            os.killpg(worker.pid, signal.SIGKILL)
    assert not Message.objects.exists()
    assert Draft.objects.count() < len(expected(place))
    _forget_queue()
    # An hour later everything is up again.
    later = morning + timedelta(hours=1)
    again = [*(beat(tmp_path, name, later) for name in ("one", "two")), start(WORKER, later)]
    with running(*again):
        soon(lambda: Draft.objects.count() == len(expected(place)))
        soon(lambda: ReportRun.objects.get(pk=run.pk).state == ReportRun.State.DONE)
        soon(lambda: JobState.objects.get(name="reports.draft_owed").ended_at is not None)
    told = Message.objects.filter(object_kind="report_run")
    assert [one.subject.partition(":")[0] for one in told] == ["Đã lập xong"]
    assert ReportRun.objects.get(pk=run.pk).tries == 2
    told.delete()
    each_once(place)
    assert runs.sweep(lambda: later) == (0, 0)


def _forget_queue() -> None:
    """What a dead worker had taken comes again after an hour of the broker's own clock; this test
    does not wait for it, and proves that nothing hangs on it.
    """
    import redis

    redis.Redis.from_url(settings.CELERY_BROKER_URL).flushdb()
