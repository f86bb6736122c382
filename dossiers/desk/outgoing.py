"""The register of outgoing documents as its page shows it: by agency, year and kind, in the order of
the numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from dossiers.desk.columns import Column
from dossiers.desk.exporting import CHUNK, Export
from dossiers.intake.certified import CODES
from dossiers.models.outgoing import HeldNumber, OutgoingCounter, OutgoingDocument
from onestop.paging import Keyset, Page, Place
from onestop.templatetags.formatting import vn_date
from onestop.texts import whole_number


@dataclass(frozen=True, slots=True)
class Entry:
    """A number of a book as its file says it: of a document, of a void one, of none yet."""

    number: int
    symbol: str
    day: str
    subject: str
    signer: str
    recipient: str
    by: str
    at: datetime
    note: str = ""


# No year is later: what counts down from it is ordered upwards like the columns beside it.
LAST_YEAR = 9999


def _write(place: Place) -> str:
    return "~".join(map(str, place))


def _read(text: str) -> Place | None:
    years, agency, kind, number = (text.split("~") + [""] * 4)[:4]
    numbers = tuple(map(whole_number, (years, agency, number)))
    return None if None in numbers else (numbers[0], numbers[1], kind, numbers[2])


HELD = Keyset(("years_before", "agency_id", "kind", "number"), _write, _read)
COLUMNS = (
    Column("so", "Số, ký hiệu", (("Số, ký hiệu", lambda row: row.symbol),)),
    Column("ngay", "Ngày", (("Ngày ban hành", lambda row: row.day),)),
    Column("trich-yeu", "Trích yếu", (("Trích yếu", lambda row: row.subject),)),
    Column("ky", "Người ký", (("Người ký", lambda row: row.signer),)),
    Column("noi-nhan", "Nơi nhận", (("Nơi nhận", lambda row: row.recipient),)),
    Column(
        "cap", "Người cấp số", (("Người cấp số", lambda row: row.by), ("Lúc", lambda row: row.at))
    ),
    Column("ghi-chu", "Ghi chú", (("Ghi chú", lambda row: row.note),)),
)


def of_book(book: OutgoingCounter, title: str, first: int, last: int) -> Export:
    """The numbers of a book from one to another, upwards: documents, void ones, numbers that are
    kept; two queries for a thousand of them.
    """
    last = min(last, book.last)

    def read(after: str) -> Page[Any]:
        begin = int(after) if after else first
        end = min(begin + CHUNK - 1, last)
        said = {"number__gte": begin, "number__lte": end}
        kept = held([book.agency_id]).filter(kind=book.kind, year=book.year, **said)
        rows = [*map(_entry, lines(book).filter(**said)), *map(_kept, kept)]
        following = str(end + 1) if end < last else ""
        return Page(sorted(rows, key=lambda row: row.number), following, "")

    return Export(title, COLUMNS, read, size=max(last - first + 1, 0))


def _entry(row: OutgoingDocument) -> Entry:
    note = f"Đã hủy ngày {vn_date(row.undone_at)}" if row.undone_at is not None else ""
    return Entry(
        row.number, row.symbol, vn_date(row.issued_on), row.subject, row.signer, row.recipient,
        row.numbered_by.full_name, row.numbered_at, note,
    )  # fmt: skip


def _kept(row: HeldNumber) -> Entry:
    note = f"Số đang giữ: {row.reason}"
    return Entry(
        row.number, str(row.number), "", "", "", "", row.held_by.full_name, row.held_at, note
    )


def books(agency_ids: Sequence[int]) -> list[OutgoingCounter]:
    """The books that have a number, the newest year first."""
    rows = OutgoingCounter.objects.filter(agency__in=agency_ids).exclude(kind__in=CODES)
    rows = rows.select_related("agency")
    return list(rows.order_by("-year", "agency__name", "kind"))


def lines(book: OutgoingCounter) -> QuerySet[OutgoingDocument]:
    """Every line of a book, the highest number first; what was taken back too."""
    rows = OutgoingDocument.objects.filter(agency=book.agency_id, year=book.year, kind=book.kind)
    return rows.select_related("dossier", "numbered_by", "slip").order_by("-number")


def held(agency_ids: Collection[int]) -> QuerySet[HeldNumber]:
    """Numbers that are kept and that no document bears yet, in the order of `HELD`: newest year first."""
    given = OutgoingDocument.objects.filter(
        agency=OuterRef("agency"), year=OuterRef("year"), kind=OuterRef("kind"), number=OuterRef("number")
    )  # fmt: skip
    rows = HeldNumber.objects.filter(~Exists(given), agency__in=agency_ids)
    rows = rows.annotate(years_before=LAST_YEAR - F("year"))
    return rows.select_related("agency", "held_by").order_by(*HELD.columns)


def next_numbers(agency_id: int, year: int) -> dict[str, int]:
    """The next number of each register of an agency and year that has been begun, by kind."""
    rows = OutgoingCounter.objects.filter(agency=agency_id, year=year)
    return {kind: last + 1 for kind, last in rows.values_list("kind", "last")}
