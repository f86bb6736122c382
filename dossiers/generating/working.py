"""Working the lives that an archive is multiplied from, inside a transaction that is rolled back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from random import Random

from django.db import connection, transaction

from dossiers.generating.copies import Pattern
from dossiers.generating.heads import Heads
from dossiers.generating.lives import Life, forget, hour_of_reception, live, turns_at
from dossiers.generating.offices import Office, default_steps
from dossiers.generating.reading import read_lives

# Two in five lives are worked on the last working days, which are told by their own lives alone: as
# many of them are open as would be.
LATELY, DAYS_OPEN = 0.4, 15


class _RolledBack(Exception):
    """The lives were read: nothing of them stays."""


def worked(
    places: list[Office], days: list[date], now: datetime, rng: Random, count: int, heads: Heads
) -> list[Pattern]:
    """Lives worked on days of the archive, those of the last weeks more densely, read and rolled
    back.
    """
    kinds = _by_kind(places, rng)
    wanted = sorted(_wanted(days, len(kinds), turns_at(places), rng, count))
    forget()
    try:
        with transaction.atomic(), _without_savepoints():
            lives = _live(kinds, wanted, now, rng)
            rows = read_lives([life.dossier_id for life in lives])
            found = [Pattern(life, rows[life.dossier_id], heads.changing(life)) for life in lives]
            raise _RolledBack
    except _RolledBack:
        forget()
    return found


@contextmanager
def _without_savepoints() -> Iterator[None]:
    """Acts have a savepoint each, a sixth of their statements. Here an error ends it all: nobody
    goes back to one.
    """
    connection.features.uses_savepoints = False
    try:
        yield
    finally:
        del connection.features.uses_savepoints  # as the engine says of itself


def split(days: list[date]) -> tuple[list[date], list[date]]:
    """The days of an archive, and the last ones among them; short ones are told twice."""
    late = max(0, len(days) - DAYS_OPEN)
    return days[:late] or days, days[late:]


def handles_itself(office: Office) -> bool:
    return office.handlers[0].agency_id == office.agency_id


def _by_kind(places: list[Office], rng: Random) -> list[list[Office]]:
    """Offices that handle themselves and those that receive for others, each kind shuffled."""
    kinds: dict[bool, list[Office]] = defaultdict(list)
    for place in places:
        kinds[handles_itself(place)].append(place)
    for shape in kinds.values():
        rng.shuffle(shape)
    return list(kinds.values())


def _wanted(
    days: list[date], kinds: int, turns: dict[str, float], rng: Random, count: int
) -> list[tuple[date, str]]:
    """The days of the lives and the turns they take: those of the last weeks, the newest ones at
    every kind of office, and past ones.

    A past life is copied to its own day of the week. So the first ones are plain ones of every such
    day, and then each rare turn is taken once; how often they are copied is theirs.
    """
    past, lately = split(days)
    number = round(count * LATELY)
    newest = [*(rng.choice(lately) for _ in range(number)), *days[-3:] * kinds]
    weekdays = sorted({day.weekday() for day in past})
    rare = [turn for turn in turns if turn != "plain"]
    first = ["plain"] * len(weekdays) + rare
    others = max(0, count - number - len(first))
    given = first + _turns(turns, rng, others)
    found = []
    for place, turn in enumerate(given):
        weekday = weekdays[place % len(weekdays)]
        found.append((rng.choice([day for day in past if day.weekday() == weekday]), turn))
    return found + list(zip(newest, _turns(turns, rng, len(newest)), strict=True))


def _turns(turns: dict[str, float], rng: Random, count: int) -> list[str]:
    return rng.choices(list(turns), list(turns.values()), k=count)


def _live(
    kinds: list[list[Office]], wanted: list[tuple[date, str]], now: datetime, rng: Random
) -> list[Life]:
    """Work a life on each of these days."""
    steps = default_steps()
    lives = []
    for number, (day, turn) in enumerate(wanted):
        office = rng.choice(kinds[number % len(kinds)] if number % 3 == 0 else rng.choice(kinds))
        received = _before(hour_of_reception(rng, day, office.handlers[0].hours), now, rng)
        lives.append(live(office, steps, received, now, rng, turn))
    return lives


def _before(at: datetime, now: datetime, rng: Random) -> datetime:
    while at > now:
        at -= timedelta(minutes=rng.randrange(5, 40))
    return at
