"""How a page shows a payer where to pay what is owed still."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from dossiers.acts.fees import counter_of, counters_of
from dossiers.desk import payments
from dossiers.intake.transfers import transfer_for
from dossiers.models import Dossier
from dossiers.slips.qr import qr_data_uri
from dossiers.views.throttle import Limit

# So often a payer asks for the payment of one dossier, wherever it is asked.
ASKING = Limit("pay-asking", times=10, seconds=600)


def paid_by(dossier: Dossier, now: datetime, *, by_citizen: bool = False) -> dict[str, Any]:
    """The transfer and its picture, empty where nothing is owed, there is no account or what was paid
    is looked at still; how it stands with the platform where it may be paid on line; what was paid and
    is not reconciled. `by_citizen`: as its payer sees it.
    """
    counters = counters_of(dossier, now) if dossier.fee_owed else ()
    in_hand = payments.in_hand([dossier], counters, now).get(dossier.pk)
    is_paid = in_hand is not None and in_hand.is_sure
    on_line = payments.online.shown(dossier, now, is_paid=is_paid)
    if by_citizen:
        on_line = payments.for_citizen(on_line)
    said = {"pay": None, "pay_qr": "", "on_line": on_line, "in_hand": in_hand}
    if not dossier.fee_owed or is_paid:
        return said
    pay = transfer_for(dossier, counter_of(dossier, now).pk, timezone.localdate(now))
    return said | {"pay": pay, "pay_qr": qr_data_uri(pay.text) if pay is not None else ""}
