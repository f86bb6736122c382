"""One instant of the database, read table by table while the product goes on: a repeatable-read,
read-only transaction on PostgreSQL, a read transaction (WAL) on SQLite. Rows come one at a time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from django.db import connection
from django.utils import timezone

from onestop.keeping.tables import Listed

Row = Sequence[Any]


class Snapshot(Protocol):
    """What both engines give."""

    vendor: str
    at: datetime

    def rows(self, table: Listed) -> Iterator[Row]:
        """All rows by primary key, as neutral values."""

    def asked(self, statement: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a statement of ours, as the engine gives them."""

    def sequence(self, table: Listed) -> int | None:
        """The last id that was given; None where the database gave none."""


@contextmanager
def taken() -> Iterator[Snapshot]:
    """The database of this process, by a connection of its own."""
    if connection.vendor == "postgresql":
        with closing(connection.copy()) as own:
            own.ensure_connection()
            with own.connection.cursor() as cursor:
                cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                cursor.execute("SET LOCAL TIME ZONE 'UTC'")
                cursor.execute("SET LOCAL statement_timeout = 0")
                cursor.execute("SET LOCAL extra_float_digits = 1")
            yield _Postgres(own.connection)
            own.connection.rollback()
    else:
        path = Path(connection.settings_dict["NAME"])
        # Opened by its name alone, a database that is not there would be made.
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as raw:
            raw.isolation_level = None
            raw.execute("PRAGMA query_only = ON")
            raw.execute("BEGIN")
            yield _SQLite(raw)


class _SQLite:
    vendor = "sqlite"

    def __init__(self, raw: sqlite3.Connection) -> None:
        self._raw = raw
        # The first statement that reads is what begins the instant.
        raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
        self.at = timezone.now().astimezone(UTC)

    def rows(self, table: Listed) -> Iterator[Row]:
        found = self._raw.execute(table.select(self.vendor))
        places = [
            (place, column.rewritten)
            for place, column in enumerate(table.columns)
            if column.rewritten is not None
        ]
        if not places:
            yield from found
            return
        for row in found:
            old = [(place, work) for place, work in places if (row[place] or "")[:1] == '"']
            if not old:
                yield row
                continue
            values = list(row)
            for place, work in old:
                values[place] = work(values[place][1:]).hex()
            yield values

    def asked(self, statement: str) -> Iterator[tuple[Any, ...]]:
        return iter(self._raw.execute(statement))

    def sequence(self, table: Listed) -> int | None:
        known = self._raw.execute(
            "SELECT seq FROM sqlite_sequence WHERE name = ?", [table.name]
        ).fetchone()
        return int(known[0]) or None if known else None


class _Postgres:
    vendor = "postgresql"

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        with raw.cursor() as cursor:
            self.at = cursor.execute("SELECT clock_timestamp()").fetchone()[0].astimezone(UTC)

    def rows(self, table: Listed) -> Iterator[Row]:
        return self._copied(
            table.select(self.vendor), [column.copied_as for column in table.columns]
        )

    def asked(self, statement: str) -> Iterator[tuple[Any, ...]]:
        yield from self._copied(statement, None)

    def _copied(self, statement: str, types: Sequence[str] | None) -> Iterator[Any]:
        # COPY hands row after row over; a cursor would have all of them in memory.
        with (
            self._raw.cursor() as cursor,
            cursor.copy(f"COPY ({statement}) TO STDOUT") as copy,
        ):
            if types is not None:
                copy.set_types(types)
            yield from copy.rows()

    def sequence(self, table: Listed) -> int | None:
        with self._raw.cursor() as cursor:
            name = cursor.execute(
                "SELECT pg_get_serial_sequence(%s, %s)", [f'"{table.name}"', table.counts]
            ).fetchone()[0]
            if name is None:
                return None
            last = cursor.execute(
                f"SELECT last_value, is_called FROM {name}"  # noqa: S608 (quoted by the server)
            ).fetchone()
        return int(last[0]) if last[1] else None
