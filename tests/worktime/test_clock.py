"""What moves a promise: waits in the term's own unit, restarts, extensions, re-appointments.
Lateness never heals.
"""

import pytest

from onestop.worktime import (
    Change,
    ChangeError,
    Clock,
    Extension,
    Pause,
    PauseKind,
    Reappointment,
    Restart,
    Verdict,
    due,
    fold,
    parse_term,
    verdict,
    vn_calendar,
)
from tests.worktime.helpers import at


def clock(received: str, term: str, *changes: Change) -> Clock:
    return fold(at(received), parse_term(term), vn_calendar(), changes)


def wait(start: str, end: str | None = None, kind: PauseKind = PauseKind.SUPPLEMENT) -> Pause:
    return Pause(at(start), at(end) if end else None, kind)


def legal(received: str, term: str, *changes: Change) -> str:
    promise = clock(received, term, *changes).legal_promise
    assert promise.at is not None
    return f"{promise.at:%Y-%m-%d %H:%M}"


# November 2026: the 24th (Tuesday) is off; 14/15, 21/22, 28/29 are weekends.
@pytest.mark.parametrize(
    ("term", "start", "end", "before", "after"),
    [
        # working days after the day of the notice up to and including the day of completion
        (
            "5 ngày làm việc",
            "2026-11-17 09:00",
            "2026-11-17 16:00",
            "2026-11-23 17:00",
            "2026-11-23 17:00",
        ),
        (
            "5 ngày làm việc",
            "2026-11-17 09:00",
            "2026-11-18 07:00",
            "2026-11-23 17:00",
            "2026-11-25 17:00",
        ),
        (
            "5 ngày làm việc",
            "2026-11-17 09:00",
            "2026-11-19 16:00",
            "2026-11-23 17:00",
            "2026-11-26 17:00",
        ),
        (
            "5 ngày làm việc",
            "2026-11-20 09:00",
            "2026-11-22 16:00",
            "2026-11-23 17:00",
            "2026-11-23 17:00",
        ),  # a weekend is no wait
        (
            "5 ngày làm việc",
            "2026-11-23 16:00",
            "2026-11-25 08:00",
            "2026-11-23 17:00",
            "2026-11-25 17:00",
        ),  # on the last day
        # a fraction waits in working days too
        (
            "1,5 ngày làm việc",
            "2026-11-17 09:00",
            "2026-11-19 16:00",
            "2026-11-18 11:00",
            "2026-11-20 11:00",
        ),
        # calendar days, then rolled
        ("10 ngày", "2026-11-17 09:00", "2026-11-17 16:00", "2026-11-26 17:00", "2026-11-26 17:00"),
        ("10 ngày", "2026-11-17 09:00", "2026-11-18 07:00", "2026-11-26 17:00", "2026-11-27 17:00"),
        (
            "10 ngày",
            "2026-11-20 16:00",
            "2026-11-22 09:00",
            "2026-11-26 17:00",
            "2026-11-30 17:00",
        ),  # 28th is a Saturday
        (
            "5 ngày",
            "2026-11-18 16:00",
            "2026-11-19 09:00",
            "2026-11-23 17:00",
            "2026-11-23 17:00",
        ),  # 21st to 22nd: the roll hides it
        # months and years likewise
        ("1 tháng", "2026-11-20 16:00", "2026-11-22 09:00", "2026-12-16 17:00", "2026-12-18 17:00"),
        ("1 năm", "2026-11-20 16:00", "2026-11-22 09:00", "2027-11-16 17:00", "2027-11-18 17:00"),
        # working minutes
        (
            "8 giờ làm việc",
            "2026-11-16 11:00",
            "2026-11-16 14:00",
            "2026-11-17 09:00",
            "2026-11-17 10:00",
        ),
        (
            "8 giờ làm việc",
            "2026-11-16 17:00",
            "2026-11-17 07:00",
            "2026-11-17 09:00",
            "2026-11-17 09:00",
        ),  # a night is no wait
        (
            "8 giờ làm việc",
            "2026-11-16 16:00",
            "2026-11-18 08:00",
            "2026-11-17 09:00",
            "2026-11-18 11:00",
        ),
        # clock time
        (
            "30 giờ",
            "2026-11-16 16:00",
            "2026-11-16 18:30",
            "2026-11-17 15:00",
            "2026-11-18 07:00",
        ),  # 17:30 is after hours
        ("30 giờ", "2026-11-16 16:00", "2026-11-16 17:30", "2026-11-17 15:00", "2026-11-17 16:30"),
        # working days for `trong ngày`
        (
            "trong ngày",
            "2026-11-16 10:00",
            "2026-11-16 16:30",
            "2026-11-16 17:00",
            "2026-11-16 17:00",
        ),
        (
            "trong ngày",
            "2026-11-16 10:00",
            "2026-11-18 08:00",
            "2026-11-16 17:00",
            "2026-11-18 17:00",
        ),
        (
            "trả ngay",
            "2026-11-16 10:00",
            "2026-11-18 16:59",
            "2026-11-16 17:00",
            "2026-11-18 17:00",
        ),
    ],
)
def test_a_wait_moves_the_term_in_its_own_unit(
    term: str, start: str, end: str, before: str, after: str
) -> None:
    """R-48. Everything is received on Monday 16/11/2026 at 09:00."""
    assert legal("2026-11-16 09:00", term) == before
    assert legal("2026-11-16 09:00", term, wait(start, end)) == after
    by_due = due(at("2026-11-16 09:00"), parse_term(term), vn_calendar(), pauses=[wait(start, end)])
    assert by_due == clock("2026-11-16 09:00", term, wait(start, end)).legal_promise


@pytest.mark.parametrize(
    ("waits", "expected"),
    [
        (
            [("2026-11-17 09:00", "2026-11-19 09:00"), ("2026-11-18 09:00", "2026-11-20 09:00")],
            "2026-11-27 17:00",
        ),
        (
            [("2026-11-17 09:00", "2026-11-20 09:00"), ("2026-11-18 09:00", "2026-11-19 09:00")],
            "2026-11-27 17:00",
        ),
        (
            [("2026-11-17 09:00", "2026-11-18 09:00"), ("2026-11-18 09:00", "2026-11-20 09:00")],
            "2026-11-27 17:00",
        ),
        (
            [("2026-11-17 09:00", "2026-11-18 09:00"), ("2026-11-19 09:00", "2026-11-20 09:00")],
            "2026-11-26 17:00",
        ),
    ],
)
def test_overlapping_waits_are_one(waits: list[tuple[str, str]], expected: str) -> None:
    changes = [wait(*pair) for pair in waits]
    assert legal("2026-11-16 09:00", "5 ngày làm việc", *changes) == expected
    assert legal("2026-11-16 09:00", "5 ngày làm việc", *reversed(changes)) == expected


@pytest.mark.parametrize(
    ("term", "asked", "promise"),
    [
        ("1 ngày làm việc", "2026-11-18 00:00", "2026-11-17 17:00"),
        ("1 ngày làm việc", "2026-11-19 09:00", "2026-11-17 17:00"),
        ("1 ngày", "2026-11-18 07:00", "2026-11-17 17:00"),
        ("2 giờ", "2026-11-16 11:01", "2026-11-16 11:00"),
        ("2 giờ làm việc", "2026-11-16 11:00:01", "2026-11-16 11:00"),
        ("0,5 ngày làm việc", "2026-11-17 11:01", "2026-11-17 11:00"),
        ("trong ngày", "2026-11-17 07:00", "2026-11-16 17:00"),
    ],
)
def test_what_is_asked_after_the_promise_has_passed_heals_nothing(
    term: str, asked: str, promise: str
) -> None:
    for change in (
        wait(asked, "2026-11-30 09:00"),
        Restart(at("2026-11-30 09:00"), asked=at(asked)),
    ):
        assert legal("2026-11-16 09:00", term, change) == promise
    open_wait = clock("2026-11-16 09:00", term, wait(asked))
    assert open_wait.waiting
    assert open_wait.late_before_wait
    assert open_wait.late(at("2026-11-20 09:00"))  # it counts as late while it waits
    legal_at = open_wait.legal_promise.at
    assert verdict(legal_at, parse_term(term), at("2026-11-30 10:00")) is Verdict.LATE


@pytest.mark.parametrize(
    ("term", "asked"),
    [
        ("1 ngày làm việc", "2026-11-17 17:00"),
        ("1 ngày làm việc", "2026-11-17 23:59:59"),  # closed for today, but not late yet
        ("2 giờ làm việc", "2026-11-16 11:00"),
    ],
)
def test_what_is_asked_at_the_last_moment_still_moves(term: str, asked: str) -> None:
    assert legal("2026-11-16 09:00", term, wait(asked, "2026-11-26 09:00")) >= "2026-11-26"
    assert (
        legal("2026-11-16 09:00", term, Restart(at("2026-11-26 09:00"), asked=at(asked)))
        > "2026-11-26"
    )


@pytest.mark.parametrize(
    ("term", "start", "end", "expected"),
    [
        (
            "1 ngày làm việc",
            "2026-11-17 09:00",
            "2026-11-21 08:00",
            "2026-11-20 17:00",
        ),  # completed on a Saturday
        ("1 tháng", "2026-12-16 09:00", "2026-12-18 09:00", "2026-12-18 17:00"),
        (
            "5 ngày",
            "2026-11-23 09:00",
            "2026-11-26 09:00",
            "2026-11-25 17:00",
        ),  # asked while rolled from Saturday to Monday
        (
            "0,5 ngày làm việc",
            "2026-11-17 10:00",
            "2026-11-18 15:00",
            "2026-11-18 11:00",
        ),  # completed after the share of the day
        (
            "0,5 ngày làm việc",
            "2026-11-17 10:00",
            "2026-11-17 15:00",
            "2026-11-17 11:00",
        ),  # within the day of the notice
        ("11 giờ", "2026-11-17 06:00", "2026-11-17 18:00", "2026-11-17 08:00"),
    ],
)
def test_a_wait_moves_the_promise_by_its_own_units_and_no_further(
    term: str, start: str, end: str, expected: str
) -> None:
    """By the letter, even when what remained is less than what the completion leaves."""
    assert legal("2026-11-16 09:00", term, wait(start, end)) == expected


def test_while_it_waits_a_dossier_is_neither_due_soon_nor_late() -> None:
    waiting = clock("2026-11-16 09:00", "5 ngày làm việc", wait("2026-11-18 09:00"))
    assert waiting.waiting
    assert waiting.waiting_since == at("2026-11-18 09:00")
    assert waiting.promise.at == at("2026-11-23 17:00")
    assert waiting.promise.late_from is None
    assert waiting.promise.warn_at is None
    assert not waiting.late(at("2026-12-31 09:00"))


def test_a_second_request_while_the_first_still_waits_changes_nothing() -> None:
    two = clock(
        "2026-11-16 09:00", "5 ngày làm việc", wait("2026-11-18 09:00"), wait("2026-12-18 09:00")
    )
    assert two.waiting
    assert not two.late_before_wait


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("5 ngày làm việc", "2026-12-02 17:00"),
        ("10 ngày", "2026-12-07 17:00"),  # Saturday the 5th rolls
        ("1 tháng", "2026-12-25 17:00"),
        ("8 giờ làm việc", "2026-11-26 15:30"),
        ("24 giờ", "2026-11-26 15:30"),
        ("trong ngày", "2026-11-26 17:00"),  # completed after 15:00
    ],
)
def test_a_restart_gives_the_whole_term_anew_from_completion(term: str, expected: str) -> None:
    """R-47."""
    assert (
        legal(
            "2026-11-25 14:00", term, Restart(at("2026-11-25 15:30"), asked=at("2026-11-25 14:30"))
        )
        == expected
    )


def test_a_restart_forgets_the_waits_before_it_and_keeps_what_runs_on() -> None:
    restart = Restart(at("2026-11-19 09:00"), asked=at("2026-11-17 09:00"))
    assert (
        legal(
            "2026-11-16 09:00",
            "5 ngày làm việc",
            wait("2026-11-16 10:00", "2026-11-18 09:00"),
            restart,
        )
        == "2026-11-27 17:00"
    )
    assert (
        legal(
            "2026-11-16 09:00",
            "5 ngày làm việc",
            wait("2026-11-16 10:00", "2026-11-23 09:00"),
            restart,
        )
        == "2026-12-01 17:00"
    )
    started = clock("2026-11-16 09:00", "5 ngày làm việc", restart).started
    assert started == at("2026-11-19 09:00")


def test_a_restart_of_unknown_asking_is_vouched_for_by_the_caller() -> None:
    assert (
        legal("2026-11-16 09:00", "1 ngày làm việc", Restart(at("2026-11-26 09:00")))
        == "2026-11-27 17:00"
    )


def test_excluded_time_moves_like_a_wait() -> None:
    excluded = wait("2026-11-17 09:00", "2026-11-19 16:00", PauseKind.FINANCIAL)
    assert legal("2026-11-16 09:00", "5 ngày làm việc", excluded) == "2026-11-26 17:00"


@pytest.mark.parametrize(
    ("term", "by", "expected"),
    [
        ("trong ngày", "2 ngày làm việc", "2026-11-18 17:00"),  # certified copies (NĐ 23/2015 Đ21)
        ("5 ngày làm việc", "3 ngày làm việc", "2026-11-27 17:00"),
        ("10 ngày", "5 ngày", "2026-12-01 17:00"),
        (
            "5 ngày",
            "3 ngày",
            "2026-11-25 17:00",
        ),  # from Saturday the 21st, not from the rolled Monday: 24/11 rolls
        ("1 tháng", "1 tháng", "2027-01-18 17:00"),
        ("8 giờ làm việc", "2 giờ làm việc", "2026-11-17 11:00"),
        ("8 giờ làm việc", "1 ngày làm việc", "2026-11-18 17:00"),
        ("24 giờ", "24 giờ", "2026-11-18 09:00"),
        ("24 giờ", "1 ngày làm việc", "2026-11-18 17:00"),
    ],
)
def test_a_lawful_extension_moves_the_promise_and_the_verdict(
    term: str, by: str, expected: str
) -> None:
    extended = clock(
        "2026-11-16 09:00",
        term,
        Extension(
            at("2026-11-16 14:00") if term != "8 giờ" else at("2026-11-16 10:00"), parse_term(by)
        ),
    )
    assert extended.legal_promise.at == at(expected)
    assert extended.promise == extended.legal_promise


def test_an_extension_after_the_promise_has_passed_heals_nothing() -> None:
    assert (
        legal(
            "2026-11-16 09:00",
            "1 ngày làm việc",
            Extension(at("2026-11-18 09:00"), parse_term("5 ngày làm việc")),
        )
        == "2026-11-17 17:00"
    )


@pytest.mark.parametrize("by", ["2 giờ", "trong ngày", "0,5 ngày làm việc"])
def test_an_extension_that_does_not_fit_the_unit_is_refused(by: str) -> None:
    with pytest.raises(ChangeError):
        clock(
            "2026-11-16 09:00", "5 ngày làm việc", Extension(at("2026-11-17 09:00"), parse_term(by))
        )


def test_a_reappointment_moves_what_people_see_and_never_the_verdict() -> None:
    moved = clock(
        "2026-11-16 09:00",
        "5 ngày làm việc",
        Reappointment(at("2026-11-20 09:00"), parse_term("3 ngày làm việc")),
    )
    assert moved.promise.at == at("2026-11-27 17:00")
    assert moved.promise.late_from == at("2026-11-28 00:00")
    assert moved.legal_promise.at == at("2026-11-23 17:00")
    assert not moved.late(at("2026-11-25 09:00"))
    assert (
        verdict(moved.legal_promise.at, parse_term("5 ngày làm việc"), at("2026-11-25 09:00"))
        is Verdict.LATE
    )


def test_a_reappointment_of_a_late_dossier_counts_from_the_apology() -> None:
    moved = clock(
        "2026-11-16 09:00",
        "1 ngày làm việc",
        Reappointment(at("2026-11-20 09:00"), parse_term("2 ngày làm việc")),
    )
    assert moved.promise.at == at("2026-11-25 17:00")
    assert moved.legal_promise.at == at("2026-11-17 17:00")
    hours = clock(
        "2026-11-16 09:00",
        "2 giờ làm việc",
        Reappointment(at("2026-11-20 09:00"), parse_term("2 giờ làm việc")),
    )
    assert hours.promise.at == at("2026-11-20 11:00")


def test_a_year_without_a_calendar_leaves_the_clock_undetermined() -> None:
    unknown = clock("2027-12-30 09:00", "5 ngày làm việc", wait("2027-12-31 09:00"))
    assert unknown.promise.undetermined
    assert unknown.legal_promise.undetermined
    assert unknown.waiting


def test_nothing_promised_is_never_late_but_may_wait() -> None:
    nothing = clock("2026-11-16 09:00", "không phải trả kết quả", wait("2026-11-17 09:00"))
    assert nothing.promise.at is None
    assert not nothing.promise.undetermined
    assert nothing.waiting
    assert not nothing.late(at("2027-11-16 09:00"))


def test_contradicting_changes_are_refused() -> None:
    with pytest.raises(ChangeError):
        wait("2026-11-17 09:00", "2026-11-17 08:59")
    with pytest.raises(ChangeError):
        Restart(at("2026-11-17 09:00"), asked=at("2026-11-17 09:01"))
    with pytest.raises(ChangeError):
        due(
            at("2026-11-16 09:00"),
            parse_term("1 ngày"),
            vn_calendar(),
            pauses=[wait("2026-11-15 09:00", "2026-11-17 09:00")],
        )


def test_while_the_clock_stands_still_the_promise_cannot_pass() -> None:
    """Asked for at the very end of a session, completed in the evening: an extension decided in
    between still counts.
    """
    evening = wait("2026-11-16 17:00", "2026-11-16 20:00")
    extension = Extension(at("2026-11-16 19:00"), parse_term("1 giờ làm việc"))
    assert legal("2026-11-16 15:00", "2 giờ làm việc", evening, extension) == "2026-11-17 08:00"
