"""The speed layer: all that is done another way than the plain one because it is quicker, behind
a few plain calls (docs/adr/0008). What gains less than a tenth of its page does not stand here.

- `Prepared`: a statement that the ORM builds once and that is filled in from then on. Building a
  query of many parts costs more than running it. The ORM still writes the SQL. PostgreSQL keeps it
  too, by connection: planning many joins costs more than following them.
- `uncollected`: a walk over many rows without the garbage collector.
- `Kept`: what a process made once and keeps, under a stamp that is new when it may have changed.

Each use has a name. `plainly(name)` works without it: `make bench` so measures every name against
the plain way, in turn, on the page that it is for (tools/benchmark/tricks.py).
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connection
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable, get_related_populators
from psycopg import Cursor
from psycopg.types.numeric import Int8

from onestop.engines import reading_from

Value = int | str | date | tuple[int, ...] | tuple[str, ...]
V = TypeVar("V")

# No row has these: they mark the places of values in the built statement.
_FIRST_ID = -(10**12)
_FIRST_INSTANT = datetime(1900, 1, 1, tzinfo=UTC)
_FIRST_DAY = date(1800, 1, 1)
# Shapes of values are few; a list of ids may still have any length.
MOST_SHAPES = 500
# None is a statement that no row can match.
_UNBUILT = object()
_PLACEHOLDER = re.compile(r"(%%|%s)")

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


def is_plain(name: str) -> bool:
    """Whether the trick of this name is left out now."""
    return name in _plain.get()


@contextmanager
def uncollected() -> Iterator[None]:
    """A walk over many rows, none of which refers to itself: nobody looks for such as do among them
    meanwhile, which is a tenth of the work.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class Place(NamedTuple):
    """Where a value stands: the how-manieth value, which part of a tuple, and whether as the
    beginning of a text (`startswith`).
    """

    number: int
    part: int | None
    begins: bool = False


class Prepared:
    """`Prepared(name, build)`: build(*values) makes the query (columns by values_list, or rows of
    a model with what is joined to them) from ids, texts, days, instants and tuples of ids or texts.

    What is built may depend on how many parts a tuple has, never on the values themselves; on what
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

    def __call__(self, *values: Value) -> list[Any]:
        """The rows for these values. One query; none when no row can match."""
        if is_plain(self.name):
            return list(self.build(*values))
        statement = self._statement(values)
        return statement.run(values) if statement else []

    def _statement(self, values: Sequence[Value]) -> _Statement | None:
        key = (connection.vendor, self.of(), *_shape(values))
        # Looked up once: between two looks another thread may clear them all.
        found = self._statements.get(key, _UNBUILT)
        if found is not _UNBUILT:
            return cast("_Statement | None", found)
        if len(self._statements) >= MOST_SHAPES:
            self._statements.clear()
        marks, places = _marked(values)
        built = self._statements[key] = _compiled(self.build(*marks), places)
        return built


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
        if is_plain(self.name):
            return make()
        found = self._values.get(key)
        if found is None or found[0] != stamp:
            # From where the stamp is: a late replica (onestop/replica.py) has what was before it.
            with reading_from(DEFAULT_DB_ALIAS):
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
    objects: _Objects | None = None

    def run(self, values: Sequence[Value]) -> list[Any]:
        filled = list(self.parameters)
        for at, place in self.places.items():
            filled[at] = _filled(values[place.number], place)
        try:
            rows = self._asked(filled)
        except NotSupportedError:
            # A column got another type since the server planned it: it must be planned anew.
            if connection.in_atomic_block:
                raise
            connection.close()
            rows = self._asked(filled)
        if self.converters:
            rows = [self._converted(row) for row in rows]
        return rows if self.objects is None else [self.objects.of(row) for row in rows]

    def _asked(self, filled: Sequence[Any]) -> list[tuple[Any, ...]]:
        with _cursor() as cursor:
            cursor.execute(self.sql, filled)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def _converted(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        found = list(row)
        for column, converters, expression in self.converters:
            for convert in converters:
                found[column] = convert(found[column], expression, connection)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class _Objects:
    """How rows become objects of a model, and what is joined to them theirs: as the ORM does it
    (django.db.models.query.ModelIterable).
    """

    model: type[Model]
    names: tuple[str, ...]
    joined: Sequence[Any]
    annotated: dict[str, int]

    def of(self, row: tuple[Any, ...]) -> Model:
        found = self.model.from_db(connection.alias, self.names, row[: len(self.names)])
        for one in self.joined:
            one.populate(row, found)
        for name, column in self.annotated.items():
            setattr(found, name, row[column])
        return found


def _shape(values: Sequence[Value]) -> tuple[int, ...]:
    return tuple(len(value) if isinstance(value, tuple) else -1 for value in values)


def _marked(values: Sequence[Value]) -> tuple[list[Any], dict[Any, Place]]:
    """Values of the same shape that no row has, and which place each of them marks."""
    places: dict[Any, Place] = {}

    def mark(value: object, number: int, part: int | None = None) -> Any:
        count = len(places)
        one: int | str | date = _FIRST_ID - count
        if isinstance(value, datetime):
            one = _FIRST_INSTANT + timedelta(microseconds=count)
        elif isinstance(value, date):
            one = _FIRST_DAY + timedelta(days=count)
        elif isinstance(value, str):
            # Ended, so that none is the beginning of another.
            one = f"\N{REPLACEMENT CHARACTER}{count}."
            places[f"{one}%"] = Place(number, part, begins=True)
        places[_adapted(one)] = Place(number, part)
        return one

    marks = [
        tuple(mark(one, number, part) for part, one in enumerate(value))
        if isinstance(value, tuple)
        else mark(value, number)
        for number, value in enumerate(values)
    ]
    return marks, places


def _filled(value: Value, place: Place) -> Any:
    one = value if place.part is None else cast("tuple[int | str, ...]", value)[place.part]
    return f"{connection.ops.prep_for_like_query(str(one))}%" if place.begins else _sent(one)


def _adapted(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value


def _sent(value: Any) -> Any:
    """As it is sent: numbers all of one size, or PostgreSQL keeps a plan for each."""
    if isinstance(value, int) and connection.vendor == "postgresql":
        return Int8(value)
    return _adapted(value)


def _compiled(rows: QuerySet[Any, Any], places: dict[Any, Place]) -> _Statement | None:
    compiler = rows.query.get_compiler(connection=connection)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return None
    converters = compiler.get_converters([expression for expression, _, _ in compiler.select])
    return _Statement(
        *_kept_by_server(sql, parameters, places),
        tuple((n, found, expression) for n, (found, expression) in converters.items()),
        _objects(compiler) if rows._iterable_class is ModelIterable else None,
    )


def _kept_by_server(
    sql: str, parameters: Sequence[Any], places: dict[Any, Place]
) -> tuple[str, tuple[Any, ...], dict[int, Place]]:
    """The statement with what never changes written into it, for PostgreSQL to keep: a plan for any
    values finds a partial index only where the statement itself tells its predicate.
    """
    given = {at: places[one] for at, one in enumerate(parameters) if one in places}
    if connection.vendor != "postgresql":
        return sql, tuple(parameters), given
    ops: Any = connection.ops
    number, texts = 0, []
    for text in _PLACEHOLDER.split(sql):
        if text == "%s":
            if number not in given:
                text = str(ops.compose_sql("%s", [parameters[number]])).replace("%", "%%")
            number += 1
        texts.append(text)
    left = sorted(given)
    return "".join(texts), (None,) * len(left), {n: given[at] for n, at in enumerate(left)}


class _Keeping(Cursor[Any]):
    """Tells what it ran, as other cursors do (Django's log of statements)."""

    def _convert_query(self, query: Any, params: Any = None) -> Any:
        self._query = super()._convert_query(query, params)
        return self._query


def _cursor() -> Any:
    """PostgreSQL's keeps what it ran, with its plan, for as long as the connection lives (settings:
    prepare_threshold). Only here: what pages ask otherwise is planned for its values.
    """
    cursor = connection.cursor()
    if connection.vendor == "postgresql":
        cursor.cursor = _Keeping(connection.connection)
    return cursor


def _objects(compiler: Any) -> _Objects:
    select, info = compiler.select, compiler.klass_info
    own = info["select_fields"]
    names = tuple(select[n][0].target.attname for n in range(own[0], own[-1] + 1))
    # The stubs are of a later Django, where it takes one thing more.
    joined = get_related_populators(info, select, connection.alias)  # type: ignore[call-arg]
    return _Objects(info["model"], names, joined, compiler.annotation_col_map or {})
