"""What a counter owes an account of: dossiers whose fee is not taken, the own drawer, books of
receipts, and what was taken between two days (R-126).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Max, Min, Q, QuerySet, Subquery, Sum

from dossiers.desk.payments import CameIn, came_in
from dossiers.desk.relieved import Relieved, relieved
from dossiers.intake.transfers import NOT_ASKED
from dossiers.models import Dossier
from dossiers.models.electronic import ElectronicReceipt
from dossiers.models.money import (
    CashCount,
    CashHandOver,
    FeeReceipt,
    ReceiptRequest,
    ReceiptSeries,
    SpoiledReceipt,
    Way,
    in_digits,
)
from onestop.paging import Page, by_id, by_instant
from onestop.worktime import start_of_day

if TYPE_CHECKING:
    from dossiers.models.querysets import DossierQuerySet
    from onestop.accounts.desk import Desk

SIZE = 50
_ORDER = by_id(newest_first=True)
_COUNTS = by_instant("at", newest_first=True)


def owing(desk: Desk, agency_ids: Collection[int]) -> DossierQuerySet[Dossier]:
    """Dossiers received at these counters whose fee is not taken, or not all of it."""
    rows = Dossier.objects.visible_to(desk).filter(
        received_by_agency__in=list(agency_ids), fee_owed__gt=0
    )
    return rows.exclude(state__in=NOT_ASKED)


def owing_page(rows: QuerySet[Dossier], after: str) -> Page[Dossier]:
    """One page, the newest first; one query."""
    named = rows.select_related("version").defer("version__search_text", "secret", "salt")
    return _ORDER.page(named, size=SIZE, after=after)


def owed_in_all(rows: QuerySet[Dossier]) -> tuple[int, int]:
    """How many, and how much together."""
    found = rows.aggregate(count=Count("pk"), sum=Sum("fee_owed"))
    return found["count"], found["sum"] or 0


def cash_on_the_way(desk: Desk) -> list[CashHandOver]:
    """Cash that this officer gave and nobody has received, or that waits for this officer."""
    me = desk.officer.pk
    rows = CashHandOver.objects.filter(Q(giver=me) | Q(taker=me), taken_at=None, ended_at=None)
    return list(rows.select_related("giver", "taker", "agency").order_by("pk"))


def counts_of(
    desk: Desk, agency_ids: Collection[int], *, every: bool, after: str
) -> Page[CashCount]:
    """A page of counts, the last first: the own ones, or (`every`) those of all cashiers."""
    rows = CashCount.objects.filter(agency__in=list(agency_ids))
    if not every:
        rows = rows.filter(officer=desk.officer)
    return _COUNTS.page(rows.select_related("officer", "agency"), size=SIZE, after=after)


def books_of(agency_ids: Collection[int]) -> list[ReceiptSeries]:
    """Every book, those in use first; one query."""
    rows = ReceiptSeries.objects.filter(agency__in=list(agency_ids)).annotate(
        spoiled_count=Count("spoiled")
    )
    named = rows.select_related("agency", "opened_by", "ended_by")
    return list(named.order_by(F("ended_at").asc(nulls_first=True), "agency__name", "pk"))


def books_in_use(agency_id: int) -> list[ReceiptSeries]:
    return list(ReceiptSeries.objects.in_use().filter(agency=agency_id).order_by("pk"))


def books_to_take_from(officer_id: int, agency_id: int) -> list[ReceiptSeries]:
    """Those in use, first the one that this officer gave the last cash receipt of. One query."""
    last = FeeReceipt.objects.filter(agency=agency_id, taken_by=officer_id, way=Way.CASH)
    mine = Subquery(last.order_by("-taken_at").values("series")[:1])
    books: Any = ReceiptSeries.objects.in_use().filter(agency=agency_id).annotate(mine=mine)
    return sorted(books, key=lambda book: (book.pk != book.mine, book.pk))


def receipts_of(dossier_ids: Sequence[int]) -> list[FeeReceipt]:
    """The receipts of these dossiers that stand, in the order they were given, with their books and
    what the provider of electronic ones said.
    """
    rows = FeeReceipt.objects.standing().filter(dossier__in=dossier_ids)
    return list(rows.select_related("series", "electronic").order_by("pk"))


def letters_of(dossier_id: int) -> dict[int, ElectronicReceipt]:
    """What became of the electronic receipts of a dossier at their provider, by receipt. One query."""
    rows = ElectronicReceipt.objects.filter(receipt__dossier=dossier_id)
    return {row.receipt_id: row for row in rows}


def letters_of_book(series_id: int) -> tuple[int, list[ElectronicReceipt]]:
    """How many wait for their provider, and which it refused, the newest first. Two queries."""
    rows = ElectronicReceipt.objects.filter(receipt__series=series_id)
    refused = rows.refused().select_related("receipt__dossier").order_by("-pk")
    return rows.to_send().count(), list(refused[:SIZE])


def waiting_requests(agency_ids: Collection[int]) -> list[ReceiptRequest]:
    """What waits for somebody who approves, oldest first."""
    rows = ReceiptRequest.objects.waiting().filter(receipt__agency__in=list(agency_ids))
    return list(rows.select_related("dossier", "receipt__series", "asked_by").order_by("pk"))


# --- settlement -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BookLine:
    """What became of a book between two days: numbers used, voided (by the day somebody
    agreed), spoiled or lost.
    """

    book: ReceiptSeries
    used: int
    first: str
    last: str
    void: int
    spoiled: int
    lost: int


@dataclass(frozen=True, slots=True)
class ProcedureLine:
    """Receipts given, void ones too, by procedure; in đồng."""

    code: str
    name: str
    receipts: int
    fee: int
    charge: int

    @property
    def amount(self) -> int:
        return self.fee + self.charge


@dataclass(frozen=True, slots=True)
class Settlement:
    """What was taken at one agency from one day to another, both included, in đồng.

    A receipt counts on the day it was given, whatever became of it; what was voided or paid back
    counts on the day somebody agreed: a month that is over keeps its figures.
    """

    first: date
    last: date
    books: Sequence[BookLine]
    lines: Sequence[ProcedureLine]
    ways: Sequence[tuple[str, int]]
    voided: int
    refunded: int
    account: CameIn
    relieved: Relieved

    @property
    def taken(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def fee(self) -> int:
        return sum(line.fee for line in self.lines)

    @property
    def charge(self) -> int:
        return sum(line.charge for line in self.lines)

    @property
    def receipts(self) -> int:
        return sum(line.receipts for line in self.lines)

    @property
    def net(self) -> int:
        return self.taken - self.voided - self.refunded


def settlement(agency_id: int, first: date, last: date) -> Settlement:
    """Nine queries, whatever was taken."""
    days = {"gte": start_of_day(first), "lt": start_of_day(last + timedelta(days=1))}
    taken = FeeReceipt.objects.filter(agency=agency_id, **_between("taken_at", days))
    back = ReceiptRequest.objects.agreed().filter(
        receipt__agency=agency_id, **_between("answered_at", days)
    )
    by_kind: dict[int, int] = defaultdict(int)
    void: dict[int, int] = {}
    grouped = back.order_by().values_list("kind", "receipt__series")
    for kind, series, amount, count in grouped.annotate(sum=Sum("amount"), count=Count("pk")):
        by_kind[kind] += amount
        if kind == ReceiptRequest.Kind.VOID:
            void[series] = count
    by_way = dict(taken.order_by().values_list("way").annotate(sum=Sum(F("fee") + F("charge"))))
    return Settlement(
        first=first,
        last=last,
        books=_books(agency_id, taken, days, void),
        lines=_lines(taken),
        ways=[(way.label, by_way.get(way.value, 0)) for way in Way],
        voided=by_kind.get(ReceiptRequest.Kind.VOID.value, 0),
        refunded=by_kind.get(ReceiptRequest.Kind.REFUND.value, 0),
        account=came_in(agency_id, first, last),
        relieved=relieved(agency_id, first, last),
    )


def _between(column: str, days: dict[str, Any]) -> dict[str, Any]:
    return {f"{column}__{way}": at for way, at in days.items()}


def _lines(taken: QuerySet[FeeReceipt]) -> list[ProcedureLine]:
    named = ("dossier__version__procedure__code", "dossier__version__name")
    rows = (
        taken.order_by()
        .values_list(*named)
        .annotate(receipts=Count("pk"), fees=Sum("fee"), charges=Sum("charge"))
    )
    found: dict[str, ProcedureLine] = {}
    # Versions of one procedure may bear other names: the last one stands.
    for code, name, receipts, fee, charge in sorted(rows):
        old = found.get(code, ProcedureLine(code, name, 0, 0, 0))
        found[code] = ProcedureLine(
            code, name, old.receipts + receipts, old.fee + fee, old.charge + charge
        )
    return sorted(found.values(), key=lambda line: line.code)


def _books(
    agency_id: int, taken: QuerySet[FeeReceipt], days: dict[str, Any], void: Mapping[int, int]
) -> list[BookLine]:
    counted = taken.order_by().values_list("series").annotate(
        used=Count("pk"), first=Min("number"), last=Max("number"),
    )  # fmt: skip
    used = {row[0]: row[1:] for row in counted}
    gone = SpoiledReceipt.objects.filter(series__agency=agency_id, **_between("at", days))
    spoiled = {
        (series, why): count
        for series, why, count in gone.order_by().values_list("series", "why").annotate(Count("pk"))
    }
    touched = set(used) | set(void) | {series for series, _ in spoiled}
    why = SpoiledReceipt.Why
    return [
        BookLine(
            book=book,
            used=used[book.pk][0] if book.pk in used else 0,
            first=in_digits(used[book.pk][1]) if book.pk in used else "",
            last=in_digits(used[book.pk][2]) if book.pk in used else "",
            void=void.get(book.pk, 0),
            spoiled=spoiled.get((book.pk, why.SPOILED.value), 0),
            lost=spoiled.get((book.pk, why.LOST.value), 0),
        )
        for book in ReceiptSeries.objects.filter(agency=agency_id).order_by("pk")
        if book.pk in touched or book.ended_at is None
    ]
