"""What the demo shows of money: a book of receipts, fees that were taken, relieved and are owed still,
one that waits to be voided, a drawer that was counted, an account and what came to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from dossiers.acts import bank_accounts, cash, fees, payments, receipt_series, relieving
from dossiers.acts.bank_accounts import Account
from dossiers.acts.fees import Asking, Taking
from dossiers.acts.many import Seen
from dossiers.acts.receipt_series import Book
from dossiers.demo_day import BOAT, MARITAL, Day
from dossiers.importing import statements
from dossiers.intake.transfers import reference_of
from dossiers.models import Dossier
from dossiers.models.money import ReceiptRequest, ReceiptSeries

BOOK = Book(
    ReceiptSeries.Kind.PRINTED, "Biên lai thu tiền phí, lệ phí", "01BLP5-001", "AB-26T", "4900123456", last=2000,
)  # fmt: skip
PRICE, FEE = 30_000, 8_000


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
    if day.moves_promises:
        _owed(day, book)


def _owed(day: Day, book: ReceiptSeries) -> None:
    """Two pay less or nothing by law; a statement tells of transfers: one is booked, the rest stands."""
    at = day.ago(0, 7, 45)
    less, free, paid, match, part, still = (
        day.receive(MARITAL, day.ago(1, 9 + number // 3, 10 + number), fee=FEE)
        for number in range(6)
    )
    by, clerk = day.desk("tiepnhan", at), day.officers["tiepnhan"]
    poor = Taking(book.pk, 0, FEE // 2, relief="Hộ cận nghèo", proof="Giấy chứng nhận số 31/UBND")
    fees.take_fee(Seen(less.pk), poor, by=by, at=at)
    relieving.relieve_fee(Seen(free.pk), "Hộ nghèo", "Giấy chứng nhận số 12/UBND", by=by, at=at)
    opened = day.ago(2, 8, 0)
    account = bank_accounts.propose(
        day.agency, _account(timezone.localdate(opened)), by=day.desk("quantri", opened), at=opened
    )
    bank_accounts.confirm(account.pk, by=day.desk("lanhdao", opened), at=opened)
    when = day.now - timedelta(minutes=3)
    told = _statement(timezone.localdate(at), [
        (f"{FEE}", reference_of(paid.code)), (f"{FEE}", reference_of(match.code)),
        (f"{2 * FEE}", f"{reference_of(part.code)} {reference_of(still.code)} nop chung"),
        ("120000", "NONG VAN BINH chuyen tien"),
    ])  # fmt: skip
    row = statements.start(told, account=account, by=clerk, at=when)
    statements.confirm_columns(row, statements.table_of(row).columns)
    statements.record(row, by=clerk, at=when)
    first = row.payments.earliest("line")
    payments.book(first.pk, series_id=book.pk, by=day.desk("tiepnhan", when), at=when)


def _account(first: date) -> Account:
    return Account("970436", "0011004567890", "UBND PHUONG TAM THANH", first)


def _statement(on: date, lines: Sequence[tuple[str, str]]) -> SimpleUploadedFile:
    rows = ["Ngày giao dịch;Số bút toán;Ghi có;Nội dung giao dịch"]
    rows += [
        f"{on:%d/%m/%Y};FT{n:04d};{amount};{words}" for n, (amount, words) in enumerate(lines, 1)
    ]
    return SimpleUploadedFile("sao-ke.csv", "\n".join(rows).encode())


def _take(day: Day, book: ReceiptSeries, dossier: Dossier) -> int:
    when = dossier.received_at + timedelta(minutes=3)
    owed = Dossier.objects.get(pk=dossier.pk).fee_owed
    what = Taking(
        book.pk, 0, owed or PRICE, more="" if owed else "Bản sao trích lục kèm theo kết quả"
    )
    return fees.take_fee(Seen(dossier.pk), what, by=day.desk("tiepnhan", when), at=when).pk
