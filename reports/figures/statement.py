"""The one statement of the figures, and the same rows dossier by dossier. SQL stands here only.

A dossier stands in at most one interval (`dossiers.models.Span`) just before the period's end, for
the cut: opened by then and known by the cut, not closed by then or not yet known to be, not gone.
What ended before the period is left out. So every dossier is counted once, under the agency, field
and channel that held at the period's end or at its own end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from onestop.accounts.models import Level
from onestop.errors import DomainError
from reports.figures.measures import MEASURES
from reports.figures.scope import Scope
from reports.periods import Period

OWN, FOR_ANOTHER = 1, 2
CHUNK = 1000

_PLACE = 's.dossier_id, s.agency_id, s.field_id, s.channel, s."group" AS grp, s.received_at'
# What an end says, and what it cannot: each branch reads the columns of its own index only.
_ENDED = (
    "s.ended_at, NULL AS late_from, COALESCE(s.how, 9) AS how, COALESCE(s.verdict, 2) AS verdict"
)
_OPEN = "NULL AS ended_at, s.late_from, 0 AS how, 0 AS verdict"
_KNOWN = """s.from_at < %(end)s AND s.from_known <= %(cut)s
           AND (s.gone_known IS NULL OR s.gone_known > %(cut)s)"""
_NOT_CLOSED = "(s.to_at IS NULL OR s.to_at >= %(end)s OR s.to_known > %(cut)s)"
# The branches follow the partial indexes of the spans. Nothing counts before it happened, so what
# was closed after the end, or became known after the cut, is known no earlier than `reach`.
_STANDING = f"""
    SELECT {OWN} AS side, {_PLACE}, {_ENDED} FROM dossiers_span s
     WHERE s."group" = 3 AND s.ended_at >= %(start)s AND {_NOT_CLOSED} AND {_KNOWN}
           AND s.agency_id %(scope)s
    UNION ALL
    SELECT {OWN} AS side, {_PLACE}, {_OPEN} FROM dossiers_span s
     WHERE s."group" < 3 AND s.to_known IS NULL AND {_KNOWN} AND s.agency_id %(scope)s
    UNION ALL
    SELECT {OWN} AS side, {_PLACE}, {_OPEN} FROM dossiers_span s
     WHERE s."group" < 3 AND s.to_known >= %(reach)s
           AND (s.to_at >= %(end)s OR s.to_known > %(cut)s) AND {_KNOWN} AND s.agency_id %(scope)s"""
_ELSEWHERE = "AND NOT s.agency_id %(scope)s"
_BESIDE = f"""
    UNION ALL
    SELECT {FOR_ANOTHER} AS side, {_PLACE}, {_ENDED} FROM dossiers_span s
     WHERE s.received_by_agency_id <> s.agency_id AND s.received_at >= %(start)s
           AND s.received_at < %(end)s AND {_NOT_CLOSED} AND {_KNOWN}
           AND s.received_by_agency_id %(scope)s {_ELSEWHERE}"""
_ONE = "= %(agency)s"
_WHOLE = "IN (SELECT id FROM accounts_agency WHERE path LIKE %(path)s)"


def counts(
    names: Sequence[str], keys: Sequence[str], scope: Scope, period: Period, cut: datetime
) -> Iterator[tuple[int, tuple[int, ...], tuple[int, ...]]]:
    """Side (own, or received for another agency), row keys, and these measures. One statement."""
    told = ", ".join(f"COUNT(CASE WHEN {MEASURES[name].condition} THEN 1 END)" for name in names)
    by = ", ".join(("side", *keys))
    sql = f"SELECT {by}, {told} FROM ({_rows(scope, _STANDING + _BESIDE)}) standing GROUP BY {by}"
    width = 1 + len(keys)
    for row in _asked(sql, scope, period, cut):
        yield row[0], tuple(row[1:width]), tuple(row[width:])


@dataclass(frozen=True, slots=True)
class Counted:
    """Figures of one office: what it handles (`received_by` 0), or what it received for another."""

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
    """The same for many offices, office by office. One statement for all of them.

    Which office stands outside whose scope is the caller's to say: it differs from table to table.
    """
    told = ", ".join(f"COUNT(CASE WHEN {MEASURES[name].condition} THEN 1 END)" for name in names)
    by = ", ".join(("agency_id", "received_by", *(f"{key} AS k{n}" for n, key in enumerate(keys))))
    group = ", ".join(("agency_id", "received_by", *(f"k{n}" for n in range(len(keys)))))
    own = _STANDING.replace(_PLACE, f"{_PLACE}, 0 AS received_by")
    beside = _BESIDE.replace(_ELSEWHERE, "").replace(
        _PLACE, f"{_PLACE}, s.received_by_agency_id AS received_by"
    )
    within = f"IN ({', '.join(str(int(pk)) for pk in offices)})"
    rows = (own + beside).replace("%(scope)s", within)
    sql = f"SELECT {by}, {told} FROM ({rows}) standing GROUP BY {group}"
    width = 2 + len(keys)
    for row in _all(sql, _instants(period, cut)):
        yield Counted(row[0], row[1], tuple(row[2:width]), tuple(row[width:]))


def dossiers(
    condition: str, scope: Scope, period: Period, cut: datetime, *, side: int = OWN
) -> list[int]:
    """The ids of the dossiers that meet a condition on their standing row. One statement."""
    rows = _rows(scope, _STANDING + (_BESIDE if side == FOR_ANOTHER else ""))
    sql = (
        f"SELECT dossier_id FROM ({rows}) standing WHERE side = {side} AND ({condition}) ORDER BY 1"
    )
    return [row[0] for row in _asked(sql, scope, period, cut)]


def size(scope: Scope, period: Period, cut: datetime, *, most: int) -> int:
    """How many dossiers a table counts; counting ends at `most`. One statement."""
    rows = _rows(scope, _STANDING)
    sql = f"SELECT COUNT(*) FROM (SELECT 1 FROM ({rows}) standing LIMIT {most:d}) counted"
    [[found]] = _asked(sql, scope, period, cut)
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
    rows = _rows(scope, _STANDING.replace(_PLACE, f"{_PLACE}, s.promise"))
    sql = f"""SELECT dossier_id, agency_id, field_id, received_at, promise, ended_at{told}
              FROM ({rows}) standing ORDER BY dossier_id"""
    for pk, agency, field, received, promise, ended, *flags in _streamed(sql, scope, period, cut):
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


def _rows(scope: Scope, sql: str) -> str:
    return sql.replace("%(scope)s", _WHOLE if scope.whole else _ONE)


def _asked(sql: str, scope: Scope, period: Period, cut: datetime) -> list[Any]:
    return _all(sql, _values(scope, period, cut))


def _all(sql: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[Any] = cursor.fetchall()
        return found


def _streamed(sql: str, scope: Scope, period: Period, cut: datetime) -> Iterator[Any]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, _values(scope, period, cut))
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


def _values(scope: Scope, period: Period, cut: datetime) -> dict[str, Any]:
    return _instants(period, cut) | {"agency": scope.agency_id, "path": f"{scope.path}%"}


def _instants(period: Period, cut: datetime) -> dict[str, Any]:
    adapted = connection.ops.adapt_datetimefield_value
    return {
        "start": adapted(period.start),
        "end": adapted(period.end),
        "cut": adapted(cut),
        "reach": adapted(min(period.end, cut)),
    }
