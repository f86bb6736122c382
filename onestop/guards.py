"""Append-only tables, guarded in the database itself.

`protect(Model, allow_columns=(...))` in an app's `ready()` is all a table needs. After every
`migrate` (SQLite rebuilds drop triggers) the triggers are put back: UPDATE is refused except of the
allowed columns, DELETE always, TRUNCATE on PostgreSQL, INSERT OR REPLACE over an existing id on
SQLite. A refusal is a `django.db.IntegrityError`.

The one door is `unguarded()`, for tests that tamper with rows on purpose. It works because triggers
installed while
`settings.TESTING` is true ask, before they refuse, whether the door is open: on PostgreSQL the
session setting
`motcua.unguarded`, on SQLite the function `motcua_unguarded()` that Django's connection brings
along. Triggers installed in production contain no door at all. The flush after a transactional test
passes through the door by itself, so tests need not know about it.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db import DatabaseError, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.db.transaction import TransactionManagementError

_guarded: dict[type[models.Model], tuple[str, ...]] = {}
_door_open: ContextVar[bool] = ContextVar("motcua_unguarded", default=False)


def protect(model: type[models.Model], *, allow_columns: tuple[str, ...] = ()) -> None:
    """From now on rows of this model are only added. `allow_columns`: database columns that may
    still be updated.
    """
    _guarded[model] = allow_columns
    post_migrate.connect(_after_migrate, dispatch_uid="onestop.guards")
    if settings.TESTING:
        connection_created.connect(_bring_door, dispatch_uid="onestop.guards")
        for connection in connections.all(initialized_only=True):
            _bring_door(connection=connection)


def install(using: str = "default", app_label: str = "") -> list[str]:
    """Puts the triggers of all guarded tables (of one app) in place, replacing earlier ones. Gives
    the table names.
    """
    connection = connections[using]
    done = []
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for model, allowed in _guarded.items():
            if app_label not in ("", model._meta.app_label) or model._meta.db_table not in present:
                continue
            for statement in _statements(connection, model, allowed):
                cursor.execute(statement)
            done.append(model._meta.db_table)
    return done


@contextmanager
def unguarded(using: str = "default") -> Iterator[None]:
    """Inside, guarded tables of this connection may be changed. Only for tests."""
    if not settings.TESTING:
        raise RuntimeError("guarded tables open only in tests")
    connection = connections[using]
    token = _door_open.set(True)
    try:
        if connection.vendor == "postgresql":
            _set(connection, "on")
        yield
    finally:
        _door_open.reset(token)
        if connection.vendor == "postgresql":
            # A broken transaction takes the setting with it when it is rolled back.
            with suppress(DatabaseError, TransactionManagementError):
                _set(connection, "off")


def _set(connection: BaseDatabaseWrapper, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('motcua.unguarded', %s, false)", [value])


def _after_migrate(sender: AppConfig, using: str = "default", **_: Any) -> None:
    install(using, sender.label)


def _bring_door(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """In tests: the SQLite function the triggers ask, and a flush that goes through the door."""
    if connection.vendor == "sqlite" and connection.connection is not None:
        connection.connection.create_function("motcua_unguarded", 0, lambda: int(_door_open.get()))
    ops: Any = connection.ops
    if not hasattr(ops, "flush_behind_guards"):
        ops.flush_behind_guards = ops.execute_sql_flush

        def flush(sql_list: Any) -> Any:
            with unguarded(connection.alias):
                return ops.flush_behind_guards(sql_list)

        ops.execute_sql_flush = flush


def _statements(
    connection: BaseDatabaseWrapper, model: type[models.Model], allowed: tuple[str, ...]
) -> list[str]:
    table = model._meta.db_table
    columns = [str(field.column) for field in model._meta.concrete_fields]
    unknown = set(allowed) - set(columns)
    if unknown:
        raise ValueError(f"{table} has no columns {sorted(unknown)}")
    kept = [column for column in columns if column not in allowed] if allowed else []
    pk = model._meta.pk.column
    if connection.vendor == "sqlite":
        return _sqlite(table, kept, str(pk))
    if connection.vendor == "postgresql":
        return _postgresql(table, kept)
    raise NotImplementedError(f"no guard for {connection.vendor}")


def _sqlite(table: str, kept: list[str], pk: str) -> list[str]:
    door = "motcua_unguarded() = 0" if settings.TESTING else "1"
    changed = " OR ".join(f'OLD."{c}" IS NOT NEW."{c}"' for c in kept) or "1"
    replaced = f'EXISTS (SELECT 1 FROM "{table}" WHERE "{pk}" = NEW."{pk}")'  # noqa: S608 - names from our own models
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    statements = []
    for act, when in (("UPDATE", changed), ("DELETE", "1"), ("INSERT", replaced)):
        name = f"guard_{table}_{act.lower()}"
        statements += [
            f'DROP TRIGGER IF EXISTS "{name}"',
            f'CREATE TRIGGER "{name}" BEFORE {act} ON "{table}" WHEN {door} AND ({when}) {refuse}',
        ]
    return statements


def _postgresql(table: str, kept: list[str]) -> list[str]:
    function = "motcua_append_only_but_in_tests" if settings.TESTING else "motcua_append_only"
    door = (
        "IF current_setting('motcua.unguarded', true) = 'on' THEN RETURN COALESCE(NEW, OLD); END IF;"
        if settings.TESTING
        else ""
    )
    changed = " OR ".join(f'OLD."{c}" IS DISTINCT FROM NEW."{c}"' for c in kept)
    triggers = (
        (
            "update",
            f'BEFORE UPDATE ON "{table}" FOR EACH ROW{f" WHEN ({changed})" if changed else ""}',
        ),
        ("delete", f'BEFORE DELETE ON "{table}" FOR EACH ROW'),
        ("truncate", f'BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT'),
    )
    refuse = (
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';"
    )
    statements = [
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {door} {refuse} END $$"
    ]
    for act, when in triggers:
        name = f"guard_{table}_{act}"
        statements += [
            f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"',
            f'CREATE TRIGGER "{name}" {when} EXECUTE FUNCTION {function}()',
        ]
    return statements
