"""All counters of a desk in one statement, the bell's with them: built once for each shape of desk
(onestop/prepared.py).
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.db import connection
from django.db.models import Count, Q, Subquery, Value
from django.db.models.functions import Coalesce

from dossiers.models.dossier import Dossier
from dossiers.models.querysets import is_due_soon, is_late, is_waiting, is_working
from dossiers.reach import counter_ids, shared_ids
from onestop.accounts.models import Role
from onestop.outbox.models import Message
from onestop.prepared import Statement, marked, shape, statement_of

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk


@dataclass(frozen=True, slots=True)
class _Reach:
    """Whose work counts: ids only, so that desks of one shape share one statement."""

    officers: tuple[int, ...]
    departments: tuple[int, ...]
    shared: tuple[int, ...]
    counters: tuple[int, ...]
    heads: tuple[int, ...]
    whole: tuple[int, ...]
    clerks: tuple[int, ...]


NAMES = (
    "accept",
    "hand",
    "soon",
    "late",
    "waiting",
    "given",
    "forward",
    "department",
    "agency",
    "proposed",
    "unread",
)
_statements: dict[tuple[Any, ...], Statement] = {}


def count_desk(desk: Desk, now: datetime) -> dict[str, int]:
    """The counters by name. One query; zero for lists the desk has not."""
    reach = _Reach(
        officers=desk.officer_ids,
        departments=desk.department_ids,
        shared=shared_ids(desk),
        counters=counter_ids(desk),
        heads=desk.department_ids_as(Role.HEAD),
        whole=desk.agency_ids_as(Role.LEADER, Role.CONTROLLER),
        clerks=desk.agency_ids_as(Role.CLERK),
    )
    values = (now, *astuple(reach))
    key = (connection.vendor, *shape(values))
    if key not in _statements:
        _statements[key] = _build(values)
    ((*numbers,),) = _statements[key].run(values)
    return dict(zip(NAMES, numbers, strict=True))


def _counts(reach: _Reach, now: datetime) -> dict[str, Any]:
    held = Q(holder__in=reach.officers, pending_department=None)
    to_me = Q(pending_officer=None) | Q(pending_officer__in=reach.officers)
    wanted = {
        "hand": held & is_working(),
        "soon": held & is_due_soon(now),
        "late": held & is_late(now),
        "waiting": held & is_waiting(),
    }
    found: dict[str, Any] = {name: Count("pk", filter=q) for name, q in wanted.items()}
    # Scalars beside the aggregates, each driven by the index of its own set: open work of a
    # department or an agency, what is on its
    # way (finished results too), what the counter has to pass on, open proposals, unread notices.
    for name, ids in (("holder_department", reach.heads), ("agency", reach.whole)):
        is_here = Q(**{f"{name}__in": ids}, ended_at=None)
        found[name.removeprefix("holder_")] = (
            _beside(Dossier.objects.filter(is_here)) if ids else _nothing()
        )
    found["accept"] = (
        _beside(Dossier.objects.filter(to_me, pending_department__in=reach.departments))
        if reach.departments
        else _nothing()
    )
    found["given"] = _beside(Dossier.objects.given_by(reach.officers, reach.shared))
    found["forward"] = _beside(Dossier.objects.to_forward_by(reach.officers, reach.counters))
    found["proposed"] = (
        _beside(Dossier.objects.proposed_to(reach.clerks)) if reach.clerks else _nothing()
    )
    found["unread"] = _beside(Message.objects.filter(to_officer=reach.officers[0]).unread())
    return {name: found[name] for name in NAMES}


def _beside(rows: Any) -> Any:
    """How many rows another set has, as a column of an aggregate."""
    one_row = rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk"))
    return _nothing() + Coalesce(Subquery(one_row.values("n")), Value(0))


def _nothing() -> Any:
    return Count("pk") * Value(0)


def _build(values: tuple[Any, ...]) -> Statement:
    """Run the counters once with marks in the place of ids and instant, and keep the statement the
    ORM made.
    """
    marks, places = marked(values)
    now, reach = cast(datetime, marks[0]), _Reach(*cast(list[tuple[int, ...]], marks[1:]))
    seen: list[tuple[str, Any]] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        Dossier.objects.filter(holder__in=reach.officers, ended_at=None).aggregate(
            **_counts(reach, now)
        )
    ((sql, params),) = seen
    return statement_of(sql, params, places)
