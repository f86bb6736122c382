"""The batches of hand-overs, newest first, and the printed list of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from dossiers.models import Batch, Dossier, DossierPaper, HandOver
from dossiers.models.handover import on_the_way
from dossiers.models.undone import standing
from onestop.accounts.models import Agency, Officer, Role
from onestop.paging import Page, by_instant

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

PAGE_OF_BATCHES = 40
# Roles that see every batch of their agency; others see what their departments gave or got.
WHOLE_AGENCY = (Role.CLERK, Role.HEAD, Role.LEADER, Role.CONTROLLER)


def batches_of(desk: Desk) -> QuerySet[Batch]:
    """The batches this officer may open: given or received by own departments or self, all of the
    agency for some roles.

    An administrator sees the lists of desks that were moved when their officers left, and those of
    the own room; what their rows are about stays closed (`list_rows`).
    """
    mine = Q()
    for way in _ways_to_batches(desk):
        mine |= way
    return _named(Batch.objects.filter(mine))


def _ways_to_batches(desk: Desk) -> list[Q]:
    """Why this officer may open a batch: one condition a way, each of one value of one column, so
    that each has its index.
    """
    rooms = (*desk.department_ids, *desk.department_ids_as(Role.ADMINISTRATOR))
    ways = [
        *(("giver", pk) for pk in desk.officer_ids),
        *(("receiver", pk) for pk in desk.officer_ids),
        *(("giver_department", pk) for pk in rooms),
        *(("receiver_department", pk) for pk in rooms),
        *(("agency", pk) for pk in desk.agency_ids_as(*WHOLE_AGENCY)),
    ]
    found = [Q(**{column: pk}) for column, pk in dict.fromkeys(ways)]
    if desk.has(Role.ADMINISTRATOR):
        # People who left are few, and so is what they ever gave.
        under = Agency.objects.under(*desk.administered_paths).values("pk")
        left = Officer.objects.filter(closed_at__isnull=False).values("pk")
        found.append(Q(giver__in=left, agency__in=under))
    return found


def _named(rows: QuerySet[Batch]) -> QuerySet[Batch]:
    return rows.select_related(
        "agency", "giver", "giver_department", "receiver_department", "receiver"
    )


def batch_page(desk: Desk, *, after: str = "") -> Page[Any]:
    """Newest batches first with how many dossiers they hold and how many nobody confirmed. One
    query.
    """
    order = by_instant("given_at", newest_first=True)

    def take(rows: QuerySet[Batch], limit: int) -> list[Batch]:
        # The newest of each way, then the newest of all these; only then is anything joined or
        # counted. Together the ways would be read to their ends and sorted.
        first, *others = (_part(rows.filter(way), limit) for way in _ways_to_batches(desk))
        shown = Batch.objects.filter(pk__in=first.union(*others) if others else first)
        counted = _named(shown).annotate(
            dossiers=_how_many(standing()), waiting=_how_many(on_the_way())
        )
        return list(counted.order_by(*rows.query.order_by)[:limit])

    return order.page_of(Batch.objects.all(), take, after=after, size=PAGE_OF_BATCHES)


def _part(rows: QuerySet[Batch], limit: int) -> QuerySet[Batch, Any]:
    """The ids of the first ones, as a part of a union; SQLite takes no part that is cut."""
    picked = rows.values("pk")[:limit]
    if connection.features.supports_slicing_ordering_in_compound:
        return picked
    return Batch.objects.filter(pk__in=picked).order_by().values("pk")


def _how_many(of: Q) -> Coalesce:
    """Hand-overs of a batch, as a column."""
    rows = HandOver.objects.filter(of, batch=OuterRef("pk")).order_by().values("batch")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0)


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of the printed hand-over list; `papers` counts originals, certified and plain
    copies.

    `closed`: the officer may read that it moved, not what it is about.
    """

    hand_over: HandOver
    papers: str
    closed: bool


def list_rows(batch: Batch, desk: Desk) -> list[ListRow]:
    """The rows of a batch in the order they were given, recalled ones too (the page strikes them
    out); two queries.

    An administrator sees the lists of desks that leavers gave over, but opens no dossier: rows that
    this officer may not open are `closed`.
    """
    joined = ("dossier__version", "confirmed_by", "receiver", "receiver_department")
    is_open = Dossier.objects.visible_to(desk).filter(pk=OuterRef("dossier"))
    rows = list(
        batch.hand_overs.select_related(*joined).annotate(may_open=Exists(is_open)).order_by("pk")
    )
    counts = {
        found["dossier"]: found
        for found in DossierPaper.objects.brought()
        .filter(dossier__in=[r.dossier_id for r in rows])
        .order_by()
        .values("dossier")
        .annotate(kinds=Count("pk"), a=Sum("originals"), b=Sum("certified"), c=Sum("copies"))
    }
    return [ListRow(row, _papers(counts.get(row.dossier_id)), not row.may_open) for row in rows]


def _papers(found: Mapping[str, Any] | None) -> str:
    if found is None:
        return "không có bản giấy"
    parts = [(found["a"], "bản chính"), (found["b"], "bản sao chứng thực"), (found["c"], "bản sao")]
    said = ", ".join(f"{number} {word}" for number, word in parts if number)
    return f"{found['kinds']} loại" + (f" ({said})" if said else "")
