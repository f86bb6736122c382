"""Two cashiers on one book of receipts at the same time: every number once, none missing (R-123).
A statement is recorded or dropped, never both. One transfer is split once.
"""

from threading import Barrier, Thread

import pytest
from django.db import connection

from dossiers.acts import fees, transfer_parts
from dossiers.acts.many import Seen
from dossiers.acts.transfer_parts import Part
from dossiers.importing import statements
from dossiers.ledger import numbers
from dossiers.models.money import FeeReceipt, ReceiptSeries
from dossiers.models.payments import BankStatement, Payment
from tests.dossiers.money.office import make_till
from tests.dossiers.money.paid import line, uploaded, with_account, words
from tests.proofs.test_one_portal_code import in_threads
from tests.world import MONDAY

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
EACH = 6


def test_two_cashiers_take_from_one_book_at_once() -> None:
    till = make_till(first=1, last=2 * EACH)
    people = (till.office.clerk, till.cashier)
    owing = {who.pk: [till.owing() for _ in range(EACH)] for who in people}
    desks = {who.pk: till.office.desk(who) for who in people}
    start, trouble = Barrier(2), list[Exception]()

    def take(who: int) -> None:
        try:
            start.wait(30)
            for dossier in owing[who]:
                what = fees.Taking(till.book.pk, fee=0, charge=50_000)
                fees.take_fee(Seen(dossier.pk), what, by=desks[who], at=MONDAY)
        except Exception as error:  # told by the test, not by a thread nobody reads
            trouble.append(error)
        finally:
            connection.close()

    threads = [Thread(target=take, args=[who.pk]) for who in people]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert trouble == []
    found = FeeReceipt.objects.order_by("number").values_list("number", flat=True)
    assert list(found) == list(range(1, 2 * EACH + 1))
    assert {row.taken_by_id for row in FeeReceipt.objects.all()} == set(owing)
    assert ReceiptSeries.objects.get(pk=till.book.pk).given == 2 * EACH
    assert list(numbers.of_receipts(till.office.agency)) == []


def test_a_statement_is_recorded_or_dropped_never_both() -> None:
    till, account = with_account()
    row = uploaded(account, [line("50.000", "x", "FT1")], by=till.office.clerk)
    one, other = (BankStatement.objects.select_related("account").get(pk=row.pk) for _ in range(2))
    told = in_threads(
        lambda: statements.record(one, by=till.office.clerk, at=MONDAY),
        lambda: statements.drop(other, by=till.office.clerk, at=MONDAY),
    )
    assert sorted(told) == ["", "statement_over"]
    row.refresh_from_db()
    is_recorded = row.stage == BankStatement.Stage.DONE
    assert Payment.objects.exists() == is_recorded == (told[0] == "")


def test_two_cashiers_split_one_transfer_at_once() -> None:
    """The dossiers named the other way round: they are locked by their ids."""
    till, account = with_account()
    both = [Part(till.owing(), 50_000), Part(till.owing(), 50_000)]
    said = " ".join(words(part.dossier) for part in both)
    row = uploaded(account, [line("100.000", said, "FT1")], by=till.office.clerk)
    statements.record(row, by=till.office.clerk, at=MONDAY)
    whole = Payment.objects.get()
    desks = [till.office.desk(who) for who in (till.office.clerk, till.cashier)]
    start = Barrier(2, timeout=30)

    def split(number: int) -> None:
        parts = both[:: -1 if number else 1]
        start.wait()
        transfer_parts.split(
            whole.pk, parts, "Đã hỏi", series_id=till.book.pk, by=desks[number], at=MONDAY
        )

    told = in_threads(lambda: split(0), lambda: split(1))
    assert sorted(told) == ["", "payment_settled"]
    assert (whole.parts.count(), FeeReceipt.objects.count()) == (2, 2)
    assert list(numbers.of_receipts(till.office.agency)) == []
