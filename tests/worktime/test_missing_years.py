"""A year without a calendar takes nothing away: what was promised by law stands, and nothing late
becomes timely.
"""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from onestop.worktime import (
    VN,
    Calendar,
    Change,
    Clock,
    Extension,
    Pause,
    Reappointment,
    Restart,
    Verdict,
    by_week,
    fold,
    left,
    parse_term,
    verdict,
    vn_calendar,
)
from tests.worktime.helpers import at

TERMS = (
    "3 ngày làm việc", "1,5 ngày làm việc", "20 ngày làm việc", "10 ngày", "1 tháng", "1 năm", "16 giờ làm việc", "48 giờ", "trong ngày",
)  # fmt: skip
EXTRAS = ("2 ngày làm việc", "365 ngày làm việc", "20 ngày", "1 tháng", "3 năm")
FIRST = datetime(2024, 11, 25, 9, 0, tzinfo=VN)


def without(*years: int) -> Calendar:
    known = vn_calendar()
    return Calendar(known.weeks, known.days, known.known_years - set(years))


calendars = st.sets(st.sampled_from((2025, 2026, 2027)), min_size=1).map(
    lambda years: without(*years)
)
steps = st.lists(
    st.tuples(
        st.sampled_from(("wait", "restart", "extension", "reappointment")),
        st.integers(min_value=0, max_value=60),
        st.integers(min_value=0, max_value=45),
        st.sampled_from(EXTRAS),
    ),
    max_size=5,
)


def history(
    received: datetime, drawn: list[tuple[str, int, int, str]]
) -> list[tuple[datetime, Change]]:
    """The acts one after another, each with the instant it was done at."""
    now, found = received, list[tuple[datetime, Change]]()
    for kind, gap, length, extra in drawn:
        begun = now + timedelta(days=gap, hours=gap % 7)
        now = (
            begun + timedelta(days=length, hours=length % 5)
            if kind in ("wait", "restart")
            else begun
        )
        match kind:
            case "wait":
                found.append((now, Pause(begun, now)))
            case "restart":
                found.append((now, Restart(now, asked=begun)))
            case "extension":
                found.append((now, Extension(now, parse_term(extra))))
            case _:
                found.append((now, Reappointment(now, parse_term(extra))))
    return found


def legal_late(clock: Clock, term: str, now: datetime) -> bool:
    found = clock.legal_promise.at
    return found is not None and verdict(found, parse_term(term), now) is Verdict.LATE


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(calendars, st.sampled_from(TERMS), st.integers(min_value=0, max_value=60), steps)
def test_no_act_takes_away_what_is_known_and_nothing_late_becomes_timely(
    calendar: Calendar, words: str, days: int, drawn: list[tuple[str, int, int, str]]
) -> None:
    received, term = FIRST + timedelta(days=days, hours=days % 9), parse_term(words)
    done: list[Change] = []
    before = fold(received, term, calendar)
    for now, change in history(received, drawn):
        late = legal_late(
            before,
            words,
            change.from_
            if isinstance(change, Pause)
            else getattr(change, "asked", None) or change.at,
        )
        done.append(change)
        after = fold(received, term, calendar, done)
        if before.legal_promise.at is not None:
            assert after.legal_promise.at is not None
        if isinstance(change, Reappointment):
            assert after.legal_promise.at == before.legal_promise.at
        if late:  # asked for, decided or put off after the promise had passed: it heals nothing
            assert after.legal_promise.at == before.legal_promise.at
            assert legal_late(after, words, now)
            if after.promise.undetermined:
                assert after.late(now + timedelta(days=1))
        if not after.legal_promise.undetermined:
            assert after.legal_promise == fold(received, term, vn_calendar(), done).legal_promise
        before = after


def test_a_re_appointment_into_a_year_without_a_calendar_leaves_the_legal_promise_and_the_lateness() -> (
    None
):
    """The finding: both promises and `late_from` became empty, the verdict "đúng hạn"."""
    words, far = (
        parse_term("5 ngày làm việc"),
        Reappointment(at("2026-11-25 09:00"), parse_term("365 ngày làm việc")),
    )
    clock = fold(at("2026-11-02 09:00"), words, vn_calendar(), [far])
    assert (clock.promise.undetermined, clock.promise.at) == (True, None)
    assert clock.legal_promise.at == at("2026-11-09 17:00")
    assert not clock.legal_promise.undetermined
    assert clock.promise.late_from == at("2026-11-10 00:00")
    assert clock.late(at("2026-11-25 10:00"))
    assert verdict(clock.legal_promise.at, words, at("2026-11-25 10:00")) is Verdict.LATE
    shown = left(at("2026-11-25 10:00"), clock.promise, vn_calendar())
    assert (shown.kind, shown.text) == ("late", "quá hạn, chưa xác định lại ngày hẹn")


def test_a_late_dossier_waiting_into_a_year_without_a_calendar_stays_late() -> None:
    asked = Pause(at("2027-12-20 09:00"), at("2028-01-10 09:00"))
    for changes in ([Pause(asked.from_)], [asked]):
        clock = fold(at("2027-12-06 09:00"), parse_term("5 ngày làm việc"), vn_calendar(), changes)
        assert clock.promise.at == clock.legal_promise.at == at("2027-12-13 17:00")
        assert clock.late(at("2028-01-10 10:00"))


def test_what_is_moved_lawfully_into_a_year_without_a_calendar_is_judged_by_the_week_alone() -> (
    None
):
    """Neither late by the old day nor never late: three days were left when it was asked for, on
    22/12/2027.
    """
    words = parse_term("5 ngày làm việc")
    for change, expected in (
        (Pause(at("2027-12-22 09:00"), at("2028-01-10 09:00")), "2028-01-13 17:00"),
        (Restart(at("2028-01-10 09:00"), asked=at("2027-12-22 09:00")), "2028-01-17 17:00"),
        (Extension(at("2027-12-22 09:00"), parse_term("10 ngày làm việc")), "2028-01-10 17:00"),
    ):
        clock = fold(at("2027-12-20 09:00"), words, vn_calendar(), [change])
        assert (clock.promise.undetermined, clock.promise.at) == (True, None)
        assert (clock.legal_promise.undetermined, clock.legal_promise.at) == (True, at(expected))
        assert clock.promise.late_from == at(expected).replace(hour=0) + timedelta(days=1)
        assert not clock.late(at(expected))
        assert clock.late(at(expected) + timedelta(days=1))


def test_a_promise_never_given_is_judged_by_the_week_alone() -> None:
    received, words = at("2027-12-30 09:00"), parse_term("5 ngày làm việc")
    assert fold(received, words, vn_calendar()).legal_promise.at is None
    judged = by_week(received, words, vn_calendar())
    assert (judged.undetermined, judged.at) == (True, at("2028-01-06 17:00"))
    known = by_week(at("2026-11-02 09:00"), words, vn_calendar())
    assert (known.undetermined, known.at) == (False, at("2026-11-09 17:00"))
    assert by_week(received, parse_term("không phải trả kết quả"), vn_calendar()).at is None
    assert by_week(at("9999-12-31 09:00"), parse_term("1 tháng"), vn_calendar()).at is None
