"""How many filings each counter answers in time (R-40): received, guided or refused, within the working
hours that they have.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q

from dossiers.desk.online import counter_ids, filings
from dossiers.intake.online import CHANNELS
from dossiers.models import AnsweredRound, OnlineFiling

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from onestop.accounts.desk import Desk

# So long ago an answer counts.
DAYS = 30
State = OnlineFiling.State


@dataclass(frozen=True, slots=True)
class Share:
    """Of one counter: what it answered and how much of it late; what waits, and how much of it late.
    What was settled on the portal's side was answered by nobody here: only what an officer says after
    the hours counts, and late, or one press would take it out of the late ones.
    """

    agency: str
    answered: int = 0
    late: int = 0
    waiting: int = 0
    over: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(
            self.agency,
            self.answered + other.answered,
            self.late + other.late,
            self.waiting + other.waiting,
            self.over + other.over,
        )

    @property
    def percent(self) -> float:
        return 100 * self.late / self.answered if self.answered else 0


# Whoever brings filings in counts what it holds that is none yet, and what of it was closed since the first
# instant: by counter (None: nobody knows whose it is), as it stands at the second.
more: list[Callable[[Desk, datetime, datetime], Mapping[int | None, Share]]] = []


def shares(desk: Desk, now: datetime) -> list[Share]:
    """The counters that have any, the worst first; of several their sum stands on top. Two queries, and
    those of `counter_ids` and `more`.
    """
    since = now - timedelta(DAYS)
    found: dict[int | None, Share] = {}
    told = (tell(desk, since, now) for tell in more)
    for shared in (_standing(desk, since, now), _past(desk, since), *told):
        for agency, share in shared.items():
            found[agency] = found[agency] + share if agency in found else share
    listed = sorted(found.values(), key=lambda one: (-one.percent, -one.over, one.agency))
    return [sum(listed, Share("Tất cả")), *listed] if len(listed) > 1 else listed


def _standing(desk: Desk, since: datetime, now: datetime) -> dict[int | None, Share]:
    """By the newest round of each filing. One query."""
    is_late = Q(ended_at__gt=F("accept_by"))
    settled_late = Q(state=State.ELSEWHERE, ended_by__isnull=False) & is_late
    ended = Q(state__in=(State.RECEIVED, State.ANSWERED)) | settled_late
    waiting = Q(state=State.WAITING)
    # As the index of what was settled says it.
    answered = ~waiting & Q(ended_at__gte=since) & ended
    rows = filings(desk).filter(answered | waiting, channel__in=CHANNELS).values("agency")
    rows = rows.annotate(
        name=F("agency__name"),
        answered=Count("pk", filter=answered),
        late=Count("pk", filter=answered & is_late),
        waiting=Count("pk", filter=waiting),
        over=Count("pk", filter=waiting & Q(accept_by__lte=now)),
    )
    return {
        row["agency"]: Share(row["name"], row["answered"], row["late"], row["waiting"], row["over"])
        for row in rows.order_by("agency")
    }


def _past(desk: Desk, since: datetime) -> dict[int | None, Share]:
    """What was answered before it was filed anew. One query."""
    rows = AnsweredRound.objects.filter(agency__in=counter_ids(desk), answered_at__gte=since)
    by_counter = rows.values("agency").annotate(
        name=F("agency__name"),
        answered=Count("pk"),
        late=Count("pk", filter=Q(answered_at__gt=F("accept_by"))),
    )
    return {
        row["agency"]: Share(row["name"], row["answered"], row["late"])
        for row in by_counter.order_by("agency")
    }
