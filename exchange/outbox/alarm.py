"""Administrators are told when something waits too long to be sent, or was given up: once a day and
peer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from exchange.models.outbox import Line
from exchange.outbox.peers import Peer, peers
from exchange.outbox.taking import TAKEN
from onestop.accounts.models import Agency, Officer, Role, RoleGrant
from onestop.outbox.domain import Notice, post_all
from onestop.outbox.models import Fact
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


def unsent(lines: QuerySet[Line] | None = None) -> list[Unsent]:
    """Two queries for all peers; none where none is connected. What nobody has taken over yet waits
    for each of them, of whichever lines.
    """
    connected = peers()
    if not connected:
        return []
    untaken = Fact.objects.filter(topic__in=TAKEN).aggregate(oldest=Min("created_at"))["oldest"]
    rows = (
        (Line.objects.all() if lines is None else lines)
        .filter(waiting_since__isnull=False)
        .values("peer")
        .annotate(
            oldest=Min("waiting_since"),
            waiting=Count("pk", filter=Q(state=Line.State.WAITING)),
            stopped=Count("pk", filter=Q(state=Line.State.STOPPED)),
        )
    )
    by_peer = {row["peer"]: (row["oldest"], row["waiting"], row["stopped"]) for row in rows}
    found = []
    for peer in connected:
        since, waiting, stopped = by_peer.get(peer.code, (None, 0, 0))
        oldest = min((at for at in (since, untaken) if at is not None), default=None)
        found.append(Unsent(peer, oldest, waiting, stopped))
    return found


def tell(*, now: datetime, link: str) -> int:
    """Each administrator of what is late in the agencies below his own, and of what was never taken
    over; how many notices were new.
    """
    if not any(one.is_late(now) for one in unsent()):
        return 0
    today = timezone.localdate(now)
    grants = RoleGrant.objects.valid_on(today).filter(
        role=Role.ADMINISTRATOR, officer__is_active=True
    )
    people: dict[int, Officer] = {}
    paths: dict[str, set[int]] = {}
    for grant in grants.select_related("officer", "agency"):
        people[grant.officer_id] = grant.officer
        paths.setdefault(grant.agency.path, set()).add(grant.officer_id)
    notices: dict[str, Notice] = {}
    # The highest agency first: who administers several is told by its figures.
    for path in sorted(paths, key=len):
        mine = Agency.objects.under(path)
        late = [one for one in unsent(Line.objects.filter(agency__in=mine)) if one.is_late(now)]
        for one in late:
            words = told("exchange/told/unsent", one=one, link=link)
            for pk in paths[path]:
                dedupe = f"{KIND}:{one.peer.code}:{today:%Y%m%d}:{pk}"
                notices.setdefault(
                    dedupe,
                    {
                        "kind": KIND,
                        "dedupe": dedupe,
                        "subject": words["subject"],
                        "body": words["body"],
                        "at": now,
                        "to_officer": people[pk],
                        "link": link,
                    },
                )
    return len(post_all(notices.values()))
