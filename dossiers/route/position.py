"""Where a dossier is in its internal process, and what comes next there.

`Dossier.step_order` says how far along its process a dossier is: the order of the step it is at. A
giving by the process moves it on, work outside the process leaves it, sending back puts it back
before the approval; so that the next step is always the true next one and what was passed over can
be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

from dossiers.models import Dossier
from dossiers.models.handover import Purpose
from dossiers.route.sharing import share_of, term_minutes
from dossiers.route.steps import DESK_WORK, NextStep, Process, asked_by, department_kind
from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import DepartmentKind
from onestop.worktime import Calendar, Unit, parse_term
from procedures.domain.processes import process_for
from procedures.models import Step


def _not_known() -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The process of a dossier and how far along it is; `at_once` for `trả ngay`."""

    process: Process
    order: int
    at_once: bool
    room_id: int | None
    # Read only where the steps share the term: it needs the calendar.
    term_minutes: Callable[[], int | None] = _not_known

    @property
    def next(self) -> NextStep:
        """The next step of the process, whichever desk it is."""
        step = next(iter(self.process.after(self.order)), None)
        if step is None:
            return NextStep(order=self.order, name=DESK_WORK[Purpose.HANDLE])
        return self.asked(step)

    def asked(self, step: Step, purpose: Purpose | None = None) -> NextStep:
        """A step of the process as what its desk is asked to do, with its hours: those of the
        process, else its share of the term, where the process is the default one.
        """
        asked = asked_by(step, purpose)
        if asked.minutes is not None or not self.process.by_share or self.at_once:
            return asked
        minutes = share_of(self.term_minutes(), step.role)
        return replace(asked, minutes=minutes, by_share=minutes is not None)

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

    def is_beyond_handling(self, order: int) -> bool:
        """Whether the step of this order comes after who handles: what a leader gets before that is
        to be shared out, not approved.
        """
        handled = self.process.first_handling
        return handled is None or order > handled

    def awaits_result(self, *, in_room: bool) -> bool:
        """Whether the next desk approves a result: without one, giving there is refused
        (approving.check_submission).
        """
        step = self.next_desk(in_room=in_room)
        return step in self.process.approving and self.is_beyond_handling(step.order)


class Processes:
    """The internal processes that one act or page has read, each once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int | None, str], Process] = {}
        # Of the offices whose calendar was needed, or is at hand.
        self.calendars: dict[int, Calendar] = {}

    def of(self, dossier: Dossier) -> Process:
        """The process a dossier follows; at most three queries for each version, case and level."""
        level = dossier.agency.level
        key = (dossier.version_id, dossier.case_id, level)
        if key not in self._known:
            found = process_for(dossier.version, dossier.case, level)
            self._known[key] = Process(tuple(found.steps.all()), by_share=found.is_default)
        return self._known[key]

    def term_minutes(self, dossier: Dossier) -> int | None:
        """The working minutes of a dossier's term; one query for each office."""
        office = dossier.agency_id
        if office not in self.calendars:
            self.calendars[office] = calendar_of(office)
        return term_minutes(dossier, self.calendars[office])


def position_of(dossier: Dossier, processes: Processes) -> Position:
    return Position(
        process=processes.of(dossier),
        order=dossier.step_order,
        at_once=parse_term(dossier.term).unit is Unit.IMMEDIATE,
        room_id=dossier.holder_department_id,
        term_minutes=partial(processes.term_minutes, dossier),
    )


def positions_of(dossiers: Iterable[Dossier]) -> dict[int, Position]:
    """Where each of many is, by id; every process is read once.

    In: dossiers with agency, version and its procedure, case.
    """
    processes = Processes()
    return {dossier.pk: position_of(dossier, processes) for dossier in dossiers}
