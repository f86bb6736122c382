"""What the page of a dossier says of its urgings (đôn đốc): each with where it stands now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dossiers.models import Dossier, HandOver
from dossiers.models.urging import UrgingState

_TONES = {
    UrgingState.WAITING: "soon",
    UrgingState.OVERDUE: "late",
    UrgingState.ANSWERED: "wait",
    UrgingState.SOLVED: "ok",
}


@dataclass(frozen=True, slots=True)
class Urged:
    """`row`: the columns that pages read of it (acts/urging.py)."""

    row: Mapping[str, Any]
    state: UrgingState
    solved_at: datetime | None

    @property
    def to(self) -> str:
        return to_whom(self.row["officer_full_name"], self.row["department_name"])

    @property
    def tone(self) -> str:
        return _TONES[self.state]

    @property
    def is_open(self) -> bool:
        return self.solved_at is None

    @property
    def is_unanswered(self) -> bool:
        return self.state in (UrgingState.WAITING, UrgingState.OVERDUE)


def to_whom(officer: str | None, room: str) -> str:
    """The officer with the room, or the room alone."""
    return f"{officer}, {room}" if officer else room


def solved_at(made_at: datetime, *instants: datetime | None) -> datetime | None:
    """When the dossier was first passed on, or ended, after it was urged. `instants`: of its
    hand-overs that stand and of its end; those before it was urged do not count.
    """
    return min((at for at in instants if at is not None and at > made_at), default=None)


def urged_of(
    dossier: Dossier,
    rows: Iterable[Mapping[str, Any]],
    hand_overs: Iterable[HandOver],
    now: datetime,
) -> list[Urged]:
    """Those that stand, newest first. `rows` as the page read them, oldest first."""
    given = [one.given_at for one in hand_overs if one.is_standing and not one.is_moved]
    return [_urged(row, given, dossier.ended_at, now) for row in rows][::-1]


def _urged(
    row: Mapping[str, Any], given: list[datetime], ended_at: datetime | None, now: datetime
) -> Urged:
    solved = solved_at(row["made_at"], *given, ended_at)
    state = UrgingState.of(
        answer_by=row["answer_by"], answered_at=row["answered_at"], solved_at=solved, at=now
    )
    return Urged(row, state, solved)
