"""A province with two communes and people to sign in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import count

import pytest

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

PASSWORD = "Một-cửa-2026"
_numbers = count(1)


@dataclass(frozen=True)
class Tree:
    province: Agency
    here: Agency
    there: Agency
    counter: Department
    room: Department


def make_agency(
    code: str, parent: Agency | None = None, level: Level = Level.COMMUNE, **more: object
) -> Agency:
    return Agency.objects.create(
        code=code,
        name=f"Ủy ban nhân dân {code}",
        level=level,
        kind=AgencyKind.PEOPLES_COMMITTEE,
        parent=parent,
        **more,
    )


@pytest.fixture
def tree(db: None) -> Tree:
    province = make_agency("H37", level=Level.PROVINCE)
    here, there = make_agency("H37.1", province), make_agency("H37.2", province)
    counter = Department.objects.create(
        agency=here, name="Bộ phận Một cửa", kind=DepartmentKind.ONE_STOP
    )
    room = Department.objects.create(agency=here, name="Phòng Kinh tế")
    return Tree(province, here, there, counter, room)


OfficerMaker = Callable[..., Officer]


@pytest.fixture
def officer(tree: Tree) -> OfficerMaker:
    """`officer(Role.CLERK, agency=tree.there)`: an open account with these roles; today's commune
    by default.
    """

    def make(
        *roles: Role,
        agency: Agency | None = None,
        department: Department | None = None,
        **fields: object,
    ) -> Officer:
        number = next(_numbers)
        usual = {
            "full_name": f"Nguyễn Văn Số {number}",
            "agency": agency or tree.here,
            "must_change_password": False,
        }
        made = Officer.objects.create_user(f"canbo{number}", PASSWORD, **(usual | fields))
        for role in roles:
            RoleGrant.objects.create(
                officer=made,
                role=role,
                agency=agency or tree.here,
                department=department,
                valid_from=date(2025, 7, 1),
            )
        return made

    return make
