"""Encryption to a recipient (age, age-encryption.org/v1) as streams: memory stays flat.

pyrage reads from one side and writes to the other; a pipe and a thread turn it round, so that
whoever makes or reads an archive writes or reads as with any file.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from onestop.errors import DomainError

MARK = b"age-encryption.org/"
PIECE = 1024 * 1024


def _age() -> Any:
    """pyrage, imported where something is sealed or opened: every process knows how to make
    backups, few make one that is sealed.
    """
    import pyrage

    return pyrage


def recipients_of(texts: Sequence[str]) -> list[Any]:
    """Public keys. Errors: DomainError("backup_recipient")."""
    found = []
    for text in texts:
        age = _age()
        try:
            found.append(age.x25519.Recipient.from_str(text.strip()))
        except age.RecipientError as error:
            raise DomainError("backup_recipient", recipient=text.strip()[:80]) from error
    return found


def identities_of(path: Path) -> list[Any]:
    """Secret keys of a file as age-keygen makes it. Errors: DomainError("backup_missing",
    "backup_identity_bad").
    """
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise DomainError("backup_missing", path=path) from error
    age, found = _age(), []
    for line in lines:
        with suppress(age.IdentityError):
            found.append(age.x25519.Identity.from_str(line.strip()))
    if not found:
        raise DomainError("backup_identity_bad", path=path)
    return found


class _Side:
    """What pyrage sees of a file: it makes errors of its own of what the file says; ours is kept."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.error: BaseException | None = None

    def write(self, data: bytes) -> int:
        try:
            self._file.write(data)
        except BaseException as error:
            self.error = error
            raise
        return len(data)

    def read(self, size: int = -1) -> bytes:
        try:
            return self._file.read(size)
        except BaseException as error:
            self.error = error
            raise

    def flush(self) -> None:
        """Whoever opened the file flushes it."""


@contextmanager
def sealing(out: BinaryIO, recipients: Sequence[Any]) -> Iterator[BinaryIO]:
    """What is written here goes encrypted into `out`. Errors: those of writing to `out`."""
    theirs, ours = os.pipe()
    far = _Side(out)

    def work() -> None:
        with os.fdopen(theirs, "rb", buffering=PIECE) as plain:
            _age().encrypt_io(plain, far, list(recipients))

    with _beside(work, far), _pipe_end(ours) as plain:
        yield plain


@contextmanager
def opening(sealed: BinaryIO, identities: Sequence[Any]) -> Iterator[BinaryIO]:
    """The plain content, as far as it is whole. Errors when it ends: DomainError
    ("backup_identity_wrong"), pyrage.DecryptError or OSError where it is broken.
    """
    ours, theirs = os.pipe()
    far = _Side(sealed)

    def work() -> None:
        # What was not read of the last piece breaks the pipe when it is closed.
        with suppress(BrokenPipeError), _pipe_end(theirs) as plain:
            near = _Side(plain)
            try:
                _age().decrypt_io(far, near, list(identities))
            except Exception:
                # Whoever reads has read enough: no fault of the archive.
                if not isinstance(near.error, BrokenPipeError):
                    raise

    with _beside(work, far), os.fdopen(ours, "rb", buffering=PIECE) as plain:
        yield plain


@contextmanager
def _pipe_end(descriptor: int) -> Iterator[BinaryIO]:
    """A pipe's end for writing; closing it is no error though nobody reads it any more."""
    file = os.fdopen(descriptor, "wb", buffering=PIECE)
    try:
        yield file
        file.flush()
    finally:
        with suppress(BrokenPipeError):
            file.close()


@contextmanager
def _beside(work: Callable[[], None], far: _Side) -> Iterator[None]:
    """Run it in a thread. What it met comes before what the block met: a pipe that broke, or a
    content that ended too soon.
    """
    met: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            met.append(error)

    thread = threading.Thread(target=run, name="age", daemon=True)
    thread.start()
    try:
        yield
    except Exception as error:
        thread.join()
        if met:
            raise far.error or _understood(met[0]) from error
        raise
    finally:
        thread.join()
    if met:
        raise far.error or _understood(met[0])


def _understood(error: BaseException) -> BaseException:
    if isinstance(error, _age().DecryptError) and "No matching keys" in str(error):
        return DomainError("backup_identity_wrong")
    return error


def is_of_age(error: BaseException) -> bool:
    """The encryption says that something was altered or cut off."""
    return isinstance(error, _age().DecryptError) or str(error) == "decryption error"
