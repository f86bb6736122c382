"""`/cua-toi/` of what a portal sent and cannot be read as a filing: its owner sees that it is here and is looked
at, as the officer does and in the words of the look-up; whose it is not sure nobody sees.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from dossiers.desk.of_owner import PAGE_FILED
from dossiers.desk.online import SETTLED_DAYS
from exchange.inbox import closing, purging, taking
from exchange.models import Mapping, Message
from onestop.accounts.models import AccessEvent, AccessKind
from procedures.models import Case
from tests.citizens.conftest import AN, NUMBER, Entering
from tests.citizens.test_mine import shown
from tests.clock import Clock
from tests.exchange.sent import a_door, body_of, came, code_of, data_of
from tests.world import MONDAY, Office, make_case, receive

pytestmark = pytest.mark.django_db
UNKNOWN = "9.999999"


@pytest.fixture
def an(enter: Entering) -> Client:
    client = Client()
    enter(client, AN)
    return client


@pytest.fixture
def case(office: Office) -> Case:
    return make_case()


def held(office: Office, case: Case, number: int = 1, **more: Any) -> Message:
    """Of a procedure that nobody knows, unless it says otherwise."""
    said = {"MaTTHC": UNKNOWN, "SoDinhDanh": NUMBER} | more
    return came(a_door(), body_of(data_of(office, case, number, **said)), MONDAY)


def sentence(page: str, code: str) -> str:
    """What stands under the code in the list."""
    part = page.partition(f"/tra-cuu/{code}/")[2].partition("</section>")[0]
    return " ".join(part.split())


def looked_up(client: Client, code: str) -> str:
    page = " ".join(shown(client, f"/tra-cuu/{code}/").split())
    said = page.partition('<p class="answer')[2].partition(">")[2].partition("</p>")[0].strip()
    assert said
    return said


def test_the_owner_sees_it_in_the_words_of_the_look_up(
    office: Office, case: Case, an: Client, client: Client
) -> None:
    """What is looked at, what waits for a payment, what a person closed."""
    looked_at, closed = (held(office, case, n) for n in (1, 2))
    Mapping.objects.create(
        door=a_door(), foreign=case.version.code, paid_is_filed=True, valid_from="2026-01-01"
    )
    unpaid = held(office, case, 3, MaTTHC=case.version.code)
    closing.close(closed.pk, reason="Nộp trùng", by=office.clerk, at=MONDAY)
    page = shown(an)
    for one, words in (
        (looked_at, "đang được kiểm tra"),
        (unpaid, "phải thanh toán trước"),
        (closed, "không vào được"),
    ):
        said = looked_up(client, one.foreign_code)
        assert words in said
        assert said in sentence(page, one.foreign_code)
        assert office.agency.name in sentence(page, one.foreign_code)
    assert "Không có hồ sơ nào" not in page
    assert "Nộp trùng" not in page
    assert "thanh toán trên Cổng nơi đã nộp" in sentence(page, unpaid.foreign_code)
    seen = AccessEvent.objects.filter(
        kind=AccessKind.CITIZEN_VIEWED, object_kind="exchange_message"
    )
    assert set(seen.values_list("object_id", "about")) == {
        (one.pk, office.agency.pk) for one in (looked_at, unpaid, closed)
    }  # fmt: skip


def test_where_no_counter_is_known_it_is_listed_all_the_same(
    office: Office, case: Case, an: Client
) -> None:
    one = held(office, case, MaHoSo="X99.77-261120-000001", MaDonVi="X99.77")
    assert one.agency is None
    assert "đang được kiểm tra" in sentence(shown(an), one.foreign_code)


@pytest.mark.parametrize(
    "more",
    [
        {"SoDinhDanh": "001187000123"},
        {"SoDinhDanh": None},
        {"SoDinhDanh": f"{NUMBER}0"},
        {"LoaiDinhDanh": "2"},
        {"LoaiDinhDanh": "9"},
        {"SoDinhDanh": None, "MaSoThue": NUMBER},
        {"SoDinhDanh": {"so": NUMBER}},
        {"SoDinhDanh": None, "NguoiNop": {"SoDinhDanh": NUMBER}},
    ],
)
def test_of_nobody_sure_it_is_nobodys(
    office: Office, case: Case, an: Client, more: dict[str, Any]
) -> None:
    """Another's number, none, another kind of paper or one that nobody knows, a company's; who filed it."""
    held(office, case, **more)
    assert Message.objects.get().is_held
    assert "Không có hồ sơ nào ghi số định danh của Ông/Bà" in shown(an)


def test_the_twelve_digits_of_a_card_need_no_kind(office: Office, case: Case, an: Client) -> None:
    """As of a filing."""
    one = held(office, case, LoaiDinhDanh=None, SoDinhDanh="001 087 000 123")
    assert one.foreign_code in shown(an)


def test_the_last_that_was_said_of_a_code_says_whose_it_is(
    office: Office, case: Case, an: Client
) -> None:
    held(office, case)
    held(office, case, SoDinhDanh="001187000123", NgayCapNhat="20261123093000")
    page = shown(an)
    assert code_of(office) not in page
    assert "<section" not in page


def test_said_twice_it_stands_once_until_it_is_a_filing_or_a_dossier(
    office: Office, case: Case, an: Client
) -> None:
    held(office, case)
    one = held(office, case, TrichYeuHoSo="Thêm")
    assert shown(an).count("<section") == 1
    dossier = receive(office, case)
    Message.objects.filter(foreign_code=one.foreign_code).update(foreign_code=dossier.code)
    page = shown(an)
    assert (page.count("<section"), "đang được kiểm tra" in page) == (1, False)
    Message.objects.filter(foreign_code=dossier.code).update(foreign_code=one.foreign_code)
    Mapping.objects.create(
        door=a_door(), foreign=UNKNOWN, procedure=case.version.procedure, valid_from="2026-01-01"
    )
    assert taking.read(one.pk, at=MONDAY).state == Message.State.MAPPED
    assert "đang chờ Bộ phận Một cửa tiếp nhận" in sentence(shown(an), one.foreign_code)


def test_what_was_withdrawn_on_the_portal_says_so(office: Office, case: Case, an: Client) -> None:
    one = held(office, case)
    back = body_of({"MaHoSo": one.foreign_code}, service="RutHoSoDVCQG")
    came(a_door(), back, MONDAY + timedelta(hours=1))
    assert "đã được người nộp rút trên Cổng" in sentence(shown(an), one.foreign_code)


def test_what_was_closed_goes_with_the_counters_list_and_whose_it_was_with_its_text(
    office: Office, case: Case, an: Client, clock: Clock, enter: Entering, settings: Any
) -> None:
    one = held(office, case)
    closing.close(one.pk, reason="Nộp trùng", by=office.clerk, at=MONDAY)
    assert one.foreign_code in shown(an)
    clock.now = MONDAY + timedelta(days=SETTLED_DAYS, hours=1)
    enter(an, AN)
    assert one.foreign_code not in shown(an)
    purging.purge(MONDAY + timedelta(settings.EXCHANGE_RAW_DAYS, hours=1))
    one.refresh_from_db()
    assert (one.raw, one.owner_card) == ("", "")


def test_a_door_that_is_used_no_more_tells_nothing(office: Office, case: Case, an: Client) -> None:
    """As at the look-up."""
    held(office, case)
    door = a_door()
    door.ended_at = MONDAY
    door.save()
    assert "<section" not in shown(an)


def test_it_is_paged_and_asks_as_often_for_many_as_for_one(
    office: Office, case: Case, an: Client, queries: Callable[..., Any]
) -> None:
    rows = [held(office, case)]
    with queries() as one:
        shown(an)
    rows += [held(office, case, n) for n in range(2, PAGE_FILED + 3)]
    with queries() as many:
        page = shown(an)
    assert len(one) == len(many) <= 10
    assert page.count("<section") == PAGE_FILED
    older = page.partition('href="/cua-toi/?kiem-tra-sau=')[2].partition('"')[0]
    last = shown(an, f"/cua-toi/?kiem-tra-sau={older}")
    assert [one.foreign_code in last for one in rows[:3]] == [True, True, False]
    assert "/cua-toi/?kiem-tra-truoc=" in last
