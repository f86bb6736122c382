"""What the receiver of a dossier is asked to do: the next step of its internal process, for the desk it goes to."""

from __future__ import annotations

from dataclasses import dataclass

from dossiers.models import Dossier, Result
from dossiers.models.handover import Purpose
from onestop.accounts.models import Department, DepartmentKind, Officer, Role, RoleGrant
from procedures.domain.processes import process_for
from procedures.models import StepRole


@dataclass(frozen=True, slots=True)
class NextStep:
    """What the receiver is asked to do, from the internal process or freely: order, words, working minutes allowed."""

    order: int = 0
    name: str = ""
    minutes: int | None = None
    purpose: Purpose = Purpose.HANDLE


def suggested_step(dossier: Dossier, to: Department | None = None, receiver: Officer | None = None) -> NextStep:
    """The next step of the dossier's internal process, for the desk it goes to when that is known.

    A desk the process does not name gets what such a desk does (phòng: xử lý, lãnh đạo: duyệt, văn thư: vào sổ, Một cửa: trả).
    """
    process = process_for(dossier.version, dossier.case, dossier.agency.level)
    steps = [s for s in process.steps.all() if s.order > dossier.step_order]
    if to is None:
        if not steps:
            return NextStep(order=dossier.step_order + 1, name="Xử lý hồ sơ")
        return NextStep(order=steps[0].order, name=steps[0].task[:300], minutes=steps[0].minutes, purpose=_purpose(steps[0].role))
    purpose = purpose_towards(dossier, to, receiver)
    fitting = next((s for s in steps if department_kind(s.role) == to.kind), None)
    if fitting is None or purpose == Purpose.SEND_BACK:
        return NextStep(order=dossier.step_order + 1, name=DESK_WORK[purpose], purpose=purpose)
    return NextStep(order=fitting.order, name=fitting.task[:300], minutes=fitting.minutes, purpose=purpose)


DESK_WORK = {
    Purpose.HANDLE: "Xử lý hồ sơ",
    Purpose.APPROVE: "Duyệt hồ sơ",
    Purpose.STAMP: "Vào sổ, đóng dấu",
    Purpose.RETURN: "Trả kết quả",
    Purpose.SEND_BACK: "Nhận lại hồ sơ",
}


def purpose_towards(dossier: Dossier, to: Department, receiver: Officer | None) -> Purpose:
    """What giving to a desk means: to the counter with a result it goes home, without one it goes back."""
    if to.kind == DepartmentKind.ONE_STOP:
        has_result = Result.objects.filter(dossier=dossier, replaced_by=None).exists()
        return Purpose.RETURN if has_result else Purpose.SEND_BACK
    if to.kind == DepartmentKind.LEADERSHIP:
        return Purpose.APPROVE
    if to.kind == DepartmentKind.CLERICAL:
        return Purpose.STAMP
    to_own_head = to.pk == dossier.holder_department_id and receiver is not None
    if to_own_head and RoleGrant.objects.filter(officer=receiver, department=to, role=Role.HEAD).exists():
        return Purpose.APPROVE
    return Purpose.HANDLE


def department_kind(role: int) -> str | None:
    """The kind of department that does the steps of a role of the process; None when the process does not say."""
    return {
        StepRole.COUNTER: DepartmentKind.ONE_STOP.value,
        StepRole.HEAD: DepartmentKind.PROFESSIONAL.value,
        StepRole.SPECIALIST: DepartmentKind.PROFESSIONAL.value,
        StepRole.LEADER: DepartmentKind.LEADERSHIP.value,
        StepRole.DOCUMENTS: DepartmentKind.CLERICAL.value,
    }.get(StepRole(role))


def _purpose(role: int) -> Purpose:
    return {
        StepRole.COUNTER: Purpose.RETURN,
        StepRole.LEADER: Purpose.APPROVE,
        StepRole.DOCUMENTS: Purpose.STAMP,
    }.get(StepRole(role), Purpose.HANDLE)
