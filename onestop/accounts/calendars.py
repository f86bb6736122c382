"""The one adapter from calendar rows to a `worktime.Calendar` value."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save

from onestop.accounts.models import (
    Agency,
    CalendarDay,
    CalendarStamp,
    CalendarYear,
    Confidence,
    DayKind,
    WorkingWeek,
)
from onestop.changes.domain import add_all
from onestop.speed import Kept, Prepared
from onestop.worktime import calendar as values
from onestop.worktime import national_days, vn_calendar
from onestop.worktime.calendar import Calendar
from onestop.worktime.index import Sessions

_stamp = Prepared("stamp", lambda: CalendarStamp.objects.filter(pk=1).values_list("token")[:1])
# By agency id (None: the country).
_built: Kept[Calendar] = Kept("calendars", most=1000)


def calendar_of(agency_id: int | None) -> Calendar:
    """The working calendar of an agency (None: of the country). One query when nothing changed
    since it was last built.

    National rows, then those of each agency above it from the root down, then its own: the nearer
    row wins for its date, the nearer weeks from their first day on. Years without a row stay
    unknown: promises that reach them are undetermined. An agency that was taken over works by its
    successor's days from the day after its last.
    """
    return calendars_of([agency_id])[agency_id]


def calendars_of(agency_ids: Iterable[int | None]) -> dict[int | None, Calendar]:
    """The same for several agencies, with one query for all that are already built."""
    stamp = next((token for (token,) in _stamp()), None)
    return {
        agency_id: _built.get(agency_id, partial(_build, agency_id), stamp=stamp)
        for agency_id in set(agency_ids)
    }


def touch() -> None:
    """Calendar rows changed: every process builds anew. Needed only after bulk writes; saves and
    deletes call it themselves.
    """
    CalendarStamp.objects.update_or_create(pk=1, defaults={"token": uuid4().hex})


def watch() -> None:
    """Connects `touch` to every row a calendar is made of."""
    for model in (WorkingWeek, CalendarDay, CalendarYear, Agency):
        for signal in (post_save, post_delete):
            signal.connect(
                _touched, sender=model, dispatch_uid=f"calendar-{model.__name__}-{id(signal)}"
            )


def load_national_calendar() -> int:
    """Brings the national rows of data/public-calendar-vn.csv into the database; gives how many
    were new.

    Safe to repeat: a date, a year or a week that is already there is left as it is, whoever entered
    it.
    """
    shipped = vn_calendar()
    have = set(CalendarDay.objects.filter(agency=None).values_list("date", flat=True))
    days = [
        CalendarDay(
            date=row.day.date,
            kind=DayKind(row.day.kind.value),
            name=row.day.name[:150],
            source=row.day.source[:300],
            replaces=row.day.replaces,
            confidence=Confidence(row.confidence),
        )
        for row in national_days()
        if row.day.date not in have
    ]
    known = set(CalendarYear.objects.values_list("year", flat=True))
    years = [
        CalendarYear(year=year, provisional=year in shipped.provisional_years)
        for year in shipped.known_years
        if year not in known
    ]
    weeks = []
    if not WorkingWeek.objects.filter(agency=None).exists():
        first = shipped.weeks[0]
        weeks = [
            WorkingWeek(
                effective_from=date(min(shipped.known_years), 1, 1),
                sessions=[sessions_text(sessions) for sessions in first.sessions],
                source="Giờ làm việc mặc định",
            )
        ]
    with transaction.atomic():
        add_all(CalendarDay, days)
        add_all(CalendarYear, years)
        add_all(WorkingWeek, weeks)
        if days or years or weeks:
            touch()
    return len(days) + len(years) + len(weeks)


def days_entered_since(at: datetime, *, first: date, last: date) -> set[date]:
    """The special days between two days that somebody entered after an instant, of whichever
    agency: the calendar says which of them are its own. One query.
    """
    rows = CalendarDay.objects.filter(date__range=(first, last), recorded_at__gt=at)
    return set(rows.values_list("date", flat=True))


def sessions_text(sessions: Sessions) -> str:
    return ",".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in sessions)


def _touched(**_: object) -> None:
    touch()


def _build(agency_id: int | None) -> Calendar:
    if agency_id is None:
        return _own(())
    agency = Agency.objects.get(pk=agency_id)
    found = _own(agency.lineage)
    # Nearest first: each begins where the one before it ended.
    for last, heir in agency.heirs():
        found = _followed(found, _own(heir.lineage), last)
    return found


def _followed(before: Calendar, then: Calendar, last: date) -> Calendar:
    """The days of one up to its last, those of the other from the next day on."""
    first = last + timedelta(days=1)
    weeks = [week for week in before.weeks if week.effective_from <= last]
    weeks.append(replace(then.week_on(first), effective_from=first))
    return replace(
        before,
        weeks=(*weeks, *(week for week in then.weeks if week.effective_from > first)),
        days=(
            *(day for day in before.days if day.date <= last),
            *(day for day in then.days if day.date > last),
        ),
    )


def _own(above: tuple[int, ...]) -> Calendar:
    here = Q(agency=None) | Q(agency_id__in=above)
    depth = {None: 0} | {pk: number for number, pk in enumerate(above, start=1)}
    weeks: list[values.Week] = []
    own_weeks: dict[int | None, list[values.Week]] = {}
    for row in WorkingWeek.objects.filter(here):
        own_weeks.setdefault(row.agency_id, []).append(_week(row))
    for pk in sorted(own_weeks, key=lambda pk: depth[pk]):
        begins = min(week.effective_from for week in own_weeks[pk])
        weeks = [week for week in weeks if week.effective_from < begins] + own_weeks[pk]
    days = {
        day.date: day
        for day in sorted(CalendarDay.objects.filter(here), key=lambda day: depth[day.agency_id])
    }
    years = list(CalendarYear.objects.values_list("year", "provisional"))
    return Calendar(
        weeks=tuple(weeks) or (values.weekdays_week(),),
        days=tuple(_day(row) for row in days.values()),
        known_years=frozenset(year for year, _ in years),
        provisional_years=frozenset(year for year, provisional in years if provisional),
    )


def _week(row: WorkingWeek) -> values.Week:
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (
        values.parse_sessions(text) for text in row.sessions
    )
    return values.Week(
        row.effective_from,
        (monday, tuesday, wednesday, thursday, friday, saturday, sunday),
        frozenset(row.reception_only),
    )


def _day(row: CalendarDay) -> values.Day:
    return values.Day(
        date=row.date,
        kind=values.DayKind(row.kind),
        name=row.name,
        replaces=row.replaces,
        sessions=values.parse_sessions(row.sessions),
        source=row.source,
    )
