"""An S3 of our own: moto's server as a real process, and a bucket in it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.request import urlopen
from uuid import uuid4

from onestop import stores
from tools.processes import free_port, spawn, stop, wait_for

KEYS = {"AWS_ACCESS_KEY_ID": "only-for-tests", "AWS_SECRET_ACCESS_KEY": "only-for-tests"}
SECONDS = 120


@dataclass(frozen=True, slots=True)
class Server:
    process: "subprocess.Popen[bytes]"
    port: int

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def bucket(self) -> str:
        """The address of a new, empty bucket."""
        url = f"s3://motcua-{uuid4().hex}/tep?endpoint={self.endpoint}"
        made(url).connection.create_bucket(Bucket=url.split("/")[2])
        return url


def made(url: str) -> Any:
    """The store at this address."""
    return stores.made(config(url))


_sessions: list[Any] = []


def share_session(monkeypatch: Any) -> None:
    """The descriptions of S3's operations are read once, not once a store."""
    from onestop.stores.s3 import S3Files

    new = S3Files._create_session

    def shared(self: Any) -> Any:
        if not _sessions:
            _sessions.append(new(self))
        return _sessions[0]

    monkeypatch.setattr(S3Files, "_create_session", shared)


def config(url: str) -> dict[str, Any]:
    return stores.backend(url, folder=None, key=KEYS.__getitem__)  # type: ignore[arg-type]


@contextmanager
def server(port: int = 0) -> Iterator[Server]:
    port = port or free_port()
    process = spawn(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **KEYS},
    )

    def answers() -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{port}/moto-api/", timeout=5):
                return True
        except OSError:
            return False

    try:
        assert wait_for(answers, seconds=SECONDS, process=process), "moto's server does not answer"
        yield Server(process, port)
    finally:
        stop(process, patience=2)
