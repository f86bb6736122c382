"""Money that came and whose receipt is void."""

from __future__ import annotations

from dossiers.models.money import FeeReceipt, Way
from dossiers.models.payments import Payment
from onestop.changes.domain import update_all


def stands_again(receipt: FeeReceipt) -> None:
    """What came through the bank and was booked under a receipt that is void is to be looked at again:
    for another dossier, or paid back.
    """
    if receipt.way != Way.CASH:
        rows = Payment.objects.filter(receipt=receipt)
        words = f"Biên lai {receipt.series} số {receipt.digits} đã hủy"
        update_all(rows, outcome=None, receipt=None, reason=words, settled_by=None, settled_at=None)
