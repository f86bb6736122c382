"""Late and due soon have one instant each; the verdict is one comparison; screens count in the
office's own time.
"""

import pytest

from onestop.worktime import (
    UNDETERMINED,
    LeftKind,
    Pause,
    PauseKind,
    Promise,
    Verdict,
    confirm_by,
    due,
    fold,
    forward_by,
    goes_today,
    left,
    parse_term,
    verdict,
    vn_calendar,
)
from tests.worktime.helpers import MORNING, SEVEN_AND_A_HALF, at


@pytest.mark.parametrize(
    ("term", "late_from"),
    [
        ("5 ngày làm việc", "2026-11-24 00:00"),  # 00:00 of the day after, holiday or not
        ("4 ngày làm việc", "2026-11-21 00:00"),
        ("10 ngày", "2026-11-27 00:00"),
        ("1 tháng", "2026-12-17 00:00"),
        ("trong ngày", "2026-11-17 00:00"),
        ("trả ngay", "2026-11-17 00:00"),
        ("8 giờ làm việc", "2026-11-17 09:00"),  # from the instant
        ("24 giờ", "2026-11-17 09:00"),
        ("0,5 ngày làm việc", "2026-11-17 11:00"),
    ],
)
def test_late_from(term: str, late_from: str) -> None:
    assert due(at("2026-11-16 09:00"), parse_term(term), vn_calendar()).late_from == at(late_from)


@pytest.mark.parametrize(
    ("received", "term", "warn_at"),
    [
        (
            "2026-11-02 09:00",
            "1 ngày làm việc",
            "2026-11-03 11:00",
        ),  # at least 4 working hours: 210 minutes after lunch, 30 before
        (
            "2026-11-02 09:00",
            "2 ngày làm việc",
            "2026-11-03 07:00",
        ),  # by the start of the working day before
        (
            "2026-11-02 09:00",
            "5 ngày làm việc",
            "2026-11-06 07:00",
        ),  # 20 % is one day, the day before is Friday
        (
            "2026-11-02 09:00",
            "7 ngày làm việc",
            "2026-11-10 07:00",
        ),  # 1.4 days: 672 minutes, from 13:48
        (
            "2026-11-02 09:00",
            "1,5 ngày làm việc",
            "2026-11-03 07:00",
        ),  # promised in the second working day, 04/11 11:00
        ("2026-11-02 09:00", "2,5 ngày làm việc", "2026-11-04 07:00"),
        ("2026-11-16 09:00", "7 ngày làm việc", "2026-11-25 07:00"),  # promised 26/11; 24/11 is off
        (
            "2026-11-16 09:00",
            "5,5 ngày làm việc",
            "2026-11-23 07:00",
        ),  # promised 25/11 11:00: the day before is 23/11
        ("2026-11-16 09:00", "7 ngày", "2026-11-20 07:00"),  # promised Monday 23/11
        (
            "2026-11-05 09:00",
            "2 ngày",
            "2026-11-06 07:00",
        ),  # Saturday rolls to Monday the 9th: Friday and Monday are two
        (
            "2026-11-06 09:00",
            "2 ngày",
            "2026-11-09 11:00",
        ),  # Saturday, Sunday, Monday: one working day
        ("2026-11-02 09:00", "1 tháng", "2026-12-01 07:00"),  # at most two days
        ("2026-11-02 09:00", "10 ngày làm việc", "2026-11-13 07:00"),  # two days
        ("2026-11-02 09:00", "20 ngày làm việc", "2026-11-30 07:00"),  # not more than two days
        ("2026-11-02 09:00", "1 năm", "2027-11-01 07:00"),
        ("2026-11-02 08:00", "trong ngày", "2026-11-02 11:00"),
        (
            "2026-11-02 12:00",
            "trong ngày",
            "2026-11-02 12:00",
        ),  # less than 4 hours left: at once, never before receipt
        ("2026-11-02 09:00", "2 giờ làm việc", "2026-11-02 09:00"),
        ("2026-11-02 09:00", "40 giờ làm việc", "2026-11-06 09:00"),  # 20 % is 8 hours
        ("2026-11-02 09:00", "24 giờ", "2026-11-02 15:00"),  # 09:00 next day less 4 working hours
        ("2026-11-02 09:00", "0,5 ngày làm việc", "2026-11-03 07:00"),
    ],
)
def test_due_soon_is_the_last_fifth_of_the_term_within_its_bounds(
    received: str, term: str, warn_at: str
) -> None:
    assert due(at(received), parse_term(term), vn_calendar()).warn_at == at(warn_at)


def test_a_wait_moves_the_warning_with_the_promise_and_does_not_lengthen_it() -> None:
    clock = fold(
        at("2026-11-02 09:00"),
        parse_term("5 ngày làm việc"),
        vn_calendar(),
        [Pause(at("2026-11-04 09:00"), at("2026-11-18 09:00"))],
    )
    assert clock.promise.at == at("2026-11-23 17:00")
    assert clock.promise.warn_at == at("2026-11-20 07:00")


@pytest.mark.parametrize(
    ("promise_at", "term", "ended", "expected"),
    [
        ("2026-11-23 17:00", "5 ngày làm việc", "2026-11-22 23:59:59", Verdict.EARLY),
        ("2026-11-23 17:00", "5 ngày làm việc", "2026-11-23 00:00", Verdict.ON_TIME),
        (
            "2026-11-23 17:00",
            "5 ngày làm việc",
            "2026-11-23 17:00:01",
            Verdict.ON_TIME,
        ),  # the same date, after hours
        ("2026-11-23 17:00", "10 ngày", "2026-11-23 23:59:59", Verdict.ON_TIME),
        ("2026-11-23 17:00", "1 tháng", "2026-11-24 00:00", Verdict.LATE),
        ("2026-11-23 17:00", "trong ngày", "2026-11-23 16:00", Verdict.ON_TIME),
        ("2026-11-23 10:00", "8 giờ làm việc", "2026-11-23 09:00", Verdict.ON_TIME),
        ("2026-11-23 10:00", "8 giờ làm việc", "2026-11-23 10:00:00", Verdict.ON_TIME),
        ("2026-11-23 10:00", "8 giờ làm việc", "2026-11-23 10:00:01", Verdict.LATE),
        ("2026-11-23 10:00", "24 giờ", "2026-11-22 23:00", Verdict.EARLY),
        ("2026-11-23 11:00", "1,5 ngày làm việc", "2026-11-23 11:01", Verdict.LATE),
        ("2026-11-23 11:00", "1,5 ngày làm việc", "2026-11-20 11:01", Verdict.EARLY),
    ],
)
def test_the_verdict(promise_at: str, term: str, ended: str, expected: Verdict) -> None:
    assert verdict(at(promise_at), parse_term(term), at(ended)) is expected


def test_without_a_promise_an_end_is_on_time() -> None:
    assert (
        verdict(None, parse_term("không phải trả kết quả"), at("2030-01-01 09:00"))
        is Verdict.ON_TIME
    )
    assert [value.label for value in Verdict] == ["trước hạn", "đúng hạn", "quá hạn"]


# Received Monday 16/11/2026 09:00, five working days: promised Monday 23/11 17:00; 24/11 is a
# holiday.
@pytest.mark.parametrize(
    ("now", "kind", "text"),
    [
        ("2026-11-16 09:00", LeftKind.RUNNING, "còn 5 ngày 6 giờ"),
        ("2026-11-18 07:00", LeftKind.RUNNING, "còn 4 ngày"),
        ("2026-11-18 17:30", LeftKind.RUNNING, "còn 3 ngày"),
        ("2026-11-20 14:00", LeftKind.SOON, "còn 1 ngày 3 giờ"),
        ("2026-11-20 16:45", LeftKind.SOON, "còn 1 ngày"),
        ("2026-11-22 12:00", LeftKind.SOON, "còn 1 ngày"),
        ("2026-11-23 06:59", LeftKind.TODAY, "đến hạn hôm nay 17:00"),
        ("2026-11-23 17:00", LeftKind.TODAY, "đến hạn hôm nay 17:00"),
        ("2026-11-23 17:01", LeftKind.CLOSED_TODAY, "hết giờ hôm nay"),
        ("2026-11-23 23:59", LeftKind.CLOSED_TODAY, "hết giờ hôm nay"),
        ("2026-11-24 00:00", LeftKind.LATE, "quá hạn"),  # late, but no working day over yet
        ("2026-11-25 08:00", LeftKind.LATE, "quá 1 ngày"),
        ("2026-11-26 08:00", LeftKind.LATE, "quá 2 ngày"),
        ("2026-11-29 08:00", LeftKind.LATE, "quá 3 ngày"),
    ],
)
def test_what_is_left_of_a_day_term(now: str, kind: LeftKind, text: str) -> None:
    promise = due(at("2026-11-16 09:00"), parse_term("5 ngày làm việc"), vn_calendar())
    found = left(at(now), promise, vn_calendar())
    assert (found.kind, found.text) == (kind, text)


@pytest.mark.parametrize(
    ("now", "kind", "text"),
    [
        ("2026-11-16 14:00", LeftKind.RUNNING, "còn 6 giờ"),
        ("2026-11-16 16:10", LeftKind.SOON, "còn 3 giờ 50 phút"),
        ("2026-11-16 23:00", LeftKind.SOON, "còn 3 giờ"),
        ("2026-11-17 09:30", LeftKind.TODAY, "đến hạn hôm nay 10:00"),
        ("2026-11-17 10:30", LeftKind.LATE, "quá 30 phút"),
        ("2026-11-17 14:00", LeftKind.LATE, "quá 2 giờ"),
        ("2026-11-18 11:00", LeftKind.LATE, "quá 1 ngày 1 giờ"),
    ],
)
def test_what_is_left_of_an_hour_term(now: str, kind: LeftKind, text: str) -> None:
    promise = due(at("2026-11-16 09:00"), parse_term("9 giờ làm việc"), vn_calendar())
    found = left(at(now), promise, vn_calendar())
    assert (found.kind, found.text) == (kind, text)


def test_a_day_left_is_that_offices_own_day() -> None:
    promise = Promise(at=at("2026-11-18 17:00"), late_from=at("2026-11-19 00:00"))
    seven_and_a_half = vn_calendar(SEVEN_AND_A_HALF)
    assert left(at("2026-11-16 16:00"), promise, seven_and_a_half).text == "còn 2 ngày 1 giờ"
    assert left(at("2026-11-16 07:30"), promise, seven_and_a_half).text == "còn 3 ngày"
    assert (
        left(at("2026-11-16 09:30"), Promise(at=at("2026-11-18 11:30")), vn_calendar(MORNING)).text
        == "còn 2 ngày 2 giờ"
    )


def test_what_waits_what_is_unknown_and_what_is_not_promised() -> None:
    calendar = vn_calendar()
    now = at("2026-11-25 09:00")
    promise = due(at("2026-11-16 09:00"), parse_term("5 ngày làm việc"), calendar)
    waiting = fold(
        at("2026-11-16 09:00"),
        parse_term("5 ngày làm việc"),
        calendar,
        [Pause(at("2026-11-18 09:00"))],
    )
    assert (
        left(now, waiting.promise, calendar, paused=PauseKind.SUPPLEMENT).text == "đang chờ bổ sung"
    )
    late = left(now, promise, calendar, paused=PauseKind.SUPPLEMENT)
    assert (late.kind, late.text) == (LeftKind.LATE, "quá 1 ngày, đang chờ bổ sung")
    assert left(now, UNDETERMINED, calendar).kind is LeftKind.UNDETERMINED
    assert left(now, Promise(), calendar).kind is LeftKind.NO_PROMISE
    assert left(at("2029-01-01 09:00"), promise, calendar).text == "quá hạn từ 23/11/2026"


@pytest.mark.parametrize(
    ("received", "expected", "today"),
    [
        ("2026-11-16 08:00", "2026-11-16 17:00", True),
        ("2026-11-16 15:00:00", "2026-11-16 17:00", True),  # exactly 15:00:00 is not after
        ("2026-11-16 15:00:01", "2026-11-17 07:00", False),
        ("2026-11-16 18:00", "2026-11-17 07:00", False),
        ("2026-11-23 15:30", "2026-11-25 07:00", False),
        ("2026-11-21 09:00", "2026-11-23 07:00", False),
    ],
)
def test_when_the_counter_must_pass_it_on(received: str, expected: str, today: bool) -> None:
    """R-39."""
    assert forward_by(at(received), vn_calendar()) == at(expected)
    assert goes_today(at(received), vn_calendar()) is today


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2026-11-16 08:00", "2026-11-16 17:00"),
        ("2026-11-16 07:00", "2026-11-16 11:30"),
        ("2026-11-16 12:00", "2026-11-16 17:00"),
        ("2026-11-16 14:00", "2026-11-17 11:30"),
        ("2026-11-23 16:00", "2026-11-25 11:30"),
    ],
)
def test_an_unconfirmed_hand_over_is_flagged_after_one_whole_session(
    given: str, expected: str
) -> None:
    assert confirm_by(at(given), vn_calendar()) == at(expected)
