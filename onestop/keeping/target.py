"""Where a restore goes: empty, with just the tables of the archive, and never half-way.

PostgreSQL takes all rows in one transaction. SQLite gets a new file beside its place, which takes
the place when all is there.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from onestop import versions
from onestop.errors import DomainError
from onestop.keeping.manifest import Manifest
from onestop.keeping.offered import made_anew
from onestop.keeping.tables import LEFT_OUT

_BESIDE = ("", "-wal", "-shm", "-journal")
_SUFFIX = ".khoi-phuc"


def check_empty() -> None:
    """Errors: DomainError("restore_not_empty") naming a table that has rows."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return
    for table in _tables():
        if table not in made_anew and table not in LEFT_OUT and _has_rows(table):
            raise DomainError("restore_not_empty", table=table)


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        return sorted(connection.introspection.table_names(cursor))


def _has_rows(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608
        return cursor.fetchone() is not None


def holds(manifest: Manifest, *, migrated: bool) -> bool:
    """All rows of the archive are here: a restore was killed after that. `migrated`: it may have been
    while it brought the tables up, which adds rows and takes tables away; nobody has signed in since.
    """
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return False
    there = {*_tables()}
    if migrated and not any(name in there and _has_rows(name) for name in LEFT_OUT):
        full = [(name, one.rows) for name, one in manifest.tables.items() if one.rows]
        left = [one for one in full if one[0] in there and one[0] not in made_anew]
        return bool(left) and all(_count(name) >= rows for name, rows in left)
    return any(one.rows for one in manifest.tables.values()) and all(
        name in made_anew or (name in there and _count(name) == one.rows)
        for name, one in manifest.tables.items()
    )


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
        return int(cursor.fetchone()[0])


def check_idle() -> None:
    """Errors: DomainError("restore_running") while `make run` has these data."""
    path = Path(settings.VAR_DIR) / "run.lock"
    with suppress(FileNotFoundError), path.open("r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DomainError("restore_running") from None


def check_known(migrations: Sequence[str]) -> None:
    """Errors: DomainError("backup_newer") where the archive has been further than this program."""
    applied = (_key(one) for one in migrations)
    for name in versions.unknown(applied, versions.known()):
        raise DomainError("backup_newer", name=name)


def _key(migration: str) -> tuple[str, str]:
    """ "app.name" as Django names it."""
    app, _, name = migration.partition(".")
    return app, name


@contextmanager
def new_database() -> Iterator[None]:
    """Inside, the default connection is where the rows go. On SQLite a new file, which takes the
    place of the old one at the end; nothing has changed when the block fails.
    """
    if connection.vendor != "sqlite":
        yield
        return
    place = Path(connection.settings_dict["NAME"]).absolute()
    fresh = place.with_name(place.name + _SUFFIX)
    with _held(fresh):
        connection.close()
        _begin_with(place, fresh)
        connection.settings_dict["NAME"] = str(fresh)
        try:
            yield
            _settle()
        except BaseException:
            connection.close()
            _remove(fresh)
            raise
        finally:
            connection.close()
            connection.settings_dict["NAME"] = str(place)
        _take_place(fresh, place)


def _begin_with(place: Path, fresh: Path) -> None:
    """Tables without rows, where they are there: often they are just those that the archive needs."""
    if place.exists():
        with closing(sqlite3.connect(place)) as empty, closing(sqlite3.connect(fresh)) as copy:
            empty.backup(copy)


@contextmanager
def _held(fresh: Path) -> Iterator[None]:
    """One restore at a time; what a killed one left goes."""
    lock_path = fresh.with_name(fresh.name + ".lock")
    with lock_path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DomainError("restore_under_way") from None
        _remove(fresh)
        try:
            yield
        finally:
            lock_path.unlink(missing_ok=True)


def _remove(database: Path) -> None:
    for ending in _BESIDE:
        Path(f"{database}{ending}").unlink(missing_ok=True)


def _settle() -> None:
    """All of it in the one file, and on the disk."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _take_place(fresh: Path, place: Path) -> None:
    fresh.chmod(0o600)
    for path, flags in ((fresh, os.O_RDWR), (place.parent, os.O_RDONLY)):
        descriptor = os.open(path, flags)
        os.fsync(descriptor)
        os.close(descriptor)
    for ending in _BESIDE[1:]:  # of the empty one that was there: they must not meet the new one
        Path(f"{place}{ending}").unlink(missing_ok=True)
    fresh.replace(place)
    for ending in _BESIDE[1:]:
        Path(f"{fresh}{ending}").unlink(missing_ok=True)


def migrate_to(migrations: Sequence[str]) -> None:
    """Just these migrations, so that the rows find the columns they had."""
    wanted = {_key(one) for one in migrations}
    applied = set(MigrationLoader(connection).applied_migrations)
    if applied == wanted:
        return
    if applied - wanted:
        _begin_anew()
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    inner = {parent.key for key in wanted for parent in graph.node_map[key].parents}
    executor.migrate(sorted(wanted - inner))


def _begin_anew() -> None:
    """Tables of a later version, all of them empty: begun anew."""
    if connection.vendor == "sqlite":
        connection.close()
        _remove(Path(connection.settings_dict["NAME"]))
        return
    quoted = connection.ops.quote_name
    known = {*connection.introspection.django_table_names(), "django_migrations"}
    with transaction.atomic(), connection.cursor() as cursor:
        for table in _tables():
            if table in known:
                cursor.execute(f"DROP TABLE {quoted(table)} CASCADE")


def migrate_on() -> None:
    """Up to this program, as `migrate` does."""
    call_command("migrate", "--noinput", verbosity=0)
