"""What goes wrong with a provider of electronic receipts harms no receipt that stands, stops no other
letter, and is told (R-123, R-124).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

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
VOID = ReceiptRequest.Kind.VOID


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
