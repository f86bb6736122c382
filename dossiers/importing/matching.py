"""What a line names, found in this system: agencies, procedures, rooms and people, each read once.

Of the catalogue only the field is asked, and the term where the line promises no day: a channel,
a paper or a version that does not fit is worth a warning, never a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import TypeVar

from django.utils import timezone

from dossiers.importing.rows import Row
from dossiers.importing.trouble import LineRefused
from dossiers.states import WAITING, State
from onestop import worktime
from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import Agency, Department, DepartmentKind, Officer
from onestop.folding import fold
from onestop.worktime import Calendar, CalendarMissing, Term, Unit, parse_term
from procedures.channels import Channel
from procedures.models import Case, Kind, Procedure, ProcedureVersion, Status

CHANNELS = {
    "truc-tiep": Channel.DIRECT,
    "truc-tuyen-toan-trinh": Channel.ONLINE_FULL,
    "truc-tuyen-mot-phan": Channel.ONLINE_PART,
    "buu-chinh": Channel.POST,
    "buu-chinh-cong-ich": Channel.POST,
}
_HOURS = re.compile(r"\bgio\b")
# Clock or working hours: for a promise that is given only that it ends by the hour matters.
_AS_CLOCK_HOURS = "24 giờ"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Match:
    """A line with everything it names."""

    row: Row
    agency: Agency
    received_by: Agency
    version: ProcedureVersion
    case: Case
    channel: Channel
    term: Term
    calendar: Calendar
    department: Department | None
    officer: Officer | None
    warnings: tuple[str, ...]

    @property
    def year(self) -> int:
        """Of the register it stands in."""
        return timezone.localdate(self.row.received_at).year


@dataclass(frozen=True, slots=True)
class _Office:
    """The rooms and open accounts of an agency, by folded name; None: that of several."""

    rooms: dict[str, Department | None]
    counter: Department | None
    people: dict[str, Officer | None]


class Known:
    """What this system knows; one for a whole run, so each thing is asked once."""

    def __init__(self) -> None:
        self._agencies = {agency.code.upper(): agency for agency in Agency.objects.all()}
        self.agency = cache(self._agency)
        self._versions = cache(self._load_versions)
        self._office = cache(self._load_office)
        self._calendar = cache(calendar_of)

    def match(self, row: Row) -> Match:
        """Errors: LineRefused for an agency or a procedure that is not known, or a day that cannot
        be computed.
        """
        agency = self.agency("agency", row.agency)
        received_by = self.agency("received_by", row.received_by) if row.received_by else agency
        version = self._version(row)
        case, found = _case_of(version, row.case)
        channel = CHANNELS.get("-".join(fold(row.channel).replace("-", " ").split()))
        warnings = [] if found else ["case"]
        if channel is None:
            warnings.append("channel")
        elif case.method_for(channel) is None:
            warnings.append("method")
        if not version.receivable_on(timezone.localdate(row.received_at)):
            warnings.append("version")
        if not row.identity:
            warnings.append("identity")
        channel = channel or Channel.DIRECT
        calendar = self._calendar(agency.pk)
        office = self._office(agency.pk)
        officer = office.people.get(fold(row.officer)) if row.officer else None
        department = office.rooms.get(fold(row.department)) if row.department else None
        if department is None and officer is not None:
            department = officer.department
        return Match(
            row, agency, received_by, version, case, channel,
            _term_of(row, case, channel, calendar), calendar,
            department or self._fallback(agency, received_by, row), officer, tuple(warnings),
        )  # fmt: skip

    def _fallback(self, agency: Agency, received_by: Agency, row: Row) -> Department | None:
        """Where open work lies that names no room of ours, and a result that waits: the counter."""
        place = received_by if row.status == State.FINISHED else agency
        return self._office(place.pk).counter or self._office(received_by.pk).counter

    def _agency(self, column: str, code: str) -> Agency:
        agency = self._agencies.get(code)
        if agency is None:
            raise LineRefused(column, "import_agency", given=code)
        return agency

    def _version(self, row: Row) -> ProcedureVersion:
        """In force on the day of reception, else the nearest that was published."""
        versions = self._versions(row.procedure)
        if not versions:
            raise LineRefused("procedure", "import_procedure", given=row.procedure)
        day = timezone.localdate(row.received_at)
        begun = [one for one in versions if one.effective_from <= day]
        return begun[-1] if begun else versions[0]

    def _load_versions(self, code: str) -> list[ProcedureVersion]:
        procedure = Procedure.objects.filter(code=code).first()
        if procedure is None:
            return []
        rows = (
            ProcedureVersion.objects.filter(procedure=procedure)
            .exclude(status=Status.TAKEN_BACK)
            .select_related("field")
            .prefetch_related("cases__methods")
            .order_by("effective_from", "number")
        )
        versions = [one for one in rows if one.cases.all()]
        return [one for one in versions if one.kind != Kind.ABOLISHED] or versions

    def _load_office(self, agency_id: int) -> _Office:
        rooms = list(Department.objects.filter(agency=agency_id, is_active=True).order_by("order"))
        officers = Officer.objects.working().filter(agency=agency_id).select_related("department")
        people = [(name, one) for one in officers for name in (one.full_name, one.username)]
        counters = [room for room in rooms if room.kind == DepartmentKind.ONE_STOP]
        return _Office(
            _by_name((room.name, room) for room in rooms),
            next(iter(counters or rooms), None),
            _by_name(people),
        )


def _by_name(named: Iterable[tuple[str, T]]) -> dict[str, T | None]:
    """By folded name; None where it is that of two: none is guessed."""
    found: dict[str, T | None] = {}
    for name, one in named:
        key = fold(name)
        found[key] = one if found.get(key, one) == one else None
    return found


def _case_of(version: ProcedureVersion, text: str) -> tuple[Case, bool]:
    cases = sorted(version.cases.all(), key=lambda case: case.order)
    if not text:
        return cases[0], True
    wanted = fold(text)
    for case in cases:
        if wanted in (fold(case.name), str(case.order)):
            return case, True
    return cases[0], False


def _term_of(row: Row, case: Case, channel: Channel, calendar: Calendar) -> Term:
    """The term of the procedure. Where the line promises a day it only tells hours from days, and
    where the catalogue knows none it is what was promised. Errors: LineRefused without either.
    """
    method = case.method_for(channel) or next(
        iter(sorted(case.methods.all(), key=lambda one: (not one.term, one.channel))), None
    )
    term = parse_term(method.term) if method is not None and method.term else None
    if row.due_at is None:
        if term is None:
            raise LineRefused("due_at", "import_no_term", given=row.procedure)
        if worktime.fold(row.received_at, term, calendar).promise.undetermined:
            year = worktime.local(row.received_at).year
            raise LineRefused("due_at", "import_no_calendar", year=year)
        return term
    if term is not None and term.promises:
        return term
    if method is not None and _HOURS.search(fold(method.term_text)):
        return parse_term(_AS_CLOCK_HOURS)
    return _as_promised(row.received_at, row.due_at, calendar)


def _as_promised(received_at: datetime, due_at: datetime, calendar: Calendar) -> Term:
    """The days between reception and promise, for a procedure whose term nobody has confirmed."""
    first, last = worktime.local(received_at).date(), worktime.local(due_at).date()
    if first == last:
        # "Trong ngày" ends with the last session; what was promised before it is a term in hours.
        return _hours(received_at, due_at, calendar) or Term(Unit.SAME_DAY)
    days = _working_days(first, last, calendar)
    if days:
        return parse_term(f"{days} ngày làm việc")
    return parse_term(f"{(last - first).days} ngày")


def _hours(received_at: datetime, due_at: datetime, calendar: Calendar) -> Term | None:
    sessions = calendar.sessions_on(worktime.local(due_at).date())
    if not sessions or worktime.local(due_at).time() >= sessions[-1][1]:
        return None
    hours = -(-(due_at - received_at) // timedelta(hours=1))
    return parse_term(f"{max(1, hours)} giờ")


def _working_days(first: date, last: date, calendar: Calendar) -> int:
    try:
        return calendar.working_days_between(first, last)
    except CalendarMissing:
        return 0


def holder_of(match: Match) -> tuple[int | None, int | None]:
    """Officer and room that hold it: open work, and a finished result at the counter."""
    row, officer = match.row, match.officer
    if row.finished_at is not None and row.status != State.FINISHED:
        return None, None
    room = match.department.pk if match.department is not None else None
    is_work = row.status in WAITING or row.finished_at is None
    return (officer.pk if officer is not None and is_work else None), room


__all__ = ["Known", "Match", "holder_of"]
