"""Lines of the access log that the database could not take just then: kept in a file, written as
soon as it can.

Every view leaves a trace (R-137, R-144). A page that only reads is shown while the database is
locked, so its line must wait somewhere that lasts: one line of JSON, on the disk before the page is
sent. When not even that is possible the page is refused.
"""

import fcntl
import json
import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from onestop.accounts.models import AccessEvent

logger = logging.getLogger(__name__)
FIELDS = tuple(
    field.attname
    for field in AccessEvent._meta.concrete_fields
    if not field.primary_key and field.name != "at"
)


def folder() -> Path:
    return Path(settings.VAR_DIR) / "traces"


def waits() -> bool:
    """Whether lines wait: one look at the disk."""
    try:
        with os.scandir(folder()) as found:
            return any(found)
    except FileNotFoundError:
        return False


def keep(events: Iterable[AccessEvent]) -> None:
    """Put these lines by. Raises OSError when the disk takes them no more than the database did."""
    lines = b"".join(_line(event) for event in events)
    folder().mkdir(mode=0o700, exist_ok=True)
    with _locked(folder() / "waiting.jsonl") as handle:
        before = os.fstat(handle).st_size
        try:
            if os.write(handle, lines) != len(lines):
                raise OSError(28, "No space left on device")
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, before)
            raise
    logger.warning("access log not reached: the line waits")


def write() -> int:
    """Bring what waits into the access log; how many lines. A line that is there already is not
    written twice.
    """
    with suppress(FileNotFoundError):
        waiting = folder() / "waiting.jsonl"
        waiting.rename(waiting.with_name(f"taken-{os.getpid()}-{waiting.stat().st_mtime_ns}.jsonl"))
    written = 0
    for taken in sorted(folder().glob("taken-*.jsonl")):
        with (
            suppress(FileNotFoundError),
            _locked(taken, create=False) as handle,
            transaction.atomic(),
        ):
            for event in _events(os.pread(handle, os.fstat(handle).st_size, 0)):
                same = AccessEvent.objects.filter(
                    at=event.at,
                    kind=event.kind,
                    officer=event.officer_id,
                    object_id=event.object_id,
                )
                if not same.exists():
                    event.save()
                    written += 1
            transaction.on_commit(lambda path=taken: path.unlink(missing_ok=True))  # type: ignore[misc]
    return written


def _line(event: AccessEvent) -> bytes:
    about = {"at": event.at.isoformat()} | {name: getattr(event, name) for name in FIELDS}
    return json.dumps(about, ensure_ascii=False).encode() + b"\n"


def _events(lines: bytes) -> Iterator[AccessEvent]:
    for line in lines.splitlines():
        try:
            about: dict[str, Any] = json.loads(line)
            yield AccessEvent(at=datetime.fromisoformat(about.pop("at")), **about)
        except (ValueError, KeyError, TypeError):
            logger.error("a waiting line of the access log cannot be read")


@contextmanager
def _locked(path: Path, *, create: bool = True) -> Iterator[int]:
    """The file, open for whoever holds its lock; the one under this name, not one that was renamed
    in between.
    """
    while True:
        handle = os.open(path, os.O_RDWR | os.O_APPEND | (os.O_CREAT if create else 0), 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if path.exists() and path.stat().st_ino == os.fstat(handle).st_ino:
                yield handle
                return
            if not create:
                raise FileNotFoundError(path)
        finally:
            os.close(handle)
