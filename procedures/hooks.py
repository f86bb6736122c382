"""What the catalogue asks of the app above, which keeps the dossiers. Signals, because procedures
may not import it.

dossiers_counted(version_ids) -> dict[int, Received]
    Of each version under which anything was received: how many dossiers, and how many of them are
    still open.
procedures_used(procedure_ids) -> set[int]
    Those of which at least one dossier was ever received, under whatever version.
use_counted(since, until) -> dict[tuple[int, int], Use]
    By counter and procedure: what was received there between the two instants, and how long what was
    finished took.
procedures_ended(codes, on, at)
    A decision was published that ends these procedures on a day, at all counters or some: who has one
    of them open is told. Sent inside the decision's transaction.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.dispatch import Signal
from django.urls import reverse

dossiers_counted = Signal()
procedures_used = Signal()
use_counted = Signal()
procedures_ended = Signal()

# The page that lists the open dossiers of a version; offered by the app above.
_lists_open: list[str] = []


@dataclass(frozen=True, slots=True)
class Received:
    """Dossiers received under one version."""

    every: int = 0
    open: int = 0


NOTHING = Received()


@dataclass(slots=True)
class Use:
    """A procedure at one counter: how many were received; working minutes of each that was finished."""

    received: int = 0
    minutes: list[int] = field(default_factory=list)


def received(version_ids: Iterable[int]) -> dict[int, Received]:
    """By version, only those with any."""
    found: dict[int, Received] = {}
    answers: Any = dossiers_counted.send(sender=None, version_ids=list(version_ids))
    for _, answer in answers:
        found.update(answer or {})
    return found


def used(procedure_ids: Iterable[int]) -> set[int]:
    found: set[int] = set()
    answers: Any = procedures_used.send(sender=None, procedure_ids=list(procedure_ids))
    for _, answer in answers:
        found |= answer or set()
    return found


def counted_use(since: datetime, until: datetime) -> dict[tuple[int, int], Use]:
    """By (agency that received, procedure)."""
    found: dict[tuple[int, int], Use] = {}
    answers: Any = use_counted.send(sender=None, since=since, until=until)
    for _, answer in answers:
        found.update(answer or {})
    return found


def lists_open(view: str) -> None:
    _lists_open[:] = [view]


def open_list(version_id: int) -> str:
    """Where the open dossiers of a version are listed; empty where no app keeps dossiers."""
    return reverse(_lists_open[0], args=[version_id]) if _lists_open else ""
