"""What a life needs of the product, by its names of today; nothing else here imports `dossiers`.

The lives were first recorded before the house was refitted: `product-da94da6.txt` is this module
by the names of then (README.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dossiers import registry
from dossiers.acts import (
    calendar_moves,
    desks,
    endings,
    handovers,
    immediate,
    reception,
    supplements,
    taking_back,
)
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.acts.re_appointment import re_appoint
from dossiers.acts.receiving import confirm
from dossiers.clock.flags import flag_overdue
from dossiers.desk.timeline import control_sheet
from dossiers.intake import secrets
from dossiers.intake.wanted import declared
from dossiers.models.collecting import ResultNotice
from onestop import speed
from onestop.results import Denied

if TYPE_CHECKING:
    from dossiers.models import ClockChange, Dossier, Slip, Supplement
    from onestop.accounts.desk import Desk

# How the applicant is told of a result that is earlier than promised.
SPOKEN = ResultNotice.Way.SPOKEN


def is_void(row: Slip | ClockChange) -> bool:
    """Whether the act that made this row was taken back."""
    return row.undone_at is not None


def open_proposals(dossier: Dossier) -> list[Supplement]:
    """What handlers proposed and the counter has not asked for."""
    return list(dossier.supplements.filter(issued_at=None, undone_at=None))


def answers(desk: Desk, dossier: Dossier) -> dict[str, str]:
    """Every act with what the page would say to this officer: empty for yes, else the code."""
    found = {}
    for act in registry.all_acts():
        answer = registry.shows(desk, dossier, act.name)
        found[act.name] = answer.code if isinstance(answer, Denied) else ""
    return found


def forget() -> None:
    """What this process remembers of lives that were rolled back."""
    speed.forget()


__all__ = [
    "NextStep",
    "Seen",
    "answers",
    "calendar_moves",
    "confirm",
    "control_sheet",
    "declared",
    "desks",
    "endings",
    "flag_overdue",
    "forget",
    "handovers",
    "immediate",
    "is_void",
    "open_proposals",
    "re_appoint",
    "reception",
    "secrets",
    "supplements",
    "taking_back",
]
