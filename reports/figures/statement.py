"""The one statement of the figures, and the same rows dossier by dossier. SQL stands here only.

A dossier stands in at most one interval (`dossiers.models.Span`) just before the period's end, for
the cut: opened by then and known by the cut, not closed by then or not yet known to be, not gone.
What ended before the period is left out. So every dossier is counted once, under the agency, field
and channel that held at the period's end or at its own end; where that agency had ended by then,
under its successor, as far as the cut knows of the merger (`accounts.succession`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from onestop.accounts.models import Level
from onestop.engines import reading
from onestop.errors import DomainError
from reports.figures.measures import MEASURES
from reports.figures.scope import Scope
from reports.periods import Period

OWN, FOR_ANOTHER, VOIDED = 1, 2, 3
# Of many offices: stands where another row names the office that received it.
IS_VOIDED = -1
CHUNK = 1000

# What an end says, and what it cannot: each branch reads the columns of its own index only.
_ENDED = (
    "s.ended_at, NULL AS late_from, COALESCE(s.how, 9) AS how, COALESCE(s.verdict, 2) AS verdict"
)
_OPEN = "NULL AS ended_at, s.late_from, 0 AS how, 0 AS verdict"
# Voided receptions, by the columns of an interval: they are few, and have no index among the spans.
_VOIDED = """(
     SELECT v.dossier_id, v.agency_id, d.field_id, d.channel, 4 AS "group", d.received_at,
            v.voided_at AS ended_at, v.voided_at AS from_at, v.voided_at AS from_known,
            v.undone_recorded_at AS gone_known, NULL AS promise
       FROM dossiers_voidedreception v JOIN dossiers_dossier d ON d.id = v.dossier_id) s"""
_KNOWN = """s.from_at < %(end)s AND s.from_known <= %(cut)s
           AND (s.gone_known IS NULL OR s.gone_known > %(cut)s)"""
_NOT_CLOSED = "(s.to_at IS NULL OR s.to_at >= %(end)s OR s.to_known > %(cut)s)"
# Who took over from whom, as far as the cut knows; and who acted for the agency of a row at the
# row's own end, or at the period's: nobody else where it stood.
_TAKEN = """
WITH heirs AS (
     SELECT agency_id, heir_id, from_at, to_at FROM accounts_takeover
      WHERE from_at < %(end)s AND (from_known IS NULL OR from_known <= %(cut)s)
        AND (gone_known IS NULL OR gone_known > %(cut)s)) """
_HEIRS = """
     LEFT JOIN heirs ON heirs.agency_id = s.agency_id
           AND heirs.from_at <= COALESCE(s.ended_at, %(last)s)
           AND (heirs.to_at IS NULL OR heirs.to_at > COALESCE(s.ended_at, %(last)s))"""


@dataclass(frozen=True, slots=True)
class Rows:
    """The parts of the statement that follow from the scope. `agency`: under which agency a row
    counts; `mine`: which rows are read; `counted`: which agencies those of the scope are; `head`
    and `join`: who took over.
    """

    mine: str
    counted: str
    agency: str = "s.agency_id"
    head: str = ""
    join: str = ""

    def standing(self, *more: str) -> str:
        """The branches follow the partial indexes of the spans. Nothing counts before it happened,
        so what was closed after the end, or became known after the cut, is known no earlier than
        `reach`.
        """
        place, source = self._place(OWN, *more), f"FROM dossiers_span s{self.join}"
        mine = f"{_KNOWN} AND {self.mine}"
        return f"""
    SELECT {place}, {_ENDED} {source}
     WHERE s."group" = 3 AND s.ended_at >= %(start)s AND {_NOT_CLOSED} AND {mine}
    UNION ALL
    SELECT {place}, {_OPEN} {source}
     WHERE s."group" < 3 AND s.to_known IS NULL AND {mine}
    UNION ALL
    SELECT {place}, {_OPEN} {source}
     WHERE s."group" < 3 AND s.to_known >= %(reach)s
           AND (s.to_at >= %(end)s OR s.to_known > %(cut)s) AND {mine}"""

    def beside(self, *more: str, elsewhere: bool = True) -> str:
        """Received for another agency: under the one that received it then. `elsewhere`: only what
        the scope does not handle itself.
        """
        others = f" AND NOT {self.agency} {self.counted}" if elsewhere else ""
        return f"""
    UNION ALL
    SELECT {self._place(FOR_ANOTHER, *more)}, {_ENDED} FROM dossiers_span s{self.join}
     WHERE s."group" < 4 AND s.received_by_agency_id <> s.agency_id AND s.received_at >= %(start)s
           AND s.received_at < %(end)s AND {_NOT_CLOSED} AND {_KNOWN}
           AND s.received_by_agency_id {self.counted}{others}"""

    def voided(self, *more: str) -> str:
        """Received by mistake and voided in the period: in no column."""
        told = "s.ended_at, NULL AS late_from, 0 AS how, 0 AS verdict"
        return f"""
    UNION ALL
    SELECT {self._place(VOIDED, *more)}, {told} FROM {_VOIDED}{self.join}
     WHERE s.ended_at >= %(start)s AND {_KNOWN} AND {self.mine}"""

    def _place(self, side: int, *more: str) -> str:
        columns = ("s.field_id", "s.channel", 's."group" AS grp', "s.received_at", *more)
        return ", ".join(
            (f"{side} AS side", "s.dossier_id", f"{self.agency} AS agency_id", *columns)
        )


def rows_of(scope: Scope) -> Rows:
    """Where somebody took over from somebody, the rows of predecessors are read as well, and what
    an agency of the scope left to another is not counted.
    """
    chosen = "path LIKE %(path)s" if scope.whole else "id = %(agency)s"
    members = f"SELECT id FROM accounts_agency WHERE {chosen}"
    counted = f"IN ({members})" if scope.whole else "= %(agency)s"
    if not scope.has_succession:
        return Rows(f"s.agency_id {counted}", counted)
    agency = "COALESCE(heirs.heir_id, s.agency_id)"
    read = f"{members} UNION SELECT agency_id FROM heirs WHERE heir_id {counted}"
    mine = f"s.agency_id IN ({read}) AND {agency} {counted}"
    return Rows(mine, counted, agency, _TAKEN, _HEIRS)


def rows_in(offices: Sequence[int]) -> Rows:
    """The rows of these offices, which took over from nobody."""
    within = f"IN ({', '.join(str(int(pk)) for pk in offices)})"
    return Rows(f"s.agency_id {within}", within)


def _columns_of(names: Sequence[str]) -> str:
    """How many dossiers each of these measures counts."""
    return ", ".join(f"COUNT(CASE WHEN {MEASURES[name].condition} THEN 1 END)" for name in names)


def counts(
    names: Sequence[str], keys: Sequence[str], scope: Scope, period: Period, cut: datetime
) -> Iterator[tuple[int, tuple[int, ...], tuple[int, ...]]]:
    """Side (own, received for another agency, or voided), row keys, and these measures. One statement."""
    told = _columns_of(names)
    by = ", ".join(("side", *keys))
    rows = rows_of(scope)
    inner = rows.standing() + rows.beside() + rows.voided()
    sql = f"SELECT {by}, {told} FROM ({inner}) standing GROUP BY {by}"
    width = 1 + len(keys)
    for row in all_of(sql, rows, values_of(scope, period, cut)):
        yield row[0], tuple(row[1:width]), tuple(row[width:])


@dataclass(frozen=True, slots=True)
class Counted:
    """Figures of one office: what it handles (`received_by` 0), what it received for another, or
    what of it was voided (IS_VOIDED).
    """

    agency_id: int
    received_by: int
    row: tuple[int, ...]
    values: tuple[int, ...]


def counts_of(
    names: Sequence[str],
    keys: Sequence[str],
    offices: Sequence[int],
    period: Period,
    cut: datetime,
) -> Iterator[Counted]:
    """The same for many offices that took over from nobody, office by office. One statement for all
    of them.

    Which office stands outside whose scope is the caller's to say: it differs from table to table.
    """
    told = _columns_of(names)
    by = ", ".join(("agency_id", "received_by", *(f"{key} AS k{n}" for n, key in enumerate(keys))))
    group = ", ".join(("agency_id", "received_by", *(f"k{n}" for n in range(len(keys)))))
    rows = rows_in(offices)
    beside = rows.beside("s.received_by_agency_id AS received_by", elsewhere=False)
    voided = rows.voided(f"{IS_VOIDED} AS received_by")
    inner = rows.standing("0 AS received_by") + beside + voided
    sql = f"SELECT {by}, {told} FROM ({inner}) standing GROUP BY {group}"
    width = 2 + len(keys)
    for row in all_of(sql, rows, instants_of(period, cut)):
        yield Counted(row[0], row[1], tuple(row[2:width]), tuple(row[width:]))


def dossiers(
    condition: str, scope: Scope, period: Period, cut: datetime, *, side: int = OWN
) -> list[int]:
    """The ids of the dossiers that meet a condition on their standing row. One statement."""
    rows = rows_of(scope)
    more = {FOR_ANOTHER: rows.beside, VOIDED: rows.voided}.get(side)
    inner = rows.standing() + (more() if more is not None else "")
    sql = f"""SELECT dossier_id FROM ({inner}) standing
              WHERE side = {side} AND ({condition}) ORDER BY 1"""
    return [row[0] for row in all_of(sql, rows, values_of(scope, period, cut))]


def of_those(
    measure: str, column: str, scope: Scope, period: Period, cut: datetime
) -> list[tuple[int, int]]:
    """By agency, how many dossiers a measure counts of those whose own `column` is set. One statement."""
    rows = rows_of(scope)
    sql = f"""SELECT standing.agency_id, COUNT(*) FROM ({rows.standing()}) standing
               WHERE {MEASURES[measure].condition}
                 AND EXISTS (SELECT 1 FROM dossiers_dossier d
                              WHERE d.id = standing.dossier_id AND d.{column})
               GROUP BY standing.agency_id"""
    return [(agency, number) for agency, number in all_of(sql, rows, values_of(scope, period, cut))]


def size(scope: Scope, period: Period, cut: datetime, *, most: int) -> int:
    """How many dossiers a table counts; counting ends at `most`. One statement."""
    rows = rows_of(scope)
    sql = f"SELECT COUNT(*) FROM (SELECT 1 FROM ({rows.standing()}) s LIMIT {most:d}) counted"
    [[found]] = all_of(sql, rows, values_of(scope, period, cut))
    return int(found)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one dossier stands at the period's end, for the cut, and which measures count it."""

    dossier_id: int
    agency_id: int
    field_id: int
    received_at: datetime
    promise: datetime | None
    ended_at: datetime | None
    met: tuple[str, ...]


def each(names: Sequence[str], scope: Scope, period: Period, cut: datetime) -> Iterator[Standing]:
    """The same dossier by dossier, in the order of their ids. One statement, read part by part:
    memory does not grow with the number of dossiers.
    """
    told = "".join(f", CASE WHEN {MEASURES[name].condition} THEN 1 ELSE 0 END" for name in names)
    rows = rows_of(scope)
    sql = f"""SELECT dossier_id, agency_id, field_id, received_at, promise, ended_at{told}
              FROM ({rows.standing("s.promise")}) standing ORDER BY dossier_id"""
    found = _streamed(sql, rows, values_of(scope, period, cut))
    for pk, agency, field, received, promise, ended, *flags in found:
        met = tuple(name for name, flag in zip(names, flags, strict=True) if flag)
        received_at = _read(received)
        assert received_at is not None
        yield Standing(pk, agency, field, received_at, _read(promise), _read(ended), met)


def _read(value: Any) -> datetime | None:
    """An instant as the engine gives it: SQLite's are UTC without saying so."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    assert found is None or isinstance(found, datetime)
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found


def of_row(row: str) -> str:
    """The condition of a row's key: "field:3", "agency:7", "level:commune/field:3", "total".
    Numbers and known levels only. Errors: ValueError.
    """
    parts = []
    for part in row.split("/"):
        name, _, value = part.partition(":")
        if name == "field":
            parts.append(f"field_id = {int(value)}")
        elif name == "agency":
            parts.append(f"agency_id = {int(value)}")
        elif name == "level":
            level = Level(value).value
            parts.append(f"agency_id IN (SELECT id FROM accounts_agency WHERE level = '{level}')")
        elif part != "total":
            raise ValueError(row)
    return " AND ".join(parts) or "1 = 1"


def known(form: str, column: str, measure: str) -> str:
    """Errors: DomainError("measure_unknown")."""
    if measure and measure not in MEASURES:
        raise DomainError("measure_unknown", column=column, form=form, measure=measure)
    return measure


def all_of(sql: str, rows: Rows, values: dict[str, Any]) -> list[Any]:
    with reading().cursor() as cursor:
        cursor.execute(rows.head + sql, values)
        found: list[Any] = cursor.fetchall()
        return found


def _streamed(sql: str, rows: Rows, values: dict[str, Any]) -> Iterator[Any]:
    with reading().chunked_cursor() as cursor:
        cursor.execute(rows.head + sql, values)
        while part := cursor.fetchmany(CHUNK):
            yield from part


def values_of(scope: Scope, period: Period, cut: datetime) -> dict[str, Any]:
    return instants_of(period, cut) | {"agency": scope.agency_id, "path": f"{scope.path}%"}


def instants_of(period: Period, cut: datetime) -> dict[str, Any]:
    adapted = connection.ops.adapt_datetimefield_value
    return {
        "start": adapted(period.start),
        "end": adapted(period.end),
        "last": adapted(period.last_instant),
        "cut": adapted(cut),
        "reach": adapted(min(period.end, cut)),
    }
