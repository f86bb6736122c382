"""Databases of their own, beside the one of the tests: made empty, read out, filled."""

from __future__ import annotations

import base64
import re
import subprocess
from typing import Any

from django.db import connection, transaction

# What the database or Django keep for themselves; who migrates makes them anew.
NOT_KEPT = frozenset({"sqlite_sequence", "django_migrations"})
MARKED = "base64:"

Rows = dict[str, dict[str, Any]]


def schema() -> str:
    """The tables, indexes and triggers of this database as the engine tells them."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
                " AND name NOT LIKE 'sqlite_%' ORDER BY rootpage = 0, rowid"
            )
            return "".join(f"{sql};\n" for (sql,) in cursor.fetchall())
    from tools.processes import postgres_bin

    at = connection.settings_dict
    told = subprocess.run(
        [
            postgres_bin() / "pg_dump",
            *("--schema-only", "--no-owner", "--no-privileges", "--schema", "public"),
            f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}",
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    # Orders to psql, settings of its version, and the schema that every database has.
    aside = re.compile(
        r"^(\\|--|SET |SELECT pg_catalog.set_config|CREATE SCHEMA public|COMMENT ON)"
    )
    kept = [line for line in told.splitlines() if line and not aside.match(line)]
    return "\n".join([*kept, ""])


def make_tables(told: str) -> None:
    """In an empty database."""
    connection.ensure_connection()
    raw: Any = connection.connection
    if connection.vendor == "sqlite":
        raw.executescript(told)
    else:
        raw.execute(told, prepare=False)


def tables() -> list[str]:
    return sorted(set(connection.introspection.table_names()) - NOT_KEPT)


def counts() -> dict[str, int]:
    return {name: _ask(f'SELECT COUNT(*) FROM "{name}"')[0][0] for name in tables()}


def read() -> Rows:
    """All rows of this SQLite, in a form that belongs to no engine: truth values as such, instants
    in UTC, bytes as text.
    """
    found: Rows = {}
    for table in [*tables(), "django_migrations"]:
        columns = _ask(f'PRAGMA table_info("{table}")')
        names, kinds = [column[1] for column in columns], [column[2] for column in columns]
        rows = _ask(f'SELECT * FROM "{table}" ORDER BY 1')
        if rows:
            found[table] = {
                "columns": names,
                "rows": [
                    [_neutral(value, kind) for value, kind in zip(row, kinds, strict=True)]
                    for row in rows
                ],
            }
    return found


def _neutral(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "bool":
        return bool(value)
    if kind == "datetime":
        return f"{value}+00:00"
    if kind == "date":
        return str(value)
    return MARKED + base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _here(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(MARKED):
        return base64.b64decode(value.removeprefix(MARKED))
    if connection.vendor == "sqlite":
        if isinstance(value, bool):
            return int(value)
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d \d.*\+00:00", value):
            return value.removesuffix("+00:00")
    return value


def fill(rows: Rows) -> None:
    """Past every trigger that asks for an earlier row, all or nothing: links are looked at in the
    end. What the database counts goes on behind the last.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for table, kept in rows.items():
            columns = ", ".join(f'"{name}"' for name in kept["columns"])
            marks = ", ".join(["%s"] * len(kept["columns"]))
            cursor.executemany(
                f'INSERT INTO "{table}" ({columns}) VALUES ({marks})',
                [[_here(value) for value in row] for row in kept["rows"]],
            )
    if connection.vendor == "postgresql":
        _count_on()


def _count_on() -> None:
    with connection.cursor() as cursor:
        for table in [*tables(), "django_migrations"]:
            for found in connection.introspection.get_sequences(cursor, table):
                column, where = found["column"], f'"{table}"'
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{where}', '{column}'),"
                    f' (SELECT COALESCE(MAX("{column}"), 0) + 1 FROM {where}), false)'
                )


def _ask(statement: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())
