"""Who holds connections without a whole request takes no worker (D1), and nothing else of the web
server is lost by it.

The limits are far above what a loaded machine needs and far below what a held worker would take:
for ever.
"""

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from onestop import web_worker
from tools.processes import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120
LIMIT = 3 * 1024 * 1024
HEAD = b"POST /dang-nhap/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken=abcdefghijklmnopqrstuvwxyzabcdef\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
SLOW = {
    "silent": b"",
    "half a head": b"GET /song/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-",
    "slow body": HEAD + FORM + b"Content-Length: 100000\r\n\r\nusername=a",
    "slow chunks": HEAD + FORM + b"Transfer-Encoding: chunked\r\n\r\n5\r\nuser",
}


class Web:
    def __init__(self, port: int, var: Path, process: "subprocess.Popen[bytes]") -> None:
        self.port, self.var, self.process = port, var, process

    def get(self, path: str, data: bytes | None = None, **headers: str) -> bytes:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return bytes(answer.read())

    def about(self, path: str, data: bytes | None = None, **headers: str) -> dict[str, Any]:
        return dict(json.loads(self.get(path, data, **headers)))

    def connect(self, said: bytes = b"") -> socket.socket:
        held = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        held.sendall(said)
        return held


def eventually(true: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.1)
    return False


@contextmanager
def serving(var: Path, *options: str) -> Iterator[Web]:
    port = free_port()
    var.mkdir()
    (var / "static").mkdir()
    env = {**os.environ, "VAR_DIR": str(var), "BIND": f"127.0.0.1:{port}", "TESTING": "1", "REQUEST_MAX_BYTES": str(LIMIT),
           "WEB_WORKERS": "1", "WEB_THREADS": "2", "DATABASE_URL": "", "REDIS_URL": "", "DJANGO_SETTINGS_MODULE": "onestop.settings"}  # fmt: skip
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "python:onestop.gunicorn_conf",
        *options,
        "tests.serving.echo:application",
    ]
    with (var / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True
        )
    web = Web(port, var, process)
    try:
        assert eventually(lambda: _answers(web) or process.poll() is not None)
        assert process.poll() is None, (var / "log").read_text()
        yield web
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(60)


def _answers(web: Web) -> bool:
    try:
        return bool(web.get("/song/"))
    except OSError:
        return False


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with serving(tmp_path_factory.mktemp("web") / "var") as one:
        yield one


@pytest.mark.parametrize("kind", SLOW)
def test_slow_clients_stop_nobody(web: Web, kind: str):
    with ExitStack() as stack:
        held = [stack.enter_context(web.connect(SLOW[kind])) for _ in range(40)]
        for _ in range(8):
            assert web.get("/song/") == b'{"alive": true}'
            for one in held[:5]:
                with suppress(OSError):  # a chunk that is none is refused
                    one.sendall(b"x" if SLOW[kind] else b"")


def test_five_hundred_idle_connections_stop_nobody(web: Web):
    with ExitStack() as stack:
        for _ in range(500):
            stack.enter_context(web.connect())
        for _ in range(5):
            assert web.get("/song/") == b'{"alive": true}'


def test_who_does_not_read_the_answer_stops_nobody(web: Web):
    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(web.connect(b"GET /song/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
        assert web.get("/song/") == b'{"alive": true}'


def test_a_long_body_arrives_whole(web: Web):
    body = os.urandom(LIMIT - 1000)
    assert (
        web.about("/thu/", body, Cookie="sessionid=abc")["sha256"]
        == hashlib.sha256(body).hexdigest()
    )


def test_a_body_beyond_the_limit_is_refused_before_it_is_sent(web: Web):
    """D2: nothing of it reaches a disk; the sentence is one that an office can read."""
    with web.connect(HEAD + FORM + f"Content-Length: {LIMIT + 1}\r\n\r\n".encode()) as held:
        answer = b""
        while part := held.recv(65536):
            answer += part
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert web_worker.TOO_LARGE in answer.decode()


@pytest.mark.parametrize("length", [b"Content-Length: 2000000", b"Transfer-Encoding: chunked"])
def test_a_stranger_brings_little(web: Web, length: bytes):
    """D2: without the cookie of a session nothing that fills a disk is taken, whether it says its
    length or not.
    """
    with web.connect(HEAD + FORM + length + b"\r\n\r\n") as held:
        if b"chunked" in length:
            with suppress(OSError):
                for _ in range(40):
                    held.sendall(b"10000\r\n" + b"a" * 65536 + b"\r\n")
        answer = held.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413 ")


SIGNED = b"X-Signature: " + b"0" * 64 + b"\r\n"
DOOR = b"POST /trao-doi/cong/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize("length", [b"Content-Length: %d" % (2 * 1024 * 1024), b"Transfer-Encoding: chunked"])  # fmt: skip
def test_a_program_that_signs_brings_what_its_door_takes(web: Web, length: bytes):
    """A filing with its papers inside is longer than what a stranger brings; the door answers it itself."""
    part = b"x" * 65536
    with web.connect(DOOR + SIGNED + length + b"\r\n\r\n") as held:
        for _ in range(32):
            held.sendall(b"10000\r\n" + part + b"\r\n" if b"chunked" in length else part)
        if b"chunked" in length:
            held.sendall(b"0\r\n\r\n")
        answer = held.recv(65536)
        while more := held.recv(65536):
            answer += more
    assert answer.startswith(b"HTTP/1.1 401 "), answer
    assert b'"error_code": 3' in answer


@pytest.mark.parametrize("head", [DOOR, HEAD + FORM + SIGNED, DOOR + b"X-Signature: abc\r\n"])
def test_what_bears_no_signature_or_goes_elsewhere_is_a_strangers(web: Web, head: bytes):
    with web.connect(head + b"Content-Length: 2000000\r\n\r\n") as held:
        assert held.recv(65536).startswith(b"HTTP/1.1 413 ")


def test_addresses_of_proxies_reach_the_product_untouched(web: Web):
    """TRUSTED_PROXIES counts them from the right (onestop.accounts.access): the server must drop
    none.
    """
    about = web.about("/thu/", None, **{"X-Forwarded-For": "203.0.113.9, 10.0.0.1"})
    assert (about["forwarded"], about["address"]) == ("203.0.113.9, 10.0.0.1", "127.0.0.1")


def test_two_requests_of_one_process_wait_for_each_other_only_when_no_thread_is_free(web: Web):
    with web.connect(b"GET /thu/cho/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"):
        assert eventually((web.var / "begun").exists)
        assert web.get("/song/") == b'{"alive": true}'
        (web.var / "enough").touch()


def test_what_was_begun_is_finished_before_the_server_ends(tmp_path: Path):
    with serving(tmp_path / "var") as own, own.connect(SLOW["silent"]):
        found: list[dict[str, Any]] = []
        asking = threading.Thread(target=lambda: found.append(own.about("/thu/cho/")))
        asking.start()
        assert eventually((own.var / "begun").exists)
        own.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        (own.var / "enough").touch()
        asking.join(PATIENCE)
        assert found
        assert own.process.wait(60) == 0


def test_a_process_is_replaced_after_many_requests_and_nobody_notices(tmp_path: Path):
    """Memory stays flat however long the server runs."""
    with serving(
        tmp_path / "var", "--max-requests", "10", "--max-requests-jitter", "0", "--workers", "2"
    ) as own:
        processes = set()
        assert eventually(lambda: processes.add(own.about("/thu/")["pid"]) or len(processes) >= 4)  # type: ignore[func-returns-value]


@pytest.mark.parametrize(
    ("request_", "age", "overdue"),
    [
        (None, 19, False),
        (None, 21, True),
        (SimpleNamespace(headers_finished=False), 21, True),
        (SimpleNamespace(headers_finished=True), 599, False),
        (SimpleNamespace(headers_finished=True), 601, True),
    ],
)
def test_how_long_a_client_may_take(request_: Any, age: float, overdue: bool):
    channel: Any = web_worker.Channel.__new__(web_worker.Channel)
    channel.since, channel.requests, channel.total_outbufs_len, channel.request = (
        1000.0,
        [],
        0,
        request_,
    )
    assert channel.is_overdue(1000.0 + age) is overdue
    channel.requests = ["being served"]
    assert not channel.is_overdue(1000.0 + age)


def test_whoever_waited_longest_makes_room(monkeypatch: pytest.MonkeyPatch, web: Web):
    """A patient stranger with thousands of connections keeps nobody out."""
    monkeypatch.setattr(web_worker, "MOST_CONNECTIONS", 2)
    closed = []
    channels = [
        SimpleNamespace(
            since=n,
            requests=[1] if n == 0 else [],
            total_outbufs_len=0,
            handle_close=lambda n=n: closed.append(n),
        )
        for n in range(3)
    ]
    server: Any = web_worker.Server.__new__(web_worker.Server)
    server.active_channels = dict(enumerate(channels))
    monkeypatch.setattr(web_worker.TcpWSGIServer, "handle_accept", lambda self: None)
    server.handle_accept()
    assert closed == [1]
