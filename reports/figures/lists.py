"""Lists of a period: the register of dossiers, the hand-overs and the apologies, each as it stood by the cut."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from dossiers.models import Dossier, HandOver
from dossiers.models.outcome import Outcome
from procedures.models import Field
from reports.figures import by_post, entries, late_shares, sorry
from reports.figures.scope import Scope
from reports.figures.stood import stood
from reports.periods import Period

CHUNK = 50
REGISTER, LATE_SHARES = "register", "late-shares"
Values = dict[str, Any]
Lines = Iterator[tuple[str, Values]]


# Of a procedure's version its name only: it holds the whole text of the procedure.
_READ = (
    "code", "register_year", "register_number", "owner_name", "address", "phone", "sets", "received_at", "recorded_at",
    "version__name", "agency__name", "online__filed_at",
)  # fmt: skip
_GIVEN = (
    "given_at", "confirmed_at", "step_due_at", "outcome", "dossier__code", "giver__full_name", "giver_department__name",
    "receiver__full_name", "receiver_department__name",
)  # fmt: skip


def register(scope: Scope, period: Period, cut: datetime) -> Lines:
    """The entries of a book, or of the dossiers that the agency received in the period, in the order
    of its register (R-85). One statement, and one more for the events of so many dossiers at a time.
    """
    number = F("register_number").asc(nulls_last=True)
    rows = _received(scope, period, cut).order_by("register_year", number, "received_at", "pk")
    rows = rows.select_related("version", "agency", "online").only(*_READ)
    for part in _chunks(rows.iterator(chunk_size=CHUNK)):
        yield from ((one.code, told) for one, told in register_lines(part, cut))


def named(period: Period) -> Period:
    """With the name of its field, for whoever reads which part it is. One query where it has one."""
    if not period.field or period.field_name:
        return period
    names = Field.objects.filter(pk=period.field).values_list("name", flat=True)
    return replace(period, field_name=names.first() or "")


def register_rows(scope: Scope, period: Period) -> QuerySet[Dossier]:
    """The entries of a book or period that have a place in it, for a page that shows some of them."""
    rows = _of_book(scope, period).filter(register_number__isnull=False)
    return rows.select_related("version", "agency", "online").only(*_READ)


def register_lines(rows: Sequence[Dossier], cut: datetime) -> list[tuple[Dossier, Values]]:
    """What the columns say of some entries. One statement."""
    found = stood([one.pk for one in rows], cut)
    return [(one, entries.values(one, *found[one.pk])) for one in rows if one.pk in found]


def _received(scope: Scope, period: Period, _cut: datetime) -> QuerySet[Dossier]:
    return _of_book(scope, period)


def _of_book(scope: Scope, period: Period) -> QuerySet[Dossier]:
    rows = Dossier.objects.filter(received_by_agency=scope.agency_id)
    if period.is_book:
        rows = rows.filter(register_year=period.year, register_number__isnull=False)
        if period.volume:
            rows = rows.filter(register_volume=period.volume)
        if period.field:
            rows = rows.filter(field=period.field)
        return rows.filter(register_number__range=period.numbers) if period.numbers else rows
    # A year that was locked has its late entries in the book of a later one.
    first = timezone.localdate(period.start).year
    return rows.filter(
        register_year__gte=first, received_at__gte=period.start, received_at__lt=period.end
    )


def handovers(scope: Scope, period: Period, cut: datetime) -> Lines:
    """What rooms of the agency gave in the period, in order of time; recalled ones left out."""
    beside = ("dossier", "giver", "giver_department", "receiver", "receiver_department")
    rows = _given(scope, period, cut).select_related(*beside).only(*_GIVEN)
    rows = rows.order_by("given_at", "pk")
    for row in rows.iterator(chunk_size=CHUNK):
        confirmed = row.confirmed_at if row.confirmed_at and row.confirmed_at <= cut else None
        outcome = Outcome(row.outcome).label if row.outcome and confirmed else None
        yield (
            row.dossier.code,
            {
                "giver": _who(row.giver.full_name, row.giver_department.name),
                "receiver": _who(
                    row.receiver.full_name if row.receiver else "", row.receiver_department.name
                ),
                "given": row.given_at,
                "confirmed": confirmed,
                "step_due": row.step_due_at,
                "outcome": outcome,
            },
        )


def _given(scope: Scope, period: Period, cut: datetime) -> QuerySet[HandOver]:
    return HandOver.objects.filter(
        Q(undone_at=None) | Q(undone_recorded_at__gt=cut),
        giver_department__agency=scope.agency_id,
        given_at__gte=period.start,
        given_at__lt=period.end,
        given_at__lte=cut,
    )


def _who(person: str, room: str) -> str:
    return f"{person}, {room}" if person else room


def _chunks(rows: Iterable[Dossier]) -> Iterator[list[Dossier]]:
    found: list[Dossier] = []
    for row in rows:
        found.append(row)
        if len(found) == CHUNK:
            yield found
            found = []
    if found:
        yield found


def _alone(
    rows: Callable[[Scope, Period, datetime], QuerySet[Any]],
) -> Callable[[Scope, Period, datetime], tuple[QuerySet[Any], ...]]:
    return lambda scope, period, cut: (rows(scope, period, cut),)


LISTS: dict[str, Callable[[Scope, Period, datetime], Lines]] = {
    REGISTER: register,
    "handovers": handovers,
    sorry.CODE: sorry.lines,
    LATE_SHARES: late_shares.lines,
    by_post.CODE: by_post.lines,
}
# Where the rows of each lie.
_ROWS: dict[str, Callable[[Scope, Period, datetime], tuple[QuerySet[Any], ...]]] = {
    REGISTER: _alone(_received),
    "handovers": _alone(_given),
    sorry.CODE: sorry.rows_of,
    LATE_SHARES: _alone(late_shares.late_dossiers),
    by_post.CODE: by_post.rows_of,
}


def size(code: str, scope: Scope, period: Period, cut: datetime, *, most: int) -> int:
    """How many rows a list has; counting ends at `most`. One statement for each kind of row."""
    found = sum(rows.order_by()[:most].count() for rows in _ROWS[code](scope, period, cut))
    return min(found, most)
