"""Interval rows that reports read: closed and opened by the writer, event by event, when what
counts of a dossier changes.

The same intervals are folded from the events (`folded`), which is how verification proves them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dossiers.instants import instant, moment
from dossiers.ledger.tables import Columns
from dossiers.models import Dossier, Span
from dossiers.states import ENDED, WAITING, State
from onestop.worktime import late_from_of, parse_term

# What an interval says, in the order of `Interval`.
COLUMNS = (
    "agency_id", "received_by_agency_id", "field_id", "channel", "group", "promise", "late_from", "how", "verdict",
    "from_at", "from_known", "to_at", "to_known",
)  # fmt: skip
Interval = list[Any]
_INSTANTS = frozenset({"from_at", "from_known", "promise", "late_from", "to_at", "to_known"})


def group_of(state: int | None) -> int | None:
    """The counting group of a state; None before a dossier counts at all (R-109)."""
    if state in WAITING:
        return Span.Group.WAITING
    if state in ENDED:
        return Span.Group.ENDED
    return Span.Group.WORKING if state in (State.RECEIVED, State.IN_PROGRESS) else None


@dataclass(frozen=True, slots=True)
class Counted:
    """What of a dossier makes one interval: as long as it is equal, the interval goes on."""

    agency_id: int
    received_by_agency_id: int
    field_id: int
    channel: int
    group: int | None
    promise: datetime | None
    term: str
    verdict: int | None
    how: int | None = None

    @classmethod
    def of(cls, dossier: Dossier, data: dict[str, Any] | None = None) -> Counted:
        """Of a dossier as it stands after an event with this data."""
        how = _how(dossier.state, data or {})
        return cls(
            dossier.agency_id,
            dossier.received_by_agency_id,
            dossier.field_id,
            int(dossier.channel),
            group_of(dossier.state),
            dossier.legal_due_at,
            dossier.term,
            dossier.verdict,
            how,
        )

    @classmethod
    def told(cls, columns: Columns, data: dict[str, Any]) -> Counted:
        """Of a dossier as the ledger tells it after an event with this data."""
        state = columns["state"]
        return cls(
            columns["agency_id"],
            columns["received_by_agency_id"],
            columns["field_id"],
            columns["channel"],
            group_of(state),
            moment(columns.get("legal_due_at")),
            columns["term"],
            columns.get("verdict"),
            _how(state, data),
        )

    def goes_on_as(self, other: Counted) -> bool:
        """Whether the interval of this goes on with the other. Nothing moves an end but
        another verdict: the return of the result changes nothing."""
        places = (self.agency_id, self.field_id, self.channel, self.group)
        if places != (other.agency_id, other.field_id, other.channel, other.group):
            return False
        return (
            self.verdict == other.verdict
            if self.group == Span.Group.ENDED
            else self.promise == other.promise
        )

    def values(self, at: datetime, known: datetime) -> dict[str, Any]:
        """The columns of the interval that opens with this."""
        late = (
            late_from_of(self.promise, parse_term(self.term)) if self.promise is not None else None
        )
        found = {name: getattr(self, name) for name in COLUMNS if name in self.__slots__}
        return found | {"late_from": late, "from_at": at, "from_known": known}


def _how(state: int, data: dict[str, Any]) -> int | None:
    """How a dossier ended; None while it has not."""
    if group_of(state) != Span.Group.ENDED:
        return None
    if state in (State.WITHDRAWN, State.STOPPED):
        return state
    return Span.How.REFUSED if data.get("refused") else Span.How.FINISHED


def follow(
    dossier: Dossier,
    before: Counted | None,
    steps: Iterable[Counted],
    *,
    at: datetime,
    known: datetime,
) -> None:
    """Close the current interval and open the next ones where events of an act changed what counts.
    At most two statements.

    In: what counted before the act, and after each of its events.
    """
    made: list[Span] = []
    current, is_open = before, before is not None and before.group is not None
    closes = False
    for counted in steps:
        if current is not None and current.goes_on_as(counted):
            continue
        if made:
            made[-1].to_at, made[-1].to_known = at, known
        elif is_open:
            closes = True
        if counted.group is not None:
            made.append(Span(dossier=dossier, **counted.values(at, known)))
        current = counted
    if closes:
        Span.objects.filter(dossier=dossier, to_at=None).update(to_at=at, to_known=known)
    if made:
        Span.objects.bulk_create(made)


def interval(values: Sequence[Any]) -> Interval:
    """An interval row as `folded` writes it. In: the columns of COLUMNS."""
    return [
        instant(value) if name in _INSTANTS else value
        for name, value in zip(COLUMNS, values, strict=True)
    ]


def folded(standings: Iterable[tuple[Columns, dict[str, Any]]]) -> list[Interval]:
    """The intervals that `follow` wrote, oldest first. In: the columns of the dossier after each
    event, with its payload.
    """
    found: list[dict[str, Any]] = []
    current: Counted | None = None
    for columns, payload in standings:
        counted = Counted.told(columns, payload["data"])
        if current is not None and current.goes_on_as(counted):
            continue
        at, known = payload["at"], payload.get("counts", payload["recorded"])
        if found:
            found[-1] |= {"to_at": at, "to_known": known}
        if counted.group is not None:
            found.append({"to_at": None, "to_known": None} | counted.values(at, known))
        current = counted
    return [
        [instant(v) if isinstance(v := row[name], datetime) else v for name in COLUMNS]
        for row in found
    ]
