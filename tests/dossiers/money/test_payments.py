"""Money that came: booked once however often it is told (known bugs 56), where amount and reference
say whose it is; the rest stands, and nothing is guessed.
"""

from datetime import timedelta

import pytest

from dossiers.acts import payments
from dossiers.acts.payments import book_payment
from dossiers.desk.payments import came_in, standing_in_all
from dossiers.ledger.verifying import verify
from dossiers.models import Event
from dossiers.models.money import FeeReceipt, ReceiptRequest, ReceiptSeries, Way
from dossiers.models.payments import Payment
from dossiers.states import State
from tests.dossiers.money.office import Till, fresh, make_till, refused
from tests.dossiers.money.paid import came, with_account, words
from tests.world import MONDAY

pytestmark = pytest.mark.django_db
OUTCOME = Payment.Outcome


def electronic() -> Till:
    return make_till(kind=ReceiptSeries.Kind.ELECTRONIC, last=None, first=1)


def stored(till: Till, amount: int, content: str, reference: str = "FT1") -> Payment:
    """A transfer that a statement told."""
    return Payment.objects.create(
        agency=till.office.agency, source="sao-ke", reference=reference, amount=amount, paid_at=MONDAY, content=content,
        came_at=MONDAY,
    )  # fmt: skip


def test_a_confirmation_that_comes_again_books_nothing_more() -> None:
    till = electronic()
    dossier, agency = till.owing(), till.office.agency
    first = book_payment(came(dossier), agency_id=agency.pk, series_id=None, at=MONDAY)
    again = book_payment(
        came(dossier), agency_id=agency.pk, series_id=None, at=MONDAY + timedelta(hours=1)
    )
    assert (first.is_new, first.why, again.is_new) == (True, "", False)
    assert first.payment.pk == again.payment.pk
    receipt = FeeReceipt.objects.get()
    assert (receipt.number, receipt.way, receipt.taken_by, receipt.amount) == (
        1,
        Way.ONLINE,
        None,
        50_000,
    )
    assert fresh(dossier).fee_owed == 0
    assert Event.objects.filter(dossier=dossier, kind="take_fee").count() == 1
    other = came(dossier, 49_000)
    assert (
        refused(lambda: book_payment(other, agency_id=agency.pk, series_id=None, at=MONDAY))
        == "payment_differs"
    )
    assert verify(now=MONDAY).misfit is None


def test_what_does_not_match_stands_and_is_never_guessed() -> None:
    till, other = electronic(), electronic()
    agency = till.office.agency

    def told(dossier: object, amount: int, number: int, **said: object) -> str:
        what = came(dossier, amount, f"TX{number}", **said)  # type: ignore[arg-type]
        return book_payment(what, agency_id=agency.pk, series_id=None, at=MONDAY).why

    dossier = till.owing()
    assert told(dossier, 49_999, 1) == payments.LESS
    assert told(dossier, 50_001, 2) == payments.MORE
    assert told(dossier, 50_000, 3, code="", content="nop tien") == payments.UNKNOWN
    assert told(other.owing(), 50_000, 4) == payments.ELSEWHERE
    two = f"{words(dossier)} {words(till.owing())}"
    assert told(dossier, 50_000, 5, code="", content=two) == payments.SEVERAL
    assert not FeeReceipt.objects.exists()
    assert told(dossier, 50_000, 6) == ""
    assert told(dossier, 50_000, 7) == payments.PAID
    for changes, why in (
        ({"state": State.STOPPED}, payments.ENDED),
        ({"ended_at": MONDAY - timedelta(days=1)}, payments.LATE),
        ({"ended_at": MONDAY + timedelta(days=1)}, payments.MATCHES),
    ):
        changed = fresh(till.owing())
        for name, value in changes.items():
            setattr(changed, name, value)
        assert payments.judge(50_000, MONDAY, agency.pk, [changed], MONDAY) == why
    assert FeeReceipt.objects.count() == 1
    assert standing_in_all([agency.pk])[0] == 6


def test_what_was_paid_before_it_was_received_matches_then() -> None:
    """A portal may take the money first: it stands until the dossier of its code is there."""
    till = electronic()
    agency, dossier = till.office.agency, till.owing()
    code = dossier.code
    type(dossier).objects.filter(pk=dossier.pk).update(code="H99.01-261123-9000")
    found = book_payment(came(dossier, code=code), agency_id=agency.pk, series_id=None, at=MONDAY)
    assert found.why == payments.UNKNOWN
    type(dossier).objects.filter(pk=dossier.pk).update(code=code)
    by = till.office.desk(till.office.clerk)
    payments.book(found.payment.pk, series_id=till.book.pk, by=by, at=MONDAY)
    assert fresh(dossier).fee_owed == 0


def test_without_an_electronic_book_the_payment_stands() -> None:
    till = make_till()
    dossier, agency = till.owing(), till.office.agency
    found = book_payment(came(dossier), agency_id=agency.pk, series_id=None, at=MONDAY)
    assert (found.why, found.payment.outcome) == ("series_gone", None)
    paper = came(dossier, reference="TX2")
    found = book_payment(paper, agency_id=agency.pk, series_id=till.book.pk, at=MONDAY)
    assert found.why == "series_electronic"
    assert ReceiptSeries.objects.get().given == 7
    assert fresh(dossier).fee_owed == 50_000
    assert Payment.objects.standing().count() == 2


def test_a_person_assigns_with_a_reason_and_settles_the_rest() -> None:
    till, _ = with_account()
    office, by = till.office, till.office.desk(till.office.clerk)
    dossier = till.owing()
    more, back = stored(till, 70_000, words(dossier)), stored(till, 1_000, "chuyen nham", "FT2")

    def assign(reason: str) -> FeeReceipt:
        return payments.assign(more.pk, dossier, reason, series_id=till.book.pk, by=by, at=MONDAY)

    assert (
        refused(lambda: payments.book(more.pk, series_id=till.book.pk, by=by, at=MONDAY))
        == "payment_more"
    )
    assert refused(lambda: assign(" ")) == "reason_missing"
    row = assign("Đã hỏi người nộp")
    assert (row.amount, row.settled, row.more, row.reference) == (
        70_000,
        50_000,
        "Đã hỏi người nộp",
        "FT1",
    )
    assert refused(lambda: assign("Lần nữa")) == "payment_settled"
    payments.settle(back.pk, OUTCOME.RETURNED, "Ủy nhiệm chi 12", by=by, at=MONDAY)
    assert (
        refused(lambda: payments.settle(back.pk, OUTCOME.FOREIGN, "x", by=by, at=MONDAY))
        == "payment_settled"
    )
    third = stored(till, 5, "x", "FT3")
    stranger = make_till().office
    for desk in (office.desk(office.leader), stranger.desk(stranger.clerk)):
        assert (
            refused(
                lambda desk=desk: payments.settle(
                    third.pk, OUTCOME.FOREIGN, "x", by=desk, at=MONDAY
                )
            )
            == "not_cashier"
        )
    found = came_in(office.agency.pk, MONDAY.date(), MONDAY.date())
    assert [amount for _, _, amount in found.parts] == [70_000, 1_000, 0, 5]
    assert (found.count, found.amount) == (3, 71_005)
    assert verify(now=MONDAY).misfit is None


def test_a_void_receipt_lets_the_money_stand_again() -> None:
    """Who booked it does not agree to the void; then it is booked anew, under the next number."""
    till, _ = with_account()
    dossier, by = till.owing(), till.office.desk(till.office.clerk)
    row = stored(till, 50_000, words(dossier))
    first = payments.book(row.pk, series_id=till.book.pk, by=by, at=MONDAY)
    request = till.ask(first, ReceiptRequest.Kind.VOID)
    assert refused(lambda: till.answer(request, by=till.office.clerk)) == "role_missing"
    till.answer(request)
    row.refresh_from_db()
    assert (row.outcome, row.receipt, "đã hủy" in row.reason) == (None, None, True)
    second = payments.book(row.pk, series_id=till.book.pk, by=by, at=MONDAY)
    assert second.number == first.number + 1
    assert verify(now=MONDAY).misfit is None
