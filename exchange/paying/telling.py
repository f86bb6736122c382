"""What pages say of paying on line: how a dossier stands with its platform, the platform's receipt."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from dossiers.desk.payments import Bill, Payable
from exchange.models import PayRequest
from exchange.outbox.peers import are_connected
from exchange.paying.asking import offered
from exchange.paying.platforms import platform_of, platforms
from onestop.texts import web_address

if TYPE_CHECKING:
    from dossiers.models import Dossier
    from dossiers.models.payments import Payment

State = PayRequest.State


def shown(dossier: Dossier, now: datetime) -> Payable | None:
    """None where it was never asked for and cannot be. No query where no platform is connected."""
    if not are_connected() or not platforms():
        return None
    rows = PayRequest.objects.filter(dossier=dossier.pk).select_related("payment__receipt__series")
    row = rows.order_by("-pk").first()
    platform = offered(dossier, now)
    if row is None and platform is None:
        return None
    if platform is None and dossier.fee_owed and row is not None and row.payment is None:
        # Asked for anew, then paid by the old address: that money is what stands.
        row = (
            rows.filter(payment__isnull=False, payment__outcome=None).order_by("-pk").first() or row
        )
    fits = row is not None and row.amount == dossier.fee_owed and now < row.expires_at
    is_ready = row is not None and platform is not None and fits
    return Payable(
        platform=_name(row, platform.name if platform is not None else ""),
        code=dossier.code,
        amount=dossier.fee_owed,
        url=web_address(row.url)
        if is_ready and row is not None and row.state == State.OPEN
        else "",
        until=row.expires_at if row is not None and row.is_open else None,
        is_asked=is_ready and row is not None and row.state == State.ASKED,
        may_ask=platform is not None and not (is_ready and row is not None and row.is_open),
        state=row.get_state_display() if row is not None else "",
        words=row.words if row is not None else "",
        payment=row.payment if row is not None else None,
        is_refused=is_ready and row is not None and row.state == State.REFUSED,
    )


def _name(row: PayRequest | None, given: str) -> str:
    if given or row is None:
        return given
    found = platform_of(row.peer)
    return found.name if found is not None else row.peer


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
