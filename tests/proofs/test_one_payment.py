"""A payment that is told or booked twice at the same instant: one row, one receipt, one number, one
event (known bugs 56).
"""

import pytest

from dossiers.acts import payments
from dossiers.acts.payments import Booked, book_payment
from dossiers.ledger.verifying import verify
from dossiers.models import Event
from dossiers.models.money import FeeReceipt, ReceiptSeries
from dossiers.models.payments import Payment
from tests.dossiers.money.office import fresh, make_till
from tests.dossiers.money.paid import came, with_account, words
from tests.proofs.test_one_portal_code import in_threads
from tests.world import MONDAY

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_three_confirmations_at_once_book_once() -> None:
    """Who comes second waits for the first, and is answered with what it wrote."""
    till = make_till(kind=ReceiptSeries.Kind.ELECTRONIC, last=None, first=1)
    dossier, agency = till.owing(), till.office.agency
    answers: list[Booked] = []

    def confirm() -> None:
        answers.append(book_payment(came(dossier), agency_id=agency.pk, series_id=None, at=MONDAY))

    assert in_threads(confirm, confirm, confirm) == ["", "", ""]
    assert sorted(answer.is_new for answer in answers) == [False, False, True]
    assert {answer.payment.receipt_id for answer in answers} == {FeeReceipt.objects.get().pk}
    assert Payment.objects.count() == ReceiptSeries.objects.get().given == 1
    assert Event.objects.filter(dossier=dossier, kind="take_fee").count() == 1
    assert verify(now=MONDAY).misfit is None


def test_two_clerks_book_one_payment_once() -> None:
    till, _ = with_account()
    dossier, by = till.owing(), till.office.desk(till.office.clerk)
    row = Payment.objects.create(
        agency=till.office.agency, source="sao-ke", reference="FT1", amount=50_000, paid_at=MONDAY,
        content=words(dossier), came_at=MONDAY,
    )  # fmt: skip

    def book() -> None:
        payments.book(row.pk, series_id=till.book.pk, by=by, at=MONDAY)

    told = in_threads(book, book)
    assert sorted(told)[0] == ""
    assert sorted(told)[1] in {"payment_settled", payments.PAID}
    assert FeeReceipt.objects.count() == 1
    assert fresh(dossier).fee_owed == 0
