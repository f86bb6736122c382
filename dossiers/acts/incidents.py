"""A recorded incident (power, network, the program) left out of the terms of many dossiers by one
decision: one run over those that lay with the agency meanwhile, each its own lawful excluded time with
its own notice (docs/adr/0026; R-76). What is left out twice counts once, by dossier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Exists, OuterRef, Q, When
from django.utils import timezone

from dossiers.acts import lawful_time
from dossiers.acts.many import Seen
from dossiers.clock import deadlines
from dossiers.models import ClockKind, Dossier
from dossiers.models.decision import ClockDecision
from dossiers.models.elsewhere import Outage
from dossiers.models.querysets import is_waiting
from dossiers.registry import OnMany, Press, register_on_many
from dossiers.states import APPROVERS
from onestop.accounts.models import Officer, Role
from onestop.errors import DomainError
from onestop.texts import whole_number
from onestop.worktime import Unit, parse_term

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

# Of the grounds of time that does not count (clock/grounds.py).
GROUND = "su-co"
# What one press may choose (pressing.MOST).
MOST = 500
IN_HOURS = (Unit.WORKING_HOUR, Unit.CLOCK_HOUR)


def decided_on(desk: Desk, named: str) -> Outage | None:
    """The incident of this id, where it is over and this officer approves at its agency. One query."""
    pk = whole_number(named)
    mine = desk.agency_ids_as(*(Role(role) for role in APPROVERS))
    found = Outage.objects.filter(agency__in=mine, cancelled_at=None, ended_at__isnull=False)
    return found.filter(pk=pk).first() if pk is not None else None


def during(dossier: Dossier, at: datetime) -> list[Outage]:
    """The incidents of its agency that are over, since it was received. One query."""
    rows = Outage.objects.filter(agency=dossier.agency_id, cancelled_at=None)
    return list(
        rows.filter(ended_at__gt=dossier.received_at, ended_at__lte=at).order_by("began_at")
    )


def _lay_there(desk: Desk, named: str) -> list[tuple[int, int]]:
    """Open dossiers that the agency had to handle meanwhile and of which it is not left out yet, those
    with a promise that it may move on top, what is due first before others; as many as one press
    takes. Two queries.
    """
    outage = decided_on(desk, named)
    if outage is None or outage.ended_at is None:
        return []
    rows = Dossier.objects.open().visible_to(desk).filter(agency=outage.agency_id)
    rows = rows.filter(received_at__lt=outage.ended_at)
    left = rows.exclude(Exists(_left_out(outage).filter(dossier=OuterRef("pk"))))
    # What is refused anyhow, and stays so, hides nothing that is not.
    first = Case(When(_may_move(outage, timezone.now()), then=0), default=1)
    return list(left.order_by(first, "sort_due", "pk").values_list("pk", "row_version")[:MOST])


def _may_move(outage: Outage, at: datetime) -> Q:
    """What _why_not() lets through, as SQL: terms of part of a day until the end of their day."""
    assert outage.ended_at is not None
    today, last = _midnight(at), _midnight(outage.ended_at)
    in_hours, in_days = Q(term__contains="giờ"), ~Q(term__contains="giờ")
    in_days &= Q(received_at__lt=last) if outage.began_at < last else Q(pk__in=())
    not_late = in_hours & Q(legal_due_at__gte=at) | ~in_hours & Q(legal_due_at__gte=today)
    promised = Q(undetermined=False, due_at__isnull=False)
    return promised & (not_late | is_waiting()) & (in_hours | in_days)


def _midnight(at: datetime) -> datetime:
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)


def _left_out(outage: Outage) -> Any:
    """Times that do not count and hold all of it, of what was received before it began or in it."""
    rows = ClockDecision.objects.standing().filter(
        mode=ClockKind.EXCLUDE, ends__gte=outage.ended_at
    )
    in_it = Q(dossier__received_at__gt=outage.began_at, begins__lt=outage.ended_at)
    return rows.filter(Q(begins__lte=outage.began_at) | in_it)


def _foreseen(dossiers: Sequence[Dossier], at: datetime, named: str) -> dict[int, DomainError]:
    """What has no promise that the incident could move. Two queries."""
    outage = Outage.objects.filter(pk=whole_number(named) or 0, ended_at__isnull=False).first()
    if outage is None:
        return {}
    ids = [one.pk for one in dossiers]
    left_out = set(_left_out(outage).filter(dossier__in=ids).values_list("dossier_id", flat=True))
    found = {}
    for one in dossiers:
        code = "incident_left_out" if one.pk in left_out else _why_not(one, outage, at)
        if code:
            found[one.pk] = DomainError(code)
    return found


def _why_not(dossier: Dossier, outage: Outage, at: datetime) -> str:
    """Code of why it moves no promise; "" where it may."""
    if dossier.undetermined:
        return "decision_undetermined"
    if dossier.due_at is None:
        return "nothing_to_move"
    if deadlines.is_past_promise(dossier, at) and not dossier.is_waiting:
        return "incident_late"
    return "incident_in_days" if _moves_no_day(dossier, outage) else ""


def _moves_no_day(dossier: Dossier, outage: Outage) -> bool:
    """Terms in days leave out whole days, from the next one on."""
    assert outage.ended_at is not None
    begins = max(outage.began_at, dossier.received_at)
    is_one_day = timezone.localdate(begins) == timezone.localdate(outage.ended_at)
    return is_one_day and parse_term(dossier.term).unit not in IN_HOURS


def _exclude_one(seen: Seen, data: Mapping[str, Any], on: Press) -> None:
    """From the incident's beginning, or the reception where that came later, to its end.

    Errors: those of lawful_time.exclude(), DomainError("outage_unknown", "incident_left_out",
    "incident_in_days", "incident_moves_nothing").
    """
    outage = decided_on(on.by, str(data["outage"]))
    if outage is None or outage.ended_at is None:
        raise DomainError("outage_unknown")
    dossier = Dossier.objects.get(pk=seen.dossier_id)
    if _left_out(outage).filter(dossier=dossier).exists():
        raise DomainError("incident_left_out")
    if _moves_no_day(dossier, outage):
        raise DomainError("incident_in_days")
    what = lawful_time.Excluding(
        kind=GROUND,
        basis=data["basis"],
        reason=data["reason"],
        signer=Officer.objects.get(pk=data["signer"]),
        law=data["law"],
        begins=max(outage.began_at, dossier.received_at),
        ends=outage.ended_at,
    )
    row = lawful_time.exclude(seen, what, by=on.by, at=on.at, press=on.press)
    if not dossier.is_waiting and row.change.due_after == row.change.due_before:
        raise DomainError("incident_moves_nothing")


EXCLUDE_INCIDENT = register_on_many(
    lawful_time.EXCLUDE.name,
    OnMany(
        _exclude_one, "dossiers.forms.incidents.IncidentForm", "Không tính thời gian sự cố", "thoi-gian-su-co",
        frozenset(), foresees=_foreseen, gathers=_lay_there,
    ),
)  # fmt: skip
