"""Keeping rows: what is written of them is written down, in the same transaction.

`keep(Model, "words")` in an app's `ready()` is all a table needs: each save and delete of a row is
noted by itself. What is written past them goes through `add_all` and `update_all` (a house test
finds what does not), so that no change of a kept row is without its line.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.utils import timezone

from onestop.changes.models import RowChange
from onestop.instants import instant
from onestop.rows import GENESIS, Columns, Told, canonical, chain

BATCH = 500
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Kept(Told):
    """A table whose rows are kept. `words`: what one row is called; `aside`: columns that are not
    told, each with its reason; `only`: which rows, as a filter; `open_text`: text that names nobody;
    `at_a_time`: how many rows verification holds.
    """

    model: type[Model]
    words: str
    aside: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, Any] = field(default_factory=dict)
    open_text: Collection[str] = ()
    at_a_time: int = 1_000

    @property
    def left_out(self) -> Collection[str]:
        same = {name for name in self.only if not name.endswith("__in")}
        return {"id", *self.aside, *same}

    @property
    def plain_text(self) -> Collection[str]:
        return self.open_text

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    def is_told(self, update_fields: Collection[str] | None) -> bool:
        """Whether a save of these fields (None: of all) writes a column that is told."""
        if update_fields is None:
            return True
        fields = self.model._meta.concrete_fields
        return any(
            field.attname in self.names and {field.name, field.attname} & set(update_fields)
            for field in fields
        )

    def holds(self, row: Model) -> bool:
        """Whether this row is one of those that are kept."""
        for name, wanted in self.only.items():
            value = getattr(row, name.removesuffix("__in"))
            if value not in wanted if name.endswith("__in") else value != wanted:
                return False
        return True


_kept: dict[type[Model], Kept] = {}


def keep(
    model: type[Model],
    words: str,
    *,
    aside: Mapping[str, str] | None = None,
    only: Mapping[str, Any] | None = None,
    open_text: Collection[str] = (),
    at_a_time: int = 1_000,
) -> None:
    """From now on every change of these rows is noted. In: as `Kept`."""
    _kept[model] = Kept(model, words, aside or {}, only or {}, open_text, at_a_time)
    for signal, noted in (
        (pre_save, _looked_at),
        (pre_delete, _looked_at),
        (post_save, _saved),
        (post_delete, _deleted),
    ):
        signal.connect(
            noted, sender=model, dispatch_uid=f"changes-{model._meta.label_lower}-{id(noted)}"
        )


def kept() -> list[Kept]:
    """Every kept table, in one order."""
    return sorted(_kept.values(), key=lambda one: one.label)


def add_all(model: type[Row], rows: Iterable[Row], *, batch_size: int | None = BATCH) -> list[Row]:
    """Insert rows of a kept table, and note them. Two statements a batch."""
    with transaction.atomic():
        made = model._default_manager.bulk_create(rows, batch_size)
        _note(_kept[model], made, is_new=True)
    return made


def update_all(rows: QuerySet[Row], **columns: Any) -> int:
    """Give rows of a kept table the same values, and note them; how many. Four statements."""
    with transaction.atomic():
        found = list(rows.select_for_update(of=("self",), no_key=True))
        if found:
            model: Any = rows.model
            stood = {row.pk: _kept[rows.model].values_of(row) for row in found}
            model._default_manager.filter(pk__in=[row.pk for row in found]).update(**columns)
            for row in found:
                for name, value in columns.items():
                    setattr(row, name, value)
            _note(_kept[rows.model], found, stood=stood)
    return len(found)


def noted(rows: QuerySet[Any]) -> None:
    """Note rows as they stand now, where they were changed one by one past `save`."""
    _note(_kept[rows.model], list(rows))


def _looked_at(*, sender: type[Model], instance: Any, update_fields: Any = None, **_: Any) -> None:
    """Remember how the row stands before it is saved or deleted: somebody may have changed it past
    the verbs, and what is saved now must not hide that.
    """
    table = _kept[sender]
    if instance._state.adding or not table.is_told(update_fields) or not table.holds(instance):
        return
    stored = sender._default_manager.filter(pk=instance.pk).values(*table.names).first()
    instance.stood_before = table.plain(stored) if stored is not None else None


def _stood(instance: Any) -> dict[int, Columns]:
    before = instance.__dict__.pop("stood_before", None)
    return {instance.pk: before} if before is not None else {}


def _saved(
    *, sender: type[Model], instance: Model, created: bool, update_fields: Any, **_: Any
) -> None:
    table = _kept[sender]
    if table.is_told(update_fields):
        _note(table, [instance], is_new=created, stood=_stood(instance))


def _deleted(*, sender: type[Model], instance: Model, **_: Any) -> None:
    table = _kept[sender]
    if table.holds(instance):
        _write(table, [(instance.pk, None)], _last(table, [instance.pk]), _stood(instance))


def _note(
    table: Kept,
    rows: Iterable[Model],
    *,
    is_new: bool = False,
    stood: Mapping[int, Columns] | None = None,
) -> None:
    now = [(row.pk, table.values_of(row)) for row in rows if table.holds(row)]
    if now:
        last = {} if is_new else _last(table, [pk for pk, _ in now])
        _write(table, now, last, stood or {})


def _last(table: Kept, ids: Collection[int]) -> dict[int, RowChange]:
    found = RowChange.objects.filter(table=table.label, row__in=ids).order_by("row", "seq")
    return {change.row: change for change in found}


def _write(
    table: Kept,
    rows: Iterable[tuple[int, Columns | None]],
    last: Mapping[int, RowChange],
    stood: Mapping[int, Columns],
) -> None:
    """The lines of these rows as they are now; none where nothing was changed. A line says how the
    row stood before (`stood`) only where the line before it does not say the same.
    """
    at, made = timezone.now(), []
    for pk, values in rows:
        before = last.get(pk)
        salt = bytes(before.salt) if before is not None else os.urandom(16)
        columns = table.told_of(values, salt) if values is not None else None
        told = json.loads(before.text)["columns"] if before is not None else None
        found = table.told_of(stood[pk], salt) if pk in stood and before is not None else told
        if before is not None and told == columns == found:
            continue
        change = RowChange(table=table.label, row=pk, recorded_at=at, salt=salt)
        change.seq = before.seq + 1 if before is not None else 1
        change.previous = before.hash if before is not None else GENESIS
        more = {"before": found} if found != told else {}
        change.text = canonical({**head_of(change), "columns": columns, **more})
        change.hash = chain(change.previous, change.text)
        made.append(change)
    if made:
        RowChange.objects.bulk_create(made, BATCH)


def head_of(change: RowChange) -> dict[str, Any]:
    """What the columns of a line say, as its text must say it too."""
    return {
        "table": change.table,
        "row": change.row,
        "seq": change.seq,
        "recorded": instant(change.recorded_at),
    }
