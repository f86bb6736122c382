"""The speed layer: all that is done another way than the plain one because it is quicker, behind
two plain calls (docs/adr/0008). What gains less than a tenth of its page does not stand here.

- `Prepared`: a statement that the ORM builds once and that is filled in from then on. Building a
  query of many parts costs more than running it. The ORM still writes the SQL.
- `Kept`: what a process made once and keeps, under a stamp that is new when it may have changed.

Each use has a name. `plainly(name)` works without it: `make bench` so measures every name against
the plain way, in turn, on the page that it is for (tools/benchmark/tricks.py).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Value = int | str | datetime | tuple[int, ...]
Place = tuple[int, int | None]
V = TypeVar("V")

# No row has these: they mark the places of values in the built statement.
_FIRST_ID = -(10**12)
_FIRST_INSTANT = datetime(1900, 1, 1, tzinfo=UTC)
# Shapes of values are few; a list of ids may still have any length.
MOST_SHAPES = 500

_plain: ContextVar[frozenset[str]] = ContextVar("plain", default=frozenset())
_kept: list[Kept[Any]] = []


@contextmanager
def plainly(*names: str) -> Iterator[None]:
    """Work without the tricks of these names; for measuring and for tests."""
    token = _plain.set(frozenset(names))
    try:
        yield
    finally:
        _plain.reset(token)


class Prepared:
    """`Prepared(name, build)`: build(*values) makes the query (columns by values_list) from ids,
    texts, instants and tuples of ids.

    What is built may depend on how many ids a tuple has, never on the values themselves; on what
    else it depends, `of` tells (which acts there are).
    """

    def __init__(
        self,
        name: str,
        build: Callable[..., QuerySet[Any, Any]],
        *,
        of: Callable[[], Hashable] = lambda: None,
    ) -> None:
        self.name, self.build, self.of = name, build, of
        self._statements: dict[Hashable, _Statement | None] = {}

    def __call__(self, *values: Value) -> list[tuple[Any, ...]]:
        """The rows for these values. One query; none when no row can match."""
        if self.name in _plain.get():
            return list(self.build(*values))
        statement = self._statement(values)
        return statement.run(values) if statement else []

    def _statement(self, values: Sequence[Value]) -> _Statement | None:
        key = (connection.vendor, self.of(), *_shape(values))
        if key not in self._statements:
            if len(self._statements) >= MOST_SHAPES:
                self._statements.clear()
            marks, places = _marked(values)
            self._statements[key] = _compiled(self.build(*marks), places)
        return self._statements[key]


class Kept(Generic[V]):
    """`Kept(name, most=200)`: values by key, as long as their stamp is the same; when there are too
    many the first ones go. What is kept belongs to nobody: whoever changes it takes a copy.
    """

    def __init__(self, name: str, *, most: int) -> None:
        _kept.append(self)
        self.name, self.most = name, most
        self._values: dict[Hashable, tuple[Hashable, V]] = {}

    def get(self, key: Hashable, make: Callable[[], V], *, stamp: Hashable) -> V:
        """What is kept under this key and stamp; made now when it is not."""
        if self.name in _plain.get():
            return make()
        found = self._values.get(key)
        if found is None or found[0] != stamp:
            found = self._values[key] = (stamp, make())
            for first in list(self._values)[: -self.most]:
                self._values.pop(first, None)
        return found[1]


def forget() -> None:
    """Make everything anew; for tests, whose rows come and go under the same ids."""
    for kept in _kept:
        kept._values.clear()


@dataclass(frozen=True, slots=True)
class _Statement:
    """SQL with its parameters; those at a key of `places` come from the values of each run."""

    sql: str
    parameters: tuple[Any, ...]
    places: dict[int, Place]
    converters: tuple[tuple[int, Sequence[Callable[..., Any]], Any], ...] = ()

    def run(self, values: Sequence[Value]) -> list[tuple[Any, ...]]:
        filled = list(self.parameters)
        for at, (number, part) in self.places.items():
            value = values[number]
            filled[at] = _adapted(value if part is None else cast("tuple[int, ...]", value)[part])
        with connection.cursor() as cursor:
            cursor.execute(self.sql, filled)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return [self._converted(row) for row in rows] if self.converters else rows

    def _converted(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        found = list(row)
        for column, converters, expression in self.converters:
            for convert in converters:
                found[column] = convert(found[column], expression, connection)
        return tuple(found)


def _shape(values: Sequence[Value]) -> tuple[int, ...]:
    return tuple(len(value) if isinstance(value, tuple) else -1 for value in values)


def _marked(values: Sequence[Value]) -> tuple[list[Value], dict[Any, Place]]:
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


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _compiled(rows: QuerySet[Any, Any], places: dict[Any, Place]) -> _Statement | None:
    compiler = rows.query.get_compiler(connection=connection)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return None
    converters = compiler.get_converters([expression for expression, _, _ in compiler.select])
    return _Statement(
        sql,
        tuple(parameters),
        {at: places[p] for at, p in enumerate(parameters) if p in places},
        tuple((n, found, expression) for n, (found, expression) in converters.items()),
    )
