"""Columns read as the texts that events tell them with, and promises that stand for a whole day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from onestop import worktime
from onestop.instants import instant, stored_instant
from onestop.worktime import parse_term

AT = datetime(2026, 11, 20, 2, 0, 7, 40, tzinfo=UTC)


@pytest.mark.no_database
@pytest.mark.parametrize(
    ("stored", "at"),
    [
        ("2026-11-20 02:00:07.00004+00", AT),
        ("2026-11-20 02:00:07.000040", AT),
        ("2026-11-20 02:00:07+00", AT.replace(microsecond=0)),
        ("2026-11-20 02:00:07", AT.replace(microsecond=0)),
        ("2026-11-20 09:00:07.00004+07", AT),
        ("9999-12-31 00:00:00+00", datetime(9999, 12, 31, tzinfo=UTC)),
    ],
)
def test_an_instant_that_the_database_wrote_is_the_canonical_text(
    stored: str, at: datetime
) -> None:
    assert stored_instant(stored) == instant(at)


@pytest.mark.no_database
@pytest.mark.parametrize(
    "words", ["5 ngày làm việc", "20 ngày làm việc", "10 ngày", "2 tháng", "1 năm"]
)
def test_a_term_in_whole_days_ends_alike_whatever_minute_it_begins(words: str) -> None:
    """Which lets verification fold it once a day (R-21)."""
    term, calendar = parse_term(words), worktime.vn_calendar()
    assert term.by_day
    day = datetime(2026, 11, 20, 0, 0, tzinfo=worktime.VN)
    ends = {
        (clock.promise.at, clock.promise.late_from, clock.legal_promise.at)
        for minute in range(0, 24 * 60, 17)
        for clock in [worktime.fold(day + timedelta(minutes=minute), term, calendar)]
    }
    assert len(ends) == 1


@pytest.mark.no_database
@pytest.mark.parametrize(
    "words", ["1,5 ngày làm việc", "4 giờ làm việc", "24 giờ", "trong ngày", "trả ngay"]
)
def test_the_others_are_folded_each(words: str) -> None:
    assert not parse_term(words).by_day
