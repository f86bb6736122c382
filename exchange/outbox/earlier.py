"""Dossiers of which a peer was never told anything: received before it was connected, or brought in from an
earlier system. They count in the share of what is there (costs.py), and are told as they are now, so many
at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from dossiers.ledger import outward, writer
from dossiers.models import Dossier
from dossiers.models.querysets import is_open
from dossiers.states import State
from exchange.models.outbox import Line
from exchange.outbox.level import READERS
from exchange.outbox.national import Days
from exchange.outbox.taking import TAKEN, meant_for
from onestop.accounts.desk import Desk
from onestop.accounts.models import Agency
from onestop.fields import InUsualOrder
from onestop.outbox.models import Fact
from onestop.worktime import start_of_day

# One press, and one batch of the command: the locks of so many dossiers are held together.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Untold:
    """How many are handled still, of whatever day; how many that were received within some days have ended;
    how many of both were received within them, which is what item 1.4 of these days lacks.
    """

    open: int
    ended: int
    within: int

    @property
    def all(self) -> int:
        return self.open + self.ended


def never_told(peer: str) -> QuerySet[Dossier]:
    """Also not by what lies there to be taken over. What was received by mistake is told to nobody."""
    lines = Line.objects.filter(peer=peer, code=InUsualOrder(OuterRef("code")))
    lying = Fact.objects.filter(meant_for(peer), topic__in=TAKEN).values("key")
    rows = Dossier.objects.filter(~Exists(lines), state__lt=State.VOIDED)
    return rows.exclude(code__in=lying)


def of_desk(desk: Desk, peer: str, unit: int | None = None) -> QuerySet[Dossier]:
    """Of the agencies that the officer controls or administers and all below them, or of one of them."""
    # Read first: of a list of ids both engines walk the indexes of dossiers by agency.
    mine = list(Agency.objects.under(*desk.paths_as(*READERS)).values_list("pk", flat=True))
    rows = never_told(peer).filter(agency__in=mine)
    return rows.filter(agency=unit) if unit else rows


def to_tell(rows: QuerySet[Dossier], since: date | None) -> QuerySet[Dossier]:
    """Those that are handled, which would be told with their next act anyway; and what was received from
    that day on, ended or not.
    """
    received = Q(received_at__gte=start_of_day(since)) if since else Q(pk__in=())
    return rows.filter(is_open() | received)


def to_tell_of(rows: QuerySet[Dossier], days: Days) -> QuerySet[Dossier]:
    """The same, where what ended is of some days only."""
    return rows.filter(is_open() | _received(days))


def count(rows: QuerySet[Dossier], days: Days) -> Untold:
    """One query, over what is on the desks and what was received within the days."""
    found = to_tell_of(rows, days).aggregate(
        open=Count("pk", filter=is_open()),
        ended=Count("pk", filter=Q(ended_at__isnull=False)),
        within=Count("pk", filter=_received(days)),
    )
    return Untold(**found)


def _received(days: Days) -> Q:
    end = start_of_day(days.last + timedelta(days=1))
    return Q(received_at__gte=start_of_day(days.first), received_at__lt=end)


def tell(
    rows: QuerySet[Dossier], peer: str, *, at: datetime, after: int = 0, most: int = AT_ONCE
) -> tuple[list[int], int]:
    """Tell the peer so many of `rows` (of `never_told`), the oldest ids behind `after` first; ids of
    those, and the last that was looked at, 0 where there was none. One transaction.
    """
    with transaction.atomic():
        chosen = rows.filter(pk__gt=after).order_by("pk")
        ids = list(chosen.values_list("pk", flat=True)[:most])
        # Locked as an act locks them: one that is under way is waited for, and has told its dossier then;
        # one that comes later stands behind.
        locked = writer.locked().filter(pk__in=ids).order_by("pk").defer("secret", "salt")
        found = {one.pk: one for one in locked}
        left = set(never_told(peer).filter(pk__in=ids).values_list("pk", flat=True))
        outward.say_as_now([one for pk, one in found.items() if pk in left], only=peer, at=at)
    return sorted(left), ids[-1] if ids else 0
