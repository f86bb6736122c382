"""Administrators are told when something waits too long to be sent, or was given up: once a day and
peer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils import timezone

from exchange.models.outbox import Line
from exchange.outbox.peers import Peer, peers
from onestop.accounts.models import Role, RoleGrant
from onestop.outbox.domain import Notice, post_all
from onestop.outbox.told import told

KIND = "exchange_unsent"


@dataclass(frozen=True, slots=True)
class Unsent:
    """What waits for one peer: since when the oldest, how many lines, how many were given up."""

    peer: Peer
    oldest: datetime | None
    waiting: int
    stopped: int

    def is_late(self, now: datetime) -> bool:
        patience = timedelta(hours=settings.EXCHANGE_ALARM_HOURS)
        return self.stopped > 0 or (self.oldest is not None and now - self.oldest >= patience)


def unsent() -> list[Unsent]:
    """One query for all peers; none where none is connected."""
    connected = peers()
    if not connected:
        return []
    rows = (
        Line.objects.filter(waiting_since__isnull=False)
        .values("peer")
        .annotate(
            oldest=Min("waiting_since"),
            waiting=Count("pk", filter=Q(state=Line.State.WAITING)),
            stopped=Count("pk", filter=Q(state=Line.State.STOPPED)),
        )
    )
    by_peer = {row["peer"]: (row["oldest"], row["waiting"], row["stopped"]) for row in rows}
    return [Unsent(peer, *by_peer.get(peer.code, (None, 0, 0))) for peer in connected]


def tell(found: Sequence[Unsent], *, now: datetime, link: str) -> int:
    """How many notices were new."""
    late = [one for one in found if one.is_late(now)]
    if not late:
        return 0
    today = timezone.localdate(now)
    grants = RoleGrant.objects.valid_on(today).filter(
        role=Role.ADMINISTRATOR, officer__is_active=True
    )
    people = {one.officer_id: one.officer for one in grants.select_related("officer")}
    notices: list[Notice] = []
    for one in late:
        words = told("exchange/told/unsent", one=one, link=link)
        notices += [
            {
                "kind": KIND,
                "dedupe": f"{KIND}:{one.peer.code}:{today:%Y%m%d}:{pk}",
                "subject": words["subject"],
                "body": words["body"],
                "at": now,
                "to_officer": officer,
                "link": link,
            }
            for pk, officer in people.items()
        ]
    return len(post_all(notices))
