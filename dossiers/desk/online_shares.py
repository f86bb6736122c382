"""How many filings each counter answers in time (R-40): received, guided or refused, within the working
hours that they have.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q

from dossiers.desk.online import filings
from dossiers.intake.online import CHANNELS
from dossiers.models import OnlineFiling

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

# So long ago an answer counts.
DAYS = 30
State = OnlineFiling.State


@dataclass(frozen=True, slots=True)
class Share:
    """Of one counter: what it answered and how much of it late; what waits, and how much of it late.
    What was settled on the portal's side was answered by nobody here.
    """

    agency: str
    answered: int
    late: int
    waiting: int
    over: int

    @property
    def percent(self) -> float:
        return 100 * self.late / self.answered if self.answered else 0


def shares(desk: Desk, now: datetime) -> list[Share]:
    """The counters that have any, the worst first; of several their sum stands on top. One query, and
    that of `filings`.
    """
    answered = Q(state__in=(State.RECEIVED, State.ANSWERED), ended_at__gte=now - timedelta(DAYS))
    waiting = Q(state=State.WAITING)
    rows = (
        filings(desk)
        .filter(answered | waiting, channel__in=CHANNELS)
        .values("agency")
        .annotate(
            name=F("agency__name"),
            answered=Count("pk", filter=answered),
            late=Count("pk", filter=answered & Q(ended_at__gt=F("accept_by"))),
            waiting=Count("pk", filter=waiting),
            over=Count("pk", filter=waiting & Q(accept_by__lte=now)),
        )
    )
    found = [
        Share(row["name"], row["answered"], row["late"], row["waiting"], row["over"])
        for row in rows.order_by("agency")
    ]
    found.sort(key=lambda one: (-one.percent, -one.over, one.agency))
    return [_sum(found), *found] if len(found) > 1 else found


def _sum(rows: list[Share]) -> Share:
    return Share(
        "Tất cả",
        sum(one.answered for one in rows),
        sum(one.late for one in rows),
        sum(one.waiting for one in rows),
        sum(one.over for one in rows),
    )
