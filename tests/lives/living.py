"""Living a life: at each step a few acts are tried until one is not refused, then the facts.

Everything happens in a transaction that is rolled back: lives know nothing of each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

import time_machine
from django.core.cache import cache
from django.db import transaction

from onestop.errors import DomainError
from tests.lives import acts, product
from tests.lives.facts import VIEWERS, facts_of, pages_of
from tests.lives.kept import Facts
from tests.lives.world import Life, Place, begin, make_place

STEPS, TRIES = 12, 8
JUMPS = (1, 5, 40, 60, 200, 200, 600, 1440, 1440, 2880, 4320, 9000)


def lives(seeds: Iterable[int]) -> Iterator[tuple[int, list[Facts]]]:
    """The facts of each life, step by step; the first after its reception. The database stays
    empty.
    """
    with transaction.atomic():
        place = make_place()
        _warm(place)
        for seed in seeds:
            with transaction.atomic():
                told = list(_live(place, seed))
                transaction.set_rollback(True)
            yield seed, told
        transaction.set_rollback(True)


def _warm(place: Place) -> None:
    """What a process learns once costs the first page that asks for it a statement more."""
    with transaction.atomic():
        life = begin(place, -1)
        with time_machine.travel(life.at, tick=False):
            for role in VIEWERS:
                pages_of(life, role)
        transaction.set_rollback(True)


def _live(place: Place, seed: int) -> Iterator[Facts]:
    cache.clear()
    product.forget()
    life = begin(place, seed)
    with time_machine.travel(life.at, tick=False):
        yield {"tried": ["receive"], **facts_of(life, 0)}
    for step in range(1, STEPS + 1):
        life.throw(step)
        life.at += timedelta(minutes=life.dice.choice(JUMPS))
        with time_machine.travel(life.at, tick=False):
            tried = list(_try(life, step))
            yield {"tried": tried, **facts_of(life, step)}


def _try(life: Life, step: int) -> Iterator[str]:
    for number, name in enumerate(acts.likely(life, TRIES)):
        life.throw(step, number)
        try:
            acts.ACTS[name][1](life)
        except DomainError as refused:
            yield f"{name}: {refused.code}"
            continue
        yield name
        return
