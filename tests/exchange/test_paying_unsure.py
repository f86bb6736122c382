"""What the platform never answered, called paid without a sum, or gives no receipt of: listed, told once
a day, asked again or closed; a payer who has paid is not asked again; who may begin a payment.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from dossiers.acts import payments
from dossiers.desk.of_owner import page_of
from dossiers.intake.secrets import secret_of
from dossiers.models import Dossier
from dossiers.models.payments import Payment
from exchange.models import PayRequest
from exchange.paying import settling, unsure
from exchange.peer.paying import Platform
from exchange.tasks import settle_payments
from onestop.accounts.models import AccessEvent
from onestop.outbox.models import Message
from tests.dossiers.money.office import fresh, refused
from tests.dossiers.money.paid import came, words
from tests.exchange.pay import Paying
from tests.exchange.test_paying_pages import clerk, lookup, paying, send

if TYPE_CHECKING:
    from django.test import Client

__all__ = ["clerk", "paying"]
pytestmark = pytest.mark.django_db
State = PayRequest.State
LIST = "/thu-tien/thanh-toan-truc-tuyen/"
NUMBER = "001087000123"


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# --- listed, told, asked again, closed ------------------------------------------------------------


def test_what_is_never_answered_is_listed_told_once_a_day_and_asked_again(
    paying: Paying, clerk: Client
) -> None:
    paying.remote.share, paying.remote.only = 1.0, ["lost_after"]
    dossier = paying.till.owing()
    row = paying.opened(dossier)
    assert "Không có yêu cầu nào chưa rõ" not in text(clerk, LIST)
    settle_payments()
    assert not Message.objects.filter(kind=unsure.KIND).exists()
    PayRequest.objects.update(unsure_since=paying.now - timedelta(hours=2))
    settle_payments()
    settle_payments()
    told = Message.objects.filter(kind=unsure.KIND)
    # The clerk, the cashier; nobody twice.
    assert {one.to_officer for one in told} >= {paying.till.office.clerk, paying.till.cashier}
    assert told.count() == len({one.to_officer_id for one in told})
    page = text(clerk, "/thu-tien/khoan-den/")
    assert "1 yêu cầu thanh toán trực tuyến chưa rõ" in page
    page = text(clerk, LIST)
    assert dossier.code in page
    assert "Nền tảng chưa nhận yêu cầu" in page
    paying.remote.share = 0.0
    answer = clerk.post(reverse("pay_request_again", args=[row.pk]), follow=True)
    assert "đang hỏi lại" in answer.content.decode()
    paying.run()
    row.refresh_from_db()
    assert (row.state, row.unsure_since) == (State.OPEN, None)
    assert "Không có yêu cầu nào chưa rõ" in text(clerk, LIST)
    assert refused(lambda: unsure.ask_again(row.pk, by=desk(paying), at=paying.now)) == "pay_ended"


def desk(paying: Paying) -> Any:
    return paying.till.office.desk(paying.till.office.clerk, paying.now)


def test_what_was_given_up_is_closed_with_a_reason_and_its_money_is_taken_after_all(
    paying: Paying, clerk: Client, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = paying.till.owing()
    row = paying.opened(dossier)
    with monkeypatch.context() as patch:
        patch.setattr(Platform, "_state", lambda self, reference: {"TrangThaiGD": "9"})
        for days in (2, 8):
            paying.wait(days=days)
            paying.run()
    row.refresh_from_db()
    assert (row.state, row.next_at) == (State.CLOSED, None)
    assert "Không tự hỏi nữa" in text(clerk, LIST)
    address = reverse("pay_request_close", args=[row.pk])
    answer = clerk.post(address, {"reason": " "})
    assert (answer.status_code, "Hãy ghi lý do" in answer.content.decode()) == (422, True)
    clerk.post(address, {"reason": "Đã hỏi, chưa nộp"})
    row.refresh_from_db()
    assert (row.reason, row.ended_by) == ("Đã hỏi, chưa nộp", paying.till.office.clerk)
    assert AccessEvent.objects.filter(object_id=dossier.pk, detail="đóng yêu cầu thanh toán trực tuyến").exists()  # fmt: skip
    assert dossier.code not in text(clerk, LIST)
    assert "Đã hỏi, chưa nộp" in text(clerk, reverse("pay_request", args=[row.pk]))
    said = paying.platform.pay(row.reference, at=paying.now)
    assert send(client, said).status_code == 200
    row.refresh_from_db()
    assert (row.state, row.ended_at, fresh(dossier).fee_owed) == (State.PAID, None, 0)
    # Why it was closed before its money came stays to be read.
    page = text(clerk, reverse("pay_request", args=[row.pk]))
    assert "Lý do đóng trước đó" in page
    assert "Đã hỏi, chưa nộp" in page


def test_closed_while_it_may_be_paid_it_is_asked_after_still(paying: Paying) -> None:
    """Its page may be open in somebody's hands: closing loses no money."""
    paying.remote.share, paying.remote.only = 1.0, ["lost_after"]
    dossier = paying.till.owing()
    row = paying.opened(dossier)
    unsure.close(row.pk, "Nộp tại quầy", by=desk(paying), at=paying.now)
    paying.remote.share = 0.0
    paying.platform.pay(row.reference, at=paying.now)
    paying.wait(minutes=10)
    assert paying.run().paid == 1
    assert fresh(dossier).fee_owed == 0


def test_asked_again_by_a_press_it_is_asked_after_still_when_its_term_ends(paying: Paying) -> None:
    """It may be stored there, though every answer was lost."""
    paying.remote.share, paying.remote.only = 1.0, ["lost_after"]
    dossier = paying.till.owing()
    row = paying.opened(dossier)
    unsure.ask_again(row.pk, by=desk(paying), at=paying.now)
    Dossier.objects.filter(pk=dossier.pk).update(fee_owed=80_000)
    paying.run()
    row.refresh_from_db()
    assert row.state == State.CLOSED
    assert row.next_at is not None
    paying.remote.share = 0.0
    paying.platform.pay(row.reference, at=paying.now)
    assert paying.run().paid == 1


def test_a_platform_that_is_gone_leaves_nothing_unseen(
    paying: Paying, clerk: Client, client: Client, settings: Any
) -> None:
    row = paying.opened(paying.till.owing())
    other = paying.till.owing()
    called_paid(paying, other, client)
    settings.EXCHANGE_PEERS = []
    PayRequest.objects.update(next_at=paying.now - timedelta(hours=2))
    page = text(clerk, LIST)
    assert row.dossier.code in page
    # Whatever else they are: nobody can be asked, so no page offers it.
    assert page.count("không còn nối") == 2
    for pk in PayRequest.objects.values_list("pk", flat=True):
        page = text(clerk, reverse("pay_request", args=[pk]))
        assert reverse("pay_request_close", args=[pk]) in page
        assert reverse("pay_request_again", args=[pk]) not in page
    assert refused(lambda: unsure.ask_again(row.pk, by=desk(paying), at=paying.now)) == "pay_gone"
    assert "2 yêu cầu thanh toán trực tuyến chưa rõ" in text(clerk, "/thu-tien/khoan-den/")
    settle_payments()
    assert Message.objects.filter(kind=unsure.KIND).exists()
    # Who was called a payer by it is not asked again; whose page it had may pay at the counter.
    assert "còn phải nộp" not in text(client, lookup(other))
    (open_line,) = [one for one in page_of(NUMBER, paying.now).rows if one.code == row.dossier.code]
    assert open_line.paid is None


def test_receipts_that_were_given_up_are_asked_for_again_after_an_outage(
    paying: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (paying.opened(paying.till.owing()) for _ in range(2))
    paying.confirm(paying.platform.pay(first.reference, at=paying.now))
    with monkeypatch.context() as patch:
        patch.setattr("exchange.peer.paying.bill", lambda: b"<html>")
        PayRequest.objects.filter(pk=first.pk).update(tries=settling.MOST_BILL - 1)
        paying.run()
    first.refresh_from_db()
    assert first.next_at == paying.now + settling.BILL_PAUSE
    assert list(unsure.to_see(paying.now)) == [first]
    assert unsure.what_to_do(first) == "pay_do_bill"
    # Another receipt is had: the platform gives them again. Not before a day has gone.
    paying.confirm(paying.platform.pay(second.reference, at=paying.now))
    paying.run()
    paying.wait(days=2)
    third = paying.opened(paying.till.owing())
    paying.confirm(paying.platform.pay(third.reference, at=paying.now))
    assert paying.run().bills == 1
    assert paying.run().bills == 1
    first.refresh_from_db()
    assert first.bill_id
    assert not unsure.to_see(paying.now).exists()


def test_a_receipt_that_is_asked_for_no_more_is_not_said_to_be(
    paying: Paying, clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = paying.opened(paying.till.owing())
    paying.confirm(paying.platform.pay(row.reference, at=paying.now))
    monkeypatch.setattr("exchange.peer.paying.bill", lambda: b"<html>")
    begun = paying.now - settling.BILL_FOR
    PayRequest.objects.update(tries=settling.MOST_BILL - 1, paid_at=begun)
    paying.run()
    page = text(clerk, LIST)
    assert "Không tự hỏi nữa; bấm Hỏi lại, hoặc tải ở nền tảng" in page
    assert "Tự hỏi lại mỗi tuần" not in page
    assert reverse("pay_request_again", args=[row.pk]) in text(clerk, reverse("pay_request", args=[row.pk]))  # fmt: skip


def test_the_list_asks_as_often_for_many_as_for_one(
    paying: Paying, clerk: Client, queries: Callable[[], Any]
) -> None:
    paying.remote.share, paying.remote.only = 1.0, ["lost_after"]
    counts = []
    for rows in (1, 4):
        while PayRequest.objects.count() < rows:
            paying.ask(paying.till.owing())
        PayRequest.objects.update(unsure_since=paying.now)
        text(clerk, LIST)
        with queries() as seen:
            assert text(clerk, LIST).count("data-row-link") == rows
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12


def test_strangers_see_none(paying: Paying, signed_in: Callable[[Any], Client]) -> None:
    from onestop.accounts.models import Role
    from tests.world import make_agency, make_officer

    paying.remote.share, paying.remote.only = 1.0, ["lost_after"]
    row = paying.opened(paying.till.owing())
    elsewhere = make_officer("Người Quầy Khác", make_agency("H88"), (Role.CASHIER, None))
    client = signed_in(elsewhere)
    assert row.reference not in text(client, LIST)
    for name in ("pay_request", "pay_request_again", "pay_request_close"):
        ask = client.get if name == "pay_request" else client.post
        assert ask(reverse(name, args=[row.pk])).status_code == 404


# --- paid, and not reconciled ---------------------------------------------------------------------


def called_paid(paying: Paying, dossier: Dossier, client: Client) -> str:
    row = paying.opened(dossier)
    said = paying.platform.pay(row.reference, at=paying.now, amount=0)
    assert send(client, said).status_code == 400
    row.refresh_from_db()
    assert row.is_called_paid
    return "Nền tảng thanh toán báo đã nộp 50.000 đồng"


def listed_transfer(paying: Paying, dossier: Dossier, client: Client) -> str:
    Payment.objects.create(
        agency=paying.till.office.agency, source="ngan-hang", reference="FT9#1", amount=40_000,
        paid_at=paying.now, content=words(dossier), came_at=paying.now,
    )  # fmt: skip
    return "Đã nhận 40.000 đồng lúc"


def by_a_portal(paying: Paying, dossier: Dossier, client: Client) -> str:
    said = came(dossier, 60_000)
    payments.book_payment(said, agency_id=paying.till.office.agency.pk, series_id=None, at=paying.now)  # fmt: skip
    return "Đã nhận 60.000 đồng lúc"


@pytest.mark.parametrize("how", [called_paid, listed_transfer, by_a_portal])
def test_who_has_paid_is_not_asked_before_it_is_reconciled(
    paying: Paying, client: Client, clerk: Client, how: Callable[..., str]
) -> None:
    dossier = paying.till.owing()
    other = paying.till.owing()
    sentence = how(paying, dossier, client)
    page = text(client, lookup(dossier))
    assert sentence in page
    assert "đã nộp, đang đối soát" in page
    for asked in ("còn phải nộp", "quét mã này", "Thanh toán trực tuyến"):
        assert asked not in page
    assert "còn phải nộp" in text(client, lookup(other))
    assert refused(lambda: paying.ask(dossier)) == "pay_not_offered"
    lines = {one.code: one for one in page_of(NUMBER, paying.now).rows}
    paid = lines[dossier.code].paid
    assert paid is not None
    assert paid.is_sure
    assert lines[other.code].paid is None
    page = text(clerk, dossier.get_absolute_url())
    assert "đang đối soát: không thu lần nữa" in page
    # To the list of this counter, for whoever has several.
    where = re.search(r'href="([^"]+)">Xem</a>', page)
    assert where is not None
    assert where[1].endswith(f"?co-quan={paying.till.office.agency.pk}")
    assert dossier.code in text(clerk, where[1])


def test_called_paid_wrongly_is_closed_and_asked_for_again(paying: Paying, client: Client) -> None:
    dossier = paying.till.owing()
    called_paid(paying, dossier, client)
    row = PayRequest.objects.get()
    assert unsure.what_to_do(row) == "pay_do_called"
    unsure.close(row.pk, "Nền tảng xác nhận chưa nộp", by=desk(paying), at=paying.now)
    assert "còn phải nộp" in text(client, lookup(dossier))
    assert paying.ask(dossier) != row


@pytest.mark.parametrize("by_query", [False, True])
def test_called_paid_after_it_was_closed_it_is_looked_at_again(
    paying: Paying, client: Client, monkeypatch: pytest.MonkeyPatch, by_query: bool
) -> None:
    """Given up, closed as not paid, then paid on the page that was open still."""

    def said() -> None:
        paying.wait(minutes=5)
        if by_query:
            paying.run()
        else:
            assert send(client, message).status_code == 400

    dossier = paying.till.owing()
    row = paying.opened(dossier)
    message = paying.platform.pay(row.reference, at=paying.now, amount=0)
    PayRequest.objects.update(unsure_since=paying.now)
    unsure.close(row.pk, "Đã hỏi, chưa nộp", by=desk(paying), at=paying.now)
    said()
    row.refresh_from_db()
    assert list(unsure.to_see(paying.now)) == [row]
    assert row.is_called_paid
    assert "Nền tảng thanh toán báo đã nộp" in text(client, lookup(dossier))
    assert refused(lambda: paying.ask(dossier)) == "pay_not_offered"
    # Closed by somebody who knows it, it stays closed.
    unsure.close(row.pk, "Nền tảng xác nhận chưa nộp", by=desk(paying), at=paying.now)
    said()
    row.refresh_from_db()
    assert row.ended_at is not None


def test_a_page_that_is_open_for_another_sum_than_is_owed_is_not_spoken_of(
    paying: Paying, client: Client
) -> None:
    dossier = paying.till.owing()
    paying.opened(dossier)
    Dossier.objects.filter(pk=dossier.pk).update(fee_owed=80_000)
    (line,) = page_of(NUMBER, paying.now).rows
    assert (line.paid, line.fee_owed) == (None, 80_000)
    page = text(client, lookup(dossier))
    assert "còn phải nộp: 80.000 đồng" in page
    assert "đang chờ thanh toán" not in page


def test_while_the_page_of_the_platform_is_open_nobody_is_told_that_it_is_owed_still(
    paying: Paying, client: Client
) -> None:
    dossier = paying.till.owing()
    row = paying.opened(dossier)
    page = text(client, lookup(dossier))
    assert f'href="{row.url}"' in page
    assert "đã nộp rồi thì khoản tiền đang được đối soát" in page
    assert "còn phải nộp" not in page
    (line,) = page_of(NUMBER, paying.now).rows
    assert line.paid is not None
    assert not line.paid.is_sure


def test_what_ended_without_anything_to_pay_for_asks_for_no_fee(paying: Paying) -> None:
    dossier = paying.till.owing()
    Dossier.objects.filter(pk=dossier.pk).update(state=8, ended_at=paying.now)
    (line,) = page_of(NUMBER, paying.now).rows
    assert line.fee_owed == 0


# --- who may begin a payment ----------------------------------------------------------------------


def test_off_no_act_of_a_citizen_begins_a_payment_and_the_counters_leads_on(
    paying: Paying, client: Client, clerk: Client, settings: Any
) -> None:
    """Issue 15: the national portal is the place for it; off by default."""
    settings.CITIZENS_MAY_PAY = False
    dossier = paying.till.owing()
    page = text(client, lookup(dossier))
    assert "Thanh toán trực tuyến" not in page
    assert "Phí, lệ phí còn phải nộp: 50.000 đồng" in page
    door = reverse("lookup_pay", args=[dossier.code])
    assert client.post(door, {"k": secret_of(dossier)}).status_code == 404
    assert not PayRequest.objects.exists()
    clerk.post(reverse("pay_ask", args=[dossier.code]))
    paying.run()
    row = PayRequest.objects.get()
    assert f'href="{row.url}"' in text(client, lookup(dossier))
    assert send(client, paying.platform.pay(row.reference, at=paying.now)).status_code == 200
    assert fresh(dossier).fee_owed == 0
    assert "Đã nhận 50.000 đồng qua" in text(client, lookup(dossier))


def test_off_what_a_citizen_began_before_leads_nowhere(
    paying: Paying, client: Client, settings: Any
) -> None:
    dossier = paying.till.owing()
    row = paying.opened(dossier)
    settings.CITIZENS_MAY_PAY = False
    page = text(client, lookup(dossier))
    assert row.url not in page
    assert "không phải nộp lại" in page


def test_off_is_what_an_installation_begins_with() -> None:
    from django.conf import settings

    assert settings.CITIZENS_MAY_PAY is False
