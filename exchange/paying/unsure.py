"""Requests for payment that a person has to look at: the platform never answered, or not so that anybody
knows whether it is paid, or it gives no receipt. Asked again by a press, closed with a reason, told to
whoever takes the money once a day.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from dossiers.acts import cash
from exchange.models import PayRequest
from exchange.paying.asking import OPEN, SETTLE
from exchange.paying.platforms import platform_of
from onestop.accounts.models import Agency, Officer, Role, RoleGrant
from onestop.errors import DomainError
from onestop.jobs.nudge import nudge
from onestop.outbox.domain import Notice, post_all
from onestop.outbox.told import told
from onestop.paging import Page, by_id

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from onestop.accounts.desk import Desk

SIZE = 50
KIND = "pay_unsure"
State = PayRequest.State
# Whoever takes the money looks at them, and the controller of the agency.
ACTORS = (*cash.TAKING, Role.CONTROLLER)
# So long it may wait for its turn or its answer before anybody is told.
PATIENCE = timedelta(hours=1)
_ORDER = by_id(newest_first=True)


def to_see(now: datetime, agency_ids: Collection[int] | None = None) -> QuerySet[PayRequest]:
    """What nobody has closed: no clear answer, or its turn came long ago and nobody asked (the worker
    does not run, the platform is not connected any more). `agency_ids`: None for all.
    """
    is_left = Q(next_at__lt=now - PATIENCE)
    rows = PayRequest.objects.filter(Q(unsure_since__isnull=False) | is_left, ended_at=None)
    return rows if agency_ids is None else rows.filter(agency__in=list(agency_ids))


def page(agency_ids: Collection[int], now: datetime, *, after: str = "") -> Page[PayRequest]:
    """The newest first; one query."""
    rows = to_see(now, agency_ids).select_related("dossier")
    return _ORDER.page(rows.defer("dossier__secret", "dossier__salt"), size=SIZE, after=after)


def count(agency_id: int, now: datetime) -> int:
    """Also where no platform is connected any more: what it left open is looked at still. One query."""
    return to_see(now, [agency_id]).count()


def may_be_asked(row: PayRequest) -> bool:
    """Its platform is connected still."""
    return platform_of(row.peer) is not None


def what_to_do(row: PayRequest) -> str:
    """The code of the sentence."""
    # First: whatever else is to be done, nobody can be asked.
    if not may_be_asked(row):
        return "pay_do_gone"
    if row.state == State.PAID:
        return "pay_do_bill" if row.next_at is not None else "pay_do_bill_over"
    if row.is_called_paid:
        return "pay_do_called"
    if row.state == State.ASKED:
        return "pay_do_asked"
    return "pay_do_again" if row.next_at is not None else "pay_do_given_up"


def ask_again(pk: int, *, by: Desk, at: datetime) -> PayRequest:
    """Its turn is now, and its pauses begin anew; a worker is nudged. Errors: DomainError("pay_ended",
    "pay_gone", "not_cashier").
    """
    with transaction.atomic():
        row = _mine(pk, by, at)
        if not may_be_asked(row):
            raise DomainError("pay_gone")
        row.next_at, row.tries = at, 0
        row.save(update_fields=["next_at", "tries"])
        nudge(SETTLE)
    return row


def close(pk: int, reason: str, *, by: Desk, at: datetime) -> PayRequest:
    """Nobody is told of it any more. A request leads nowhere from then on; whether it was paid is asked
    after until it is over, for its address may be in somebody's hands, and money that comes is taken.
    Errors: DomainError("reason_missing", "pay_ended", "not_cashier").
    """
    if not reason.strip():
        raise DomainError("reason_missing", field="reason")
    with transaction.atomic():
        row = _mine(pk, by, at)
        stands: dict[str, Any] = {
            "ended_at": at,
            "ended_by": by.officer,
            "reason": reason.strip()[:300],
        }
        if row.state in OPEN:
            stands["state"] = State.CLOSED
        elif row.state == State.PAID:
            stands["next_at"] = None  # its receipt
        PayRequest.objects.filter(pk=row.pk).update(**stands)
    return row


def _mine(pk: int, by: Desk, at: datetime) -> PayRequest:
    """Locked. Errors: DomainError("pay_ended", "not_cashier")."""
    rows = to_see(at).filter(pk=pk).select_for_update(of=("self",))
    row = rows.first()
    if row is None:
        raise DomainError("pay_ended")
    if not by.has(*ACTORS, agency_id=row.agency_id):
        raise DomainError("not_cashier")
    return row


# --- telling --------------------------------------------------------------------------------------


def tell(*, now: datetime, link: str) -> int:
    """Whoever takes the money at an agency, and its controllers, once a day; how many notices."""
    late = to_see(now).filter(Q(unsure_since__isnull=True) | Q(unsure_since__lte=now - PATIENCE))
    counts = dict(late.order_by().values_list("agency").annotate(Count("pk")))
    if not counts:
        return 0
    today = timezone.localdate(now)
    notices: list[Notice] = []
    for agency in Agency.objects.filter(pk__in=counts).order_by("pk"):
        words = told("exchange/told/unsure", agency=agency, count=counts[agency.pk])
        notices += [
            {
                "kind": KIND,
                "dedupe": f"{KIND}:{agency.pk}:{today:%Y%m%d}:{officer.pk}",
                "subject": words["subject"],
                "body": words["body"],
                "at": now,
                "to_officer": officer,
                "link": f"{link}?co-quan={agency.pk}",
            }
            for officer in _whom(agency, now)
        ]
    return len(post_all(notices))


def _whom(agency: Agency, now: datetime) -> list[Officer]:
    today = timezone.localdate(now)
    grants = RoleGrant.objects.valid_on(today).filter(
        agency=agency.in_charge(today), role__in=ACTORS, officer__is_active=True
    )
    return list({one.officer_id: one.officer for one in grants.select_related("officer")}.values())
