"""A wait for the applicant: a line of the ledger that opens when something is asked for and closes
when it is there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dossiers.clock import steps, undetermined
from dossiers.models import ClockChange, ClockKind
from dossiers.slips import issuing

if TYPE_CHECKING:
    from dossiers.ledger.writer import Life


def begin(life: Life, kind: ClockKind, *, basis: str, excluded: str = "") -> ClockChange:
    """Open the line, from now; `excluded` of time that does not count: why (PauseKind)."""
    return life.add(
        ClockChange(
            dossier=life.dossier,
            kind=kind,
            start=life.at,
            basis=basis,
            excluded=excluded,
            due_before=life.dossier.due_at,
        )
    )


def end(life: Life, change: ClockChange, name: str, data: dict[str, Any]) -> None:
    """Close the line and do the act of this name. Effects: new promise, step clock moved on, event,
    a slip with the new date.
    """
    dossier = life.dossier
    life.change(change, end=life.at)
    dossier.soon_flagged = dossier.late_flagged = False
    steps.goes_on(dossier, change.start, life.at, life.calendar)
    life.record(name, data)
    life.change(change, due_after=dossier.due_at)
    issuing.make("tiep-nhan", life=life)
    if dossier.undetermined:
        life.tell(undetermined.ask_for_calendar(dossier, at=life.at))
