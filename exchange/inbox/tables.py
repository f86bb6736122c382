"""The dated tables by which a door's messages are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from exchange.models import Door, Mapping


@dataclass(frozen=True, slots=True)
class Table:
    """What holds for one code of a procedure on one day: the door's row of every message, and the
    procedure's own where there is one.
    """

    own: Mapping | None = None
    fields: dict[str, str] = field(default_factory=dict)
    papers: dict[str, str] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    # The newest that says any, of every message.
    owners: list[tuple[str, int]] = field(default_factory=list)


def rows_of(door: Door, foreign: str) -> list[Mapping]:
    """The rows of this code and those of every message, whenever they hold. One query."""
    rows = Mapping.objects.filter(door=door, foreign__in={"", foreign})
    return list(rows.select_related("procedure").order_by("valid_from", "pk"))


def table_on(rows: list[Mapping], foreign: str, on: date) -> Table:
    """The newest row of each that holds on that day."""
    general = own = None
    owners: list[tuple[str, int]] = []
    for row in rows:
        if row.holds_on(on):
            if not row.foreign:
                general = row
                owners = row.owners or owners
            elif row.foreign == foreign:
                own = row
    fields: dict[str, str] = {}
    papers: dict[str, str] = {}
    cases: dict[str, str] = {}
    for one in (general, own):
        if one is not None:
            fields |= one.fields
            papers |= one.papers
            cases |= one.cases
    return Table(own, fields, papers, cases, owners)
