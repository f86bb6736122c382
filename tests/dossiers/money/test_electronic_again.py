"""What goes wrong with a provider of electronic receipts harms no receipt that stands, stops no other
letter, and is told (R-123, R-124).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from dossiers.acts.payments import book_payment
from dossiers.models.electronic import ElectronicReceipt
from dossiers.models.money import ReceiptRequest
from dossiers.receipts_out import sending
from dossiers.receipts_out.port import Away, Refused
from onestop.outbox.models import Message
from tests.dossiers.money.office import Till
from tests.dossiers.money.paid import came
from tests.dossiers.money.provider import Recorded
from tests.dossiers.money.test_electronic import letter, provider, send, till
from tests.world import MONDAY

__all__ = ["provider", "till"]
pytestmark = pytest.mark.django_db
Stage = ElectronicReceipt.Stage
VOID, REFUND = ReceiptRequest.Kind.VOID, ReceiptRequest.Kind.REFUND


@pytest.mark.parametrize("answer", [Away("chậm"), Refused("chậm")])
def test_a_sender_that_was_overtaken_writes_nothing(
    till: Till, provider: Recorded, monkeypatch: pytest.MonkeyPatch, answer: Exception
) -> None:
    """It hung for longer than a letter is its own; another has the number meanwhile."""
    row = till.take(till.owing())
    later = MONDAY + timedelta(minutes=11)
    ask = sending._ask

    def slow(*_: Any) -> Any:
        monkeypatch.setattr(sending, "_ask", ask)
        assert sending.send(letter(row).pk, lambda: later)
        raise answer

    monkeypatch.setattr(sending, "_ask", slow)
    send()
    sending.again(till.book.pk, later)
    send(later + timedelta(days=1))
    found = letter(row)
    assert (found.stage, found.number, found.trouble, found.next_at) == (Stage.ISSUED, "9001", "", None)  # fmt: skip
    assert provider.voided == []
    assert not Message.objects.filter(kind__startswith="receipt_").exists()


def test_an_answer_that_cannot_be_kept_stops_no_other_letter(
    till: Till, provider: Recorded
) -> None:
    first, second = till.take(till.owing()), till.take(till.owing())
    provider.play = ["cut"]
    assert send() == 1
    assert (letter(first).stage, bool(letter(first).trouble)) == (Stage.WAITING, True)
    assert letter(second).stage == Stage.ISSUED
    provider.play = ["nul"]
    send(MONDAY + timedelta(minutes=1))
    assert letter(first).number == "9077"


def test_one_sweep_does_not_wait_for_ever(till: Till, provider: Recorded) -> None:
    for _ in range(3):
        till.take(till.owing())
    now = MONDAY

    def clock() -> datetime:
        nonlocal now
        now += timedelta(seconds=8)  # asked three times a letter
        return now

    assert sending.sweep(clock) == 2
    assert send(now) == 1


def test_who_can_do_something_is_told(till: Till, provider: Recorded) -> None:
    """Of a payment that nobody took the cashiers and the head; of what waits for long once."""
    dossier, office = till.owing(), till.office
    provider.play = ["refuse"]
    book_payment(came(dossier), agency_id=office.agency.pk, series_id=till.book.pk, at=MONDAY)
    send()
    bells = Message.objects.filter(kind="receipt_refused")
    assert till.cashier in {bell.to_officer for bell in bells}
    # Void here, what was refused has nothing to say any more.
    refused = ElectronicReceipt.objects.get()
    till.answer(till.ask(refused.receipt, VOID))
    refused.refresh_from_db()
    assert (refused.stage, refused.trouble) == (Stage.NEVER, "")
    row = till.take(till.owing())
    provider.play, at = ["broken"] * 7, MONDAY
    for tries in range(1, 8):
        send(at)
        told = Message.objects.filter(kind="receipt_waits")
        assert told.count() == (1 if tries >= 5 else 0)
        at = letter(row).next_at or at
    send(at)
    till.answer(till.ask(row, VOID, at=at), at=at)
    provider.play = ["refuse"]
    send(at)
    last = Message.objects.filter(kind="receipt_refused").order_by("-pk")[0]
    assert "từ chối hủy biên lai" in last.subject
    # Sent again; an answer without a body is one.
    assert sending.again(till.book.pk, at) == 1
    provider.play = ["empty"]
    send(at)
    assert letter(row).stage == Stage.VOIDED


def test_a_receipt_replaces_the_one_before_it_once(till: Till, provider: Recorded) -> None:
    """And comes after its voiding, though that one's number was not known yet."""
    first = till.take(till.owing())
    provider.play = ["stored"]
    send()
    till.answer(till.ask(first, VOID))
    at = MONDAY + timedelta(minutes=1)
    till.take(first.dossier, at=at)
    till.take(first.dossier, at=at, more="Bản sao")
    for minutes in (0, 1, 6, 21):
        send(at + timedelta(minutes=minutes))
    assert [(one["number"][-1], one["replaces"]) for one in provider.letters[-2:]] == [("2", "9001"), ("3", "")]  # fmt: skip
    assert provider.voided == [str(letter(first).key)]


def test_what_is_paid_back_is_told_in_order_and_once(till: Till, provider: Recorded) -> None:
    """Also what was paid back before the provider gave its number, and where an answer was lost."""
    row = till.take(till.owing())
    till.answer(till.ask(row, REFUND, 20_000))
    assert (send(), letter(row).stage) == (1, Stage.ADJUSTING)
    till.answer(till.ask(row, REFUND, 5_000))
    provider.play = ["stored"]
    at = MONDAY + timedelta(hours=1)
    assert (send(), provider.adjusted != {}) == (0, True)
    assert (send(at), send(at), send(at)) == (1, 1, 0)
    found = letter(row)
    assert (found.stage, found.next_at) == (Stage.ISSUED, None)
    said = [(one["of"], one["amount"], one["left"]) for one in provider.adjusted.values()]
    assert said == [(9001, 20_000, 30_000), (9001, 5_000, 25_000)]
    assert [one["reason"] for one in provider.adjusted.values()] == ["Ghi nhầm"] * 2
    till.answer(till.ask(row, REFUND, 25_000))
    assert letter(row).stage == Stage.ADJUSTING
    assert send() == 1
    assert [one["left"] for one in provider.adjusted.values()] == [30_000, 25_000, 0]
    assert len(provider.letters) == 1
    assert provider.voided == []


def test_a_refused_adjustment_is_sent_again(
    till: Till, provider: Recorded, signed_in: Callable[[Any], Any]
) -> None:
    """The page says what was refused; a second refund waits behind it."""
    row = till.take(till.owing())
    send()
    till.answer(till.ask(row, REFUND, 20_000))
    provider.play = ["refuse"]
    send()
    [bell] = Message.objects.filter(kind="receipt_refused")
    assert "từ chối điều chỉnh biên lai điện tử" in bell.subject
    with time_machine.travel(MONDAY, tick=False):
        page = signed_in(till.cashier).get(row.dossier.get_absolute_url()).content.decode()
    assert "nhà cung cấp từ chối điều chỉnh: Sai mã số thuế" in page
    till.answer(till.ask(row, REFUND, 1_000))
    assert (letter(row).stage, send(MONDAY + timedelta(days=1))) == (Stage.REFUSED, 0)
    assert sending.again(till.book.pk, MONDAY) == 1
    assert (send(), send(), letter(row).stage) == (1, 1, Stage.ISSUED)
    assert [one["left"] for one in provider.adjusted.values()] == [30_000, 29_000]


def test_taking_costs_four_statements_beside_the_event(
    till: Till, django_assert_max_num_queries: Any
) -> None:
    """The drawer, the number, the receipt, the letter; the rest is what every act writes."""
    till.take(till.owing())
    dossier = till.owing()
    with django_assert_max_num_queries(12) as asked:
        till.take(dossier)
    tables = ("cashdrawer", "receiptseries", "feereceipt", "electronicreceipt")
    money = [
        one["sql"] for one in asked.captured_queries if any(f"dossiers_{name}" in one["sql"] for name in tables)
    ]  # fmt: skip
    assert len(money) == 4
