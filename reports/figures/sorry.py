"""The book of apologies (sổ theo dõi xin lỗi): every letter of a period by either act, with its
number, how late the dossier was by the cut and what was promised anew (R-53…R-57).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from dossiers.acts.apology import SLUG as ALONE
from dossiers.ledger.fold import Standing
from dossiers.models import ClockChange, ClockKind, Dossier, Slip
from dossiers.models.apology import Apology
from dossiers.models.outgoing import OutgoingDocument
from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import Takeover
from onestop.instants import moment
from onestop.worktime import Calendar, CalendarMissing, parse_term
from onestop.worktime.left import spell, working_span
from onestop.worktime.zone import local
from reports.figures.scope import Scope
from reports.figures.stood import stood
from reports.periods import Period

CODE = "apologies"
WITH_TERM = "xin-loi"
CHUNK = 50
_READ = ("dossier__code", "dossier__owner_name", "dossier__version__name")


@dataclass(frozen=True, slots=True)
class _Letter:
    """One apology; `anew`: what was promised with it."""

    at: datetime
    pk: int
    slug: str
    dossier: Dossier
    promised: datetime | None
    reason: str
    anew: datetime | None = None
    signer: str = ""


def rows_of(scope: Scope, period: Period, cut: datetime) -> tuple[QuerySet[Any], ...]:
    """The rows of either act, taken back ones left out."""
    return _alone(scope, period, cut), _with_term(scope, period, cut)


def _standing(cut: datetime) -> Q:
    return Q(undone_at=None) | Q(undone_recorded_at__gt=cut)


def _mine(scope: Scope, cut: datetime, at: str) -> Q:
    """The letters of who acted for the dossier's agency at the letter's own instant (the column
    `at`), as far as the cut knows of a merger (R-118).
    """
    mine = Q(dossier__agency=scope.agency_id)
    if not scope.has_succession:
        return mine
    over = Takeover.objects.known_by(cut).filter(
        Q(to_at=None) | Q(to_at__gt=OuterRef(at)),
        agency=OuterRef("dossier__agency"),
        from_at__lte=OuterRef(at),
    )
    return mine & ~Q(Exists(over)) | Q(Exists(over.filter(heir=scope.agency_id)))


def _alone(scope: Scope, period: Period, cut: datetime) -> QuerySet[Apology]:
    rows = Apology.objects.filter(_standing(cut), _mine(scope, cut, "made_at"))
    return rows.filter(made_at__gte=period.start, made_at__lt=period.end, made_at__lte=cut)


def _with_term(scope: Scope, period: Period, cut: datetime) -> QuerySet[ClockChange]:
    rows = ClockChange.objects.filter(
        _standing(cut), _mine(scope, cut, "start"), kind=ClockKind.REAPPOINT
    )
    return rows.filter(start__gte=period.start, start__lt=period.end, start__lte=cut)


def lines(scope: Scope, period: Period, cut: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """In the order of time. Two statements, and three more for so many letters at a time."""
    calendar = calendar_of(scope.agency_id)
    found = heapq.merge(
        _read_alone(_alone(scope, period, cut)),
        _read_with_term(_with_term(scope, period, cut)),
        key=attrgetter("at", "slug", "pk"),
    )
    until = min(cut, period.last_instant)
    while part := list(islice(found, CHUNK)):
        known = stood([one.dossier.pk for one in part], cut)
        slips = _slips(part)
        numbers = _numbers([slip.pk for slip in slips.values()], cut)
        for one in part:
            slip = slips.get((one.dossier.pk, one.slug, one.at))
            late = _days_late(one, known[one.dossier.pk][1], until, calendar)
            yield one.dossier.code, _values(one, slip, numbers, late)


def _read_alone(rows: QuerySet[Apology]) -> Iterator[_Letter]:
    rows = rows.select_related("dossier__version", "signer").order_by("made_at", "pk")
    rows = rows.only(*_READ, "made_at", "promised_at", "reason", "signer__full_name")
    for row in rows.iterator(chunk_size=CHUNK):
        yield _Letter(
            row.made_at, row.pk, ALONE, row.dossier, row.promised_at, row.reason,
            signer=row.signer.full_name,
        )  # fmt: skip


def _read_with_term(rows: QuerySet[ClockChange]) -> Iterator[_Letter]:
    rows = rows.select_related("dossier__version").order_by("start", "pk")
    rows = rows.only(*_READ, "start", "due_before", "due_after", "basis")
    for row in rows.iterator(chunk_size=CHUNK):
        yield _Letter(
            row.start, row.pk, WITH_TERM, row.dossier, row.due_before, row.basis, row.due_after
        )


def _values(
    one: _Letter,
    slip: Slip | None,
    numbers: dict[int, str],
    late: int | str | None,
) -> dict[str, Any]:
    signer = one.signer or (slip.snapshot.get("signer", "") if slip is not None else "")
    return {
        "owner": one.dossier.owner_name,
        "procedure": one.dossier.version.name,
        "due": one.promised,
        "days_late": late,
        "letter": numbers.get(slip.pk) if slip is not None else None,
        "apologised": one.at,
        "letter_signer": signer,
        "anew": one.anew,
        "note": one.reason,
    }


def _days_late(
    one: _Letter, told: Standing, until: datetime, calendar: Calendar
) -> int | str | None:
    """Against the promise that decides (R-113), which a letter does not move and a lawful extension
    does: to its end, to where the clock stands for a wait, or to `until`; as the cut knows it.
    """
    columns = told.columns
    promised = moment(columns.get("legal_due_at")) or one.promised
    waits = moment(columns.get("waiting_since"))
    last = moment(columns.get("ended_at")) or (min(waits, until) if waits else until)
    return days_late(promised, last, columns.get("term", ""), calendar)


def days_late(
    promised: datetime | None, until: datetime, term: str, calendar: Calendar
) -> int | str | None:
    """Working days over the promise, of a term in hours also the hours; 0 for one that was kept;
    None where it cannot be reckoned.
    """
    if promised is None:
        return None
    try:
        if parse_term(term).by_instant:
            return spell(*working_span(promised, until, calendar)) or 0
        first, last = local(promised).date(), local(until).date()
        return calendar.working_days_between(first, last) if last > first else 0
    except CalendarMissing:
        return None


def _slips(letters: Iterable[_Letter]) -> dict[tuple[int, str, datetime], Slip]:
    """The slip of each, made by the very act."""
    ids = [one.dossier.pk for one in letters]
    rows = Slip.objects.filter(dossier__in=ids, slug__in=(ALONE, WITH_TERM)).order_by("pk")
    return {(slip.dossier_id, slip.slug, slip.made_at): slip for slip in rows if slip.dossier_id}


def _numbers(slips: Sequence[int], cut: datetime) -> dict[int, str]:
    """What the register of outgoing documents gave them by the cut."""
    rows = OutgoingDocument.objects.filter(_standing(cut), slip__in=slips, numbered_at__lte=cut)
    return {pk: symbol for pk, symbol in rows.values_list("slip", "symbol") if pk is not None}
