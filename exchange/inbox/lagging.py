"""Where data that came or went late, or stand otherwise at a peer, may have made a dossier late (R-58):
the facts, message by message; what they weigh is judged by who asks (reports/proposing.py).

How late a dossier came, and how late its applicant could read a request, counts of what was handed
in on line: of all else the portal carries nothing between the applicant and the counter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from dossiers.intake.online import CHANNELS
from dossiers.models import Dossier, OnlineFiling
from dossiers.states import HANDLED, WAITING, State
from exchange.models import Delivery, Line, Message
from exchange.outbox.peers import peers

# What is read within the hour was never held.
HELD_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Lag:
    """From when until when the one side waited for the other; `end` None: it still does."""

    start: datetime
    end: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What a peer holds otherwise: a later day (`due`), or, without one, that the dossier has ended."""

    due: datetime | None
    words: str


@dataclass(slots=True)
class Lags:
    """Of one dossier. `came`: from its filing until it stood in the counter's list. `asked`: from a
    request to its applicant until the peer has it.
    """

    came: Lag | None = None
    asked: list[Lag] = field(default_factory=list)
    differs: list[Difference] = field(default_factory=list)


def lags_of(dossiers: Sequence[Dossier]) -> dict[int, Lags]:
    """One query where any was handed in on line; one where a peer is connected, and another where
    that one knows any of those. None for others.
    """
    found: dict[int, Lags] = defaultdict(Lags)
    online = {one.pk for one in dossiers if one.channel in CHANNELS}
    for pk, lag in _came(online):
        found[pk].came = lag
    names = {peer.code: peer.name for peer in peers()} if dossiers else {}
    if not names:
        return found
    known = {one.pk: one for one in dossiers}
    codes = [one.code for one in dossiers]
    lines = [
        line
        for line in Line.objects.filter(peer__in=names, code__in=codes).order_by("pk")
        if line.dossier_id in known
    ]
    for line in lines:
        assert line.dossier_id is not None
        if differing := _difference(line, known[line.dossier_id], names[line.peer]):
            found[line.dossier_id].differs.append(differing)
    for line, lag in _asked([line for line in lines if line.dossier_id in online], names):
        assert line.dossier_id is not None
        found[line.dossier_id].asked.append(lag)
    return found


# --- it came late -----------------------------------------------------------------------------------


def _came(online: set[int]) -> Iterable[tuple[int, Lag]]:
    if not online:
        return
    first = Message.objects.filter(filing=OuterRef("pk")).order_by("received_at", "pk")[:1]
    # What a list brought stood there before any message of it.
    rows = OnlineFiling.objects.filter(
        dossier__in=online, arrived_at__isnull=False, listed_in__isnull=True
    )
    rows = rows.annotate(
        message=Subquery(first.values("pk")), received_at=Subquery(first.values("received_at"))
    )
    for row in rows.order_by("pk"):
        if row.dossier_id is None or row.arrived_at is None or row.received_at is None:
            continue
        words = f"Nộp trên Cổng {_at(row.filed_at)}, thông điệp {row.message} đến {_at(row.received_at)}"
        if (row.arrived_at - row.received_at).total_seconds() >= HELD_SECONDS:
            words += f", chưa đọc được, vào danh sách chờ {_at(row.arrived_at)}"
        yield row.dossier_id, Lag(row.filed_at, row.arrived_at, words)


# --- the applicant could not read it ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Told:
    created_at: datetime
    settled_at: datetime | None
    state: int

    @property
    def asks(self) -> bool:
        return self.state in WAITING


def _asked(lines: Sequence[Line], names: dict[str, str]) -> Iterable[tuple[Line, Lag]]:
    """A request that was told at once is no lag; one whose answer came before it was told ends so."""
    if not lines:
        return
    told: dict[int, list[_Told]] = defaultdict(list)
    rows = Delivery.objects.filter(line__in=lines, kind=Delivery.Kind.DOSSIER)
    columns = ("line_id", "created_at", "settled_at", "payload__state")
    for pk, created_at, settled_at, stands in rows.order_by("pk").values_list(*columns):
        told[pk].append(_Told(created_at, settled_at, int(stands or 0)))
    for line in lines:
        mine = told[line.pk]
        for n, one in enumerate(mine):
            if not one.asks or (n and mine[n - 1].asks):
                continue
            end = _read_at(mine[n:])
            asked = State(one.state).label
            until = f"có từ {_at(end)}" if end else "chưa có"
            words = f"“{asked}” báo {_at(one.created_at)}, {names[line.peer]} {until}"
            yield line, Lag(one.created_at, end, words)


def _read_at(told: Sequence[_Told]) -> datetime | None:
    """When the peer had it, or when it was waited for no more. Of what was given up nobody knows more
    than that it was settled otherwise then.
    """
    ends = [one.settled_at for one in told if one.settled_at][:1]
    ends += [one.created_at for one in told if not one.asks][:1]
    return min(ends, default=None)


# --- the peer holds something else -----------------------------------------------------------------


def _difference(line: Line, dossier: Dossier, name: str) -> Difference | None:
    if line.accepted_at is None:
        return None
    if dossier.is_open and line.accepted_state in HANDLED:
        there = State(line.accepted_state).label
        words = f"{name} ghi “{there}” từ {_at(line.accepted_at)}, ở đây “{dossier.get_state_display()}”"
        return Difference(None, words)
    theirs, ours = line.accepted_due, dossier.due_at
    if theirs is None or ours is None or theirs <= ours:
        return None
    words = f"{name} ghi hẹn trả {_at(theirs)} từ {_at(line.accepted_at)}, ở đây {_at(ours)}"
    return Difference(theirs, words)


def _at(instant: datetime) -> str:
    return f"{timezone.localtime(instant):%d/%m/%Y %H:%M}"
