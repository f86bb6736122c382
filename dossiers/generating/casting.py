"""Who plays a copy: officers, rooms and agencies by those of the life, the owner, and what only this
copy has.
"""

from __future__ import annotations

from collections import Counter
from random import Random

from django.db import models

from dossiers.generating.copies import Cast
from dossiers.generating.heads import Heads
from dossiers.generating.people import somebody
from dossiers.generating.planning import Copy
from dossiers.generating.rows import Counters
from dossiers.intake import secrets
from onestop.accounts.models import Agency, Department, Officer
from onestop.worktime import VN


class Casting:
    """Casts copies one after the other; the database is asked once, at the beginning."""

    def __init__(self, rng: Random, counters: Counters, heads: Heads) -> None:
        self._rng, self._counters, self._heads = rng, counters, heads
        self._results: Counter[int] = Counter()

    def cast(self, copy: Copy) -> Cast:
        rng, life, office, handler = self._rng, copy.pattern.life, copy.office, copy.handler
        places: dict[tuple[type[models.Model], int], int] = {
            (Agency, life.office.agency_id): office.agency_id,
            (Agency, life.handler.agency_id): handler.agency_id,
            (Department, life.office.counter_id): office.counter_id,
        }
        said = {
            **self._heads.between(life.handler.agency_id, handler.agency_id),
            **self._heads.between(life.office.agency_id, office.agency_id),
        }
        for old, new in (
            (life.clerk, rng.choice(office.clerks)),
            (life.specialist, rng.choice(handler.specialists)),
            (life.leader, rng.choice(handler.leaders)),
        ):
            places[Officer, old.officer_id] = new.officer_id
            places[Department, old.department_id] = new.department_id
            said[old.name] = new.name
        said[life.handler.calendar.key()] = handler.calendar.key()
        for number in copy.pattern.result_numbers:
            said[number] = self._result_number(handler.agency_id, number)
        day = copy.received.astimezone(VN).date()
        companies = float(copy.pattern.is_company)
        return Cast(
            places=places,
            words=said,
            owner=somebody(rng, rng.choice(office.places), day.year, companies),
            shift=copy.shift,
            code=office.pattern.format(
                unit=office.unit, day=day, number=self._counters.code(office.agency_id, day)
            ),
            register=self._counters.register(office.agency_id, day.year),
            secret=secrets.new_secret()[1],
        )

    def _result_number(self, agency_id: int, number: str) -> str:
        """The next one of an agency, in the series of the life's: no two decisions share one."""
        self._results[agency_id] += 1
        _, sign, series = number.partition("/")
        return f"{self._results[agency_id]}{sign}{series}"
