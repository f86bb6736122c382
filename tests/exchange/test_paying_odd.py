"""Payment through a platform where things go wrong: money that stands, a transaction of two requests, a
platform that refuses, is away or has forgotten; what is over meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from dossiers.acts import payments
from dossiers.intake.secrets import secret_of
from dossiers.models.banking import BankAccount
from dossiers.models.money import FeeReceipt, ReceiptSeries, Way
from dossiers.models.payments import Payment
from exchange.models import PayRequest
from exchange.paying.contract import init_of, signed
from exchange.paying.platforms import platforms
from exchange.peer.paying import Platform
from exchange.tasks import settle_payments
from onestop.jobs.models import TaskRun
from tests.dossiers.money.office import fresh, refused
from tests.exchange.pay import WORD, Paying
from tests.exchange.test_paying_pages import lookup, paying, send

if TYPE_CHECKING:
    from django.test import Client

__all__ = ["paying"]
pytestmark = pytest.mark.django_db
State = PayRequest.State


def test_who_has_paid_is_not_asked_again_before_somebody_has_looked_at_it(
    paying: Paying, client: Client, signed_in: Callable[[Any], Client]
) -> None:
    """The money came and is not booked by itself (here: no electronic book)."""
    ReceiptSeries.objects.update(ended_at=paying.now)
    dossier, clerk = paying.till.owing(), signed_in(paying.till.office.clerk)
    row = paying.opened(dossier)
    send(client, paying.platform.pay(row.reference, at=paying.now))
    page = client.get(lookup(dossier)).content.decode()
    assert "Đã nhận 50.000 đồng" in page
    assert "cơ quan đang đối chiếu" in page
    for asked in ("Nộp 50.000 đồng qua", "quét mã này", "còn phải nộp"):
        assert asked not in page
    client.post(reverse("lookup_pay", args=[dossier.code]), {"k": secret_of(dossier)})
    assert PayRequest.objects.count() == 1
    page = clerk.get(dossier.get_absolute_url()).content.decode()
    assert "chưa ghi thu" in page
    assert "Yêu cầu thanh toán trực tuyến" not in page
    desk = paying.till.office.desk(paying.till.office.clerk)
    payments.settle(
        Payment.objects.get().pk, Payment.Outcome.RETURNED, "trả lại", by=desk, at=paying.now
    )
    page = client.get(lookup(dossier)).content.decode()
    assert "Nộp 50.000 đồng qua" in page
    assert "quét mã này" in page


def test_money_by_the_old_address_is_what_the_page_speaks_of(paying: Paying, client: Client) -> None:  # fmt: skip
    dossier = paying.till.owing()
    first = paying.opened(dossier)
    paying.till.take(dossier, charge=20_000, way=Way.TRANSFER, reference="FT1")
    second = paying.opened(dossier)
    send(client, paying.platform.pay(first.reference, at=paying.now))
    page = client.get(lookup(dossier)).content.decode()
    assert "Đã nhận 50.000 đồng" in page
    assert second.url not in page
    assert refused(lambda: paying.ask(dossier)) == "pay_not_offered"


@pytest.mark.parametrize("amount", [None, 20_000])
def test_a_transaction_of_two_requests_is_a_payment_of_each(
    paying: Paying, client: Client, amount: int | None
) -> None:
    """A basket, or a number that the platform uses again: the second is looked at, however often told."""
    one, other = paying.till.owing(), paying.till.owing()
    first, second = paying.opened(one), paying.opened(other)
    said = paying.platform.pay(first.reference, at=paying.now)
    assert send(client, said).status_code == 200
    again = paying.platform.pay(second.reference, at=paying.now, amount=amount)
    again = signed({**again, "MaGiaoDich": said["MaGiaoDich"]}, WORD)
    answers = [send(client, again) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert [fresh(dossier).fee_owed for dossier in (one, other)] == [0, 50_000]
    second.refresh_from_db()
    assert (second.state, second.payment) == (State.PAID, Payment.objects.standing().get())
    assert second.payment is not None
    assert second.payment.reason.startswith("Giao dịch GD000001 đã ghi cho yêu cầu thanh toán khác")
    assert (Payment.objects.count(), FeeReceipt.objects.count()) == (2, 1)


def test_what_the_platform_has_forgotten_is_asked_after_a_week_longer(paying: Paying) -> None:
    dossier = paying.till.owing()
    row = paying.opened(dossier)
    said = paying.platform.pay(row.reference, at=paying.now)
    asked = paying.platform.requests.pop(row.reference)
    for days, stands in ((2, (State.OPEN, False)), (7, (State.CLOSED, True))):
        paying.wait(days=days)
        paying.run()
        row.refresh_from_db()
        assert (row.state, row.next_at is None) == stands
    assert row.words == "02: Không có mã tham chiếu"
    assert asked["MaThamChieu"] == row.reference
    # Told after all, it is taken.
    paying.confirm(said)
    assert fresh(dossier).fee_owed == 0


def test_what_is_called_paid_without_a_word_of_what_is_asked_after_a_week_longer(
    paying: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = paying.opened(paying.till.owing())
    monkeypatch.setattr(Platform, "_state", lambda self, reference: {"TrangThaiGD": "1"})
    for days, stands in ((2, (State.OPEN, False)), (7, (State.CLOSED, True))):
        paying.wait(days=days)
        paying.run()
        row.refresh_from_db()
        assert (row.state, row.next_at is None) == stands
        assert row.words.startswith("Không nhận: thiếu hoặc sai mã tham chiếu")
    assert not Payment.objects.exists()


def test_what_is_over_before_it_was_said_is_not_said(paying: Paying) -> None:
    at_the_counter, late = paying.till.owing(), paying.till.owing()
    rows = [paying.ask(at_the_counter), paying.ask(late)]
    paying.till.take(at_the_counter, way=Way.TRANSFER, reference="FT1")
    PayRequest.objects.filter(pk=rows[1].pk).update(expires_at=paying.now)
    done = paying.run()
    for row in rows:
        row.refresh_from_db()
        assert (row.state, row.next_at) == (State.CLOSED, None)
    assert (done.asked, paying.platform.requests) == (0, {})


def test_a_platform_that_is_back_is_asked_within_five_minutes(paying: Paying) -> None:
    """The payer reads “thường dưới một phút”; what may be stored there is asked after."""
    row, other = paying.ask(paying.till.owing()), paying.ask(paying.till.owing())
    paying.remote.share, paying.remote.only = 1.0, ["lost_after"]
    for _ in range(20):
        paying.run()
        paying.wait(minutes=15)
    paying.till.take(fresh(other.dossier), way=Way.TRANSFER, reference="FT1")
    paying.remote.share = 0.0
    paying.wait(minutes=5)
    paying.run()
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.state, other.state, other.next_at is None) == (State.OPEN, State.CLOSED, False)


def test_a_refused_request_is_said_to_its_payer_and_in_the_run(paying: Paying, client: Client) -> None:  # fmt: skip
    dossier = paying.till.owing()
    paying.platform.secret = "khac"
    client.post(reverse("lookup_pay", args=[dossier.code]), {"k": secret_of(dossier)})
    settle_payments()
    assert TaskRun.objects.latest("pk").detail == "1 bị từ chối"
    page = client.get(lookup(dossier)).content.decode()
    assert "chưa nhận yêu cầu vừa rồi" in page
    assert "Nộp 50.000 đồng qua" in page


def test_a_long_name_goes_out_in_250_letters(paying: Paying) -> None:
    dossier = paying.till.owing()
    row = paying.ask(dossier)
    dossier.version.name = ("đăng ký " * 60).strip()
    said = init_of(row, platforms()[0], dossier, BankAccount.objects.get())
    about = said["ThongTinBienLai"]
    assert (len(about["TenTTHC"]) <= 250, about["TenTTHC"]) == (True, about["TenDVC"])
    assert about["TenTTHC"].endswith("đăng ký…")


@pytest.mark.parametrize("code", ["00", "0", 0])
def test_every_form_of_success_is_success(paying: Paying, client: Client, code: object) -> None:
    dossier = paying.till.owing()
    row = paying.opened(dossier)
    said = {**paying.platform.pay(row.reference, at=paying.now), "MaLoi": code, "x\0": "1"}
    assert send(client, signed(said, WORD)).status_code == 200
    assert fresh(dossier).fee_owed == 0


def test_a_failure_of_no_reference_that_can_be_is_answered(paying: Paying, client: Client) -> None:
    said = paying.platform.pay("A\0", at=paying.now, failed=True)
    assert send(client, said).status_code == 200
