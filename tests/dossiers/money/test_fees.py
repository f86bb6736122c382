"""Fees at the counter: a receipt under the next number of a book, what is owed still, voiding and
paying back by two people (R-123, R-124, R-125).
"""

from dataclasses import replace

import pytest

from dossiers.acts import receipt_series, relieving, voiding
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.ledger import numbers
from dossiers.ledger.verifying import verify
from dossiers.models import Slip
from dossiers.models.money import FeeReceipt, ReceiptRequest, ReceiptSeries, SpoiledReceipt, Way
from tests.dossiers.money.office import PAPER, Till, fresh, make_till, refused
from tests.world import MONDAY, make_case, make_office, receive

pytestmark = pytest.mark.django_db
VOID, REFUND = ReceiptRequest.Kind.VOID, ReceiptRequest.Kind.REFUND


@pytest.fixture
def till() -> Till:
    return make_till()


def test_an_office_without_books_follows_no_fee() -> None:
    office = make_office()
    assert fresh(receive(office, make_case(fee=50_000))).fee_owed == 0


def test_a_receipt_has_the_next_number_and_settles_what_is_owed(till: Till) -> None:
    dossier = till.owing()
    assert fresh(dossier).fee_owed == 50_000
    first = till.take(dossier, fee=20_000, charge=10_000)
    assert (first.digits, first.amount, fresh(dossier).fee_owed) == ("0000008", 30_000, 20_000)
    second = till.take(dossier, charge=20_000, way=Way.TRANSFER, reference="FT26328")
    assert (second.number, fresh(dossier).fee_owed) == (9, 0)
    assert verify(now=MONDAY).misfit is None


def test_less_is_taken_of_who_is_relieved(till: Till) -> None:
    """R-125: the group and its proof; the rest is not owed."""
    dossier = till.owing()
    row = till.take(dossier, charge=25_000, relief=" Hộ nghèo ", proof="GCN số 12 ")
    assert (row.relief, row.proof) == ("Hộ nghèo", "GCN số 12")
    assert (row.settled, fresh(dossier).fee_owed) == (50_000, 0)
    till.answer(till.ask(row, VOID))
    assert fresh(dossier).fee_owed == 50_000


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"charge": 0}, "fee_nothing"),
        ({"charge": 60_000}, "fee_more"),
        ({"relief": "Hộ nghèo"}, "fee_relief_more"),
        ({"charge": 10_000, "relief": "Hộ nghèo"}, "fee_relief_proof"),
        ({"charge": 10_000, "proof": "GCN số 12"}, "fee_relief_why"),
        ({"way": Way.TRANSFER}, "fee_reference"),
        ({"series_id": 0}, "series_gone"),
        ({"number": 9}, "receipt_number_other"),
    ],
)
def test_what_is_refused_gives_no_number(till: Till, said: dict[str, object], code: str) -> None:
    dossier = till.owing()
    assert refused(lambda: till.take(dossier, **said)) == code
    assert ReceiptSeries.objects.get().given == 7
    assert not FeeReceipt.objects.exists()


def test_only_who_takes_money_at_this_counter(till: Till) -> None:
    dossier, office = till.owing(), till.office
    assert till.take(dossier, by=till.cashier).taken_by == till.cashier
    assert refused(lambda: till.take(till.owing(), by=office.specialist)) == "role_missing"
    other = make_office("Ủy ban nhân dân xã Khác")
    assert refused(lambda: till.take(till.owing(), by=other.clerk)) == "not_cashier"


def test_another_counters_book_is_none_here(till: Till) -> None:
    dossier, other = till.owing(), make_till()
    assert refused(lambda: till.take(dossier, series_id=other.book.pk)) == "series_gone"


def test_a_used_up_book_gives_nothing(till: Till) -> None:
    for _ in range(5):
        till.take(till.owing())
    assert refused(lambda: till.take(till.owing())) == "series_used_up"
    assert sorted(FeeReceipt.objects.values_list("number", flat=True)) == [8, 9, 10, 11, 12]


def test_a_voided_receipt_keeps_its_number_and_the_fee_is_owed_again(till: Till) -> None:
    dossier = till.owing()
    row = till.take(dossier)
    request = till.ask(row, VOID)
    assert refused(lambda: till.ask(row, VOID)) == "receipt_asked"
    till.answer(request)
    row.refresh_from_db()
    assert not row.is_standing
    assert fresh(dossier).fee_owed == 50_000
    assert till.take(dossier).number == row.number + 1
    assert refused(lambda: till.ask(row, VOID)) == "receipt_gone"
    assert verify(now=MONDAY).misfit is None


def test_nobody_agrees_to_the_own_receipt(till: Till) -> None:
    """Whoever took the money, and whoever asks, is not who agrees."""
    office = till.office
    request = till.ask(till.take(till.owing(), by=office.clerk), VOID)
    assert refused(lambda: till.answer(request, by=office.clerk)) == "role_missing"
    till.answer(request, agreed=False, words="Biên lai đúng")
    assert FeeReceipt.objects.standing().count() == 1
    assert refused(lambda: till.answer(request)) == "receipt_answered"


def test_money_goes_back_once(till: Till) -> None:
    row = till.take(till.owing())
    till.answer(till.ask(row, REFUND, 20_000))
    assert refused(lambda: till.ask(row, REFUND, 40_000)) == "refund_amount"
    assert refused(lambda: till.ask(row, VOID)) == "void_after_refund"
    till.answer(till.ask(row, REFUND, 30_000))
    assert refused(lambda: till.ask(row, REFUND, 1)) == "refund_amount"
    assert verify(now=MONDAY).misfit is None


def test_a_reception_with_a_receipt_is_not_voided(till: Till) -> None:
    dossier = till.owing()
    till.take(dossier)
    assert refused(lambda: voiding.check_time(fresh(dossier), MONDAY)) == "void_fee_taken"


def test_a_printed_receipt_is_a_slip(till: Till) -> None:
    """R-124: kind, symbols, number, who takes it with tax code, phí and lệ phí, day, names."""
    printed = make_till(kind=ReceiptSeries.Kind.PRINTED)
    dossier = printed.owing()
    printed.take(dossier, fee=20_000, charge=30_000, payer="Trần Văn Nộp")
    said = Slip.objects.get(dossier=dossier, slug="bien-lai").snapshot
    wanted = {
        "series": "Biên lai thu phí", "form_symbol": "01BLP2-001", "symbol": "AB-26P", "digits": "0000008",
        "tax_code": "4900123456", "fee": 20_000, "charge": 30_000, "amount": 50_000, "payer": "Trần Văn Nộp",
    }  # fmt: skip
    assert {name: said[name] for name in wanted} == wanted
    assert not Slip.objects.filter(slug="bien-lai", dossier=till.owing()).exists()


def test_spoiled_numbers_are_passed_over(till: Till) -> None:
    by = till.office.desk(till.office.leader)
    why = SpoiledReceipt.Why.LOST
    receipt_series.spoil(till.book.pk, until=9, why=why, reason="Rơi", by=by, at=MONDAY)
    assert till.take(till.owing(), number=10).number == 10
    for until in (9, 13):
        found = refused(
            lambda until=until: receipt_series.spoil(
                till.book.pk, until=until, why=why, reason="Rơi", by=by, at=MONDAY
            )
        )
        assert found == "spoil_range"
    assert verify(now=MONDAY).misfit is None


def test_a_number_without_its_receipt_is_found(till: Till) -> None:
    by = till.office.desk(till.office.leader)
    rows = receipt_series.spoil(
        till.book.pk, until=9, why=SpoiledReceipt.Why.SPOILED, reason="Rách", by=by, at=MONDAY
    )
    SpoiledReceipt.objects.filter(pk=rows[0].pk)._raw_delete("default")
    found = [misfit.what for misfit in numbers.of_receipts(till.office.agency)]
    assert found == [
        "quyển biên lai 01BLP2-001 AB-26P thiếu số 8: biên lai đã bị xóa khỏi cơ sở dữ liệu"
    ]


def test_a_receipt_beyond_what_its_book_gave_is_found(till: Till) -> None:
    """Also where the book says that it gave none; and a number that two rows have."""
    taken = till.take(till.owing())
    books = ReceiptSeries.objects.filter(pk=till.book.pk)
    books.update(first=1, given=0)
    [gone] = numbers.of_receipts(till.office.agency)
    assert f"thừa số {taken.number}: quyển mới dùng đến số 0" in gone.what
    books.update(first=taken.number, given=taken.number)
    assert list(numbers.of_receipts(till.office.agency)) == []
    why = SpoiledReceipt.Why.LOST
    SpoiledReceipt.objects.create(
        series=till.book, number=taken.number, why=why, reason="Rơi", by=till.cashier, at=MONDAY
    )
    [twice] = numbers.of_receipts(till.office.agency)
    assert f"thừa số {taken.number}" in twice.what


def test_books_of_one_symbol_do_not_overlap(till: Till) -> None:
    office = till.office
    by = office.desk(office.leader)

    def open_book(**changes: object) -> ReceiptSeries:
        return receipt_series.open_book(office.agency, replace(PAPER, **changes), by=by, at=MONDAY)

    assert refused(lambda: open_book(first=12, last=20)) == "book_overlaps"
    assert refused(lambda: open_book(first=20, last=19)) == "book_range"
    assert refused(lambda: open_book(first=20, last=None)) == "book_range"
    assert open_book(first=13, last=20).given == 12
    assert open_book(symbol="AC-26P").given == 7
    by = office.desk(office.clerk)
    assert refused(lambda: open_book(first=30, last=40)) == "not_book_keeper"
    ended = receipt_series.end_book(till.book.pk, by=office.desk(office.leader), at=MONDAY)
    assert ended.ended_by == office.leader
    assert refused(lambda: till.take(till.owing())) == "series_gone"


def test_taking_costs_three_statements_beside_the_event(
    till: Till, django_assert_max_num_queries: object
) -> None:
    """The drawer, the book and its number, the receipt; the rest is what every act writes."""
    till.take(till.owing())
    dossier = till.owing()
    with django_assert_max_num_queries(12) as asked:  # type: ignore[operator]
        till.take(dossier)
    money = [
        one["sql"]
        for one in asked.captured_queries
        if any(f"dossiers_{name}" in one["sql"] for name in ("cashdrawer", "receiptseries", "feereceipt"))
    ]  # fmt: skip
    assert len(money) == 3


def test_who_pays_nothing_is_relieved_without_a_receipt(till: Till) -> None:
    """R-125; taken back it is owed again."""
    dossier = till.owing()
    by, seen = till.office.desk(till.office.clerk), Seen(dossier.pk)
    assert (
        refused(lambda: relieving.relieve_fee(seen, " ", "x", by=by, at=MONDAY)) == "fee_relief_why"
    )
    assert (
        refused(lambda: relieving.relieve_fee(seen, "x", " ", by=by, at=MONDAY))
        == "fee_relief_proof"
    )
    row = relieving.relieve_fee(seen, "Người có công", "Thẻ số 5", by=by, at=MONDAY)
    assert (row.agency, row.proof) == (till.office.agency, "Thẻ số 5")
    assert (fresh(dossier).fee_owed, ReceiptSeries.objects.get().given) == (0, 7)
    assert (
        refused(lambda: relieving.relieve_fee(seen, "x", "y", by=by, at=MONDAY)) == "nothing_owed"
    )
    take_back(seen, by=by, at=MONDAY)
    assert fresh(dossier).fee_owed == 50_000
    assert verify(now=MONDAY).misfit is None


def test_a_voided_receipt_is_a_void_paper(till: Till) -> None:
    printed = make_till(kind=ReceiptSeries.Kind.PRINTED)
    dossier = printed.owing()
    first, second = (printed.take(dossier, charge=20_000) for _ in range(2))
    printed.answer(printed.ask(first, VOID))
    slips = {one.snapshot["digits"]: one for one in Slip.objects.filter(slug="bien-lai")}
    assert slips[first.digits].undone_at is not None
    assert slips[second.digits].undone_at is None
    assert verify(now=MONDAY).misfit is None


def test_a_reception_whose_fee_went_back_whole_may_be_voided(till: Till) -> None:
    row = till.take(till.owing())
    till.answer(till.ask(row, REFUND, 20_000))
    assert refused(lambda: voiding.check_time(row.dossier, MONDAY)) == "void_fee_taken"
    till.answer(till.ask(row, REFUND, 30_000))
    voiding.check_time(row.dossier, MONDAY)


def test_what_an_ended_book_did_not_give_comes_in_a_new_one(till: Till) -> None:
    office, by = till.office, till.office.desk(till.office.leader)
    till.take(till.owing())
    receipt_series.end_book(till.book.pk, by=by, at=MONDAY)

    def open_book(first: int) -> ReceiptSeries:
        book = replace(PAPER, first=first)
        return receipt_series.open_book(office.agency, book, by=by, at=MONDAY)

    assert refused(lambda: open_book(8)) == "book_overlaps"
    assert open_book(9).given == 8
