"""A synthetic archive for benchmarks and demos, indistinguishable from worked dossiers; never on a
database that holds real ones.

    generate(count=200_000, now=..., seed=7)

Some lives are worked by the real acts inside a transaction that is rolled back, read as patterns
(copies.py), and copied: with other ids, people, codes, officers and offices, whole weeks away,
where the working days around them are the same. So whatever an act writes is written here too, and
nothing here knows what that is. Codes, register and slip numbers run in the order of time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import isqrt
from queue import Empty, Queue
from random import Random
from threading import Event, Thread
from uuid import UUID

from django.utils import timezone

from dossiers.generating.casting import Casting
from dossiers.generating.copies import PaperNumbers
from dossiers.generating.heads import Heads
from dossiers.generating.lives import TOKEN
from dossiers.generating.offices import offices
from dossiers.generating.planning import Copy, Plan, paper_numbers, shares_of, working_days
from dossiers.generating.rows import Counters, Rows, loading, write
from dossiers.generating.working import worked
from dossiers.models import AgencyDigest, Dossier
from onestop.errors import DomainError

CHUNK = 2000
# Days: how near the last one must be to now for more of the newest dossiers.
NEAR = 7
# How many lives are worked: an archive four times as large needs twice as many to be as various,
# up to LIVES; a small one has some COPIES of each, but at least FEWEST.
LIVES, FEWEST, COPIES = 150, 12, 60


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
    days = working_days(places[0].handlers[0].hours, now, years, first)
    if AgencyDigest.objects.filter(day__gte=days[0]).exists():
        raise DomainError("generate_closed")
    heads = Heads()
    patterns = worked(places, days, now, rng, lives_for(count), heads)
    shares = shares_of(
        len(days), count, reaches_now=days[-1] >= timezone.localdate(now) - timedelta(days=NEAR)
    )
    copies = Plan(patterns, places, dict(zip(days, shares, strict=True)), now, rng).copies()
    counters, done = Counters(), 0
    numbers = paper_numbers(copies, counters)
    with loading(count) as first_ids:
        for rows in ahead(
            _chunks(copies, numbers, counters, Casting(rng, counters, heads), first_ids)
        ):
            write(rows)
            done += len(rows.rows[Dossier])
            progress(done)
    return Generated(done, days[0], days[-1], Dossier.objects.filter(ended_at=None).count())


def lives_for(count: int) -> int:
    """How many lives are worked for so many dossiers: 40 for 3,000, 105 for 20,000, 150 from 40,000."""
    return min(LIVES, max(FEWEST, min(count // COPIES, isqrt(count) * 3 // 4)))


def _chunks(
    copies: list[Copy],
    numbers: list[PaperNumbers],
    counters: Counters,
    casting: Casting,
    ids: dict[type, int],
) -> Iterator[Rows]:
    """Copy after copy, a chunk of rows at a time. Touches no database."""
    rows = Rows(ids)
    for number, copy in enumerate(copies, start=1):
        copy.pattern.copy(rows, casting.cast(copy), numbers[number - 1])
        if number % CHUNK == 0:
            rows.numbers = counters.take()
            yield rows
            rows = Rows(rows.next_ids)
    if rows.rows[Dossier]:
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
