"""The digests of closed days as today's database gives them, whatever hash is stored beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dossiers.ledger import digests
from dossiers.models import AgencyDigest
from onestop.accounts.models import Agency
from onestop.rows import GENESIS


@dataclass(frozen=True, slots=True)
class Recomputed:
    """One closed day of an agency (or of what belongs to none) and what it hashes to now."""

    whose: str
    agency: str
    day: date
    events: int
    hash: str


def recomputed(agency: Agency | None = None) -> Iterator[Recomputed]:
    """Every closed day of one agency, or of all and of what belongs to none; each hash is chained to
    the ones computed before it, so that an earlier day that was changed changes the later ones.
    """
    for place in [agency] if agency else [None, *Agency.objects.order_by("path")]:
        yield from _of(place)


def _of(agency: Agency | None) -> Iterator[Recomputed]:
    rows = list(AgencyDigest.objects.filter(agency=agency).order_by("id"))
    if not rows:
        return
    cuts, by_day = digests.cuts_of(rows)
    until = max(by_day) + timedelta(days=1)
    pk = agency.pk if agency else None
    parts = {
        row.pk: part
        for day, found in digests.days_of(pk, since=None, before=until, cuts=cuts)
        for row, part in zip(by_day.get(day, []), found, strict=False)
    }
    previous = GENESIS
    for row in rows:
        # A day whose events are all gone hashes to that of no events.
        part = parts.get(row.pk, digests.Part(0, row.through, ""))
        previous = digests.hash_of(row, part, previous)
        whose = f"cơ quan {agency.code}" if agency else "các thay đổi ngoài hồ sơ"
        yield Recomputed(whose, agency.code if agency else "", row.day, part.events, previous)
