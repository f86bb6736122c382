"""Random offices, terms and histories for the property tests; the same for the same seed."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from random import Random

from onestop.worktime import Calendar, Day, DayKind, Sessions, Term, Unit, Week, vn_calendar

OFFICES: tuple[Sessions, ...] = (
    ((time(7, 0), time(11, 30)), (time(13, 30), time(17, 0))),
    ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 0))),  # 7.5 hours
    ((time(7, 30), time(11, 30)), (time(13, 30), time(16, 30))),  # 7 hours
    ((time(8, 0), time(12, 0)), (time(13, 0), time(17, 0))),
    ((time(7, 15), time(11, 45)), (time(13, 5), time(16, 38))),
    ((time(6, 30), time(13, 0)),),
)
MORNING: Sessions = ((time(7, 30), time(11, 30)),)


def random_office(random: Random) -> Calendar:
    """The national days with own weeks (one to three, effective-dated), Saturday mornings, closings
    and odd days.
    """
    weeks = [_week(random, date(2018, 1, 1))]
    weeks += [
        _week(random, date(2018, 1, 1) + timedelta(days=random.randrange(3500)))
        for _ in range(random.randrange(3))
    ]
    weeks = list({week.effective_from: week for week in weeks}.values())
    days: dict[date, Day] = {}
    for _ in range(random.randrange(200)):
        day = date(2018, 1, 1) + timedelta(days=random.randrange(3640))
        kind = random.choice(list(DayKind))
        replaces = (
            day + timedelta(days=random.randint(-20, 20))
            if kind is DayKind.SWAPPED_WORKING
            else None
        )
        own = (
            random.choice((MORNING, random.choice(OFFICES)))
            if kind in (DayKind.OWN_HOURS, DayKind.CLOSING, DayKind.RECEPTION_ONLY)
            else ()
        )
        days[day] = Day(day, kind, "ngày thử", replaces, own if random.random() < 0.7 else ())
    return vn_calendar().with_own(weeks=weeks, days=days.values())


def _week(random: Random, effective_from: date) -> Week:
    usual = random.choice(OFFICES)
    friday = random.choice((usual, usual, usual[:1]))
    saturday = random.choice(((), (), MORNING, usual))
    sunday = MORNING if random.random() < 0.1 else ()
    only = frozenset({5}) if saturday and random.random() < 0.5 else frozenset()
    return Week(effective_from, (usual, usual, usual, usual, friday, saturday, sunday), only)


def random_term(random: Random) -> Term:
    """Any unit, up to 60 days."""
    unit = random.choice([unit for unit in Unit if unit is not Unit.NONE])
    match unit:
        case Unit.WORKING_DAY:
            share = random.choice(
                (0, 0, 0, Fraction(1, 2), Fraction(1, 4), Fraction(7, 10), Fraction(33, 100))
            )
            return Term(unit, max(random.randrange(43) + Fraction(share), Fraction(1, 2)))
        case Unit.CALENDAR_DAY:
            return Term(unit, Fraction(random.randint(1, 60)))
        case Unit.MONTH:
            return Term(unit, Fraction(random.randint(1, 2)))
        case Unit.YEAR:
            return Term(unit, Fraction(1))
        case Unit.WORKING_HOUR:
            return Term(unit, Fraction(random.randint(1, 700), 2))
        case Unit.CLOCK_HOUR:
            return Term(unit, Fraction(random.randint(1, 2880), 2))
        case _:
            term = Term(unit)
            return (
                replace(term, cutoff=time(random.randint(9, 16), 30))
                if random.random() < 0.3
                else term
            )


def random_moment(random: Random, first: datetime, days: float) -> datetime:
    """Any second, or (half of the time) one of the edges where mistakes live."""
    at = first + timedelta(seconds=random.randrange(int(days * 86_400)))
    if random.random() < 0.5:
        edge = random.choice(
            (
                (7, 0),
                (11, 30),
                (11, 31),
                (13, 30),
                (15, 0),
                (16, 59),
                (17, 0),
                (17, 1),
                (0, 0),
                (23, 59),
            )
        )
        at = at.replace(hour=edge[0], minute=edge[1], second=random.choice((0, 0, 0, 1, 59)))
    return max(at, first)


def random_waits(
    random: Random, received: datetime, near: datetime
) -> list[tuple[datetime, datetime]]:
    """Up to three waits, overlapping at times, some around the promise itself."""
    waits = []
    for _ in range(random.choice((0, 0, 1, 1, 2, 3))):
        if random.random() < 0.4:
            start = max(random_moment(random, near - timedelta(days=3), 5), received)
        else:
            start = random_moment(random, received, 40)
        waits.append((start, random_moment(random, start, random.choice((0.2, 3, 20)))))
    return waits
