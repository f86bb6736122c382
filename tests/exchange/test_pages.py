"""The pages of messages of other systems and of the tables they are read by."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from exchange.models import Mapping, Message
from onestop.accounts.models import AccessEvent
from tests.exchange.sent import a_door, body_of, came, code_of, data_of
from tests.world import MONDAY, Office, make_case, make_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make_office()


def held(office: Office, number: int = 1, **wrong: Any) -> Message:
    wrong = wrong or {"ChuHoSo": None}
    data = data_of(office, make_case(), number, **wrong)
    return came(a_door(), body_of(data), MONDAY)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_what_is_held_stands_first_with_what_is_missing_at_one_cost(signed_in: Any, office: Office, queries: Any) -> None:  # fmt: skip
    client, page = signed_in(office.clerk), reverse("exchange_messages")
    client.get(page)
    held(office)
    with queries() as one:
        shown = text(client.get(page))
    assert "Không có tên chủ hồ sơ." in shown
    for number in range(2, 6):
        held(office, number)
    with queries() as many:
        assert text(client.get(page)).count("Không có tên chủ hồ sơ.") == 5
    assert (len(one), len(many)) == (5, 5)


def test_the_list_of_filings_leads_to_what_is_held(
    signed_in: Any, office: Office, queries: Any
) -> None:
    client, page = signed_in(office.clerk), reverse("online_filings")
    assert "Thông điệp" not in text(client.get(page))
    held(office)
    for number in (2, 3):
        came(a_door(), body_of(data_of(office, make_case(), number)), MONDAY)
    with queries() as asked:
        shown = text(client.get(page))
    assert "Thông điệp cần xử lý" in shown
    assert shown.count("Nguyễn Thị Bình") == 2
    assert len(asked) == 7


def test_a_controllers_list_of_filings_asks_for_the_agencies_once(
    signed_in: Any, office: Office, queries: Any
) -> None:
    make_office("Ủy ban nhân dân xã Tân Lập", parent=office.agency)
    client, page = signed_in(office.controller), reverse("online_filings")
    held(office)
    for number in (2, 3):
        came(a_door(), body_of(data_of(office, make_case(), number)), MONDAY)
    client.get(page)
    with queries() as asked:
        shown = text(client.get(page))
    assert "Thông điệp cần xử lý" in shown
    assert shown.count("Nguyễn Thị Bình") == 2
    assert len(asked) == 8


def test_one_counter_sees_its_own_and_what_names_none_is_the_tops(signed_in: Any, office: Office) -> None:  # fmt: skip
    mine, nobodys = held(office), held(office, 2, MaDonVi="H00.00")
    below = make_office("Ủy ban nhân dân xã Tân Lập", parent=office.agency)
    for who, seen in (
        (office.clerk, [mine]), (office.controller, [mine, nobodys]), (below.clerk, []),
        (below.controller, []),
    ):  # fmt: skip
        client = signed_in(who)
        for message in (mine, nobodys):
            answer = client.get(reverse("exchange_message", args=[message.pk]))
            assert (answer.status_code == 200) == (message in seen)
    shown = text(signed_in(office.clerk).get(reverse("exchange_message", args=[mine.pk])))
    assert "Số giấy tờ</dt> <dd> 001187000123" in shown
    assert AccessEvent.objects.filter(object_kind="exchange_message", object_id=mine.pk).exists()


def test_from_a_held_message_over_a_mended_table_to_the_filing(signed_in: Any, office: Office) -> None:  # fmt: skip
    case = make_case()
    message = came(a_door(), body_of(data_of(office, case, MaTTHC="2.000001")), MONDAY)
    controller, table = signed_in(office.controller), reverse("exchange_mappings")
    # The page leads to a row of this procedure that holds on the day of the filing.
    shown = controller.get(reverse("exchange_message", args=[message.pk])).content.decode()
    begun = re.search(rf'href="({table}[?][^"]+)"', shown)
    assert begun is not None
    form = controller.get(unescape(begun[1])).context["form"]
    assert form.initial == {"foreign": "2.000001", "valid_from": date(2026, 11, 20)}
    row = {
        "door": message.door_id, "foreign": "2.000001", "procedure": "9.9", "valid_from": "01/11/2026",
        "fields_text": "owner NguoiNop", "papers_text": "KQ.01 = Tờ khai",
    }  # fmt: skip
    wrong = text(controller.post(table, row))
    assert "Không có thủ tục mã “9.9”" in wrong
    assert "“owner NguoiNop” không đúng dạng" in wrong
    right = row | {
        "procedure": case.version.code,
        "fields_text": "owner = ChuHoSo",
        "cases_text": "TH1 = Cấp lại",
    }
    assert controller.post(table, right).status_code == 302
    assert "Đã có dòng ánh xạ" in text(controller.post(table, right))
    made = Mapping.objects.get()
    assert (made.fields, made.papers) == ({"owner": "ChuHoSo"}, {"KQ.01": "Tờ khai"})
    assert made.cases == {"TH1": "Cấp lại"}
    signed_in(office.clerk).post(reverse("exchange_read_again"))
    message.refresh_from_db()
    assert message.state == Message.State.MAPPED
    address = reverse("exchange_mapping", args=[made.pk])
    controller.post(address)
    made.refresh_from_db()
    assert made.valid_to == MONDAY.date()


def test_a_filing_says_where_it_came_from_and_what_is_odd(signed_in: Any, office: Office) -> None:
    data = data_of(office, make_case(), SoDinhDanh="000000000")
    message = came(a_door(), body_of(data), MONDAY)
    page = text(signed_in(office.clerk).get(reverse("online_filing", args=[message.filing_id])))
    assert "Cổng gửi đến 23/11/2026" in page
    assert "Cổng gửi số giấy tờ giả “000000000”" in page
    assert reverse("exchange_message", args=[message.pk]) in page
    assert code_of(office) in page
