"""The steps of an internal process as one value, and what the receiver of a dossier is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from dossiers.models.handover import Purpose
from onestop.accounts.models import Department, DepartmentKind, Officer, Role, RoleGrant
from onestop.worktime.left import spell
from procedures.models import Step, StepRole


@dataclass(frozen=True, slots=True)
class NextStep:
    """What the receiver is asked to do, from the internal process or freely: order (0: none of the
    process), words, working minutes allowed.
    """

    order: int = 0
    name: str = ""
    minutes: int | None = None
    purpose: Purpose = Purpose.HANDLE
    # Whether the minutes are its share of the term, because the process gives none.
    by_share: bool = False


DESK_WORK = {
    Purpose.HANDLE: "Xử lý hồ sơ",
    Purpose.APPROVE: "Duyệt hồ sơ",
    Purpose.STAMP: "Vào sổ, đóng dấu",
    Purpose.RETURN: "Trả kết quả",
    Purpose.SEND_BACK: "Nhận lại hồ sơ",
}
APPROVERS = {
    StepRole.LEADER: (Role.LEADER.value,),
    StepRole.HEAD: (Role.HEAD.value, Role.LEADER.value),
}
BY_SHARE = "chia theo thời hạn"
_HANDLING = (StepRole.SPECIALIST, StepRole.OTHER)


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where a dossier goes: a department, and whether who is named there heads it (None: nobody is
    named).
    """

    department: Department
    is_head: bool | None = None

    @property
    def kind(self) -> str:
        return self.department.kind


def receiver_of(department: Department, officer: Officer | None) -> Receiver:
    """One query where an officer is named."""
    if officer is None:
        return Receiver(department)
    headed = RoleGrant.objects.filter(officer=officer, department=department, role=Role.HEAD)
    return Receiver(department, headed.exists())


@dataclass(frozen=True)
class Process:
    """The steps of an internal process in their order, with what they say of each other.
    `by_share`: its steps have no hours of their own but share the term.
    """

    steps: tuple[Step, ...]
    by_share: bool = False

    @cached_property
    def approving(self) -> tuple[Step, ...]:
        """The steps that approve: the leader's, and a head's that looks at what was handled before
        (not the one that shares work out).
        """
        handled = self.first_handling
        return tuple(
            s
            for s in self.steps
            if s.role == StepRole.LEADER
            or (s.role == StepRole.HEAD and handled is not None and s.order > handled)
        )

    @cached_property
    def first_handling(self) -> int | None:
        """The order of the step that first handles; None where the process names none."""
        return min((s.order for s in self.steps if s.role in _HANDLING), default=None)

    @property
    def end(self) -> int:
        """The order of bringing the result home: the last step where that is the counter's, else
        behind it.
        """
        if not self.steps:
            return 1
        return self.steps[-1].order + (self.steps[-1].role != StepRole.COUNTER)

    def after(self, order: int) -> list[Step]:
        return [s for s in self.steps if s.order > order]

    def fitting(self, order: int, purpose: Purpose, to: Receiver) -> Step | None:
        """The step after this order that a desk does for a purpose; handling never jumps over an
        approval.
        """
        later = self.after(order)
        if purpose == Purpose.HANDLE:
            return _of_desk(list(takewhile(lambda s: s not in self.approving, later)), to)
        if purpose == Purpose.APPROVE:
            submitted = [
                s
                for s in later
                if s in self.approving and (s.role == StepRole.LEADER or to.is_head)
            ]
            return next((s for s in submitted if department_kind(s.role) == to.kind), None)
        if purpose == Purpose.STAMP:
            return next((s for s in later if department_kind(s.role) == to.kind), None)
        if purpose == Purpose.RETURN:
            return next((s for s in later if s.order == self.end), None)
        return None

    def back_from(self, order: int, to: Receiver) -> int:
        """Where a dossier at this order lies when it goes back: at the desk's last step so far, in
        any case before the approval it comes from.
        """
        done = [s for s in self.steps if s.order <= order]
        if to.kind == DepartmentKind.ONE_STOP:
            return done[0].order if done else order
        found = _of_desk([s for s in reversed(done) if s not in self.approving], to)
        if found is not None:
            return found.order
        return next((s.order - 1 for s in done if s in self.approving), order)


def _of_desk(steps: list[Step], to: Receiver) -> Step | None:
    """The first of these steps that the desk does: a head the head's, an officer the officer's,
    where both are there.
    """
    fits = [s for s in steps if department_kind(s.role) == to.kind]
    own = [s for s in fits if to.is_head is not None and (s.role == StepRole.HEAD) == to.is_head]
    return next(iter(own or fits), None)


def department_kind(role: int) -> str | None:
    """The kind of department that does the steps of a role of the process; None when the process
    does not say.
    """
    return {
        StepRole.COUNTER: DepartmentKind.ONE_STOP.value,
        StepRole.HEAD: DepartmentKind.PROFESSIONAL.value,
        StepRole.SPECIALIST: DepartmentKind.PROFESSIONAL.value,
        StepRole.LEADER: DepartmentKind.LEADERSHIP.value,
        StepRole.DOCUMENTS: DepartmentKind.CLERICAL.value,
    }.get(StepRole(role))


def asked_by(step: Step, purpose: Purpose | None = None) -> NextStep:
    """A step of the process as what its desk is asked to do; `purpose` where it is not what the
    role usually does.
    """
    usual = {
        StepRole.COUNTER: Purpose.RETURN,
        StepRole.LEADER: Purpose.APPROVE,
        StepRole.DOCUMENTS: Purpose.STAMP,
    }.get(StepRole(step.role), Purpose.HANDLE)
    return NextStep(step.order, step.task[:300], step.minutes, purpose or usual)


def title_of(step: Step) -> str:
    """The step as a sentence can name it."""
    words = " ".join(step.task.split())
    return words if len(words) <= 90 else f"{words[:89].rstrip()}…"


def worked(minutes: int, *, by_share: bool = False) -> str:
    """The time of a step as the processes write it: "8 giờ làm việc", "39 giờ 20 phút làm việc";
    marked where it is a share of the term.
    """
    return f"{spell(0, minutes)} làm việc" + (f", {BY_SHARE}" if by_share else "")
