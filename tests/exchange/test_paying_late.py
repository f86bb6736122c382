"""A confirmation that comes late: whatever became of the dossier, the receipt or the request meanwhile, the
money is booked once or listed with what to do; and what a message says in odd types is no money.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from django.urls import reverse

from dossiers.acts import endings, relieving
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from dossiers.models.money import FeeReceipt, ReceiptRequest
from dossiers.models.payments import Payment
from dossiers.states import State as DossierState
from exchange.models import PayRequest
from exchange.paying import unsure
from exchange.paying.contract import signed
from tests.dossiers.money.office import fresh
from tests.exchange.pay import WORD, Paying
from tests.exchange.test_paying_pages import DOOR, clerk, paying, send

if TYPE_CHECKING:
    from django.test import Client

__all__ = ["clerk", "paying"]
pytestmark = pytest.mark.django_db
State = PayRequest.State
LISTED = "/thu-tien/khoan-den/"


def withdrawn(paying: Paying, dossier: Dossier) -> None:
    ending = endings.EndingIn(requested_by="Nguyễn Văn Ân", reason="Thôi")
    desk = paying.till.office.desk(paying.till.office.clerk)
    endings.withdraw(Seen(dossier.pk), ending, by=desk, at=paying.now)


def in_state(state: DossierState) -> Callable[[Paying, Dossier], None]:
    def done(paying: Paying, dossier: Dossier) -> None:
        rows = Dossier.objects.filter(pk=dossier.pk)
        rows.update(state=state, ended_at=paying.now - timedelta(minutes=5))

    return done


def relieved(paying: Paying, dossier: Dossier) -> None:
    desk = paying.till.office.desk(paying.till.office.clerk)
    relieving.relieve_fee(Seen(dossier.pk), "Hộ nghèo", "Sổ 12", by=desk, at=paying.now)


def over(paying: Paying, dossier: Dossier) -> None:
    """The term is over and its worker has closed it."""
    paying.wait(days=3)
    paying.run()
    assert PayRequest.objects.get().next_at is None


def closed_here(paying: Paying, dossier: Dossier) -> None:
    desk = paying.till.office.desk(paying.till.office.clerk)
    PayRequest.objects.update(unsure_since=paying.now)
    unsure.close(PayRequest.objects.get().pk, "Thôi hỏi", by=desk, at=paying.now)


def refused_there(paying: Paying, dossier: Dossier) -> None:
    PayRequest.objects.update(state=State.REFUSED, next_at=None)


# What happens before the money comes; whether it is booked, else what the list says to do.
SEAMS: dict[str, tuple[Callable[[Paying, Dossier], None], str]] = {
    "withdrawn": (withdrawn, "thường là trả lại người nộp"),
    "stopped": (in_state(DossierState.STOPPED), "thường là trả lại người nộp"),
    "voided": (in_state(DossierState.VOIDED), "thường là trả lại người nộp"),
    "finished, also a refusal": (in_state(DossierState.FINISHED), "xem lại rồi ghi thu, hoặc trả lại"),
    "returned or archived": (in_state(DossierState.RETURNED), "xem lại rồi ghi thu, hoặc trả lại"),
    "relieved": (relieved, "không còn khoản phải thu"),
    "its term over": (over, ""),
    "closed by an officer": (closed_here, ""),
    "refused there": (refused_there, ""),
}  # fmt: skip


@pytest.mark.parametrize("seam", SEAMS)
def test_late_money_is_booked_or_listed_with_what_to_do(
    paying: Paying, clerk: Client, seam: str
) -> None:
    """6.6: money arriving when the request is over is attached to something."""
    before, words = SEAMS[seam]
    dossier = paying.till.owing()
    row = paying.opened(dossier)
    before(paying, dossier)
    said = paying.platform.pay(row.reference, at=paying.now)
    for _ in range(2):
        paying.confirm(said)
    payment = Payment.objects.get()
    row.refresh_from_db()
    assert (row.state, row.payment) == (State.PAID, payment)
    page = clerk.get(LISTED).content.decode()
    if words:
        assert payment.outcome is None
        assert words in page
        assert dossier.code in page
    else:
        assert payment.outcome == Payment.Outcome.BOOKED
        assert fresh(dossier).fee_owed == 0
        assert "Không có khoản tiền nào cần xem" in page


def test_of_a_receipt_that_is_void_the_money_stands_and_its_payer_is_not_asked_again(
    paying: Paying, clerk: Client, client: Client
) -> None:
    """Told again, it stays what a person made of it; the page of the refund says how it goes back."""
    dossier = paying.till.owing()
    row = paying.opened(dossier)
    said = paying.platform.pay(row.reference, at=paying.now)
    paying.confirm(said)
    receipt = FeeReceipt.objects.get()
    ask = clerk.get(reverse("act_ask_receipt", args=[dossier.code])).content.decode()
    assert "GD000001" in ask
    assert "Nền tảng không nhận lệnh hoàn từ phần mềm" in ask
    asked = paying.till.ask(receipt, ReceiptRequest.Kind.VOID)
    paying.till.answer(asked)
    paying.confirm(said)
    payment = Payment.objects.get()
    assert (payment.outcome, fresh(dossier).fee_owed) == (None, 50_000)
    assert "đã hủy" in clerk.get(LISTED).content.decode()
    page = clerk.get(reverse("payment", args=[payment.pk])).content.decode()
    assert "Nền tảng không nhận lệnh hoàn từ phần mềm" in page
    assert PayRequest.objects.count() == 1


def test_the_approval_of_a_refund_names_the_transaction(
    paying: Paying, signed_in: Callable[[Any], Client]
) -> None:
    dossier = paying.till.owing()
    row = paying.opened(dossier)
    paying.confirm(paying.platform.pay(row.reference, at=paying.now))
    asked = paying.till.ask(FeeReceipt.objects.get(), ReceiptRequest.Kind.REFUND, 20_000)
    leader = signed_in(paying.till.office.leader)
    address = reverse("act_answer_receipt", args=[dossier.code, asked.pk])
    page = leader.get(address).content.decode()
    assert "hoàn ở nền tảng thanh toán hoặc chuyển khoản lại" in page
    assert "GD000001" in page


# --- odd types ------------------------------------------------------------------------------------

ODD = [
    50_000.0, 1e5, "1e5", "5e4", "50000.0", "50,000", "50 000", -50_000, "-50000", True, None, "", "NaN", "Infinity", "0x10",
    "٥٠٠٠٠", [50_000], {"a": 1}, 10**13, "9" * 40,
]  # fmt: skip


def test_an_amount_of_an_odd_type_is_no_money_and_somebody_looks_at_it(
    paying: Paying, client: Client
) -> None:
    row = paying.opened(paying.till.owing())
    said = paying.platform.pay(row.reference, at=paying.now)
    for amount in ODD:
        assert send(client, signed({**said, "SoTien": amount}, WORD)).status_code == 400, amount
    raw = orjson.dumps(said).decode().replace('"50000"', "NaN")
    assert client.post(DOOR, raw, content_type="application/json").status_code == 401
    row.refresh_from_db()
    assert (row.is_called_paid, row.state) == (True, State.OPEN)
    assert not Payment.objects.exists()
    # A number, and fields that nobody knows, also nested: what says the money is read.
    more = {"SoTien": 50_000, "Moi": "x", "SauNua": {"a": [1, 2.5]}}
    assert send(client, signed({**said, **more}, WORD)).status_code == 200
    row.refresh_from_db()
    assert (row.state, row.is_called_paid, row.unsure_since) == (State.PAID, False, None)
    payment = Payment.objects.get()
    assert payment.amount == 50_000
    assert (payment.raw["Moi"], "SauNua" in payment.raw) == ("x", False)
    # An old message again changes nothing.
    assert send(client, said).status_code == 200
    assert (Payment.objects.count(), FeeReceipt.objects.count()) == (1, 1)
