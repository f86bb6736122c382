"""When a counter is open, in words, and what receiving outside its sessions does to promises."""

from datetime import date

import pytest

from onestop.worktime import (
    WEEKDAYS,
    Calendar,
    Day,
    DayKind,
    Week,
    due,
    forward_by,
    forward_words,
    hours_at,
    next_opening,
    outside,
    parse_instant,
    parse_sessions,
    parse_term,
    vn_calendar,
)
from onestop.worktime.opening import ordinary_hours
from onestop.worktime.outside import TERMS

PLAIN = vn_calendar()
DAY = parse_sessions("07:30-11:30,13:30-17:00")
MORNING = parse_sessions("07:30-11:30")
# An office with hours of its own and a Saturday morning that only receives.
SATURDAY = PLAIN.with_own(
    weeks=[Week(date(2026, 1, 1), (DAY, DAY, DAY, DAY, DAY, MORNING, ()), frozenset({5}))]
)
CLOSED = PLAIN.with_own(
    days=[Day(date(2026, 11, 27), DayKind.CLOSING, "Mất điện toàn xã", source="TB 5")]
)
HALF = PLAIN.with_own(
    days=[Day(date(2026, 11, 27), DayKind.CLOSING, "Họp xã", sessions=MORNING, source="TB 6")]
)
MADE_UP = PLAIN.with_own(
    days=[Day(date(2026, 11, 28), DayKind.SWAPPED_WORKING, "Làm bù", replaces=date(2026, 11, 26))]
)


@pytest.mark.parametrize(
    ("at", "calendar", "says"),
    [
        ("2026-11-25 06:59", PLAIN, "Chưa đến giờ mở cửa, hôm nay mở cửa lúc 07:00"),
        ("2026-11-25 07:00", PLAIN, "Đang mở cửa đến 11:30, mở lại 13:30"),
        ("2026-11-25 11:30", PLAIN, "Đang mở cửa đến 11:30, mở lại 13:30"),
        ("2026-11-25 11:31", PLAIN, "Nghỉ trưa đến 13:30"),
        ("2026-11-25 13:30", PLAIN, "Đang mở cửa đến 17:00"),
        ("2026-11-25 17:01", PLAIN, "Hôm nay đã hết giờ làm việc, mở lại 07:00 thứ Năm 26/11"),
        ("2026-11-27 17:01", PLAIN, "Hôm nay đã hết giờ làm việc, mở lại 07:00 thứ Hai 30/11"),
        ("2026-11-28 10:00", PLAIN, "Hôm nay nghỉ, mở lại 07:00 thứ Hai 30/11"),
        ("2026-11-28 10:00", SATURDAY, "Đang mở cửa đến 11:30, chỉ tiếp nhận hồ sơ"),
        ("2026-11-28 12:00", SATURDAY, "Hôm nay đã hết giờ làm việc, mở lại 07:30 thứ Hai 30/11"),
        ("2026-11-27 17:01", SATURDAY, "Hôm nay đã hết giờ làm việc, mở lại 07:30 thứ Bảy 28/11"),
        ("2026-11-29 10:00", SATURDAY, "Hôm nay nghỉ, mở lại 07:30 thứ Hai 30/11"),
        ("2026-11-27 10:00", CLOSED, "Hôm nay nghỉ (Mất điện toàn xã), mở lại 07:00 thứ Hai 30/11"),
        ("2026-11-27 10:00", HALF, "Đang mở cửa đến 11:30"),
        ("2026-11-28 10:00", MADE_UP, "Đang mở cửa đến 11:30, mở lại 13:30"),
        (
            "2026-11-24 10:00",
            PLAIN,
            "Hôm nay nghỉ (Ngày Văn hóa Việt Nam), mở lại 07:00 thứ Tư 25/11",
        ),
        (
            "2026-12-31 18:00",
            PLAIN,
            "Hôm nay đã hết giờ làm việc, mở lại 07:00 thứ Hai 04/01/2027",
        ),
        ("2031-01-06 09:00", PLAIN, ""),  # a year without a calendar: nothing is said
    ],
)
def test_open_or_not_and_when_again(at: str, calendar: Calendar, says: str) -> None:
    assert hours_at(parse_instant(at), calendar).now == says


def test_a_pause_that_is_not_at_noon_is_not_called_so() -> None:
    hours = parse_sessions("07:00-09:00,09:30-12:00,13:00-17:00")
    calendar = PLAIN.with_own(weeks=[Week(date(2026, 1, 1), (hours,) * 5 + ((), ()))])
    assert hours_at(parse_instant("2026-11-25 09:10"), calendar).now == "Nghỉ giữa giờ đến 09:30"
    assert hours_at(parse_instant("2026-11-25 12:30"), calendar).now == "Nghỉ trưa đến 13:00"


def test_special_days_of_the_next_two_weeks_and_no_others() -> None:
    told = hours_at(parse_instant("2026-11-13 09:00"), MADE_UP)
    assert told.special == ("thứ Ba 24/11: nghỉ (Ngày Văn hóa Việt Nam)",)
    told = hours_at(parse_instant("2026-11-14 09:00"), MADE_UP)
    assert told.special[1:] == ("thứ Bảy 28/11: 07:00–11:30, 13:30–17:00 (Làm bù)",)
    assert hours_at(parse_instant("2026-11-27 09:00"), HALF).special == (
        "thứ Sáu 27/11: 07:30–11:30 (Họp xã)",
    )


def test_a_day_off_that_falls_on_a_day_off_is_not_special() -> None:
    calendar = PLAIN.with_own(days=[Day(date(2026, 11, 29), DayKind.HOLIDAY, "Lễ")])
    assert hours_at(parse_instant("2026-11-26 09:00"), calendar).special == ()


def test_another_week_that_begins_soon_is_told_before() -> None:
    weeks = [*PLAIN.weeks, Week(date(2026, 12, 1), (DAY,) * 5 + ((), ()))]
    told = hours_at(parse_instant("2026-11-26 09:00"), PLAIN.with_own(weeks=weeks))
    assert told.weeks == (
        "thứ Hai đến thứ Sáu: 07:00–11:30, 13:30–17:00",
        "Từ thứ Ba 01/12: thứ Hai đến thứ Sáu: 07:30–11:30, 13:30–17:00",
    )
    assert len(hours_at(parse_instant("2026-11-10 09:00"), PLAIN.with_own(weeks=weeks)).weeks) == 1


def test_days_alike_are_put_together_and_reception_only_is_said() -> None:
    two = parse_sessions("08:00-11:00")
    calendar = PLAIN.with_own(
        weeks=[Week(date(2026, 1, 1), (MORNING, MORNING, (), MORNING, MORNING, two, ()))]
    )
    assert (
        ordinary_hours(calendar, date(2026, 11, 25))
        == "thứ Hai đến thứ Ba: 07:30–11:30; thứ Năm đến thứ Sáu: 07:30–11:30; thứ Bảy: 08:00–11:00"
    )
    assert ordinary_hours(SATURDAY, date(2026, 11, 25)).endswith(
        "thứ Bảy: 07:30–11:30 (chỉ tiếp nhận hồ sơ)"
    )


def test_no_opening_is_made_up_beyond_the_calendar() -> None:
    last = max(PLAIN.known_years)
    assert next_opening(parse_instant(f"{last}-12-31 18:00"), PLAIN) is None


@pytest.mark.parametrize("at", ["2026-11-25 09:00", "2026-11-25 11:30", "2031-01-06 09:00"])
def test_within_a_session_nothing_is_said(at: str) -> None:
    assert outside(parse_instant(at), PLAIN) is None


def test_a_day_off_says_what_each_kind_of_term_is_promised_for() -> None:
    """R-21, R-27, R-33: a Saturday counts as Friday for days, as Monday's first hour for hours."""
    told = outside(parse_instant("2026-11-28 10:00"), PLAIN)
    assert told is not None
    assert told.is_day_off
    assert told.title == "Hôm nay (thứ Bảy 28/11/2026) không phải ngày tiếp nhận"
    assert told.promises == (
        "1 ngày làm việc: như nhận trong giờ thứ Sáu 27/11, hẹn 17:00 thứ Hai 30/11",
        "8 giờ làm việc: như nhận lúc 07:00 thứ Hai 30/11, hẹn 17:00 thứ Hai 30/11",
        "trong ngày: như nhận lúc 07:00 thứ Hai 30/11, hẹn 17:00 thứ Hai 30/11",
    )


@pytest.mark.parametrize(
    ("at", "calendar", "title"),
    [
        (
            "2026-11-28 09:00",
            SATURDAY,
            "Hôm nay (thứ Bảy 28/11/2026) chỉ tiếp nhận, không tính vào thời hạn giải quyết",
        ),
        (
            "2026-11-27 09:00",
            CLOSED,
            "Hôm nay (thứ Sáu 27/11/2026) không phải ngày tiếp nhận: Mất điện toàn xã",
        ),
        (
            "2026-11-25 17:30",
            PLAIN,
            "Đã hết giờ tiếp nhận hôm nay (thứ Tư 25/11/2026, đến 17:00)",
        ),
    ],
)
def test_why_now_is_no_time_of_reception(at: str, calendar: Calendar, title: str) -> None:
    told = outside(parse_instant(at), calendar)
    assert told is not None
    assert (told.title, len(told.promises)) == (title, 3)


@pytest.mark.parametrize(
    ("at", "like"),
    [("2026-11-25 12:00", "lúc 13:30 hôm nay"), ("2026-11-25 06:30", "lúc 07:00 hôm nay")],
)
def test_between_sessions_all_terms_count_from_the_next_one(at: str, like: str) -> None:
    told = outside(parse_instant(at), PLAIN)
    assert told is not None
    assert (told.like, told.promises) == (like, ())


@pytest.mark.parametrize("calendar", [PLAIN, SATURDAY, CLOSED, HALF, MADE_UP])
def test_what_is_told_is_what_the_one_function_promises(calendar: Calendar) -> None:
    for day in range(20, 31):
        for hour in (3, 6, 12, 15, 18, 23):
            at = parse_instant(f"2026-11-{day} {hour:02d}:20")
            told = outside(at, calendar)
            for text, line in zip(TERMS, told.promises if told else (), strict=False):
                promised = due(at, parse_term(text), calendar).at
                assert promised is not None
                assert f"{promised:%H:%M}" in line
                assert promised.date() == at.date() or f"{promised:%d/%m}" in line


def test_a_term_that_leaves_the_calendar_says_so() -> None:
    last = max(PLAIN.known_years)
    told = outside(parse_instant(f"{last}-12-31 18:00"), PLAIN)
    assert told is not None
    assert all("chưa xác định" in line for line in told.promises)


@pytest.mark.parametrize(
    ("received", "says"),
    [
        ("2026-11-27 09:00", "trước 17:00 hôm nay"),
        ("2026-11-27 15:30", "đầu giờ thứ Hai 30/11"),
        ("2026-11-28 10:00", "đầu giờ thứ Hai 30/11"),
        ("2026-11-23 15:30", "đầu giờ thứ Tư 25/11"),  # the day between is a holiday
    ],
)
def test_what_goes_on_when_the_counter_opens_is_said_so(received: str, says: str) -> None:
    """R-39: never "before 07:00", which is the opening minute."""
    at = parse_instant(received)
    assert forward_words(forward_by(at, PLAIN), PLAIN, at) == says


def test_a_forwarding_of_another_day_names_it() -> None:
    by, now = parse_instant("2026-11-26 17:00"), parse_instant("2026-11-27 08:00")
    assert forward_words(by, PLAIN, now) == "trước 17:00 thứ Năm 26/11"


def test_weekdays_have_one_writing() -> None:
    assert WEEKDAYS[0] == "thứ Hai"
    assert WEEKDAYS[-1] == "Chủ nhật"
