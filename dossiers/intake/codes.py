"""Numbers given in the receiving transaction: the dossier code, the register number, slip numbers.

One statement each on a counter row, which stays locked until the transaction ends: numbers are
distinct, consecutive and without gaps whatever the number of counters that receive at once
(R-02…R-05, R-85).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from django.db import connection
from django.utils import timezone

from dossiers.intake.reserved import RESERVED
from dossiers.models import Batch, CodeCounter, Dossier, RegisterCounter, SlipCounter
from dossiers.models.handover import LIST_SLUG
from dossiers.models.outgoing import OutgoingCounter
from onestop.errors import DomainError

CODE = re.compile(r"^[A-Z0-9]+(\.[A-Z0-9]+)*-\d{6}-\d{4,7}$")


Counter = CodeCounter | RegisterCounter | SlipCounter | OutgoingCounter


def _next(
    model: type[Counter],
    key: dict[str, Any],
    *,
    more: str = "",
    only: str = "",
) -> tuple[int, ...] | None:
    """Insert the counter row or add one to it; the same statement on SQLite and PostgreSQL. `more`: a
    further column that begins with 1 and is given back; `only`: a condition of the row that is there,
    None where it does not hold.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    columns = {f.name: str(f.column) for f in model._meta.fields}
    names = ", ".join(columns[name] for name in key)
    marks = ", ".join(["%s"] * len(key))
    column, one = (f", {more}", ", 1") if more else ("", "")
    where = f" WHERE {table}.{only}" if only else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}, last{column}) VALUES ({marks}, 1{one}) "  # noqa: S608 (names of our own columns)
            f"ON CONFLICT ({names}) DO UPDATE SET last = {table}.last + 1{where} "
            f"RETURNING last{column}",
            list(key.values()),
        )
        row = cursor.fetchone()
    return tuple(map(int, row)) if row else None


def _number(model: type[Counter], key: dict[str, Any]) -> int:
    row = _next(model, key)
    assert row is not None  # no condition
    return row[0]


def next_code(*, agency_id: int, unit: str, pattern: str, day: date) -> str:
    """The next code of a unit and day (R-03). In: unit part, pattern as configured, day of
    reception in Vietnam.

    Errors: DomainError("code_unit_missing") when the agency has no unit code, ("code_pattern") when
    the pattern makes no code.
    """
    if not unit:
        raise DomainError("code_unit_missing")
    before = ""
    while True:
        number = _number(CodeCounter, {"agency": agency_id, "day": day})
        if number in RESERVED:
            CodeCounter.objects.filter(agency=agency_id, day=day).update(last=RESERVED.stop - 1)
            continue
        code = pattern.format(unit=unit, day=day, number=number)
        if not CODE.match(code) or len(unit) > 35 or code == before:
            raise DomainError("code_pattern", made=code)
        # A dossier of a paper day may have come in with this number.
        if not Dossier.objects.filter(code=code).exists():
            return code
        before = code


def sample_code(pattern: str, unit: str, day: date) -> str:
    """What a pattern makes of the first reception of a day; "" where that is no code."""
    try:
        code = pattern.format(unit=unit, day=day, number=1)
    except (ValueError, KeyError, IndexError, AttributeError):
        return ""
    return code if CODE.match(code) else ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in the register of an office."""

    year: int
    volume: int
    number: int


def next_entry(*, agency_id: int, year: int, now: int) -> Entry:
    """The next place in the register of a year; numbers run on through the year across volumes
    (R-85). A year that is locked gives none: then of the year `now`, in which it is entered (R-86).

    Errors: DomainError("register_locked") where that one is locked too.
    """
    for wanted in dict.fromkeys((year, now)):
        key = {"agency": agency_id, "year": wanted}
        row = _next(RegisterCounter, key, more="volume", only="locked = FALSE")
        if row is not None:
            return Entry(wanted, volume=row[1], number=row[0])
    raise DomainError("register_locked", year=year)


def numbered(batch: Batch) -> Batch:
    """A new hand-over list, saved under the next number of its agency and year. Its dossiers are
    locked before: counters come last.
    """
    batch.year = timezone.localdate(batch.given_at).year
    batch.number = next_slip(agency_id=batch.agency_id, slug=LIST_SLUG, year=batch.year)
    batch.save(force_insert=True)
    return batch


def hold_slips(*, agency_ids: Collection[int], slugs: Collection[str], year: int) -> None:
    """Lock the counters of these kinds of slips, for whoever takes numbers of several agencies: in
    one order, lists first ("ban-giao" is the first by name). Two statements.
    """
    wanted = [
        SlipCounter(agency_id=agency_id, slug=slug, year=year, last=0)
        for slug, agency_id in sorted(product(slugs, agency_ids))
    ]
    # What is not there yet cannot be locked; at 0 it has given no number.
    SlipCounter.objects.bulk_create(wanted, ignore_conflicts=True)
    held = SlipCounter.objects.filter(agency__in=agency_ids, slug__in=slugs, year=year)
    list(held.select_for_update(no_key=True).order_by("slug", "agency_id"))


def next_slip(*, agency_id: int, slug: str, year: int) -> int:
    """The next number of a kind of slip of an agency and year, no gaps."""
    return _number(SlipCounter, {"agency": agency_id, "slug": slug, "year": year})


def next_outgoing(*, agency_id: int, kind: str, year: int) -> int:
    """The next number of a kind of outgoing document of an agency and year, no gaps."""
    return _number(OutgoingCounter, {"agency": agency_id, "kind": kind, "year": year})


def hold_outgoing(*, agency_id: int, kind: str, year: int) -> OutgoingCounter:
    """The counter of a register of outgoing documents, begun where there is none, locked until the
    transaction ends: for whoever chooses a number. Two statements.
    """
    key = {"agency_id": agency_id, "kind": kind, "year": year}
    OutgoingCounter.objects.bulk_create([OutgoingCounter(**key, last=0)], ignore_conflicts=True)
    return OutgoingCounter.objects.select_for_update(no_key=True).get(**key)
