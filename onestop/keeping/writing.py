"""Make a backup: one instant of the database, the files that its rows name, a manifest; read back
before it gets its name.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import psycopg

from onestop import versions
from onestop.errors import DomainError
from onestop.files.models import Attachment
from onestop.keeping import kept, offered, tables
from onestop.keeping.archive import HEAD, MANIFEST, PIECE, Writing
from onestop.keeping.manifest import (
    FORMAT,
    Head,
    Manifest,
    Numbers,
    Table,
    fingerprints,
    numbers_of,
    program,
    written,
)
from onestop.keeping.reading import read_manifest
from onestop.keeping.sealed import MARK, recipients_of, sealing
from onestop.keeping.snapshot import Snapshot, taken
from onestop.stores import StoreAway
from onestop.trouble import is_full

_SUFFIX = ".part"
_BEGINS = HEAD.encode()


def write_backup(
    path: Path,
    *,
    recipients: Sequence[str] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> Manifest:
    """Database and files as they are at one instant, in one file; the product may run meanwhile.

    In: where (it must not be there yet), age public keys to encrypt to. Written beside its place,
    flushed to the disk, read back (all of it; encrypted: against what was written, because the
    secret key is elsewhere), then renamed: a killed backup leaves nothing under this name, and the
    next one into the folder takes its remains away. `progress`: "database", "files", "check".

    Errors: DomainError with a code of messages.py that begins with "backup_".
    """
    path = Path(path).absolute()
    keys = recipients_of(recipients)
    if path.exists():
        raise DomainError("backup_exists", path=path)
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise DomainError("backup_no_folder", path=path.parent)
    _clear(path.parent)
    part = path.with_name(path.name + _SUFFIX)
    try:
        with _held(part, path) as file:
            manifest, digest = _write(file, keys, path.parent, progress)
            progress("check")
            manifest = _read_back(part, path, manifest, digest)
            part.rename(path)
            _flush_folder(path.parent)
    except OSError as error:
        if is_full(error):
            raise DomainError("backup_no_room", path=path) from error
        raise
    except StoreAway as error:
        raise DomainError("backup_store_away") from error
    except (sqlite3.Error, psycopg.Error) as error:
        raise DomainError("backup_database", error=type(error).__name__) from error
    return manifest


def _write(
    file: BinaryIO, keys: Sequence[Any], folder: Path, progress: Callable[[str], None]
) -> tuple[Manifest, str]:
    """The manifest, and the SHA-256 of the bytes that went to the disk."""
    out = _Counted(file)
    with ExitStack() as stack:
        plain: Any = stack.enter_context(sealing(out, keys)) if keys else out  # type: ignore[arg-type]
        archive = stack.enter_context(Writing(plain))
        manifest = _fill(archive, folder, progress)
    file.flush()
    os.fsync(file.fileno())
    return manifest.found(
        digest=manifest.digest, size=out.size, encrypted=bool(keys)
    ), out.digest.hexdigest()


def _fill(archive: Writing, folder: Path, progress: Callable[[str], None]) -> Manifest:
    progress("database")
    with tempfile.TemporaryFile(dir=folder) as names:
        with taken() as snapshot:
            head = _head(snapshot)
            archive.add(HEAD, written(head))
            rows = {table.name: _table(archive, snapshot, table) for table in tables.listed()}
            numbers = _numbers(snapshot)
            table = Attachment._meta.db_table
            for (name,) in snapshot.asked(f'SELECT DISTINCT sha256 FROM "{table}"'):  # noqa: S608
                names.write(name.encode() + b"\n")
        # The instant is over: the database need not keep it for as long as the files take.
        progress("files")
        names.seek(0)
        files = kept.add_all(archive, (line.decode().strip() for line in names))
    manifest = Manifest(head=head, tables=rows, numbers=numbers, files=files)
    archive.add(MANIFEST, written(manifest))
    return manifest.found(digest=archive.finish(), size=0, encrypted=False)


def _head(snapshot: Snapshot) -> Head:
    applied = [
        f"{app}.{name}"
        for app, name in snapshot.asked("SELECT app, name FROM django_migrations ORDER BY id")
    ]
    known = {f"{app}.{name}" for app, name in versions.known()}
    for name in sorted(known.symmetric_difference(applied)):
        raise DomainError("backup_not_migrated", name=name)
    return Head(
        format=FORMAT,
        program=program(),
        engine=snapshot.vendor,
        made_at=snapshot.at,
        keys=fingerprints(),
        migrations=tuple(applied),
        left_out=tables.LEFT_OUT,
    )


def _table(archive: Writing, snapshot: Snapshot, table: tables.Listed) -> Table:
    count, sha256 = archive.add_rows(table.name, snapshot.rows(table))
    sequence = snapshot.sequence(table) if table.counts else None
    return Table(tables.shown(table.columns), count, sha256, sequence)


def _numbers(snapshot: Snapshot) -> dict[str, Numbers]:
    return {
        name: numbers_of(snapshot.asked(offered.statement_of(one)))
        for name, one in sorted(offered.counters.items())
    }


class _Counted:
    """What goes to the disk, counted and hashed."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.digest, self.size = file, hashlib.sha256(), 0

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        self.size += len(data)
        return self._file.write(data)


def _read_back(part: Path, path: Path, manifest: Manifest, digest: str) -> Manifest:
    """From the disk, not from memory, as far as the system lets us; what the archive says of itself.
    `digest`: of the bytes that went to the disk. Errors: DomainError("backup_read_back").
    """
    again = hashlib.sha256()
    with part.open("rb") as file:
        with suppress(OSError):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while piece := file.read(PIECE):
            again.update(piece)
    if again.hexdigest() != digest:
        raise DomainError("backup_read_back", path=path)
    if manifest.encrypted:
        return manifest
    try:
        return read_manifest(part)
    except DomainError as error:
        raise DomainError("backup_read_back", path=path) from error


@contextmanager
def _held(part: Path, path: Path) -> Iterator[BinaryIO]:
    """The file on its way, ours alone; gone when the block fails. Errors: DomainError
    ("backup_under_way").
    """
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "wb", buffering=PIECE) as file:
        if not _locked(file):
            raise DomainError("backup_under_way", path=path)
        file.truncate(0)
        try:
            yield file
        except BaseException:
            part.unlink(missing_ok=True)
            with suppress(OSError):  # what is still to be written has no place to go
                file.close()
            raise


def _locked(file: BinaryIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _clear(folder: Path) -> None:
    """Remains of backups that were killed: ours by how they begin, and nobody at work on them."""
    for part in folder.glob(f"*{_SUFFIX}"):
        with suppress(OSError), part.open("rb+") as file:
            begin = file.read(len(_BEGINS))
            is_ours = begin == _BEGINS or begin.startswith(MARK) or not begin
            if is_ours and _locked(file):
                part.unlink()


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
