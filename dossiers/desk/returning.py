"""The return desk: finished dossiers that nobody has fetched, the one waiting longest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils import timezone

from dossiers.desk.search import matches
from dossiers.models import Dossier, Result
from dossiers.models.querysets import DossierQuerySet
from dossiers.states import State
from onestop.accounts.models import Role

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

PAGE = 50
# A result that lies so many days is asked after, then a worry.
LONG, TOO_LONG = 10, 30
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


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


@dataclass(frozen=True, slots=True)
class Page:
    lines: list[Waiting]
    next: str


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


def page(desk: Desk, now: datetime, *, text: str = "", only: str = "", after: str = "") -> Page:
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
    if (start := _read(after)) is not None:
        at, pk = start
        rows = rows.filter(Q(ended_at__gt=at) | Q(ended_at=at, pk__gt=pk), ended_at__gte=at)
    columns = ("pk", "code", "owner_name", "version__name", "ended_at", "return_by_post")
    found = list(rows.order_by("ended_at", "pk").values_list(*columns)[: PAGE + 1])
    results = {
        pk: (kind, number)
        for pk, kind, number in Result.objects.current()
        .filter(dossier__in=[row[0] for row in found[:PAGE]])
        .values_list("dossier_id", "kind", "number")
    }
    today = timezone.localdate(now)
    lines = []
    for pk, code, owner, procedure, ended_at, by_post in found[:PAGE]:
        kind, number = results.get(pk, (Result.Kind.GRANTED, ""))
        days = (today - timezone.localdate(ended_at)).days
        lines.append(
            Waiting(
                pk,
                code,
                owner,
                procedure,
                ended_at,
                by_post,
                kind == Result.Kind.REFUSED,
                number,
                days,
            )
        )
    more = len(found) > PAGE
    return Page(
        lines, f"{(lines[-1].ended_at - _EPOCH) // _MICROSECOND:x}-{lines[-1].pk:x}" if more else ""
    )


def _read(after: str) -> tuple[datetime, int] | None:
    try:
        micro, pk = (int(part, 16) for part in after.split("-"))
        return _EPOCH + micro * _MICROSECOND, pk
    except (ValueError, OverflowError):
        return None
