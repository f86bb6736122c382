"""What came for whose counter: found through the officer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q

from exchange.models import Message
from onestop.accounts.models import Agency, Role
from onestop.accounts.rules import stands_on_top
from onestop.paging import Page, by_instant

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from onestop.accounts.desk import Desk

PAGE = 50
State = Message.State
HELD, WAITING, ALL = "giu-lai", "da-vao", "tat-ca"
STANDS = {HELD: "Chưa đọc được", WAITING: "Đã vào danh sách chờ", ALL: "Tất cả"}


def messages(desk: Desk) -> QuerySet[Message]:
    """For the counters of a clerk, of a controller's branch; what names no agency that there is, for
    controllers of an agency that nobody stands above. One query for a controller, none for a clerk.
    """
    mine = set(desk.agency_ids_as(Role.CLERK))
    if paths := desk.paths_as(Role.CONTROLLER):
        mine.update(Agency.objects.under(*paths).values_list("pk", flat=True))
    seen = Q(agency__in=sorted(mine))
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


def page(rows: QuerySet[Message], stand: str, *, after: str = "") -> Page[Message]:
    """Newest first. One query."""
    found = rows.filter(of_stand(stand)).select_related("agency", "door__source").defer("raw")
    return by_instant("received_at", newest_first=True).page(found, after=after, size=PAGE)
