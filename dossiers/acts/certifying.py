"""A certification that is signed gets its number in its book (sổ chứng thực, NĐ 23/2015 Đ13): from 01
each year, by agency and kind, no gap. Copies of one paper made at the same time bear one number.

The books are registers like that of outgoing documents: what was taken back keeps its number and its
line, and the ledger knows a number that is gone.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from dossiers.intake import codes
from dossiers.intake.certified import CODES, Book, book_of
from dossiers.intake.copy_fees import MOST_PAPERS, Copied
from dossiers.ledger.writer import Life
from dossiers.models import Result
from dossiers.models.outgoing import OutgoingDocument
from onestop.errors import DomainError

SHOWN = "Giấy tờ, văn bản xuất trình"


def enter(life: Life, result: Result, signer: str) -> list[OutgoingDocument]:
    """A number for each paper of the line, told by the event that follows; none where the procedure has
    no such book. `signer`: who signed, "" for whoever signed the last one of the book. The book is that of
    whoever acts for the dossier's agency now.

    Errors: DomainError("line_papers") for more papers than one line has; ("line_signer") where nobody
    signed in this book yet.
    """
    dossier = life.dossier
    book = book_of(dossier.version.name)
    if book is None:
        return []
    assert life.by is not None
    copied = Copied.read(dossier.summary)
    if not 1 <= copied.papers <= MOST_PAPERS:
        raise DomainError("line_papers")
    day = timezone.localdate(life.at)
    year, agency = day.year, dossier.agency.in_charge(day)
    signer = signer or last_signer(agency.pk, book, year)
    if not signer:
        raise DomainError("line_signer", field="signer")
    most = OutgoingDocument._meta.get_field("subject").max_length
    found = []
    # The counter's row stays locked until all is written: no gap, whoever signs at once.
    for _ in range(copied.papers):
        number = codes.next_outgoing(agency_id=agency.pk, kind=book.code, year=year)
        row = OutgoingDocument(
            dossier=dossier,
            agency=agency,
            kind=book.code,
            year=year,
            number=number,
            symbol=book.symbol(number, year),
            issued_on=day,
            subject=(copied.what or SHOWN)[:most],
            recipient=dossier.owner_name,
            signer=signer,
            result=result,
            numbered_by=life.by.officer,
            numbered_at=life.at,
        )
        found.append(life.add(row))
    return found


def when_signed(life: Life, result: Result) -> None:
    """A certification on the long path gets its number where it ends with its signed result; nothing
    of a refusal, of what has its number, of a procedure without such a book.

    Errors: those of enter().
    """
    dossier = life.dossier
    is_certified = result.kind == Result.Kind.GRANTED and book_of(dossier.version.name) is not None
    if is_certified and not is_entered(dossier.pk):
        enter(life, result, result.signer)


def last_signer(agency_id: int, book: Book, year: int) -> str:
    """Who signed the newest line of a book up to a year that says it; "" where nobody did. One query."""
    rows = OutgoingDocument.objects.filter(agency=agency_id, kind=book.code, year__lte=year)
    named = rows.exclude(signer="").order_by("-year", "-number")
    return named.values_list("signer", flat=True).first() or ""


def is_entered(dossier_id: int) -> bool:
    """Whether a number of a book stands for it. One query."""
    return _standing().filter(dossier=dossier_id).exists()


def symbols_of(dossiers: list[int]) -> dict[int, str]:
    """The numbers of some dossiers as their line says them: “12”, “12–14”. One query."""
    rows = _standing().filter(dossier__in=dossiers)
    found: dict[int, list[int]] = {}
    for pk, number in rows.order_by("number").values_list("dossier_id", "number"):
        found.setdefault(pk, []).append(number)
    return {
        pk: f"{numbers[0]:02d}" + (f"–{numbers[-1]:02d}" if len(numbers) > 1 else "")
        for pk, numbers in found.items()
    }


def _standing() -> QuerySet[OutgoingDocument]:
    """Lines of these books that were not taken back."""
    return OutgoingDocument.objects.standing().filter(kind__in=CODES)
