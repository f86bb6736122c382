"""How a report that is owed is judged, against a table of cases; naive dates, no database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from reports.duties.judging import (
    Event,
    Judged,
    Outage,
    Part,
    Rule,
    State,
    Terms,
    deduction,
    judge,
    same_day,
)

LAST = date(2026, 9, 14)
DAY = timedelta(days=1)
RULE = Rule()
NONE, LATE, MISSING = Decimal(0), Decimal("0.25"), Decimal("0.5")
DUE = {Part.FORM: 3, Part.DOCUMENT: 3, Part.ENTRY: 3}
FORM, DOCUMENT, ENTRY = Part.FORM, Part.DOCUMENT, Part.ENTRY
RETURNED, POOR, WITHDRAWN = Judged.RETURNED, Judged.POOR, Judged.WITHDRAWN
Did = tuple[str, Part | Judged]


def day(text: str) -> date:
    """September, or a day of another month."""
    if "/" not in text:
        return date(2026, 9, int(text))
    number, month = text.split("/")
    return date(2026, int(month), int(number))


def events(did: list[Did]) -> list[Event]:
    """In the order in which they are told, each recorded on its day."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        Event(what, day(text), start + timedelta(minutes=number))
        for number, (text, what) in enumerate(did)
    ]


def sent(text: str) -> list[Did]:
    return [(text, FORM), (text, DOCUMENT), (text, ENTRY)]


# What was done, today, state, deduction. Due is the 17th, missing from the 28th on.
CASES: dict[str, tuple[list[Did], str, State, Decimal]] = {
    "the period runs": ([], "14", State.NOT_DUE, NONE),
    "its first day after": ([], "15", State.DUE, NONE),
    "on its last day": ([], "17", State.DUE, NONE),
    "a day later": ([], "18", State.LATE, LATE),
    "the last day on which late is late": ([], "27", State.LATE, LATE),
    "missing": ([], "28", State.MISSING, MISSING),
    "sent in time": (sent("17"), "30", State.SENT, NONE),
    "sent before the period ended": (sent("14"), "14", State.SENT, NONE),
    "sent late": (sent("18"), "30", State.SENT, LATE),
    "sent after it counted as missing": (sent("28"), "30", State.SENT, MISSING),
    "only the document": ([("16", FORM), ("16", DOCUMENT)], "17", State.DUE, NONE),
    "the entry is late": ([*sent("16")[:2], ("20", ENTRY)], "30", State.SENT, LATE),
    "the entry is missing": (sent("16")[:2], "28", State.MISSING, MISSING),
    "a later date stands instead": ([*sent("20"), *sent("17")], "30", State.SENT, NONE),
    "the form withdrawn": ([*sent("16"), ("16", WITHDRAWN)], "18", State.LATE, LATE),
    "withdrawn and signed again": (
        [*sent("16"), ("16", WITHDRAWN), ("17", FORM)], "30", State.SENT, NONE,
    ),
    "poor": ([*sent("16"), ("20", POOR)], "30", State.SENT, LATE),
    "late and poor is taken off once": ([*sent("18"), ("20", POOR)], "30", State.SENT, LATE),
    "returned": ([*sent("16"), ("18", RETURNED)], "21", State.RETURNED, NONE),
    "returned, not repaired in time": ([*sent("16"), ("18", RETURNED)], "22", State.RETURNED, LATE),
    "returned, never repaired": ([*sent("16"), ("18", RETURNED)], "2/10", State.MISSING, MISSING),
    "returned and repaired": (
        [*sent("16"), ("18", RETURNED), *sent("21")], "30", State.SENT, NONE,
    ),
    "returned, repaired late": (
        [*sent("16"), ("18", RETURNED), *sent("22")], "30", State.SENT, LATE,
    ),
    "returned early: the first day stays": (
        [*sent("14"), ("14", RETURNED)], "17", State.RETURNED, NONE,
    ),
    "late once, repaired in time": (
        [*sent("18"), ("19", RETURNED), *sent("20")], "30", State.SENT, LATE,
    ),
    "poor, returned and repaired": (
        [*sent("16"), ("18", POOR), ("18", RETURNED), *sent("20")], "30", State.SENT, LATE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_case(name: str) -> None:
    did, today, state, off = CASES[name]
    found = judge(Terms(LAST, DUE), events(did), rule=RULE, today=day(today))
    assert (found.state, deduction(found, RULE)) == (state, off)


def test_every_state_is_in_the_table() -> None:
    assert {case[2] for case in CASES.values()} == set(State) - {State.NOT_OWED}


@pytest.mark.parametrize(
    ("first", "last", "today", "entry_due", "state"),
    [
        ("10", "14", "18", "17", State.LATE),  # over before the term begins
        ("16", "16", "18", "18", State.DUE),
        ("16", "17", "20", "19", State.LATE),
        ("17", "20", "21", "21", State.DUE),
        ("18", "20", "18", "17", State.LATE),  # after the last day
        ("16", None, "25", "27", State.DUE),  # still: never before it works again
    ],
)
def test_days_without_the_reporting_system_are_not_counted(
    first: str, last: str | None, today: str, entry_due: str, state: State
) -> None:
    """Of the entry; the document was signed in time, and waits for no system."""
    outage = Outage(day(first), day(last) if last else None)
    did = events([("16", FORM), ("16", DOCUMENT)])
    found = judge(Terms(LAST, DUE), did, rule=RULE, outages=[outage], today=day(today))
    assert (found.due[ENTRY], found.due[DOCUMENT]) == (day(entry_due), day("17"))
    assert (found.state, found.is_moved) == (state, entry_due != "17")


def test_outages_that_overlap_count_each_day_once() -> None:
    outages = [Outage(day("15"), day("16")), Outage(day("16"), day("18"))]
    found = judge(Terms(LAST, DUE), [], rule=RULE, outages=outages, today=day("19"))
    assert found.due[ENTRY] == day("21")
    assert deduction(found, RULE) == LATE  # the document was due on the 17th


@pytest.mark.parametrize(
    ("opened", "closed", "is_owed"),
    [
        (None, None, True),
        (None, "14", True),  # still there on the last day
        (None, "13", False),  # its successor reports
        ("14", None, True),
        ("15", None, False),
    ],
)
def test_a_unit_that_ended_or_began_owes_what_ends_in_its_days(
    opened: str | None, closed: str | None, is_owed: bool
) -> None:
    terms = Terms(LAST, DUE, *(day(one) if one else None for one in (opened, closed)))
    found = judge(terms, [], rule=RULE, today=day("1/12"))
    assert (found.state != State.NOT_OWED) is is_owed
    assert deduction(found, RULE) == (MISSING if is_owed else NONE)


def test_a_last_day_off_moves_to_the_next_working_day() -> None:
    """Civil Code Đ148.5: here nobody works from the 17th to the 19th."""

    def working(one: date) -> date:
        return day("20") if day("17") <= one <= day("19") else one

    found = judge(Terms(LAST, DUE), [], rule=RULE, today=day("20"), working=working)
    assert (set(found.due.values()), found.state) == ({day("20")}, State.DUE)
    assert same_day(LAST) == LAST


def test_a_province_sets_its_own_rule() -> None:
    rule = Rule(
        late=Decimal(1), poor=Decimal(2), missing=Decimal(3), missing_after=1, repair_days=1
    )
    found = {
        name: deduction(judge(Terms(LAST, DUE), events(did), rule=rule, today=day(today)), rule)
        for name, did, today in [
            ("late", sent("18"), "30"),
            ("poor and late", [*sent("18"), ("20", POOR)], "30"),
            ("missing", [], "19"),
            ("returned", [*sent("16"), ("18", RETURNED), *sent("20")], "30"),
        ]
    }
    assert found == {
        "late": Decimal(1), "poor and late": Decimal(2), "missing": Decimal(3), "returned": Decimal(1)
    }  # fmt: skip


def test_only_what_is_needed_is_waited_for() -> None:
    found = judge(
        Terms(LAST, {DOCUMENT: 3, ENTRY: 8}),
        events([("17", DOCUMENT), ("22", ENTRY)]),
        rule=RULE,
        today=day("30"),
    )
    assert (found.state, found.sent_on, found.was_late) == (State.SENT, day("22"), False)
    assert found.days_late(ENTRY, day("30")) == found.days_late(FORM, day("30")) == 0


def test_it_is_missing_from_the_day_that_is_told() -> None:
    """The first part that lacks decides; another is due later."""
    terms = Terms(LAST, {DOCUMENT: 3, ENTRY: 15})
    for did in ([], [("16", DOCUMENT)], [("16", ENTRY)]):
        told = judge(terms, events(did), rule=RULE, today=LAST).missing_from
        assert told is not None
        for today, is_missing in ((told - DAY, False), (told, True)):
            found = judge(terms, events(did), rule=RULE, today=today)
            assert (found.state == State.MISSING) is is_missing
            assert found.missing_from == told


def test_days_to_come_move_nothing() -> None:
    """Whatever was recorded once: nobody knows when a system works again."""
    outage = Outage(day("16"), date(2200, 1, 1))
    found = judge(Terms(LAST, DUE), [], rule=RULE, outages=[outage], today=day("16"))
    assert found.due[ENTRY] == day("18")
