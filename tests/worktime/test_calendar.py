"""Calendars as values: sessions, exceptions, effective dates, the version key; and Vietnam's own
calendar.
"""

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from onestop.worktime import (
    Calendar,
    CalendarMissing,
    Day,
    DayKind,
    InstantError,
    Week,
    national_days,
    parse_instant,
    parse_sessions,
    provisional_years,
    vn_calendar,
    weekdays_week,
)
from onestop.worktime.national import NATIONAL_FILE
from tests.worktime.helpers import CLOSED, EIGHT_HOURS, MORNING, SEVEN, at


def saturday_office(*days: Day, only: frozenset[int] = frozenset()) -> Calendar:
    week = Week(
        date(2018, 1, 1),
        (EIGHT_HOURS, EIGHT_HOURS, EIGHT_HOURS, EIGHT_HOURS, EIGHT_HOURS, MORNING, CLOSED),
        only,
    )
    return vn_calendar().with_own(weeks=[week], days=days)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-01-01", False),
        ("2026-01-02", False),  # swapped
        ("2026-01-10", True),  # for it
        ("2026-02-16", False),
        ("2026-02-20", False),
        ("2026-02-23", True),
        ("2026-04-27", False),
        ("2026-08-22", True),
        ("2026-08-31", False),
        ("2026-09-01", False),
        ("2026-11-24", False),
        ("2025-11-24", True),
        ("2025-05-02", False),
        ("2025-04-26", True),
        ("2020-09-03", True),  # two days only since 2021
        ("2021-09-03", False),
    ],
)
def test_vietnams_public_calendar(day: str, works: bool) -> None:
    assert vn_calendar().is_working_day(date.fromisoformat(day)) is works


def test_the_shipped_file_knows_ten_years_and_its_sources() -> None:
    rows = national_days()
    assert {row.day.date.year for row in rows} == set(range(2018, 2028))
    assert all(row.day.source and row.day.name for row in rows)
    assert provisional_years(rows) == {2027}
    assert len({row.day.date for row in rows}) == len(rows)
    swapped_off = {row.day.date for row in rows if row.day.kind is DayKind.SWAPPED_OFF}
    assert {
        row.day.replaces for row in rows if row.day.kind is DayKind.SWAPPED_WORKING
    } == swapped_off


def test_a_row_of_the_file_that_does_not_fit_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "calendar.csv"
    broken.write_text(
        NATIONAL_FILE.read_text(encoding="utf-8").replace(
            "2018-02-15,statutory", "2018-02-15,sometimes"
        ),
        encoding="utf-8",
    )
    with pytest.raises(ValueError, match="dòng 4"):
        national_days(broken)


def test_a_holiday_on_an_offices_working_saturday_is_off() -> None:
    assert saturday_office().is_working_day(date(2023, 4, 22))
    assert not saturday_office().is_working_day(date(2023, 4, 29))  # Giỗ Tổ on a Saturday


def test_reception_only_days_are_open_but_do_not_count() -> None:
    calendar = saturday_office(
        Day(date(2026, 11, 18), DayKind.RECEPTION_ONLY, "Chỉ nhận hồ sơ"), only=frozenset({5})
    )
    assert calendar.sessions_on(date(2026, 11, 21)) == MORNING
    assert not calendar.is_working_day(date(2026, 11, 21))
    assert calendar.sessions_on(date(2026, 11, 18)) == EIGHT_HOURS
    assert calendar.working_sessions_on(date(2026, 11, 18)) == ()


def test_an_agencys_own_row_replaces_the_national_one() -> None:
    own = vn_calendar().with_own(
        days=[Day(date(2026, 11, 24), DayKind.OWN_HOURS, "Trực", sessions=MORNING)]
    )
    assert own.is_working_day(date(2026, 11, 24))
    assert own.day_minutes(date(2026, 11, 24)) == 240
    assert not vn_calendar().is_working_day(date(2026, 11, 24))


def test_a_swapped_day_takes_the_hours_in_force_on_the_day_it_replaces() -> None:
    calendar = vn_calendar().with_own(
        weeks=[weekdays_week(EIGHT_HOURS), weekdays_week(SEVEN, date(2026, 8, 25))]
    )
    assert calendar.sessions_on(date(2026, 8, 22)) == SEVEN  # for Monday 31/8


@pytest.mark.parametrize(
    ("now", "start", "end"),
    [
        ("2026-11-16 06:00", "2026-11-16 07:00", "2026-11-16 11:30"),
        ("2026-11-16 07:00", "2026-11-16 07:00", "2026-11-16 11:30"),
        ("2026-11-16 11:30", "2026-11-16 13:30", "2026-11-16 11:30"),
        ("2026-11-16 11:30:01", "2026-11-16 13:30", "2026-11-16 17:00"),
        ("2026-11-16 11:31", "2026-11-16 13:30", "2026-11-16 17:00"),
        ("2026-11-23 17:01", "2026-11-25 07:00", "2026-11-25 11:30"),
    ],
)
def test_the_edges_of_sessions(now: str, start: str, end: str) -> None:
    """A session is closed at both ends."""
    assert vn_calendar().next_session_start(at(now)) == at(start)
    assert vn_calendar().session_end(at(now)) == at(end)


def test_working_minutes_there_and_back() -> None:
    """Also over the end of a month, where another system counts 72 hours."""
    calendar = vn_calendar()
    assert calendar.working_minutes_between(at("2025-02-07 10:00"), at("2025-02-10 10:00")) == 480
    assert calendar.working_minutes_between(at("2025-02-28 10:00"), at("2025-03-03 10:00")) == 480
    assert calendar.working_minutes_between(at("2025-03-03 10:00"), at("2025-02-28 10:00")) == -480
    assert calendar.add_working_minutes(at("2025-02-28 10:00"), 480) == at("2025-03-03 10:00")
    assert calendar.working_days_between(date(2026, 11, 20), date(2026, 11, 30)) == 5
    assert calendar.next_working_day(date(2026, 11, 23)) == date(2026, 11, 25)


def test_the_key_changes_with_what_decides_a_date_and_with_nothing_else() -> None:
    calendar = vn_calendar()
    assert calendar.key() == replace(calendar, days=tuple(reversed(calendar.days))).key()
    renamed = replace(
        calendar, days=tuple(replace(day, name="khác", source="khác") for day in calendar.days)
    )
    assert renamed.key() == calendar.key()
    assert renamed.index is calendar.index  # equal calendars share the days they have counted
    others = [
        calendar.with_own(days=[Day(date(2026, 6, 1), DayKind.CLOSING)]),
        calendar.with_own(weeks=[weekdays_week(SEVEN)]),
        calendar.with_own(provisional_years=[]),
        calendar.with_own(known_years=[2028]),
    ]
    assert len({calendar.key(), *(other.key() for other in others)}) == 5


def test_a_calendar_without_weeks_or_with_two_rows_a_date_is_refused() -> None:
    with pytest.raises(ValueError, match="week"):
        Calendar((), (), frozenset({2026}))
    with pytest.raises(ValueError, match="date"):
        Calendar(
            (weekdays_week(),),
            (Day(date(2026, 6, 1), DayKind.CLOSING), Day(date(2026, 6, 1), DayKind.HOLIDAY)),
            frozenset({2026}),
        )
    with pytest.raises(ValueError, match="replaces"):
        Day(date(2026, 6, 1), DayKind.SWAPPED_WORKING)


def test_a_calendar_that_knows_no_year_promises_nothing() -> None:
    with pytest.raises(CalendarMissing):
        Calendar((weekdays_week(),), (), frozenset()).is_working_day(date(2026, 6, 1))


@pytest.mark.parametrize(
    "text",
    [
        "7-11",
        "07:00",
        "07:00-11:30,11:00-12:00",
        "11:30-07:00",
        "07:00-25:00",
        "sáng",
        "07:00-11:30,11:30-17:00",
    ],
)
def test_sessions_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"[Bb]uổi"):
        parse_sessions(text)


def test_sessions_as_people_write_them() -> None:
    assert parse_sessions("7:00 - 11:30, 13:30–17:00") == EIGHT_HOURS
    assert parse_sessions("") == ()


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20 14:00",
        "2026-11-20T14:00",
        "2026-11-20T07:00:00Z",
        "2026-11-20T14:00:00+07:00",
        "20/11/2026 14:00",
        "20/11/2026 14:00:00",
    ],
)
def test_instants_as_people_write_them(text: str) -> None:
    assert parse_instant(text) == at("2026-11-20 14:00")
    assert parse_instant("2026-11-20 7:05").time() == time(7, 5)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-20",
        "20/11/2026",
        "31/02/2026 10:00",
        "2026-13-01 10:00",
        "2026-11-20 25:00",
        "mai",
        "11/20/2026 10:00",
    ],
)
def test_instants_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(InstantError, match="Không đọc được"):
        parse_instant(text)


def test_the_package_stands_on_the_standard_library_and_never_asks_what_time_it_is() -> None:
    package = Path(NATIONAL_FILE).parent.parent / "onestop" / "worktime"
    for module in package.glob("*.py"):
        source = module.read_text(encoding="utf-8")
        assert "django" not in source, module.name
        assert not any(word in source for word in (".now(", ".today(", "time.time(", "utcnow")), (
            module.name
        )
