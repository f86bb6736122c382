"""A machine that answers whoever asks it as badly as it can, by the path that is asked."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event
from typing import Any, ClassVar

from tests.exchange.running import running

HEAD = b"HTTP/1.1 200 OK\r\n"
JSON = b'{"error_code": 0}'


def whole(body: bytes, kind: str = "application/json", *more: str) -> bytes:
    lines = (f"Content-Type: {kind}", f"Content-Length: {len(body)}", *more, "", "")
    return HEAD + "\r\n".join(lines).encode() + body


class Hostile(ThreadingHTTPServer):
    """`asked`: the paths. What never ends does so until `over`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []
        self.over = Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Hostile
    ENDLESS: ClassVar = {
        # What comes first, and again and again.
        "headers": (HEAD, b"X-A: a\r\n"),
        "one-header": (HEAD + b"X-A: ", b"a"),
        "goes-on": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        "drips": (HEAD + b"\r\n", b" "),
        "chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        "silent": (b"", b""),
    }
    ONCE: ClassVar = {
        "malformed": whole(b'{"error_code": 0'),
        "two": whole(JSON + JSON),
        "deep": whole(b'{"error_code":0,"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
        "no-text": whole(b'{"error_code": "\xff"}'),
        "page": whole(b"<!doctype html><p>OK", "text/html"),
        "packed": whole(gzip.compress(JSON), "application/json", "Content-Encoding: gzip"),
        "empty": whole(b""),
        "broken": whole(JSON)[:-3],
        "nothing": b"hello\r\n\r\n",
        "turned": b"HTTP/1.1 302 Found\r\nLocation: /json\r\nContent-Length: 0\r\n\r\n",
        "json": whole(JSON),
        # What it is called says nothing where it is what it should be.
        "text": whole(JSON, "text/plain"),
    }

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer()

    def _answer(self) -> None:
        self.server.asked.append(self.path)
        what = self.path.rsplit("/", 1)[-1]
        self.close_connection = True
        with suppress(OSError):
            if what in self.ENDLESS:
                first, again = self.ENDLESS[what]
                self.wfile.write(first)
                while not self.server.over.wait(0.02):
                    self.wfile.write(again)
            elif what == "huge":
                self.wfile.write(HEAD + b"\r\n")
                while not self.server.over.is_set():
                    self.wfile.write(b" " * 65_536)
            else:
                self.wfile.write(self.ONCE[what])

    def log_message(self, format: str, *args: Any) -> None: ...


@contextmanager
def hostile() -> Iterator[Hostile]:
    server = Hostile()
    with running(server):
        try:
            yield server
        finally:
            server.over.set()


# What is asked, and what is said of it: the class of what went wrong.
ODD = {
    "headers": "too slow", "one-header": "too slow", "goes-on": "too slow", "drips": "too slow", "chunks": "too slow",
    "silent": "too slow", "huge": "too large", "malformed": "JSON", "two": "JSON", "deep": "JSON", "no-text": "JSON",
    "page": "JSON", "packed": "JSON", "empty": "JSON", "broken": "ProtocolError", "nothing": "BadStatusLine",
    "turned": "HTTP 302",
}  # fmt: skip
