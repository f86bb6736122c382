"""A synthetic archive for benchmarks and demos, indistinguishable from worked dossiers; never on a database that holds real ones.

    generate(count=200_000, now=..., seed=7)

Days are told in order, so that codes, register numbers and events run as they would have; each chunk is one transaction of bulk
writes. The last weeks get some more, so that about one dossier in twenty is open today, lying on every kind of desk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from queue import Empty, Queue
from random import Random
from threading import Event, Thread
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from dossiers.domain.generating.lives import TOKEN, hour_of_reception, tell
from dossiers.domain.generating.offices import Office, default_steps, offices
from dossiers.domain.generating.rows import Counters, Rows, loading, write
from dossiers.domain.generating.slips import SlipBook
from dossiers.domain.generating.story import World
from dossiers.models import AgencyDigest, Dossier, Slip
from onestop.errors import DomainError
from onestop.worktime import VN, Calendar, CalendarMissing

CHUNK = 2000
# So many of the newest dossiers are received within the last days; most of them are still open.
RECENT_SHARE, RECENT_DAYS = 0.035, 6
# Days: how near the last one must be to now for that, and how far back an archive reaches when no years are named.
NEAR, YEAR = 7, 365


@dataclass(frozen=True, slots=True)
class Generated:
    count: int
    first: date
    last: date
    open: int


def holds_real_dossiers() -> bool:
    """Whether any dossier was not invented: its token does not begin as invented ones do. Two probes of the unique index."""
    low, high = UUID(bytes=TOKEN + bytes(12)), UUID(bytes=TOKEN + b"\xff" * 12)
    return Dossier.objects.filter(intake_token__lt=low).exists() or Dossier.objects.filter(intake_token__gt=high).exists()


def generate(
    *,
    count: int,
    now: datetime,
    seed: int = 1,
    years: tuple[int, ...] = (),
    first: date | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Generated:
    """Invent so many dossiers, received on working days of the given years (default: the last twelve months) until now.

    Out: how many, over which days, how many of them are open. The same seed on the same database gives the same stories.
    Errors: DomainError("generate_real") on real dossiers, ("generate_nothing") without offices or procedures, ("generate_closed")
    where the digest of one of the days is made already, ("generate_days") without a working day.
    """
    if holds_real_dossiers():
        raise DomainError("generate_real")
    places = offices(now)
    rng = Random(seed)
    days = _days(places[0].handlers[0].hours, now, years, first)
    if AgencyDigest.objects.filter(day__gte=days[0]).exists():
        raise DomainError("generate_closed")
    counters = Counters()
    world = World(now=now, steps=default_steps(), promises={}, slips=SlipBook(counters))
    shares = _shares(len(days), count, reaches_now=days[-1] >= timezone.localdate(now) - timedelta(days=NEAR))
    done = 0
    with loading(count) as first_ids:
        for rows in ahead(_chunks(world, counters, places, rng, list(zip(days, shares, strict=True)), first_ids)):
            write(rows)
            done += len(rows.rows[Dossier])
            progress(done)
    return Generated(done, days[0], days[-1], Dossier.objects.filter(ended_at=None).count())


def _chunks(
    world: World, counters: Counters, places: list[Office], rng: Random, plan: list[tuple[date, int]], ids: dict[type[Model], int]
) -> Iterator[Rows]:
    """Tell day after day, a chunk of rows at a time. Touches no database."""
    rows, told = Rows(ids), 0
    for day, share in plan:
        for received, office in _receptions(rng, places, day, share, world.now):
            world.slips.number(rows, before=received)
            tell(world, rows, counters, office, received, rng)
            told += 1
            if told % CHUNK == 0:
                rows.numbers = counters.take()
                yield rows
                rows = Rows(rows.next_ids)
    world.slips.number(rows)
    if rows.rows[Dossier] or rows.rows[Slip]:
        rows.numbers = counters.take()
        yield rows


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


def _days(calendar: Calendar, now: datetime, years: tuple[int, ...], first: date | None) -> list[date]:
    """The working days to tell, in order, none after today."""
    today = timezone.localdate(now)
    if years:
        spans = [(date(year, 1, 1), min(date(year, 12, 31), today)) for year in sorted(set(years))]
    else:
        spans = [(first or today - timedelta(days=YEAR), today)]
    found = []
    for start, end in spans:
        for day in (date.fromordinal(number) for number in range(start.toordinal(), end.toordinal() + 1)):
            try:
                if calendar.is_working_day(day) and (day < today or calendar.working_minutes_between(_midnight(day), now) > 60):
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


def _receptions(rng: Random, places: list[Office], day: date, count: int, now: datetime) -> list[tuple[datetime, Office]]:
    """The receptions of one day in their order."""
    found = []
    for _ in range(count):
        office = rng.choice(places)
        at = hour_of_reception(rng, day, office.handlers[0].hours)
        while at > now:
            at = at - timedelta(minutes=rng.randrange(5, 40))
        found.append((at, office))
    return sorted(found, key=lambda pair: (pair[0], pair[1].agency_id))
