"""A demo province: Lạng Sơn with real place names and codes of the level above; people, telephones
and unit codes are invented.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from onestop.accounts.calendars import load_national_calendar
from onestop.accounts.models import (
    Agency,
    AgencyKind,
    Department,
    DepartmentKind,
    Level,
    Officer,
    PasswordRecord,
    Role,
    RoleGrant,
)

PROVINCE, PROVINCE_CODE = "Tỉnh Lạng Sơn", "H37"
OPENED = date(2025, 7, 1)
ONE_STOP, OFFICE, ECONOMY, CULTURE = (
    "Bộ phận Một cửa",
    "Văn phòng HĐND và UBND",
    "Phòng Kinh tế",
    "Phòng Văn hóa - Xã hội",
)
LEADERSHIP, CLERICAL = "Lãnh đạo", "Văn thư"

# (code of the general statistics office, name, place)
COMMUNES = (
    ("05986", "phường Tam Thanh", "Số 12 đường Tam Thanh"),
    ("06184", "xã Đồng Đăng", "Khu Ga, xã Đồng Đăng"),
    ("06529", "xã Lộc Bình", "Khu Hòa Bình, xã Lộc Bình"),
)


@dataclass(frozen=True)
class Person:
    """One officer to be made: account, name, title, department, roles."""

    username: str
    full_name: str
    title: str
    department: str
    roles: tuple[Role, ...]


FIRST_COMMUNE = (
    Person(
        "tiepnhan",
        "Hoàng Thị Bích Liên",
        "Công chức tiếp nhận",
        ONE_STOP,
        (Role.CLERK, Role.CASHIER),
    ),
    Person("tiepnhan2", "Lý Minh Tuấn", "Công chức tiếp nhận", ONE_STOP, (Role.CLERK,)),
    Person(
        "chuyenvien", "Nông Văn Thắng", "Công chức tư pháp - hộ tịch", OFFICE, (Role.SPECIALIST,)
    ),
    Person(
        "chuyenvien2",
        "Vi Thị Hồng Nhung",
        "Công chức tư pháp - hộ tịch",
        OFFICE,
        (Role.SPECIALIST,),
    ),
    Person("truongphong", "Trần Đức Hải", "Chánh Văn phòng HĐND và UBND", OFFICE, (Role.HEAD,)),
    Person(
        "kinhte.chuyenvien", "Đinh Công Mạnh", "Công chức địa chính", ECONOMY, (Role.SPECIALIST,)
    ),
    Person("kinhte.truongphong", "Lương Quốc Bảo", "Trưởng phòng Kinh tế", ECONOMY, (Role.HEAD,)),
    Person(
        "vhxh.chuyenvien", "Hứa Thị Ngọc", "Công chức văn hóa - xã hội", CULTURE, (Role.SPECIALIST,)
    ),
    Person(
        "vhxh.truongphong",
        "Bế Thị Thanh Hương",
        "Trưởng phòng Văn hóa - Xã hội",
        CULTURE,
        (Role.HEAD,),
    ),
    Person("lanhdao", "Nguyễn Hữu Phúc", "Chủ tịch UBND phường", LEADERSHIP, (Role.LEADER,)),
    Person("kiemsoat", "Đặng Thị Thu Trang", "Đầu mối kiểm soát TTHC", OFFICE, (Role.CONTROLLER,)),
    Person("vanthu", "Lộc Thị Mai", "Văn thư", CLERICAL, (Role.DOCUMENTS,)),
    Person(
        "quantri", "Phan Anh Dũng", "Công chức công nghệ thông tin", OFFICE, (Role.ADMINISTRATOR,)
    ),
)
# A commune with five officers: several roles in one person.
SMALL_COMMUNE = (
    Person(
        "tiepnhan",
        "Triệu Thị Xuân",
        "Công chức tiếp nhận",
        ONE_STOP,
        (Role.CLERK, Role.CASHIER, Role.DOCUMENTS),
    ),
    Person(
        "hotich",
        "Nông Thị Diệp",
        "Công chức tư pháp - hộ tịch",
        OFFICE,
        (Role.CLERK, Role.SPECIALIST),
    ),
    Person(
        "diachinh", "Hoàng Văn Sơn", "Công chức địa chính", ECONOMY, (Role.SPECIALIST, Role.HEAD)
    ),
    Person(
        "vanphong",
        "Chu Văn Khánh",
        "Chánh Văn phòng",
        OFFICE,
        (Role.HEAD, Role.CONTROLLER, Role.ADMINISTRATOR),
    ),
    Person("lanhdao", "Mông Thị Yến", "Phó Chủ tịch UBND xã", LEADERSHIP, (Role.LEADER,)),
)
THIRD_COMMUNE = (
    Person(
        "tiepnhan", "Dương Thị Hạnh", "Công chức tiếp nhận", ONE_STOP, (Role.CLERK, Role.CASHIER)
    ),
    Person(
        "chuyenvien", "Lăng Văn Quyết", "Công chức tư pháp - hộ tịch", OFFICE, (Role.SPECIALIST,)
    ),
    Person("kinhte", "Tô Hoài Nam", "Công chức địa chính", ECONOMY, (Role.SPECIALIST,)),
    Person(
        "truongphong",
        "Vy Thị Lan Anh",
        "Trưởng phòng Văn hóa - Xã hội",
        CULTURE,
        (Role.HEAD, Role.SPECIALIST),
    ),
    Person("lanhdao", "Hà Đình Chiến", "Chủ tịch UBND xã", LEADERSHIP, (Role.LEADER,)),
    Person(
        "kiemsoat",
        "Phùng Thị Kim Oanh",
        "Văn phòng HĐND và UBND",
        OFFICE,
        (Role.CONTROLLER, Role.DOCUMENTS, Role.ADMINISTRATOR),
    ),
)
PROVINCE_PEOPLE = (
    Person("tinh.lanhdao", "Đoàn Quang Vinh", "Phó Chủ tịch UBND tỉnh", LEADERSHIP, (Role.LEADER,)),
    Person(
        "tinh.kiemsoat",
        "Lê Thị Minh Nguyệt",
        "Trưởng phòng Kiểm soát TTHC",
        "Văn phòng UBND tỉnh",
        (Role.CONTROLLER,),
    ),
    Person(
        "tinh.quantri",
        "Vũ Thành Trung",
        "Quản trị hệ thống",
        "Văn phòng UBND tỉnh",
        (Role.ADMINISTRATOR,),
    ),
)
CENTRE_PEOPLE = (
    Person(
        "tinh.tiepnhan",
        "Nguyễn Thị Thùy Dung",
        "Viên chức tiếp nhận",
        ONE_STOP,
        (Role.CLERK, Role.CASHIER),
    ),
    Person("tinh.tiepnhan2", "Hoàng Trung Kiên", "Viên chức tiếp nhận", ONE_STOP, (Role.CLERK,)),
    Person("tinh.giamdoc", "Ngô Văn Thịnh", "Giám đốc Trung tâm", LEADERSHIP, (Role.LEADER,)),
)
JUSTICE_PEOPLE = (
    Person(
        "stp.chuyenvien",
        "Phạm Thị Hoài",
        "Chuyên viên",
        "Phòng Hành chính tư pháp",
        (Role.SPECIALIST,),
    ),
    Person(
        "stp.truongphong",
        "Bùi Xuân Trường",
        "Trưởng phòng",
        "Phòng Hành chính tư pháp",
        (Role.HEAD,),
    ),
    Person("stp.lanhdao", "Đỗ Thị Bích Hằng", "Phó Giám đốc Sở", LEADERSHIP, (Role.LEADER,)),
    Person("stp.vanthu", "Mai Thị Hiền", "Văn thư", CLERICAL, (Role.DOCUMENTS,)),
)
LAND_PEOPLE = (
    Person(
        "snnmt.chuyenvien",
        "Lê Văn Cường",
        "Chuyên viên",
        "Phòng Quản lý đất đai",
        (Role.SPECIALIST,),
    ),
    Person(
        "snnmt.truongphong",
        "Trương Thị Quyên",
        "Trưởng phòng",
        "Phòng Quản lý đất đai",
        (Role.HEAD,),
    ),
    Person("snnmt.lanhdao", "Nguyễn Trọng Nghĩa", "Phó Giám đốc Sở", LEADERSHIP, (Role.LEADER,)),
    Person("snnmt.vanthu", "Hoàng Thị Thơm", "Văn thư", CLERICAL, (Role.DOCUMENTS,)),
)


@transaction.atomic
def make_demo_organisation(
    *, password: str, at: datetime, seen_at: datetime | None = None
) -> dict[str, Any]:
    """The demo province, once: a second call changes nothing and gives the same answer.

    In: since when there are these accounts; when they were last used and got their password (None:
    then too): old ones would be taken for unused (R-141) where the demo is not said to be one.
    Gives {"province", "centre": Agency, "departments": [Agency, Agency], "communes": [Agency × 3],
    "officers": {username: Officer}}. Loads the national calendar too. All accounts have `password`.
    """
    load_national_calendar()
    if not Agency.objects.filter(code=PROVINCE_CODE).exists():
        _make(make_password(password), _Since(at, seen_at or at))
    agencies = {
        agency.code: agency
        for agency in Agency.objects.under(Agency.objects.get(code=PROVINCE_CODE).path)
    }
    return {
        "province": agencies[PROVINCE_CODE],
        "centre": agencies["H37.01"],
        "departments": [agencies["H37.08"], agencies["H37.12"]],
        "communes": [agencies[f"H37.{code}"] for code, _, _ in COMMUNES],
        "officers": {
            officer.username: officer
            for officer in Officer.objects.of_subtree(agencies[PROVINCE_CODE].path)
        },
    }


@dataclass(frozen=True)
class _Since:
    """Since when there are the accounts, and when they were last used."""

    created: datetime
    seen: datetime


def _make(encoded: str, since: _Since) -> None:
    top = _agency(
        "H37",
        "Ủy ban nhân dân tỉnh Lạng Sơn",
        "UBND tỉnh",
        Level.PROVINCE,
        AgencyKind.PEOPLES_COMMITTEE,
        None,
    )
    _staff(top, [LEADERSHIP, "Văn phòng UBND tỉnh"], PROVINCE_PEOPLE, "", encoded, since)
    centre = _agency(
        "H37.01",
        "Trung tâm Phục vụ hành chính công tỉnh Lạng Sơn",
        "Trung tâm PVHCC tỉnh",
        Level.PROVINCE,
        AgencyKind.SERVICE_CENTRE,
        top,
        address="Phố Dã Tượng, phường Lương Văn Tri, tỉnh Lạng Sơn",
        phone="0205 0000 001",
    )
    _staff(centre, [ONE_STOP, LEADERSHIP], CENTRE_PEOPLE, "", encoded, since)
    justice = _agency(
        "H37.08",
        "Sở Tư pháp tỉnh Lạng Sơn",
        "Sở Tư pháp",
        Level.PROVINCE,
        AgencyKind.DEPARTMENT,
        top,
    )
    _staff(
        justice,
        ["Phòng Hành chính tư pháp", LEADERSHIP, CLERICAL],
        JUSTICE_PEOPLE,
        "",
        encoded,
        since,
    )
    land = _agency(
        "H37.12",
        "Sở Nông nghiệp và Môi trường tỉnh Lạng Sơn",
        "Sở NN và MT",
        Level.PROVINCE,
        AgencyKind.DEPARTMENT,
        top,
    )
    _staff(land, ["Phòng Quản lý đất đai", LEADERSHIP, CLERICAL], LAND_PEOPLE, "", encoded, since)
    rooms = [ONE_STOP, OFFICE, ECONOMY, CULTURE, LEADERSHIP, CLERICAL]
    communes = []
    for (code, name, place), people, prefix in zip(
        COMMUNES,
        (FIRST_COMMUNE, SMALL_COMMUNE, THIRD_COMMUNE),
        ("", "dongdang.", "locbinh."),
        strict=True,
    ):
        commune = _agency(
            f"H37.{code}",
            f"Ủy ban nhân dân {name}",
            f"UBND {name}",
            Level.COMMUNE,
            AgencyKind.PEOPLES_COMMITTEE,
            top,
            address=f"{place}, tỉnh Lạng Sơn",
            phone=f"0205 0000 {code[-3:]}",
        )
        _staff(commune, rooms, people, prefix, encoded, since)
        communes.append(commune)
    Agency.objects.create(
        code="H37.24",
        name="Ủy ban nhân dân huyện Cao Lộc",
        short_name="UBND huyện Cao Lộc",
        level=Level.DISTRICT,
        kind=AgencyKind.PEOPLES_COMMITTEE,
        parent=top,
        successor=communes[1],
        province_name=PROVINCE,
        closed_on=date(2025, 6, 30),
    )


def _agency(
    code: str,
    name: str,
    short: str,
    level: Level,
    kind: AgencyKind,
    parent: Agency | None,
    **more: str,
) -> Agency:
    receives = level == Level.COMMUNE or kind == AgencyKind.SERVICE_CENTRE
    return Agency.objects.create(
        code=code,
        name=name,
        short_name=short,
        level=level,
        kind=kind,
        parent=parent,
        province_name=PROVINCE,
        dossier_code=code if receives else "",
        is_one_stop=receives,
        opened_on=OPENED if level == Level.COMMUNE else None,
        **more,
    )


def _kind(name: str) -> DepartmentKind:
    special = {
        ONE_STOP: DepartmentKind.ONE_STOP,
        LEADERSHIP: DepartmentKind.LEADERSHIP,
        CLERICAL: DepartmentKind.CLERICAL,
    }
    return special.get(name, DepartmentKind.PROFESSIONAL)


def _called(room: str, agency: Agency) -> str:
    """A commune's counter is its own centre since 01/7/2025 (NĐ 118/2025), named after the commune."""
    if room != ONE_STOP or agency.level != Level.COMMUNE:
        return room
    return f"Trung tâm Phục vụ hành chính công {agency.name.removeprefix('Ủy ban nhân dân ')}"


def _staff(
    agency: Agency,
    rooms: list[str],
    people: tuple[Person, ...],
    prefix: str,
    encoded: str,
    since: _Since,
) -> None:
    """Departments and officers of one agency. The one hash is shared: hashing forty times would
    take a minute.
    """
    departments = {
        name: Department.objects.create(
            agency=agency, name=_called(name, agency), kind=_kind(name), order=number
        )
        for number, name in enumerate(rooms, start=1)
    }
    for person in people:
        officer = Officer.objects.create(
            username=prefix + person.username,
            password=encoded,
            full_name=person.full_name,
            title=person.title,
            email=f"{prefix}{person.username}@motcua.example",
            agency=agency,
            department=departments[person.department],
            must_change_password=False,
            password_changed_at=since.seen,
            created_at=since.created,
            last_seen_at=since.seen,
        )
        PasswordRecord.objects.create(officer=officer, encoded=encoded, set_at=since.seen)
        for role in person.roles:
            room = (
                departments[ONE_STOP]
                if role == Role.CLERK and ONE_STOP in departments
                else departments[person.department]
            )
            RoleGrant.objects.create(
                officer=officer, role=role, agency=agency, department=room, valid_from=OPENED
            )
