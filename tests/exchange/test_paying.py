"""Payment through a platform (control-and-online 6.6, known bugs 56): INIT, QUERY, CONFIRM, GET_BILL."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Sum

from dossiers.ledger.verifying import verify
from dossiers.models import Event
from dossiers.models.banking import BankAccount
from dossiers.models.money import FeeReceipt, ReceiptSeries, Way
from dossiers.models.payments import Payment
from dossiers.states import State as DossierState
from exchange.apps import check_peers
from exchange.models import PayRequest
from exchange.paying import asking, contract
from exchange.paying.platforms import platforms
from exchange.peer.paying import Platform
from onestop.errors import DomainError
from onestop.files.models import Attachment
from tests.dossiers.money.office import fresh, refused
from tests.exchange.pay import WORD, Paying, make_paying, payment
from tests.exchange.world import said

pytestmark = pytest.mark.django_db
State = PayRequest.State


@pytest.fixture
def paying(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Paying:
    return make_paying(settings, monkeypatch)


# --- what is said ---------------------------------------------------------------------------------


def test_the_code_of_authenticity_is_over_the_stated_values_in_their_order() -> None:
    """A vector reckoned by hand: a changed order or word is another code."""
    message = {
        "LoaiBanTin": "QUERY", "PhienBan": "1.0.6", "MaDoiTac": "DT", "MaThamChieu": "A1", "ThoiGianGD": "20261123090000",
    }  # fmt: skip
    # printf 'QUERY|1.0.6|DT|A1|20261123090000|bi-mat' | sha256sum
    right = "325b6bc02344f3f3532f981f838620af84de7d4abc469aa0203af9a43c1b93fb"
    assert contract.signature_of(message, "bi-mat") == right
    assert contract.is_signed({**message, "MaXacThuc": right.upper()}, "bi-mat")
    for changed in (
        {"MaThamChieu": "A2"},
        {"MaXacThuc": None},
        {"MaXacThuc": ["x"]},
        {"MaXacThuc": "ký"},
    ):
        assert not contract.is_signed({**message, "MaXacThuc": right, **changed}, "bi-mat")
    assert not contract.is_signed({**message, "MaXacThuc": contract.signature_of(message, "")}, "")


def test_what_is_owed_is_asked_for_once_whoever_asks_and_however_often(paying: Paying) -> None:
    dossier = paying.till.owing()
    row = paying.ask(dossier)
    desk = paying.till.office.desk(paying.till.office.clerk)
    assert asking.ask(dossier.pk, at=paying.now, by=desk) == row
    paying.run()
    row.refresh_from_db()
    sent = paying.platform.requests[row.reference]
    assert (row.state, row.url) == (State.OPEN, f"{paying.platform.url}/thanh-toan/{row.reference}")
    assert (sent["SoTien"], sent["MaTienTe"], sent["ThoiGianGD"]) == (
        "50000",
        "VND",
        "20261123090000",
    )
    about = sent["ThongTinBienLai"]
    assert (about["MaHoSo"], about["TKThuHuong"]) == (dossier.code, "0011004567890")
    assert row.reference.isalnum()
    assert dossier.code in row.content


def test_another_amount_is_another_request_and_the_old_one_leads_nowhere(paying: Paying) -> None:
    dossier = paying.till.owing()
    first = paying.opened(dossier)
    paying.till.take(dossier, charge=20_000, way=Way.TRANSFER, reference="FT1")
    second = paying.opened(dossier)
    first.refresh_from_db()
    assert (first.state, second.amount, second.state) == (State.CLOSED, 30_000, State.OPEN)
    # Who pays by the old address pays too much: it is listed, and the new one is open still.
    paying.confirm(paying.platform.pay(first.reference, at=paying.now))
    assert Payment.objects.standing().get().amount == 50_000
    assert FeeReceipt.objects.count() == 1


@pytest.mark.parametrize("why", ["paid", "no account", "no word", "another counter"])
def test_nothing_is_asked_where_nobody_could_take_it(
    paying: Paying, why: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = paying.till.owing()
    if why == "paid":
        paying.till.take(dossier, way=Way.TRANSFER, reference="FT1")
    elif why == "no account":
        BankAccount.objects.all().delete()
    elif why == "no word":
        monkeypatch.delenv("TEST_PAYMENT_SECRET")
    else:
        settings.EXCHANGE_PEERS = [said("B", payment=payment("H99", agencies=["H99"]))]
    assert refused(lambda: paying.ask(dossier)) == "pay_not_offered"
    assert not PayRequest.objects.exists()


@pytest.mark.parametrize(
    "more",
    [{"url": "http://thanh-toan.example"}, {"odd": 1}, {"agencies": "H99"}, {"hours": "24"}, {"hours": 0}, {"agency": ""},
     {"values": "x"}],
)  # fmt: skip
def test_what_can_be_no_platform_is_said_at_once(settings: Any, more: dict[str, Any]) -> None:
    settings.EXCHANGE_PEERS = [said("B", payment=payment("H99") | more)]
    with pytest.raises(ImproperlyConfigured):
        platforms()
    assert [one.id for one in check_peers(None)] == ["exchange.E001"]


# --- what it answers ------------------------------------------------------------------------------


def test_stored_though_the_answer_was_lost_is_one_request(paying: Paying) -> None:
    paying.remote.share, paying.remote.only = 1.0, ["lost_after"]
    row = paying.opened(paying.till.owing())
    assert (row.state, row.url, row.words) == (State.ASKED, "", "Nền tảng thanh toán không trả lời (Lost).")  # fmt: skip
    paying.remote.share = 0.0
    paying.wait(minutes=1)
    paying.run()
    row.refresh_from_db()
    assert (row.state, list(paying.platform.requests)) == (State.OPEN, [row.reference])


def test_a_refusal_is_said_and_may_be_asked_anew(paying: Paying) -> None:
    paying.platform.secret = "khac"
    dossier = paying.till.owing()
    row = paying.opened(dossier)
    assert (row.state, row.words, row.next_at) == (State.REFUSED, "97: Sai mã xác thực", None)
    paying.platform.secret = WORD
    assert paying.opened(dossier).state == State.OPEN


def test_a_lost_confirmation_is_found_by_asking(paying: Paying) -> None:
    dossier = paying.till.owing()
    row = paying.opened(dossier)
    paying.wait(minutes=2)
    paying.run()  # nobody has paid
    row.refresh_from_db()
    assert row.state == State.OPEN
    paying.platform.pay(row.reference, at=paying.now)
    paying.wait(minutes=5)
    assert paying.run().paid == 1
    row.refresh_from_db()
    assert (row.state, fresh(dossier).fee_owed) == (State.PAID, 0)
    # Its CONFIRM comes after all.
    paying.confirm(paying.platform.paid[row.reference][0])
    assert FeeReceipt.objects.count() == 1


@pytest.mark.parametrize("word", ["9", "", None, "đang đối soát"])
def test_a_word_that_nobody_knows_leaves_it_as_it_is(
    paying: Paying, word: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = paying.opened(paying.till.owing())
    monkeypatch.setattr(Platform, "_state", lambda self, reference: {"TrangThaiGD": word})
    paying.wait(days=3)
    paying.run()
    row.refresh_from_db()
    assert (row.state, row.words) == (State.OPEN, "Nền tảng thanh toán trả lời không rõ đã nộp hay chưa.")  # fmt: skip
    assert row.next_at is not None


def test_what_nobody_pays_is_closed_after_its_term_and_asked_after_a_day_longer(paying: Paying) -> None:  # fmt: skip
    row = paying.opened(paying.till.owing())
    paying.wait(hours=24)
    paying.run()
    row.refresh_from_db()
    assert (row.state, row.next_at is None) == (State.CLOSED, False)
    paying.wait(hours=24)
    paying.run()
    row.refresh_from_db()
    assert row.next_at is None


def test_the_receipt_of_the_platform_is_checked_and_kept(paying: Paying, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    row = paying.opened(paying.till.owing())
    paying.confirm(paying.platform.pay(row.reference, at=paying.now))
    with monkeypatch.context() as patch:
        patch.setattr("exchange.peer.paying.bill", lambda: b"<html>")
        paying.run()
    row.refresh_from_db()
    assert row.bill is None
    assert row.words.startswith("Chưa lấy được biên lai của nền tảng thanh toán: ")
    paying.wait(minutes=1)
    assert paying.run().bills == 1
    row.refresh_from_db()
    kept = Attachment.objects.get(pk=row.bill_id)
    assert (kept.kind, kept.content_type, row.words) == ("pay_request", "application/pdf", "")
    paying.wait(days=1)
    assert paying.run().bills == 0


# --- money ----------------------------------------------------------------------------------------


def test_a_confirmation_twice_and_an_hour_later_is_one_receipt(paying: Paying) -> None:
    """Bug 56: one payment, one number, one event; every call is answered."""
    dossier = paying.till.owing()
    row = paying.opened(dossier)
    message = paying.platform.pay(row.reference, at=paying.now)
    first, again = paying.confirm(message), paying.confirm(message)
    paying.wait(hours=1)
    later = paying.confirm(message)
    assert [one.is_new for one in (first, again, later) if one] == [
        True,
        False,
        False,
    ]
    row.refresh_from_db()
    assert (row.state, row.payment, fresh(dossier).fee_owed) == (
        State.PAID,
        Payment.objects.get(),
        0,
    )
    assert FeeReceipt.objects.get().reference == "GD000001"
    assert list(Event.objects.values_list("kind", flat=True)) == ["receive", "take_fee"]
    assert "MaXacThuc" not in Payment.objects.get().raw
    assert verify(now=paying.now).misfit is None


def _ended(dossier: Any, state: int, at: datetime) -> None:
    type(dossier).objects.filter(pk=dossier.pk).update(state=state, ended_at=at)


def _stopped(paying: Paying, dossier: Any, row: PayRequest) -> int | None:
    _ended(dossier, DossierState.STOPPED, paying.now)
    return None


def _at_the_counter(paying: Paying, dossier: Any, row: PayRequest) -> int | None:
    paying.till.take(dossier, way=Way.TRANSFER, reference="FT1")
    return None


def _late(paying: Paying, dossier: Any, row: PayRequest) -> int | None:
    _ended(dossier, DossierState.FINISHED, paying.now - timedelta(minutes=5))
    return None


ODD = {
    "less": (lambda *_: 49_000, "payment_less"),
    "more": (lambda *_: 60_000, "payment_more"),
    "stopped": (_stopped, "payment_ended"),
    "taken at the counter": (_at_the_counter, "payment_paid"),
    "after the end": (_late, "payment_late"),
}


@pytest.mark.parametrize("odd", ODD)
def test_money_that_does_not_fit_is_listed_with_what_to_do(paying: Paying, odd: str) -> None:
    dossier = paying.till.owing()
    row = paying.opened(dossier)
    before, why = ODD[odd]
    amount = before(paying, dossier, row)
    receipts = FeeReceipt.objects.count()
    booked = paying.confirm(paying.platform.pay(row.reference, at=paying.now, amount=amount))
    assert booked is not None
    assert booked.why == why
    row.refresh_from_db()
    assert (row.state, row.payment) == (State.PAID, Payment.objects.standing().get())
    assert FeeReceipt.objects.count() == receipts


def test_an_amount_that_was_not_asked_for_is_not_booked_though_it_is_what_is_owed(paying: Paying) -> None:  # fmt: skip
    dossier = paying.till.owing()
    row = paying.opened(dossier)
    paying.till.take(dossier, charge=20_000, way=Way.TRANSFER, reference="FT1")
    booked = paying.confirm(paying.platform.pay(row.reference, at=paying.now, amount=30_000))
    assert booked is not None
    assert booked.why == "payment_doubted"
    assert (
        Payment.objects.standing().get().reason
        == "Nền tảng báo 30.000 đồng, yêu cầu là 50.000 đồng"
    )


def test_a_late_failure_never_goes_over_money_that_came(paying: Paying) -> None:
    dossier = paying.till.owing()
    row = paying.opened(dossier)
    failed = paying.platform.pay(row.reference, at=paying.now, failed=True)
    paying.confirm(failed)
    row.refresh_from_db()
    assert (row.state, row.words) == (State.OPEN, "Một lần thanh toán không thành công, người nộp có thể thử lại.")  # fmt: skip
    paying.confirm(paying.platform.pay(row.reference, at=paying.now))
    paying.confirm(failed)
    row.refresh_from_db()
    assert (row.state, row.words, fresh(dossier).fee_owed) == (State.PAID, "", 0)


def test_one_transaction_with_two_amounts_is_refused_and_said(paying: Paying) -> None:
    row = paying.opened(paying.till.owing())
    message = paying.platform.pay(row.reference, at=paying.now)
    paying.confirm(message)
    with pytest.raises(DomainError, match="payment_differs"):
        paying.confirm({**message, "SoTien": "70000"})
    row.refresh_from_db()
    assert (row.state, row.words) == (State.PAID, "Giao dịch này đã ghi với số tiền khác.")
    assert Payment.objects.get().amount == 50_000


def test_money_that_names_no_request_is_listed_at_the_agency_named_for_it(paying: Paying) -> None:
    message = paying.platform.pay("LA123", at=paying.now, amount=80_000)
    paying.confirm(message)
    row = Payment.objects.standing().get()
    assert (row.agency, row.amount) == (paying.till.office.agency, 80_000)
    assert row.reason == "Nền tảng báo mã tham chiếu LA123, không phải của yêu cầu nào ở đây"


@pytest.mark.parametrize(
    ("told", "at"),
    [("20261123011500", "now"), ("20261123101500", "now"), ("no time", "now"), ("20261123090500", "said")],
)  # fmt: skip
def test_an_instant_that_cannot_be_is_not_believed(paying: Paying, told: str, at: str) -> None:
    """A clock of twelve hours writes 01:15 for 13:15."""
    row = paying.opened(paying.till.owing())
    paying.wait(minutes=15)
    paying.confirm({**paying.platform.pay(row.reference, at=paying.now), "ThoiGianGD": told})
    right = paying.now if at == "now" else paying.now - timedelta(minutes=10)
    assert Payment.objects.get().paid_at == right


@pytest.mark.parametrize(
    "changed",
    [{"SoTien": "0"}, {"SoTien": "-5"}, {"SoTien": "²"}, {"SoTien": None}, {"MaTienTe": "USD"}, {"MaGiaoDich": ""},
     {"MaThamChieu": "x" * 90}, {"SoTien": [1]}],
)  # fmt: skip
def test_what_says_no_money_is_refused(paying: Paying, changed: dict[str, Any]) -> None:
    row = paying.opened(paying.till.owing())
    with pytest.raises(DomainError, match="pay_unreadable"):
        paying.confirm({**paying.platform.pay(row.reference, at=paying.now), **changed})
    assert not Payment.objects.exists()


def test_a_counter_without_an_electronic_book_lists_it(paying: Paying) -> None:
    ReceiptSeries.objects.update(ended_at=paying.now)
    row = paying.opened(paying.till.owing())
    booked = paying.confirm(paying.platform.pay(row.reference, at=paying.now))
    assert booked is not None
    assert booked.why
    assert Payment.objects.standing().count() == 1


@pytest.mark.parametrize("seed", range(6))
def test_in_any_order_and_repetition_every_dong_is_booked_once_or_listed(
    settings: Any, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """However messages are lost, repeated, late and reordered: a fee has one receipt at most, and what
    payers paid is what was booked and what stands.
    """
    chance = random.Random(seed)
    paying = make_paying(settings, monkeypatch, seed=seed)
    paying.remote.share = 0.4
    dossiers = [paying.till.owing() for _ in range(3)]
    mail: list[dict[str, Any]] = []
    for _ in range(40):
        paying.wait(minutes=chance.choice((1, 7, 60)))
        what = chance.choice(("ask", "pay", "pay", "confirm", "confirm", "run", "counter"))
        if what == "ask":
            one = fresh(chance.choice(dossiers))
            if asking.offered(one, paying.now):
                paying.ask(one)
        elif what == "pay" and paying.platform.requests:
            reference = chance.choice(sorted(paying.platform.requests))
            amount = chance.choice((None,) * 6 + (49_000,))
            failed = chance.random() < 0.2
            mail.append(paying.platform.pay(reference, at=paying.now, amount=amount, failed=failed))
        elif what == "confirm" and mail:
            paying.confirm(chance.choice(mail))
        elif what == "counter" and chance.random() < 0.2:
            one = fresh(chance.choice(dossiers))
            if one.fee_owed:
                paying.till.take(one, way=Way.TRANSFER, reference="FT", at=paying.now)
        paying.run()
    paying.remote.share = 0.0
    for message in chance.sample(mail, len(mail)):
        paying.confirm(message)
    for _ in range(40):
        paying.wait(hours=6)
        paying.run()
    paid = {
        one["MaGiaoDich"]: int(one["SoTien"])
        for found in paying.platform.paid.values()
        for one in found
    }
    came = {row.reference: row.amount for row in Payment.objects.all()}
    assert came == paid
    for one in dossiers:
        receipts = FeeReceipt.objects.filter(dossier=one)
        assert receipts.count() <= 1
        assert sum(row.amount for row in receipts) == 50_000 - fresh(one).fee_owed
    booked = Payment.objects.filter(receipt__isnull=False).aggregate(sum=Sum("amount"))["sum"] or 0
    stands = Payment.objects.standing().aggregate(sum=Sum("amount"))["sum"] or 0
    assert booked + stands == sum(paid.values())
    assert paid
    assert not PayRequest.objects.filter(next_at__isnull=False, state=State.ASKED).exists()
    assert verify(now=paying.now).misfit is None
