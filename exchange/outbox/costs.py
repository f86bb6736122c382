"""What it costs in the national index (QĐ 766) where a peer holds our dossiers late, wrong or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from dossiers.intake.online import CHANNELS
from dossiers.models import Result
from dossiers.models.digitising import GIVEN_OUT
from dossiers.states import OPEN, State
from exchange.models.outbox import Line

# The most points of the items that have a formula of their own: 1.4 sync, 2.1 on time, 4.1 results.
SYNC_POINTS, TIME_POINTS, RESULT_POINTS = 6, 20, 6
# What was received by mistake and is not there either is no dossier that is missing there.
TOLD = Q(dossier__isnull=False) & (Q(accepted_at__isnull=False) | ~Q(dossier__state=State.VOIDED))
THERE = Q(dossier__isnull=False, accepted_at__isnull=False)
ONLINE_THERE = THERE & Q(dossier__channel__in=CHANNELS, accepted_channel__in=CHANNELS)


@dataclass(frozen=True, slots=True)
class Cost:
    """Of the dossiers told since a day: `told` in all, `there` at the peer; `late_there`: late there
    and not here; `online` here, `online_there` as the peer counts it; `national`: how many the national
    report counts as received in that time, 0 where nobody said: what is more than ours is unknown here
    and counts as not there (1.4 of QĐ 766). `finished`: ended there with a result that is due;
    `linked`: of these, with the address of its file; `bare`: without its code or address; `unsure`: of
    the bare, told before that was noted; `online_bare`: bare, and online there by the channel alone.
    `untold`: received in that time and never told (earlier.py).
    """

    told: int
    there: int
    late_there: int
    online: int
    online_there: int
    national: int = 0
    finished: int = 0
    linked: int = 0
    bare: int = 0
    unsure: int = 0
    online_bare: int = 0
    untold: int = 0

    @property
    def ours(self) -> int:
        return self.told + self.untold

    @property
    def base(self) -> int:
        return max(self.ours, self.national)

    @property
    def unknown_here(self) -> int:
        return self.base - self.ours

    @property
    def sync_share(self) -> float:
        return 100 * self.there / self.base

    @property
    def missing(self) -> int:
        return self.ours - self.there

    @property
    def sync_lost(self) -> float:
        """Of the six points of 1.4: they go by the share of dossiers that are there."""
        return SYNC_POINTS * (self.base - self.there) / self.base

    @property
    def time_lost(self) -> float:
        """Of the twenty points of 2.1, of the dossiers that are there."""
        return TIME_POINTS * self.late_there / self.there if self.there else 0.0

    @property
    def online_lost(self) -> int:
        return self.online - self.online_there

    @property
    def online_share(self) -> float:
        return 100 * self.online / self.told if self.told else 0.0

    @property
    def online_share_there(self) -> float:
        """3.3: the share online of what is there, times the share that is there."""
        return 100 * self.online_there / self.base

    @property
    def unlinked(self) -> int:
        return self.finished - self.linked

    @property
    def result_lost(self) -> float | None:
        """Of the six points of 4.1; None where nothing ended there, which is no 0."""
        return RESULT_POINTS * self.unlinked / self.finished if self.finished else None


def late_there(now: datetime) -> Q:
    """Late by what the peer holds and on time by what is so here: open there after the day that it
    knows, though it is done here, or is promised for a later day.
    """
    is_open_there = Q(accepted_at__isnull=False, accepted_state__in=OPEN, accepted_due__lt=now)
    done_in_time = Q(dossier__ended_at__isnull=False) & (
        Q(dossier__due_at__isnull=True) | Q(dossier__ended_at__lte=F("dossier__due_at"))
    )
    goes_on_in_time = Q(dossier__ended_at__isnull=True) & (
        Q(dossier__due_at__isnull=True) | Q(dossier__due_at__gte=now)
    )
    return is_open_there & (done_in_time | goes_on_in_time)


def result_due() -> Q:
    """Ended there, with a result to be given: one was, or the catalogue names one; a refusal is none."""
    results = Result.objects.current().filter(dossier=OuterRef("dossier"))
    is_named = ~Q(dossier__version__results=[])
    was_given = Q(Exists(results.filter(kind=Result.Kind.GRANTED)))
    was_refused = Q(Exists(results.filter(kind=Result.Kind.REFUSED)))
    # The cheap condition first: what follows is asked of what ended alone.
    return THERE & Q(accepted_state__in=GIVEN_OUT) & (is_named | was_given) & ~was_refused


def bare() -> Q:
    """A result is due there, and the last message that was accepted named no code, or no address."""
    return ~Q(result_code=True, result_link=True) & result_due()


def cost_of(
    lines: QuerySet[Line], now: datetime, national: int = 0, untold: int = 0
) -> Cost | None:
    """None where there is no dossier of ours. One query."""
    found = lines.aggregate(
        told=Count("pk", filter=TOLD),
        there=Count("pk", filter=THERE),
        late_there=Count("pk", filter=TOLD & late_there(now)),
        online=Count("pk", filter=TOLD & Q(dossier__channel__in=CHANNELS)),
        online_there=Count("pk", filter=ONLINE_THERE),
        finished=Count("pk", filter=result_due()),
        linked=Count("pk", filter=Q(result_link=True) & result_due()),
        bare=Count("pk", filter=bare()),
        unsure=Count("pk", filter=Q(result_code__isnull=True) & bare()),
        online_bare=Count("pk", filter=ONLINE_THERE & bare()),
    )
    # 3.3: by its channel, and where a result is due by the result that is there.
    found["online_there"] -= found["online_bare"]
    cost = Cost(**found, national=national, untold=untold)
    return cost if cost.ours else None
