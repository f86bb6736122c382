"""The return desk: finished dossiers that nobody has fetched, the one waiting longest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils import timezone

from dossiers.desk.search import matches
from dossiers.models import Dossier, Result
from dossiers.models.querysets import DossierQuerySet
from dossiers.states import State
from onestop.accounts.models import Role
from onestop.paging import Page, by_instant

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

PAGE = 50
# A result that lies so many days is asked after, then a worry.
LONG, TOO_LONG = 10, 30


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line: what lies there, for whom, since when."""

    pk: int
    code: str
    owner_name: str
    procedure: str
    ended_at: datetime
    by_post: bool
    refused: bool
    number: str
    days: int

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
    """All that waits, what waits long, what goes by post; one query."""
    edge = now - timedelta(days=LONG)
    return to_return(desk).aggregate(
        all=Count("pk"),
        long=Count("pk", filter=Q(ended_at__lte=edge)),
        post=Count("pk", filter=Q(return_by_post=True)),
    )


def page(
    desk: Desk, now: datetime, *, text: str = "", only: str = "", after: str = ""
) -> Page[Waiting]:
    """One page, oldest first, after a key; two queries. `only`: "lau" (long) or "buu-chinh" (by
    post).
    """
    rows = to_return(desk)
    if text:
        rows = rows.filter(matches(text))
    if only == "lau":
        rows = rows.filter(ended_at__lte=now - timedelta(days=LONG))
    elif only == "buu-chinh":
        rows = rows.filter(return_by_post=True)
    return by_instant("ended_at").page_of(
        rows, lambda rows, limit: _waiting(rows, limit, now), after=after, size=PAGE
    )


def _waiting(rows: DossierQuerySet[Dossier], limit: int, now: datetime) -> list[Waiting]:
    """The first of these as lines; two queries."""
    columns = ("pk", "code", "owner_name", "version__name", "ended_at", "return_by_post")
    found = list(rows.values_list(*columns)[:limit])
    results = {
        pk: (kind, number)
        for pk, kind, number in Result.objects.current()
        .filter(dossier__in=[row[0] for row in found])
        .values_list("dossier_id", "kind", "number")
    }
    today = timezone.localdate(now)
    lines = []
    for pk, code, owner, procedure, ended_at, by_post in found:
        kind, number = results.get(pk, (Result.Kind.GRANTED, ""))
        days = (today - timezone.localdate(ended_at)).days
        is_refusal = kind == Result.Kind.REFUSED
        lines.append(
            Waiting(pk, code, owner, procedure, ended_at, by_post, is_refusal, number, days)
        )
    return lines
