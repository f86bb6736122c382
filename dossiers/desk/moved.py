"""What the look-up tells first behind the secret: what moved a promise and why, why a dossier ended
without the result that was asked for. Read as columns of the look-up's own query.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Subquery
from django.utils import timezone

from dossiers.desk.dossier import instant, read_rows, rows_as_json
from dossiers.models import ClockChange, ClockKind, Dossier, Ending, Result
from dossiers.models.apology import Apology
from dossiers.models.appointments import StepAppointment
from dossiers.models.correcting import ReceptionCorrection
from dossiers.models.voiding import VoidedReception
from onestop.accounts.calendars import days_entered_since
from onestop.worktime import Calendar, PauseKind

_CHANGE = (
    "id", "kind", "start", "end", "extra", "basis", "excluded", "due_before", "due_after",
)  # fmt: skip
_ENDING = ("id", "kind", "requested_by", "reason", "decision_number", "fee_consequence")
_REFUSAL = ("id", "reason")
_APOLOGY = ("id", "made_at", "reason")
_VOIDED = ("id", "reason")
_REPLACED = (
    "id", "corrected_at", "old_slip__number", "old_slip__made_at", "new_slip__number", "new_slip__made_at",
)  # fmt: skip
# What an earlier system promised was never moved by us.
_NOT_TOLD = frozenset({ClockKind.TAKEN_OVER})
_APPOINTMENT = ("id", "what", "meet_at", "place", "bring")
COLUMNS = 7


def columns() -> dict[str, Subquery]:
    """The columns to ask for, in the order of `read`."""
    refusals = Result.objects.current().filter(kind=Result.Kind.REFUSED)
    replaced = ReceptionCorrection.objects.standing().filter(new_slip__isnull=False)
    return {
        "json_moves": rows_as_json(ClockChange.objects.standing(), "dossier", *_CHANGE),
        "json_endings": rows_as_json(Ending.objects.standing(), "dossier", *_ENDING),
        "json_refusals": rows_as_json(refusals, "dossier", *_REFUSAL),
        "json_apologies": rows_as_json(Apology.objects.standing(), "dossier", *_APOLOGY),
        "json_replaced": rows_as_json(replaced, "dossier", *_REPLACED),
        "json_voided": rows_as_json(VoidedReception.objects.standing(), "dossier", *_VOIDED),
        "json_steps": rows_as_json(StepAppointment.objects.standing(), "dossier", *_APPOINTMENT),
    }


@dataclass(frozen=True, slots=True)
class Moved:
    """One change of the promise; `at`: when it was made; `why`: its reason in the middle of a
    sentence; `days`: the days off that were entered after the reception and lie before the promise.
    """

    kind: str
    at: datetime
    why: str
    extra: str
    excluded: str
    before: datetime | None
    after: datetime
    days: tuple[str, ...] = ()

    @property
    def template(self) -> str:
        return f"dossiers/lookup/moved/{self.kind}.html"

    @property
    def excluded_words(self) -> str:
        """What the time was for that did not count."""
        kind = PauseKind(self.excluded or PauseKind.OTHER)
        return "" if kind is PauseKind.OTHER else kind.label


@dataclass(frozen=True, slots=True)
class WhyEnded:
    """Why a dossier ended without what was asked for."""

    reason: str
    requested_by: str = ""
    decision: str = ""
    fee: str = ""


@dataclass(frozen=True, slots=True)
class Sorry:
    """An apology without a new date; `why`: its reason in the middle of a sentence."""

    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """A receipt that another one replaced, because something on it was put right."""

    number: int
    made_at: datetime | None
    by_number: int
    by_made_at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """`moves`, `apologies`: newest first; `ended`: None where the dossier has or will have its
    result.
    """

    moves: tuple[Moved, ...]
    ended: WhyEnded | None
    refused: bool
    apologies: tuple[Sorry, ...] = ()
    # Receipts that others replaced, oldest first: number and time of the old and of the new one.
    replaced: tuple[Replaced, ...] = ()
    # The call to a step before the result that holds: the one made last.
    appointment: dict[str, Any] | None = None


def read(
    moves: Any, endings: Any, refusals: Any, apologies: Any, replaced: Any, voided: Any, steps: Any
) -> Told:
    """From the columns as they came."""
    rows = [row for row in read_rows(moves, ClockChange) if _is_told(row)]
    refused = read_rows(refusals, Result)
    ended = [
        *(WhyEnded(row["reason"]) for row in refused),
        *(_why_ended(row) for row in read_rows(endings, Ending)),
        *(WhyEnded(row["reason"]) for row in read_rows(voided, VoidedReception)),
    ]
    return Told(
        tuple(_moved(row) for row in reversed(rows)),
        ended[-1] if ended else None,
        bool(refused),
        tuple(
            Sorry(row["made_at"], because(row["reason"]))
            for row in reversed(read_rows(apologies, Apology))
        ),
        tuple(_replaced(row) for row in read_rows(replaced, ReceptionCorrection)),
        max(read_rows(steps, StepAppointment), key=lambda row: row["id"], default=None),
    )


def _is_told(row: dict[str, Any]) -> bool:
    """Whether it gave another promise: what still waits gave none."""
    moved = row["due_after"] is not None and row["due_after"] != row["due_before"]
    return moved and row["kind"] not in _NOT_TOLD


def _moved(row: dict[str, Any]) -> Moved:
    return Moved(
        kind=row["kind"],
        at=row["end"] or row["start"],
        why=because(row["basis"]),
        extra=row["extra"],
        excluded=row["excluded"],
        before=row["due_before"],
        after=row["due_after"],
    )


def _replaced(row: dict[str, Any]) -> Replaced:
    made = [instant(row[f"{which}_slip_made_at"]) for which in ("old", "new")]
    return Replaced(row["old_slip_number"], made[0], row["new_slip_number"], made[1])


def _why_ended(row: dict[str, Any]) -> WhyEnded:
    return WhyEnded(
        row["reason"], row["requested_by"], row["decision_number"], row["fee_consequence"]
    )


def because(reason: str) -> str:
    """A reason as the middle of a sentence, as the apology slip says it: "chưa có ý kiến của Sở Xây
    dựng".
    """
    return reason.strip().removeprefix("Do ").removeprefix("do ").rstrip(" .;,")


def days_off(dossier: Dossier, move: Moved, calendar: Calendar) -> tuple[str, ...]:
    """The days off that a change of calendar brought: entered since the reception, between it and
    the promise. One query.
    """
    first, last = timezone.localdate(dossier.received_at), timezone.localdate(move.after)
    entered = days_entered_since(dossier.received_at, first=first, last=last)
    return tuple(
        f"{day.date:%d/%m/%Y}" + (f" ({day.name})" if day.name else "")
        for day in calendar.days
        if day.date in entered and not calendar.working_sessions_on(day.date)
    )


def newest_of(moves: Iterable[Moved], due_at: datetime | None) -> Moved | None:
    """The change that gave the promise which holds."""
    newest = next(iter(moves), None)
    return newest if newest is not None and newest.after == due_at else None
