"""What the catalogue asks of dossiers: how many were received under a version, and which of them
keep what it promised.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from dossiers.desk.work import PAGE
from dossiers.models import Dossier
from dossiers.models.querysets import is_open
from dossiers.models.span import Span
from dossiers.states import State
from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import Role
from onestop.paging import Page, by_instant
from onestop.worktime import Calendar, CalendarMissing
from procedures.hooks import Received, Use
from procedures.models import Procedure, ProcedureVersion

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk


def received(version_ids: Iterable[int]) -> dict[int, Received]:
    """By version, those with any. One query."""
    # Counted apart: all of them along the index of versions alone, the few open ones as open work.
    mine = Dossier.objects.filter(version=OuterRef("pk")).order_by().values("version")
    every, still = (
        Coalesce(Subquery(rows.annotate(n=Count("*")).values("n")), 0)
        for rows in (mine, mine.filter(is_open()))
    )
    rows = ProcedureVersion.objects.filter(pk__in=list(version_ids)).order_by()
    found = rows.annotate(every=every, still=still).filter(every__gt=0)
    return {pk: Received(*counts) for pk, *counts in found.values_list("pk", "every", "still")}


def used(procedure_ids: Iterable[int]) -> set[int]:
    """Procedures of which at least one dossier was ever received. One query, which stops at the
    first dossier of each.
    """
    any_dossier = Dossier.objects.filter(version__procedure=OuterRef("pk"))
    rows = Procedure.objects.filter(Exists(any_dossier), pk__in=list(procedure_ids))
    return set(rows.values_list("pk", flat=True))


def use(since: datetime, until: datetime) -> dict[tuple[int, int], Use]:
    """By (counter, procedure): received between the instants, and the working minutes of each that
    got its result between them, by the calendar of whose time it was. Two queries, read in a stream.
    """
    found: dict[tuple[int, int], Use] = {}
    taken = Dossier.objects.filter(received_at__gte=since, received_at__lt=until)
    rows = taken.exclude(state=State.VOIDED).order_by()
    counts = rows.values_list("received_by_agency_id", "version__procedure_id")
    for counter, procedure, number in counts.annotate(n=Count("*")):
        found.setdefault((counter, procedure), Use()).received = number
    for counter, procedure, minutes in _worked(since, until):
        found.setdefault((counter, procedure), Use()).minutes.append(minutes)
    return found


def _worked(since: datetime, until: datetime) -> Iterator[tuple[int, int, int]]:
    """Counter, procedure, working minutes of each finished one; time that somebody else was waited
    for does not count. One whose calendar is missing is left out.
    """
    done = {"dossier__state__in": (State.FINISHED, State.RETURNED), "gone_known": None}
    ended = {"dossier__ended_at__gte": since, "dossier__ended_at__lt": until}
    spans = Span.objects.filter(group=Span.Group.WORKING, to_at__isnull=False, **done, **ended)
    rows = spans.order_by("dossier_id").values_list(
        "dossier_id", "dossier__received_by_agency_id", "dossier__version__procedure_id",
        "agency_id", "from_at", "to_at",
    )  # fmt: skip
    calendars: dict[int, Calendar] = {}
    for (_, counter, procedure), mine in groupby(rows.iterator(2000), key=lambda row: row[:3]):
        try:
            total = 0
            for *_, agency, begun, over in mine:
                assert over is not None
                if agency not in calendars:
                    calendars[agency] = calendar_of(agency)
                total += calendars[agency].working_minutes_between(begun, over)
        except CalendarMissing:
            continue
        yield counter, procedure, total


def open_page(desk: Desk, version_id: int, *, after: str = "", size: int = PAGE) -> Page[Dossier]:
    """Open dossiers of a version in the agencies whose controller this is and all below them, in
    the order of their promise. One query.
    """
    mine = Q(pk=None)
    for path in desk.paths_as(Role.CONTROLLER):
        mine |= Q(agency__path__startswith=path)
    rows = (
        Dossier.objects.open()
        .filter(mine, version=version_id)
        .select_related("agency")
        .defer("secret", "salt")
    )
    return by_instant("sort_due").page(rows, after=after, size=size)
