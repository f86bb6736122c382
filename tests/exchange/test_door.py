"""The door of other systems: what is kept, what is refused, and that nobody learns what it is not told."""

from __future__ import annotations

import gzip
import hashlib
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from dossiers.models import OnlineFiling
from exchange.inbox import arriving, flagging, taking, unread
from exchange.inbox.telling import words
from exchange.models import Mapping, Message
from onestop.errors import DomainError
from tests.exchange.sent import a_door, body_of, came, code_of, data_of, send, signature
from tests.world import MONDAY, Office, make_case, make_office, vn

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def secrets(settings: Any) -> None:
    settings.EXCHANGE_SECRETS = {"cong": "khoa-cua-cong"}
    a_door()


@pytest.fixture
def office() -> Office:
    return make_office()


def test_what_is_sent_twice_is_one_and_waits_for_the_counter(
    client: Client, office: Office
) -> None:
    """Case 46: stored but the answer lost; blanks and order make no other message."""
    data = data_of(office, make_case())
    body = body_of(data)
    first = send(client, body).json()
    assert (first["error_code"], first["MaHoSo"]) == (0, code_of(office))
    again = body_of(dict(reversed(data.items()))).replace(b'","', b'" , "')
    assert send(client, again).json()["message"] == "Đã nhận từ trước."
    assert Message.objects.count() == 1
    assert taking.read_new(MONDAY) == 1
    assert OnlineFiling.objects.get().code == code_of(office)


@pytest.mark.parametrize(
    ("name", "signed"), [("cong", ""), ("cong", "0" * 64), ("cong", "ký"), ("khac", None)]
)
def test_who_does_not_know_the_secret_learns_nothing(client: Client, name: str, signed: str | None) -> None:  # fmt: skip
    answer = send(client, b"{}", name=name, signed=signed)
    assert answer.status_code == 401
    assert answer.json() == {"error_code": 3, "message": "Không nhận: sai địa chỉ hoặc chữ ký."}
    assert not Message.objects.exists()


HOSTILE = {
    "no json": b"{'a': 1}",
    "not utf-8": b'{"service": "\xff"}',
    "deep": b'{"service":"NhanHSDVCQG","data":' + b"[" * 5000 + b"]" * 5000 + b"}",
    "wide": b'{"service":"NhanHSDVCQG","data":{"a":[' + b"1," * 30000 + b"1]}}",
    "open string": b'{"service": "' + b'\\"' * 50000,
    "a list": b"[]",
    "no service": b'{"data": {}}',
    "service no text": b'{"service": {"a": 1}, "data": {}}',
    "updating odd": b'{"service": "NhanHSDVCQG", "isUpdating": "perhaps", "data": {}}',
    "no data": b'{"service": "NhanHSDVCQG"}',
    "data no object": b'{"service": "NhanHSDVCQG", "data": ["a"]}',
    "no code": b'{"service": "NhanHSDVCQG", "data": {"MaHoSo": {"a": 1}}}',
    "half a character": b'{"service": "NhanHSDVCQG", "data": {"MaHoSo": "\\ud800"}}',
    "packed": gzip.compress(b'{"service": "NhanHSDVCQG", "data": {}}'),
    "xml that unfolds": b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>',
    "long number": b'{"service":"NhanHSDVCQG","data":{"MaHoSo":1' + b"0" * 100_000 + b"}}",
    "no number": b'{"service":"NhanHSDVCQG","data":{"MaHoSo":1e400}}',
    "nul": b'{"service": "NhanHSDVCQG", "data": {"MaHoSo": "\\u0000"}}',
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_body_is_refused_by_the_form_of_errors_and_accounted_for(client: Client, body: bytes) -> None:  # fmt: skip
    answer = send(client, body)
    assert (answer.status_code, answer.json()["error_code"]) == (400, 3)
    row = Message.objects.get()
    assert row.reason == answer.json()["message"]
    # Whoever sent it may take that for good: somebody here has to know.
    assert send(client, body).status_code == 400
    held = taking.read(row.pk, at=MONDAY)
    assert held.state == Message.State.QUARANTINED
    assert held.missing[0]["code"] in ("missing_code", *unread.HELD_AS.values())
    assert all(words(held.missing))


def test_an_unknown_service_is_an_error_never_a_success(client: Client, office: Office) -> None:
    """One system answered success for what it did not know (control-and-online 6.4)."""
    answer = send(client, body_of(data_of(office, make_case()), service="DongBoHoSoMC"))
    assert answer.json()["error_code"] == 3
    assert "DongBoHoSoMC" in answer.json()["message"]
    assert not OnlineFiling.objects.exists()


def test_too_much_and_too_often_is_refused_before_it_is_read(client: Client, settings: Any) -> None:
    settings.EXCHANGE_MAX_BYTES = 100
    for odd in ({"name": "khac"}, {"signed": "0" * 64}):
        assert send(client, b"x" * 101, **odd).status_code == 413
    assert send(client, b"x" * 101, signed="").status_code == 401
    assert send(client, b"x" * 500).status_code == 413
    cache.clear()
    assert not Message.objects.exists()
    for _ in range(2):
        answer = send(client, b"x" * 101)
        assert (answer.status_code, answer.json()["error_code"]) == (413, 3)
    # Of who signs rightly somebody here knows that it was too much.
    row = Message.objects.get()
    assert (row.state, row.reason) == (Message.State.NEW, answer.json()["message"])
    assert taking.read(row.pk, at=MONDAY).missing[0]["code"] == "missing_unreadable"
    codes = [send(client, b"{}", signed="0" * 64).status_code for _ in range(61)]
    assert codes == [401] * 60 + [429]
    # Who signs rightly from the same address is answered all the same.
    assert send(client, b"{}").status_code == 400


class Counted:
    """A body of one byte again and again, which counts how much of it was asked for."""

    def __init__(self, size: int) -> None:
        self.left, self.read_bytes, self.most = size, 0, 0

    def read(self, size: int = -1) -> bytes:
        given = b"x" * min(self.left, size if size >= 0 else self.left)
        self.left -= len(given)
        self.read_bytes += len(given)
        self.most = max(self.most, len(given))
        return given

    readline = read


def streamed(client: Client, body: Counted, *, signed: str, name: str = "cong") -> Any:
    wsgi = {"wsgi.input": body, "CONTENT_LENGTH": str(body.left), "HTTP_X_SIGNATURE": signed}
    path = reverse("exchange_door", args=[name])
    return client.generic("POST", path, b"x", "application/json", **wsgi)


MIB = 1024 * 1024
NO_ONES = "0" * 64


@pytest.mark.parametrize("signed", ["", "0" * 63, "ký", "g" * 64])
def test_nothing_is_read_of_who_brings_no_signature(client: Client, signed: str) -> None:
    body = Counted(8 * MIB)
    assert streamed(client, body, signed=signed).status_code == 401
    assert body.read_bytes == 0


@pytest.mark.parametrize("name", ["cong", "khac"])
def test_a_stranger_is_read_so_much_a_minute_whichever_door(client: Client, name: str) -> None:
    """A signature costs nothing to make up: what is read for it does, and is paid for before."""
    read = []
    for _ in range(4):
        body = Counted(25 * MIB)
        read.append(
            (streamed(client, body, signed=NO_ONES, name=name).status_code, body.read_bytes)
        )
        assert body.most <= 64 * 1024
    assert read == [(413, 25 * MIB)] * 2 + [(429, 0)] * 2


def test_who_signs_rightly_is_heard_whatever_strangers_send_from_the_same_address(
    client: Client, office: Office
) -> None:
    for _ in range(4):
        streamed(client, Counted(25 * MIB), signed=NO_ONES)
    long = body_of(data_of(office, make_case(), Them="x" * MIB))
    assert send(client, long).status_code == 429
    # By something small it becomes known.
    assert send(client, b"{}").status_code == 400
    assert send(client, long).json()["error_code"] == 0


def test_what_is_too_long_is_known_by_all_of_it_and_kept_by_its_beginning(
    client: Client, settings: Any
) -> None:
    settings.EXCHANGE_MAX_BYTES = MIB
    for end in (b"a", b"b"):
        assert send(client, b"x" * (3 * MIB) + end).status_code == 413
    raws = {row.sha256: row.raw for row in Message.objects.all()}
    assert set(raws) == {hashlib.sha256(b"x" * (3 * MIB) + end).hexdigest() for end in (b"a", b"b")}
    assert set(raws.values()) == {"x" * 4000}


def test_more_than_a_stranger_may_send_goes_through_this_door_only(client: Client, office: Office) -> None:  # fmt: skip
    body = body_of(data_of(office, make_case(), Them="x" * (1024 * 1024)))
    assert send(client, body).json()["error_code"] == 0


def test_a_page_of_a_browser_is_not_taken_nor_any_xml(client: Client) -> None:
    answer = client.post("/trao-doi/cong/", {"a": "1"}, headers={"X-Signature": signature(b"")})
    assert answer.status_code == 415
    signed = {"X-Signature": signature(b"<a/>")}
    answer = client.post("/trao-doi/cong/", b"<a/>", content_type="text/xml", headers=signed)
    assert answer.status_code == 415
    assert not Message.objects.exists()


def test_a_list_is_one_message_a_dossier(client: Client, office: Office) -> None:
    case = make_case()
    told = send(client, body_of([data_of(office, case, number) for number in (1, 2, 3)])).json()
    assert told["DanhSachMaHoSo"] == [code_of(office, number) for number in (1, 2, 3)]
    assert taking.read_new(MONDAY) == 3
    assert OnlineFiling.objects.count() == 3


def test_one_bad_dossier_of_a_list_keeps_no_other_from_being_taken(client: Client, office: Office) -> None:  # fmt: skip
    """Bug 53: nine go, one fails, and it is told which."""
    case = make_case()
    bad = data_of(office, case, 2, MaHoSo=None, Them="x" * 5000)
    told = send(client, body_of([data_of(office, case), bad, "a", data_of(office, case, 3)])).json()
    assert told["DanhSachMaHoSo"] == [code_of(office), code_of(office, 3)]
    assert (told["error_code"], told["SoKhongNhan"]) == (0, 2)
    assert [one["ThuTu"] for one in told["DanhSachKhongNhan"]] == [2, 3]
    # Nine of ten taken is a success to who reads no more of the answer: what was not is nobody's there.
    assert taking.read_new(MONDAY) == 4
    held = {row.missing[0]["code"]: row for row in Message.objects.filter(foreign_code="")}
    assert set(held) == {"missing_code", "missing_envelope"}
    assert {row.state for row in held.values()} == {Message.State.QUARANTINED}
    lacking = held["missing_code"]
    # Whole, with its hours, at the counter that it names.
    assert "x" * 5000 in lacking.raw
    assert (lacking.agency, lacking.answer_by is None) == (office.agency, False)
    assert held["missing_envelope"].agency is None
    assert held["missing_envelope"].answer_by is not None
    assert flagging.flag(vn("31/12/2026 08:00")) == 2


def test_where_the_code_stands_is_mended_in_the_table_and_read_again(
    office: Office, signed_in: Any
) -> None:
    case, door = make_case(), a_door()
    for number in (1, 2):
        said = data_of(office, case, number, MaHoSo=None) | {"SoHoSo": code_of(office, number)}
        with pytest.raises(DomainError, match="exchange_code"):
            arriving.take(door, body_of(said), at=MONDAY)
    assert taking.read_new(MONDAY) == 2
    one, other = Message.objects.order_by("pk")
    assert (one.missing[0]["code"], one.is_held) == ("missing_code", True)
    Mapping.objects.create(door=door, fields={"code": "SoHoSo"}, valid_from=date(2026, 1, 1))
    read = taking.read(one.pk, at=MONDAY)
    assert (read.state, read.foreign_code) == (Message.State.MAPPED, code_of(office))
    assert OnlineFiling.objects.get().code == code_of(office)
    # Sent again and taken meanwhile, it is no second message.
    assert came(door, other.raw.encode(), MONDAY).pk != other.pk
    # Whoever presses “Đọc lại” is told what became of it.
    pressed = signed_in(office.clerk).post(
        reverse("exchange_message_read", args=[other.pk]), follow=True
    )
    assert [str(one) for one in pressed.context["messages"]] == [
        f"{other.pk}: đã xong. {unread.KNOWN}"
    ]
    other.refresh_from_db()
    assert (other.state, other.reason) == (Message.State.DONE, unread.KNOWN)
    assert came(door, one.raw.encode(), MONDAY).pk == one.pk
