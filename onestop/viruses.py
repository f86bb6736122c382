"""The virus check: each file that a person sends is shown to clamd before anything else reads it.

Of its protocol only INSTREAM and PING are needed: some lines. The libraries for it are either of 2014
(`clamd`) or stand on that one; none bounds how long all of a check may take. What clamd has not called
clean is never let through: no answer, a half one and one we do not know are all "not checked".
"""

import logging
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import chain
from typing import IO, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.dispatch import Signal

from onestop.breaker import Breaker
from onestop.errors import DomainError, denials

logger = logging.getLogger(__name__)
# (signature, name): a file was refused for what is in it; name as its sender calls it.
found = Signal()
CHUNK = 64 * 1024
CONNECT_SECONDS, PING_SECONDS = 3.0, 2.0
MOST_ANSWER = 4096
# One that was waited for in vain is left alone for so long: a page of ten scans waits once.
REST = 5.0
_breaker = Breaker(REST)


class NotChecked(Exception):
    """clamd is away, too slow, or said something that is neither clean nor infected."""


def is_used() -> bool:
    return bool(settings.CLAMD_URL)


def refuse_infected(content: IO[Any], *, name: str, field: str = "file") -> None:
    """Returns when clamd found nothing, or none is used; `content` is left at its start.

    Errors: DomainError("file_infected", "file_not_checked", "file_check_limit").
    """
    if not is_used():
        return
    try:
        verdict = _verdict(_ask(b"zINSTREAM\0", _parts(content), seconds=settings.CLAMD_SECONDS))
    except NotChecked as why:
        logger.error("virus check away", extra={"error": str(why)})
        raise DomainError("file_not_checked", field=field, name=name) from why
    finally:
        content.seek(0)
    if verdict == "limit":
        logger.error("virus check limit", extra={"error": "StreamMaxLength"})
        raise DomainError("file_check_limit", field=field, name=name)
    if verdict:
        logger.error("virus found", extra={"signature": verdict})
        # Into the access log, as a refusal to whoever sent it.
        denials.send(sender=None, code="file_infected")
        found.send(sender=None, signature=verdict, name=name)
        raise DomainError("file_infected", field=field, name=name)


def answers() -> bool:
    """Whether clamd is there."""
    try:
        return _ask(b"zPING\0", iter(()), seconds=PING_SECONDS) == "PONG"
    except NotChecked:
        return False


def _verdict(said: str) -> str:
    """ "" for clean, "limit", or the name of what was found. Errors: NotChecked."""
    if said == "stream: OK":
        return ""
    if said.startswith("stream: ") and said.endswith(" FOUND"):
        return said.removeprefix("stream: ").removesuffix(" FOUND").strip()[:200] or "?"
    if "size limit exceeded" in said:
        return "limit"
    raise NotChecked(said[:200] or "no answer")


def _parts(content: IO[Any]) -> Iterator[bytes]:
    content.seek(0)
    while chunk := content.read(CHUNK):
        yield struct.pack(">I", len(chunk)) + chunk
    yield struct.pack(">I", 0)


def _ask(command: bytes, parts: Iterator[bytes], *, seconds: float) -> str:
    """clamd's answer to a command. Errors: NotChecked."""
    if _breaker.open:
        raise NotChecked("left alone")
    until = time.monotonic() + seconds
    try:
        with closing(_connected(min(CONNECT_SECONDS, seconds))) as line:
            # It answers, and hangs up, before it has heard all of what is too long for it.
            with suppress(BrokenPipeError, ConnectionResetError):
                for part in chain([command], parts):
                    _wait(line, until)
                    line.sendall(part)
            return _answer(line, until)
    except TimeoutError as error:
        _breaker.failed()
        raise NotChecked("timeout") from error
    except (OSError, UnicodeDecodeError) as error:
        raise NotChecked(type(error).__name__) from error


def _answer(line: socket.socket, until: float) -> str:
    said = b""
    while not said.endswith(b"\0"):
        _wait(line, until)
        piece = line.recv(MOST_ANSWER)
        if not piece or len(said) > MOST_ANSWER:
            raise NotChecked("cut short")
        said += piece
    _breaker.answered()
    return said.removesuffix(b"\0").decode().strip()


def _wait(line: socket.socket, until: float) -> None:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    line.settimeout(left)


def _connected(wait: float) -> socket.socket:
    url = urlsplit(settings.CLAMD_URL)
    if url.scheme == "tcp":
        return socket.create_connection((url.hostname or "", url.port or 3310), timeout=wait)
    line = socket.socket(socket.AF_UNIX)
    try:
        line.settimeout(wait)
        line.connect(url.path)
    except OSError:
        line.close()
        raise
    return line
