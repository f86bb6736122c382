"""How long a statement waits for SQLite's one writer."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

SHORT = 0.4


def take_json_for_granted() -> None:
    """Django asks each new connection for JSON by opening a writing transaction, and remembers a
    locked database as "no JSON here": every page that reads JSON would fail for as long as that
    thread lives. SQLite brings JSON along since 3.38.
    """
    if connection.vendor == "sqlite" and sqlite3.sqlite_version_info >= (3, 38):
        from django.db.backends.sqlite3.features import DatabaseFeatures

        DatabaseFeatures.supports_json_field = True  # type: ignore[assignment]


@contextmanager
def short_wait(seconds: float = SHORT) -> Iterator[None]:
    """Inside, a locked SQLite is an error soon; PostgreSQL locks rows, and waits as always. No
    statement of Django's.
    """
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    usual = connection.settings_dict["OPTIONS"].get("timeout", 5)
    _set(seconds)
    try:
        yield
    finally:
        _set(usual)


def _set(seconds: float) -> None:
    if connection.connection is not None:
        connection.connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
