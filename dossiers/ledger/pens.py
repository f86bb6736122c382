"""How the rows of an act reach the database: at once, or together with those of the other dossiers
of one press.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from typing import Any, Protocol, TypeVar

from django.db import transaction
from django.db.models import Model

from dossiers.ledger import bulk
from onestop.accounts.calendars import calendar_of
from onestop.worktime import Calendar

Row = TypeVar("Row", bound=Model)
V = TypeVar("V")


class Common:
    """What the dossiers of one act share: what is asked of one of them is asked of all."""

    def __init__(self, ids: Collection[int]) -> None:
        self.ids = list(ids)
        self._answers: dict[Callable[..., Any], Any] = {}
        self._calendars: dict[int, Calendar] = {}

    def ask(self, read: Callable[[Sequence[int]], Mapping[int, V]]) -> Mapping[int, V]:
        """What this tells of all of them, by id; read by the first that asks."""
        if read not in self._answers:
            self._answers[read] = read(self.ids)
        answer: Mapping[int, V] = self._answers[read]
        return answer

    def calendar_of(self, agency_id: int) -> Calendar:
        if agency_id not in self._calendars:
            self._calendars[agency_id] = calendar_of(agency_id)
        return self._calendars[agency_id]


class Pen(Protocol):
    """What the writer asks of either way of writing."""

    def add(self, row: Model) -> None: ...

    def add_all(self, model: type[Row], rows: Iterable[Row]) -> list[Row]: ...

    def change(self, rows: Sequence[Model], columns: Mapping[str, Any]) -> None: ...

    def alone(self) -> Pen: ...


class AtOnce:
    """Each row when the act writes it."""

    def add(self, row: Model) -> None:
        row.save(force_insert=True)

    def add_all(self, model: type[Row], rows: Iterable[Row]) -> list[Row]:
        return model._default_manager.bulk_create(rows)

    def change(self, rows: Sequence[Model], columns: Mapping[str, Any]) -> None:
        model: Any = type(rows[0])
        model._default_manager.filter(pk__in=[row.pk for row in rows]).update(**columns)

    def alone(self) -> Pen:
        return self


class Ids:
    """Ids for the new rows of one press, so many at a time as dossiers are in it."""

    def __init__(self, many: int) -> None:
        self._many = many
        self._free: dict[type[Model], list[int]] = {}
        self._last: dict[type[Model], int] = defaultdict(int)

    def take(self, model: type[Model]) -> int:
        if not self._free.get(model):
            self._free[model] = bulk.take_ids(model, self._many, beyond=self._last[model])[::-1]
            self._last[model] = self._free[model][0]
        return self._free[model].pop()


class _FromIds(AtOnce):
    """At once, beside others whose rows have their ids and are not there yet."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids

    def add(self, row: Model) -> None:
        row.pk = self._ids.take(type(row))
        super().add(row)

    def add_all(self, model: type[Row], rows: Iterable[Row]) -> list[Row]:
        made = list(rows)
        for row in made:
            row.pk = self._ids.take(model)
        return super().add_all(model, made)


class Together:
    """Keeps what the act on one dossier writes until those on all of them are through. Nothing of it
    is in the database meanwhile; an act that reads there what it wrote, or writes there by itself,
    says so before (`alone`).
    """

    def __init__(self, ids: Ids, whole: ExitStack) -> None:
        self.new: list[Model] = []
        self.changed: dict[tuple[type[Model], int], tuple[Model, set[str]]] = {}
        self._ids, self._whole = ids, whole

    def add(self, row: Model) -> None:
        row.pk = self._ids.take(type(row))
        row._state.adding = False
        self.new.append(row)

    def add_all(self, model: type[Row], rows: Iterable[Row]) -> list[Row]:
        made = list(rows)
        for row in made:
            self.add(row)
        return made

    def change(self, rows: Sequence[Model], columns: Mapping[str, Any]) -> None:
        fields = type(rows[0])._meta
        names = {fields.get_field(name).attname for name in columns}  # type: ignore[union-attr]
        for row in rows:
            if not any(row is new for new in self.new):
                _, known = self.changed.setdefault((type(row), row.pk), (row, set()))
                known |= names

    def alone(self) -> Pen:
        """What was written so far is there from now on, and what follows at once; all of it goes
        when the act is refused.
        """
        self._whole.enter_context(transaction.atomic())
        write(self.new, self.changed.values())
        self.new, self.changed = [], {}
        return _FromIds(self._ids)


def write(new: Sequence[Model], changed: Iterable[tuple[Model, Collection[str]]]) -> None:
    """Rows of any tables: first what changed (a row that no longer counts makes room for the one
    that does), then what is new; one statement a table and set of columns.
    """
    alike: dict[tuple[type[Model], frozenset[str]], list[Model]] = defaultdict(list)
    for row, names in changed:
        alike[type(row), frozenset(names)].append(row)
    for (_, names), rows in alike.items():
        bulk.update_each(rows, names)
    tables: dict[type[Model], list[Model]] = defaultdict(list)
    for row in new:
        tables[type(row)].append(row)
    for model, made in tables.items():
        model._default_manager.bulk_create(made)
