"""Clock tables of time that does not count and of lawful extensions: in every unit, recorded before,
across and after the promise, overlapping other waits, one inside another, with a restart.
"""

from datetime import datetime

import pytest

from onestop.worktime import PauseKind, fold, parse_term, vn_calendar
from onestop.worktime.changes import Change, Extension, Pause, Restart, apart
from tests.worktime.helpers import at as vn

RECEIVED = "2026-11-16 09:00"
# Promised from Monday 16/11/2026 09:00; 24/11 is a day off.
PROMISED = {
    "5 ngày làm việc": "2026-11-23 17:00",
    "10 ngày": "2026-11-26 17:00",
    "1 tháng": "2026-12-16 17:00",
    "1 năm": "2027-11-16 17:00",
    "16 giờ làm việc": "2026-11-18 09:00",
    "48 giờ": "2026-11-18 09:00",
    "trong ngày": "2026-11-16 17:00",
}
# Tuesday 17 09:00 (of the same day: Monday 10:00) to Thursday 19 09:00.
MOVED = {
    "5 ngày làm việc": "2026-11-26 17:00",
    "10 ngày": "2026-11-30 17:00",
    "1 tháng": "2026-12-18 17:00",
    "1 năm": "2027-11-18 17:00",
    "16 giờ làm việc": "2026-11-20 09:00",
    "48 giờ": "2026-11-20 09:00",
    "trong ngày": "2026-11-19 17:00",
}
AFTER = vn("2027-12-01 09:00")


def promised(term: str, *changes: Change) -> datetime | None:
    clock = fold(vn(RECEIVED), parse_term(term), vn_calendar(), changes)
    assert clock.promise == clock.legal_promise
    return clock.promise.at


def span(term: str) -> tuple[datetime, datetime]:
    begins = "2026-11-16 10:00" if term == "trong ngày" else "2026-11-17 09:00"
    return vn(begins), vn("2026-11-19 09:00")


@pytest.mark.parametrize("term", PROMISED)
def test_time_recorded_before_or_while_it_runs_moves_the_promise(term: str) -> None:
    begins, ends = span(term)
    assert promised(term) == vn(PROMISED[term])
    for known in (None, vn("2026-11-16 09:30"), begins):
        assert promised(term, Pause(begins, ends, PauseKind.POSTING, known)) == vn(MOVED[term])


@pytest.mark.parametrize("term", PROMISED)
def test_time_recorded_after_the_promise_heals_only_by_sector_law(term: str) -> None:
    """Also where it lay wholly before the promise: what counts is when it was recorded."""
    begins, ends = span(term)
    late = Pause(begins, ends, PauseKind.POSTING, AFTER)
    assert promised(term, late) == vn(PROMISED[term])
    healed = Pause(begins, ends, PauseKind.POSTING, AFTER, heals=True)
    assert promised(term, healed) == vn(MOVED[term])
    assert promised(term, late, healed) == vn(MOVED[term])


@pytest.mark.parametrize(
    ("term", "extra", "due"),
    [
        ("5 ngày làm việc", "2 ngày làm việc", "2026-11-26 17:00"),
        ("10 ngày", "5 ngày", "2026-12-01 17:00"),
        ("1 tháng", "1 tháng", "2027-01-18 17:00"),
        ("1 năm", "10 ngày", "2027-11-26 17:00"),
        ("16 giờ làm việc", "4 giờ làm việc", "2026-11-18 15:00"),
        ("48 giờ", "24 giờ", "2026-11-19 09:00"),
        ("trong ngày", "2 ngày làm việc", "2026-11-18 17:00"),
    ],
)
def test_an_extension_before_and_after_the_promise(term: str, extra: str, due: str) -> None:
    """Before it moves; after it heals only by sector law, counted from the promise all the same."""
    by = parse_term(extra)
    assert promised(term, Extension(vn(RECEIVED), by)) == vn(due)
    assert promised(term, Extension(AFTER, by)) == vn(PROMISED[term])
    assert promised(term, Extension(AFTER, by, heals=True)) == vn(due)


def posting(begins: str, ends: str, known: str = "", *, heals: bool = False) -> Pause:
    return Pause(vn(begins), vn(ends), PauseKind.POSTING, vn(known) if known else None, heals=heals)


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        # Two that overlap: 18, 19, 20 once.
        (
            [
                posting("2026-11-17 09:00", "2026-11-19 09:00"),
                posting("2026-11-18 09:00", "2026-11-20 09:00", "2026-11-19 10:00"),
            ],
            "2026-11-27 17:00",
        ),
        # One inside another, recorded before it and after it.
        (
            [
                posting("2026-11-17 09:00", "2026-11-20 09:00"),
                posting("2026-11-18 09:00", "2026-11-19 09:00", "2026-11-20 10:00"),
            ],
            "2026-11-27 17:00",
        ),
        (
            [
                posting("2026-11-18 09:00", "2026-11-19 09:00", "2026-11-19 10:00"),
                posting("2026-11-17 09:00", "2026-11-20 09:00", "2026-11-20 10:00"),
            ],
            "2026-11-27 17:00",
        ),
        # A wait for papers inside the posting, and one across its end.
        (
            [
                Pause(vn("2026-11-18 09:00"), vn("2026-11-19 09:00")),
                posting("2026-11-17 09:00", "2026-11-20 09:00", "2026-11-17 10:00"),
            ],
            "2026-11-27 17:00",
        ),
        (
            [
                Pause(vn("2026-11-19 09:00"), vn("2026-11-23 09:00")),
                posting("2026-11-17 09:00", "2026-11-20 09:00", "2026-11-17 10:00"),
            ],
            "2026-11-30 17:00",
        ),
        # The later half of a wait that came too late is healed by the law of the other.
        (
            [
                Pause(vn("2026-11-25 09:00"), vn("2026-11-27 09:00")),
                posting("2026-11-19 09:00", "2026-11-26 09:00", "2026-11-30 09:00", heals=True),
            ],
            "2026-11-30 17:00",
        ),
        # A restart forgets what lay before it and keeps what reaches beyond it.
        (
            [
                posting("2026-11-16 10:00", "2026-11-17 09:00", "2026-11-17 10:00"),
                Restart(vn("2026-11-18 09:00"), asked=vn("2026-11-17 14:00")),
            ],
            "2026-11-26 17:00",
        ),
        (
            [
                posting("2026-11-16 10:00", "2026-11-20 09:00", "2026-11-17 10:00"),
                Restart(vn("2026-11-18 09:00"), asked=vn("2026-11-17 14:00")),
            ],
            "2026-11-30 17:00",
        ),
        # Recorded after the restart, it lay before it: nothing is left of it.
        (
            [
                posting("2026-11-16 10:00", "2026-11-17 09:00", "2026-11-19 10:00"),
                Restart(vn("2026-11-18 09:00"), asked=vn("2026-11-17 14:00")),
            ],
            "2026-11-26 17:00",
        ),
        # Asked within the posting, after the first promise: in time, since the clock stood still.
        (
            [
                posting("2026-11-20 09:00", "2026-11-27 09:00", "2026-11-20 10:00"),
                Pause(vn("2026-11-26 09:00"), vn("2026-11-30 09:00")),
            ],
            "2026-12-01 17:00",
        ),
    ],
)
def test_times_that_share_days_and_restarts(changes: list[Change], due: str) -> None:
    """Of a term of five working days, promised for 23/11; in whatever order they are given."""
    assert promised("5 ngày làm việc", *changes) == vn(due)
    assert promised("5 ngày làm việc", *reversed(changes)) == vn(due)


def test_what_of_a_wait_lies_apart() -> None:
    wait = posting("2026-11-17 09:00", "2026-11-20 09:00")
    day = {n: vn(f"2026-11-{n} 09:00") for n in range(16, 23)}
    assert apart(wait, []) == [wait]
    assert apart(wait, [(day[16], day[21])]) == []
    assert [(p.from_, p.to) for p in apart(wait, [(day[18], day[19])])] == [
        (day[17], day[18]),
        (day[19], day[20]),
    ]
    assert [(p.from_, p.to) for p in apart(wait, [(day[16], day[18]), (day[19], day[22])])] == [
        (day[18], day[19])
    ]
