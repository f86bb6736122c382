"""Lists of the administrator: keyset pages in the order of a stored key."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.utils import timezone

from onestop.accounts import hooks
from onestop.accounts.desk import Desk
from onestop.accounts.models import (
    AccessEvent,
    AccessKind,
    Agency,
    CalendarYear,
    Officer,
    RoleGrant,
)
from onestop.paging import by_code, by_id, by_text, cut
from onestop.worktime import start_of_day

PAGE = 50
T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    rows: list[T]
    next_url: str


def officers_page(
    paths: tuple[str, ...], *, text: str = "", state: str = "", after: str = "", at: datetime
) -> Page[Officer]:
    """Officers at and below these paths by given name, with their roles of today: two queries.

    `state`: "" all but closed ones, "khoa" locked, "ngung" disabled or closed. `after`: the cursor
    of the page before.
    """
    today = timezone.localdate(at)
    roles = RoleGrant.objects.valid_on(today).select_related("agency", "department")
    found = (
        Officer.objects.of_subtree(*paths)
        .search(text)
        .select_related("agency", "department")
        .prefetch_related(Prefetch("grants", roles))
    )
    if state == "khoa":
        found = found.filter(locked_until__gt=at)
    elif state == "ngung":
        found = found.filter(is_active=False)
    else:
        found = found.filter(closed_at=None)
    page = by_text("sort_name").page(found, after=after, size=PAGE)
    return Page(page.rows, _next({"q": text, "loai": state}, page.next))


def agencies_page(paths: tuple[str, ...], *, text: str = "", after: str = "") -> Page[Agency]:
    """Agencies at and below these paths in the order of their codes."""
    found = Agency.objects.under(*paths).search(text).select_related("parent", "successor")
    page = by_code("code").page(found, after=after, size=PAGE)
    return Page(page.rows, _next({"q": text}, page.next))


def log_page(
    paths: tuple[str, ...],
    *,
    desk: Desk,
    unplaced: bool = False,
    kind: str = "",
    username: str = "",
    first: date | None = None,
    last: date | None = None,
    after: str = "",
) -> Page[AccessEvent]:
    """The access log of these agencies (`unplaced`: and of unknown accounts), newest first: three
    queries.

    Agencies are looked up first, so that one commune's lines come from the index by agency however
    long the log is.
    """
    agencies = list(Agency.objects.under(*paths).values_list("pk", flat=True))
    wanted = Q(kind=kind) if kind else Q()
    if username:
        wanted &= Q(username=username.strip().lower())
    if first:
        wanted &= Q(at__gte=start_of_day(first))
    if last:
        wanted &= Q(at__lt=start_of_day(last + timedelta(days=1)))
    newest, place = by_id(newest_first=True), by_id().read(after)
    # Two walks along two indexes: lines of these officers, and lines of others about these
    # agencies.
    both = (
        AccessEvent.objects.of_agencies(agencies, unplaced=unplaced),
        AccessEvent.objects.filter(about__in=agencies),
    )
    found = {
        row.pk: row
        for lines in both
        for row in newest.beyond(lines.filter(wanted).select_related("officer"), place)[: PAGE + 1]
    }
    rows = [found[pk] for pk in sorted(found, reverse=True)]
    page = cut(rows, newest.cursor, size=PAGE, back=False, is_first=place is None)
    _name_objects(page.rows, desk)
    kept = {"viec": kind, "tai-khoan": username, "tu": first or "", "den": last or ""}
    return Page(page.rows, _next(kept, page.next))


def last_reset(officer: Officer) -> AccessEvent | None:
    """Who gave the officer a new password last, if the officer has not chosen one since. One query."""
    about = AccessEvent.objects.filter(object_kind="officer", object_id=officer.pk)
    both = about.filter(kind__in=(AccessKind.PASSWORD_RESET, AccessKind.PASSWORD_CHANGED))
    newest = both.select_related("officer").order_by("-pk").first()
    return newest if newest is not None and newest.kind == AccessKind.PASSWORD_RESET else None


def _name_objects(rows: list[AccessEvent], desk: Desk) -> None:
    """Sets `object_words`: the object as the app above calls it, else its kind and number. One
    query a kind at most.
    """
    wanted: dict[str, set[int]] = {}
    for row in rows:
        if row.object_id is not None:
            wanted.setdefault(row.object_kind, set()).add(row.object_id)
    names: dict[tuple[str, int], str] = {}
    for kind, ids in wanted.items():
        answers: list[tuple[Any, Any]] = hooks.objects_named.send(
            sender=AccessEvent, kind=kind, ids=ids, desk=desk
        )
        for _, found in answers:
            names |= {(kind, pk): name for pk, name in (found or {}).items()}
    for row in rows:
        word = hooks.KINDS.get(row.object_kind, row.object_kind)
        name = names.get((row.object_kind, row.object_id or 0)) or (
            f"số {row.object_id}" if row.object_id else ""
        )
        row.object_words = f"{word} {name}".strip()  # type: ignore[attr-defined]


def _next(kept: dict[str, Any], cursor: str) -> str:
    return (
        "?" + urlencode({key: value for key, value in kept.items() if value} | {"sau": cursor})
        if cursor
        else ""
    )


@dataclass(frozen=True)
class AdministrationFacts:
    """What an administrator should look at."""

    officers: int
    locked: int
    unused: int
    without_role: int
    year: int
    provisional: tuple[int, ...]
    missing: tuple[int, ...]


def administration_facts(paths: tuple[str, ...], *, at: datetime) -> AdministrationFacts:
    """Counts over the officers of these agencies, and the calendar of this and the next year: two
    queries.
    """
    today = timezone.localdate(at)
    current = RoleGrant.objects.valid_on(today).filter(officer=OuterRef("pk"))
    counts = (
        Officer.objects.of_subtree(*paths)
        .annotate(has_role=Exists(current))
        .aggregate(
            officers=Count("pk", filter=Q(is_active=True)),
            locked=Count("pk", filter=Q(locked_until__gt=at)),
            unused=Count("pk", filter=Q(is_active=False, closed_at=None)),
            without_role=Count("pk", filter=Q(is_active=True, has_role=False)),
        )
    )
    years = dict(
        CalendarYear.objects.filter(year__in=(today.year, today.year + 1)).values_list(
            "year", "provisional"
        )
    )
    return AdministrationFacts(
        **counts,
        year=today.year,
        provisional=tuple(sorted(year for year, provisional in years.items() if provisional)),
        missing=tuple(year for year in (today.year, today.year + 1) if year not in years),
    )
