"""Real programs on the database of a newer version: none of them begins, and one that runs when it is
migrated stops answering.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest

from tests.upgrades import kept
from tests.upgrades.conftest import ROOT, Own
from tools.processes import free_port, spawn, stop, wait_for

# One engine each in `make test`, both in `make test-long`: processes are dear, and what they ask is
# proven on both in tests/house/test_versions.py.
LONG = bool(os.environ.get("LONG"))
ON_SQLITE = [] if LONG else [pytest.mark.one_engine("see above")]
ON_POSTGRES = [] if LONG else [pytest.mark.postgres]
pytestmark = [pytest.mark.slow, pytest.mark.true_clock, pytest.mark.django_db]

CELERY = ("-m", "celery", "-A", "onestop")
WAYS_IN: dict[str, tuple[str, ...]] = {
    "web": ("-m", "gunicorn", "-c", "python:onestop.gunicorn_conf", "onestop.wsgi"),
    "worker": (*CELERY, "worker", "-Q", "default", "-c", "1", "-l", "WARNING"),
    "slips": (*CELERY, "worker", "-Q", "slips", "-P", "solo", "-l", "WARNING"),
    "beat": (*CELERY, "beat", "-s", "{folder}/beat", "--pidfile=", "-l", "WARNING"),
    "migrate": ("manage.py", "migrate", "--noinput"),
    "a command": ("manage.py", "verify_events"),
    "make run": ("tools/prepare.py",),
}
SECONDS = 240
SENTENCE = "do phiên bản Một cửa mới hơn tạo ra (dossiers.0999_of_next_year)"


@pytest.fixture
def office(own: Own) -> Own:
    """With the data of the newest base, and the tables of today."""
    laid = own.run("-m", "tests.upgrades.proof", kept.bases()[-1], "--lay-down")
    assert laid.returncode == 0, laid.stderr
    done = own.run("manage.py", "migrate", "--noinput", "-v", "0")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return own


def become_newer(office: Own) -> None:
    statement = (
        "INSERT INTO django_migrations (app, name, applied)"
        " VALUES ('dossiers', '0999_of_next_year', '2027-01-01')"
    )
    if office.on_postgres:
        import psycopg

        with psycopg.connect(office.url.replace("postgres:", "postgresql:")) as to:
            to.execute(statement)
        return
    to_file = sqlite3.connect(office.folder / "office.sqlite3", timeout=60)
    with to_file:
        to_file.execute(statement)
    to_file.close()


def start(office: Own, *command: str, **more: str) -> subprocess.Popen[bytes]:
    # Celery deletes the file that it is given for its notes when it cannot read it: one of our own.
    command = tuple(part.format(folder=office.folder) for part in command)
    env = office.env | {"CELERY_EAGER": "0", "BIND": f"127.0.0.1:{free_port()}"} | more
    return spawn(
        [sys.executable, *command],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


class TestWaysIn:
    pytestmark = ON_SQLITE

    def test_each_refuses_with_one_sentence(self, office: Own) -> None:
        become_newer(office)
        running = {name: start(office, *command) for name, command in WAYS_IN.items()}
        try:
            said = {name: process.communicate(timeout=SECONDS) for name, process in running.items()}
        finally:
            for process in running.values():
                stop(process)
        for name, (_, complained) in said.items():
            words = complained.decode()
            # Gunicorn and Celery have words of their own before; ours is the last.
            assert running[name].returncode == 1, (name, words)
            assert SENTENCE in words.splitlines()[-1], (name, words)
            assert words.count("mới hơn") == 1, (name, words)
            assert "Traceback" not in words, (name, words)


class TestMeanwhile:
    pytestmark = ON_POSTGRES

    def test_a_server_says_so_within_seconds(self, office: Own) -> None:
        port = free_port()

        def get(path: str) -> tuple[int, str]:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
                    return answer.status, answer.read().decode()
            except urllib.error.HTTPError as refused:
                return refused.code, refused.read().decode()
            except OSError:
                return 0, ""

        # Static files lie where they are made: nobody collects them for this.
        more = {"BIND": f"127.0.0.1:{port}", "WEB_WORKERS": "2", "TESTING": "1"}
        web = start(office, *WAYS_IN["web"], **more)
        try:
            assert wait_for(lambda: get("/song/")[0] == 200, seconds=SECONDS, process=web)
            assert {get("/tra-cuu/")[0] for _ in range(8)} == {200}
            become_newer(office)
            assert wait_for(all_say_so(get), seconds=SECONDS, process=web)
            assert get("/song/")[0] == 200
            status, told = get("/san-sang/")
            assert status == 503
            assert json.loads(told)["checks"]["version"]["ok"] is False
        finally:
            stop(web)
            for pipe in (web.stdout, web.stderr):
                assert pipe is not None
                pipe.close()


def all_say_so(get: Callable[[str], tuple[int, str]]) -> Callable[[], bool]:
    def ask() -> bool:
        answers = [get("/tra-cuu/") for _ in range(8)]
        return all(
            status == 503 and "phiên bản Một cửa mới hơn" in said for status, said in answers
        )

    return ask
