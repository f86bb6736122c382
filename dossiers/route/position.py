"""Where a dossier is in its internal process, and what comes next there.

`Dossier.step_order` says how far along its process a dossier is: the order of the step it is at. A
giving by the process moves it on, work outside the process leaves it, sending back puts it back
before the approval; so that the next step is always the true next one and what was passed over can
be told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dossiers.models import Dossier
from dossiers.models.handover import Purpose
from dossiers.route.steps import DESK_WORK, NextStep, Process, asked_by, department_kind
from onestop.accounts.models import DepartmentKind
from onestop.worktime import Unit, parse_term
from procedures.domain.processes import process_for
from procedures.models import Step


@dataclass(frozen=True, slots=True)
class Position:
    """The process of a dossier and how far along it is; `at_once` for `trả ngay`."""

    process: Process
    order: int
    at_once: bool
    room_id: int | None

    @property
    def next(self) -> NextStep:
        """The next step of the process, whichever desk it is."""
        step = next(iter(self.process.after(self.order)), None)
        if step is None:
            return NextStep(order=self.order, name=DESK_WORK[Purpose.HANDLE])
        return asked_by(step)

    @property
    def approvals(self) -> tuple[Step, ...]:
        """The steps that approve. None where the process has none: its deciding authority approved
        it so. None for `trả ngay`, signed and given while the citizen waits (R-10).
        """
        return () if self.at_once else self.process.approving

    @property
    def next_approval(self) -> Step | None:
        """The next step where it is one that approves."""
        order = self.next.order
        return next((s for s in self.approvals if s.order == order), None)

    def next_desk(self, *, in_room: bool) -> Step | None:
        """The next step that is another desk's: a room that has it does its own handling without
        giving it on.
        """
        later = self.process.after(self.order)
        if in_room:
            later = [
                s
                for s in later
                if s in self.process.approving
                or department_kind(s.role) != DepartmentKind.PROFESSIONAL
            ]
        return next(iter(later), None)


class Processes:
    """The internal processes that one act or page has read, each once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int | None, str], Process] = {}

    def of(self, dossier: Dossier) -> Process:
        """The process a dossier follows; at most three queries for each version, case and level."""
        level = dossier.agency.level
        key = (dossier.version_id, dossier.case_id, level)
        if key not in self._known:
            found = process_for(dossier.version, dossier.case, level)
            self._known[key] = Process(tuple(found.steps.all()))
        return self._known[key]


def position_of(dossier: Dossier, processes: Processes) -> Position:
    return Position(
        process=processes.of(dossier),
        order=dossier.step_order,
        at_once=parse_term(dossier.term).unit is Unit.IMMEDIATE,
        room_id=dossier.holder_department_id,
    )


def positions_of(dossiers: Iterable[Dossier]) -> dict[int, Position]:
    """Where each of many is, by id; every process is read once.

    In: dossiers with agency, version and its procedure, case.
    """
    processes = Processes()
    return {dossier.pk: position_of(dossier, processes) for dossier in dossiers}
