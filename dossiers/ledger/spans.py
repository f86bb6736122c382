"""Interval rows that reports read: closed and opened by the writer, event by event, when what
counts of a dossier changes.

Taking back opens nothing at its own instant: the rows of the act are marked as gone from the cut
at which taking back counts, and what stood before it goes on (R-108).

The same intervals are told by the events (`Intervals`), which is how verification proves them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

from dossiers.models import Dossier, Span
from dossiers.states import HANDLED, WAITING, State
from onestop.instants import instant, moment
from onestop.rows import Columns
from onestop.worktime import late_from_of, parse_term

# What an interval says.
COLUMNS = (
    "agency_id", "received_by_agency_id", "field_id", "channel", "group", "received_at", "promise", "late_from",
    "ended_at", "how", "verdict", "from_seq", "from_at", "from_known", "to_at", "to_known", "gone_known",
)  # fmt: skip
_IN_ORDER: Callable[[Row], tuple[Any, ...]] = itemgetter(*COLUMNS)
_OPEN: dict[str, Any] = {"to_at": None, "to_known": None, "gone_known": None}
Row = dict[str, Any]
# An instant of the writer, or the text of one as events tell it: either is compared with its like.
At = Any
LateFrom = Callable[[str | None, str, str | None], str | None]
# The columns that an interval is made of: where none of them changes, it goes on.
_COUNTS = frozenset(
    {
        "agency_id", "received_by_agency_id", "field_id", "channel", "state", "received_at", "legal_due_at", "term",
        "waiting_since", "ended_at", "verdict", "awaits_agency", "begun_at",
    }
)  # fmt: skip


def group_of(state: int | None) -> int | None:
    """The counting group of a state; None before a dossier counts at all (R-109)."""
    if state in WAITING:
        return Span.Group.WAITING
    if state in HANDLED:
        return Span.Group.ENDED
    if state == State.VOIDED:
        return Span.Group.VOIDED
    return Span.Group.WORKING if state in (State.RECEIVED, State.IN_PROGRESS) else None


def _group(state: int, *, awaits: bool) -> int | None:
    """What waits for the agency that is competent counts once that one has it, or at its end (R-37)."""
    group = group_of(state)
    return None if awaits and group not in (Span.Group.ENDED, Span.Group.VOIDED) else group


def _received(begun: At, ended: At | None, *, awaits: bool) -> At:
    """By which instant it counts as received: when its term began."""
    return ended if awaits and ended is not None else begun


class Counted(NamedTuple):
    """What of a dossier makes one interval: as long as it is equal, the interval goes on."""

    agency_id: int
    received_by_agency_id: int
    field_id: int
    channel: int
    group: int | None
    received_at: At
    promise: At | None
    late_from: At | None
    ended_at: At | None = None
    verdict: int | None = None
    how: int | None = None

    @classmethod
    def of(cls, dossier: Dossier, data: Mapping[str, Any] | None = None) -> Counted:
        """Of a dossier as it stands after an event with this data."""
        return cls(
            dossier.agency_id,
            dossier.received_by_agency_id,
            dossier.field_id,
            int(dossier.channel),
            _group(dossier.state, awaits=dossier.awaits_agency),
            _received(dossier.begins_at, dossier.ended_at, awaits=dossier.awaits_agency),
            dossier.legal_due_at,
            _late_from(dossier.legal_due_at, dossier.term, dossier.waiting_since),
            dossier.ended_at,
            dossier.verdict,
            _how(dossier.state, data or {}),
        )

    @classmethod
    def told(cls, columns: Columns, data: Mapping[str, Any], late_from: str | None) -> Counted:
        """Of a dossier as the ledger tells it after an event with this data."""
        awaits = bool(columns.get("awaits_agency"))
        return cls(
            columns["agency_id"],
            columns["received_by_agency_id"],
            columns["field_id"],
            columns["channel"],
            _group(columns["state"], awaits=awaits),
            _received(
                columns.get("begun_at") or columns["received_at"],
                columns.get("ended_at"),
                awaits=awaits,
            ),
            columns.get("legal_due_at"),
            late_from,
            columns.get("ended_at"),
            columns.get("verdict"),
            _how(columns["state"], data),
        )

    @classmethod
    def in_row(cls, row: Row) -> Counted:
        return cls(*map(row.__getitem__, cls._fields))

    def goes_on_as(self, other: Counted) -> bool:
        """Whether the interval of this goes on with the other. Nothing moves an end but another
        verdict: neither the return of the result nor what becomes of its office afterwards.
        """
        if self.group in _OVER:
            return (self.group, self.verdict) == (other.group, other.verdict)
        return self[:_LASTING] == other[:_LASTING]

    def opens(self, seq: int, at: At, known: At) -> Row:
        """The row of the interval that opens with this."""
        begins = {"from_seq": seq, "from_at": at, "from_known": known}
        return {**self._asdict(), **_OPEN, **begins}


_OVER = frozenset({Span.Group.ENDED, Span.Group.VOIDED})
# The columns in front of it make an interval that has not ended.
_LASTING = Counted._fields.index("ended_at")


@dataclass(frozen=True, slots=True)
class Step:
    """What counts after the event of this number; `through`: it takes back those from there on."""

    counted: Counted
    seq: int
    through: int | None = None

    @classmethod
    def of(cls, dossier: Dossier, seq: int, kind: str, data: Mapping[str, Any]) -> Step:
        return cls(Counted.of(dossier, data), seq, _through(kind, data))


def _through(kind: str, data: Mapping[str, Any]) -> int | None:
    return int(data["through"]) if kind == "take_back" else None


def _late_from(promise: datetime | None, term: str, waiting: datetime | None) -> datetime | None:
    """From when it is late. A wait asked for in time is not, as long as it lasts; one asked for
    after the promise heals nothing.
    """
    if promise is None:
        return None
    read = parse_term(term)
    late = late_from_of(promise, read)
    if waiting is None:
        return late
    passed = waiting > late if read.by_instant else waiting >= late
    return late if passed else None


def _how(state: int, data: Mapping[str, Any]) -> int | None:
    """How a dossier ended; None while it has not."""
    if group_of(state) != Span.Group.ENDED:
        return None
    if state in (State.WITHDRAWN, State.STOPPED):
        return state
    return Span.How.REFUSED if data.get("refused") else Span.How.FINISHED


class Line:
    """The rows of one dossier, oldest first, followed event by event; `changed` are those it
    touched.
    """

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self.rows = list(rows)
        self.changed: list[Row] = []

    def take(self, step: Step, *, at: At, known: At) -> None:
        known = max(known, at)
        if step.through is not None:
            self._undo(step.through, known)
        last, counted = self._last(), step.counted
        if last is not None:
            stood = Counted.in_row(last)
            if stood.goes_on_as(counted):
                return
            if stood.group == counted.group == Span.Group.ENDED:
                counted = stood._replace(verdict=counted.verdict)
            if counted.group == Span.Group.VOIDED:
                self._void(known)
            else:
                last |= {"to_at": at, "to_known": known}
                self.changed.append(last)
        if counted.group is not None:
            self.rows.append(counted.opens(step.seq, at, known))

    def _last(self) -> Row | None:
        return next((row for row in reversed(self.rows) if row["gone_known"] is None), None)

    def _undo(self, through: int, known: At) -> None:
        standing = [row for row in self.rows if row["gone_known"] is None]
        gone = [row for row in standing if row["from_seq"] >= through]
        if not gone:
            return
        if gone[0]["group"] == Span.Group.VOIDED:
            self._unvoid(gone[0], known)
            return
        before = [row for row in standing if row["from_seq"] < through][-1:]
        for row in (*before, *gone):
            row["gone_known"] = known
            self.changed.append(row)
        for row in before:
            again = {name: row[name] for name in COLUMNS}
            self.rows.append(again | _OPEN | {"from_known": known})

    def _void(self, known: At) -> None:
        """For the cut that knows of it, a voided reception never was: no row of it stands."""
        for row in self.rows:
            if row["gone_known"] is None:
                row["gone_known"] = known
                self.changed.append(row)

    def _unvoid(self, voided: Row, known: At) -> None:
        """What stood when the reception was voided stands again, from the cut that knows of it."""
        stood = self._stood_before(voided)
        voided["gone_known"] = known
        self.changed.append(voided)
        for row in stood:
            closed = row["to_known"] and max(row["to_known"], known)
            told = {name: row[name] for name in COLUMNS}
            self.rows.append(told | {"from_known": known, "to_known": closed, "gone_known": None})

    def _stood_before(self, voided: Row) -> list[Row]:
        """The rows that a voiding marked, oldest first: from the newest of them back, each closed
        where the next one begins. What an act of the same instant had taken back bears the same
        mark, but what replaced it was written later.
        """
        marked = [row for row in self.rows if row["gone_known"] == voided["from_known"]]
        chain: list[Row] = []
        end, before = None, voided["from_seq"]
        while found := [
            row for row in marked if (row["to_at"], row["from_seq"] < before) == (end, True)
        ]:
            chain.append(found[-1])
            end, before = found[-1]["from_at"], found[-1]["from_seq"]
        return chain[::-1]


def follow(
    dossier: Dossier,
    before: Counted | None,
    steps: Sequence[Step],
    *,
    at: datetime,
    known: datetime,
    read: Callable[[], list[Row]],
) -> Line | None:
    """The rows of a dossier with the current interval closed and the next ones opened where events
    of an act changed what counts; None where they did not.

    In: what counted before the act, and after each of its events; `read`, what gives the rows that it
    has (rows_of), asked at most once.
    """
    undoes = any(step.through is not None for step in steps)
    if before is not None and not undoes and all(before.goes_on_as(s.counted) for s in steps):
        return None
    line = Line()
    if before is not None and before.group is not None:
        # What an act takes back and what an end said are read; else what counted is in hand.
        voids = any(step.counted.group == Span.Group.VOIDED for step in steps)
        is_read = undoes or voids or before.group in _OVER
        line = Line(read() if is_read else [{"id": None} | before.opens(0, at, known)])
    for step in steps:
        line.take(step, at=at, known=known)
    return line


def rows_of(ids: Sequence[int]) -> dict[int, list[Row]]:
    """The rows of these dossiers, oldest first, by dossier. One query."""
    found: dict[int, list[Row]] = {pk: [] for pk in ids}
    rows = Span.objects.filter(dossier__in=ids).order_by("id")
    for pk, *values in rows.values_list("dossier_id", "id", *COLUMNS):
        found[pk].append(dict(zip(("id", *COLUMNS), values, strict=True)))
    return found


def write(followed: Iterable[tuple[Dossier, Line]]) -> None:
    """Old rows by what became of them (the ends and the marks of one act are equal), then the new
    ones. At most four statements for the dossiers of one act.
    """
    closing: dict[tuple[Any, ...], list[int]] = {}
    current: dict[tuple[Any, ...], list[int]] = {}
    made = []
    for dossier, line in followed:
        for row in line.changed:
            became = tuple(row[name] for name in _OPEN)
            if row.get("id", 0) is None:
                current.setdefault(became, []).append(dossier.pk)
            elif "id" in row:
                closing.setdefault(became, []).append(row["id"])
        made += [Span(dossier=dossier, **row) for row in line.rows if "id" not in row]
    for became, ids in current.items():
        rows = Span.objects.filter(dossier__in=ids, to_at=None, gone_known=None)
        rows.update(**dict(zip(_OPEN, became, strict=True)))
    for became, ids in closing.items():
        Span.objects.filter(pk__in=ids).update(**dict(zip(_OPEN, became, strict=True)))
    if made:
        Span.objects.bulk_create(made)


class Intervals:
    """The rows that `follow` wrote, told by the events of one dossier: instants as these write them.

    In: what `late_from_text` gives, which may be kept for a walk over many.
    """

    def __init__(self, late_from: LateFrom) -> None:
        self._late_from, self._line = late_from, Line()
        self._goes_on = False

    def follow(self, columns: Columns, payload: Mapping[str, Any]) -> None:
        """In: the columns of the dossier after an event, and what it says."""
        kind = payload["kind"]
        if self._goes_on and kind != "take_back" and _COUNTS.isdisjoint(payload.get("set", ())):
            return
        late = self._late_from(
            columns.get("legal_due_at"), columns["term"], columns.get("waiting_since")
        )
        counted = Counted.told(columns, payload["data"], late)
        known = payload.get("counts", payload["recorded"])
        self._line.take(
            Step(counted, payload["seq"], _through(kind, payload["data"])),
            at=payload["at"],
            known=known,
        )
        # What counts of no group closes anew whatever was open.
        self._goes_on = counted.group is not None

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """In the order of COLUMNS."""
        return [_IN_ORDER(row) for row in self._line.rows]


def late_from_text(promise: str | None, term: str, waiting: str | None) -> str | None:
    return instant(_late_from(moment(promise), term, moment(waiting)))
