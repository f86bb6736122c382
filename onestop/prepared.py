"""Statements that the ORM builds once and that are filled in from then on.

Building a query of many parts costs more than running it. A page that everybody opens all day
builds it once for each shape of its values (how many ids in each list); from then on only the
values are new. The ORM still writes the SQL: nothing is spelt twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Value = int | str | datetime | tuple[int, ...]
Place = tuple[int, int | None]

# No row has these: they mark the places of values in the built statement.
_FIRST_ID = -(10**12)
_FIRST_INSTANT = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its parameters; those at a key of `places` come from the values of each run."""

    sql: str
    parameters: tuple[Any, ...]
    places: dict[int, Place]
    converters: tuple[tuple[int, Sequence[Callable[..., Any]], Any], ...] = ()

    def fill(self, values: Sequence[Value]) -> list[Any]:
        filled = list(self.parameters)
        for at, (number, part) in self.places.items():
            filled[at] = _adapted(values[number] if part is None else values[number][part])  # type: ignore[index]
        return filled

    def run(self, values: Sequence[Value] = ()) -> list[tuple[Any, ...]]:
        """All rows. One query."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.fill(values))
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return [self._converted(row) for row in rows] if self.converters else rows

    def _converted(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        found = list(row)
        for column, converters, expression in self.converters:
            for convert in converters:
                found[column] = convert(found[column], expression, connection)
        return tuple(found)


class Prepared:
    """`Prepared(build)`: build(*values) makes the query (columns by values_list) from ids, texts,
    instants and tuples of ids.

    What is built may depend on how many ids a tuple has, never on the values themselves.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self.build = build
        self._statements: dict[tuple[Any, ...], Statement | None] = {}

    def __call__(self, *values: Value) -> list[tuple[Any, ...]]:
        """The rows for these values. One query; none when no row can match."""
        statement = self.statement(*values)
        return statement.run(values) if statement else []

    def statement(self, *values: Value) -> Statement | None:
        key = (connection.vendor, *shape(values))
        if key not in self._statements:
            marks, places = marked(values)
            self._statements[key] = _compiled(self.build(*marks), places)
        return self._statements[key]


def shape(values: Sequence[Value]) -> tuple[int, ...]:
    return tuple(len(value) if isinstance(value, tuple) else -1 for value in values)


def marked(values: Sequence[Value]) -> tuple[list[Value], dict[Any, Place]]:
    """Values of the same shape that no row has, and which place each of them marks."""
    places: dict[Any, Place] = {}

    def mark(value: int | str | datetime, place: Place) -> Any:
        number = len(places)
        one: int | str | datetime = _FIRST_ID - number
        if isinstance(value, datetime):
            one = _FIRST_INSTANT + timedelta(microseconds=number)
        elif isinstance(value, str):
            one = f"\N{REPLACEMENT CHARACTER}{number}"
        places[_adapted(one)] = place
        return one

    marks: list[Value] = [
        tuple(mark(one, (n, part)) for part, one in enumerate(value))
        if isinstance(value, tuple)
        else mark(value, (n, None))
        for n, value in enumerate(values)
    ]
    return marks, places


def statement_of(
    sql: str, parameters: Sequence[Any], places: dict[Any, Place], converters: Any = ()
) -> Statement:
    """A statement from what the ORM made with marks in it."""
    return Statement(
        sql,
        tuple(parameters),
        {at: places[p] for at, p in enumerate(parameters) if p in places},
        tuple(converters),
    )


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _compiled(rows: QuerySet[Any, Any], places: dict[Any, Place]) -> Statement | None:
    compiler = rows.query.get_compiler(connection=connection)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return None
    converters = compiler.get_converters([expression for expression, _, _ in compiler.select])
    return statement_of(
        sql,
        parameters,
        places,
        [(n, found, expression) for n, (found, expression) in converters.items()],
    )
