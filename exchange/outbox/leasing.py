"""Whose turn it is: a sender leases lines, so that of a dossier nothing is ever sent twice at once.

A lease is longer than a round takes; a sender that was killed lets go by itself. One that is slower
still is no harm: it finds its lease lost, and the peer is asked what it holds (sending.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from exchange.models.outbox import Delivery, Line
from onestop.instants import SKEW

LEASE = timedelta(minutes=10)
# A request whose end nobody knows has arrived by then, or never will.
DOUBT = timedelta(minutes=20)
# After the n-th refusal wait this long: thirteen tries over about a day, then a person has to look.
PAUSES = [timedelta(minutes=m) for m in (1, 2, 5, 10, 20, 40, 60, 120, 180, 240, 360, 360)]
# A peer that does not answer at all is asked on at this pace, for days if need be.
LONGEST_AWAY = timedelta(hours=1)


def lease(peer: str, *, most: int, now: datetime) -> list[Line]:
    """Lines whose turn it is, the longest waiting first; nobody else gets them meanwhile."""
    with transaction.atomic():
        due = Line.objects.filter(peer=peer, state=Line.State.WAITING, next_try_at__lte=now)
        mine = list(due.select_for_update(skip_locked=True).order_by("next_try_at", "pk")[:most])
        # Where an engine locks no rows, writers come one at a time and ask again here.
        holder = uuid4()
        due.filter(pk__in=[line.pk for line in mine]).update(
            leased_by=holder, next_try_at=now + LEASE
        )
    return list(Line.objects.filter(pk__in=[line.pk for line in mine], leased_by=holder))


def firsts(lines: Iterable[Line]) -> dict[int, Delivery]:
    """The message that goes next, by line."""
    waiting = Delivery.objects.filter(line__in=lines, state=Delivery.State.WAITING)
    found: dict[int, Delivery] = {}
    for one in waiting.order_by("line", "pk"):
        found.setdefault(one.line_id, one)
    return found


def held(lines: Collection[Line]) -> tuple[dict[int, Line], list[int]]:
    """Inside a transaction: the lines locked, as far as they are still leased as they were; the ids
    of those that are not.
    """
    leased: dict[int, UUID | None] = {line.pk: line.leased_by for line in lines}
    there = Line.objects.select_for_update().filter(pk__in=leased).order_by("pk")
    mine = {line.pk: line for line in there if line.leased_by == leased[line.pk]}
    return mine, [pk for pk in leased if pk not in mine]


def pause_after(tries: int, *, is_away: bool) -> timedelta | None:
    """How long to wait after so many tries; None: no more."""
    pause = PAUSES[min(tries, len(PAUSES)) - 1]
    if is_away:
        return min(pause, LONGEST_AWAY)
    return pause if tries <= len(PAUSES) else None


def after_clock_set_back(now: datetime) -> int:
    """Lines that wait for an instant of a clock that was wrong are due now; how many."""
    by_a_wrong_clock = Line.objects.filter(
        state=Line.State.WAITING, next_try_at__gt=now + max(PAUSES) + SKEW
    )
    return by_a_wrong_clock.update(next_try_at=now)
