"""A synthetic archive for benchmarks and demos, indistinguishable from worked dossiers; never on a
database that holds real ones.

    generate(count=200_000, now=..., seed=7)

Some lives are worked by the real acts inside a transaction that is rolled back, read as patterns
(copies.py), and copied: with other ids, people, codes, officers and offices, whole weeks away,
where the working days around them are the same. So whatever an act writes is written here too, and
nothing here knows what that is. Codes, register and slip numbers run in the order of time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from queue import Empty, Queue
from random import Random
from threading import Event, Thread
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dossiers.generating.copies import Cast, Pattern
from dossiers.generating.lives import TOKEN, TURNS, forget, hour_of_reception, live
from dossiers.generating.offices import Handler, Office, default_steps, offices
from dossiers.generating.people import somebody
from dossiers.generating.rows import Counters, Rows, loading, write
from dossiers.generating.weeks import Weeks
from dossiers.intake import secrets
from dossiers.models import AgencyDigest, Dossier
from dossiers.slips.letterheads import office_of
from onestop.accounts.models import Agency, Department, Officer
from onestop.errors import DomainError
from onestop.worktime import VN, Calendar, CalendarMissing

CHUNK = 2000
# So many of the newest dossiers are received within the last days; most of them are still open.
RECENT_SHARE, RECENT_DAYS = 0.035, 6
# Days: how near the last one must be to now for that, and how far back an archive reaches when no
# years are named.
NEAR, YEAR = 7, 365
# How many lives are worked: enough to be various, few enough to be quick. Two in five of them on
# the last working days, which
# are told by their own lives alone: as many of them are open as would be.
LIVES, FEWEST, COPIES, LATELY, DAYS_OPEN = 150, 12, 60, 0.4, 15


@dataclass(frozen=True, slots=True)
class Generated:
    count: int
    first: date
    last: date
    open: int


def holds_real_dossiers() -> bool:
    """Whether any dossier was not invented: its token does not begin as invented ones do. Two
    probes of the unique index.
    """
    low, high = UUID(bytes=TOKEN + bytes(12)), UUID(bytes=TOKEN + b"\xff" * 12)
    return (
        Dossier.objects.filter(intake_token__lt=low).exists()
        or Dossier.objects.filter(intake_token__gt=high).exists()
    )


def generate(
    *,
    count: int,
    now: datetime,
    seed: int = 1,
    years: tuple[int, ...] = (),
    first: date | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Generated:
    """Invent so many dossiers, received on working days of the given years (default: the last
    twelve months) until now.

    Out: how many, over which days, how many of them are open. The same seed on the same database
    gives the same lives. Errors: DomainError("generate_real") on real dossiers,
    ("generate_nothing") without offices or procedures, ("generate_closed") where the digest of one
    of the days is made already, ("generate_days") without a working day.
    """
    if holds_real_dossiers():
        raise DomainError("generate_real")
    places = offices(now)
    rng = Random(seed)
    days = _days(places[0].handlers[0].hours, now, years, first)
    if AgencyDigest.objects.filter(day__gte=days[0]).exists():
        raise DomainError("generate_closed")
    patterns = _patterns(places, days, now, rng, max(FEWEST, min(LIVES, count // COPIES)))
    shares = _shares(
        len(days), count, reaches_now=days[-1] >= timezone.localdate(now) - timedelta(days=NEAR)
    )
    copies = _plan(patterns, places, dict(zip(days, shares, strict=True)), now, rng)
    counters, done = Counters(), 0
    numbers = _slip_numbers(copies, counters)
    with loading(count) as first_ids:
        for rows in ahead(_chunks(copies, numbers, counters, _Words(), rng, first_ids)):
            write(rows)
            done += len(rows.rows[Dossier])
            progress(done)
    return Generated(done, days[0], days[-1], Dossier.objects.filter(ended_at=None).count())


class _RolledBack(Exception):
    """The lives were read: nothing of them stays."""


def _patterns(
    places: list[Office], days: list[date], now: datetime, rng: Random, count: int
) -> list[Pattern]:
    """Lives worked on days of the archive, those of the last weeks more densely, read and rolled
    back.
    """
    late = max(0, len(days) - DAYS_OPEN)
    past, lately = days[:late] or days, days[late:]
    wanted = [rng.choice(lately) for _ in range(round(count * LATELY))]
    wanted += [rng.choice(past) for _ in range(count - len(wanted))]
    # Every kind of office, and the newest days at each of them.
    kinds: dict[bool, list[Office]] = defaultdict(list)
    for place in places:
        kinds[_handles_itself(place)].append(place)
    for shape in kinds.values():
        wanted += days[-3:]
        rng.shuffle(shape)
    steps, found = default_steps(), []
    early, rare = set(past), [turn for turn in TURNS if turn != "plain"]
    forget()
    try:
        with transaction.atomic():
            for number, day in enumerate(sorted(wanted)):
                shape = (
                    list(kinds.values())[number % len(kinds)]
                    if number % 3 == 0
                    else rng.choice([*kinds.values()])
                )
                office = rng.choice(shape)
                received = _before(hour_of_reception(rng, day, office.handlers[0].hours), now, rng)
                # The first of the past ones take the rare turns, so that none is missing; how often
                # they are copied is theirs.
                turn = (
                    rare.pop()
                    if rare and day in early
                    else rng.choices(list(TURNS), list(TURNS.values()))[0]
                )
                found.append(Pattern(live(office, steps, received, now, rng, turn)))
            raise _RolledBack
    except _RolledBack:
        forget()
    return found


def _before(at: datetime, now: datetime, rng: Random) -> datetime:
    while at > now:
        at -= timedelta(minutes=rng.randrange(5, 40))
    return at


def _handles_itself(office: Office) -> bool:
    return office.handlers[0].agency_id == office.agency_id


@dataclass(frozen=True, slots=True)
class _Copy:
    """One dossier to make: which life, how far away, where."""

    received: datetime
    pattern: Pattern
    shift: timedelta
    office: Office
    handler: Handler


def _plan(
    patterns: list[Pattern],
    places: list[Office],
    shares: dict[date, int],
    now: datetime,
    rng: Random,
) -> list[_Copy]:
    """Which lives are copied to which days, in the order of reception. What a day without a fitting
    life is owed goes to the next.
    """
    weeks, lately = (
        Weeks(),
        {*list(shares)[-DAYS_OPEN:]} if any(p.life.is_cut for p in patterns) else set(),
    )
    by_weekday: dict[int, list[Pattern]] = defaultdict(list)
    for pattern in patterns:
        by_weekday[_day(pattern.received).weekday()].append(pattern)
    copies: list[_Copy] = []
    owed = 0
    for day, share in shares.items():
        owed += share
        fitting = [
            (pattern, shift)
            for pattern in by_weekday[day.weekday()]
            for shift in [day - _day(pattern.received)]
            if _fits(pattern, shift, now, weeks) and (not shift or day not in lately)
        ]
        if not fitting:
            continue
        same = Counter(pattern.life.turn for pattern, _ in fitting)
        weights = [TURNS[pattern.life.turn] / same[pattern.life.turn] for pattern, _ in fitting]
        for pattern, shift in rng.choices(fitting, weights, k=owed):
            office = rng.choice(
                [
                    place
                    for place in places
                    if _handles_itself(place) == _handles_itself(pattern.life.office)
                ]
            )
            handler = rng.choice(office.handlers)
            if not weeks.same(
                pattern.life.handler.calendar,
                handler.calendar,
                pattern.received,
                pattern.last,
                shift,
            ):
                office, handler = pattern.life.office, pattern.life.handler
            copies.append(_Copy(pattern.received + shift, pattern, shift, office, handler))
        owed = 0
    if owed and copies:
        copies += [rng.choice(copies) for _ in range(owed)]
    # A turn so rare that chance left it out stands in the archive once all the same.
    told = {copy.pattern.life.turn for copy in copies if not copy.pattern.life.is_cut}
    for pattern in patterns:
        if (
            not pattern.life.is_cut
            and pattern.life.turn not in told
            and _day(pattern.received) in shares
            and len(copies) > len(TURNS)
        ):
            told.add(pattern.life.turn)
            copies[rng.randrange(len(copies))] = _Copy(
                pattern.received, pattern, timedelta(0), pattern.life.office, pattern.life.handler
            )
    return sorted(copies, key=lambda copy: copy.received)


def _fits(pattern: Pattern, shift: timedelta, now: datetime, weeks: Weeks) -> bool:
    """Whether a life can be so many weeks away: its working days are the same, and what was cut off
    by "now" stays where it is.
    """
    if not shift:
        return True
    if pattern.stays_where_it_is or pattern.last_act + shift > now:
        return False
    calendar = pattern.life.handler.calendar
    return weeks.same(calendar, calendar, pattern.received, pattern.last, shift)


def _slip_numbers(copies: list[_Copy], counters: Counters) -> list[dict[int, tuple[int, int]]]:
    """Number and year of every slip of every copy, by its id in the life, counted in the order they
    were made.
    """
    made = [
        (
            at + copy.shift,
            index,
            pk,
            slug,
            copy.handler.agency_id if is_handlers else copy.office.agency_id,
        )
        for index, copy in enumerate(copies)
        for pk, slug, at, is_handlers in copy.pattern.slips
    ]
    found: list[dict[int, tuple[int, int]]] = [{} for _ in copies]
    for at, index, pk, slug, agency_id in sorted(made):
        year = at.astimezone(VN).year
        found[index][pk] = (counters.slip(agency_id, slug, year), year)
    return found


def _chunks(
    copies: list[_Copy],
    numbers: list[dict[int, tuple[int, int]]],
    counters: Counters,
    words: _Words,
    rng: Random,
    ids: dict[type, int],
) -> Iterator[Rows]:
    """Copy after copy, a chunk of rows at a time. Touches no database."""
    rows = Rows(ids)
    for number, copy in enumerate(copies, start=1):
        copy.pattern.copy(rows, _cast(copy, counters, rng, words), numbers[number - 1])
        if number % CHUNK == 0:
            rows.numbers = counters.take()
            yield rows
            rows = Rows(rows.next_ids)
    if rows.rows[Dossier]:
        rows.numbers = counters.take()
        yield rows


class _Words:
    """What agencies are called on slips, read once."""

    def __init__(self) -> None:
        self._agencies = {agency.pk: agency for agency in Agency.objects.all()}
        self._heads = {pk: office_of(agency) for pk, agency in self._agencies.items()}

    def of(self, before: int, after: int) -> Iterable[tuple[str, str]]:
        old, new = self._heads[before], self._heads[after]
        return [
            (getattr(old, name), getattr(new, name))
            for name in old.__dataclass_fields__
            if getattr(old, name)
        ]


def _cast(copy: _Copy, counters: Counters, rng: Random, words: _Words) -> Cast:
    life, office, handler = copy.pattern.life, copy.office, copy.handler
    seats = [
        (life.clerk, rng.choice(office.clerks)),
        (life.specialist, rng.choice(handler.specialists)),
        (life.leader, rng.choice(handler.leaders)),
    ]
    places: dict[tuple[type, int], int] = {
        (Agency, life.office.agency_id): office.agency_id,
        (Agency, life.handler.agency_id): handler.agency_id,
        (Department, life.office.counter_id): office.counter_id,
    }
    said = dict(words.of(life.office.agency_id, office.agency_id))
    for old, new in seats:
        places[Officer, old.officer_id], places[Department, old.department_id] = (
            new.officer_id,
            new.department_id,
        )
        said[old.name] = new.name
    said[life.handler.calendar.key()] = handler.calendar.key()
    day = copy.received.astimezone(VN).date()
    return Cast(
        places=places,
        words=said,
        owner=somebody(rng, rng.choice(office.places), day.year, float(copy.pattern.is_company)),
        shift=copy.shift,
        code=office.pattern.format(
            unit=office.unit, day=day, number=counters.code(office.agency_id, day)
        ),
        register=counters.register(office.agency_id, day.year),
        secret=secrets.new_secret()[1],
    )


def _day(at: datetime) -> date:
    return at.astimezone(VN).date()


def ahead(items: Iterator[Rows]) -> Iterator[Rows]:
    """The same items, the next one being made in a thread while the caller writes the present one."""
    made: Queue[Rows | BaseException | None] = Queue(maxsize=1)
    stop = Event()

    def make() -> None:
        try:
            for item in items:
                made.put(item)
                if stop.is_set():
                    return
        except BaseException as error:  # handed to the caller
            made.put(error)
        else:
            made.put(None)

    thread = Thread(target=make, daemon=True)
    thread.start()
    try:
        while (item := made.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stop.set()
        while thread.is_alive():
            try:
                made.get(timeout=0.1)
            except Empty:
                continue


def _days(
    calendar: Calendar, now: datetime, years: tuple[int, ...], first: date | None
) -> list[date]:
    """The working days to tell, in order, none after today."""
    today = timezone.localdate(now)
    if years:
        spans = [(date(year, 1, 1), min(date(year, 12, 31), today)) for year in sorted(set(years))]
    else:
        spans = [(first or today - timedelta(days=YEAR), today)]
    found = []
    for start, end in spans:
        for day in (
            date.fromordinal(number) for number in range(start.toordinal(), end.toordinal() + 1)
        ):
            try:
                if calendar.is_working_day(day) and (
                    day < today or calendar.working_minutes_between(_midnight(day), now) > 60
                ):
                    found.append(day)
            except CalendarMissing:
                continue
    if not found:
        raise DomainError("generate_days")
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, VN)


def _shares(days: int, count: int, *, reaches_now: bool) -> list[int]:
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
