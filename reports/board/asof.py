"""The dossiers behind a figure, as of the moment it was counted.

What nobody has touched since is found by the columns as they stand. What has events recorded after
the moment is few: those are read as the ledger tells them at the moment (ledger/fold.py), by the
same words. A page that is so old that they are many says so instead of guessing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import F, Q

from dossiers.ledger.fold import as_of
from dossiers.ledger.tables import DOSSIER
from dossiers.models import Event
from dossiers.models.querysets import DossierQuerySet
from onestop.accounts.models import Agency, Department
from reports.board import tally
from reports.board.moment import Moment

# So many changed dossiers are read one by one.
MOST = 1000

Columns = Mapping[str, Any]
_COMPARES: dict[str, Callable[[Any, Any], bool]] = {
    "exact": lambda one, other: one == other,
    "in": lambda one, others: one in others,
    "isnull": lambda one, wanted: (one is None) is wanted,
    "lt": lambda one, other: one < other,
    "lte": lambda one, other: one <= other,
    "gt": lambda one, other: one > other,
    "gte": lambda one, other: one >= other,
}


@dataclass(frozen=True, slots=True)
class Changed:
    """Dossiers with events recorded after a moment, and how they stood at it: None where they were
    not yet received.
    """

    stood: Mapping[int, Columns | None] = field(default_factory=dict)
    too_many: bool = False


def changed_since(moment: Moment, agency_ids: tuple[int, ...] | None) -> Changed:
    """What has changed since the moment, in these agencies (None: in any). One query where nothing
    has, three otherwise.
    """
    where: Any = Agency.objects.values("pk") if agency_ids is None else agency_ids
    later = Event.objects.filter(recorded_at__gt=moment.at, agency__in=where)
    pks = list(later.order_by().values_list("dossier", flat=True).distinct()[: MOST + 1])
    if len(pks) > MOST:
        return Changed(too_many=True)
    return Changed(_stood(pks, moment.at) if pks else {})


def _stood(pks: list[int], at: datetime) -> dict[int, Columns | None]:
    """The columns of each at an instant, by what was known then."""
    rooms = dict(Department.objects.values_list("pk", "agency_id"))
    events = Event.objects.filter(dossier__in=pks).order_by("dossier", "seq")
    found: dict[int, Columns | None] = dict.fromkeys(pks)
    for pk, chain in groupby(events.values_list("dossier_id", "text"), lambda row: row[0]):
        told = as_of((json.loads(text) for _, text in chain), at, counting_by=at).columns
        if told:
            columns = {name: DOSSIER.restored(name, told.get(name)) for name in DOSSIER.told}
            columns["holder_department__agency_id"] = rooms.get(columns["holder_department_id"])
            # Not told by events from before there was such a wait.
            columns["awaits_agency"] = bool(columns["awaits_agency"])
            ended, received = columns["ended_at"], columns["received_at"]
            columns["took"] = ended - received if ended is not None else None
            found[pk] = columns
    return found


def dossiers(wanted: Q, changed: Changed) -> DossierQuerySet:
    """The dossiers of a set as of the moment that `changed` was read for."""
    if not changed.stood:
        return tally.every().filter(wanted)
    were = [pk for pk, row in changed.stood.items() if row is not None and holds(wanted, row)]
    return tally.every().filter((wanted & ~Q(pk__in=list(changed.stood))) | Q(pk__in=were))


def holds(wanted: Q, columns: Columns) -> bool:
    """Whether a dossier with these columns is in the set, by the words the SQL is made of."""
    parts: list[Any] = wanted.children
    answers = (
        holds(part, columns) if isinstance(part, Q) else _fits(part[0], part[1], columns)
        for part in parts
    )
    if not wanted.children:
        return True
    answer = any(answers) if wanted.connector == Q.OR else all(answers)
    return answer is not wanted.negated


def _fits(name: str, value: Any, columns: Columns) -> bool:
    path, _, compare = name.rpartition("__")
    if compare not in _COMPARES or not path:
        path, compare = name, "exact"
    if isinstance(value, F):
        named: Any = value
        value = _column(named.name, columns)
        if value is None:
            return False
    found = _column(path, columns)
    if found is None and compare not in ("exact", "isnull"):
        return False
    return _COMPARES[compare](found, value)


def _column(name: str, columns: Columns) -> Any:
    return columns[name] if name in columns else columns[f"{name}_id"]
