"""`/so-theo-doi/chung-thuc/`: the books of certification of an office (sổ chứng thực, NĐ 23/2015 Đ13),
a month at a time, and that month as it is printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.desk.work import rail_counts
from dossiers.intake.certified import CODES, named, volume
from dossiers.models.outgoing import OutgoingCounter, OutgoingDocument
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency
from onestop.texts import MOST_NUMBER, whole_number
from reports.rendering import certified
from reports.views.register import READERS, READS

MONTHS = range(1, 13)
# What an address calls the whole year.
YEAR = 13
PAGE = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """A month of a book, or the whole year of it (`whole`): its months merged into one (Đ13)."""

    book: OutgoingCounter
    month: date
    rows: list[OutgoingDocument]
    whole: bool = False

    @property
    def name(self) -> str:
        return named(self.book.kind)

    @property
    def volume(self) -> str:
        return volume(self.book.kind, self.book.year)

    @property
    def asked(self) -> str:
        return urlencode({"so": self.book.pk, "thang": YEAR if self.whole else self.month.month})

    @property
    def period(self) -> str:
        return f"năm {self.month.year}" if self.whole else f"tháng {self.month:%m/%Y}"

    @property
    def closing(self) -> str:
        """The words that close a year that is over."""
        over = self.whole and self.month.year < timezone.localdate().year
        return certified.closing(self.rows, self.month.year) if over else ""

    @property
    def words(self) -> str:
        book, month = self.book, str(self.month.year) if self.whole else f"{self.month:%m/%Y}"
        return f"sổ chứng thực {book.kind} {month}, {book.agency.code}, {len(self.rows)} số"


@require_safe
@officer_required(*READS)
def page(request: OfficerRequest) -> HttpResponse:
    """`so`: the book, else the newest; `thang`: the month, else the present one; `trang`: its lines, the
    oldest first, with the sums of the whole month on each page.
    """
    books = list(_books(request))
    shown = _shown(request, books)
    context: dict[str, object] = {"rail_counts": rail_counts(request.desk, timezone.now())[1]}
    if shown is not None:
        about = shown.book.agency_id
        access(request, AccessKind.VIEWED, "register", None, shown.words, about=about)
        numbers, copies, fees = certified.total(shown.rows)
        context |= {
            "shown": shown,
            "books": [(one, named(one.kind)) for one in books],
            "months": [(month, month == shown.month.month and not shown.whole) for month in MONTHS],
            "year": YEAR,
            "heads": certified.HEADS,
            "page": Paginator(list(certified.cells(shown.rows)), PAGE).get_page(
                request.GET.get("trang")
            ),
            "numbers": numbers,
            "copies": copies,
            "fees": fees,
        }
    return render(request, "reports/certified/page.html", context)


@require_safe
@officer_required(*READS)
def file(request: OfficerRequest) -> HttpResponse:
    """The month as PDF, for binding."""
    shown = _shown(request, list(_books(request)))
    if shown is None:
        raise Http404
    agency, kind = shown.book.agency, shown.book.kind
    said = f"{shown.words}, pdf"
    access(request, AccessKind.DOWNLOADED, "register", None, said, about=agency.pk)
    content = certified.pdf(
        agency,
        kind,
        shown.month,
        shown.rows,
        at=timezone.now(),
        whole=shown.whole,
        closed=shown.closing,
    )
    answer = HttpResponse(content, content_type="application/pdf")
    place = f"{CODES.index(kind) + 1}-{agency.code}-{shown.month:%Y}" + (
        "" if shown.whole else f"{shown.month:%m}"
    )
    answer["Content-Disposition"] = f'inline; filename="so-chung-thuc-{place}.pdf"'
    return answer


def _books(request: OfficerRequest) -> QuerySet[OutgoingCounter]:
    """Those of the agencies whose registers this officer reads, newest year first. One query."""
    desk = request.desk
    below = Agency.objects.under(*desk.subtree_paths)
    mine = Q(agency__in=desk.agency_ids_as(*READERS)) | Q(agency__in=below.values("pk"))
    rows = OutgoingCounter.objects.filter(mine, kind__in=CODES).select_related("agency")
    return rows.order_by("-year", "agency__path", "kind")


def _shown(request: OfficerRequest, books: list[OutgoingCounter]) -> Shown | None:
    """What the address asks for; None where there is no book yet. One query. Errors: Http404."""
    asked = whole_number(request.GET.get("so", ""), most=MOST_NUMBER)
    book = next((one for one in books if asked in (None, one.pk)), None)
    if book is None:
        if asked is not None:
            raise Http404
        return None
    today = timezone.localdate()
    usual = today.month if book.year == today.year else 12
    number = whole_number(request.GET.get("thang", ""), most=YEAR) or usual
    whole = number == YEAR
    month = date(book.year, 12 if whole else number, 1)
    rows = OutgoingDocument.objects.filter(agency=book.agency_id, kind=book.kind, year=book.year)
    rows = rows if whole else rows.filter(issued_on__month=month.month)
    found = rows.select_related("dossier").only(
        "number", "issued_on", "recipient", "subject", "signer", "undone_at",
        "dossier__summary", "dossier__fee_amount",
    ).order_by("number")  # fmt: skip
    return Shown(book, month, list(found), whole)
