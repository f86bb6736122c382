"""In which of their roles an officer gives and receives, so that one person in two roles shows as
two on the control sheet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dossiers.models import Dossier, HandOver
from dossiers.models.handover import Purpose
from dossiers.reach import counter_ids
from onestop.accounts.models import Role

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

_HANDLING = (Role.SPECIALIST, Role.HEAD, Role.LEADER, Role.DOCUMENTS, Role.CLERK)
_ROLE_ORDER = {
    Purpose.APPROVE: (Role.LEADER, Role.HEAD, Role.SPECIALIST, Role.DOCUMENTS, Role.CLERK),
    Purpose.STAMP: (Role.DOCUMENTS, *_HANDLING),
    Purpose.RETURN: (Role.CLERK, *_HANDLING),
}


def role_in(by: Desk, department_id: int | None, purpose: int = Purpose.HANDLE) -> str:
    """Which of the officer's roles acts in a department for a purpose: one person in two roles
    shows as two.
    """
    here = {Role(g.role) for g in by.grants if g.department_id == department_id} or set(by.roles)
    if department_id in counter_ids(by):
        return Role.CLERK.value
    return next(
        (r.value for r in _ROLE_ORDER.get(Purpose(purpose), _HANDLING) if r in here),
        min(here).value,
    )


def giver_role(by: Desk, dossier: Dossier, last: HandOver | None) -> str:
    """The role in which the giver has it: the one it was received in, where that is still the
    giver's.
    """
    if (
        last is not None
        and last.confirmed_by_id == by.officer.pk
        and last.receiver_department_id == dossier.holder_department_id
    ):
        return last.receiver_role
    return role_in(by, dossier.holder_department_id)
