"""`make load` against a live server: it works as officers do, leaves what it gave where it was, and
an answer that is none is an error.
"""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from pytest_django.live_server_helper import LiveServer

from dossiers.models import Dossier, HandOver
from tests.world import MONDAY, Office, make_case, make_office, receive

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _an_hour_later(settings: Any) -> Iterator[None]:
    cache.clear()
    settings.TRUSTED_PROXIES = 1
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=True):
        yield


@pytest.fixture
def office() -> Office:
    office, case = make_office(), make_case()
    for number in range(6):
        receive(office, case, at=MONDAY + timedelta(minutes=number))
    return office


def put_on(url: str, office: Office, *more: str) -> tuple[int, str]:
    """Two officers for two seconds; the exit code and what was printed."""
    command = [sys.executable, "tools/load.py", url, "--account", office.clerk.username, *more]
    command += ["--officers", "2", "--think", "0.01", "--seconds", "2", "--pid", str(os.getpid())]
    env = {**os.environ, "LOAD_PASSWORD": "Mat-khau-1"}
    done = subprocess.run(command, cwd=ROOT, env=env, check=False, capture_output=True, text=True, timeout=300)  # fmt: skip
    assert not done.stderr
    return done.returncode, done.stdout


def counted(said: str, title: str) -> tuple[int, int]:
    """Requests and errors of a line."""
    found = re.search(rf"^ *{title} +(\d+) +(\d+)", said, re.M)
    assert found is not None, said
    return int(found[1]), int(found[2])


def test_it_works_as_officers_do_and_leaves_nothing_on_its_way(
    live_server: LiveServer, office: Office
) -> None:
    code, said = put_on(live_server.url, office)
    assert code == 0, said
    read, wrong = counted(said, "đọc")
    assert read > 0
    assert wrong == counted(said, "ghi")[1] == 0
    assert "yêu cầu mỗi giây CPU" in said
    assert not HandOver.objects.on_the_way().exists()
    assert Dossier.objects.filter(holder=office.clerk, pending_department=None).count() == 6


def test_an_answer_that_is_none_is_counted_as_an_error(
    live_server: LiveServer, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("broken for this test")

    monkeypatch.setattr("dossiers.views.dossier.queries.whole_dossier", broken)
    code, said = put_on(live_server.url, office)
    assert code == 1, said
    read, wrong = counted(said, "đọc")
    assert 0 < wrong <= read
    assert "Lỗi hồ sơ: 500" in said


def test_who_is_not_let_in_puts_no_load_on(live_server: LiveServer, office: Office) -> None:
    code, said = put_on(live_server.url, office, "--password", "sai")
    assert code == 2
    assert "đăng nhập" in said
    assert "yêu cầu" not in said


class _Clockwork(threading.Event):
    """Passes every pause at once and is over at the fourth."""

    def __init__(self) -> None:
        super().__init__()
        self.pauses: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.pauses.append(timeout)
        return len(self.pauses) == 4


def test_officers_do_not_begin_in_the_same_instant(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each thinks before the first step too: forty first pages at once are a rush of no office."""
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    from loading.officer import Officer

    asked: list[int] = []
    browser: Any = SimpleNamespace(get=lambda *_: asked.append(len(over.pauses)))
    begun = set()
    for seed in range(5):
        over = _Clockwork()
        officer = Officer(browser, 2.0, Random(seed), ["H37-1"])
        monkeypatch.setattr("loading.officer.MIX", {"queue": 1})
        officer.work(over)
        assert asked == [1, 2, 3]
        asked.clear()
        begun.add(over.pauses[0])
    assert len(begun) == 5
