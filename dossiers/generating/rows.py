"""Rows by the thousand (ledger/bulk.py), ids and counters kept as if the rows had come one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection, models, transaction

from dossiers.ledger.bulk import insert_stored, newest
from dossiers.models import (
    Batch,
    CodeCounter,
    Dossier,
    Event,
    NameKey,
    RegisterCounter,
    SlipCounter,
    Span,
    WordsBefore,
)
from dossiers.models.undone import OF_DOSSIER


def _in_order(wanted: Sequence[type[models.Model]]) -> tuple[type[models.Model], ...]:
    """The same models in an order in which their foreign keys allow rows to be written."""
    found: list[type[models.Model]] = []

    def take(model: type[models.Model]) -> None:
        for needed in (field.related_model for field in model._meta.concrete_fields):
            if needed is not None and needed in wanted and needed not in (model, *found):
                take(needed)
        if model not in found:
            found.append(model)

    for model in wanted:
        take(model)
    return tuple(found)


# Whatever hangs on a dossier, as its models declare it, and what stands beside the ledger's tables.
MODELS = _in_order([Dossier, NameKey, Batch, *OF_DOSSIER, Span, Event, WordsBefore])


# From so many dossiers on, PostgreSQL checks the foreign keys once at the end instead of row by
# row.
MANY = 5000


class Rows:
    """The rows of one chunk, by model, each with its columns in the order of the model, as
    `storing()` makes them; `take` gives the first of so many new ids of a model. Touches no database.
    """

    def __init__(self, first: dict[type[models.Model], int]) -> None:
        self._next = dict(first)
        self.rows: dict[type[models.Model], list[Sequence[Any]]] = {model: [] for model in MODELS}
        self.numbers: list[tuple[type[models.Model], int, Any, int]] = []

    def take(self, model: type[models.Model], count: int) -> int:
        first = self._next[model]
        self._next[model] = first + count
        return first

    def add(self, model: type[models.Model], row: Sequence[Any]) -> None:
        self.rows[model].append(row)

    @property
    def next_ids(self) -> dict[type[models.Model], int]:
        return self._next


@contextmanager
def loading(count: int) -> Iterator[dict[type[models.Model], int]]:
    """One transaction that nobody else writes into; gives the first free ids. All of it is written,
    or nothing.
    """
    with transaction.atomic():
        if connection.vendor != "postgresql":
            yield {model: (newest(model) or 0) + 1 for model in MODELS}
            return
        written: list[type[models.Model]] = [*MODELS, CodeCounter, RegisterCounter, SlipCounter]
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in written)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE")
        first = {model: (newest(model) or 0) + 1 for model in MODELS}
        put_back = _set_keys_aside() if count >= MANY else []
        yield first
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for statement in put_back:
                cursor.execute(statement)


def _set_keys_aside() -> list[str]:
    """Drop the foreign keys of our tables inside the transaction; gives the statements that put
    them back, checked.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # what waits to be checked must not, or the tables cannot be changed
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])",
            [[model._meta.db_table for model in MODELS]],
        )
        keys = cursor.fetchall()
        for table, name, _ in keys:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    return [
        f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}'
        for table, name, definition in keys
    ]


def write(rows: Rows) -> None:
    """Write one chunk, counters and sequences with it."""
    for model in MODELS:
        insert_stored(model, rows.rows[model])
    codes = [
        CodeCounter(agency_id=a, day=d, last=last)
        for model, a, d, last in rows.numbers
        if model is CodeCounter
    ]
    years = [
        RegisterCounter(agency_id=a, year=y, last=last)
        for model, a, y, last in rows.numbers
        if model is RegisterCounter
    ]
    slips = [
        SlipCounter(agency_id=a, slug=key[0], year=key[1], last=last)
        for model, a, key, last in rows.numbers
        if model is SlipCounter
    ]
    CodeCounter.objects.bulk_create(
        codes,
        update_conflicts=True,
        unique_fields=["agency", "day"],
        update_fields=["last"],
        batch_size=400,
    )
    RegisterCounter.objects.bulk_create(
        years, update_conflicts=True, unique_fields=["agency", "year"], update_fields=["last"]
    )
    SlipCounter.objects.bulk_create(
        slips,
        update_conflicts=True,
        unique_fields=["agency", "slug", "year"],
        update_fields=["last"],
    )
    if connection.vendor == "postgresql":
        _move_sequences(rows)


def _move_sequences(rows: Rows) -> None:
    with connection.cursor() as cursor:
        for model in MODELS:
            if rows.rows[model]:
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
                    [model._meta.db_table, rows.next_ids[model] - 1],
                )


class Counters:
    """Code, register and slip numbers, read once and counted on here; `take` gives what has moved
    since.
    """

    def __init__(self) -> None:
        self._last: dict[tuple[type[models.Model], int, Any], int] = {}
        for code in CodeCounter.objects.all():
            self._last[CodeCounter, code.agency_id, code.day] = code.last
        for register in RegisterCounter.objects.all():
            self._last[RegisterCounter, register.agency_id, register.year] = register.last
        for slip in SlipCounter.objects.all():
            self._last[SlipCounter, slip.agency_id, (slip.slug, slip.year)] = slip.last
        self._moved: set[tuple[type[models.Model], int, Any]] = set()

    def code(self, agency_id: int, day: date) -> int:
        return self._next((CodeCounter, agency_id, day))

    def register(self, agency_id: int, year: int) -> int:
        return self._next((RegisterCounter, agency_id, year))

    def slip(self, agency_id: int, slug: str, year: int) -> int:
        return self._next((SlipCounter, agency_id, (slug, year)))

    def _next(self, key: tuple[type[models.Model], int, Any]) -> int:
        number = self._last[key] = self._last.get(key, 0) + 1
        self._moved.add(key)
        return number

    def take(self) -> list[tuple[type[models.Model], int, Any, int]]:
        found = [(*key, self._last[key]) for key in self._moved]
        self._moved.clear()
        return found
