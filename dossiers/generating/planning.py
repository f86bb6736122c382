"""Which lives are copied to which days, where, and the numbers of their slips."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.utils import timezone

from dossiers.generating.copies import PaperNumbers, Pattern
from dossiers.generating.lives import TURNS
from dossiers.generating.offices import Handler, Office
from dossiers.generating.rows import Counters
from dossiers.generating.weeks import Weeks
from dossiers.generating.working import handles_itself, split
from onestop.errors import DomainError
from onestop.worktime import VN, Calendar, CalendarMissing, start_of_day

# So many of the newest dossiers are received within the last days; most of them are still open.
RECENT_SHARE, RECENT_DAYS = 0.035, 6
# How far back an archive reaches when no years are named.
YEAR = 365


@dataclass(frozen=True, slots=True)
class Copy:
    """One dossier to make: which life, how far away, where."""

    received: datetime
    pattern: Pattern
    shift: timedelta
    office: Office
    handler: Handler


# A life and how far from its own day.
Fit = tuple[Pattern, timedelta]


class Plan:
    """Which lives may stand on which day."""

    def __init__(
        self,
        patterns: list[Pattern],
        places: list[Office],
        shares: dict[date, int],
        now: datetime,
        rng: Random,
    ) -> None:
        self._patterns, self._places, self._shares = patterns, places, shares
        self._now, self._rng, self._weeks = now, rng, Weeks()
        # The last days are told by their own lives alone.
        is_cut = any(pattern.life.is_cut for pattern in patterns)
        self._lately = set(split(list(shares))[1]) if is_cut else set()
        self._by_weekday: dict[int, list[Pattern]] = defaultdict(list)
        for pattern in patterns:
            self._by_weekday[_day(pattern.received).weekday()].append(pattern)

    def copies(self) -> list[Copy]:
        """In the order of reception. What a day without a fitting life is owed goes to the next."""
        fitting = {day: self._fitting(day) for day in self._shares}
        often = self._often(fitting)
        found: list[Copy] = []
        owed = 0
        for day, share in self._shares.items():
            owed += share
            if fitting[day]:
                found += self._of_day(fitting[day], often, owed)
                owed = 0
        if owed and found:
            found += [self._rng.choice(found) for _ in range(owed)]
        self._let_none_be_missing(found)
        return sorted(found, key=lambda copy: copy.received)

    def _often(self, fitting: Mapping[date, list[Fit]]) -> dict[str, float]:
        """How often each turn is taken on a day that has a life of it: the more often, the fewer
        such days there are; a life has one day of the week, so at most five times.
        """
        days: Counter[str] = Counter()
        for day, fits in fitting.items():
            for turn in {pattern.life.turn for pattern, _ in fits}:
                days[turn] += self._shares[day]
        whole = sum(self._shares.values())
        return {turn: TURNS[turn] * min(5, whole / max(1, days[turn])) for turn in TURNS}

    def _fitting(self, day: date) -> list[Fit]:
        shifts = [
            (pattern, day - _day(pattern.received)) for pattern in self._by_weekday[day.weekday()]
        ]
        return [
            (pattern, shift)
            for pattern, shift in shifts
            if self._fits(pattern, shift) and (not shift or day not in self._lately)
        ]

    def _fits(self, pattern: Pattern, shift: timedelta) -> bool:
        """Whether a life can be so many weeks away: its working days are the same, and what was cut
        off by "now" stays where it is.
        """
        if not shift:
            return True
        if pattern.stays_where_it_is or pattern.last_act + shift > self._now:
            return False
        return self._same_weeks(pattern, pattern.life.handler, shift)

    def _same_weeks(self, pattern: Pattern, handler: Handler, shift: timedelta) -> bool:
        here = pattern.life.handler.calendar
        return self._weeks.same(here, handler.calendar, pattern.received, pattern.last, shift)

    def _of_day(self, fitting: list[Fit], often: Mapping[str, float], count: int) -> list[Copy]:
        """Each turn as often as it is taken, whichever lives took it."""
        same = Counter(pattern.life.turn for pattern, _ in fitting)
        weights = [often[pattern.life.turn] / same[pattern.life.turn] for pattern, _ in fitting]
        return [
            self._somewhere(pattern, shift)
            for pattern, shift in self._rng.choices(fitting, weights, k=count)
        ]

    def _somewhere(self, pattern: Pattern, shift: timedelta) -> Copy:
        """At an office of the same kind; at its own where the other's working days differ."""
        kind = handles_itself(pattern.life.office)
        office = self._rng.choice([p for p in self._places if handles_itself(p) == kind])
        handler = self._rng.choice(office.handlers)
        if not self._same_weeks(pattern, handler, shift):
            office, handler = pattern.life.office, pattern.life.handler
        return Copy(pattern.received + shift, pattern, shift, office, handler)

    def _let_none_be_missing(self, found: list[Copy]) -> None:
        """A turn so rare that chance left it out stands in the archive once all the same, in the
        place of a plain one: no other rare turn goes for it.
        """
        if len(found) <= len(TURNS):
            return
        plain = [n for n, copy in enumerate(found) if copy.pattern.life.turn == "plain"]
        told = {copy.pattern.life.turn for copy in found if not copy.pattern.life.is_cut}
        for pattern in self._patterns:
            life = pattern.life
            if life.is_cut or life.turn in told or _day(pattern.received) not in self._shares:
                continue
            if not plain:
                return
            told.add(life.turn)
            where = plain.pop(self._rng.randrange(len(plain)))
            found[where] = Copy(pattern.received, pattern, timedelta(0), life.office, life.handler)


def paper_numbers(copies: list[Copy], counters: Counters) -> list[PaperNumbers]:
    """Number and year of every slip and hand-over list of every copy, by its table and id in the
    life, counted in the order they were made.
    """
    made = [
        (
            paper.made_at + copy.shift,
            index,
            paper.pk,
            paper.slug,
            copy.handler.agency_id if paper.is_handlers else copy.office.agency_id,
            place,
        )
        for index, copy in enumerate(copies)
        for place, paper in enumerate(copy.pattern.numbered)
    ]
    found: list[PaperNumbers] = [{} for _ in copies]
    for at, index, pk, slug, agency_id, place in sorted(made):
        year = at.astimezone(VN).year
        model = copies[index].pattern.numbered[place].model
        found[index][model, pk] = (counters.slip(agency_id, slug, year), year)
    return found


def working_days(
    calendar: Calendar, now: datetime, years: tuple[int, ...], first: date | None
) -> list[date]:
    """The working days to tell, in order, none after today. Errors: DomainError("generate_days")."""
    today = timezone.localdate(now)
    if years:
        spans = [(date(year, 1, 1), min(date(year, 12, 31), today)) for year in sorted(set(years))]
    else:
        spans = [(first or today - timedelta(days=YEAR), today)]
    found = [
        day
        for start, end in spans
        for day in map(date.fromordinal, range(start.toordinal(), end.toordinal() + 1))
        if _is_worked(calendar, day, now)
    ]
    if not found:
        raise DomainError("generate_days")
    return found


def _is_worked(calendar: Calendar, day: date, now: datetime) -> bool:
    """Whether people come on that day; today only after an hour of it."""
    try:
        return calendar.is_working_day(day) and (
            day < timezone.localdate(now)
            or calendar.working_minutes_between(start_of_day(day), now) > 60
        )
    except CalendarMissing:
        return False


def shares_of(days: int, count: int, *, reaches_now: bool) -> list[int]:
    """How many are received on each day: evenly, some more on the last ones when they reach to now."""
    weights = [1.0] * days
    recent = min(RECENT_DAYS, days)
    if reaches_now and days > recent:
        weights[-recent:] = [1 + RECENT_SHARE * days / recent] * recent
    total, shares, given = sum(weights), [], 0
    running = 0.0
    for weight in weights:
        running += weight
        upto = round(count * running / total)
        shares.append(upto - given)
        given = upto
    return shares


def _day(at: datetime) -> date:
    return at.astimezone(VN).date()
