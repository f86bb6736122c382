"""What is held has the hours of its filing, and whoever has to look at it is told in time (R-40)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from exchange.inbox import flagging, taking
from exchange.models import Mapping, Message
from onestop.outbox.models import Message as Notice
from tests.clock import Clock
from tests.exchange.sent import a_door, body_of, came, data_of
from tests.world import MONDAY, Office, make_case, make_office, vn

pytestmark = pytest.mark.django_db
MORNING = "20261123080000"


@pytest.fixture
def office() -> Office:
    return make_office()


def held(office: Office, number: int = 1, **more: Any) -> Message:
    wrong = {"ChuHoSo": "", "NgayNopHoSo": MORNING} | more
    return came(a_door(), body_of(data_of(office, make_case(), number, **wrong)), MONDAY)


def told() -> list[str]:
    rows = Notice.objects.filter(dedupe__startswith="held:").order_by("pk")
    return [f"{row.to_officer} {row.subject}" for row in rows]


def test_the_clock_of_the_filing_runs_and_each_level_is_told_once(
    office: Office, signed_in: Any, clock: Clock
) -> None:
    """Filed on Monday at eight: eight working hours are over on Wednesday, Tuesday being a holiday."""
    message = held(office)
    assert message.answer_by == vn("25/11/2026 08:00")
    assert flagging.flag(MONDAY) == 0
    assert message.warn_at is not None
    assert flagging.flag(message.warn_at) == 1
    assert told()
    assert all("sắp hết 08 giờ" in one for one in told())
    assert any(office.controller.full_name in one for one in told())
    assert flagging.flag(message.warn_at) == 0
    assert flagging.flag(vn("25/11/2026 08:00")) == 1
    late = [one for one in told() if "quá 08 giờ làm việc" in one]
    assert len(late) * 2 == len(told())
    clock.now = vn("25/11/2026 08:00")
    page = signed_in(office.clerk).get(reverse("exchange_messages")).content.decode()
    assert "quá hạn xử lý 25/11/2026 08:00" in " ".join(page.split())


def test_what_names_no_counter_is_the_tops_to_look_at(office: Office) -> None:
    message = held(office, MaDonVi="H00.00", MaHoSo="H00.00-261123-000001")
    assert message.agency is None
    assert message.answer_by is not None
    assert flagging.flag(message.answer_by) == 1
    assert [one.split(" Thông điệp")[0] for one in told()] == [str(office.controller)]


def test_without_a_time_of_filing_the_hours_of_its_arrival_count(office: Office) -> None:
    message = held(office, NgayNopHoSo="hôm qua")
    assert message.answer_by is not None
    assert message.answer_by > MONDAY + timedelta(hours=8)


def test_who_has_to_pay_first_is_waited_for_without_a_clock(office: Office) -> None:
    case, door = make_case(), a_door()
    Mapping.objects.create(
        door=door, foreign=case.version.code, paid_is_filed=True, valid_from="2026-01-01"
    )
    message = came(door, body_of(data_of(office, case)), MONDAY)
    assert [one["code"] for one in message.missing] == ["missing_paid"]
    assert message.answer_by is None
    assert flagging.flag(vn("31/12/2026 08:00")) == 0


def test_what_was_read_since_or_closed_is_told_to_nobody(office: Office) -> None:
    message = held(office)
    taking.close(message.pk, reason="Đã tiếp nhận trực tiếp", by=office.clerk, at=MONDAY)
    assert flagging.flag(vn("31/12/2026 08:00")) == 0
