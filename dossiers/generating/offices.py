"""Who receives and who handles what: read once from agencies, officers and catalogue as they stand
in the database.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate
from random import Random
from typing import Any

from django.utils import timezone

from dossiers.generating.people import company_share
from dossiers.intake.certified import book_of
from dossiers.models import OfficeSettings
from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import Agency, Department, DepartmentKind, Level, Role, RoleGrant
from onestop.errors import DomainError
from onestop.worktime import Calendar, Term, Unit, parse_term
from procedures.channels import Channel
from procedures.listed import listed
from procedures.models import (
    Case,
    Method,
    Paper,
    ProcedureVersion,
    Status,
    StepRole,
    SupplementMode,
)
from procedures.models.processes import InternalProcess

# A quarter of all dossiers are certified copies and the like (Phú Thọ 2026: 27.6 %).
IMMEDIATE_SHARE = 0.26
# What people mostly come for; everything else is rare.
COMMON_FIELDS = frozenset(
    (
        "Hộ tịch",
        "Chứng thực",
        "Đất đai",
        "Đăng ký, quản lý cư trú",
        "Nhà ở và công sở",
        "Hoạt động xây dựng",
        "Nuôi con nuôi",
        "Giảm nghèo",
    )
)
COMMON = 30
_DAYS = frozenset({Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.MONTH, Unit.YEAR})


@dataclass(frozen=True, slots=True)
class Kind:
    """One case of one procedure as the generator needs it."""

    case_id: int
    version_id: int
    field_id: int
    restarts: bool
    terms: dict[int, tuple[str, Term]]  # by channel: canonical text and value
    fees: dict[int, int]
    papers: tuple[tuple[int, str, int, int, int], ...]
    result: str
    common: bool
    # Channels whose fee the catalogue says in a figure.
    priced: frozenset[int] = frozenset()
    companies: float = 0.0  # share of owners that are companies
    taxed: bool = False  # what is changed or given has a tax that others determine

    @property
    def is_long(self) -> bool:
        """Whether its terms leave time for a request: a working week at least."""
        return all(
            term.unit in _DAYS and (term.quantity >= 5 or term.unit in (Unit.MONTH, Unit.YEAR))
            for _, term in self.terms.values()
        )

    @property
    def immediate(self) -> bool:
        return self.terms[min(self.terms)][1].unit is Unit.IMMEDIATE


@dataclass(frozen=True, slots=True)
class Seat:
    """An officer in a room, in a role."""

    officer_id: int
    department_id: int
    role: str
    name: str = ""


@dataclass(slots=True)
class Handler:
    """An agency that handles: its calendar, the hours its people are seen to work, its specialists,
    who approves.
    """

    agency_id: int
    calendar: Calendar
    hours: Calendar
    specialists: list[Seat]
    leaders: list[Seat]


@dataclass(slots=True)
class Office:
    """A counter with its clerks, the agencies it receives for, and what people ask for here."""

    agency_id: int
    unit: str
    pattern: str
    places: list[str]
    counter_id: int
    clerks: list[Seat]
    handlers: list[Handler]
    kinds: list[Kind]
    weights: list[float]


def working_hours(calendar: Calendar, until: date) -> Calendar:
    """The hours people work in an invented story: in a year without calendar rows those of an
    ordinary week.

    Promises are made by the office's own calendar, which does not know such a year: there they stay
    undetermined.
    """
    if not calendar.known_years:
        return calendar
    # One year more: an act that would lie after now is computed before it is found to lie there.
    return calendar.with_own(known_years=range(min(calendar.known_years), until.year + 2))


def offices(now: datetime) -> list[Office]:
    """Every office with a counter, clerks and somebody who handles. Errors:
    DomainError("generate_nothing") when there is none.
    """
    province, kinds = _Province(timezone.localdate(now)), _kinds()
    patterns = dict(OfficeSettings.objects.values_list("agency_id", "code_pattern"))
    default = OfficeSettings._meta.get_field("code_pattern").default
    found = [
        office
        for agency in province.agencies
        if (
            office := _office(
                province,
                agency,
                patterns.get(agency.pk) or default,
                _wanted(kinds, agency, province.today),
            )
        )
    ]
    if not found:
        raise DomainError("generate_nothing")
    return found


def _office(province: _Province, agency: Agency, pattern: str, wanted: list[Kind]) -> Office | None:
    """The agency's counter; None where nobody receives or nobody handles."""
    counter = province.counter_of(agency)
    clerks = province.clerks_at(counter) if counter is not None else []
    handlers = province.handlers_for(agency)
    if counter is None or not (agency.dossier_code and clerks and handlers and wanted):
        return None
    places = [place_name(other) for other in province.people_of(agency)]
    return Office(
        agency.pk,
        agency.dossier_code,
        pattern,
        places,
        counter.pk,
        clerks,
        handlers,
        wanted,
        _weights(wanted),
    )


class _Province:
    """Agencies, rooms and who sits where, read once."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.agencies = list(Agency.objects.filter(closed_on=None))
        self.rooms = {d.pk: d for d in Department.objects.filter(is_active=True)}
        self.seats: dict[int, dict[str, list[Seat]]] = defaultdict(lambda: defaultdict(list))
        grants = RoleGrant.objects.filter(
            valid_to=None, ended_at=None, officer__is_active=True, department__isnull=False
        )
        for grant in grants.select_related("officer").order_by("pk"):
            assert grant.department_id is not None
            self.seats[grant.agency_id][grant.role].append(
                Seat(grant.officer_id, grant.department_id, grant.role, grant.officer.full_name)
            )

    def counter_of(self, agency: Agency) -> Department | None:
        rooms = (room for room in self.rooms.values() if room.agency_id == agency.pk)
        return next((room for room in rooms if room.kind == DepartmentKind.ONE_STOP), None)

    def clerks_at(self, counter: Department) -> list[Seat]:
        seats = self.seats[counter.agency_id][Role.CLERK]
        return [seat for seat in seats if seat.department_id == counter.pk]

    def handlers_for(self, agency: Agency) -> list[Handler]:
        """The agency itself where it handles; else those beside it that have no counter."""
        own = self._handler(agency)
        if own is not None:
            return [own]
        beside = [
            other
            for other in self.agencies
            if agency.parent_id and other.parent_id == agency.parent_id and not other.is_one_stop
        ]
        return [handler for other in beside if (handler := self._handler(other)) is not None]

    def people_of(self, agency: Agency) -> list[Agency]:
        """Where those live who come to its counter."""
        if agency.level == Level.COMMUNE:
            return [agency]
        return [other for other in self.agencies if other.level == Level.COMMUNE] or [agency]

    def _handler(self, agency: Agency) -> Handler | None:
        return _handler(agency, self.seats[agency.pk], self.rooms, self.today)


def _wanted(kinds: dict[str, list[Kind]], agency: Agency, today: date) -> list[Kind]:
    """What people ask for at its counter: what is published as received there, if lists are."""
    level = "xã" if agency.level == Level.COMMUNE else "tỉnh"
    found = kinds[level] or kinds["xã"] or kinds["tỉnh"]
    if (only := listed(agency, today).received) is None:
        return found
    received = set(
        ProcedureVersion.objects.filter(only, pk__in=[kind.version_id for kind in found])
        .order_by()
        .values_list("pk", flat=True)
    )
    return [kind for kind in found if kind.version_id in received] or found


def place_name(agency: Agency) -> str:
    """Where its people live: "xã Đồng Đăng, tỉnh Lạng Sơn"."""
    name = agency.name.removeprefix("Ủy ban nhân dân ")
    province = agency.province_name
    return f"{name}, {province[:1].lower()}{province[1:]}" if province else name


def _handler(
    agency: Agency, seats: dict[str, list[Seat]], rooms: dict[int, Department], today: date
) -> Handler | None:
    professional = {pk for pk, room in rooms.items() if room.kind == DepartmentKind.PROFESSIONAL}
    specialists = [seat for seat in seats[Role.SPECIALIST] if seat.department_id in professional]
    leaders = [
        seat
        for seat in seats[Role.LEADER]
        if all(seat.officer_id != other.officer_id for other in specialists)
    ]
    if not specialists or not leaders:
        return None
    calendar = calendar_of(agency.pk)
    return Handler(agency.pk, calendar, working_hours(calendar, today), specialists, leaders)


def _kinds() -> dict[str, list[Kind]]:
    """Cases with confirmed terms, by the level that receives them. Stories follow the default
    process, so that nothing its steps want approved is passed over; procedures with a process of
    their own are left to people.
    """
    found: dict[str, list[Kind]] = {"xã": [], "tỉnh": []}
    own = InternalProcess.objects.filter(is_default=False, replaced=False).values("procedure_code")
    cases = Case.objects.filter(version__status=Status.READY, version__effective_to=None)
    cases = cases.exclude(version__procedure__code__in=own).select_related("version__field")
    for case in cases.prefetch_related("methods", "papers").order_by(
        "version__procedure__code", "version_id", "order"
    ):
        kind, levels = _kind(case), case.version.levels
        # On the long path a certification ends with its number in a book, which no copy of a story
        # can have.
        if kind is None or (not kind.immediate and book_of(case.version.name) is not None):
            continue
        if "xã" in levels or not levels:
            found["xã"].append(kind)
        if {"tỉnh", "Tỉnh", "Bộ"} & set(levels):
            found["tỉnh"].append(kind)
    return found


def _kind(case: Case) -> Kind | None:
    """The case with the terms and fees of its channels; None where no channel promises a day."""
    version = case.version
    promised = [(method, term) for method in case.methods.all() if (term := _promised(method))]
    if not promised:
        return None
    return Kind(
        case_id=case.pk,
        version_id=version.pk,
        field_id=version.field_id,
        restarts=version.supplement_mode == SupplementMode.RESTART,
        terms={method.channel: (str(term), term) for method, term in promised},
        fees={method.channel: method.fee_amount or 0 for method, _ in promised},
        papers=tuple(_paper(paper) for paper in _papers(case)),
        result=_result_of(version.results),
        common=version.field.name in COMMON_FIELDS,
        priced=frozenset(m.channel for m, _ in promised if m.fee_amount is not None),
        companies=company_share(version.applicants, version.field.name),
        taxed=_is_taxed(version),
    )


def _is_taxed(version: ProcedureVersion) -> bool:
    return "ất đai" in version.field.name or "quyền sở hữu" in version.name


def _promised(method: Method) -> Term | None:
    """The term of a channel that promises a day."""
    term = parse_term(method.term) if method.term else None
    return term if term is not None and term.promises else None


def _papers(case: Case) -> list[Paper]:
    """The first papers of its list: what a life brings."""
    return [paper for paper in case.papers.all() if not paper.is_note][:6]


def _paper(paper: Paper) -> tuple[int, str, int, int, int]:
    """A paper as it is brought: at least one original where the list names no number."""
    originals = paper.originals or (0 if paper.copies or paper.certified else 1)
    return (paper.pk, paper.name, originals, paper.certified, paper.copies)


def _result_of(results: list[Any]) -> str:
    first = results[0] if results else ""
    return str(first.get("name", "") if isinstance(first, dict) else first)[:300]


def _weights(kinds: list[Kind]) -> list[float]:
    """Few procedures make most of the work: a long tail over a fixed shuffle, and the share of what
    is given back at once.
    """
    order = list(range(len(kinds)))
    Random(len(kinds)).shuffle(order)
    weights = [
        (COMMON if kind.common else 1) / (place + 2)
        for place, kind in zip(order, kinds, strict=True)
    ]
    at_once = sum(w for w, kind in zip(weights, kinds, strict=True) if kind.immediate)
    other = sum(weights) - at_once
    if at_once and other:
        scale = {True: IMMEDIATE_SHARE / at_once, False: (1 - IMMEDIATE_SHARE) / other}
        weights = [w * scale[kind.immediate] for w, kind in zip(weights, kinds, strict=True)]
    return list(accumulate(weights))


# Online about two thirds where it is offered, the rest at the counter, little by post.
CHANNELS = ((Channel.ONLINE_FULL, 0.62), (Channel.DIRECT, 0.35), (Channel.POST, 0.03))


def channel_of(kind: Kind, rng: Random) -> int:
    if kind.immediate:
        return Channel.DIRECT if Channel.DIRECT in kind.terms else min(kind.terms)
    offered = [(c, share) for c, share in CHANNELS if c in kind.terms]
    return rng.choices([c for c, _ in offered], [share for _, share in offered])[0]


def default_steps() -> tuple[str, str, str]:
    """The words of the default process for handling, approving and returning."""
    process = (
        InternalProcess.objects.filter(is_default=True, replaced=False)
        .prefetch_related("steps")
        .first()
    )
    words = {step.role: step.task[:300] for step in process.steps.all()} if process else {}
    return (
        words.get(StepRole.SPECIALIST, "Thẩm định hồ sơ"),
        words.get(StepRole.LEADER, "Duyệt, ký kết quả"),
        "Trả kết quả tại Bộ phận Một cửa",
    )
