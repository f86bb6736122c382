"""The rows of worked lives, read for all of them at once: one query a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Model

from dossiers.generating.rows import MODELS
from dossiers.ledger.tables import table_of
from dossiers.models import Dossier, NameKey
from dossiers.models.undone import OF_DOSSIER

Row = dict[str, Any]


@dataclass(slots=True)
class RowsOfLife:
    """What is stored of one dossier, by model, in the order of ids."""

    rows: dict[type[Model], list[Row]] = field(default_factory=lambda: defaultdict(list))


def read_lives(dossier_ids: Sequence[int]) -> dict[int, RowsOfLife]:
    """The rows of these dossiers, without the search keys, which are made of names."""
    found = {pk: RowsOfLife() for pk in dossier_ids}
    for model in MODELS:
        if model is NameKey:
            continue
        names = [one.attname for one in model._meta.concrete_fields]
        way = _way(model)
        rows: Any = model._default_manager.filter(**{f"{way}__in": list(found)})
        for row in rows.order_by("id").values(*names, whose=F(way)):
            known = found[row.pop("whose")].rows[model]
            if not known or known[-1]["id"] != row["id"]:
                known.append(row)
    return found


def _way(model: type[Model]) -> str:
    """The way from a row to the id of its dossier."""
    if model is Dossier:
        return "id"
    return table_of(model).key if model in OF_DOSSIER else "dossier_id"
