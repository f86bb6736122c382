"""The supervisor of `make run` without processes: what it does when a child dies, again and again."""

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    import run

    monkeypatch.setattr(run, "stop", lambda process: None)
    yield run
    for name in ("run", "processes"):
        sys.modules.pop(name, None)


class Dead:
    """A process that ended as soon as it began."""

    returncode = -9

    def poll(self) -> int | None:
        return self.returncode


class Alive(Dead):
    def poll(self) -> int | None:
        return None


def test_a_child_that_dies_for_ever_is_started_for_ever_with_a_growing_pause(
    run: Any, tmp_path: Path
):
    """D5: five deaths of the scheduler ended the counter."""
    starts: list[float] = []
    now = 0.0

    def start() -> Dead:
        starts.append(now)
        return Dead()

    child = run.Child("beat", start, tmp_path / "beat.log", Dead())
    while now < 1000:
        run.look_after(child, now)
        now += 0.5
    pauses = [b - a for a, b in pairwise(starts)]
    assert len(starts) > 15
    assert pauses == sorted(pauses)
    assert pauses[-1] == pytest.approx(run.LONGEST_PAUSE, abs=1.5)


def test_a_child_that_cannot_even_be_started_stops_nothing(
    run: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    def refuse() -> Any:
        raise SystemExit("Máy chủ hàng đợi (redis) không khởi động được.")

    child = run.Child("redis", refuse, tmp_path / "redis.log")
    for now in range(200):
        run.look_after(child, now)
    assert child.deaths >= run.OFTEN
    assert "không khởi động được" in capsys.readouterr().err


def test_who_is_well_again_starts_anew(run: Any, tmp_path: Path):
    child = run.Child("worker", Alive, tmp_path / "worker.log", Alive(), deaths=4)
    run.look_after(child, run.WELL_AFTER - 1)
    assert child.deaths == 4
    run.look_after(child, run.WELL_AFTER)
    assert child.deaths == 0


def test_who_keeps_dying_is_noted_for_the_page_on_readiness(run: Any, tmp_path: Path):
    run.note({"beat": 3})
    assert json.loads((tmp_path / run.environment.AILING).read_text()) == {"beat": 3}


def test_a_terminal_that_is_gone_stops_nothing(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    class Gone:
        def write(self, _text: str) -> int:
            raise BrokenPipeError

        def flush(self) -> None:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stderr", Gone())
    run.tell("beat đã dừng")


def test_every_queue_has_a_worker_and_what_is_drawn_gives_way_to_the_pages(
    run: Any, monkeypatch: pytest.MonkeyPatch
):
    """Slips are drawn at a lower priority, and nothing else is done so: a transaction that has to
    wait for the processor keeps SQLite's only writer for as long.
    """
    monkeypatch.setenv("BIND", "")
    commands = [command for _, command in run.servers(8000)]
    by_queue = {
        command[command.index("-Q") + 1]: command[0] == "nice"
        for command in commands
        if "-Q" in command
    }
    assert by_queue == {"default": False, "slips": True}
    routes = settings.CELERY_TASK_ROUTES.values()
    assert by_queue.keys() == {"default"} | {route["queue"] for route in routes}


def test_a_portal_of_our_own_runs_in_the_demo_or_where_it_is_asked_for_and_none_is_named(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        "EXCHANGE_PEERS", "EXCHANGE_SECRETS", "PORTAL_SECRET", "PORTAL_URL", "PORTAL_PORT", "PAYMENT_SECRET",
        "CITIZEN_OIDC_ISSUER", "CITIZEN_OIDC_CLIENT_ID", "CITIZEN_OIDC_NAME", "CITIZEN_OIDC_KINDS", "PORTAL_PLAY",
        "EXCHANGE_INSIDE",
    ):  # fmt: skip
        monkeypatch.setenv(name, "")
    monkeypatch.delenv("PORTAL", raising=False)
    monkeypatch.setenv("DEMO", "0")
    assert run.portal(tmp_path, 8000) == []
    monkeypatch.setenv("PORTAL", "1")
    [(name, command)] = run.portal(tmp_path, 8000)
    assert (name, command[2]) == ("portal", "fake_portal")
    # Nothing is filed into data that somebody works with.
    assert "--door" not in command
    [peer] = json.loads((tmp_path / "peers.json").read_text("utf-8"))
    assert peer["url"].endswith(command[-1])
    # Results are put into its store, and asked for there.
    assert {"result", "results", "result_file"} <= peer["paths"].keys()
    # It is named now.
    assert run.portal(tmp_path, 8000) == []
    monkeypatch.setenv("EXCHANGE_PEERS", "")
    monkeypatch.setenv("PORTAL", "0")
    monkeypatch.setenv("DEMO", "1")
    assert run.portal(tmp_path, 8000) == []
    monkeypatch.delenv("PORTAL")
    # Somebody works with data of one's own, and typed `make run` without DEMO=0.
    (tmp_path / run.environment.OWN_DATA).touch()
    run.keep_to_the_data(tmp_path)
    assert run.portal(tmp_path, 8000) == []
    assert not os.environ["CITIZEN_OIDC_ISSUER"]
    (tmp_path / run.environment.OWN_DATA).unlink()
    monkeypatch.setenv("DEMO", "1")
    run.keep_to_the_data(tmp_path)
    # Another run of the demo on this machine has the first port.
    with socket.socket() as taken:
        with suppress(OSError):
            taken.bind(("127.0.0.1", 8099))
            taken.listen()
        [(_, command)] = run.portal(tmp_path, 8000)
    assert command[command.index("--port") + 1] != "8099"
    assert command[command.index("--door") + 1] == "http://127.0.0.1:8000/trao-doi/thu/"
    assert command[command.index("--most") + 1] == "12"
    assert os.environ["EXCHANGE_SECRETS"] == f"thu={os.environ['PORTAL_SECRET']}"
    # An empty line of .env is no word that signs.
    assert os.environ["PAYMENT_SECRET"]
    # What is not plain only where it is asked for; its files lie on this machine.
    assert "--play" not in command
    assert not os.environ["EXCHANGE_INSIDE"]
    for name, value in (("EXCHANGE_PEERS", ""), ("EXCHANGE_SECRETS", ""), ("PORTAL_PLAY", "answer late_withdrawal")):  # fmt: skip
        monkeypatch.setenv(name, value)
    [(_, command)] = run.portal(tmp_path, 8000)
    assert command[-3:] == ["--play", "answer", "late_withdrawal"]
    assert os.environ["EXCHANGE_INSIDE"] == "127.0.0.1"
