"""All counters of a desk in one statement, the bell's with them (onestop/speed.py)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from dossiers.models.agreeing import Agreement
from dossiers.models.dossier import Dossier
from dossiers.models.guiding import GuidanceApproval
from dossiers.models.legs import WHOLE_AGENCY, Leg
from dossiers.models.online import OnlineFiling
from dossiers.models.querysets import is_due_soon, is_late, is_waiting, is_working
from dossiers.models.voiding import VoidRequest
from dossiers.reach import LEG_ROLES, counter_ids, shared_ids
from onestop.accounts.models import Officer, Role
from onestop.outbox.models import Message
from onestop.speed import Prepared

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

Ids = tuple[int, ...]


def count_desk(desk: Desk, now: datetime) -> dict[str, int]:
    """The counters by name. One query; zero for lists the desk has not."""
    ((*numbers,),) = _counters(
        now,
        desk.officer_ids,
        desk.department_ids,
        shared_ids(desk),
        counter_ids(desk),
        desk.department_ids_as(Role.HEAD),
        desk.agency_ids_as(Role.LEADER, Role.CONTROLLER),
        desk.agency_ids_as(Role.CLERK),
        desk.department_ids_as(Role.HEAD, Role.LEADER),
        desk.agency_ids_as(*WHOLE_AGENCY),
        desk.agency_ids_as(*LEG_ROLES),
    )
    return dict(zip(NAMES, numbers, strict=True))


def _sets(
    now: datetime,
    officers: Ids,
    departments: Ids,
    shared: Ids,
    counters: Ids,
    heads: Ids,
    whole: Ids,
    clerks: Ids,
    approving: Ids,
    agencies: Ids,
    here: Ids,
) -> tuple[QuerySet[Any], ...]:
    """What is counted, in the order of NAMES; each is driven by the index of its own set. Whose
    work counts is told by ids only, so that desks of one shape share one statement.
    """
    every = Dossier.objects
    held = every.filter(ended_at=None, holder__in=officers, pending_department=None)
    to_me = Q(pending_officer=None) | Q(pending_officer__in=officers)
    return (
        every.filter(to_me, pending_department__in=departments),
        held.filter(is_working()),
        held.filter(is_due_soon(now)),
        held.filter(is_late(now)),
        held.filter(is_waiting()),
        every.given_by(officers, shared),
        every.to_forward_by(officers, counters),
        held.filter(is_working(), forward_by=None),
        every.filter(ended_at=None, holder_department__in=heads),
        every.filter(ended_at=None, agency__in=whole),
        every.proposed_to(clerks),
        every.to_approve_by(officers, approving) if approving else every.none(),
        Agreement.objects.waiting_for(officers),
        GuidanceApproval.objects.waiting_for(officers),
        VoidRequest.objects.waiting_for(officers),
        GuidanceApproval.objects.filter(asked_by=officers[0], closed_at=None),
        Message.objects.filter(to_officer=officers[0]).unread(),
        OnlineFiling.objects.filter(agency__in=clerks, state=OnlineFiling.State.WAITING),
        Leg.objects.within(officers, departments, agencies, here).with_agency(),
    )


NAMES = (
    "accept",
    "hand",
    "soon",
    "late",
    "waiting",
    "given",
    "forward",
    "keep",
    "department",
    "agency",
    "proposed",
    "approve",
    "agree",
    "guide",
    "void",
    "guided",
    "unread",
    "filed",
    "legs",
)


def _build(now: datetime, officers: Ids, *reach: Ids) -> QuerySet[Officer, Any]:
    """One row, a column a counter."""
    sets = zip(NAMES, _sets(now, officers, *reach), strict=True)
    columns = {f"count_{name}": _size_of(rows) for name, rows in sets}
    me = Officer.objects.order_by().filter(pk=officers[0])
    return me.annotate(**columns).values_list(*columns)


def _size_of(rows: QuerySet[Any]) -> Coalesce:
    """How many rows a set has, as a column."""
    one_group = rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk"))
    return Coalesce(Subquery(one_group.values("n")), Value(0))


_counters = Prepared("counters", _build)
