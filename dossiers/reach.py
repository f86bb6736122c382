"""Whose work an officer shares beyond their own: read by lists and by rules alike."""

from __future__ import annotations

from onestop.accounts.desk import Desk
from onestop.accounts.models import DepartmentKind, Role

# Who has work in `/viec/` and `/ban-giao/`, as the rail shows them.
DESK_ROLES = (Role.CLERK, Role.SPECIALIST, Role.HEAD, Role.LEADER, Role.DOCUMENTS)
# Who may open dossiers at all (which ones: `visible_to`): everybody who works on them, no
# administrator.
WORK_ROLES = (*DESK_ROLES, Role.CONTROLLER, Role.CASHIER, Role.POSTAL, Role.SUPPORT)
# Who works on parts that other agencies ask for, or reads them: nobody whose work is money or the post.
LEG_ROLES = (*DESK_ROLES, Role.CONTROLLER)
# Who reads the register of a counter; an administrator only locks it.
REGISTER_ROLES = frozenset(
    {
        Role.CLERK,
        Role.HEAD,
        Role.DOCUMENTS,
        Role.LEADER,
        Role.CONTROLLER,
        Role.ADMINISTRATOR,
    }
)


def counter_ids(desk: Desk) -> tuple[int, ...]:
    """Departments of kind Bộ phận Một cửa where this officer is a clerk."""
    mine = desk.department_ids_as(Role.CLERK)
    return tuple(
        d.pk for d in desk.departments if d.kind == DepartmentKind.ONE_STOP and d.pk in mine
    )


def shared_ids(desk: Desk) -> tuple[int, ...]:
    """Departments whose whole work this officer may move: a head's own, a clerk's counter."""
    return tuple(dict.fromkeys((*desk.department_ids_as(Role.HEAD), *counter_ids(desk))))
