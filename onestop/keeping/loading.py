"""Rows into an empty database, in one transaction: foreign keys and indexes are made when all rows
are there, ids go on where they were.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any, Protocol

import psycopg
from django.db import connection

from onestop.errors import DomainError
from onestop.keeping.manifest import Manifest, Table
from onestop.keeping.offered import made_anew, silenced
from onestop.outbox.models import Mail, Message

Rows = Sequence[list[Any]]
_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})
_MESSAGES = Message._meta.db_table
# In the transaction that brings the letters back: no worker ever sees one that waits.
_SILENT = (
    f"UPDATE {_MESSAGES} SET mail = {Mail.HELD:d}, next_try_at = NULL, error = 'held by a restore'"  # noqa: S608
    f" WHERE mail = {Mail.PENDING:d}"
)


def _silent(tables: Collection[str]) -> list[str]:
    held = {_MESSAGES: _SILENT, **silenced}
    return [statement for table, statement in held.items() if table in tables]


class Loading(Protocol):
    """One transaction that takes an archive."""

    def load(self, table: str, rows: Rows) -> None:
        """Rows of one part. Errors: DomainError("restore_failed")."""

    def finish(self) -> None:
        """Numbers, foreign keys, indexes; nothing that waited to be sent waits any more."""


@contextmanager
def loading(manifest: Manifest) -> Iterator[Loading]:
    """Committed when the block ends by itself."""
    work = _postgres if connection.vendor == "postgresql" else _sqlite
    with work(manifest) as one:
        yield one


def _columns(table: Table) -> str:
    return ", ".join(f'"{name}"' for name, _ in table.columns)


def _check_counts(manifest: Manifest, counted: Mapping[str, int]) -> None:
    """Errors: DomainError("restore_counts")."""
    for name, table in manifest.tables.items():
        if counted[name] != table.rows:
            raise DomainError("restore_counts", table=name)


def _bytes_places(table: Table) -> list[int]:
    return [place for place, (_, kind) in enumerate(table.columns) if kind == "bytes"]


@contextmanager
def _sqlite(manifest: Manifest) -> Iterator[Loading]:
    connection.close()
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as raw:
        raw.isolation_level = None
        # The file is nobody's until it is whole and flushed (target.py).
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF"):
            raw.execute(f"PRAGMA {pragma}")
        raw.execute("BEGIN IMMEDIATE")
        yield _SQLite(raw, manifest)
        raw.execute("COMMIT")


class _SQLite:
    def __init__(self, raw: sqlite3.Connection, manifest: Manifest) -> None:
        self._raw, self._manifest = raw, manifest
        # The guards of kept rows (onestop/guards.py) ask of each row whether it is there already.
        self._made_last = raw.execute(
            "SELECT type, name, sql FROM sqlite_master"
            " WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
        ).fetchall()
        for kind, name, _ in self._made_last:
            raw.execute(f'DROP {kind} "{name}"')
        for table in made_anew.intersection(manifest.tables):
            raw.execute(f'DELETE FROM "{table}"')  # noqa: S608 (our own names)

    def load(self, table: str, rows: Rows) -> None:
        into = self._manifest.tables[table]
        for place in _bytes_places(into):
            for row in rows:
                row[place] = None if row[place] is None else bytes.fromhex(row[place])
        marks = ", ".join("?" * len(into.columns))
        try:
            self._raw.executemany(
                f'INSERT INTO "{table}" ({_columns(into)}) VALUES ({marks})',  # noqa: S608
                rows,
            )
        except sqlite3.Error as error:
            raise _refused(table, error) from error

    def finish(self) -> None:
        try:
            self._finish()
        except sqlite3.Error as error:
            raise _refused("", error) from error

    def _finish(self) -> None:
        raw, tables = self._raw, self._manifest.tables
        for _, _, statement in self._made_last:
            raw.execute(statement)
        counted = {
            name: raw.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
            for name in tables
        }
        _check_counts(self._manifest, counted)
        broken = raw.execute("PRAGMA foreign_key_check").fetchone()
        if broken is not None:
            raise DomainError("restore_failed", table=broken[0], error="foreign key")
        for name, table in tables.items():
            if table.sequence is not None:
                last = [table.sequence, name]
                raw.execute("DELETE FROM sqlite_sequence WHERE name = ?", last[1:])
                raw.execute("INSERT INTO sqlite_sequence (seq, name) VALUES (?, ?)", last)
        for statement in _silent(tables):
            raw.execute(statement)


@contextmanager
def _postgres(manifest: Manifest) -> Iterator[Loading]:
    with closing(connection.copy()) as own:
        own.ensure_connection()
        raw = own.connection
        with raw.transaction(), raw.cursor() as cursor:
            cursor.execute("SET LOCAL TIME ZONE 'UTC'")
            cursor.execute("SET LOCAL statement_timeout = 0")
            yield _Postgres(cursor, manifest)


# Of the tables of the search path's first schema, which is where migrations make them.
_FOREIGN_KEYS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2
"""
_INDEXES = """
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relnamespace = current_schema()::regnamespace AND NOT i.indisprimary
    AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)
    ORDER BY 1
"""


class _Postgres:
    def __init__(self, cursor: Any, manifest: Manifest) -> None:
        self._cursor, self._manifest = cursor, manifest
        names = ", ".join(f'"{name}"' for name in manifest.tables)
        cursor.execute(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
        self._check_still_empty()
        # Their checks would wait in memory for the end, one for each row.
        self._keys = cursor.execute(_FOREIGN_KEYS).fetchall()
        for table, name, _ in self._keys:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        self._indexes = cursor.execute(_INDEXES).fetchall()
        for name, _ in self._indexes:
            cursor.execute(f"DROP INDEX {name}")
        for name in made_anew.intersection(manifest.tables):
            cursor.execute(f'DELETE FROM "{name}"')  # noqa: S608 (our own names)

    def _check_still_empty(self) -> None:
        for name in self._manifest.tables:
            if name not in made_anew:
                found = self._cursor.execute(f'SELECT 1 FROM "{name}" LIMIT 1')  # noqa: S608
                if found.fetchone() is not None:
                    raise DomainError("restore_not_empty", table=name)

    def load(self, table: str, rows: Rows) -> None:
        into = self._manifest.tables[table]
        for place in _bytes_places(into):
            for row in rows:
                row[place] = None if row[place] is None else f"\\x{row[place]}"
        try:
            with self._cursor.copy(f'COPY "{table}" ({_columns(into)}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
        except psycopg.Error as error:
            raise _refused(table, error) from error

    def finish(self) -> None:
        try:
            self._finish()
        except psycopg.Error as error:
            raise _refused("", error) from error

    def _finish(self) -> None:
        cursor, tables = self._cursor, self._manifest.tables
        counted = {
            name: cursor.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
            for name in tables
        }
        _check_counts(self._manifest, counted)
        for _, statement in self._indexes:
            cursor.execute(statement)
        for table, name, definition in self._keys:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        for name, one in tables.items():
            self._go_on(name, one)
        for statement in _silent(tables):
            cursor.execute(statement)

    def _go_on(self, name: str, table: Table) -> None:
        """Ids go on after the last that was given, which a deleted row may have had."""
        counting = self._cursor.execute(
            "SELECT pg_get_serial_sequence(%s, column_name), column_name"
            " FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND table_name = %s AND (is_identity = 'YES' OR column_default LIKE 'nextval(%%')",
            [f'"{name}"', name],
        ).fetchall()
        for sequence, column in counting:
            highest = self._cursor.execute(f'SELECT max("{column}") FROM "{name}"').fetchone()[0]  # noqa: S608
            last = max(table.sequence or 0, highest or 0)
            if last:
                self._cursor.execute("SELECT setval(%s, %s)", [sequence, last])


def _refused(table: str, error: Exception) -> Exception:
    """A full disk is told by the caller; all else by what kind of error it was, without any value."""
    if is_full(error):
        return error
    return DomainError("restore_failed", table=table or "—", error=type(error).__name__)


def is_full(error: BaseException) -> bool:
    """A disk takes nothing more, as the engines themselves say it."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in _FULL
    return isinstance(error, psycopg.errors.DiskFull)
