"""A file from an address that a stranger named: only by TLS with a checked certificate, only from public
machines, no further and no longer than was agreed.

The address is resolved once, looked at, and that very machine is asked: a name that answers otherwise a
moment later leads nowhere. Each redirect is looked at anew.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

import urllib3
from django.conf import settings
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from onestop.texts import address_parts
from onestop.typed import is_digits

if TYPE_CHECKING:
    from urllib.parse import SplitResult

CHUNK = 64 * 1024
MOST_TURNS = 3
TURNED = frozenset({301, 302, 303, 307, 308})
# How long one answer of the other machine may be waited for; all of it: EXCHANGE_FETCH_SECONDS.
PATIENCE = 10.0
# What stands in an address as it is; all else (letters of ours, blanks) goes as figures.
PLAIN = "/%:@!$&'()*+,;=~-._?"
# Addresses that a network of version 6 makes of those of version 4 (RFC 6052).
NAT64 = ip_network("64:ff9b::/96")


class NotFetched(Exception):
    """Why a file was not fetched: a code of exchange/messages.py with its data. `again`: it may come
    later by itself.
    """

    def __init__(self, code: str, *, again: bool = False, **data: object) -> None:
        super().__init__(code)
        self.code, self.again, self.data = code, again, data


@dataclass(frozen=True, slots=True)
class _Target:
    """An address that may be asked: which machine, under which name."""

    parts: SplitResult
    host: str
    port: int
    machine: str

    @property
    def is_secure(self) -> bool:
        return self.parts.scheme == "https"

    @property
    def path(self) -> str:
        query = f"?{self.parts.query}" if self.parts.query else ""
        return quote((self.parts.path or "/") + query, safe=PLAIN)


def fetch(url: str, *, most: int) -> bytes:
    """The content at an address, of at most so many bytes. Errors: NotFetched."""
    until = time.monotonic() + settings.EXCHANGE_FETCH_SECONDS
    for _ in range(MOST_TURNS + 1):
        target = _target(url)
        content, location = _ask(target, most=most, until=until)
        if not location:
            return content
        url = urljoin(url, location)
    raise NotFetched("file_turned")


def _target(url: str) -> _Target:
    """Which machine an address leads to; what may not be asked is refused."""
    parts, host, port = _written(url)
    is_inside = host in settings.EXCHANGE_INSIDE
    if parts.scheme != "https" and not (parts.scheme == "http" and is_inside):
        raise NotFetched("file_address")
    port = port or (443 if parts.scheme == "https" else 80)
    machines = _machines(host, port)
    # One that leads inside among them is enough: nobody says which would be asked.
    if not machines or not (is_inside or all(map(_is_public, machines))):
        raise NotFetched("file_address")
    return _Target(parts, host, port, machines[0])


def _written(url: str) -> tuple[SplitResult, str, int | None]:
    """What an address says: its parts, the machine's name, the port if it names one."""
    parts = address_parts(url)
    # A blank in the path is quoted, one in the name of a machine is none.
    if parts is None or parts.username or " " in parts.netloc or not url.isprintable():
        raise NotFetched("file_address")
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NotFetched("file_address") from None
    if not host:
        raise NotFetched("file_address")
    return parts, host, port


def _machines(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotFetched("file_away", again=True) from None
    return [str(one[4][0]) for one in found]


def _is_public(machine: str) -> bool:
    """An address that carries another one is as public as that one."""
    address = ip_address(machine.partition("%")[0])
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if address in NAT64:
        inner = ip_address(int(address) & 0xFFFFFFFF)
    return address.is_global and not address.is_multicast and (inner is None or inner.is_global)


def _ask(target: _Target, *, most: int, until: float) -> tuple[bytes, str]:
    """The content, or where it lies instead."""
    left = until - time.monotonic()
    if left <= 0:
        raise NotFetched("file_slow", again=True)
    connection = _connection(target, min(PATIENCE, left))
    ended = threading.Event()
    try:
        connection.connect()
        # Whoever sends a byte every few seconds is cut off all the same.
        timer = threading.Timer(max(0.0, until - time.monotonic()), _cut, (connection, ended))
        timer.daemon = True
        timer.start()
        try:
            found = _answer(connection, target, most)
            # What was cut off ends like any other answer.
            if ended.is_set():
                raise NotFetched("file_slow", again=True)
            return found
        finally:
            timer.cancel()
    except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
        if ended.is_set() or isinstance(error, TimeoutError | urllib3.exceptions.TimeoutError):
            raise NotFetched("file_slow", again=True) from error
        raise NotFetched("file_away", again=True) from error
    finally:
        connection.close()


def _connection(target: _Target, timeout: float) -> HTTPConnection:
    if not target.is_secure:
        return HTTPConnection(target.machine, target.port, timeout=timeout)
    return HTTPSConnection(
        target.machine,
        target.port,
        timeout=timeout,
        ssl_context=ssl.create_default_context(),
        server_hostname=target.host,
        assert_hostname=target.host,
    )


def _cut(connection: HTTPConnection, ended: threading.Event) -> None:
    ended.set()
    if connection.sock is not None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


def _answer(connection: HTTPConnection, target: _Target, most: int) -> tuple[bytes, str]:
    # Nothing packed: a few bytes that unpack into many are no way in.
    headers = {"Host": target.parts.netloc, "Accept-Encoding": "identity"}
    connection.request(
        "GET", target.path, headers=headers, preload_content=False, decode_content=False
    )
    response = connection.getresponse()
    try:
        if response.status in TURNED and (location := response.headers.get("Location")):
            return b"", location
        if response.status != 200:
            again = response.status >= 500
            raise NotFetched("file_expired", again=again, status=response.status)
        content = bytearray()
        while chunk := response.read1(CHUNK):
            content += chunk
            if len(content) > most:
                raise NotFetched("file_larger", limit=most // (1024 * 1024))
        told = response.headers.get("Content-Length", "")
        if is_digits(told) and len(content) != int(told):
            raise NotFetched("file_away", again=True)
        return bytes(content), ""
    finally:
        response.close()
