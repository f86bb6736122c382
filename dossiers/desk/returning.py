"""The return desk: finished dossiers that nobody has fetched, the one waiting longest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.utils import timezone

from dossiers.clock.uncollected import LONG, TOO_LONG, is_archived, is_told
from dossiers.desk.addresses import addresses_of
from dossiers.desk.orders import ORDERS, Order
from dossiers.desk.search import matches
from dossiers.desk.work import Line, short, work_page
from dossiers.models import Dossier, DossierPaper, Result
from dossiers.models.querysets import DossierQuerySet
from dossiers.states import State
from onestop.accounts.models import Role
from onestop.paging import Page

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

PAGE = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line: what lies there, for whom, since how many days."""

    line: Line
    url: str
    refused: bool
    number: str
    days: int
    # Originals that are still held.
    held: int

    @property
    def title(self) -> str:
        return short(self.line.procedure, 110)

    @property
    def chosen(self) -> str:
        """What its checkbox sends: the dossier as it is shown."""
        return f"{self.line.pk}.{self.line.row_version}"

    @property
    def tone(self) -> str:
        return "late" if self.days >= TOO_LONG else "soon" if self.days >= LONG else "quiet"

    @property
    def words(self) -> str:
        return "từ hôm nay" if self.days <= 0 else f"đã {self.days} ngày"


def to_return(desk: Desk) -> DossierQuerySet[Dossier]:
    """Finished and not returned, at the counters where this officer works; a postal worker sees
    what goes by post.
    """
    at_counter = desk.agency_ids_as(Role.CLERK, Role.CASHIER)
    rows = Q(agency__in=at_counter) | Q(received_by_agency__in=at_counter)
    postal = desk.agency_ids_as(Role.POSTAL)
    if postal:
        rows |= Q(Q(agency__in=postal) | Q(received_by_agency__in=postal), return_by_post=True)
    return Dossier.objects.filter(rows, state=State.FINISHED)


def counts(desk: Desk, now: datetime) -> dict[str, int]:
    """All that waits, what waits long, what nobody was told of, what goes by post; one query. What
    was put to the archive waits no longer.
    """
    edge = now - timedelta(days=LONG)
    return (
        to_return(desk)
        .filter(~is_archived())
        .aggregate(
            all=Count("pk"),
            long=Count("pk", filter=Q(ended_at__lte=edge)),
            untold=Count("pk", filter=~Q(is_told())),
            post=Count("pk", filter=Q(return_by_post=True)),
        )
    )


def narrowed(desk: Desk, now: datetime, *, text: str, only: str) -> DossierQuerySet[Dossier]:
    """What waits, narrowed to what was typed or scanned. `only`: "lau" (long), "chua-bao" (nobody
    was told) or "buu-chinh" (by post). What lies in the archive is only found by what was typed.
    """
    rows = to_return(desk)
    rows = rows.filter(matches(text)) if text else rows.filter(~is_archived())
    if only == "lau":
        rows = rows.filter(ended_at__lte=now - timedelta(days=LONG))
    elif only == "chua-bao":
        rows = rows.filter(~Q(is_told()))
    elif only == "buu-chinh":
        rows = rows.filter(return_by_post=True)
    return rows


def page(
    rows: DossierQuerySet[Dossier],
    now: datetime,
    *,
    after: str = "",
    before: str = "",
    more: Iterable[str] = (),
    size: int = PAGE,
    order: Order = ORDERS["xong"],
) -> Page[Waiting]:
    """One page after or before a key, what waits longest first unless it is ordered otherwise; two
    queries. `more`: of desk/work.py.
    """
    found = work_page(
        rows,
        after=after,
        before=before,
        more={*more, "ended_at", "by_post"},
        size=size,
        order=order,
    )
    return Page(_waiting(found.rows, now), found.next, found.previous)


def _waiting(found: list[Line], now: datetime) -> list[Waiting]:
    """The lines with what is known of their results; one query."""
    current = Result.objects.current().filter(dossier__in=[line.pk for line in found])
    told = current.annotate(held=_held()).values_list("dossier_id", "kind", "number", "held")
    results = {pk: rest for pk, *rest in told}
    today = timezone.localdate(now)
    rows = []
    urls = addresses_of("give_back", [line.code for line in found])
    for line, url in zip(found, urls, strict=True):
        kind, number, held = results.get(line.pk, (Result.Kind.GRANTED, "", 0))
        days = (today - timezone.localdate(line.ended_at)).days if line.ended_at else 0
        rows.append(Waiting(line, url, kind == Result.Kind.REFUSED, number, days, held or 0))
    return rows


def _held() -> Subquery:
    """How many originals of its dossier are held."""
    kept = DossierPaper.objects.held().filter(dossier=OuterRef("dossier_id"))
    grouped = kept.order_by().values("dossier").annotate(sum=Sum("originals"))
    return Subquery(grouped.values("sum"))
