"""Sets of dossiers in the words of the desk. Each names the predicate of its partial index, or the
index is not used.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from dossiers.models.acts import Result, Supplement
from dossiers.models.handover import HandOver, Purpose
from dossiers.reach import WORK_ROLES, counter_ids, shared_ids
from dossiers.states import OPEN, WAITING, WORKING, State
from onestop.accounts.models import Role

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

OPEN_NUMBERS = sorted(s.value for s in OPEN)
WORKING_NUMBERS = sorted(s.value for s in WORKING)
WAITING_NUMBERS = sorted(s.value for s in WAITING)

# Who sees every dossier of an agency they serve; others see what passed their own department
#
WHOLE_AGENCY = (Role.CLERK, Role.HEAD, Role.LEADER, Role.CONTROLLER, Role.CASHIER)


def is_open() -> Q:
    return Q(ended_at=None, state__in=OPEN_NUMBERS)


def is_ended_undetermined() -> Q:
    """Ended while a year without a calendar kept its promise from being told (index
    dossier_undetermined). What was voided is judged by nothing.
    """
    return Q(undetermined=True, ended_at__isnull=False, state__lt=State.VOIDED)


def is_working() -> Q:
    return Q(ended_at=None, state__in=WORKING_NUMBERS)


def is_waiting() -> Q:
    return Q(ended_at=None, state__in=WAITING_NUMBERS)


def is_late(now: datetime) -> Q:
    """The one rule of lateness, as SQL: the same set as Dossier.is_late."""
    return Q(late_from__lte=now) & (is_working() | is_waiting() & Q(late_while_waiting=True))


def is_due_soon(now: datetime) -> Q:
    return is_working() & Q(warn_at__lte=now) & (Q(late_from__gt=now) | Q(late_from=None))


Ids = tuple[int, ...]
Texts = tuple[str, ...]


class Reach(NamedTuple):
    """What an officer may open: what lies on the desks of these officers or passed these rooms, all
    of whole agencies, what waits for the post in others, all below these paths.
    """

    officers: Ids
    rooms: Ids
    whole: Ids
    postal: Ids
    below: Texts


def reach_of(desk: Desk) -> Reach | None:
    """None: nothing at all (no role of a worker today)."""
    if not desk.has(*WORK_ROLES):
        return None
    return Reach(
        desk.officer_ids,
        desk.department_ids,
        desk.agency_ids_as(*WHOLE_AGENCY),
        desk.agency_ids_as(Role.POSTAL),
        desk.subtree_paths,
    )


# Bound by the model that it is the manager of, so that neither module needs the other.
Row = TypeVar("Row", bound=models.Model)


class DossierQuerySet(models.QuerySet[Row]):
    """The vocabulary of lists and counters."""

    def visible_to(self, desk: Desk) -> Self:
        """What this officer may open: whole agency by role, own department's work otherwise; nobody
        else's (R-144).

        Every page, list and search that shows something of a dossier asks this and nothing else.
        Who holds no role of a worker today (an administrator, somebody whose role ended) opens
        nothing, not even what still lies on the own desk.
        """
        reach = reach_of(desk)
        return self.within(*reach) if reach is not None else self.none()

    def within(self, officers: Ids, rooms: Ids, whole: Ids, postal: Ids, below: Texts) -> Self:
        """The same by the parts of a reach (reach_of), for statements that are built once."""
        seen: Any = Q(holder__in=officers)
        for path in below:
            seen |= Q(agency__path__startswith=path)
        if whole:
            seen |= Q(agency__in=whole) | Q(received_by_agency__in=whole)
        if postal:
            # What waits at the return desk to go by post, and nothing else of the agency.
            seen |= Q(
                Q(agency__in=postal) | Q(received_by_agency__in=postal),
                state=State.FINISHED,
                return_by_post=True,
            )
        if rooms:
            seen |= Q(holder_department__in=rooms) | Q(pending_department__in=rooms)
            passed = HandOver.objects.standing().filter(
                dossier=OuterRef("pk"), receiver_department__in=rooms
            )
            seen |= Exists(passed)
        return self.filter(seen)

    def open(self) -> Self:
        return self.filter(is_open())

    def working(self) -> Self:
        return self.filter(is_working())

    def overdue(self, now: datetime) -> Self:
        return self.filter(is_late(now))

    def due_soon(self, now: datetime) -> Self:
        return self.filter(is_due_soon(now))

    def to_accept(self, desk: Desk) -> Self:
        """Given to one of this officer's departments (or to the officer) and not yet confirmed."""
        # A finished result on its way back counts too; what ended otherwise is on its way to
        # nobody.
        return self.filter(
            Q(pending_department__in=desk.department_ids),
            Q(pending_officer=None) | Q(pending_officer__in=desk.officer_ids),
        )

    def to_approve(self, desk: Desk) -> Self:
        """Submitted to this officer with a result to approve: received, or still on its way here."""
        return self.to_approve_by(desk.officer_ids, desk.department_ids_as(Role.HEAD, Role.LEADER))

    def to_approve_by(self, officer_ids: Sequence[int], department_ids: Sequence[int]) -> Self:
        """The same for these officers and the rooms where they approve."""
        here = Q(holder__in=officer_ids, pending_department=None) | Q(
            Q(pending_officer=None) | Q(pending_officer__in=officer_ids),
            pending_department__in=department_ids,
        )
        return self.filter(here).submitted()

    def submitted(self) -> Self:
        """In work, with a result that was handed over to be approved, whoever is to do it."""
        newest = HandOver.objects.standing().filter(dossier=OuterRef("pk")).order_by("-seq")
        written = Result.objects.current().filter(dossier=OuterRef("pk"))
        return (
            self.filter(is_working(), Exists(written))
            .alias(brought_for=Subquery(newest.values("purpose")[:1]))
            .filter(brought_for=Purpose.APPROVE)
        )

    def in_hand(self, desk: Desk) -> Self:
        """Held by this officer or by somebody this officer stands in for, and not given on."""
        return self.filter(ended_at=None, holder__in=desk.officer_ids, pending_department=None)

    def given_from(self, desk: Desk) -> Self:
        """Given by this officer, or by anybody of a department whose work this officer shares, and
        not yet confirmed.

        A finished result on its way back to the counter too: until it is confirmed there, who gave
        it can recall it.
        """
        return self.given_by(desk.officer_ids, shared_ids(desk))

    def given_by(self, officer_ids: Sequence[int], department_ids: Sequence[int]) -> Self:
        """The same for these officers and departments."""
        return self.filter(
            Q(holder__in=officer_ids) | Q(holder_department__in=department_ids),
            pending_department__isnull=False,
        )

    def to_forward(self, desk: Desk) -> Self:
        """At the counter, received and not yet passed on: R-39 says until when."""
        return self.to_forward_by(desk.officer_ids, counter_ids(desk))

    def to_forward_by(self, officer_ids: Sequence[int], department_ids: Sequence[int]) -> Self:
        """The same for these officers and counters."""
        here = Q(holder__in=officer_ids) | Q(holder_department__in=department_ids)
        return self.filter(is_working(), here, pending_department=None, forward_by__isnull=False)

    def proposed(self, desk: Desk) -> Self:
        """A handler asks this officer's counter to issue a request for completion (R-49)."""
        return self.proposed_to(desk.agency_ids_as(Role.CLERK))

    def proposed_to(self, agency_ids: Sequence[int]) -> Self:
        """The same for the counters of these agencies."""
        here = Q(agency__in=agency_ids) | Q(received_by_agency__in=agency_ids)
        return self.filter(
            is_working(), here, pk__in=Supplement.objects.proposed().values("dossier")
        )


def mine_or(desk: Desk, department_ids: tuple[int, ...]) -> Q:
    mine = Q(holder__in=desk.officer_ids)
    return mine | Q(holder_department__in=department_ids) if department_ids else mine
