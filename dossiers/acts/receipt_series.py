"""Books of receipts: received by the office, used number by number, spoiled or lost numbers kept, and
ended (R-123). The first book of an agency makes the fee of each dossier received from then on a debt
that the counter follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from dossiers.models import OfficeSettings
from dossiers.models.money import ReceiptSeries, SpoiledReceipt
from onestop.accounts.models import Agency, Role
from onestop.changes.domain import add_all
from onestop.errors import DomainError, require
from onestop.once import once
from onestop.results import ALLOWED, Answer, Denied

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

# Spoiled or lost by one press: more is a slip of the finger.
MOST_SPOILED = 100


@dataclass(frozen=True, slots=True)
class Book:
    """What is printed on a book's cover; `last` None: it has no end (electronic)."""

    kind: int
    name: str
    form_symbol: str
    symbol: str
    tax_code: str
    first: int = 1
    last: int | None = None
    provider: str = ""


def may_keep_books(desk: Desk, agency_id: int) -> Answer:
    """Who takes money there, and who leads."""
    keeps = desk.has(Role.CASHIER, Role.HEAD, Role.LEADER, agency_id=agency_id)
    return ALLOWED if keeps else Denied("not_book_keeper")


def open_book(agency: Agency, book: Book, *, by: Desk, at: datetime) -> ReceiptSeries:
    """The office has a new book. Effects: the row; the fee of what it receives from now on is owed
    until it is taken. Errors: DomainError("not_book_keeper", "book_range", "book_overlaps",
    "book_twice").
    """
    require(may_keep_books(by, agency.pk))
    if agency.has_ended(timezone.localdate(at)):
        raise DomainError("book_agency_ended", agency=agency.name)
    if book.first < 1 or (book.last is not None and book.last < book.first):
        raise DomainError("book_range", field="last")
    if book.last is None and book.kind == ReceiptSeries.Kind.PAPER:
        raise DomainError("book_range", field="last")
    with once(DomainError("book_twice", field="first")), transaction.atomic():
        settings, _ = OfficeSettings.objects.select_for_update().get_or_create(agency=agency)
        same = ReceiptSeries.objects.filter(
            agency=agency, form_symbol=book.form_symbol, symbol=book.symbol
        )
        for other in same:
            # Of an ended book the numbers it did not give may come again.
            ends = other.given if other.last is None or other.ended_at else other.last
            endless = other.last is None and other.ended_at is None
            if (book.last is None or book.last >= other.first) and (endless or book.first <= ends):
                raise DomainError("book_overlaps", field="first", other=str(other))
        row = ReceiptSeries(
            agency=agency,
            kind=book.kind,
            name=book.name,
            form_symbol=book.form_symbol,
            symbol=book.symbol,
            provider=book.provider,
            tax_code=book.tax_code,
            first=book.first,
            last=book.last,
            given=book.first - 1,
            opened_at=at,
            opened_by=by.officer,
        )
        add_all(ReceiptSeries, [row])
        if not settings.follows_fees:
            settings.follows_fees = True
            settings.save(update_fields=["follows_fees"])
    return row


def end_book(pk: int, *, by: Desk, at: datetime) -> ReceiptSeries:
    """No further number is given; what was left is said. Errors: DomainError("series_gone",
    "not_book_keeper").
    """
    with transaction.atomic():
        row = _locked(pk, by)
        row.ended_at, row.ended_by = at, by.officer
        row.save(update_fields=["ended_at", "ended_by"])
    return row


def spoil(
    pk: int, *, until: int, why: int, reason: str, by: Desk, at: datetime
) -> list[SpoiledReceipt]:
    """The next numbers of a book, up to `until`, are given to nobody: spoiled or lost. Errors:
    DomainError("series_gone", "not_book_keeper", "spoil_range", "reason_missing").
    """
    if not reason.strip():
        raise DomainError("reason_missing", field="reason")
    with transaction.atomic():
        series = _locked(pk, by)
        numbers = range(series.next_number, until + 1)
        most = series.last if series.last is not None else until
        if not numbers or until > most or len(numbers) > MOST_SPOILED:
            raise DomainError(
                "spoil_range", field="until", next=series.next_digits, most=MOST_SPOILED
            )
        rows = add_all(
            SpoiledReceipt,
            [
                SpoiledReceipt(
                    series=series,
                    number=number,
                    why=why,
                    reason=reason.strip(),
                    by=by.officer,
                    at=at,
                )
                for number in numbers
            ],
        )
        series.given = until
        series.save(update_fields=["given"])
    return rows


def _locked(pk: int, by: Desk) -> ReceiptSeries:
    books = ReceiptSeries.objects.select_for_update(of=("self",)).select_related("agency")
    found = books.filter(pk=pk, ended_at=None).first()
    if found is None:
        raise DomainError("series_gone")
    require(may_keep_books(by, found.agency_id))
    return found
