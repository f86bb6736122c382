"""What apps above tell on the page of a late dossier: asked only there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.dispatch import Signal

from dossiers.models import Dossier, HandOver

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

# Sent with `dossier`, `desk`, `at`, `hand_overs`; whoever has something to tell answers a Note.
late_page_opened = Signal()


@dataclass(frozen=True, slots=True)
class Note:
    """`template` is drawn with `about` and the dossier, and nothing else of the page."""

    template: str
    about: Any


def notes_of(
    dossier: Dossier, hand_overs: Sequence[HandOver], desk: Desk, at: datetime
) -> list[Note]:
    """Of a dossier that is late, or ended so. `hand_overs`: all of it, in order, with their rooms."""
    answers: list[tuple[Any, Any]] = late_page_opened.send(
        sender=None, dossier=dossier, desk=desk, at=at, hand_overs=hand_overs
    )
    return [note for _, note in answers if note is not None]
