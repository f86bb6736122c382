"""How a page shows a payer where to transfer what is owed still."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from dossiers.acts.fees import counter_of
from dossiers.intake.transfers import transfer_for
from dossiers.models import Dossier
from dossiers.slips.qr import qr_data_uri


def paid_by(dossier: Dossier, now: datetime) -> dict[str, Any]:
    """The transfer and its picture; both empty where nothing is owed, or there is no account."""
    if not dossier.fee_owed:
        return {"pay": None, "pay_qr": ""}
    pay = transfer_for(dossier, counter_of(dossier, now).pk, timezone.localdate(now))
    return {"pay": pay, "pay_qr": qr_data_uri(pay.text) if pay is not None else ""}
