"""A file from an address that a stranger named: only by TLS with a checked certificate, only from public
machines, no further and no longer than was agreed.

The address is resolved once, looked at, and that very machine is asked: a name that answers otherwise a
moment later leads nowhere. Each redirect is looked at anew.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

from django.conf import settings

from onestop import calling
from onestop.texts import address_parts

if TYPE_CHECKING:
    from urllib.parse import SplitResult

MOST_TURNS = 3
# How long one answer of the other machine may be waited for; all of it: EXCHANGE_FETCH_SECONDS.
PATIENCE = 10.0
# What stands in an address as it is; all else (letters of ours, blanks) goes as figures.
PLAIN = "/%:@!$&'()*+,;=~-._?"
# Addresses that a network of version 6 makes of those of version 4 (RFC 6052).
NAT64 = ip_network("64:ff9b::/96")
# All of version 6 that leads to public machines (RFC 4291), but for what documents may name (RFC 9637): what
# else looks global to Python leads to machines of a network's own, or to one of version 4 by another spelling.
PUBLIC, DOCUMENTS = ip_network("2000::/3"), ip_network("3fff::/20")
# For protocols of a network's own (RFC 6890); Python of some versions knows a part of it.
PROTOCOLS = ip_network("192.0.0.0/24")


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
    machine: str

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
    return _Target(parts, machines[0])


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
        return calling.machines(host, port)
    except (OSError, UnicodeError):
        raise NotFetched("file_away", again=True) from None


def _is_public(machine: str) -> bool:
    """An address that carries another one is as public as that one."""
    address = ip_address(machine.partition("%")[0])
    if isinstance(address, IPv4Address):
        return _is_public_v4(address)
    carried = address.ipv4_mapped
    if address in NAT64:
        carried = IPv4Address(int(address) & 0xFFFFFFFF)
    if carried is not None:
        return _is_public_v4(carried)
    inner = address.sixtofour
    is_handed_out = address.is_global and address in PUBLIC and address not in DOCUMENTS
    return is_handed_out and (inner is None or _is_public_v4(inner))


def _is_public_v4(address: IPv4Address) -> bool:
    """Of version 4."""
    return address.is_global and not address.is_multicast and address not in PROTOCOLS


def _ask(target: _Target, *, most: int, until: float) -> tuple[bytes, str]:
    """The content, or where it lies instead."""
    left = until - time.monotonic()
    if left <= 0:
        raise NotFetched("file_slow", again=True)
    try:
        reply = calling.call(
            "GET",
            target.parts.geturl(),
            seconds=left,
            most=most,
            machine=target.machine,
            path=target.path,
            patience=min(PATIENCE, left),
        )
    except calling.NoAnswer as error:
        raise _not_fetched(error, most) from error
    if reply.status in calling.TURNED and (location := reply.headers.get("Location")):
        return b"", location
    if reply.status != 200:
        raise _refused(reply.status)
    return reply.body, ""


def _not_fetched(error: calling.NoAnswer, most: int) -> NotFetched:
    if error.is_slow:
        return NotFetched("file_slow", again=True)
    if not error.is_large:
        return NotFetched("file_away", again=True)
    # However much is said beside a refusal.
    if error.status != 200:
        return _refused(error.status)
    return NotFetched("file_larger", limit=most // (1024 * 1024))


def _refused(status: int) -> NotFetched:
    return NotFetched("file_expired", again=status >= 500, status=status)
