"""Reporting periods: days of NĐ 09/2019, instants in Vietnam's time (R-110)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from onestop.errors import DomainError
from reports.periods import parse, week_over
from tests.world import vn

MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2026Q1", "2025-12-15", "2026-03-14"),
        ("2026Q2", "2026-03-15", "2026-06-14"),
        ("2026Q3", "2026-06-15", "2026-09-14"),
        ("2026Q4", "2026-09-15", "2026-12-14"),
        ("2026M1", "2025-12-15", "2026-01-14"),
        ("2026M3", "2026-02-15", "2026-03-14"),
        ("2026M10", "2026-09-15", "2026-10-14"),
        ("2026H1", "2025-12-15", "2026-06-14"),
        ("2026H2", "2026-06-15", "2026-12-14"),
        ("2026Y", "2025-12-15", "2026-12-14"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2026-Q3", "2026-07-01", "2026-09-30"),
        ("2026-H2", "2026-07-01", "2026-12-31"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-05-01..2026-07-31", "2026-05-01", "2026-07-31"),
        (" 2026q3 ", "2026-06-15", "2026-09-14"),
    ],
)
def test_the_days_of_a_code(code: str, first: str, last: str) -> None:
    period = parse(code)
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)
    assert period.code == code.strip().upper()


def test_midnight_and_the_last_microsecond_belong_to_it() -> None:
    period = parse("2026Q3")
    assert period.start == vn("15/06/2026 00:00")
    assert period.end - MOMENT == vn("14/09/2026 23:59") + timedelta(minutes=1) - MOMENT
    assert period.previous().end == period.start


@pytest.mark.parametrize(
    ("code", "before", "year_before"),
    [
        ("2026Q1", "2025Q4", "2025Q1"),
        ("2026M1", "2025M12", "2025M1"),
        ("2026H2", "2026H1", "2025H2"),
        ("2026Y", "2025Y", "2025Y"),
        ("2026-01", "2025-12", "2025-01"),
        ("2028-02-29..2028-03-01", "2028-02-27..2028-02-28", "2027-02-28..2027-03-01"),
    ],
)
def test_the_period_before_and_the_same_of_last_year(
    code: str, before: str, year_before: str
) -> None:
    assert parse(code).previous().code == before
    assert parse(code).last_year().code == year_before


def test_a_year_is_its_quarters_without_gap_or_overlap() -> None:
    quarters = [parse(f"2026Q{number}") for number in (1, 2, 3, 4)]
    assert (quarters[0].start, quarters[-1].end) == (parse("2026Y").start, parse("2026Y").end)
    assert [q.end for q in quarters[:-1]] == [q.start for q in quarters[1:]]


@pytest.mark.parametrize(
    "code", ["", "2026Q5", "2026M13", "2026M0", "2026Z1", "20266Q1", "2026-13", "2026-02-30..2026-03-01", "quý 3", "0001-01-01..2026-01-01", "2026-01-01..9999-12-31"]
)  # fmt: skip
def test_what_is_no_period_is_refused(code: str) -> None:
    with pytest.raises(DomainError, match="period_unreadable"):
        parse(code)


def test_reversed_days_are_refused() -> None:
    with pytest.raises(DomainError, match="period_reversed"):
        parse("2026-07-31..2026-05-01")


def test_a_week_is_called_by_its_number() -> None:
    """Also the one that lies in two years; seven other days are no week."""
    found = week_over(date(2026, 11, 23))
    assert (found.code, found.label) == ("2026-11-16..2026-11-22", "Tuần 47 năm 2026")
    assert week_over(date(2026, 11, 22)).last == date(2026, 11, 15)
    assert parse("2026-12-28..2027-01-03").label == "Tuần 53 năm 2026"
    assert parse("2026-11-17..2026-11-23").label == "Kỳ tùy chọn"
    assert found.previous().label == "Tuần 46 năm 2026"
