"""Numbers of the register of outgoing documents that are chosen, not just the next: another one, one
that was kept for a document to come (giữ số). No number is lost: what is left out is kept, and says
who left it out and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from dossiers.intake import codes
from dossiers.models.outgoing import HeldNumber, OutgoingCounter, OutgoingDocument, same_number
from dossiers.slips import numbering
from onestop.accounts.models import Agency, Role
from onestop.changes.domain import add_all
from onestop.errors import DomainError, require
from onestop.results import ALLOWED, Denied

if TYPE_CHECKING:
    from dossiers.models import Dossier
    from onestop.accounts.desk import Desk
    from onestop.accounts.models import Officer

# So many are kept at once, and left out by one choice: more is a slip of the finger.
MOST_HELD = 50
MOST_REASON = 300


@dataclass(frozen=True, slots=True)
class Book:
    """A register: of one agency, kind of document and year."""

    agency: Agency
    kind: str
    year: int

    @property
    def key(self) -> dict[str, object]:
        return {"agency": self.agency, "kind": self.kind, "year": self.year}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A number that the văn thư wants, None for the next one; `why` others are left out by it."""

    number: int | None = None
    why: str = ""


def hold(book: Book, *, count: int, reason: str, by: Desk, at: datetime) -> list[HeldNumber]:
    """Keep the next numbers of a register for documents to come.

    Errors: DomainError("not_documents", "held_why", "held_how_many").
    """
    mine = by.has(Role.DOCUMENTS, agency_id=book.agency.pk)
    require(ALLOWED if mine else Denied("not_documents"))
    if not 1 <= count <= MOST_HELD:
        raise DomainError("held_how_many", field="count", most=MOST_HELD)
    if not reason.strip():
        raise DomainError("held_why", field="reason")
    with transaction.atomic():
        counter = locked(book)
        numbers = range(counter.last + 1, counter.last + count + 1)
        return _kept(counter, book, numbers, reason, by=by.officer, at=at)


def take(book: Book, chosen: Chosen, *, by: Officer, at: datetime) -> int:
    """The chosen number, which is now given, inside the caller's transaction: the next one, a higher
    one, whose gap is kept, or one that was kept. The counter stays locked until all is written.

    Errors: DomainError("number_taken", "number_too_far", "number_gap_why").
    """
    counter = locked(book)
    follows, number = counter.last + 1, chosen.number
    if number is None:
        number = follows
    if number < follows:
        if not is_held(book, number):
            raise DomainError("number_taken", field="number", number=number, next=follows)
        return number
    gap = range(follows, number)
    if len(gap) > MOST_HELD:
        raise DomainError(
            "number_too_far", field="number", number=number, next=follows, most=MOST_HELD
        )
    if gap and not chosen.why.strip():
        raise DomainError("number_gap_why", field="why", number=number, gap=in_words(gap))
    _kept(counter, book, gap, chosen.why, by=by, at=at)
    counter.last = number
    counter.save(update_fields=["last"])
    return number


def locked(book: Book) -> OutgoingCounter:
    """The counter of a register, locked until the transaction ends."""
    return codes.hold_outgoing(agency_id=book.agency.pk, kind=book.kind, year=book.year)


def is_held(book: Book, number: int) -> bool:
    """Whether the number is kept and no line bears it yet."""
    of_number = book.key | {"number": number}
    return (
        HeldNumber.objects.filter(**of_number).exists()
        and not OutgoingDocument.objects.filter(**of_number).exists()
    )


def typed_of(typed: str, agency: Agency, day: date) -> tuple[Book, int] | None:
    """The register and number that somebody typed as a whole symbol, where a register of this agency
    gives such: "12/QĐ-UBND". A letter's symbol names a room too, and is none of a result.
    """
    wanted = same_number(typed)
    digits = wanted[: len(wanted) - len(wanted.lstrip("0123456789"))]
    if not digits or len(digits) > 9:
        return None
    for kind in numbering.kinds_on(day):
        symbol = numbering.symbol(kind, int(digits), agency=agency, room="")
        if same_number(symbol) == wanted:
            return Book(agency, kind.code, day.year), int(digits)
    return None


def check_typed(typed: str, dossier: Dossier, day: date) -> None:
    """Whether a result may bear the number that somebody typed: none that the register has given to
    another document, void or not, and none that it keeps. One query, two where the symbol is a
    register's. Errors: DomainError("number_given", "number_kept") on field "number".
    """
    agency = dossier.agency.in_charge(day)
    line = OutgoingDocument.objects.bearing(typed, agency_id=agency.pk, year=day.year)
    if line is not None and not _is_own(line, dossier):
        about = {"number": line.symbol, "subject": line.subject}
        raise DomainError("number_given", field="number", **about)
    found = typed_of(typed, agency, day)
    if found is not None and is_held(*found):
        raise DomainError("number_kept", field="number", number=typed.strip())


def _is_own(line: OutgoingDocument, dossier: Dossier) -> bool:
    """Whether the number was given to a result of this dossier, and stands."""
    return line.is_standing and line.result_id is not None and line.dossier_id == dossier.pk


def in_words(numbers: range) -> str:
    """12; 12–14."""
    first, last = numbers[0], numbers[-1]
    return str(first) if first == last else f"{first}–{last}"


def _kept(
    counter: OutgoingCounter,
    book: Book,
    numbers: range,
    reason: str,
    *,
    by: Officer,
    at: datetime,
) -> list[HeldNumber]:
    why = " ".join(reason.split())[:MOST_REASON]
    rows = [
        HeldNumber(**book.key, number=number, reason=why, held_by=by, held_at=at)
        for number in numbers
    ]
    made = add_all(HeldNumber, rows)
    if numbers:
        counter.last = numbers[-1]
        counter.save(update_fields=["last"])
    return made
