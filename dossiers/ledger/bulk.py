"""Rows by the thousand: COPY on PostgreSQL, executemany on SQLite; many rows changed in one statement."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, models

from onestop.compact import BytesField
from onestop.rows import canonical

# What one statement writes at most: the protocol of PostgreSQL counts values with 16 bits.
MOST_VALUES, MOST_ROWS = 60_000, 500


def take_ids(model: type[models.Model], count: int, *, beyond: int = 0) -> list[int]:
    """So many ids for rows of this table, ascending; inside the transaction that inserts them.
    `beyond`: the last that the same transaction has taken, whose row is not there yet.
    """
    if not count:
        return []
    if connection.vendor != "postgresql":
        # One writer at a time: nobody else takes them before this transaction ends.
        first = max(newest(model) or 0, beyond) + 1
        return list(range(first, first + count))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return sorted(pk for (pk,) in cursor.fetchall())


def insert_all(made: Sequence[models.Model]) -> None:
    """Insert rows of one table that have their ids."""
    if made:
        insert(type(made[0]), [columns_of(row) for row in made])


def columns_of(row: models.Model) -> dict[str, Any]:
    """The columns of a row as `insert` takes them."""
    values = row.__dict__
    return {name: as_stored(values[name]) for name, as_stored in _columns(type(row))}


@cache
def _columns(model: type[models.Model]) -> list[tuple[str, Callable[[Any], Any]]]:
    return [(f.attname, _as_stored(f)) for f in model._meta.concrete_fields]


def _as_stored(field: Any) -> Callable[[Any], Any]:
    if isinstance(field, BytesField):
        return field.get_prep_value
    return canonical if isinstance(field, models.JSONField) else _number


def _number(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def newest(model: type[models.Model]) -> int | None:
    """The highest id of a table."""
    return model._default_manager.order_by("-pk").values_list("pk", flat=True).first()


def insert(model: type[models.Model], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows whose columns stand in one order, JSON as text."""
    if rows:
        insert_values(model, list(rows[0]), [list(row.values()) for row in rows])


def insert_values(
    model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """The same of rows as bare values, in the order of these columns."""
    if not rows:
        return
    by_name = {field.attname: str(field.column) for field in model._meta.concrete_fields}
    columns = ", ".join(connection.ops.quote_name(by_name[name]) for name in names)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        values = [tuple(_plain(value) for value in row) for row in rows]
        cursor.executemany(_insert(table, columns, len(names)), values)


def insert_stored(model: type[models.Model], rows: Sequence[Sequence[Any]]) -> None:
    """The same of rows that have every column of the model in its order, each as `storing()` makes
    it.
    """
    if not rows:
        return
    names = [str(field.column) for field in model._meta.concrete_fields]
    columns = ", ".join(connection.ops.quote_name(name) for name in names)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.executemany(_insert(table, columns, len(names)), rows)
            return
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            copy.write("\n".join(map("\t".join, rows)) + "\n")


def storing() -> Callable[[Any], Any]:
    """How a value stands in a row for `insert_stored`: on PostgreSQL as a line of COPY has it, on
    SQLite as that keeps it. What stands in many rows is made so once.
    """
    return _copied if connection.vendor == "postgresql" else _plain


def _insert(table: str, columns: str, count: int) -> str:
    marks = ", ".join(["%s"] * count)
    return f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 (names of our own columns)


def _copied(value: Any) -> str:
    """A value as the text format of COPY writes it."""
    return _COPIED[type(value)](value)


def _escaped(value: str) -> str:
    """A text without what COPY reads as something else than itself; translate() is ten times slower."""
    value = value.replace("\\", r"\\")
    return value.replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


_COPIED: dict[type, Callable[[Any], str]] = {
    type(None): lambda value: r"\N",
    bool: lambda value: "t" if value else "f",
    int: str,
    str: _escaped,
    datetime: datetime.isoformat,
    date: date.isoformat,
    UUID: str,
    bytes: lambda value: rf"\\x{value.hex()}",
    memoryview: lambda value: rf"\\x{value.hex()}",
}


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


_PLAIN: dict[type, Callable[[Any], Any]] = {
    datetime: _instant,
    date: date.isoformat,
    UUID: lambda value: value.hex,
    bool: int,
}


def _plain(value: Any) -> Any:
    """A value as SQLite keeps Django's columns."""
    convert = _PLAIN.get(type(value))
    return convert(value) if convert else value


def update_each(rows: Sequence[models.Model], names: Collection[str]) -> None:
    """Write these columns (by attribute) of rows of one table, each row its own values. One
    statement as long as the engine takes their values at once.
    """
    if not rows or not names:
        return
    model, at_once = type(rows[0]), connection.features.max_query_params or MOST_VALUES
    fields = [field for field in model._meta.concrete_fields if field.attname in names]
    width = 1 + len(fields)
    size = min(MOST_ROWS, max(at_once // width, 1))
    for start in range(0, len(rows), size):
        _update(model, fields, rows[start : start + size])


def _update(model: type[models.Model], fields: Sequence[Any], rows: Sequence[models.Model]) -> None:
    quote = connection.ops.quote_name
    table, key = quote(model._meta.db_table), quote(str(model._meta.pk.column))
    sets = ", ".join(
        f"{quote(str(field.column))} = {_read_as(field, f'told.column{at}')}"
        for at, field in enumerate(fields, start=2)
    )
    row = "(" + ", ".join(["%s"] * (1 + len(fields))) + ")"
    values: list[Any] = []
    for one in rows:
        values.append(one.pk)
        values += [f.get_db_prep_save(getattr(one, f.attname), connection) for f in fields]
    marks = ", ".join([row] * len(rows))
    with connection.cursor() as cursor:
        # Both engines call the columns of bare values column1, column2, …
        cursor.execute(
            f"UPDATE {table} SET {sets} FROM (VALUES {marks}) AS told WHERE {table}.{key} = told.column1",  # noqa: S608 (names of our own columns)
            values,
        )


def _read_as(one: Any, value: str) -> str:
    """A bare value as a column takes it: PostgreSQL wants to be told its type, SQLite has none.
    Texts are told without their length, to which a cast would cut them.
    """
    if connection.vendor != "postgresql":
        return value
    kind = str(one.db_type(connection))
    return f"CAST({value} AS {'text' if kind.startswith('varchar') else kind})"
