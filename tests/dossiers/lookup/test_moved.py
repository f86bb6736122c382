"""Behind the secret what moved and why comes first; by code alone nothing of it (R-91)."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from dossiers.acts import calendar_moves, endings, payment, re_appointment, supplements
from dossiers.acts.many import Seen
from dossiers.intake import secrets
from dossiers.intake.wanted import declared
from dossiers.models import Dossier, Result
from onestop.accounts.domain import calendar
from onestop.accounts.models import CalendarDay, DayKind, Role
from onestop.worktime import parse_term
from tests.world import MONDAY, Office, make_case, make_office, make_officer, receive, vn

pytestmark = pytest.mark.django_db
WEDNESDAY = vn("25/11/2026 10:00")


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(WEDNESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def office(clock: Any) -> Office:
    """With a calendar that was entered before anything was received."""
    clock.move_to(vn("20/11/2026 08:00"))
    office = make_office()
    clock.move_to(WEDNESDAY)
    return office


def words(page: Any) -> str:
    return " ".join(page.content.decode().split())


def full(client: Client, dossier: Dossier) -> str:
    return words(client.get(f"/tra-cuu/{dossier.code}/", {"k": secrets.secret_of(dossier)}))


def brief(client: Client, dossier: Dossier) -> str:
    return words(client.get(f"/tra-cuu/{dossier.code}/"))


def apologise(office: Office, dossier: Dossier, at: datetime = WEDNESDAY) -> None:
    re_appointment.re_appoint(
        Seen(dossier.pk),
        extra=parse_term("3 ngày làm việc"),
        reason="Do chưa có ý kiến của Sở Xây dựng.",
        by=office.desk(office.leader, at),
        at=at,
    )


def close(office: Office, day: date, at: datetime = WEDNESDAY) -> None:
    calendar.add_day(
        day=CalendarDay(
            agency=office.agency, date=day, kind=DayKind.CLOSING, name="Mất điện", source="TB 5"
        ),
        by=office.controller,
        at=at,
    )


def test_an_apology_comes_first_with_its_reason(client: Client, office: Office) -> None:
    dossier = receive(office, make_case())
    apologise(office, dossier)
    text = full(client, dossier)
    said = "Chúng tôi xin lỗi, hẹn lại Ông/Bà 17:00 thứ Ba 08/12/2026 vì chưa có ý kiến của Sở Xây dựng."
    assert said in text
    assert "Ngày hẹn trước đó: 17:00 thứ Năm 03/12/2026." in text
    assert text.index(said) < text.index("Hồ sơ đang ở bước")
    assert not [w for w in ("xin lỗi", "Sở Xây dựng", "08/12") if w in brief(client, dossier)]


def test_an_apology_made_late_says_the_same(client: Client, office: Office, clock: Any) -> None:
    dossier = receive(office, make_case("1 ngày làm việc"))
    at = vn("26/11/2026 09:00")
    clock.move_to(at)
    apologise(office, dossier, at)
    assert "Chúng tôi xin lỗi, hẹn lại Ông/Bà 17:00 thứ Ba 01/12/2026 vì" in full(client, dossier)


def test_a_closing_names_its_day_and_its_decision(client: Client, office: Office) -> None:
    dossier = receive(office, make_case())
    close(office, date(2026, 12, 1))
    controller = office.desk(office.controller, WEDNESDAY)
    (done,) = calendar_moves.apply(
        [dossier.pk], basis="Thông báo số 5/TB-UBND", by=controller, at=WEDNESDAY
    )
    assert done.error is None
    text = full(client, dossier)
    assert (
        "Ngày 01/12/2026 (Mất điện) cơ quan nghỉ theo Thông báo số 5/TB-UBND, "
        "hẹn lại Ông/Bà 17:00 thứ Sáu 04/12/2026." in text
    )
    assert "24/11/2026 (" not in text, "a holiday that was known is not why"
    assert "TB-UBND" not in brief(client, dossier)


def test_a_closing_of_another_agency_is_not_named(client: Client, office: Office) -> None:
    other = make_office("Ủy ban nhân dân xã Tân Lập")
    dossier = receive(office, make_case())
    close(office, date(2026, 12, 1))
    close(other, date(2026, 12, 2))
    desk = office.desk(office.controller, WEDNESDAY)
    calendar_moves.apply([dossier.pk], basis="Thông báo số 5", by=desk, at=WEDNESDAY)
    assert "02/12/2026 (" not in full(client, dossier)


def test_a_promised_day_that_is_closed_says_from_when_to_come(
    client: Client, office: Office
) -> None:
    """Also before anybody moved the promise."""
    dossier = receive(office, make_case())
    close(office, date(2026, 12, 3))
    text = full(client, dossier)
    assert "Bộ phận Một cửa nghỉ</strong>: đề nghị Ông/Bà đến từ 07:00 thứ Sáu 04/12/2026" in text
    assert "đề nghị Ông/Bà đến từ" not in brief(client, dossier)
    assert "thứ Năm 03/12: nghỉ (Mất điện)" in brief(client, dossier), "hours are everybody's"


@pytest.mark.parametrize(
    ("mode", "says"),
    [
        (1, "Ông/Bà đã bổ sung đủ 10:00 thứ Tư 25/11/2026; thời hạn giải quyết được tính lại"),
        (2, "Ông/Bà đã bổ sung đủ 10:00 thứ Tư 25/11/2026; thời gian chờ bổ sung không tính"),
    ],
)
def test_a_completion_says_how_it_moved_the_promise(
    client: Client, office: Office, mode: int, says: str
) -> None:
    dossier = receive(office, make_case(supplement_mode=mode))
    clerk = office.desk(office.clerk)
    supplements.ask(
        Seen(dossier.pk),
        items=declared("Năm sinh"),
        reason="Tờ khai thiếu năm sinh",
        by=clerk,
        at=MONDAY,
    )
    waiting = full(client, dossier)
    assert "Lý do: Tờ khai thiếu năm sinh" in waiting
    assert "Thời gian chờ từ 09:00 thứ Hai 23/11/2026 không tính vào thời hạn" in waiting
    assert "đã bổ sung đủ" not in waiting
    supplements.complete(Seen(dossier.pk), by=office.desk(office.clerk, WEDNESDAY), at=WEDNESDAY)
    assert says in full(client, dossier)


def test_a_payment_says_so_too(client: Client, office: Office) -> None:
    dossier = receive(office, make_case())
    what = payment.Obligation("Thuế", 100_000, "Điều 10", "Chi cục Thuế", date(2026, 12, 1))
    payment.ask_payment(Seen(dossier.pk), what, by=office.desk(office.clerk), at=MONDAY)
    waiting = full(client, dossier)
    assert "Thời gian chờ từ 09:00 thứ Hai 23/11/2026 không tính vào thời hạn" in waiting
    assert "Nơi nộp chứng từ" in waiting
    payment.record_payment(
        Seen(dossier.pk),
        payment.Proof("CT1", date(2026, 11, 25), 100_000),
        by=office.desk(office.clerk, WEDNESDAY),
        at=WEDNESDAY,
    )
    assert "Nghĩa vụ tài chính đã xong 10:00 thứ Tư 25/11/2026" in full(client, dossier)


def test_earlier_moves_stay_below(client: Client, office: Office, clock: Any) -> None:
    dossier = receive(office, make_case())
    apologise(office, dossier)
    close(office, date(2026, 12, 4))
    desk = office.desk(office.controller, WEDNESDAY)
    calendar_moves.apply([dossier.pk], basis="Thông báo số 5", by=desk, at=WEDNESDAY)
    text = full(client, dossier)
    first, later = text.index("cơ quan nghỉ theo"), text.index("Chúng tôi xin lỗi")
    assert first < text.index("Hồ sơ đang ở bước") < later


def test_an_apology_taken_back_is_told_no_more(client: Client, office: Office) -> None:
    from dossiers.acts import taking_back

    dossier = receive(office, make_case())
    apologise(office, dossier)
    taking_back.take_back(Seen(dossier.pk), by=office.desk(office.leader, WEDNESDAY), at=WEDNESDAY)
    text = full(client, dossier)
    assert "Chúng tôi xin lỗi" not in text
    assert "hẹn trả 17:00 thứ Năm 03/12/2026" in text


STOP = endings.EndingIn(
    "Trần Thị Bưởi",
    "Chủ hồ sơ đề nghị dừng",
    stage="Thẩm định",
    decision_number="12/QĐ-UBND ngày 20 tháng 11 năm 2026",
    signer="Hoàng Minh Tuấn",
    fee_consequence="Không thu",
)


@pytest.mark.parametrize("verb", ["withdraw", "stop"])
def test_why_it_ended_without_a_result(client: Client, office: Office, verb: str) -> None:
    dossier = receive(office, make_case())
    who = office.clerk if verb == "withdraw" else office.leader
    getattr(endings, verb)(Seen(dossier.pk), STOP, by=office.desk(who, WEDNESDAY), at=WEDNESDAY)
    text, shown = full(client, dossier), brief(client, dossier)
    told = ("Chủ hồ sơ đề nghị dừng", "Trần Thị Bưởi", "12/QĐ-UBND", "Không thu")
    assert not [one for one in told if one not in text]
    assert not [one for one in told if one in shown]


def test_why_it_was_refused(client: Client, office: Office) -> None:
    """R-65"""
    dossier = receive(office, make_case())
    clerk = office.desk(office.clerk, WEDNESDAY)
    refusal = endings.ResultIn(
        kind=Result.Kind.REFUSED, reason="Không đủ điều kiện theo Điều 5", signer="Hoàng Minh Tuấn"
    )
    endings.record_result(Seen(dossier.pk), refusal, by=clerk, at=WEDNESDAY)
    endings.finish(Seen(dossier.pk), by=clerk, at=WEDNESDAY, note="Lãnh đạo ký giấy")
    assert "Không đủ điều kiện theo Điều 5" in full(client, dossier)
    assert "Điều 5" not in brief(client, dossier)


def test_nothing_moved_nothing_said(client: Client, office: Office) -> None:
    text = full(client, receive(office, make_case()))
    assert not [w for w in ("Ngày hẹn đã thay đổi", "xin lỗi", "Lý do", "<h2>Dừng") if w in text]


def test_what_moved_costs_no_statement_more(
    client: Client, office: Office, queries: Callable[[], Any]
) -> None:
    dossier = receive(office, make_case())
    apologise(office, dossier)
    full(client, dossier)
    with queries() as asked:
        full(client, dossier)
    assert len(asked) == 4


def test_hours_are_those_of_the_counter(client: Client, office: Office, clock: Any) -> None:
    dossier = receive(office, make_case())
    clock.move_to(vn("28/11/2026 10:00"))
    for text in (full(client, dossier), brief(client, dossier)):
        assert "Hôm nay nghỉ, mở lại 07:00 thứ Hai 30/11" in text
    clock.move_to(vn("27/11/2026 12:00"))
    assert "Nghỉ trưa đến 13:30" in brief(client, dossier)
    make_officer("Người khác", office.agency, (Role.CLERK, office.counter))
