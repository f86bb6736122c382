"""Which database reads: the one that is written, but where somebody said otherwise for the reads of
a block (onestop/replica.py; docs/adr/0031). Writes and locks always go to the one that is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

REPLICA = "replica"
_read: ContextVar[str] = ContextVar("motcua_read", default=DEFAULT_DB_ALIAS)


def reading() -> BaseDatabaseWrapper:
    """The connection that reads of this block use; for statements that no model writes."""
    return connections[_read.get()]


@contextmanager
def reading_from(alias: str) -> Iterator[None]:
    """Inside, what models read comes from there."""
    token = _read.set(alias)
    try:
        yield
    finally:
        _read.reset(token)


def replica_of(main: dict[str, Any], address: dict[str, Any]) -> dict[str, Any]:
    """Settings of the replica at an address: read only, and given up soon where it hangs. The time of a
    statement is a page's; a worker's has none (onestop/replica.py).
    """
    asked = f"{main['OPTIONS'].get('options', '')} -c default_transaction_read_only=on"
    options = {
        **main["OPTIONS"],
        **address.get("OPTIONS", {}),
        "connect_timeout": 2,
        "tcp_user_timeout": 3000,
        "options": f"{asked} -c statement_timeout=60s".strip(),
    }
    return {
        **address,
        "CONN_MAX_AGE": main["CONN_MAX_AGE"],
        # Asked before each use (onestop/replica.py), with less patience.
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": options,
        # Tests have none of their own.
        "TEST": {"MIRROR": DEFAULT_DB_ALIAS},
    }


class Router:
    """Decides nothing by itself: it says what the block said. Used where there is a replica only."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return _read.get()

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """The same rows, wherever they were read."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS
