"""What the demo shows of money: a book of receipts, fees that were taken, one that waits to be voided,
and a drawer that was counted.
"""

from __future__ import annotations

from datetime import timedelta

from dossiers.acts import cash, fees, receipt_series
from dossiers.acts.fees import Asking, Taking
from dossiers.acts.many import Seen
from dossiers.acts.receipt_series import Book
from dossiers.demo_day import BOAT, MARITAL, Day
from dossiers.models import Dossier
from dossiers.models.money import ReceiptRequest, ReceiptSeries

BOOK = Book(
    ReceiptSeries.Kind.PRINTED, "Biên lai thu tiền phí, lệ phí", "01BLP5-001", "AB-26T", "4900123456", last=2000,
)  # fmt: skip
PRICE = 30_000


def take_fees(day: Day) -> None:
    """In the last days of the first commune: yesterday's drawer was counted, today's was not."""
    at = day.ago
    opened = at(2, 8, 0)
    leader = day.desk("lanhdao", opened)
    book = receipt_series.open_book(day.agency, BOOK, by=leader, at=opened)
    yesterday = [day.receive(MARITAL, at(1, 8, 35)), day.receive(BOAT, at(1, 8, 50))]
    for dossier in yesterday:
        _take(day, book, dossier)
    evening = at(1, 16, 45)
    by = day.desk("tiepnhan", evening)
    there = cash.in_drawer(day.agency.pk, by.officer.pk, evening).expected
    cash.count(day.agency.pk, counted=there, explanation="", by=by, at=evening)
    wrong = day.receive(MARITAL, at(1, 16, 50))
    receipt = _take(day, book, wrong)
    when = wrong.received_at + timedelta(minutes=9)
    asked = Asking(receipt, ReceiptRequest.Kind.VOID, "Ghi nhầm số tiền, viết lại biên lai khác")
    fees.ask_change(Seen(wrong.pk), asked, by=day.desk("tiepnhan", when), at=when)


def _take(day: Day, book: ReceiptSeries, dossier: Dossier) -> int:
    when = dossier.received_at + timedelta(minutes=3)
    owed = Dossier.objects.get(pk=dossier.pk).fee_owed
    what = Taking(
        book.pk, 0, owed or PRICE, more="" if owed else "Bản sao trích lục kèm theo kết quả"
    )
    return fees.take_fee(Seen(dossier.pk), what, by=day.desk("tiepnhan", when), at=when).pk
