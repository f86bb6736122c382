"""Rows become the one calendar value; it is built again only when a row changed."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from onestop.accounts.calendars import calendar_of, calendars_of, load_national_calendar
from onestop.accounts.models import CalendarDay, CalendarYear, Confidence, DayKind, WorkingWeek
from onestop.worktime import due, parse_term, vn_calendar

pytestmark = pytest.mark.django_db
VN = ZoneInfo("Asia/Ho_Chi_Minh")
FULL = "07:00-11:30,13:30-17:00"


@pytest.fixture
def national(db):
    load_national_calendar()


def test_the_national_rows_give_the_shipped_calendar(national):
    built, shipped = calendar_of(None), vn_calendar()
    assert built.known_years == shipped.known_years
    assert built.provisional_years == shipped.provisional_years
    for day in (
        date(2026, 1, 2),
        date(2026, 1, 10),
        date(2026, 8, 22),
        date(2026, 8, 31),
        date(2026, 11, 24),
        date(2026, 11, 25),
    ):
        assert built.sessions_on(day) == shipped.sessions_on(day)


def test_loading_twice_changes_nothing(national):
    assert load_national_calendar() == 0


def test_loading_again_leaves_what_an_administrator_entered(national):
    CalendarDay.objects.filter(date=date(2027, 2, 4)).update(
        name="Theo quyết định", confidence=Confidence.HIGH
    )
    CalendarYear.objects.filter(year=2027).update(provisional=False)
    load_national_calendar()
    assert CalendarDay.objects.get(date=date(2027, 2, 4)).name == "Theo quyết định"
    assert not CalendarYear.objects.get(year=2027).provisional


def test_estimated_days_are_marked(national):
    assert CalendarDay.objects.get(date=date(2027, 2, 4)).confidence == Confidence.LOW


def test_a_promise_through_rows_is_the_worked_example(national):
    promise = due(
        datetime(2026, 11, 20, 14, 0, tzinfo=VN), parse_term("5 ngày làm việc"), calendar_of(None)
    )
    assert promise.at == datetime(2026, 11, 30, 17, 0, tzinfo=VN)


def test_an_agency_closes_for_itself_and_those_below(national, tree):
    CalendarDay.objects.create(
        agency=tree.here,
        date=date(2026, 11, 25),
        kind=DayKind.CLOSING,
        name="Mất điện",
        source="TB 12",
    )
    assert not calendar_of(tree.here.pk).is_working_day(date(2026, 11, 25))
    assert calendar_of(tree.there.pk).is_working_day(date(2026, 11, 25))
    CalendarDay.objects.create(
        agency=tree.province,
        date=date(2026, 11, 26),
        kind=DayKind.CLOSING,
        name="Bão",
        source="CĐ 3",
    )
    assert not calendar_of(tree.here.pk).is_working_day(date(2026, 11, 26))
    assert not calendar_of(tree.there.pk).is_working_day(date(2026, 11, 26))


def test_the_nearer_row_wins_for_its_date(national, tree):
    for agency, kind, sessions in (
        (tree.province, DayKind.CLOSING, ""),
        (tree.here, DayKind.OWN_HOURS, "07:00-11:30"),
    ):
        CalendarDay.objects.create(
            agency=agency,
            date=date(2026, 11, 26),
            kind=kind,
            sessions=sessions,
            name="Bão",
            source="x",
        )
    assert calendar_of(tree.here.pk).sessions_on(date(2026, 11, 26)) == ((time(7), time(11, 30)),)
    assert calendar_of(tree.there.pk).sessions_on(date(2026, 11, 26)) == ()


def test_own_weeks_hold_from_their_first_day_and_the_national_ones_before(national, tree):
    late = "08:00-12:00,13:00-17:00"
    WorkingWeek.objects.create(
        agency=tree.here,
        effective_from=date(2026, 12, 1),
        sessions=[late] * 5 + ["07:30-11:30", ""],
        reception_only=[5],
    )
    calendar = calendar_of(tree.here.pk)
    assert calendar.sessions_on(date(2026, 11, 30))[0] == (time(7), time(11, 30))
    assert calendar.sessions_on(date(2026, 12, 1))[0] == (time(8), time(12))
    assert calendar.sessions_on(date(2026, 12, 5)) == ((time(7, 30), time(11, 30)),)
    assert not calendar.is_working_day(date(2026, 12, 5))


def test_without_rows_no_year_is_known(tree):
    assert calendar_of(tree.here.pk).known_years == frozenset()


def test_an_unchanged_calendar_costs_one_query(national, tree, queries):
    calendars_of([tree.here.pk, tree.there.pk])
    with queries() as seen:
        first = calendar_of(tree.here.pk)
        assert calendar_of(tree.here.pk) is first
    assert len(seen) == 2
    with queries() as seen:
        calendars_of([tree.here.pk, tree.there.pk, tree.here.pk])
    assert len(seen) == 1


def test_every_change_is_seen_at_once(national, tree):
    before = calendar_of(tree.here.pk).key()
    day = CalendarDay.objects.create(
        agency=tree.here, date=date(2026, 11, 25), kind=DayKind.CLOSING, name="Mất điện", source="x"
    )
    assert calendar_of(tree.here.pk).key() != before
    day.delete()
    assert calendar_of(tree.here.pk).key() == before


def test_a_moved_agency_gets_the_calendar_of_its_new_place(national, tree):
    CalendarDay.objects.create(
        agency=tree.there,
        date=date(2026, 11, 25),
        kind=DayKind.CLOSING,
        name="Mất điện",
        source="x",
    )
    assert calendar_of(tree.here.pk).is_working_day(date(2026, 11, 25))
    tree.here.parent = tree.there
    tree.here.save()
    assert not calendar_of(tree.here.pk).is_working_day(date(2026, 11, 25))
