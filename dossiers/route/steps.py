"""What the receiver of a dossier is asked to do: the next step of its internal process, for the
desk it goes to.

`Dossier.step_order` says how far along its process a dossier is: the order of the step it is at. A
giving by the process moves it on, work outside the process leaves it, sending back puts it back
before the approval; so that the next step is always the true next one and what was passed over can
be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from dossiers.models import Dossier, HandOver, Result
from dossiers.models.handover import Purpose
from onestop.accounts.models import Department, DepartmentKind, Officer, Role, RoleGrant
from onestop.worktime import Unit, parse_term
from onestop.worktime.left import spell
from procedures.domain.processes import process_for
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
_HANDLING = (StepRole.SPECIALIST, StepRole.OTHER)


def steps_of(dossier: Dossier) -> list[Step]:
    """The steps of the dossier's internal process, in order; at most three queries."""
    return list(process_for(dossier.version, dossier.case, dossier.agency.level).steps.all())


def approvals_in(dossier: Dossier, steps: Sequence[Step]) -> list[Step]:
    """The steps that approve: the leader's, and a head's that looks at what was handled before (not
    the one that shares work out).

    None where the process has none: its deciding authority approved it so. None for `trả ngay`,
    signed and given while the citizen waits (R-10).
    """
    return [] if parse_term(dossier.term).unit is Unit.IMMEDIATE else _approving(steps)


def _approving(steps: Sequence[Step]) -> list[Step]:
    handled = min((s.order for s in steps if s.role in _HANDLING), default=None)
    return [
        s
        for s in steps
        if s.role == StepRole.LEADER
        or (s.role == StepRole.HEAD and handled is not None and s.order > handled)
    ]


def approves(last: HandOver | None, step: Step | None = None) -> bool:
    """Whether a hand-over brought the dossier to somebody who approves (this step, when one is
    named), for approval.
    """
    if last is None or last.confirmed_at is None or last.purpose != Purpose.APPROVE:
        return False
    return (
        last.receiver_role in APPROVERS[StepRole(step.role) if step is not None else StepRole.HEAD]
    )


def passed_over(
    dossier: Dossier, steps: Sequence[Step], last: HandOver | None, order: int
) -> list[Step]:
    """The approvals of the process that a move to the step of this order leaves out. The one the
    dossier lies at is given by moving on, unless nobody who approves took it there.
    """
    here = dossier.step_order
    at_it = last is not None and last.purpose == Purpose.APPROVE and last.next_step_order == here
    beyond = [s for s in approvals_in(dossier, steps) if here <= s.order < order]
    return [s for s in beyond if s.order > here or (at_it and not approves(last, s))]


def end_of(steps: Sequence[Step]) -> int:
    """The order of bringing the result home: the last step where that is the counter's, else behind
    it.
    """
    if not steps:
        return 1
    return steps[-1].order + (steps[-1].role != StepRole.COUNTER)


def suggested_step(
    dossier: Dossier,
    to: Department | None = None,
    receiver: Officer | None = None,
    *,
    steps: Sequence[Step] | None = None,
    last: HandOver | None = None,
) -> NextStep:
    """The next step of the dossier's internal process, for the desk it goes to when that is known.

    In: `steps` of the process and `last`, the newest hand-over that was not recalled, where the
    caller has them. A desk the process does not name gets what such a desk does (phòng: xử lý, lãnh
    đạo: duyệt, văn thư: vào sổ, Một cửa: trả); the room that submitted it gets it back.
    """
    steps = steps_of(dossier) if steps is None else steps
    if to is None:
        step = next((s for s in steps if s.order > dossier.step_order), None)
        if step is None:
            return NextStep(order=dossier.step_order, name=DESK_WORK[Purpose.HANDLE])
        return NextStep(
            order=step.order,
            name=step.task[:300],
            minutes=step.minutes,
            purpose=_purpose(step.role),
        )
    last = last or HandOver.objects.standing().filter(dossier=dossier).order_by("-seq").first()
    is_head = is_head_of(to, receiver)
    purpose = _towards(
        dossier, to, is_own_head=bool(is_head) and to.pk == dossier.holder_department_id
    )
    step = _fitting(dossier, steps, purpose, to, is_head)
    if step is not None:
        return NextStep(
            order=step.order, name=step.task[:300], minutes=step.minutes, purpose=purpose
        )
    order = dossier.step_order
    if purpose == Purpose.HANDLE and approves(last):
        purpose = (
            Purpose.SEND_BACK if last is not None and last.giver_department_id == to.pk else purpose
        )
        order = _back(dossier, steps, to, is_head)
    elif purpose == Purpose.SEND_BACK:
        order = _back(dossier, steps, to, is_head)
    elif purpose == Purpose.RETURN:
        order = end_of(steps)
    return NextStep(order=order, name=DESK_WORK[purpose], purpose=purpose)


def following(dossier: Dossier, steps: Sequence[Step]) -> Step | None:
    """The next step that is another desk's: a room that has it does its own handling without giving
    it on.
    """
    later = [s for s in steps if s.order > dossier.step_order]
    room = dossier.holder_department
    if room is not None and room.kind == DepartmentKind.PROFESSIONAL:
        approving = _approving(steps)
        later = [
            s
            for s in later
            if s in approving or department_kind(s.role) != DepartmentKind.PROFESSIONAL
        ]
    return next(iter(later), None)


def order_of(
    dossier: Dossier,
    step: NextStep,
    steps: Sequence[Step],
    last: HandOver | None,
    to: Department,
    receiver: Officer | None,
) -> int:
    """How far in its process a giving puts the dossier.

    A result that goes to the counter ends it. A step in free words counts as the process's own
    where it does the same (submitting to who approves, stamping); sending back goes back, so does
    what a leader gave out before it was handled; else the dossier stays.
    """
    if to.kind == DepartmentKind.ONE_STOP and _has_result(dossier):
        return end_of(steps)
    if step.order:
        return step.order
    is_head = is_head_of(to, receiver)
    shared_out = (
        approves(last)
        and last is not None
        and last.giver_department.kind == DepartmentKind.ONE_STOP
    )
    if step.purpose == Purpose.SEND_BACK or (step.purpose == Purpose.HANDLE and shared_out):
        return _back(dossier, steps, to, is_head)
    fitting = _fitting(dossier, steps, step.purpose, to, is_head)
    return fitting.order if fitting is not None else dossier.step_order


def is_head_of(to: Department, receiver: Officer | None) -> bool | None:
    """Whether the receiver heads the department; None when nobody is named. One query."""
    if receiver is None:
        return None
    return RoleGrant.objects.filter(officer=receiver, department=to, role=Role.HEAD).exists()


def _has_result(dossier: Dossier) -> bool:
    return Result.objects.current().filter(dossier=dossier).exists()


def _towards(dossier: Dossier, to: Department, *, is_own_head: bool) -> Purpose:
    """What giving to a desk means: to the counter with a result it goes home, without one it goes
    back.
    """
    if to.kind == DepartmentKind.ONE_STOP:
        return Purpose.RETURN if _has_result(dossier) else Purpose.SEND_BACK
    if to.kind == DepartmentKind.LEADERSHIP:
        return Purpose.APPROVE
    if to.kind == DepartmentKind.CLERICAL:
        return Purpose.STAMP
    return Purpose.APPROVE if is_own_head else Purpose.HANDLE


def _fitting(
    dossier: Dossier, steps: Sequence[Step], purpose: Purpose, to: Department, is_head: bool | None
) -> Step | None:
    """The later step of the process that this desk does for this purpose; handling never jumps over
    an approval.
    """
    later = [s for s in steps if s.order > dossier.step_order]
    approving = {s.order for s in _approving(steps)}
    if purpose == Purpose.HANDLE:
        return _of_desk(list(takewhile(lambda s: s.order not in approving, later)), to, is_head)
    if purpose == Purpose.APPROVE:
        submitted = [
            s for s in later if s.order in approving and (s.role == StepRole.LEADER or is_head)
        ]
        return next((s for s in submitted if department_kind(s.role) == to.kind), None)
    if purpose == Purpose.STAMP:
        return next((s for s in later if department_kind(s.role) == to.kind), None)
    if purpose == Purpose.RETURN:
        return next((s for s in later if s.order == end_of(steps)), None)
    return None


def _of_desk(steps: Sequence[Step], to: Department, is_head: bool | None) -> Step | None:
    """The first of these steps that the desk does: a head the head's, an officer the officer's,
    where both are there.
    """
    fits = [s for s in steps if department_kind(s.role) == to.kind]
    own = [s for s in fits if is_head is not None and (s.role == StepRole.HEAD) == is_head]
    return next(iter(own or fits), None)


def _back(dossier: Dossier, steps: Sequence[Step], to: Department, is_head: bool | None) -> int:
    """Where a dossier that goes back lies: at this desk's last step so far, in any case before the
    approval it comes from.
    """
    done = [s for s in steps if s.order <= dossier.step_order]
    if to.kind == DepartmentKind.ONE_STOP:
        return done[0].order if done else dossier.step_order
    approving = [s.order for s in _approving(done)]
    found = _of_desk([s for s in reversed(done) if s.order not in approving], to, is_head)
    if found is not None:
        return found.order
    return approving[0] - 1 if approving else dossier.step_order


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


def _purpose(role: int) -> Purpose:
    return {
        StepRole.COUNTER: Purpose.RETURN,
        StepRole.LEADER: Purpose.APPROVE,
        StepRole.DOCUMENTS: Purpose.STAMP,
    }.get(StepRole(role), Purpose.HANDLE)


def title_of(step: Step) -> str:
    """The step as a sentence can name it."""
    words = " ".join(step.task.split())
    return words if len(words) <= 90 else f"{words[:89].rstrip()}…"


def worked(minutes: int) -> str:
    """The time of a step as the processes write it: "8 giờ làm việc", "39 giờ 20 phút làm việc"."""
    return f"{spell(0, minutes)} làm việc"
