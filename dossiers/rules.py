"""Who may do what: the rules that acts are declared with, each answering Allowed or Denied with a
code. The verbs raise on it, the template greys the button with its reason, the test tables it.

A dossier is worked by its holder, by whoever stands in for the holder, or by anybody of its
department while nobody there has taken it; a head acts for the whole department, a clerk for the
counter of the agency.
"""

from __future__ import annotations

from datetime import date

from dossiers.models import Dossier, HandOver, OfficeDecision
from dossiers.reach import shared_ids
from onestop.accounts.desk import Desk
from onestop.accounts.models import Agency, DepartmentKind, Role
from onestop.results import ALLOWED, Answer, Denied


def holds(desk: Desk, dossier: Dossier) -> bool:
    """Whether the dossier lies on this desk: one's own, a head's department, a clerk's counter."""
    if dossier.holder_id is not None:
        return dossier.holder_id in desk.officer_ids or dossier.holder_department_id in shared_ids(
            desk
        )
    return dossier.holder_department_id in desk.department_ids


def stands_at(desk: Desk, agency_id: int) -> bool:
    """Whether this officer stands at the counter of this agency today, or of one it took over."""
    return desk.has(Role.CLERK, agency_id=agency_id)


def may_stand_at(desk: Desk, agency_id: int) -> Answer:
    return ALLOWED if stands_at(desk, agency_id) else Denied("not_your_counter")


def may_receive_at(desk: Desk, agency: Agency, on: date) -> Answer:
    """Who stands at its counter; nobody for an agency that has ended: its successor receives, under
    its own codes.
    """
    if agency.has_ended(on):
        return Denied("agency_ended", {"agency": agency.name})
    return may_stand_at(desk, agency.pk)


def is_counter(desk: Desk, dossier: Dossier) -> bool:
    """Whether this officer stands at the counter that received the dossier or handles it."""
    return stands_at(desk, dossier.agency_id) or stands_at(desk, dossier.received_by_agency_id)


def is_approver(desk: Desk, dossier: Dossier) -> bool:
    return desk.has(Role.HEAD, Role.LEADER, agency_id=dossier.agency_id)


def may_hold(desk: Desk, dossier: Dossier) -> Answer:
    if not holds(desk, dossier):
        return Denied("not_holder")
    return ALLOWED


def may_work(desk: Desk, dossier: Dossier) -> Answer:
    """Result, proposal, re-appointment: on the holder's desk, and not while it is on its way to
    another.
    """
    if dossier.pending_department_id is not None:
        return Denied("already_given")
    return may_hold(desk, dossier)


def may_at_counter(desk: Desk, dossier: Dossier) -> Answer:
    return ALLOWED if is_counter(desk, dossier) else Denied("not_your_counter")


def may_approve(desk: Desk, dossier: Dossier) -> Answer:
    return ALLOWED if is_approver(desk, dossier) else Denied("not_approver")


def may_approve_own(desk: Desk, dossier: Dossier, prepared_by: set[int], decision: str) -> Answer:
    """Nobody approves his own work unless a decision allows it (a five-officer commune has one)."""
    if desk.officer.pk in prepared_by and not decision:
        return Denied("own_work")
    return ALLOWED


# Who gains when a decision makes the rule less strict: they neither propose nor confirm it for
# their agency.
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
    return (
        ALLOWED
        if desk.administers(decision.agency) or desk.oversees(decision.agency)
        else Denied("not_allowed")
    )


def may_read_register(desk: Desk, agency: Agency) -> Answer:
    """Who receives, hands over or leads at the counter's agency, and who oversees it."""
    reads = desk.has(Role.CLERK, Role.HEAD, Role.DOCUMENTS, agency_id=agency.pk)
    return ALLOWED if reads or desk.oversees(agency) else Denied("register_role")


def may_keep_register(desk: Desk, agency: Agency) -> Answer:
    """A further volume: whoever receives there, and who leads."""
    keeps = desk.has(Role.CLERK, Role.LEADER, agency_id=agency.pk) or _heads_counter(desk, agency)
    return ALLOWED if keeps else Denied("register_role")


def may_lock_register(desk: Desk, agency: Agency) -> Answer:
    """The head of the counter, who leads the agency, or its administrator (R-86)."""
    locks = desk.has(Role.LEADER, agency_id=agency.pk) or _heads_counter(desk, agency)
    return ALLOWED if locks or desk.administers(agency) else Denied("register_lock_role")


def _heads_counter(desk: Desk, agency: Agency) -> bool:
    headed = desk.department_ids_as(Role.HEAD)
    return any(
        one.kind == DepartmentKind.ONE_STOP and one.agency_id == agency.pk and one.pk in headed
        for one in desk.departments
    )


def _gains_nothing(desk: Desk, agency: Agency, subject: str) -> Answer:
    gains = _PROFIT.get(subject, ())
    return (
        Denied("decision_profits") if gains and desk.has(*gains, agency_id=agency.pk) else ALLOWED
    )


def is_one_stop(hand_over: HandOver) -> bool:
    return hand_over.receiver_department.kind == DepartmentKind.ONE_STOP
