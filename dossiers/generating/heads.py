"""The words of a life that are other ones in a copy: what its agencies are called on slips, its people."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from itertools import chain

from dossiers.generating.lives import Life
from dossiers.slips.letterheads import office_of
from onestop.accounts.models import Agency


class Heads:
    """What agencies are called on slips, read once."""

    def __init__(self) -> None:
        self._heads = {agency.pk: office_of(agency) for agency in Agency.objects.all()}
        self.between = cache(self._between)

    def _between(self, before: int, after: int) -> dict[str, str]:
        """The words of one head, each with the one that stands there in the other."""
        old, new = self._heads[before], self._heads[after]
        return {
            getattr(old, one.name): getattr(new, one.name)
            for one in fields(old)
            if getattr(old, one.name)
        }

    def changing(self, life: Life) -> frozenset[str]:
        """The words of a life that are other ones in a copy; every other word is the same."""
        heads = [self.between(pk, pk) for pk in (life.office.agency_id, life.handler.agency_id)]
        people = (life.clerk.name, life.specialist.name, life.leader.name)
        return frozenset([*chain(*heads), *people, life.handler.calendar.key()])
