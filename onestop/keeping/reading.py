"""Read an archive: what it says of itself, and all of it back into an empty place."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import psycopg
from django.db import DatabaseError
from django.utils import timezone

from onestop.errors import DomainError
from onestop.keeping import checking, kept, loading, target
from onestop.keeping.archive import FILES, HEAD, MANIFEST, TABLES, Broken, Entry, Reading, rows_of
from onestop.keeping.manifest import (
    FORMAT,
    Manifest,
    fingerprints,
    format_of,
    head_of,
    manifest_of,
)
from onestop.keeping.sealed import MARK, identities_of, is_of_age, opening
from onestop.stores import StoreAway
from onestop.trouble import is_full


def read_manifest(path: Path, *, identity: Path | None = None) -> Manifest:
    """What the archive says of itself, when all of it is as it was written: every row counted and
    hashed, every file against its checksum.

    Errors: DomainError with a code of messages.py that begins with "backup_".
    """
    path = Path(path)
    with _told(path), _plain(path, identity) as (plain, encrypted):
        reading = Reading(plain)
        content = _Content(path)
        try:
            for entry in reading.entries():
                content.take(entry)
        except Broken:
            if content.is_one:
                raise
            raise DomainError("backup_not_one", path=path) from None
        manifest = content.manifest()
    return manifest.found(digest=reading.digest, size=path.stat().st_size, encrypted=encrypted)


def restore(
    path: Path,
    *,
    identity: Path | None = None,
    other_lookup_key: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Manifest:
    """All of an archive into the empty database and the empty file store of this process, whatever
    engine either has.

    In order: read and verify all of it; refuse what does not fit here; make the archive's tables;
    load rows and files in one go; bring the tables up to this program; check what is there now. A
    restore that fails or is killed may simply be run again: the database is empty, or holds all of
    the archive, and then the run goes on from there. What waited to be sent is not sent any more.
    `progress`: "read", "load", "check".

    Errors: DomainError with a code of messages.py. After "restore_faults" all is there, but
    something does not fit.
    """
    path = Path(path)
    progress("read")
    manifest = read_manifest(path, identity=identity)
    target.check_known(manifest.head.migrations)
    if manifest.head.keys["LOOKUP_KEY"] != fingerprints()["LOOKUP_KEY"] and not other_lookup_key:
        raise DomainError("restore_lookup_key")
    target.check_idle()
    with _room():
        if not _is_in(manifest):
            _bring_back(path, identity, manifest, progress)
        kept.note_rows(manifest.digest)
        os.sync()  # the mark is on the disk before a migration changes them
        target.migrate_on()
        progress("check")
        faults = checking.faults(manifest, now=timezone.now())
        kept.end()
    if faults:
        raise DomainError("restore_faults", faults="\n".join(faults))
    return manifest


def _is_in(manifest: Manifest) -> bool:
    """A restore of this archive was killed after its rows were committed."""
    digest = manifest.digest
    return kept.has_begun(digest) and target.holds(manifest, migrated=kept.has_rows(digest))


def _bring_back(
    path: Path, identity: Path | None, manifest: Manifest, progress: Callable[[str], None]
) -> None:
    """Rows and files. Errors: those of restore()."""
    try:
        target.check_empty()
    except DomainError as error:
        if kept.has_rows(manifest.digest):
            raise DomainError("restore_cut_off", **error.data) from error
        raise
    kept.begin(manifest.digest)
    with target.new_database():
        progress("load")
        target.migrate_to(manifest.head.migrations)
        with loading.loading(manifest) as into:
            _load(path, identity, manifest, into)
            # Files are on the disk before the rows that name them are.
            os.sync()
            into.finish()


def _load(path: Path, identity: Path | None, manifest: Manifest, into: loading.Loading) -> None:
    """Errors: DomainError("backup_broken") where it is not what was verified before."""
    with _told(path), _plain(path, identity) as (plain, _):
        reading = Reading(plain)
        for entry in reading.entries():
            if entry.name.startswith(TABLES):
                into.load(entry.table, rows_of(entry.lines()))
            elif entry.name.startswith(FILES):
                kept.put_in(entry)
        if reading.digest != manifest.digest:
            raise Broken("sha256")


class _Content:
    """What comes out of an archive, against what it says of itself at its end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows: dict[str, int] = {}
        self._hashes: dict[str, Any] = {}
        self._others: dict[str, str] = {}
        self._contents = self._size = 0
        self._unlike: set[str] = set()
        self._head: Any = None
        self._manifest: Manifest | None = None

    @property
    def is_one(self) -> bool:
        """It begins as ours do."""
        return self._head is not None

    def take(self, entry: Entry) -> None:
        """Errors: Broken; DomainError("backup_not_one", "backup_newer")."""
        if self._head is None:
            self._begin(entry)
        elif entry.name == MANIFEST and self._manifest is None:
            self._manifest = manifest_of(entry.read())
        elif entry.name.startswith(TABLES):
            lines = entry.lines()
            self._rows[entry.table] = self._rows.get(entry.table, 0) + lines.count(b"\n")
            self._hashes.setdefault(entry.table, hashlib.sha256()).update(lines)
        elif entry.name.startswith(FILES):
            self._file(entry)
        else:
            raise Broken(entry.name)

    def _begin(self, entry: Entry) -> None:
        if entry.name != HEAD:
            raise DomainError("backup_not_one", path=self._path)
        text = entry.read()
        if format_of(text) > FORMAT:
            raise DomainError("backup_newer", name=f"dạng {format_of(text)}")
        self._head = head_of(text)

    def _file(self, entry: Entry) -> None:
        path = entry.name.removeprefix(FILES)
        if path.startswith("/") or ".." in path.split("/"):
            raise Broken(entry.name)
        digest = hashlib.sha256()
        for piece in entry.pieces():
            digest.update(piece)
        name = kept.content_of(entry.name)
        if name is None:
            self._others[path] = digest.hexdigest()
            return
        self._contents += 1
        self._size += entry.size
        if digest.hexdigest() != name:
            self._unlike.add(name)

    def manifest(self) -> Manifest:
        """Errors: Broken where it says something else than what came."""
        found = self._manifest
        if found is None or found.head != self._head:
            raise Broken(MANIFEST)
        if self._rows.keys() - found.tables.keys():
            raise Broken(TABLES)
        for name, table in found.tables.items():
            digest = self._hashes.get(name, hashlib.sha256()).hexdigest()
            if (self._rows.get(name, 0), digest) != (table.rows, table.sha256):
                raise Broken(f"{TABLES}{name}")
        files = found.files
        came = (self._contents, self._size, len(self._unlike), self._others)
        said = {one.path: one.sha256 for one in files.others}
        if came != (files.count, files.size, files.changed_count, said):
            raise Broken(FILES)
        return found


@contextmanager
def _plain(path: Path, identity: Path | None) -> Iterator[tuple[BinaryIO, bool]]:
    """The archive's bytes, and whether they were encrypted. Errors: DomainError."""
    with _opened(path) as file:
        begin = file.read(len(MARK))
        file.seek(0)
        if begin != MARK:
            yield file, False
            return
        if identity is None:
            raise DomainError("backup_identity_missing")
        with opening(file, identities_of(Path(identity))) as plain:
            yield plain, True


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise DomainError("backup_missing", path=path) from error
    with file:
        yield cast(BinaryIO, file)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What an archive that is not whole makes of its readers, as one sentence."""
    try:
        yield
    except Broken as error:
        raise DomainError("backup_broken", path=path, where=error) from error
    except (ValueError, KeyError, TypeError) as error:
        raise DomainError("backup_broken", path=path, where=type(error).__name__) from error
    except Exception as error:
        if is_of_age(error):
            raise DomainError("backup_broken", path=path, where="age") from error
        raise


@contextmanager
def _room() -> Iterator[None]:
    """A disk that is full, whoever says so."""
    try:
        yield
    except (OSError, DatabaseError, sqlite3.Error, psycopg.Error) as error:
        if is_full(error) or loading.is_full(error):
            raise DomainError("restore_no_room") from error
        raise
    except StoreAway as error:
        raise DomainError("restore_store_away") from error
