"""A bank's statement: read as banks write it, looked through, recorded once, what matches booked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossiers.acts import payments
from dossiers.importing import statements
from dossiers.importing.statements import amount_in
from dossiers.importing.trouble import LineRefused
from dossiers.intake.transfers import codes_in, reference_of
from dossiers.models import Dossier
from dossiers.models.money import FeeReceipt, ReceiptRequest, Way
from dossiers.models.payments import BankStatement, Payment
from dossiers.views import payments as views
from onestop.accounts.models import AccessEvent, AccessKind, Officer
from tests.dossiers.money.office import Till, fresh, make_till, refused
from tests.dossiers.money.paid import csv_of, line, uploaded, with_account, words
from tests.world import MONDAY

pytestmark = pytest.mark.django_db
SignIn = Callable[[Officer], Any]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("50000", 50_000), ("50.000", 50_000), ("50,000", 50_000), ("50,000.00", 50_000), ("50.000,00", 50_000),
        ("+1.250.000 VND", 1_250_000), ("-50,000", -50_000), ("50000.00", 50_000), ("0", 0), ("", 0), ("50 000 đ", 50_000),
    ],
)  # fmt: skip
def test_amounts_are_whole_dong(text: str, amount: int) -> None:
    assert amount_in(text) == amount


@pytest.mark.parametrize("text", ["50000.5", "1.2345", "12,34.000", "năm mươi", "1e5", "50.000.00"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(LineRefused):
        amount_in(text)


def test_a_statement_is_looked_through_line_by_line() -> None:
    till, account = with_account()
    first, second = till.owing(), till.owing()
    lines = [
        ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"),
        line("50,000", words(first), "FT1"),
        line("50,000", words(first), "FT1"),  # the same line again
        line("50,000", words(first), "FT2"),  # paid twice
        line("49,000", words(second), "FT3", "23/11/2026 08:15:00"),
        ("2", "23/11/2026", "FT4", "10.000", "", "", "Phi quan ly tai khoan"),
        line("nhiều", words(second), "FT5"),
        line("1.000", "x", "FT6", "31/02/2026"),
        line("1.000", "x", "FT7", "24/11/2026"),
        ("", "", "", "Cộng phát sinh", "", "", ""),
    ]
    row = uploaded(account, lines, by=till.office.clerk)
    found = statements.preview(statements.table_of(row), row, now=MONDAY)
    assert [(one.number, one.why) for one in found.lines] == [
        (4, ""), (6, payments.PAID), (7, payments.LESS),
    ]  # fmt: skip
    assert (found.repeated, found.out, found.passed) == (1, 1, 2)
    assert [number for number, _ in found.refused] == [9, 10, 11]
    assert found.lines[0].came.raw["Số bút toán"] == "FT1"
    assert not Payment.objects.exists()


def test_a_payment_is_recorded_once_whatever_the_file() -> None:
    till, account = with_account()
    one, two = line("50.000", words(till.owing()), "FT1"), line("7.000", "x", "FT2")
    for lines, new, known in (([one], 1, 0), ([one, two], 1, 1), ([one, two], 0, 2)):
        row = uploaded(account, lines, by=till.office.clerk)
        found = statements.record(row, by=till.office.clerk, at=MONDAY)
        assert (len(found.lines), found.known) == (new, known)
        row.refresh_from_db()
        assert (row.stage, row.kept) == (BankStatement.Stage.DONE, "")
    assert Payment.objects.count() == 2
    again = uploaded(account, [one, two], by=till.office.clerk)
    assert statements.recorded_before(again) is not None


def test_another_export_of_the_bank_tells_the_same_payments() -> None:
    """With or without hours, balances written otherwise, lines the other way round."""
    till, account = with_account()
    one, day, hour = words(till.owing()), "23/11/2026", "23/11/2026 08:15:00"
    like = ("1", day, "", "", "50.000", "", "nop le phi")
    first = [
        ("1", day, "FT1", "", "50.000", "1.000.000", one), ("2", day, "FT1", "", "50.000", "1.050.000", one), like, like,
    ]  # fmt: skip
    second = [
        like, ("2", hour, "FT1", "", "50,000", "1,050,000.00", one), ("1", hour, "FT1", "", "50,000", "1,000,000", one),
        ("1", hour, "", "", "50,000", "", "Nộp lệ phí"),
    ]  # fmt: skip
    for lines, new, known in ((first, 4, 0), (second, 0, 4), (first[2:], 0, 2)):
        found = statements.record(
            uploaded(account, lines, by=till.office.clerk), by=till.office.clerk, at=MONDAY
        )
        assert (len(found.lines), found.known, found.repeated) == (new, known, 0)
    numbers = [row.number for row in Payment.objects.order_by("line")]
    assert numbers == ["FT1", "FT1", "", ""]
    desk = till.office.desk(till.office.clerk)
    last = Payment.objects.order_by("line").last()
    assert last is not None
    receipt = payments.assign(
        last.pk, till.owing(), "Đã hỏi", series_id=till.book.pk, by=desk, at=MONDAY
    )
    assert receipt.reference == f"Sao kê {last.statement_id}, dòng {last.line}"


def test_lines_that_no_column_holds_are_named_and_the_rest_is_recorded() -> None:
    till, account = with_account()
    lines = [
        line("1" + "0" * 22, "x", "FT1"),
        line("1" * 5000, "x", "FT2"),
        line("1.000", "x", "FT3", "01/01/0001"),
        line("1.000", "x", "FT4", "01/01/0001 00:00:00"),
        line("1.000", "x", "FT5"),
    ]
    found = statements.record(
        uploaded(account, lines, by=till.office.clerk), by=till.office.clerk, at=MONDAY
    )
    assert [number for number, _ in found.refused] == [3, 4, 5, 6]
    assert [row.number for row in Payment.objects.all()] == ["FT5"]


def test_nothing_is_recorded_by_columns_that_nobody_confirmed(
    till: Till, signed_in: SignIn
) -> None:
    till, account = with_account(till)
    file = SimpleUploadedFile("t.csv", csv_of([line("50.000", words(till.owing()), "FT1")]))
    row = statements.start(file, account=account, by=till.office.clerk, at=MONDAY)
    client = signed_in(till.office.clerk)
    html = client.post(f"/thu-tien/sao-ke/{row.pk}/ghi/", follow=True).content.decode()
    assert "Hãy xác nhận các cột của sao kê trước khi ghi." in html
    assert not Payment.objects.exists()
    statements.drop(BankStatement.objects.get(), by=till.office.clerk, at=MONDAY)
    assert (
        refused(lambda: statements.record(row, by=till.office.clerk, at=MONDAY)) == "statement_over"
    )


def test_looking_through_asks_as_often_for_many_lines() -> None:
    till, account = with_account()
    counts = []
    for many in (1, 12):
        lines = [line("50.000", words(till.owing()), f"FT{many}-{n}") for n in range(many)]
        row = uploaded(account, lines, by=till.office.clerk)
        table = statements.table_of(row)
        with CaptureQueriesContext(connection) as asked:
            found = statements.preview(table, row, now=MONDAY)
        assert len(found.matching) == many
        counts.append(len(asked))
    assert counts == [2, 2]


def test_the_pages_from_the_file_to_the_receipts(till: Till, signed_in: SignIn) -> None:
    till, account = with_account(till)
    good, less = till.owing(), till.owing()
    content = csv_of([line("50.000", words(good), "FT1"), line("20.000", words(less), "FT2")])
    client = signed_in(till.office.clerk)

    def send() -> Any:
        file = SimpleUploadedFile("t11.csv", content)
        return client.post("/thu-tien/sao-ke/", {"account": account.pk, "file": file}, follow=True)

    html = send().content.decode()
    assert "Cột nào ghi gì?" in html
    row = BankStatement.objects.get()
    chosen = {
        "paid_at": "1",
        "number": "2",
        "debit": "3",
        "credit": "4",
        "balance": "5",
        "content": "6",
    }
    where = f"/thu-tien/sao-ke/{row.pk}/"
    assert client.post(f"{where}cot/", {"paid_at": "1"}).status_code == 422
    html = client.post(f"{where}cot/", chosen, follow=True).content.decode()
    assert "Ghi sao kê và thu 1 khoản khớp" in html
    assert good.code in html
    assert "Chuyển thiếu" in html
    # The statement and whose payments stand in it: both were looked at.
    looked = AccessEvent.objects.filter(kind=AccessKind.VIEWED)
    seen = looked.filter(detail="xem trước sao kê ngân hàng")
    assert {event.object_id for event in seen} == {good.pk, less.pk}
    assert looked.filter(object_kind="work", detail__endswith="t11.csv").exists()
    sent = {"series": till.book.pk, "kind": "phi"}
    html = client.post(f"{where}ghi/", sent, follow=True).content.decode()
    assert "Đã ghi 2 khoản tiền đến của sao kê." in html
    assert "Đã ghi thu 1 khoản khớp, 50.000 đồng." in html
    receipt = FeeReceipt.objects.get()
    assert (receipt.dossier, receipt.fee, receipt.way) == (good, 50_000, Way.TRANSFER)
    assert receipt.reference == "FT1"
    assert "1 khoản tiền cần xem" in client.get("/thu-tien/").content.decode()
    # The rest, one by one.
    left = Payment.objects.standing().get()
    page = f"/thu-tien/khoan-den/{left.pk}/"
    assert "Số bút toán" in client.get(page).content.decode()
    wrong = {"code": "H99.01-261123-9999", "reason": "x", "series": till.book.pk, "kind": "le-phi"}
    refused = client.post(page, wrong)
    assert refused.status_code == 422
    assert "Không tìm thấy hồ sơ" in refused.content.decode()
    html = client.post(
        page, wrong | {"code": less.code, "reason": "Nộp trước một phần"}, follow=True
    )
    assert "Đã ghi thu 20.000 đồng" in html.content.decode()
    assert fresh(less).fee_owed == 30_000
    assert "Không có khoản tiền nào cần xem" in client.get("/thu-tien/khoan-den/").content.decode()
    html = client.get("/thu-tien/quyet-toan/").content.decode()
    assert "Tiền đến tài khoản, nộp trực tuyến" in html
    assert "Tệp này đã ghi lúc" in send().content.decode()
    # Another counter's are nobody's here.
    stranger = signed_in(make_till().office.clerk)
    for address in (where, page):
        assert stranger.get(address).status_code == 404
    leader = signed_in(till.office.leader)
    assert leader.get(page).status_code == 200
    html = leader.post(page, {"outcome": "2", "why": "x"}, follow=True).content.decode()
    assert "Khoản này đã được xử lý" in html
    assert leader.get("/thu-tien/sao-ke/").status_code == 403


def test_what_matches_and_stands_is_booked_from_the_list(till: Till, signed_in: SignIn) -> None:
    """Recorded while the counter had no book; more than the book holds stands and is said. A
    statement that is recorded later books its own.
    """
    till, account = with_account(till)
    type(till.book).objects.update(given=10)
    lines = [line("50.000", words(till.owing()), f"FT{n}") for n in range(2)]
    row = uploaded(account, lines, by=till.office.clerk)
    statements.record(row, by=till.office.clerk, at=MONDAY)
    client = signed_in(till.office.clerk)
    sent = {"series": till.book.pk, "kind": "le-phi"}
    later = uploaded(account, [line("50.000", words(till.owing()), "FT7")], by=till.office.clerk)
    html = client.post(f"/thu-tien/sao-ke/{later.pk}/ghi/", sent, follow=True).content.decode()
    assert "Đã ghi thu 1 khoản khớp" in html
    assert FeeReceipt.objects.get().reference == "FT7"
    assert "2 khoản đúng mã hồ sơ" in client.get("/thu-tien/khoan-den/").content.decode()
    html = client.post("/thu-tien/khoan-den/ghi-thu/", sent, follow=True).content.decode()
    assert "Đã ghi thu 1 khoản khớp" in html
    assert "đã hết số" in html
    assert Payment.objects.standing().count() == 1
    wrong = client.post("/thu-tien/khoan-den/ghi-thu/", {"series": "0"}, follow=True)
    assert "chưa có quyển biên lai" in wrong.content.decode()


def test_what_matches_is_booked_however_many_stand_before_it(
    till: Till, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Money of a receipt that was voided is no more booked with the rest: a person looks at it."""
    monkeypatch.setattr(views, "AT_ONCE", 2)
    till, account = with_account(till)
    dossier = till.owing()
    lines = [line("1.000", f"tien nha {n}", f"FT{n}") for n in range(3)]
    lines.append(line("50.000", words(dossier), "FT9"))
    row = uploaded(account, lines, by=till.office.clerk)
    client, sent = signed_in(till.office.clerk), {"series": till.book.pk, "kind": "le-phi"}
    html = client.post(f"/thu-tien/sao-ke/{row.pk}/ghi/", sent, follow=True).content.decode()
    assert "Đã ghi thu 1 khoản khớp" in html
    till.answer(till.ask(FeeReceipt.objects.get(), ReceiptRequest.Kind.VOID))
    html = client.get("/thu-tien/khoan-den/").content.decode()
    assert "Xem lại rồi ghi thu từng khoản." in html
    assert "khoản đúng mã hồ sơ" not in html
    html = client.post("/thu-tien/khoan-den/ghi-thu/", sent, follow=True).content.decode()
    assert "Không có khoản nào khớp để ghi thu." in html
    assert FeeReceipt.objects.count() == 1
    # One by one, also by pasted words; a field of the source may have any name.
    Payment.objects.filter(amount=50_000).update(raw={"items": "x"})
    page = f"/thu-tien/khoan-den/{Payment.objects.get(amount=50_000).pk}/"
    typed = sent | {"code": f"{reference_of(dossier.code)}-nop le phi", "reason": "Đã hỏi"}
    assert "<dt>items</dt>" in client.get(page).content.decode()
    assert "Đã ghi thu 50.000 đồng" in client.post(page, typed, follow=True).content.decode()


def test_pasted_words_that_read_as_two_codes_name_the_dossier_there_is(
    till: Till, signed_in: SignIn
) -> None:
    """The rest of a reference may be one by itself: one in 23 is."""
    till, account = with_account(till)
    dossier = till.owing()
    codes = (f"H99.{n}-261123-0001" for n in range(10_000, 10_200))
    code = next(one for one in codes if len(codes_in(reference_of(one))) == 2)
    Dossier.objects.filter(pk=dossier.pk).update(code=code)
    row = uploaded(account, [line("50.000", "tien nha", "FT1")], by=till.office.clerk)
    statements.record(row, by=till.office.clerk, at=MONDAY)
    sent = {"series": till.book.pk, "kind": "le-phi", "reason": "Đã hỏi"}
    typed = sent | {"code": f"{reference_of(code)}-nop le phi"}
    page = f"/thu-tien/khoan-den/{Payment.objects.get().pk}/"
    html = signed_in(till.office.clerk).post(page, typed, follow=True).content.decode()
    assert "Đã ghi thu 50.000 đồng" in html


def test_late_money_of_an_agency_that_was_taken_over_is_the_heirs(
    till: Till, signed_in: SignIn
) -> None:
    till, account = with_account(till)
    heir, counts = make_till(), []
    dossiers = [till.owing() for _ in range(10)]
    agency = till.office.agency
    agency.closed_on, agency.successor = MONDAY.date() - timedelta(days=1), heir.office.agency
    agency.save()
    client = signed_in(heir.office.clerk)
    where = f"/thu-tien/khoan-den/?co-quan={agency.pk}"
    for some in (dossiers[:1], dossiers[1:]):
        lines = [line("50.000", words(one), f"FT{one.pk}") for one in some]
        statements.record(
            uploaded(account, lines, by=heir.office.clerk), by=till.office.clerk, at=MONDAY
        )
        client.get(where)  # fills what a process keeps
        with CaptureQueriesContext(connection) as asked:
            html = client.get(where).content.decode()
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert "10 khoản đúng mã hồ sơ" in html
    type(heir.book).objects.filter(pk=heir.book.pk).update(last=400)
    sent = {"series": heir.book.pk, "kind": "le-phi", "co-quan": agency.pk}
    html = client.post("/thu-tien/khoan-den/ghi-thu/", sent, follow=True).content.decode()
    assert "Đã ghi thu 10 khoản khớp" in html
    assert {row.series for row in FeeReceipt.objects.select_related("series")} == {heir.book}


def test_forged_books_and_outcomes_are_refused(till: Till, signed_in: SignIn) -> None:
    """The amount is the bank's: no form asks for it. Another counter's book is none here."""
    till, account = with_account(till)
    stranger = make_till()
    statements.record(
        uploaded(account, [line("50.000", words(till.owing()), "FT1")], by=till.office.clerk),
        by=till.office.clerk,
        at=MONDAY,
    )
    client, row = signed_in(till.office.clerk), Payment.objects.get()
    client.post(
        "/thu-tien/khoan-den/ghi-thu/",
        {"series": stranger.book.pk, "kind": "le-phi", "amount": "1"},
    )
    page = f"/thu-tien/khoan-den/{row.pk}/"
    assert client.post(page, {"outcome": "1", "why": "x"}).status_code == 422
    by = till.office.desk(till.office.clerk)
    forged = refused(lambda: payments.book(row.pk, series_id=stranger.book.pk, by=by, at=MONDAY))
    assert forged == "series_gone"
    row.refresh_from_db()
    assert (row.outcome, row.amount, FeeReceipt.objects.count()) == (None, 50_000, 0)


def test_the_list_asks_as_often_for_many_payments(till: Till, signed_in: SignIn) -> None:
    till, account = with_account(till)
    client, counts = signed_in(till.office.clerk), []
    for many in (2, 1, 9):  # the first one fills what a process keeps
        lines = [line("49.000", words(till.owing()), f"FT{many}-{n}") for n in range(many)]
        statements.record(
            uploaded(account, lines, by=till.office.clerk), by=till.office.clerk, at=MONDAY
        )
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/thu-tien/khoan-den/").status_code == 200
        counts.append(len(asked))
    assert counts[1] == counts[2]


@pytest.fixture
def till() -> Till:
    return make_till()
