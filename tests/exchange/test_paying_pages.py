"""Where payment through a platform is seen: its door, the dossier's page, the look-up, the payment."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import orjson
import pytest
import time_machine
from django.core.files.storage import default_storage
from django.urls import reverse

from dossiers.intake.secrets import secret_of
from dossiers.models.money import FeeReceipt
from dossiers.models.payments import Payment
from exchange.models import PayRequest
from exchange.paying import settling
from onestop.accounts.models import AccessEvent
from tests.clock import MONDAY
from tests.exchange.pay import Paying, make_paying
from tests.exchange.world import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from dossiers.models import Dossier

pytestmark = pytest.mark.django_db
DOOR = "/trao-doi/thanh-toan/cong-b/"


@pytest.fixture
def paying(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Paying]:
    with time_machine.travel(MONDAY, tick=False):
        made = make_paying(settings, monkeypatch)
        monkeypatch.setattr(settling, "post_to", lambda peer: made.post)
        yield made


@pytest.fixture
def clerk(paying: Paying, signed_in: Callable[[Any], Client]) -> Client:
    return signed_in(paying.till.office.clerk)


def lookup(dossier: Dossier) -> str:
    return f"/tra-cuu/{dossier.code}/?k={secret_of(dossier)}"


def send(client: Client, message: Any, **headers: str) -> Any:
    body = orjson.dumps(message)
    return client.post(DOOR, body, content_type="application/json", headers=headers)


# --- the door -------------------------------------------------------------------------------------


def test_a_confirmation_is_answered_the_same_however_often(paying: Paying, client: Client) -> None:
    row = paying.opened(paying.till.owing())
    message = paying.platform.pay(row.reference, at=paying.now)
    first, again = send(client, message).json(), send(client, message).json()
    assert (first["error_code"], first["MaThamChieu"]) == (0, row.reference)
    assert (again["error_code"], again["message"]) == (0, "Đã nhận từ trước.")
    assert FeeReceipt.objects.count() == 1


@pytest.mark.parametrize(
    "odd", ["changed", "no code", "other partner", "query", "a list", "no json"]
)
def test_who_does_not_know_the_word_learns_nothing(
    paying: Paying, client: Client, odd: str, caplog: pytest.LogCaptureFixture
) -> None:
    row = paying.opened(paying.till.owing())
    message = paying.platform.pay(row.reference, at=paying.now)
    sent: Any = {
        "changed": {**message, "SoTien": "1"},
        "no code": {**message, "MaXacThuc": ""},
        "other partner": {**message, "MaDoiTac": "KHAC"},
        "query": {**message, "LoaiBanTin": "QUERY"},
        "a list": [message],
        "no json": "x",
    }[odd]
    answer = send(client, sent)
    assert answer.status_code == 401
    assert answer.json() == {"error_code": 3, "message": "Không nhận: sai địa chỉ hoặc chữ ký."}
    assert not Payment.objects.exists()
    assert client.post("/trao-doi/thanh-toan/khac/", b"{}", content_type="application/json").json() == answer.json()  # fmt: skip
    assert "khoa-thanh-toan" not in caplog.text


def test_a_door_with_a_secret_asks_for_its_signature_too(
    paying: Paying, client: Client, settings: Any
) -> None:
    settings.EXCHANGE_SECRETS = {"cong-b": "khoa-cua"}
    row = paying.opened(paying.till.owing())
    message = paying.platform.pay(row.reference, at=paying.now)
    assert send(client, message).status_code == 401
    right = hmac.new(b"khoa-cua", orjson.dumps(message), hashlib.sha256).hexdigest()
    assert send(client, message, **{"X-Signature": right}).json()["error_code"] == 0


def test_what_is_no_money_or_too_much_text_is_refused(paying: Paying, client: Client) -> None:
    row = paying.opened(paying.till.owing())
    message = paying.platform.pay(row.reference, at=paying.now, amount=0)
    assert send(client, message).status_code == 400
    assert send(client, {"a": "x" * 70_000}).status_code == 413
    codes = {send(client, {}).status_code for _ in range(70)}
    assert codes == {401, 429}
    assert client.get(DOOR).status_code == 405


# --- pages ----------------------------------------------------------------------------------------


def test_a_payer_asks_goes_to_the_platform_and_sees_what_came(paying: Paying, client: Client) -> None:  # fmt: skip
    dossier = paying.till.owing()
    page = client.get(lookup(dossier)).content.decode()
    assert "Thanh toán trực tuyến" in page
    answer = client.post(reverse("lookup_pay", args=[dossier.code]), {"k": secret_of(dossier)})
    assert answer.headers["Location"] == lookup(dossier)
    assert "sessionid" not in answer.cookies
    row = PayRequest.objects.get()
    assert row.created_by is None
    assert "Đang mở trang thanh toán" in client.get(lookup(dossier)).content.decode()
    paying.run()
    row.refresh_from_db()
    assert f'href="{row.url}"' in client.get(lookup(dossier)).content.decode()
    # By the code alone nothing is said of it.
    assert row.url not in client.get(f"/tra-cuu/{dossier.code}/").content.decode()
    send(client, paying.platform.pay(row.reference, at=paying.now))
    page = client.get(lookup(dossier)).content.decode()
    assert "Đã nhận 50.000 đồng qua Cổng Dịch vụ công quốc gia" in page
    assert "biên lai số 0000008" in page
    assert row.url not in page


def test_who_does_not_hold_the_slip_asks_for_nothing(paying: Paying, client: Client) -> None:
    dossier = paying.till.owing()
    for secret in ("", "sai", "1" * 26):
        answer = client.post(reverse("lookup_pay", args=[dossier.code]), {"k": secret})
        assert answer.headers["Location"] == f"/tra-cuu/{dossier.code}/"
    assert not PayRequest.objects.exists()


def test_where_no_platform_is_connected_nothing_is_said_and_nothing_asked(
    paying: Paying, client: Client, clerk: Client, settings: Any, queries: Callable[[], Any]
) -> None:
    dossier = paying.till.owing()
    counts = []
    # Of one address only the first view of some minutes is written down.
    client.get(lookup(dossier))
    for connected in ([], [said("B")], settings.EXCHANGE_PEERS):
        settings.EXCHANGE_PEERS = connected
        with queries() as seen:
            page = client.get(lookup(dossier)).content.decode()
        counts.append(len(seen))
        assert ("Thanh toán trực tuyến" in page) == ("payment" in str(connected))  # fmt: skip
    # The newest request, the account, what stands, and the agency, which the transfer asks for once more.
    assert [count - counts[0] for count in counts] == [0, 0, 2]


def test_an_officer_asks_for_it_and_sees_how_it_stands(paying: Paying, clerk: Client) -> None:
    dossier = paying.till.owing()
    where = dossier.get_absolute_url()
    assert "Yêu cầu thanh toán trực tuyến" in clerk.get(where).content.decode()
    clerk.post(reverse("pay_ask", args=[dossier.code]))
    row = PayRequest.objects.get()
    assert row.created_by == paying.till.office.clerk
    assert AccessEvent.objects.filter(object_kind="dossier", object_id=dossier.pk, detail="yêu cầu thanh toán trực tuyến").exists()  # fmt: skip
    assert "đang gửi nền tảng thanh toán" in clerk.get(where).content.decode()
    paying.run()
    page = clerk.get(where).content.decode()
    assert "chờ người nộp thanh toán, đến" in page
    assert "Yêu cầu thanh toán trực tuyến" not in page
    paying.confirm(paying.platform.pay(row.reference, at=paying.now))
    page = clerk.get(where).content.decode()
    assert "Đã thanh toán qua Cổng Dịch vụ công quốc gia lúc" in page
    assert "đã ghi biên lai số 0000008" in page


def test_the_payment_shows_the_receipt_of_the_platform(paying: Paying, clerk: Client) -> None:
    row = paying.opened(paying.till.owing())
    paying.confirm(paying.platform.pay(row.reference, at=paying.now, amount=40_000))
    payment = Payment.objects.get()
    listed = clerk.get("/thu-tien/khoan-den/").content.decode()
    assert "Nền tảng báo 40.000 đồng, yêu cầu là 50.000 đồng." in listed
    assert "ghi cho hồ sơ thì phần còn lại vẫn phải thu" in listed
    where = reverse("payment", args=[payment.pk])
    assert "Đang lấy biên lai của nền tảng thanh toán" in clerk.get(where).content.decode()
    paying.run()
    address = reverse("pay_bill", args=[row.pk])
    assert f'href="{address}"' in clerk.get(where).content.decode()
    answer = clerk.get(address)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    row.refresh_from_db()
    assert row.bill is not None
    default_storage.delete(row.bill.path)
    lost = clerk.get(address, follow=True)
    assert lost.redirect_chain == [(where, 302)]
    assert "bien-lai-" in lost.content.decode()
