"""Who may do what: one function a verb, answering Allowed or Denied with a code. The domain raises on it, the template greys
the button with its reason, the test tables it.

A dossier is worked by its holder, by whoever stands in for the holder, or by anybody of its department while nobody there has
taken it; a head acts for the whole department, a clerk for the counter of the agency.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dossiers.states import TRANSITIONS, State
from onestop.accounts.models import DepartmentKind, Role
from onestop.results import ALLOWED, Answer, Denied

if TYPE_CHECKING:
    from collections.abc import Callable

    from dossiers.models import Dossier, HandOver, OfficeDecision
    from onestop.accounts.desk import Desk
    from onestop.accounts.models import Agency

# Who has work in `/viec/` and `/ban-giao/`, as the rail shows them.
DESK_ROLES = (Role.CLERK, Role.SPECIALIST, Role.HEAD, Role.LEADER, Role.DOCUMENTS)
# Who may open dossiers at all (which ones: `visible_to`): everybody who works on them, no administrator.
WORK_ROLES = (*DESK_ROLES, Role.CONTROLLER, Role.CASHIER, Role.POSTAL, Role.SUPPORT)


def counter_ids(desk: Desk) -> tuple[int, ...]:
    """Departments of kind Bộ phận Một cửa where this officer is a clerk."""
    mine = desk.department_ids_as(Role.CLERK)
    return tuple(d.pk for d in desk.departments if d.kind == DepartmentKind.ONE_STOP and d.pk in mine)


def shared_ids(desk: Desk) -> tuple[int, ...]:
    """Departments whose whole work this officer may move: a head's own, a clerk's counter."""
    return tuple(dict.fromkeys((*desk.department_ids_as(Role.HEAD), *counter_ids(desk))))


def holds(desk: Desk, dossier: Dossier) -> bool:
    """Whether the dossier lies on this desk: one's own, a head's department, a clerk's counter."""
    if dossier.holder_id is not None:
        return dossier.holder_id in desk.officer_ids or dossier.holder_department_id in shared_ids(desk)
    return dossier.holder_department_id in desk.department_ids


def is_counter(desk: Desk, dossier: Dossier) -> bool:
    """Whether this officer stands at the counter that received the dossier or handles it."""
    return desk.has(Role.CLERK, agency_id=dossier.agency_id) or desk.has(Role.CLERK, agency_id=dossier.received_by_agency_id)


def is_approver(desk: Desk, dossier: Dossier) -> bool:
    return desk.has(Role.HEAD, Role.LEADER, agency_id=dossier.agency_id)


def may(name: str, desk: Desk, dossier: Dossier) -> Answer:
    """The rule of a transition by its name. In: the officer's desk, the dossier as it stands."""
    if not desk.has(*(Role(r) for r in TRANSITIONS[name].roles)):
        return Denied("role_missing", {"act": TRANSITIONS[name].label.lower()})
    return _RULES.get(name, _may_hold)(desk, dossier)


def may_receive(desk: Desk, dossier: Dossier) -> Answer:
    return ALLOWED if desk.has(Role.CLERK, agency_id=dossier.received_by_agency_id) else Denied("not_your_counter")


def _may_hold(desk: Desk, dossier: Dossier) -> Answer:
    if not holds(desk, dossier):
        return Denied("not_holder")
    return ALLOWED


def may_hand_over(desk: Desk, dossier: Dossier) -> Answer:
    if dossier.pending_department_id is not None:
        return Denied("already_given")
    return _may_hold(desk, dossier)


def may_recall(desk: Desk, dossier: Dossier) -> Answer:
    if dossier.pending_department_id is None:
        return Denied("nothing_to_recall")
    return _may_hold(desk, dossier)


def may_confirm(desk: Desk, dossier: Dossier) -> Answer:
    if dossier.pending_department_id is None:
        return Denied("nothing_to_confirm")
    if dossier.pending_officer_id is not None:
        heads = desk.department_ids_as(Role.HEAD)
        if dossier.pending_officer_id not in desk.officer_ids and dossier.pending_department_id not in heads:
            return Denied("given_to_another")
        return ALLOWED
    return ALLOWED if dossier.pending_department_id in desk.department_ids else Denied("given_to_another")


def may_work(desk: Desk, dossier: Dossier) -> Answer:
    """Result, proposal, re-appointment: on the holder's desk, and not while it is on its way to another."""
    if dossier.pending_department_id is not None:
        return Denied("already_given")
    return _may_hold(desk, dossier)


def may_at_counter(desk: Desk, dossier: Dossier) -> Answer:
    return ALLOWED if is_counter(desk, dossier) else Denied("not_your_counter")


def may_approve(desk: Desk, dossier: Dossier) -> Answer:
    return ALLOWED if is_approver(desk, dossier) else Denied("not_approver")


def may_finish(desk: Desk, dossier: Dossier) -> Answer:
    """The Bộ phận Một cửa confirms that it holds the result: only at its own counter, and not while the dossier is elsewhere."""
    if not is_counter(desk, dossier):
        return Denied("not_your_counter")
    if dossier.pending_department_id is not None:
        return Denied("already_given")
    return ALLOWED if dossier.holder_department_id in counter_ids(desk) else Denied("not_at_counter")


def may_give_back(desk: Desk, dossier: Dossier) -> Answer:
    """At the counter, and not while the result is on its way to another desk."""
    if dossier.pending_department_id is not None:
        return Denied("already_given")
    return may_at_counter(desk, dossier)


def may_move_desk(desk: Desk, dossier: Dossier) -> Answer:
    """A whole desk goes to another officer: by the administrator, the head of its department, a leader of the agency."""
    if desk.administers(dossier.agency) or desk.administers(dossier.received_by_agency):
        return ALLOWED
    heads = desk.department_ids_as(Role.HEAD)
    in_own_room = dossier.holder_department_id in heads or dossier.pending_department_id in heads
    if in_own_room or desk.has(Role.LEADER, agency_id=dossier.agency_id):
        return ALLOWED
    return Denied("not_desk_mover")


def may_move_by_calendar(desk: Desk, dossier: Dossier) -> Answer:
    """The controller or administrator who looks after the agency."""
    here = desk.administers(dossier.agency) or desk.oversees(dossier.agency)
    return ALLOWED if here else Denied("not_your_agency")


def may_take_back(desk: Desk, dossier: Dossier) -> Answer:
    """The last act by the officer who did it; the domain checks that nobody has acted since."""
    return ALLOWED


def may_print(desk: Desk, dossier: Dossier) -> Answer:
    return ALLOWED


def may_approve_own(desk: Desk, dossier: Dossier, prepared_by: set[int], decision: str) -> Answer:
    """Nobody approves his own work unless a decision allows it (a five-officer commune has one)."""
    if desk.officer.pk in prepared_by and not decision:
        return Denied("own_work")
    return ALLOWED


# Who gains when a decision makes the rule less strict: they neither propose nor confirm it for their agency.
_PROFIT = {"self_approval_decision": (Role.HEAD, Role.LEADER)}


def may_propose_decision(desk: Desk, agency: Agency, subject: str) -> Answer:
    """An administrator of the agency who gains nothing by it."""
    if not desk.administers(agency):
        return Denied("not_allowed")
    return _gains_nothing(desk, agency, subject)


def may_confirm_decision(desk: Desk, decision: OfficeDecision) -> Answer:
    """Another person than who proposed it: controller or leader, of the agency or of one above."""
    if not desk.oversees(decision.agency):
        return Denied("not_allowed")
    if decision.proposed_by_id == desk.officer.pk:
        return Denied("decision_own")
    return _gains_nothing(desk, decision.agency, decision.subject)


def may_end_decision(desk: Desk, decision: OfficeDecision) -> Answer:
    """Who may propose or confirm may make the rule strict again, alone and at once."""
    return ALLOWED if desk.administers(decision.agency) or desk.oversees(decision.agency) else Denied("not_allowed")


def _gains_nothing(desk: Desk, agency: Agency, subject: str) -> Answer:
    gains = _PROFIT.get(subject, ())
    return Denied("decision_profits") if gains and desk.has(*gains, agency_id=agency.pk) else ALLOWED


def is_one_stop(hand_over: HandOver) -> bool:
    return hand_over.receiver_department.kind == DepartmentKind.ONE_STOP


def shows(desk: Desk, dossier: Dossier, name: str) -> Answer:
    """What a page asks to show or grey a button: the table first, then the rule."""
    row = TRANSITIONS[name]
    if State(dossier.state) not in row.sources:
        return Denied("wrong_state", {"act": row.label.lower(), "state": State(dossier.state).label})
    return may(name, desk, dossier)


_RULES: dict[str, Callable[[Desk, Dossier], Answer]] = {
    "receive": may_receive,
    "hand_over": may_hand_over,
    "recall": may_recall,
    "confirm": may_confirm,
    "take_up": may_confirm,
    "record_result": may_work,
    "propose_supplement": may_work,
    "ask_supplement": may_at_counter,
    "complete_supplement": may_at_counter,
    "ask_payment": may_at_counter,
    "record_payment": may_at_counter,
    "re_appoint": may_approve,
    "move_by_calendar": may_move_by_calendar,
    "withdraw": may_at_counter,
    "stop": may_approve,
    "finish": may_finish,
    "give_back": may_give_back,
    "move_desk": may_move_desk,
    "take_back": may_take_back,
    "print_slip": may_print,
}
