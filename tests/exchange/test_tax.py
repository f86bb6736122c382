"""What the tax authority says of money for land through a portal (control-and-online 6.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from dossiers.desk.online_shares import shares
from dossiers.models import Dossier, OnlineSource
from dossiers.states import State as Stands
from exchange.inbox import taking
from exchange.inbox.telling import words
from exchange.models import Door, Message
from onestop.outbox.models import Message as Notice
from procedures.channels import Channel
from tests.exchange.sent import SECRET, a_door, body_of, came, send
from tests.world import MONDAY, Office, make_case, make_office, receive

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
NOTICE, PROOF = "NhanThongBaoThueDat", "NhanChungTuThueDat"
PAID = {
    "HoTenNguoiNopTien": "Nguyễn Văn Ân",
    "MaSoThue": "8001234567",
    "ThongTinThanhToan": {
        "MaThongBaoThue": "LTB2681101-TK0012345/TB-CCT",
        "ThoiGianThanhToan": "20261123083000",
        "SoTien": "12500000",
        "NoiDungThanhToan": "Nộp lệ phí trước bạ nhà đất",
        "TrangThaiThanhToan": "1",
    },
    "UrlFileChungTu": "https://thue.example/chung-tu/1.pdf",
}


@pytest.fixture
def office(settings: Any) -> Office:
    settings.EXCHANGE_SECRETS = {"cong": SECRET, "gui-ho": SECRET}
    return make_office()


@pytest.fixture
def dossier(office: Office) -> Dossier:
    """Received at the counter: what is paid for land is not of online dossiers alone."""
    return receive(office, make_case(), at=MONDAY)


def says(dossier: Dossier, service: str, **more: Any) -> Message:
    return came(a_door(), body_of({"MaHoSo": dossier.code, **more}, service=service), MONDAY)


def test_a_notice_waits_for_the_counter_and_changes_nothing(
    office: Office, dossier: Dossier, signed_in: Any
) -> None:
    message = says(dossier, NOTICE)
    assert message.is_held
    assert message.agency == office.agency
    assert "ghi Nhận thông báo của cơ quan thuế" in words(message.missing)[0]
    notice = Notice.objects.get(to_officer=office.clerk, kind="said_of_received")
    assert notice.subject == f"Thông báo nộp tiền về đất: hồ sơ {dossier.code}"
    page = signed_in(office.clerk).get(dossier.get_absolute_url()).content.decode()
    assert "Thông báo nộp tiền về đất.</strong>" in page
    dossier.refresh_from_db()
    assert dossier.state == Stands.RECEIVED


def test_a_proof_says_what_was_paid_in_the_words_of_the_message(
    office: Office, dossier: Dossier, signed_in: Any
) -> None:
    message = says(dossier, PROOF, **PAID)
    [said] = words(message.missing)
    assert "12.500.000" in said
    assert "LTB2681101-TK0012345/TB-CCT" in said
    assert "trạng thái “1”" in said
    address = reverse("exchange_message", args=[message.pk])
    shown = signed_in(office.clerk).get(address).content.decode()
    for one in ("Nguyễn Văn Ân", "Nộp lệ phí trước bạ nhà đất", "https://thue.example"):
        assert one in shown


@pytest.mark.parametrize(
    "paid", [{}, {"SoTien": "một triệu"}, {"SoTien": "9" * 40}, {"SoTien": {"a": 1}}, "không"]
)
def test_whatever_it_says_of_the_payment_it_is_held(dossier: Dossier, paid: Any) -> None:
    message = says(dossier, PROOF, ThongTinThanhToan=paid)
    assert [one["code"] for one in message.missing] == ["missing_tax_proof"]
    assert words(message.missing)


def test_of_a_dossier_that_is_not_here_it_is_refused_and_held(
    office: Office, client: Client
) -> None:
    """One system answered success for a code that it did not know."""
    a_door()
    body = body_of({"MaHoSo": "H99.709-261123-000099"}, service=NOTICE)
    answer = send(client, body)
    assert (answer.status_code, answer.json()["error_code"]) == (400, 3)
    assert "không có hồ sơ mã “H99.709-261123-000099”" in answer.json()["message"]
    held = taking.read(Message.objects.get().pk, at=MONDAY)
    assert [one["code"] for one in held.missing] == ["missing_no_dossier"]
    assert words(held.missing)


def test_of_another_provinces_dossiers_its_door_says_nothing(
    office: Office, dossier: Dossier, client: Client
) -> None:
    other = make_office("Ủy ban nhân dân xã Tân Lập")
    source = OnlineSource.objects.create(name="Cổng khác", agency=other.agency)
    Door.objects.create(name="cong", source=source)
    answer = send(client, body_of({"MaHoSo": dossier.code}, service=NOTICE))
    assert answer.json()["error_code"] == 3


def test_a_partner_office_says_nothing_of_taxes(
    office: Office, dossier: Dossier, client: Client
) -> None:
    source = OnlineSource.objects.create(name="Bưu điện", channel=Channel.POST)
    Door.objects.create(name="gui-ho", source=source)
    answer = send(client, body_of({"MaHoSo": dossier.code}, service=NOTICE), name="gui-ho")
    assert answer.json()["error_code"] == 3
    assert NOTICE in answer.json()["message"]


def test_it_counts_in_no_share_of_what_was_handed_in(office: Office, dossier: Dossier) -> None:
    says(dossier, NOTICE)
    assert shares(office.desk(office.controller), MONDAY) == []


def test_the_same_again_is_one(dossier: Dossier) -> None:
    first = says(dossier, PROOF, **PAID)
    assert says(dossier, PROOF, **PAID) == first
