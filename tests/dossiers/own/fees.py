"""A fee that was taken under a printed receipt, and what was paid back of it."""

from dataclasses import replace
from datetime import datetime

from dossiers.acts import fees, receipt_series
from dossiers.acts.fees import Asking, FeePaper, Taking
from dossiers.acts.many import Seen
from dossiers.acts.receipt_series import Book
from dossiers.intake.transfers import Transfer, reference_of
from dossiers.ledger import writer
from dossiers.models import Dossier
from dossiers.models.money import FeeRelief, ReceiptRequest, ReceiptSeries
from onestop.vietqr import transfer_text
from tests.dossiers.slips import samples, shown
from tests.world import Office

BOOK = Book(
    ReceiptSeries.Kind.PRINTED, "Biên lai thu tiền phí, lệ phí", "01BLP5-001", "AB-26T", "4900123456", last=500,
)  # fmt: skip


def sample() -> FeePaper:
    return FeePaper(
        **samples.common("bien-lai"),
        owner=samples.OWNER,
        content="Đăng ký biến động đất đai",
        series=BOOK.name,
        form_symbol=BOOK.form_symbol,
        symbol=BOOK.symbol,
        digits="0000123",
        tax_code=BOOK.tax_code,
        payer="Nguyễn Văn Ân",
        fee=120_000,
        charge=30_000,
        amount=150_000,
        way="Tiền mặt",
        relief="Hộ cận nghèo",
        proof="Giấy chứng nhận số 12/UBND",
        taken_at=samples.at(2, 8, 20),
    )


def pictures() -> list[shown.Shown]:
    receipt = FeePaper(
        **shown.about("bien-lai", shown.COUNTER, shown.at(2, 8, 20), 12, code=shown.LAND_CODE),
        owner=shown.WOMAN,
        content="Thủ tục đăng ký biến động đối với trường hợp chuyển nhượng quyền sử dụng đất",
        series=BOOK.name,
        form_symbol=BOOK.form_symbol,
        symbol=BOOK.symbol,
        digits="0000123",
        tax_code=BOOK.tax_code,
        payer="Hoàng Thị Khuê Tú",
        fee=120_000,
        charge=30_000,
        amount=150_000,
        way="Tiền mặt",
        taken_at=shown.at(2, 8, 20),
    )
    pay = Transfer(
        bank="Vietcombank", number="0011004567890", holder="UBND phường Tam Thanh", amount=50_000,
        content=reference_of(shown.CODE),
        text=transfer_text(bank="970436", account="0011004567890", amount=50_000, purpose=reference_of(shown.CODE)),
    )  # fmt: skip
    slip = shown.receipt(shown.FEW, pay=pay)
    title = "Biên lai thu phí, lệ phí tự in (nội dung theo Thông tư 303/2016/TT-BTC Điều 3)"
    return [
        shown.Shown("bien-lai", title, receipt),
        shown.Shown("mau-01-chuyen-khoan", "Mẫu 01, A5, phí còn phải nộp có mã VietQR", slip),
    ]


def seed(dossier: Dossier, office: Office, at: datetime) -> None:
    """Two receipts out of two books; money of the first is paid back."""
    clerk, leader = office.desk(office.clerk), office.desk(office.leader)
    books = list(ReceiptSeries.objects.filter(agency=office.agency)) or [
        receipt_series.open_book(office.agency, replace(BOOK, **cover), by=leader, at=at)
        for cover in ({}, {"symbol": "AC-26T", "first": 601, "last": 900})
    ]
    seen = Seen(dossier.pk)
    rows = [
        fees.take_fee(seen, Taking(book.pk, 0, 30_000, more="Bản sao"), by=clerk, at=at)
        for book in books
    ]
    what = Asking(rows[0].pk, ReceiptRequest.Kind.REFUND, "Thu thừa", 10_000)
    asked = fees.ask_change(seen, what, by=clerk, at=at)
    fees.answer_change(seen, asked.pk, agreed=True, words="", by=leader, at=at)
    # As if it had owed: what is received before the first book owes nothing.
    with writer.change(dossier.pk, by=clerk, at=at) as life:
        relief = life.add(
            FeeRelief(
                dossier=life.dossier,
                amount=5_000,
                relief="Hộ nghèo",
                proof="Giấy chứng nhận số 5",
                agency=office.agency,
                relieved_by=office.clerk,
                relieved_at=at,
            )
        )
        life.record("relieve_fee", {"row": relief.pk})
