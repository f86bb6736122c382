"""How accounts are used (R-144): of each agency who may do nothing, who has not come for so many days,
and which of its rooms lack a role that their work needs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from io import BytesIO

from django.utils import timezone

from dossiers.states import APPROVERS
from onestop.accounts.domain.signing_in import UNUSED
from onestop.accounts.models import (
    Agency,
    Department,
    DepartmentKind,
    Officer,
    Role,
    RoleGrant,
)
from onestop.workbook import Sheet, book_into

# After how many days an account stands out; the first unless another is asked for.
DAYS = (UNUSED.days, 30, 90)


class Why(StrEnum):
    """What is to be said of an account; the first that holds."""

    OFF = "Đã ngừng"
    NO_ROLE = "Chưa có vai trò"
    NEVER = "Chưa đăng nhập lần nào"
    IDLE = "Lâu không đăng nhập"


# By the roles that any of them fills: what is missing is called.
_NEEDED: dict[tuple[Role, ...], str] = {
    (Role.CLERK,): "cán bộ tiếp nhận",
    (Role.SPECIALIST,): "chuyên viên",
    tuple(APPROVERS): "người duyệt (trưởng phòng hoặc lãnh đạo)",
    (Role.CONTROLLER,): "đầu mối kiểm soát",
}
_OF_ROOM: dict[str, tuple[tuple[Role, ...], str]] = {
    DepartmentKind.ONE_STOP: ((Role.CLERK,), "cán bộ tiếp nhận"),
    DepartmentKind.PROFESSIONAL: ((Role.SPECIALIST, Role.HEAD), "chuyên viên"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """An account that something is to be said of. `seen`: when it was last signed in with, or opened
    again; `days`: since then.
    """

    officer: Officer
    agency: Agency
    why: Why
    days: int = 0

    @property
    def seen(self) -> datetime | None:
        return self.officer.last_seen_at

    @property
    def room(self) -> str:
        return self.officer.department.name if self.officer.department is not None else ""

    @property
    def words(self) -> str:
        return f"{self.why} ({self.days} ngày)" if self.why is Why.IDLE else str(self.why)


@dataclass(slots=True)
class Line:
    """One agency. `accounts`: those that are not closed; `lacks`: roles that its work needs and nobody
    holds; `rooms`: the same of its rooms, where the agency has somebody elsewhere.
    """

    agency: Agency
    accounts: int = 0
    counts: dict[Why, int] = field(default_factory=lambda: dict.fromkeys(Why, 0))
    lacks: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()

    @property
    def no_role(self) -> int:
        return self.counts[Why.NO_ROLE]

    @property
    def never(self) -> int:
        return self.counts[Why.NEVER]

    @property
    def idle(self) -> int:
        return self.counts[Why.IDLE]

    @property
    def off(self) -> int:
        return self.counts[Why.OFF]

    @property
    def missing(self) -> str:
        """All that is missing, as a sentence; "" where nothing is."""
        return "; ".join((*self.lacks, *self.rooms))

    @property
    def to_do(self) -> bool:
        return bool(self.missing or not self.accounts or any(self.counts.values()))


@dataclass(frozen=True, slots=True)
class Use:
    """`days`: after how many of them an account stands out."""

    days: int
    lines: list[Line]
    people: list[Person]

    def people_of(self, agency: Agency) -> list[Person]:
        return [one for one in self.people if one.agency == agency]


def of(agencies: Iterable[Agency], days: int, at: datetime) -> Use:
    """What stands today, agencies that have ended left out. Three queries, however many they are."""
    today = timezone.localdate(at)
    lines = {one.pk: Line(one) for one in agencies if not one.has_ended(today)}
    open_ = list(Officer.objects.filter(agency__in=list(lines), closed_at=None).select_related("department").order_by("sort_name", "pk"))  # fmt: skip
    grants = RoleGrant.objects.valid_on(today).filter(officer__is_active=True, officer__closed_at=None)  # fmt: skip
    held = list(grants.values_list("officer", "role", "agency", "department"))
    with_role = {officer for officer, *_ in held}
    people = []
    for one in open_:
        line = lines[one.agency_id]  # type: ignore[index]  # asked for by its agency
        line.accounts += 1
        why = _why(one, one.pk in with_role, days, at)
        if why is not None:
            line.counts[why] += 1
            since = one.last_seen_at or at
            people.append(Person(one, line.agency, why, max((at - since).days, 0)))
    roles: dict[tuple[int, int | None], set[Role]] = defaultdict(set)
    for _, role, agency, department in held:
        roles[agency, None].add(Role(role))
        roles[agency, department].add(Role(role))
    rooms: dict[int, list[Department]] = defaultdict(list)
    for room in Department.objects.filter(agency__in=list(lines), is_active=True):
        rooms[room.agency_id].append(room)
    for pk, line in lines.items():
        line.lacks = tuple(_lacks(line.agency, rooms[pk], roles[pk, None]))
        line.rooms = tuple(_empty_rooms(rooms[pk], roles, roles[pk, None]))
    return Use(days, list(lines.values()), people)


def _why(officer: Officer, has_role: bool, days: int, at: datetime) -> Why | None:
    if not officer.is_active:
        return Why.OFF
    if not has_role:
        return Why.NO_ROLE
    if officer.last_seen_at is None:
        return Why.NEVER
    return Why.IDLE if at - officer.last_seen_at > timedelta(days) else None


def _lacks(agency: Agency, rooms: Sequence[Department], held: Collection[Role]) -> Iterable[str]:
    kinds = {room.kind for room in rooms}
    receives = agency.is_one_stop or DepartmentKind.ONE_STOP in kinds
    handles = DepartmentKind.PROFESSIONAL in kinds
    for roles, words in _NEEDED.items():
        needed = {Role.CLERK: receives, Role.SPECIALIST: handles}.get(roles[0], receives or handles)
        if needed and not any(role in held for role in roles):
            yield f"Chưa có {words}"


def _empty_rooms(
    rooms: Sequence[Department],
    roles: dict[tuple[int, int | None], set[Role]],
    anywhere: Collection[Role],
) -> Iterable[str]:
    """Rooms where nobody holds what their kind needs, while somebody of the agency holds the first of
    it: else the agency itself lacks it (_lacks), and its rooms need not be named.
    """
    for room in sorted(rooms, key=lambda one: (one.order, one.pk)):
        wanted, words = _OF_ROOM.get(room.kind, ((), ""))
        here = roles.get((room.agency_id, room.pk), set())
        if wanted and not here.intersection(wanted) and set(anywhere).intersection(wanted[:1]):
            yield f"{room.name}: chưa có {words}"


def xlsx(use: Use) -> bytes:
    """Agencies on one sheet, people on another."""
    into = BytesIO()
    book = book_into(into, "Sử dụng tài khoản")
    sheet = Sheet(book, "Cơ quan")
    sheet.widths(44, 16, 12, 12, 14, 18, 12, 60)
    sheet.heads(
        "Cơ quan", "Mã cơ quan", "Tài khoản", Why.NO_ROLE, Why.NEVER,
        f"Không đăng nhập quá {use.days} ngày", Why.OFF, "Vai trò còn thiếu",
    )  # fmt: skip
    for line in use.lines:
        sheet.line(
            line.agency.name, line.agency.code, line.accounts, line.no_role, line.never, line.idle,
            line.off, line.missing,
        )  # fmt: skip
    people = Sheet(book, "Tài khoản")
    people.widths(30, 20, 44, 34, 34, 20)
    people.heads("Họ và tên", "Tên đăng nhập", "Cơ quan", "Phòng ban", "Tình trạng", "Đăng nhập lần cuối")  # fmt: skip
    for one in use.people:
        people.line(one.officer.full_name, one.officer.username, one.agency.name, one.room, one.words, one.seen)  # fmt: skip
    book.close()
    return into.getvalue()
