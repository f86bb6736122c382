"""What the counter took as a transfer comes again with the bank's statement: it is tied to the receipt
that was given, and is neither booked twice nor paid back (R-123).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

from dossiers.acts import payments
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier
from dossiers.models.money import FeeReceipt, ReceiptRequest, Way
from dossiers.models.payments import Payment
from tests.dossiers.money.office import make_till, refused
from tests.dossiers.money.paid import with_account, words
from tests.world import MONDAY

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=1)


def test_it_is_tied_to_the_receipt_that_was_given(signed_in: Callable[[Any], Client]) -> None:
    till, _ = with_account()
    by = till.office.desk(till.office.clerk, LATER)

    def came(content: str, number: str, amount: int = 50_000) -> Payment:
        return Payment.objects.create(
            agency=till.office.agency, source="sao-ke", reference=number, amount=amount, paid_at=MONDAY,
            content=content, came_at=MONDAY,
        )  # fmt: skip

    def took(number: str, dossier: Dossier | None = None) -> FeeReceipt:
        dossier = dossier or till.owing()
        return till.take(dossier, way=Way.TRANSFER, reference=number)

    def tied(row: Payment, receipt: FeeReceipt) -> str:
        return refused(lambda: payments.tie(row.pk, receipt.pk, by=by, at=LATER))

    first = took("FT1")
    row = came(words(first.dossier), "FT1")
    cash = till.take(till.owing())
    assert [one.pk for one in payments.given_for(row, LATER)] == [first.pk]
    assert payments.given_for(came(words(first.dossier), "FT9", 49_000), LATER) == []
    assert payments.given_for(came(words(cash.dossier), "FT8"), LATER) == []
    # By its number, where the words name nobody.
    second = took("FT2")
    nameless = came("nop le phi", "FT2")
    assert [one.pk for one in payments.given_for(nameless, LATER)] == [second.pk]
    assert tied(row, second) == "payment_untied"
    # More was owed: it seems to match, and yet it has its receipt.
    twice = till.owing(100_000)
    took("FT3", twice)
    seeming = came(words(twice), "FT3")
    again = refused(lambda: payments.book(seeming.pk, series_id=till.book.pk, by=by, at=LATER))
    assert again == "payment_given"
    count = FeeReceipt.objects.count()
    with time_machine.travel(LATER, tick=False):
        client, where = signed_in(till.office.clerk), f"/thu-tien/khoan-den/{row.pk}/"
        assert f"Nối với biên lai số {first.digits}" in client.get(where).content.decode()
        assert "đã nối" in client.post(where, {"bien-lai": "x"}, follow=True).content.decode()
        html = client.post(where, {"bien-lai": first.pk}, follow=True).content.decode()
    assert "Đã nối 50.000 đồng với biên lai" in html
    row.refresh_from_db()
    assert (row.outcome, row.receipt, FeeReceipt.objects.count()) == (1, first, count)
    assert tied(row, first) == "payment_untied"
    # Void, it lets the money stand again.
    till.answer(till.ask(first, ReceiptRequest.Kind.VOID, at=LATER), at=LATER)
    row.refresh_from_db()
    assert (row.outcome, row.receipt, payments.given_for(row, LATER)) == (None, None, [])
    desk = make_till().office
    other = desk.desk(desk.clerk, LATER)
    assert (
        refused(lambda: payments.tie(nameless.pk, second.pk, by=other, at=LATER)) == "not_cashier"
    )
    assert verify(now=LATER).misfit is None


def test_the_heir_ties_what_it_was_shown_after_it_took_over() -> None:
    """Paid on the last day of the agency that was taken over; the receipt is its heir's."""
    till, _ = with_account()
    heir, dossier = make_till(), till.owing()
    agency, now = till.office.agency, MONDAY + timedelta(days=1)
    row = Payment.objects.create(
        agency=agency, source="sao-ke", reference="FT1", amount=50_000, paid_at=MONDAY,
        content=words(dossier), came_at=now,
    )  # fmt: skip
    agency.closed_on, agency.successor = MONDAY.date(), heir.office.agency
    agency.save()
    receipt = heir.take(dossier, at=now, way=Way.TRANSFER, reference="FT1")
    assert receipt.agency == heir.office.agency
    by = heir.office.desk(heir.office.clerk, now)
    assert payments.tie(row.pk, receipt.pk, by=by, at=now) == receipt
