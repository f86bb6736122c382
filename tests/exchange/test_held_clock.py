"""What is held has the hours of its filing, and whoever has to look at it is told in time (R-40)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from dossiers.acts import filings
from dossiers.clock.online_flags import whom_to_tell
from dossiers.desk.online_shares import Share, shares
from dossiers.intake.brought import OnlineIn
from dossiers.models import CounterVisit, OnlineFiling
from exchange.inbox import closing, flagging, queries, taking
from exchange.models import Mapping, Message
from onestop.accounts.models import Role
from onestop.outbox.models import Message as Notice
from procedures.channels import Channel
from procedures.models import Case
from tests.clock import Clock
from tests.exchange.sent import a_door, body_of, came, code_of, data_of
from tests.world import MONDAY, Office, make_case, make_office, make_officer, receive, vn

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
    closing.close(message.pk, reason="Đã tiếp nhận trực tiếp", by=office.clerk, at=MONDAY)
    assert flagging.flag(vn("31/12/2026 08:00")) == 0


def test_what_comes_back_after_an_answer_has_hours_of_its_own(office: Office) -> None:
    """R-40: the counter answered the first filing in time; the hours of its update run from then."""
    case, door = make_case(), a_door()
    came(door, body_of(data_of(office, case)), MONDAY)
    OnlineFiling.objects.update(state=OnlineFiling.State.ANSWERED, ended_at=MONDAY)
    # Thursday.
    again = data_of(office, case, ChuHoSo="", NgayCapNhat="20261203090000")
    guided = came(door, body_of(again, updating=True), vn("03/12/2026 09:00"))
    assert guided.is_held
    assert guided.answer_by == vn("04/12/2026 09:00")
    OnlineFiling.objects.update(state=OnlineFiling.State.WAITING, ended_at=None)
    filing = OnlineFiling.objects.get()
    receive(office, case, channel=Channel.ONLINE_FULL, online=OnlineIn(filing.code))
    later = data_of(office, case, SoDienThoai="0987654321", NgayCapNhat="20261207090000")
    received = came(door, body_of(later, updating=True), vn("07/12/2026 09:00"))
    assert [one["code"] for one in received.missing] == ["missing_received"]
    assert received.answer_by == vn("08/12/2026 09:00")


def test_a_policy_counts_for_what_is_held_as_for_its_filing(office: Office) -> None:
    case, door = make_case(), a_door()
    Mapping.objects.create(
        door=door, foreign=case.version.code, last_hour_waits=True, valid_from="2026-01-01"
    )
    late = "20261120163000"
    came(door, body_of(data_of(office, case, NgayNopHoSo=late)), MONDAY)
    message = came(door, body_of(data_of(office, case, 2, NgayNopHoSo=late, ChuHoSo="")), MONDAY)
    assert message.answer_by == OnlineFiling.objects.get().accept_by


def test_whose_it_turns_out_to_be_is_told_too(office: Office) -> None:
    message = held(office, MaDonVi="H00.00", MaHoSo="H00.00-261123-000001")
    assert message.answer_by is not None
    assert flagging.flag(message.answer_by) == 1
    raw = message.raw.replace("H00.00", office.agency.code)
    Message.objects.filter(pk=message.pk).update(raw=raw)
    assert taking.read(message.pk, at=message.answer_by).agency == office.agency
    assert flagging.flag(message.answer_by) == 1
    assert flagging.flag(message.answer_by) == 0
    assert any(one.startswith(str(office.clerk)) for one in told())


@pytest.mark.parametrize("held_first", [False, True])
def test_for_what_was_taken_back_nobody_waits(office: Office, held_first: bool) -> None:
    if held_first:
        held(office)
    came(a_door(), body_of({"MaHoSo": code_of(office)}, service="RutHoSoDVCQG"), MONDAY)
    if not held_first:
        held(office)
    message = Message.objects.get(state=Message.State.QUARANTINED)
    assert message.answer_by is None
    assert taking.read(message.pk, at=MONDAY).answer_by is None
    assert flagging.flag(vn("31/12/2026 08:00")) == 0


def test_a_head_who_cannot_open_it_is_not_told_alone(office: Office) -> None:
    head = make_officer("Lê Thị Trưởng", office.agency, (Role.HEAD, office.counter))
    assert {head, office.clerk} <= set(whom_to_tell(office.agency, MONDAY))
    both = ((Role.HEAD, office.counter), (Role.CLERK, office.counter))
    make_officer("Hà Văn Cả", office.agency, *both)
    assert office.clerk not in whom_to_tell(office.agency, MONDAY)


def test_what_is_held_counts_in_the_shares_of_its_counter(office: Office) -> None:
    """Waiting, then answered late when it is closed; sent twice it is one filing, and what is said of a
    filing that stands here, or takes one back, is none of its own.
    """
    first = held(office)
    held(office, ChuHoSo="", DiaChi=None)
    held(office, 2)
    # In time; of no counter that there is.
    lost = held(office, 3, MaDonVi="H00.00")
    desk, now = office.desk(office.controller), vn("26/11/2026 09:00")
    assert shares(desk, MONDAY) == [
        Share("Tất cả", 0, 0, 3, 0),
        Share(queries.NO_COUNTER, 0, 0, 1, 0),
        Share(office.agency.name, 0, 0, 2, 0),
    ]
    clerk = office.desk(office.clerk)
    for message in Message.objects.filter(foreign_code=first.foreign_code):
        closing.close(message.pk, reason="Không đọc được", by=office.clerk, at=now)
    closing.close(lost.pk, reason="Không phải của tỉnh", by=office.clerk, at=MONDAY)
    assert shares(desk, now) == [
        Share("Tất cả", 2, 1, 1, 1),
        Share(office.agency.name, 1, 1, 1, 1),
        Share(queries.NO_COUNTER, 1, 0, 0, 0),
    ]
    # A clerk sees the own counter's.
    assert [one.agency for one in shares(clerk, now)] == [office.agency.name]
    # Read in the end, it is a filing and counted once.
    came(a_door(), body_of(data_of(office, make_case(), 2), updating=True), now)
    assert shares(clerk, now) == [Share(office.agency.name, 1, 1, 1, 1)]
    came(a_door(), body_of(data_of(office, make_case(), 2, ChuHoSo=""), updating=True), now)
    came(a_door(), body_of({"MaHoSo": code_of(office, 9)}, service="RutHoSoDVCQG"), now)
    assert shares(clerk, now) == [Share(office.agency.name, 1, 1, 1, 1)]


def test_what_was_answered_late_stays_late_when_the_portal_sends_it_anew(office: Office) -> None:
    case = make_case()
    came(a_door(), body_of(data_of(office, case)), MONDAY)
    desk, code = office.desk(office.controller), code_of(office)
    _guide(office, case, code, at=vn("24/11/2026 10:00"))
    assert shares(desk, vn("24/11/2026 10:00")) == [Share(office.agency.name, 1, 1)]
    anew = data_of(office, case, NgayCapNhat="20261124140000", DiaChi="Thôn 4")
    came(a_door(), body_of(anew, updating=True), vn("24/11/2026 14:00"))
    assert shares(desk, vn("24/11/2026 14:00")) == [Share(office.agency.name, 1, 1, 1)]
    _guide(office, case, code, at=vn("24/11/2026 15:00"))
    assert shares(desk, vn("24/11/2026 15:00")) == [Share(office.agency.name, 2, 1)]


def _guide(office: Office, case: Case, code: str, *, at: datetime) -> None:
    visit = CounterVisit.objects.create(
        kind=CounterVisit.Kind.COMPLETE, agency=office.agency, version=case.version, owner_name="Hà",
        reason="Thiếu", officer=office.clerk, at=at,
    )  # fmt: skip
    filings.answer(code, visit, by=office.clerk, at=at)
