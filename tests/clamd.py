"""A clamd of our own: a real server, TCP or at a path, that speaks INSTREAM and PING as clamd does."""

import socket
import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

# In two halves, so that no check takes this file for what it tells of.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass
class Clamd:
    """`mood`: how it behaves from now on; `seen`: the contents that were shown to it, whole."""

    url: str = ""
    # "" as clamd does, or "error", "odd", "silent", "cut", "half", "trickle"
    mood: str = ""
    limit: int = 25 * 1024 * 1024
    seen: list[bytes] = field(default_factory=list)


class _Limit(Exception):
    """StreamMaxLength."""


def _exactly(line: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        piece = line.recv(count - len(found))
        if not piece:
            raise ConnectionError
        found += piece
    return found


def _command(line: socket.socket) -> bytes:
    found = b""
    while not found.endswith(b"\0"):
        found += _exactly(line, 1)
    return found


def _stream(line: socket.socket, limit: int) -> bytes:
    found = b""
    while length := struct.unpack(">I", _exactly(line, 4))[0]:
        if len(found) + length > limit:
            raise _Limit
        found += _exactly(line, length)
    return found


def _answer(clamd: Clamd, line: socket.socket) -> bytes:
    if _command(line) == b"zPING\0":
        return b"PONG\0"
    if clamd.mood == "cut":
        _exactly(line, 4)
        return b""
    try:
        content = _stream(line, clamd.limit)
    except _Limit:
        return b"INSTREAM size limit exceeded. ERROR\0"
    clamd.seen.append(content)
    if clamd.mood in ("error", "odd", "half"):
        said = {"error": b"stream: Can't allocate memory ERROR\0", "odd": b"stream: OKAY\0"}
        return said.get(clamd.mood, b"stream: O")
    return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"


def _handler(clamd: Clamd) -> type[socketserver.BaseRequestHandler]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                said = _answer(clamd, self.request) if clamd.mood != "silent" else self._nothing()
                for n in range(len(said)):
                    self.request.sendall(said[n : n + 1])
                    time.sleep(0.2 if clamd.mood == "trickle" else 0)
            except OSError:
                pass

        def _nothing(self) -> bytes:
            while self.request.recv(65536):
                pass
            return b""

    return Handler


@contextmanager
def server(path: Path | None = None) -> Iterator[Clamd]:
    clamd = Clamd()
    kind = socketserver.ThreadingUnixStreamServer if path else socketserver.ThreadingTCPServer
    at = str(path) if path else ("127.0.0.1", 0)
    with kind(at, _handler(clamd)) as listener:  # type: ignore[arg-type]
        listener.daemon_threads = True
        clamd.url = f"unix://{path}" if path else f"tcp://127.0.0.1:{listener.server_address[1]}"
        threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield clamd
        finally:
            listener.shutdown()
