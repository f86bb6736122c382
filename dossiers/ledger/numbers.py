"""Numbers that run on without a gap: of the dossiers of a register (R-85), of the slips of a kind. A
removed row leaves one, even today.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Max, Model, QuerySet, Sum, Value

from dossiers.ledger.misfits import Misfit
from dossiers.models import Batch, Dossier, RegisterCounter, Slip, SlipCounter
from dossiers.models.handover import LIST_SLUG
from dossiers.models.money import FeeReceipt, ReceiptSeries, SpoiledReceipt
from dossiers.models.outgoing import HeldNumber, OutgoingCounter, OutgoingDocument
from dossiers.models.post import NOTE_SLUG, PostalNote
from dossiers.models.registers import RegisterMark
from dossiers.registry import slip_names
from onestop.accounts.models import Agency


def of_registers(agency: Agency | None) -> Iterator[Misfit]:
    """Register numbers of every agency and year from 1 to the counter."""
    counters = RegisterCounter.objects.select_related("agency").order_by("agency_id", "year")
    marks = _marks()
    for counter in counters.filter(agency=agency) if agency else counters:
        volumes, locked_at = marks.get((counter.agency_id, counter.year), (1, None))
        told = (volumes, counter.last if locked_at is None else locked_at, locked_at is not None)
        if told != (counter.volume, counter.last, counter.locked):
            what = f"sổ theo dõi năm {counter.year}: quyển, số cuối khác với việc mở quyển, khóa sổ"
            yield Misfit(what, agency=counter.agency.code)
        rows = Dossier.objects.filter(
            received_by_agency_id=counter.agency_id,
            register_year=counter.year,
            register_number__isnull=False,
        )
        missing = _missing(RegisterCounter, counter.pk, rows, "register_number")
        if missing:
            # Beside numbers of an earlier system the first gap may be one that was never here.
            which = "hồ sơ" if counter.missing else f"hồ sơ số {missing}"
            what = (
                f"sổ theo dõi năm {counter.year} thiếu {which}: hồ sơ đã bị xóa khỏi cơ sở dữ liệu"
            )
            yield Misfit(what, agency=counter.agency.code)


def _marks() -> dict[tuple[int, int], tuple[int, int | None]]:
    """By agency and year: the volumes begun, and the number behind which it was locked."""
    found: dict[tuple[int, int], tuple[int, int | None]] = {}
    for mark in RegisterMark.objects.order_by("pk"):
        volumes, locked_at = found.get((mark.agency_id, mark.year), (1, None))
        is_lock = mark.kind == RegisterMark.Kind.LOCK
        volumes, locked_at = (volumes, mark.number) if is_lock else (volumes + 1, locked_at)
        found[mark.agency_id, mark.year] = volumes, locked_at
    return found


def of_slips(agency: Agency | None) -> Iterator[Misfit]:
    """Slip numbers of every agency, kind and year from 1 to the counter; of hand-over lists and
    minutes with the post too."""
    counters = SlipCounter.objects.select_related("agency").order_by("agency_id", "year", "slug")
    counted = {
        (a, slug, year): (rows, highest)
        for numbered in (Slip.objects.all(), *_others().values())
        for a, slug, year, rows, highest in numbered.order_by()
        .values_list("agency_id", "slug", "year")
        .annotate(rows=Count("pk"), highest=Max("number"))
    }
    for counter in counters.filter(agency=agency) if agency else counters:
        key = (counter.agency_id, counter.slug, counter.year)
        if counted.get(key, (0, 0)) == (counter.last, counter.last):
            continue
        numbered: QuerySet[Any] = _others().get(counter.slug, Slip.objects.all())
        rows = numbered.filter(agency_id=counter.agency_id, slug=counter.slug, year=counter.year)
        missing = _missing(SlipCounter, counter.pk, rows, "number")
        if missing:
            name = (slip_names() | _NAMES)[counter.slug]
            what = (
                f"{name} năm {counter.year} thiếu số {missing}: phiếu đã bị xóa khỏi cơ sở dữ liệu"
            )
            yield Misfit(what, agency=counter.agency.code)


def of_outgoing(agency: Agency | None) -> Iterator[Misfit]:
    """Numbers of outgoing documents of every agency, kind and year from 1 to the counter: each has
    its line, or is kept for one.
    """
    counters = OutgoingCounter.objects.select_related("agency").order_by(
        "agency_id", "year", "kind"
    )
    for counter in counters.filter(agency=agency) if agency else counters:
        book = {"agency_id": counter.agency_id, "kind": counter.kind, "year": counter.year}
        if _is_whole(counter.last, book):
            continue
        if missing := _missing_outgoing(counter.pk, book):
            # As dossiers/intake/certified.py has them, which stands above the ledger.
            name = "sổ chứng thực" if counter.kind.startswith("SCT/") else "sổ văn bản đi"
            what = (
                f"{name} {counter.kind} năm {counter.year} thiếu số {missing}: "
                "dòng đã bị xóa khỏi cơ sở dữ liệu"
            )
            yield Misfit(what, agency=counter.agency.code)


def _is_whole(last: int, book: dict[str, Any]) -> bool:
    """The short way, where none was ever kept: as many lines as numbers, the last one that of the counter."""
    if HeldNumber.objects.filter(**book).exists():
        return False
    found = OutgoingDocument.objects.filter(**book).aggregate(rows=Count("pk"), last=Max("number"))
    return (found["rows"], found["last"] or 0) == (last, last)


def _missing_outgoing(pk: int, book: dict[str, Any]) -> int:
    """The first number that neither a line nor a kept number has, with the counter locked."""
    with transaction.atomic():
        counter = OutgoingCounter.objects.select_for_update().get(pk=pk)
        lines = OutgoingDocument.objects.filter(**book).order_by().values_list("number")
        found = sorted(
            number
            for (number,) in lines.union(
                HeldNumber.objects.filter(**book).order_by().values_list("number")
            )
        )
        if found == list(range(1, counter.last + 1)):
            return 0
        return next((n for n, have in enumerate(found, start=1) if n != have), len(found) + 1)


def of_receipts(agency: Agency | None) -> Iterator[Misfit]:
    """Numbers of every book of receipts from its first to the last given: each has its receipt, void
    or not, or stands as spoiled (R-123).
    """
    books = ReceiptSeries.objects.select_related("agency").order_by("pk")
    counted = _receipts_counted()
    for book in books.filter(agency=agency) if agency else books:
        numbers = range(book.first, book.given + 1)
        # As many as the book gave, and their sum: every one once.
        if counted.get(book.pk, (0, 0)) == (len(numbers), sum(numbers)):
            continue
        if wrong := _wrong_in_book(book.pk):
            yield Misfit(f"quyển biên lai {book} {wrong}", agency=book.agency.code)


def _receipts_counted() -> dict[int, tuple[int, int]]:
    """By book: how many receipts and spoiled numbers there are, and the sum of their numbers. Two
    statements.
    """
    found: dict[int, tuple[int, int]] = {}
    for model in (FeeReceipt, SpoiledReceipt):
        rows = (
            model.objects.order_by().values_list("series").annotate(n=Count("pk"), s=Sum("number"))
        )
        for series, count, total in rows:
            known = found.get(series, (0, 0))
            found[series] = known[0] + count, known[1] + total
    return found


def _wrong_in_book(pk: int) -> str:
    """The first number of a book that no row has, or one too many, with the book locked; "" where all
    fits.
    """
    with transaction.atomic():
        book = ReceiptSeries.objects.select_for_update().get(pk=pk)
        given = FeeReceipt.objects.filter(series=pk).order_by().values_list("number")
        spoiled = SpoiledReceipt.objects.filter(series=pk).order_by().values_list("number")
        found = Counter(number for (number,) in given.union(spoiled, all=True))
    wanted = range(book.first, book.given + 1)
    for number in wanted:
        if number not in found:
            return f"thiếu số {number}: biên lai đã bị xóa khỏi cơ sở dữ liệu"
    for number, times in sorted(found.items()):
        if times > 1 or number not in wanted:
            return f"thừa số {number}: quyển mới dùng đến số {book.given}, mỗi số một lần"
    return ""


_NAMES = {LIST_SLUG: "Phiếu bàn giao hồ sơ", NOTE_SLUG: "Biên bản giao nhận với bưu chính"}


def _others() -> dict[str, QuerySet[Any]]:
    """Hand-over lists, and minutes with the post, as slips of kinds of their own."""
    return {
        LIST_SLUG: Batch.objects.annotate(slug=Value(LIST_SLUG)),
        NOTE_SLUG: PostalNote.objects.annotate(slug=Value(NOTE_SLUG)),
    }


def of_stored_pdfs() -> Iterator[Misfit]:
    """A slip whose stored PDF is the file of something else: another paper would be printed."""
    own = {"pdf__kind": "slip", "pdf__object_id": F("pk")}
    for slip in (
        Slip.objects.exclude(pdf=None).exclude(**own).select_related("agency").order_by("pk")
    ):
        name = slip_names().get(slip.slug, slip.slug)
        what = f"{name} số {slip.number}/{slip.year}: tệp PDF không phải của phiếu này"
        yield Misfit(what, agency=slip.agency.code)


def _missing(
    counters: type[RegisterCounter] | type[SlipCounter],
    pk: int,
    rows: QuerySet[Any],
    column: str,
) -> int:
    """The first number that no row has, with the counter locked: nobody takes one meanwhile. 0 where
    all are there but those that an earlier system gave and that were never here.
    """
    counting: type[Model] = counters
    with transaction.atomic():
        counter: Any = counting._default_manager.select_for_update().get(pk=pk)
        found = rows.aggregate(rows=Count("pk"), highest=Max(column))
        here = counter.last - getattr(counter, "missing", 0)
        if (found["rows"], found["highest"] or 0) == (here, counter.last):
            return 0
        numbers = rows.order_by(column).values_list(column, flat=True).iterator()
        return next((n for n, have in enumerate(numbers, start=1) if n != have), found["rows"] + 1)
