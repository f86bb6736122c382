"""Promises, unit by unit, as the law and "one meaning" of each unit say."""

from datetime import UTC, date, datetime, time

import pytest

from onestop.worktime import (
    NO_PROMISE,
    CalendarMissing,
    Day,
    DayKind,
    InstantError,
    Week,
    due,
    due_or_undetermined,
    parse_term,
    vn_calendar,
    weekdays_week,
)
from tests.worktime.helpers import (
    CLOSED,
    EIGHT_HOURS,
    MORNING,
    SEVEN,
    SEVEN_AND_A_HALF,
    at,
    promised,
)


@pytest.mark.parametrize(
    ("received", "term", "expected"),
    [
        pytest.param(
            "2026-11-20 14:00", "5 ngày làm việc", "2026-11-30 17:00", id="R-28 E1 over 24/11"
        ),
        pytest.param(
            "2026-08-20 09:00",
            "3 ngày làm việc",
            "2026-08-24 17:00",
            id="R-29 E2 swapped Saturday counts",
        ),
        pytest.param(
            "2026-08-28 09:00",
            "1 ngày làm việc",
            "2026-09-03 17:00",
            id="R-30 E3 swapped off and Quốc khánh",
        ),
        pytest.param(
            "2026-01-31 09:00",
            "1 tháng",
            "2026-03-02 17:00",
            id="R-31 E4 no 31 February, then a Saturday",
        ),
        pytest.param("2026-11-20 09:00", "10 ngày", "2026-11-30 17:00", id="R-32 E5 calendar days"),
        pytest.param(
            "2026-11-23 15:20",
            "trong ngày",
            "2026-11-25 17:00",
            id="R-33 E6 after 15:00, holiday between",
        ),
        pytest.param(
            "2026-11-23 10:00", "8 giờ làm việc", "2026-11-25 10:00", id="R-34 E7 working hours"
        ),
        pytest.param(
            "2026-02-06 09:00", "15 ngày làm việc", "2026-03-06 17:00", id="R-35 E8 over Tết"
        ),
        pytest.param(
            "2026-01-01 09:00",
            "2 ngày làm việc",
            "2026-01-06 17:00",
            id="02/01/2026 is off, 05 and 06 count",
        ),
        pytest.param(
            "2026-01-09 09:00",
            "1 ngày làm việc",
            "2026-01-10 17:00",
            id="Saturday 10/01/2026 is worked",
        ),
    ],
)
def test_the_worked_examples(received: str, term: str, expected: str) -> None:
    assert promised(received, term) == expected


@pytest.mark.parametrize(
    "hour",
    ["00:00", "06:59", "07:00", "11:45", "15:00:01", "16:59", "17:00", "17:01", "17:30", "23:59"],
)
def test_the_hour_of_receipt_does_not_move_a_day_term(hour: str) -> None:
    assert promised(f"2024-05-06 {hour}", "1 ngày làm việc") == "2024-05-07 17:00"
    assert promised(f"2024-05-06 {hour}", "3 ngày làm việc") == "2024-05-09 17:00"


@pytest.mark.parametrize("received", ["2024-05-03 16:00", "2024-05-05 09:00"])
def test_received_on_a_day_off_counts_from_the_next_working_day(received: str) -> None:
    """Friday with a make-up Saturday after it, and Sunday."""
    expected = "2024-05-04 17:00" if received.startswith("2024-05-03") else "2024-05-06 17:00"
    assert promised(received, "1 ngày làm việc") == expected


@pytest.mark.parametrize("sessions", [EIGHT_HOURS, SEVEN_AND_A_HALF, SEVEN])
@pytest.mark.parametrize(
    ("days", "expected"), [(1, "2024-05-07"), (7, "2024-05-15"), (20, "2024-06-03")]
)
def test_days_are_days_whatever_the_hours_of_the_office(sessions, days: int, expected: str) -> None:
    assert (
        promised("2024-05-06 09:00", f"{days} ngày làm việc", vn_calendar(sessions))[:10]
        == expected
    )


@pytest.mark.parametrize(
    ("received", "term", "expected"),
    [
        pytest.param(
            "2024-02-07 09:00",
            "1 ngày làm việc",
            "2024-02-15 17:00",
            id="over Tết, five days and two weekends",
        ),
        pytest.param(
            "2024-04-26 09:00", "1 ngày làm việc", "2024-05-02 17:00", id="29/4 swapped off"
        ),
        pytest.param(
            "2024-05-02 09:00", "2 ngày làm việc", "2024-05-04 17:00", id="make-up Saturday counts"
        ),
        pytest.param(
            "2024-05-04 09:00",
            "1 ngày làm việc",
            "2024-05-06 17:00",
            id="received on the make-up Saturday",
        ),
        pytest.param(
            "2024-09-02 09:00",
            "1 ngày làm việc",
            "2024-09-04 17:00",
            id="received on a holiday at 09:00",
        ),
        pytest.param(
            "2024-09-02 00:00",
            "1 ngày làm việc",
            "2024-09-04 17:00",
            id="received on a holiday at midnight",
        ),
        pytest.param(
            "2024-05-06 09:00", "260 ngày làm việc", "2025-05-20 17:00", id="no cap at 360 days"
        ),
        pytest.param(
            "2019-01-02 09:00", "1000 ngày làm việc", "2022-12-28 17:00", id="a thousand days"
        ),
        pytest.param(
            "2025-01-31 12:00", "1 ngày làm việc", "2025-02-03 17:00", id="over the end of a month"
        ),
    ],
)
def test_inputs_that_other_systems_got_wrong(received: str, term: str, expected: str) -> None:
    assert promised(received, term) == expected


def test_a_thousand_days_are_counted_one_by_one() -> None:
    calendar = vn_calendar()
    day, left = date(2019, 1, 2), 1000
    while left:
        day = date.fromordinal(day.toordinal() + 1)
        left -= calendar.is_working_day(day)
    assert promised("2019-01-02 09:00", "1000 ngày làm việc")[:10] == day.isoformat()


def test_a_make_up_sunday_takes_the_sessions_of_the_day_it_replaces() -> None:
    friday = (EIGHT_HOURS[0],)
    week = Week(
        date(2018, 1, 1),
        (EIGHT_HOURS, EIGHT_HOURS, EIGHT_HOURS, EIGHT_HOURS, friday, CLOSED, CLOSED),
    )
    calendar = vn_calendar().with_own(
        weeks=[week],
        days=[
            Day(date(2026, 6, 12), DayKind.SWAPPED_OFF, "Hoán đổi"),
            Day(date(2026, 6, 14), DayKind.SWAPPED_WORKING, "Làm bù", replaces=date(2026, 6, 12)),
        ],
    )
    assert (
        promised("2026-06-11 09:00", "1 ngày làm việc", calendar) == "2026-06-14 11:30"
    )  # Friday's morning only
    assert promised("2026-06-11 09:00", "2 ngày làm việc", calendar) == "2026-06-15 17:00"


def test_a_make_up_saturday_after_a_holiday_friday() -> None:
    calendar = vn_calendar().with_own(
        days=[
            Day(date(2026, 6, 12), DayKind.HOLIDAY, "Nghỉ"),
            Day(date(2026, 6, 13), DayKind.SWAPPED_WORKING, "Làm bù", replaces=date(2026, 6, 12)),
        ],
    )
    assert promised("2026-06-11 09:00", "1 ngày làm việc", calendar) == "2026-06-13 17:00"


def _saturday_mornings(reception_only: bool = False):
    days = (EIGHT_HOURS, EIGHT_HOURS, EIGHT_HOURS, EIGHT_HOURS, EIGHT_HOURS, MORNING, CLOSED)
    return vn_calendar().with_own(
        weeks=[Week(date(2018, 1, 1), days, frozenset({5}) if reception_only else frozenset())]
    )


@pytest.mark.parametrize(
    ("received", "term", "expected", "reception_only_expected"),
    [
        ("2024-05-10 15:00", "1 ngày làm việc", "2024-05-11 11:30", "2024-05-13 17:00"),
        ("2024-05-11 09:00", "trong ngày", "2024-05-11 11:30", "2024-05-13 17:00"),
        ("2024-05-11 11:30:00", "trong ngày", "2024-05-11 11:30", "2024-05-13 17:00"),
        ("2024-05-11 11:30:01", "trong ngày", "2024-05-13 17:00", "2024-05-13 17:00"),
        ("2024-05-11 11:31", "trong ngày", "2024-05-13 17:00", "2024-05-13 17:00"),
        ("2024-05-11 10:00", "2 giờ làm việc", "2024-05-13 07:30", "2024-05-13 09:00"),
        ("2024-05-10 08:00", "24 giờ", "2024-05-11 08:00", "2024-05-13 07:00"),
        ("2024-05-10 15:00", "1 ngày", "2024-05-11 11:30", "2024-05-13 17:00"),
    ],
)
def test_saturday_mornings_count_unless_they_only_receive(
    received: str, term: str, expected: str, reception_only_expected: str
) -> None:
    assert promised(received, term, _saturday_mornings()) == expected
    assert (
        promised(received, term, _saturday_mornings(reception_only=True)) == reception_only_expected
    )


def test_a_swapped_saturday_is_a_full_day_even_where_saturdays_only_receive() -> None:
    assert (
        promised("2026-08-21 09:00", "1 ngày làm việc", _saturday_mornings(reception_only=True))
        == "2026-08-22 17:00"
    )


@pytest.mark.parametrize(
    ("received", "term", "expected"),
    [
        ("2026-11-16 09:00", "0,5 ngày làm việc", "2026-11-17 11:00"),  # 240 of 480 minutes
        ("2026-11-16 23:00", "1,5 ngày làm việc", "2026-11-18 11:00"),
        ("2026-11-16 09:00", "0,75 ngày làm việc", "2026-11-17 15:00"),
        ("2026-11-14 09:00", "0.5 ngày làm việc", "2026-11-16 11:00"),  # received on a Saturday
        ("2026-11-23 09:00", "0.5 ngày làm việc", "2026-11-25 11:00"),  # 24/11 is off
        (
            "2026-11-16 09:00",
            "0,33 ngày làm việc",
            "2026-11-17 09:39",
        ),  # 158.4 minutes: the minute that completes them
    ],
)
def test_fractions_of_a_working_day_are_a_share_of_the_next_days_minutes(
    received: str, term: str, expected: str
) -> None:
    assert promised(received, term) == expected


def test_a_fraction_that_ends_with_a_session_stays_there() -> None:
    halves = ((time(8), time(12)), (time(13), time(17)))
    assert (
        promised("2026-11-16 09:00", "0,5 ngày làm việc", vn_calendar(halves)) == "2026-11-17 12:00"
    )


@pytest.mark.parametrize(
    ("received", "term", "expected"),
    [
        ("2026-11-20 09:00", "1 ngày", "2026-11-23 17:00"),  # Saturday rolls to Monday
        ("2026-11-14 09:00", "10 ngày", "2026-11-25 17:00"),  # 24/11 rolls on
        ("2026-02-13 09:00", "2 ngày", "2026-02-23 17:00"),  # Sunday before Tết rolls over Tết
        ("2026-03-31 09:00", "1 tháng", "2026-05-04 17:00"),  # 30/4, 1/5, weekend
        ("2026-01-30 09:00", "1 tháng", "2026-03-02 17:00"),
        ("2024-01-31 09:00", "1 tháng", "2024-02-29 17:00"),  # a leap year
        ("2024-02-29 09:00", "1 năm", "2025-02-28 17:00"),
        ("2026-10-15 09:00", "3 tháng", "2027-01-15 17:00"),
        ("2026-12-15 09:00", "12 tháng", "2027-12-15 17:00"),
        ("2026-11-21 09:00", "2 ngày", "2026-11-23 17:00"),  # received on a Saturday: days are days
    ],
)
def test_calendar_terms_follow_the_civil_code_and_roll_on(
    received: str, term: str, expected: str
) -> None:
    """R-25, R-26."""
    assert promised(received, term) == expected


@pytest.mark.parametrize(
    ("received", "term", "expected"),
    [
        ("2026-11-16 07:00", "4 giờ làm việc", "2026-11-16 11:00"),
        (
            "2026-11-16 07:00",
            "4,5 giờ làm việc",
            "2026-11-16 11:30",
        ),  # an end at the end of a session stays
        ("2026-11-16 07:00", "8 giờ làm việc", "2026-11-16 17:00"),
        ("2026-11-16 13:30", "3,5 giờ làm việc", "2026-11-16 17:00"),
        ("2026-11-16 05:00", "1 giờ làm việc", "2026-11-16 08:00"),  # before opening
        ("2026-11-16 12:00", "1 giờ làm việc", "2026-11-16 14:30"),  # lunch
        ("2026-11-16 11:30", "1 giờ làm việc", "2026-11-16 14:30"),
        ("2026-11-16 16:59", "1 giờ làm việc", "2026-11-17 07:59"),
        ("2026-11-16 17:00", "1 giờ làm việc", "2026-11-17 08:00"),
        ("2026-11-16 17:01", "1 giờ làm việc", "2026-11-17 08:00"),
        ("2026-11-21 09:00", "1 giờ làm việc", "2026-11-23 08:00"),  # Saturday
        ("2026-11-24 09:00", "1 giờ làm việc", "2026-11-25 08:00"),  # holiday
        ("2026-11-16 08:15:59", "1 giờ làm việc", "2026-11-16 09:15"),  # from the minute of receipt
    ],
)
def test_working_hours_use_up_session_minutes(received: str, term: str, expected: str) -> None:
    """R-27, R-34."""
    assert promised(received, term) == expected


@pytest.mark.parametrize(
    ("received", "term", "expected"),
    [
        ("2026-11-16 09:00", "24 giờ", "2026-11-17 09:00"),
        ("2026-11-16 09:00", "2,5 giờ", "2026-11-16 11:30"),  # 11:30:00 is inside
        ("2026-11-16 09:01", "2,5 giờ", "2026-11-16 13:30"),  # lunch: start of the next session
        ("2026-11-16 12:00", "1,5 giờ", "2026-11-16 13:30"),
        ("2026-11-16 16:00", "1 giờ", "2026-11-16 17:00"),
        ("2026-11-16 16:01", "1 giờ", "2026-11-17 07:00"),
        ("2026-11-16 03:00", "2 giờ", "2026-11-16 07:00"),
        ("2026-11-20 09:00", "24 giờ", "2026-11-23 07:00"),  # Saturday
        ("2026-11-23 09:00", "24 giờ", "2026-11-25 07:00"),  # holiday
        ("2026-11-16 09:00:59", "24 giờ", "2026-11-17 09:00"),
    ],
)
def test_clock_hours_run_on_and_end_inside_a_session(
    received: str, term: str, expected: str
) -> None:
    assert promised(received, term) == expected


@pytest.mark.parametrize("term", ["trong ngày", "trả ngay"])
@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2026-11-16 06:00", "2026-11-16 17:00"),
        ("2026-11-16 08:00", "2026-11-16 17:00"),
        ("2026-11-16 12:00", "2026-11-16 17:00"),
        ("2026-11-16 14:59:59", "2026-11-16 17:00"),
        ("2026-11-16 15:00:00", "2026-11-16 17:00"),  # exactly 15:00:00 is not after
        ("2026-11-16 15:00:01", "2026-11-17 17:00"),
        ("2026-11-16 16:59", "2026-11-17 17:00"),
        ("2026-11-16 17:01", "2026-11-17 17:00"),
        ("2026-11-21 08:00", "2026-11-23 17:00"),  # Saturday
        ("2026-11-24 08:00", "2026-11-25 17:00"),  # holiday
        ("2026-11-20 15:00:01", "2026-11-23 17:00"),
    ],
)
def test_the_same_day_until_three_in_the_afternoon(term: str, received: str, expected: str) -> None:
    """R-33: the same words decide for `trả ngay`, whose slip has hour and day (R-11)."""
    assert promised(received, term) == expected


def test_a_fraction_of_a_second_after_three_is_after_three() -> None:
    promise = due(
        at("2026-11-16 15:00").replace(microsecond=1), parse_term("trong ngày"), vn_calendar()
    )
    assert promise.at == at("2026-11-17 17:00")


def test_the_cut_off_is_a_parameter_of_the_procedure() -> None:
    assert promised("2026-11-16 15:30", "trong ngày (trước 16:00)") == "2026-11-16 17:00"
    assert promised("2026-11-16 10:31", "trong ngày (trước 10:30)") == "2026-11-17 17:00"


def test_nothing_to_return_is_never_promised_and_never_late() -> None:
    promise = due(at("2026-11-16 09:00"), parse_term("không phải trả kết quả"), vn_calendar())
    assert promise == NO_PROMISE
    assert promise.late_from is None
    assert not promise.undetermined


def test_instants_come_in_any_zone_and_go_out_in_vietnams() -> None:
    promise = due(
        datetime(2026, 11, 20, 7, 0, tzinfo=UTC), parse_term("5 ngày làm việc"), vn_calendar()
    )
    assert promise.at is not None
    assert promise.at.isoformat() == "2026-11-30T17:00:00+07:00"
    late_evening = datetime(2026, 11, 19, 18, 0, tzinfo=UTC)  # already the 20th in Vietnam
    assert due(late_evening, parse_term("1 ngày"), vn_calendar()).at == at("2026-11-23 17:00")


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(InstantError):
        due(datetime(2026, 11, 20, 7, 0), parse_term("1 ngày"), vn_calendar())  # noqa: DTZ001


@pytest.mark.parametrize(
    ("received", "term", "year"),
    [
        ("2027-12-31 09:00", "1 ngày làm việc", 2028),
        ("2027-12-31 09:00", "1 ngày", 2028),
        ("2027-06-01 09:00", "1 năm", 2028),
        ("2027-12-31 16:59", "2 giờ làm việc", 2028),
        ("2027-12-31 16:59", "2 giờ", 2028),
        ("2027-12-31 15:01", "trong ngày", 2028),
        ("2030-05-05 09:00", "5 ngày làm việc", 2030),
        ("2017-05-05 09:00", "5 giờ làm việc", 2017),
        ("2026-01-01 09:00", "36500 ngày", 2125),
        ("2026-01-01 09:00", "36500 ngày làm việc", 2028),
        ("9999-12-31 09:00", "1 tháng", 10000),
    ],
)
def test_a_year_without_any_row_is_refused_and_undetermined_at_the_counter(
    received: str, term: str, year: int
) -> None:
    with pytest.raises(CalendarMissing) as missing:
        due(at(received), parse_term(term), vn_calendar())
    assert missing.value.year == year
    assert f"năm {year}" in str(missing.value)
    promise = due_or_undetermined(at(received), parse_term(term), vn_calendar())
    assert promise.undetermined
    assert promise.at is None
    assert promise.late_from is None


def test_only_the_years_that_are_needed_must_be_known() -> None:
    assert (
        promised("2017-12-31 09:00", "1 ngày làm việc") == "2018-01-02 17:00"
    )  # the day of receipt is not counted
    assert promised("2017-12-15 09:00", "1 tháng") == "2018-01-15 17:00"


def test_a_year_missing_between_known_ones_is_missing_too() -> None:
    known = vn_calendar()
    calendar = type(known)(known.weeks, known.days, known.known_years - {2025})
    with pytest.raises(CalendarMissing) as missing:
        due(at("2024-12-30 09:00"), parse_term("5 ngày làm việc"), calendar)
    assert missing.value.year == 2025
    assert promised("2024-12-30 09:00", "1 ngày làm việc", calendar) == "2024-12-31 17:00"
    assert promised("2024-12-30 09:00", "13 tháng", calendar) == "2026-01-30 17:00"


@pytest.mark.parametrize(
    ("received", "term", "provisional"),
    [
        ("2026-12-28 09:00", "3 ngày làm việc", False),
        ("2026-12-28 09:00", "4 ngày làm việc", True),
        ("2026-12-20 09:00", "15 ngày", True),
        ("2026-12-31 16:00", "24 giờ", True),
        ("2027-03-01 09:00", "trong ngày", True),
        ("2025-12-20 09:00", "1 năm", False),
    ],
)
def test_a_promise_that_reaches_an_estimated_year_is_provisional(
    received: str, term: str, provisional: bool
) -> None:
    assert due(at(received), parse_term(term), vn_calendar()).provisional is provisional


def test_new_hours_hold_from_their_day_on() -> None:
    calendar = vn_calendar().with_own(
        weeks=[weekdays_week(EIGHT_HOURS), weekdays_week(SEVEN, date(2026, 11, 18))]
    )
    assert promised("2026-11-16 09:00", "1 ngày làm việc", calendar) == "2026-11-17 17:00"
    assert promised("2026-11-16 09:00", "2 ngày làm việc", calendar) == "2026-11-18 16:30"
    assert promised("2026-11-17 16:00", "2 giờ làm việc", calendar) == "2026-11-18 08:30"


def test_an_unplanned_closing_moves_what_lies_behind_it() -> None:
    storm = Day(date(2026, 11, 18), DayKind.CLOSING, "Bão", source="Công điện 01")
    half = Day(date(2026, 11, 19), DayKind.CLOSING, "Mất điện", sessions=(EIGHT_HOURS[0],))
    calendar = vn_calendar().with_own(days=[storm, half])
    assert promised("2026-11-16 09:00", "2 ngày làm việc", calendar) == "2026-11-19 11:30"
    assert promised("2026-11-17 16:00", "6 giờ làm việc", calendar) == "2026-11-20 07:30"
