"""A small office for tests: one commune with its counter, two rooms, a leader; a few procedures
with confirmed terms.

office = make_office()              # agency, departments, officers
case = make_case("7 ngày làm việc") # a procedure in force with papers
dossier = receive(office, case, at=...)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count
from uuid import uuid4

from dossiers.acts import reception
from dossiers.intake import brought
from dossiers.intake.online import CHANNELS
from dossiers.models import Dossier
from dossiers.models.collecting import ResultNotice
from onestop.accounts.calendars import load_national_calendar
from onestop.accounts.desk import Desk, desk_of, touch
from onestop.accounts.models import (
    Agency,
    AgencyKind,
    Department,
    DepartmentKind,
    Level,
    Officer,
    Role,
    RoleGrant,
)
from onestop.accounts.models.officers import sort_key
from onestop.changes.domain import add_all
from procedures.channels import Channel
from procedures.models import Case, Field, Method, Paper, Procedure, ProcedureVersion, Status
from procedures.searching import initials, search_text
from tests.clock import MONDAY, VN, vn

# How the applicant is told of a result that is given back before its promise.
IN_PERSON = ResultNotice.Way.SPOKEN

_numbers = count(1)


@dataclass
class Office:
    agency: Agency
    counter: Department
    room: Department
    second_room: Department
    leadership: Department
    clerk: Officer
    specialist: Officer
    second_specialist: Officer
    head: Officer
    leader: Officer
    controller: Officer

    def desk(self, officer: Officer, at: datetime = MONDAY) -> Desk:
        return desk_of(officer, at)


def new_officer(name: str, agency: Agency, department: Department | None, username: str) -> Officer:
    """Not written yet: whoever writes many does it in one statement."""
    officer = Officer(
        username=username or f"canbo{next(_numbers)}",
        full_name=name,
        sort_name=sort_key(name),
        agency=agency,
        department=department,
        email=f"c{next(_numbers)}@xa.example",
        must_change_password=False,
    )
    officer.set_password("Mat-khau-1")
    return officer


def make_officer(
    name: str, agency: Agency, *places: tuple[Role, Department | None], username: str = ""
) -> Officer:
    officer = new_officer(name, agency, places[0][1], username)
    officer.save()
    for role, department in places:
        RoleGrant.objects.create(
            officer=officer,
            role=role,
            agency=agency,
            department=department,
            valid_from=date(2018, 1, 1),
        )
    return officer


def make_agency(
    name: str = "Ủy ban nhân dân xã Bình Minh", *, parent: Agency | None = None, code: str = ""
) -> Agency:
    number = next(_numbers)
    return Agency.objects.create(
        code=code or f"H99.{number}",
        name=name,
        level=Level.COMMUNE,
        kind=AgencyKind.PEOPLES_COMMITTEE,
        parent=parent,
        dossier_code=code or f"H99.{number}",
        is_one_stop=True,
    )


def make_office(
    name: str = "Ủy ban nhân dân xã Bình Minh", *, parent: Agency | None = None
) -> Office:
    load_national_calendar()
    agency = make_agency(name, parent=parent)
    rooms = [
        Department(agency=agency, name=title, kind=kind)
        for title, kind in (
            ("Bộ phận Tiếp nhận và Trả kết quả", DepartmentKind.ONE_STOP),
            ("Phòng Văn hóa - Xã hội", DepartmentKind.PROFESSIONAL),
            ("Phòng Kinh tế", DepartmentKind.PROFESSIONAL),
            ("Lãnh đạo Ủy ban", DepartmentKind.LEADERSHIP),
        )
    ]
    counter, room, second, leadership = add_all(Department, rooms)
    people: list[tuple[str, Role, Department | None]] = [
        ("Trần Thị Thu Hà", Role.CLERK, counter),
        ("Lê Văn Dũng", Role.SPECIALIST, room),
        ("Phạm Thị Đào", Role.SPECIALIST, second),
        ("Nguyễn Quốc Việt", Role.HEAD, room),
        ("Hoàng Minh Tuấn", Role.LEADER, leadership),
        ("Đỗ Thị Hạnh", Role.CONTROLLER, None),
    ]
    return Office(agency, counter, room, second, leadership, *_staff(agency, people))


def _staff(agency: Agency, people: list[tuple[str, Role, Department | None]]) -> list[Officer]:
    """Each with one role, as `make_officer` makes them, in a few statements: most tests make an
    office.
    """
    officers = [new_officer(name, agency, place, "") for name, _, place in people]
    return employ(officers, [role for _, role, _ in people], since=date(2018, 1, 1))


def employ(officers: list[Officer], roles: Iterable[Role], *, since: date) -> list[Officer]:
    """Write officers and give each one role in the own department."""
    add_all(Officer, officers)
    grants = [
        RoleGrant(
            officer=officer,
            role=role,
            agency=officer.agency,
            department=officer.department,
            valid_from=since,
        )
        for officer, role in zip(officers, roles, strict=True)
    ]
    add_all(RoleGrant, grants)
    touch(*(officer.pk for officer in officers))
    return officers


def make_case(
    term: str = "7 ngày làm việc",
    *,
    name: str = "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân",
    papers: int = 3,
    fee: int | None = 0,
    field: str = "Hộ tịch",
    status: Status = Status.READY,
    effective_from: date = date(2018, 1, 1),
    effective_to: date | None = None,
    supplement_mode: int = 1,
    executing: str = "",
    authority: str = "",
    code: str = "",
    results: Sequence[dict[str, str]] = (),
) -> Case:
    number = next(_numbers)
    code = code or f"1.{number:06d}"
    version = ProcedureVersion.objects.create(
        procedure=Procedure.objects.create(code=code),
        number=1,
        name=name,
        field=Field.objects.get_or_create(name=field)[0],
        levels="Cấp xã",
        decision_number="163/QĐ-BTP",
        effective_from=effective_from,
        effective_to=effective_to,
        status=status,
        content_hash=f"{number:064x}",
        search_text=search_text(code, name, field),
        initials=initials(name),
        supplement_mode=supplement_mode,
        agency_executing=executing,
        agency_authority=authority,
        results=list(results),
    )
    case = Case.objects.create(version=version, order=1, name="")
    for channel in (Channel.DIRECT, Channel.ONLINE_FULL, Channel.POST):
        Method.objects.create(
            case=case,
            channel=channel,
            term=term,
            term_text=term,
            fee_amount=fee,
            fee_text="Miễn phí" if fee == 0 else "",
        )
    add_all(
        Paper,
        [
            Paper(case=case, order=n, name=f"Giấy tờ thứ {n} của thủ tục", originals=1)
            for n in range(1, papers + 1)
        ],
    )
    return case


def an_intake(
    office: Office, case: Case, *, owner: str = "Nguyễn Văn Ân", **changes: object
) -> brought.Intake:
    """What a clerk enters for an ordinary dossier; `changes` replace fields."""
    papers = tuple(
        brought.PaperIn(p.pk, originals=p.originals, copies=p.copies)
        for p in case.papers.all()
        if not p.is_note
    )
    base = brought.Intake(
        token=uuid4(),
        agency=office.agency,
        case_id=case.pk,
        channel=Channel.DIRECT,
        owner=brought.Person(
            name=owner,
            identity_number="001087000123",
            phone="0912345678",
            address="Thôn 2, xã Bình Minh",
        ),
        papers=papers,
        no_scan_reason="Máy quét hỏng",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def receive(
    office: Office,
    case: Case,
    *,
    at: datetime = MONDAY,
    owner: str = "Nguyễn Văn Ân",
    **changes: object,
) -> Dossier:
    intake = an_intake(office, case, owner=owner, **changes)
    if intake.channel in CHANNELS and intake.online is None:
        intake = replace(intake, online=filed_online(at))
    return reception.receive(intake, by=office.desk(office.clerk, at), at=at)


def filed_online(at: datetime, code: str = "") -> brought.OnlineIn:
    """Half an hour ago, under a code of the national portal."""
    code = code or f"G99.01-{at:%y%m%d}-{next(_numbers):06d}"
    return brought.OnlineIn(code, at.replace(second=0, microsecond=0) - timedelta(minutes=30))


__all__ = [
    "MONDAY",
    "VN",
    "Office",
    "an_intake",
    "filed_online",
    "make_agency",
    "make_case",
    "make_office",
    "make_officer",
    "receive",
    "vn",
]
