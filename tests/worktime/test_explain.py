"""Why this date: what a citizen reads, and that it says the same as the promise."""

import re
from datetime import datetime, timedelta
from random import Random

import pytest

from onestop.worktime import (
    VN,
    Change,
    Extension,
    Pause,
    Reappointment,
    Restart,
    Unit,
    due,
    due_or_undetermined,
    fold,
    parse_sessions,
    parse_term,
    vn_calendar,
    write_instant,
)
from tests.worktime.helpers import at
from tests.worktime.worlds import random_moment, random_office, random_term, random_waits


def lines(received: str, term: str, *changes: Change) -> tuple[str, ...]:
    return fold(at(received), parse_term(term), vn_calendar(), changes, explain=True).promise.lines


def test_working_days_one_line_a_day() -> None:
    assert lines("2026-11-20 14:00", "5 ngày làm việc") == (
        "Tiếp nhận lúc 14:00 thứ Sáu 20/11/2026. Thời hạn: 5 ngày làm việc.",
        "Thứ Sáu 20/11/2026: ngày tiếp nhận, không tính.",
        "Thứ Bảy 21/11/2026: nghỉ cuối tuần, không tính.",
        "Chủ nhật 22/11/2026: nghỉ cuối tuần, không tính.",
        "Thứ Hai 23/11/2026: ngày làm việc thứ 1.",
        "Thứ Ba 24/11/2026: nghỉ lễ (Ngày Văn hóa Việt Nam), không tính.",
        "Thứ Tư 25/11/2026: ngày làm việc thứ 2.",
        "Thứ Năm 26/11/2026: ngày làm việc thứ 3.",
        "Thứ Sáu 27/11/2026: ngày làm việc thứ 4.",
        "Thứ Bảy 28/11/2026: nghỉ cuối tuần, không tính.",
        "Chủ nhật 29/11/2026: nghỉ cuối tuần, không tính.",
        "Thứ Hai 30/11/2026: ngày làm việc thứ 5.",
        "Hẹn trả kết quả: 17:00 thứ Hai 30/11/2026.",
    )


def test_a_swapped_day_says_which_day_it_replaces() -> None:
    told = lines("2026-08-20 09:00", "3 ngày làm việc")
    assert "Thứ Bảy 22/08/2026: ngày làm việc thứ 2 (làm bù cho thứ Hai 31/08/2026)." in told
    assert (
        "Thứ Hai 31/08/2026: nghỉ hoán đổi (Hoán đổi với thứ Bảy 22/08/2026), không tính."
        in lines("2026-08-28 09:00", "1 ngày làm việc")
    )


def test_working_hours_name_the_sessions_used() -> None:
    assert lines(
        "2026-11-23 10:00", "8 giờ làm việc", Pause(at("2026-11-23 11:00"), at("2026-11-23 14:00"))
    )[1:] == (
        "Chờ bổ sung hồ sơ từ 11:00 thứ Hai 23/11/2026 đến 14:00 thứ Hai 23/11/2026: thời gian này không tính.",
        "Thứ Hai 23/11/2026: 10:00–11:00, 14:00–17:00, tính 4 giờ, còn 4 giờ.",
        "Thứ Ba 24/11/2026: nghỉ lễ (Ngày Văn hóa Việt Nam), không tính.",
        "Thứ Tư 25/11/2026: 07:00–11:00, tính 4 giờ, đủ thời hạn.",
        "Hẹn trả kết quả: 11:00 thứ Tư 25/11/2026.",
    )


def test_a_month_says_why_it_ends_where_it_ends() -> None:
    assert lines("2026-01-31 09:00", "1 tháng")[1:] == (
        "1 tháng kể từ ngày 31/01/2026 là thứ Bảy 28/02/2026.",
        "Tháng 2/2026 không có ngày 31: lấy ngày cuối tháng.",
        "Thứ Bảy 28/02/2026: nghỉ cuối tuần, chuyển sang ngày làm việc tiếp theo.",
        "Chủ nhật 01/03/2026: nghỉ cuối tuần, chuyển sang ngày làm việc tiếp theo.",
        "Hẹn trả kết quả: 17:00 thứ Hai 02/03/2026.",
    )


def test_the_same_day_says_why_it_is_the_next() -> None:
    assert lines("2026-11-23 15:20", "trong ngày")[1:] == (
        "Thứ Hai 23/11/2026: nhận sau 15:00, chuyển sang ngày làm việc tiếp theo.",
        "Thứ Ba 24/11/2026: nghỉ lễ (Ngày Văn hóa Việt Nam), không tính.",
        "Thứ Tư 25/11/2026: trả kết quả trong ngày này.",
        "Hẹn trả kết quả: 17:00 thứ Tư 25/11/2026.",
    )


@pytest.mark.parametrize(
    ("received", "why"),
    [
        ("2026-11-23 15:00:01", "nhận lúc 15:00:01, sau 15:00"),
        ("2026-11-23 15:00:00.25", "nhận lúc 15:00:00,25, sau 15:00"),
        ("2026-11-23 15:01:30", "nhận sau 15:00"),
        ("2026-11-23 17:00:20", "nhận sau 15:00"),
    ],
)
def test_seconds_are_told_where_the_minute_would_not_say_why(received: str, why: str) -> None:
    assert (
        lines(received, "trong ngày")[1]
        == f"Thứ Hai 23/11/2026: {why}, chuyển sang ngày làm việc tiếp theo."
    )


def test_seconds_after_the_last_session_are_told_too() -> None:
    calendar = vn_calendar(parse_sessions("07:00-11:30"))
    told = due(at("2026-11-23 11:30:20"), parse_term("trong ngày"), calendar, explain=True).lines
    assert (
        told[1]
        == "Thứ Hai 23/11/2026: nhận lúc 11:30:20, sau giờ làm việc, chuyển sang ngày làm việc tiếp theo."
    )


def test_waits_restarts_extensions_and_apologies_are_told() -> None:
    told = "\n".join(
        lines(
            "2026-11-02 09:00",
            "5 ngày làm việc",
            Restart(at("2026-11-05 09:00"), asked=at("2026-11-03 09:00")),
            Pause(at("2026-11-09 09:00"), at("2026-11-10 09:00")),
            Extension(at("2026-11-11 09:00"), parse_term("2 ngày làm việc"), "NĐ 23/2015 Đ21"),
            Reappointment(at("2026-11-16 09:00"), parse_term("1 ngày làm việc")),
        )
    )
    assert "Nhận đủ hồ sơ bổ sung lúc 09:00 thứ Năm 05/11/2026: thời hạn tính lại từ đầu." in told
    assert "Thứ Năm 05/11/2026: ngày nhận đủ hồ sơ, không tính." in told
    assert "Thứ Ba 10/11/2026: đang chờ, không tính." in told
    assert (
        "Gia hạn theo quy định (NĐ 23/2015 Đ21) lúc 09:00 thứ Tư 11/11/2026, thêm 2 ngày làm việc: đến 17:00 thứ Hai 17/11/2026"
        not in told
    )
    assert "thêm 2 ngày làm việc: đến 17:00 thứ Ba 17/11/2026." in told
    assert (
        "Xin lỗi và hẹn lại lúc 09:00 thứ Hai 16/11/2026, thêm 1 ngày làm việc: đến 17:00 thứ Tư 18/11/2026."
        in told
    )


def test_what_came_too_late_is_told_too() -> None:
    told = lines(
        "2026-11-02 09:00", "1 ngày làm việc", Pause(at("2026-11-05 09:00"), at("2026-11-06 09:00"))
    )
    assert any(line.endswith("yêu cầu sau ngày hẹn trả, ngày hẹn không đổi.") for line in told)


def test_an_estimated_year_is_called_provisional() -> None:
    assert lines("2026-12-30 09:00", "3 ngày làm việc")[-1].startswith(
        "Tạm tính: lịch nghỉ năm 2027 chưa có quyết định"
    )


def test_no_promise_and_no_calendar_have_their_words() -> None:
    assert (
        lines("2026-11-02 09:00", "không phải trả kết quả")[-1]
        == "Thủ tục không phải trả kết quả: không có ngày hẹn trả."
    )
    told = due_or_undetermined(
        at("2027-12-30 09:00"), parse_term("9 ngày làm việc"), vn_calendar(), explain=True
    ).lines
    assert told[-1].startswith("Chưa có lịch làm việc năm 2028")


def test_a_thousand_days_have_a_thousand_numbers() -> None:
    told = due(
        at("2019-01-02 09:00"), parse_term("1000 ngày làm việc"), vn_calendar(), explain=True
    ).lines
    assert [int(n) for line in told for n in re.findall(r"ngày làm việc thứ (\d+)", line)] == list(
        range(1, 1001)
    )


@pytest.mark.parametrize("seed", range(4))
def test_the_explanation_always_leads_to_the_promise(seed: int) -> None:
    """Random histories: the numbers run without a gap up to the term, and the last line is the
    promise itself.
    """
    random = Random(f"explain {seed}")
    office = random_office(random)
    for _ in range(100):
        term = random_term(random)
        received = random_moment(random, datetime(2018, 1, 1), 2900)  # noqa: DTZ001
        plain = due(received.replace(tzinfo=VN), term, office)
        assert plain.at is not None
        changes: list[Change] = [
            Pause(a.replace(tzinfo=VN), b.replace(tzinfo=VN))
            for a, b in random_waits(random, received, plain.at.replace(tzinfo=None))
        ]
        if random.random() < 0.3:
            changes.append(
                Restart(
                    (received + timedelta(days=random.randrange(1, 9))).replace(tzinfo=VN),
                    received.replace(tzinfo=VN),
                )
            )
        promise = fold(
            received.replace(tzinfo=VN), term, office, changes, explain=True
        ).legal_promise
        assert promise.at is not None
        assert any(
            line == f"Hẹn trả kết quả: {write_instant(promise.at)}." for line in promise.lines[-2:]
        )
        if term.unit in (Unit.WORKING_DAY, Unit.CALENDAR_DAY):
            numbers = [
                int(n)
                for line in promise.lines
                for n in re.findall(r": ngày (?:làm việc )?thứ (\d+)", line)
            ]
            assert numbers == list(range(1, int(term.quantity) + 1)), (
                received,
                str(term),
                changes,
                promise.lines,
            )
        elif term.unit is Unit.WORKING_HOUR:
            assert any("đủ thời hạn" in line for line in promise.lines)
            assert not any("-" in line for line in promise.lines)
