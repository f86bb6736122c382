"""What came for whose counter: found through the officer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, Count, F, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Concat

from dossiers.desk.online import counter_ids
from dossiers.desk.online_shares import Share
from exchange.inbox.arriving import RECALLED
from exchange.inbox.tax import SERVICES
from exchange.models import Door, Message
from onestop.accounts.models import Role
from onestop.accounts.rules import stands_on_top
from onestop.paging import Page, by_instant

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from onestop.accounts.desk import Desk

PAGE = 50
State = Message.State
HELD, WAITING, ALL = "giu-lai", "da-vao", "tat-ca"
STANDS = {HELD: "Cần xử lý", WAITING: "Đã vào danh sách chờ", ALL: "Tất cả"}


def messages(desk: Desk) -> QuerySet[Message]:
    """For the counters of a clerk, of a controller's branch; what names no agency that there is, for
    controllers of an agency that nobody stands above. No query but that of `counter_ids`.
    """
    seen = Q(agency__in=counter_ids(desk))
    if stands_on_top(desk, Role.CONTROLLER):
        seen |= Q(agency=None)
    return Message.objects.filter(seen)


def of_stand(stand: str) -> Q:
    return {HELD: Q(state=State.QUARANTINED), WAITING: Q(state=State.MAPPED)}.get(stand, Q())


def counts(rows: QuerySet[Message]) -> dict[str, int]:
    """How many are held and how many wait at the counter. One query."""
    return rows.filter(state__in=(State.QUARANTINED, State.MAPPED)).aggregate(
        **{stand: Count("pk", filter=of_stand(stand)) for stand in (HELD, WAITING)}
    )


def held_here(desk: Desk) -> int | None:
    """How many are held for this officer; None where no system sends to us. One query."""
    rows = messages(desk).filter(of_stand(HELD)).order_by()
    number = rows.annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")
    doors = Door.objects.filter(ended_at=None).annotate(held=Coalesce(Subquery(number), 0))
    return doors.values_list("held", flat=True).first()


def page(rows: QuerySet[Message], stand: str, *, after: str = "") -> Page[Message]:
    """Newest first. One query."""
    found = rows.filter(of_stand(stand)).select_related("agency", "door__source").defer("raw")
    return by_instant("received_at", newest_first=True).page(found, after=after, size=PAGE)


# What names no counter that there is, as the page of shares calls it.
NO_COUNTER = "Chưa rõ nơi tiếp nhận"
# A filing is one, however often it was sent; what bears no code is one each.
_FILINGS = Case(
    When(foreign_code="", then=Concat(Value("="), Cast("pk", CharField()))),
    default=F("foreign_code"),
    output_field=CharField(),
)


def shares(desk: Desk, since: datetime, now: datetime) -> dict[int | None, Share]:
    """What is held, and what a person closed since then, of portals: by counter, as its filings are
    counted (R-40). Not what came to a filing that is counted itself, took something back, is of the tax
    authority or waits for the citizen. Two queries, and that of `counter_ids`.
    """
    rows = messages(desk).filter(filing=None, door__source__channel=None, answer_by__isnull=False)
    for service in RECALLED | SERVICES:
        rows = rows.exclude(service__iexact=service)
    rows = rows.order_by().annotate(one=_FILINGS)
    by_counter: Any = rows.values("agency", "agency__name")
    held = by_counter.filter(state=State.QUARANTINED).annotate(
        waiting=Count("one", distinct=True),
        over=Count("one", distinct=True, filter=Q(answer_by__lte=now)),
    )
    closed = by_counter.filter(
        state=State.REFUSED, ended_by__isnull=False, ended_at__gte=since
    ).annotate(
        answered=Count("one", distinct=True),
        late=Count("one", distinct=True, filter=Q(ended_at__gt=F("answer_by"))),
    )
    found: dict[int | None, Share] = {}
    for row in (*held, *closed):
        name = row["agency__name"] or NO_COUNTER
        numbers = (row.get(key, 0) for key in ("answered", "late", "waiting", "over"))
        known = found.get(row["agency"], Share(name))
        found[row["agency"]] = known + Share(name, *numbers)
    return found
