"""`make run`, on an empty folder and on a kept one: everything comes up, a child that dies comes back, and
nothing outlives the supervisor.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import prepared
from tools.processes import free_port

ROOT = Path(__file__).resolve().parents[2]
# From three on they are told (tools/run.py, OFTEN); one that lived a minute before it was killed, as on a
# slow machine, begins anew.
DEATHS, MOST_DEATHS = (5 if os.environ.get("LONG") else 3), 8
pytestmark = [pytest.mark.heavy, pytest.mark.true_clock]


@dataclass
class Run:
    process: subprocess.Popen[str]
    port: int
    var: Path
    seconds: float = 0

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}{path}", timeout=60
            ) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()
        except OSError:
            return 0, ""

    def children(self) -> dict[int, str]:
        """Everything alive below the supervisor, by process id."""
        found = {}
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    environment = (folder / "environ").read_bytes()
                    command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                except OSError:
                    continue
                if (
                    f"VAR_DIR={self.var}\0".encode() in environment
                    and int(folder.name) != self.process.pid
                ):
                    found[int(folder.name)] = command
        return found


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def start(var: Path, **settings: str) -> Run:
    port = free_port()
    own = {"VAR_DIR": str(var), "PORT": str(port), "PYTHONUNBUFFERED": "1", "DEMO": "0"}
    env = (
        {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | own | settings
    )
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "tools/run.py"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    run = Run(process, port, var)
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if "Dừng: Ctrl+C" in line:
            run.seconds = time.monotonic() - began
            return run
    raise AssertionError(said)


def end(run: Run, how: signal.Signals = signal.SIGTERM) -> int:
    run.process.send_signal(how)
    code = run.process.wait(240)
    assert run.process.stdout is not None
    run.process.stdout.close()
    return code


def eventually(true, seconds: float = 240) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.2)
    return False


@contextmanager
def running(var: Path) -> Iterator[Run]:
    run = start(var)
    try:
        yield run
    finally:
        if run.process.poll() is None:
            end(run)


def test_an_empty_folder_comes_up_and_stays_up_whatever_dies(tmp_path: Path) -> None:
    """One run for all of it: it takes half a minute to come up beside another worker."""
    with running(tmp_path / "var") as run:
        assert run.get("/song/") == (200, '{"alive": true}')
        assert eventually(lambda: run.get("/san-sang/")[0] == 200), run.get("/san-sang/")
        assert json.loads(run.get("/san-sang/")[1])["ready"] is True
        assert (run.var / "secrets.env").stat().st_mode & 0o777 == 0o600
        a_second_on_the_same_data_or_port_is_refused_with_a_sentence(run, tmp_path)
        a_killed_web_server_comes_back_and_the_worker_stays(run)
        the_counter_stays_open_while_the_scheduler_keeps_dying(run)
        a_killed_supervisor_leaves_no_orphans(run)


def a_killed_web_server_comes_back_and_the_worker_stays(run: Run) -> None:
    worker = next(
        pid
        for pid, command in run.children().items()
        if "celery" in command and "worker" in command
    )
    before = {pid for pid, command in run.children().items() if "gunicorn" in command}
    [master] = before - {pid for pid in before if parent_of(pid) in before}
    os.kill(master, signal.SIGKILL)
    # Whom it leaves behind answer for a moment still.
    assert eventually(lambda: not before & run.children().keys()), run.children()
    assert eventually(lambda: run.get("/song/")[0] == 200)
    assert worker in run.children()


def the_counter_stays_open_while_the_scheduler_keeps_dying(run: Run) -> None:
    """D5: five deaths of the scheduler within a minute once ended everything. `make test-long` has as
    many; the pauses about the last two are half a minute in which nothing happens, and deaths
    without end are in tests/house/test_supervisor.py.
    """
    killed: set[int] = set()

    def scheduler() -> list[int]:
        return [
            pid
            for pid, command in run.children().items()
            if "celery" in command and " beat " in command and pid not in killed
        ]

    def told() -> bool:
        ready = json.loads(run.get("/san-sang/")[1])
        return "beat" in ready["checks"]["processes"]["detail"]

    for number in range(1, MOST_DEATHS + 1):
        assert eventually(lambda: bool(scheduler())), run.children()
        killed.add(pid := scheduler()[0])
        os.kill(pid, signal.SIGKILL)
        assert run.get("/song/")[0] == 200
        if number >= DEATHS and eventually(told, 20):
            break
    else:
        raise AssertionError(f"{MOST_DEATHS} deaths and nobody is told")
    assert run.process.poll() is None
    assert eventually(lambda: bool(scheduler())), run.children()


def a_killed_supervisor_leaves_no_orphans(run: Run) -> None:
    assert run.children()
    run.process.kill()
    run.process.wait()
    assert run.process.stdout is not None
    run.process.stdout.close()
    assert eventually(lambda: run.children() == {}), run.children()


def test_a_kept_folder_goes_on_where_the_clock_was_wrong_and_each_run_leaves_no_trace(
    tmp_path: Path,
) -> None:
    """A PC whose clock ran eleven weeks ahead: its scheduler once was silent until that day."""

    def pruned(run: Run) -> list[str]:
        with sqlite3.connect(run.var / "motcua.sqlite3", timeout=60) as database:
            rows = database.execute(
                "SELECT started_at FROM jobs_taskrun WHERE name = 'jobs.prune' ORDER BY id"
            ).fetchall()
        database.close()
        return [at for (at,) in rows]

    ahead = {"CLOCK_SHIFT": str(77 * 86400), "PYTHONPATH": str(ROOT / "tools" / "shifted")}
    first = start(prepared.copy_to(tmp_path / "var"), **ahead)
    assert eventually(lambda: first.get("/san-sang/")[0] == 200), first.get("/san-sang/")
    secrets = (first.var / "secrets.env").read_text()
    assert end(first) == 0
    assert first.children() == {}
    assert pruned(first) == []  # a fresh schedule begins with the next night

    second = start(first.var)
    try:
        assert (second.var / "secrets.env").read_text() == secrets
        assert eventually(lambda: second.get("/san-sang/")[0] == 200), second.get("/san-sang/")
        assert eventually(lambda: len(pruned(second)) == 1), (
            "the notes of the wrong clock were believed"
        )
    finally:
        end(second, signal.SIGINT)
    assert second.children() == {}


def a_second_on_the_same_data_or_port_is_refused_with_a_sentence(run: Run, tmp_path: Path) -> None:
    env = {**os.environ, "DEMO": "0"}
    same = subprocess.run(
        [sys.executable, "tools/run.py"],
        cwd=ROOT,
        env={**env, "VAR_DIR": str(run.var)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert same.returncode == 1
    assert "đang chạy với dữ liệu này" in same.stderr
    port = subprocess.run(
        [sys.executable, "tools/run.py"],
        cwd=ROOT,
        env={**env, "VAR_DIR": str(tmp_path / "other"), "PORT": str(run.port)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert port.returncode == 1
    assert f"PORT={run.port + 1} make run" in port.stderr
