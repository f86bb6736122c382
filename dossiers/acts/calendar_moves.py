"""What a changed calendar would do to promises already given: first shown, then, as an explicit and
recorded act, done (R-41).

Nothing moves by itself. A dossier differs when folding its ledger under today's calendar gives
another promise than the one stored: a decision on a year that was only estimated, an unplanned
closing, a year that had no calendar at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from dossiers.acts.many import Done, refused
from dossiers.clock import deadlines
from dossiers.ledger import writer
from dossiers.models import ClockChange, ClockKind, Dossier
from dossiers.models.querysets import is_ended_undetermined, is_open
from dossiers.registry import Act, register
from dossiers.states import FROM_OPEN, HANDLED, ClockEffect
from onestop.accounts.calendars import calendars_of
from onestop.accounts.models import Agency, Role, RoleGrant
from onestop.errors import DomainError
from onestop.outbox.domain import post
from onestop.outbox.told import told
from onestop.results import ALLOWED, Answer, Denied
from onestop.worktime import start_of_day

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk


def _may_move_by_calendar(desk: Desk, dossier: Dossier) -> Answer:
    """The controller or administrator who looks after the agency."""
    here = desk.administers(dossier.agency) or desk.oversees(dossier.agency)
    return ALLOWED if here else Denied("not_your_agency")


MOVE_BY_CALENDAR = register(
    Act(
        "move_by_calendar", "Điều chỉnh ngày hẹn trả theo lịch làm việc", 61, FROM_OPEN | HANDLED, None,
        frozenset({Role.ADMINISTRATOR, Role.CONTROLLER}), _may_move_by_calendar, ClockEffect.FOLLOWS,
        way_back="theo quyết định về lịch: sửa lịch rồi điều chỉnh lại",
    )
)  # fmt: skip


CHUNK = 500


@dataclass(frozen=True, slots=True)
class Move:
    """One promise that today's calendar would give differently; None: not determined."""

    dossier: Dossier
    before: datetime | None
    after: datetime | None


def touched(agency_ids: Iterable[int] | None, first: date, last: date | None) -> int:
    """How many open promises could move if days between `first` and `last` changed: those that
    reach beyond `first` (one query).
    """
    start = start_of_day(first)
    rows = Dossier.objects.filter(is_open()).filter(Q(sort_due__gte=start) | Q(undetermined=True))
    if agency_ids is not None:
        rows = rows.filter(agency__in=list(agency_ids))
    if last is not None:
        rows = rows.filter(received_at__lt=start_of_day(last + timedelta(days=1)))
    return rows.count()


def moves(agency_ids: Iterable[int]) -> Iterator[Move]:
    """Dossiers of these agencies whose promise today's calendar gives differently, soonest promise
    first: the open ones, then those that ended while theirs was undetermined. What has a promise
    loses it to no calendar.
    """
    ids = list(agency_ids)
    calendars = calendars_of(ids)
    keys = [calendars[pk].key() for pk in ids]
    for among in (is_open(), is_ended_undetermined()):
        # Rows already folded under the present calendar cannot differ: only the others are read.
        stale = Dossier.objects.filter(among, agency__in=ids).exclude(calendar_key__in=keys)
        rows = (
            stale.select_related("version__procedure")
            .prefetch_related("clock_changes")
            .order_by("sort_due", "pk")
        )
        for dossier in rows.iterator(chunk_size=CHUNK):
            promise = deadlines.clock_of(dossier, calendars[dossier.agency_id]).promise
            if promise.undetermined:
                continue
            # What waits for the competent agency is an estimate under every calendar.
            provisional = promise.provisional or dossier.awaits_agency
            if (promise.at, provisional, False) != (
                dossier.due_at,
                dossier.provisional,
                dossier.undetermined,
            ):
                yield Move(dossier, dossier.due_at, promise.at)


def apply(dossier_ids: Iterable[int], *, basis: str, by: Desk, at: datetime) -> list[Done]:
    """Move these promises to what today's calendar gives; old and new stay in the ledger.

    Effects per dossier, each in its own transaction: ledger line with basis, promise columns,
    event; flags start anew. What ended while its promise was undetermined gets its promise and the
    verdict that follows from it. Then the clerks are told, with the list of whom to call. Errors: DomainError("basis_missing") before anything is written; a
    dossier that cannot be moved is reported, the others go on.
    """
    if not basis.strip():
        raise DomainError("basis_missing", field="basis")
    done: list[Done] = []
    rows: list[ClockChange] = []
    for pk in dossier_ids:
        try:
            with writer.change(pk, by=by, at=at) as life:
                life.check("move_by_calendar")
                if not life.dossier.is_open and not life.dossier.undetermined:
                    raise DomainError("verdict_stands")
                row = ClockChange(
                    dossier=life.dossier,
                    kind=ClockKind.CALENDAR,
                    start=at,
                    basis=basis.strip(),
                    due_before=life.dossier.due_at,
                )
                life.add(row)
                life.dossier.soon_flagged = life.dossier.late_flagged = False
                life.record("move_by_calendar", {"row": row.pk})
                if life.dossier.undetermined:
                    raise DomainError("calendar_still_missing")
                life.change(row, due_after=life.dossier.due_at)
        except DomainError as error:
            done.append(refused(pk, error))
        else:
            rows.append(row)
            done.append(Done(pk, row.dossier.code))
    _tell(rows, at)
    return done


def _tell(rows: list[ClockChange], at: datetime) -> None:
    """The counters call the people whose dates were moved: each clerk has the list once."""
    if not rows:
        return
    day, link = timezone.localdate(at), reverse("calendar_calls", args=(rows[0].pk,))
    counts = Counter(row.dossier.agency_id for row in rows)
    with transaction.atomic():
        for agency in Agency.objects.filter(pk__in=counts).order_by("pk"):
            count = counts[agency.pk]
            for officer in RoleGrant.objects.nearest_holders(Role.CLERK, agency, day):
                post(
                    **told("dossiers/told/calendar_moved", count=count, basis=rows[0].basis),
                    kind="calendar_moved",
                    dedupe=f"calendar_moved:{rows[0].pk}:{agency.pk}:{officer.pk}",
                    at=at,
                    to_officer=officer,
                    link=link,
                    mail=False,
                )
