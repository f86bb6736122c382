"""One question to another machine over HTTP and its answer: within one time for all of it (connection,
headers and body), within a size, behind a checked certificate. No redirect is followed, no proxy asked,
nothing unpacked, nothing repeated; a connection serves one question.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

# For a connection to one machine; for one waiting for what comes next.
CONNECT, PATIENCE = 5.0, 20.0
CHUNK = 64 * 1024
TURNED = frozenset({301, 302, 303, 307, 308})
TOO_SLOW, TOO_LARGE = "answer too slow", "answer too large"


class NoAnswer(Exception):
    """Nobody knows whether it was heard. Says the class of what went wrong and no more: texts of
    libraries repeat addresses and what was sent. `status`: where one came before it went wrong.
    """

    def __init__(
        self, why: str, *, is_slow: bool = False, is_large: bool = False, status: int = 0
    ) -> None:
        super().__init__(why)
        self.is_slow, self.is_large, self.status = is_slow, is_large, status


@dataclass(frozen=True, slots=True)
class Reply:
    """What came: of a redirect no body. The names of headers are read whatever their letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def call(
    method: str,
    url: str,
    *,
    seconds: float,
    most: int,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    ca_file: str = "",
    machine: str = "",
    path: str = "",
    patience: float = PATIENCE,
) -> Reply:
    """`seconds`: for all of it but the name, whose machines the system finds within its own limits.
    `most`: so many bytes of an answer at most. `ca_file`: an authority of one's own in place of the
    system's. `machine`: the one that is asked under the address's name; `path`: as it is written to
    it, in place of the address's. Errors: NoAnswer.
    """
    until = time.monotonic() + seconds
    try:
        parts = urlsplit(url)
        connection = _connected(parts, machine, ca_file, until, patience)
    except (HTTPError, OSError, UnicodeError, ValueError) as error:
        raise NoAnswer(type(error).__name__, is_slow=_is_late(error)) from error
    ended = threading.Event()
    # Whoever sends a byte every few seconds is cut off all the same, in headers as in a body; by its
    # socket: a connection lets go of one that ends with the body.
    timer = threading.Timer(max(0.0, until - time.monotonic()), _cut, (connection.sock, ended))
    timer.daemon = True
    timer.start()
    try:
        asked = {
            "Host": parts.netloc.rpartition("@")[2], "Accept-Encoding": "identity", **(headers or {})
        }  # fmt: skip
        # Whoever answers early, and reads no further, is heard all the same.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.request(
                method, path or _path(parts), body=body, headers=asked,
                preload_content=False, decode_content=False,
            )  # fmt: skip
        reply = _reply(connection, most)
    except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
        if ended.is_set():
            raise NoAnswer(TOO_SLOW, is_slow=True) from error
        raise NoAnswer(type(error).__name__, is_slow=_is_late(error)) from error
    finally:
        timer.cancel()
        connection.close()
    # What was cut off ends like any other answer.
    if ended.is_set():
        raise NoAnswer(TOO_SLOW, is_slow=True)
    return reply


def _is_late(error: Exception) -> bool:
    # By name: to urllib3 a refused connection and an unknown name are TimeoutErrors too.
    return isinstance(error, TimeoutError) or type(error).__name__.endswith("TimeoutError")


def _connected(
    parts: SplitResult, machine: str, ca_file: str, until: float, patience: float
) -> HTTPConnection:
    """To the first machine of the name that takes it."""
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    found = [machine] if machine else machines(host, port)
    for number, one in enumerate(found, start=1):
        left = max(0.01, until - time.monotonic())
        connection = connection_to(one, port, parts, ca_file, min(CONNECT, patience, left))
        try:
            connection.connect()
        except (HTTPError, OSError):
            connection.close()
            if number == len(found) or time.monotonic() >= until:
                raise
        else:
            connection.timeout = patience
            return connection
    raise OSError("no machine of this name")


def machines(host: str, port: int) -> list[str]:
    """The addresses of a name. Errors: OSError, UnicodeError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def connection_to(
    machine: str, port: int, parts: SplitResult, ca_file: str, timeout: float
) -> HTTPConnection:
    if parts.scheme != "https":
        return HTTPConnection(machine, port, timeout=timeout)
    return HTTPSConnection(
        machine,
        port,
        timeout=timeout,
        ssl_context=_trust(ca_file),
        server_hostname=parts.hostname,
        assert_hostname=parts.hostname,
    )


@lru_cache(maxsize=8)
def _trust(ca_file: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca_file or None)


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _cut(line: socket.socket | None, ended: threading.Event) -> None:
    ended.set()
    if line is not None:
        # Of the line itself: what is being said over it stays encrypted (an SSLSocket would drop
        # its encryption first).
        with suppress(OSError):
            socket.socket.shutdown(line, socket.SHUT_RDWR)


def _reply(connection: HTTPConnection, most: int) -> Reply:
    answer = connection.getresponse()
    try:
        if answer.status in TURNED:
            return Reply(answer.status, answer.headers, b"")
        body = bytearray()
        # One reading of what is there at a time.
        while part := answer.read1(CHUNK):
            body += part
            if len(body) > most:
                raise NoAnswer(TOO_LARGE, is_large=True, status=answer.status)
        return Reply(answer.status, answer.headers, bytes(body))
    finally:
        answer.close()
