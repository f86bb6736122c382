"""How a page shows a payer where to pay what is owed still."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from dossiers.acts.fees import counter_of
from dossiers.desk import payments
from dossiers.intake.transfers import transfer_for
from dossiers.models import Dossier
from dossiers.slips.qr import qr_data_uri


def paid_by(dossier: Dossier, now: datetime) -> dict[str, Any]:
    """The transfer and its picture, empty where nothing is owed, there is no account or what was paid on
    line is looked at still; how it stands with the platform where it may be paid on line.
    """
    on_line = payments.online.shown(dossier, now)
    if not dossier.fee_owed or (on_line is not None and on_line.stands):
        return {"pay": None, "pay_qr": "", "on_line": on_line}
    pay = transfer_for(dossier, counter_of(dossier, now).pk, timezone.localdate(now))
    qr = qr_data_uri(pay.text) if pay is not None else ""
    return {"pay": pay, "pay_qr": qr, "on_line": on_line}
