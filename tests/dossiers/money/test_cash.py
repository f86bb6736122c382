"""The cash of cashiers: every count balances to the đồng against a naive ledger, whatever was voided,
paid back or handed over meanwhile.
"""

import os
import random
from collections import defaultdict
from datetime import timedelta

import pytest

from dossiers.acts import cash
from dossiers.desk import money
from dossiers.models.money import (
    CashCount,
    CashDrawer,
    CashHandOver,
    FeeReceipt,
    ReceiptRequest,
    Way,
)
from onestop.accounts.models import Officer
from tests.clock import VN
from tests.dossiers.money.office import Till, make_till, refused
from tests.world import MONDAY

pytestmark = pytest.mark.django_db
VOID, REFUND = ReceiptRequest.Kind.VOID, ReceiptRequest.Kind.REFUND
LATER = MONDAY + timedelta(hours=2)


@pytest.fixture
def till() -> Till:
    return make_till(last=500)


def expected(till: Till, who: Officer) -> int:
    return cash.in_drawer(till.office.agency.pk, who.pk, LATER).expected


def test_a_count_says_what_is_missing(till: Till) -> None:
    office = till.office
    till.take(till.owing())
    till.take(till.owing(), way=Way.TRANSFER, reference="FT1")
    by = office.desk(office.clerk)

    def count(counted: int, explanation: str = "") -> CashCount:
        return cash.count(
            office.agency.pk, counted=counted, explanation=explanation, by=by, at=LATER
        )

    assert refused(lambda: count(40_000)) == "count_unexplained"
    row = count(40_000, "Trả lại thừa cho người trước")
    assert (row.receipts, row.expected, row.difference) == (1, 50_000, -10_000)
    assert refused(lambda: count(0)) == "drawer_counted"
    again = LATER + timedelta(minutes=1)
    act = lambda: cash.count(office.agency.pk, counted=0, explanation="", by=by, at=again)  # noqa: E731
    assert refused(act) == "drawer_empty"


def test_nothing_falls_between_a_receipt_and_a_count(till: Till) -> None:
    """A receipt of the instant that was counted would stand in neither count."""
    dossier = till.owing()
    till.take(till.owing())
    by = till.office.desk(till.office.clerk)
    cash.count(till.office.agency.pk, counted=50_000, explanation="", by=by, at=MONDAY)
    assert refused(lambda: till.take(dossier)) == "drawer_counted"
    till.take(dossier, at=MONDAY + timedelta(seconds=1))
    assert expected(till, till.office.clerk) == 50_000


def test_cash_counts_where_it_was_received(till: Till) -> None:
    office, clerk, cashier = till.office, till.office.clerk, till.cashier
    agency, by = office.agency.pk, office.desk(till.office.clerk)
    till.take(till.owing())
    at = MONDAY + timedelta(minutes=1)
    assert refused(lambda: cash.give(agency, clerk, 1, by=by, at=at)) == "cash_taker"
    assert refused(lambda: cash.give(agency, office.leader, 1, by=by, at=at)) == "cash_taker"
    assert refused(lambda: cash.give(agency, cashier, 50_001, by=by, at=at)) == "cash_amount"
    row = cash.give(agency, cashier, 30_000, by=by, at=at)
    assert refused(lambda: cash.give(agency, cashier, 20_001, by=by, at=at)) == "cash_amount"
    assert (expected(till, clerk), expected(till, cashier)) == (50_000, 0)
    counting = lambda: cash.count(agency, counted=50_000, explanation="", by=by, at=at)  # noqa: E731
    assert refused(counting) == "drawer_waits"
    assert refused(lambda: cash.receive(row.pk, by=by, at=at)) == "cash_gone"
    cash.receive(row.pk, by=office.desk(cashier), at=at)
    assert (expected(till, clerk), expected(till, cashier)) == (20_000, 30_000)
    assert refused(lambda: cash.end(row.pk, by=by, at=at)) == "cash_gone"


def test_a_day_of_payments_balances_to_the_dong(till: Till) -> None:
    """Two cashiers, 60 payments (200 with LONG=1), some in the form of the reception itself, voids,
    refunds, cash handed over and counts, against a plain sum.
    """
    office, dice = till.office, random.Random(20261123)
    people = [office.clerk, till.cashier]
    there: dict[int, int] = defaultdict(int)
    numbers: list[int] = []
    taken = back = 0
    counted: dict[int, int] = defaultdict(int)
    at, receipts = MONDAY, list[FeeReceipt]()
    most = 200 if os.environ.get("LONG") else 60
    dossiers = [till.owing() for _ in range(most // 3)]
    while len(numbers) < most:
        at += timedelta(seconds=1)
        who, step = dice.choice(people), dice.random()
        if step < 0.6:
            way = dice.choice([Way.CASH, Way.CASH, Way.TRANSFER])
            amount = dice.randrange(1, 50_001)
            if who == office.clerk and dice.random() < 0.5:
                row = till.receive_paid(amount, way, at=at)
            else:
                row = till.take(
                    dice.choice(dossiers), at=at, by=who, way=way, charge=amount, reference="FT",
                    more="Bản sao",
                )  # fmt: skip
            receipts.append(row)
            numbers.append(row.number)
            there[who.pk] += amount if way == Way.CASH else 0
            taken += amount
        elif step < 0.75 and receipts:
            row = receipts.pop(dice.randrange(len(receipts)))
            kind = dice.choice([VOID, REFUND])
            request = till.ask(row, kind, 1, at=at)
            at += timedelta(seconds=1)
            if dice.random() < 0.7:
                till.answer(request, at=at)
                gone = row.amount if kind == VOID else 1
                # The clerk asks: out of his drawer it goes, whoever took it.
                there[office.clerk.pk] -= gone if row.way == Way.CASH else 0
                back += gone
            else:
                till.answer(request, agreed=False, words="Đúng rồi", at=at)
        elif step < 0.9 and there[who.pk] > 0:
            other = people[1 - people.index(who)]
            amount = dice.randrange(1, there[who.pk] + 1)
            row = cash.give(office.agency.pk, other, amount, by=office.desk(who, at), at=at)
            if dice.random() < 0.8:
                cash.receive(row.pk, by=office.desk(other, at), at=at)
                there[who.pk] -= amount
                there[other.pk] += amount
            else:
                cash.end(row.pk, by=office.desk(other, at), at=at)
        elif there[who.pk] > 0:
            done = cash.count(
                office.agency.pk, counted=there[who.pk], explanation="", by=office.desk(who, at), at=at
            )  # fmt: skip
            assert done.expected == there[who.pk]
            counted[who.pk] += done.counted
            there[who.pk] = 0
    for who in people:
        found = cash.in_drawer(office.agency.pk, who.pk, at)
        assert found.expected == there[who.pk]
    day = MONDAY.astimezone(VN).date()
    found = money.settlement(office.agency.pk, day, day)
    assert (found.taken, found.voided + found.refunded) == (taken, back)
    assert found.receipts == found.books[0].used == most
    assert numbers == list(range(till.book.first, till.book.first + most))
    assert sum(amount for _, amount in found.ways) == taken


def test_a_closed_month_keeps_its_figures(till: Till) -> None:
    """What is paid back in December counts in December."""
    row = till.take(till.owing())
    november = MONDAY.astimezone(VN).date().replace(day=1), MONDAY.astimezone(VN).date()
    before = money.settlement(till.office.agency.pk, *november)
    at = MONDAY + timedelta(days=10)
    till.answer(till.ask(row, VOID, at=at), at=at)
    after = money.settlement(till.office.agency.pk, *november)
    assert (after.taken, after.net, after.books[0].used) == (before.taken, before.net, 1)
    assert after.books[0].void == 0
    day = at.astimezone(VN).date()
    december = money.settlement(till.office.agency.pk, day, day)
    assert (december.taken, december.voided, december.net) == (0, 50_000, -50_000)
    assert december.books[0].void == 1


def test_a_settlement_costs_the_same_for_many(
    till: Till, django_assert_num_queries: object
) -> None:
    for _ in range(3):
        till.take(till.owing())
        till.take(till.owing(), charge=1_000, relief="Hộ nghèo", proof="GCN")
    day = MONDAY.astimezone(VN).date()
    with django_assert_num_queries(9):  # type: ignore[operator]
        money.settlement(till.office.agency.pk, day, day)
    with django_assert_num_queries(1):  # type: ignore[operator]
        cash.in_drawer(till.office.agency.pk, till.office.clerk.pk, LATER)
    assert CashDrawer.objects.count() == 1
    assert not CashHandOver.objects.exists()
