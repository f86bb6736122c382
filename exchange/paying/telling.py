"""What pages say of paying on line: how a dossier stands with its platform, the platform's receipt."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.urls import reverse

from dossiers.desk.payments import Bill, InHand, Payable
from exchange.models import PayRequest
from exchange.outbox.peers import are_connected
from exchange.paying.asking import is_current, offered
from exchange.paying.platforms import platform_of, platforms
from onestop.texts import web_address

if TYPE_CHECKING:
    from collections.abc import Collection

    from dossiers.models import Dossier
    from dossiers.models.payments import Payment
    from exchange.paying.platforms import Platform

State = PayRequest.State


def shown(dossier: Dossier, now: datetime, *, is_paid: bool | None = None) -> Payable | None:
    """None where it was never asked for and cannot be. No query where no platform is connected."""
    if not are_connected() or not platforms():
        return None
    platform = offered(dossier, now, is_paid=is_paid)
    row = _spoken_of(dossier, is_offered=platform is not None)
    if row is not None:
        return _by_request(row, dossier, platform, now)
    if platform is None:
        return None
    return Payable(platform=platform.name, code=dossier.code, amount=dossier.fee_owed, may_ask=True)


def _spoken_of(dossier: Dossier, *, is_offered: bool) -> PayRequest | None:
    """The newest request. Where one was paid by its old address after it was asked for anew, that one:
    its money is what stands.
    """
    rows = PayRequest.objects.filter(dossier=dossier.pk).select_related("payment__receipt__series")
    newest = rows.order_by("-pk").first()
    if newest is None or newest.payment is not None or is_offered or not dossier.fee_owed:
        return newest
    paid = rows.filter(payment__isnull=False, payment__outcome=None)
    return paid.order_by("-pk").first() or newest


def _by_request(
    row: PayRequest, dossier: Dossier, platform: Platform | None, now: datetime
) -> Payable:
    # Whether its page is where the payer is to go; what is offered anew takes its place otherwise.
    leads = platform is not None and is_current(row, dossier, now)
    return Payable(
        platform=platform.name if platform is not None else name_of(row.peer),
        code=dossier.code,
        amount=dossier.fee_owed,
        url=web_address(row.url) if leads and row.state == State.OPEN else "",
        until=row.expires_at if row.is_open else None,
        is_asked=leads and row.state == State.ASKED,
        may_ask=platform is not None and not (leads and row.is_open),
        state=row.get_state_display(),
        words=row.words,
        payment=row.payment,
        is_refused=leads and row.state == State.REFUSED,
        by_counter=row.created_by_id is not None,
    )


def name_of(peer: str) -> str:
    """Its code where it is not connected any more."""
    found = platform_of(peer)
    return found.name if found is not None else peer


def asked(dossier_ids: Collection[int], now: datetime) -> dict[int, InHand]:
    """What the platform calls paid though it could not be booked, and what may be paid on its page
    just now. Of a platform that is not connected any more only the first. One query.
    """
    spoken = Q(called_paid_at__isnull=False, ended_at=None)
    if are_connected() and platforms():
        is_owed = Q(amount=F("dossier__fee_owed"))
        spoken |= Q(is_owed, state=State.OPEN, expires_at__gt=now)
    rows = PayRequest.objects.filter(spoken, dossier__in=list(dossier_ids))
    found: dict[int, InHand] = {}
    for row in rows.only("dossier_id", "amount", "called_paid_at", "ended_at").order_by("pk"):
        is_sure = row.is_called_paid
        if is_sure or row.dossier_id not in found:
            found[row.dossier_id] = InHand(row.amount, is_sure=is_sure)
    return found


def bill_of(payment: Payment) -> Bill | None:
    """Of a payment that a platform confirmed for a request. One query; none of a bank's line."""
    if payment.statement_id is not None:
        return None
    row = PayRequest.objects.filter(payment=payment).first()
    if row is None:
        return None
    if row.bill_id is not None:
        return Bill(url=reverse("pay_bill", args=[row.pk]))
    return Bill(words=row.words or "Đang lấy biên lai của nền tảng thanh toán.")
