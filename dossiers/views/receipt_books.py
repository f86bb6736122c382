"""`/thu-tien/quyen/`: books of receipts: opened, used up, spoiled or lost numbers, ended (R-123)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dossiers.acts import receipt_series
from dossiers.desk import money as queries
from dossiers.desk.work import rail_counts
from dossiers.forms.fields import add_refusal
from dossiers.forms.money import BookForm, SpoilForm
from dossiers.models.money import ReceiptSeries
from dossiers.receipts_out import sending
from dossiers.views.cashier import chosen_agency
from dossiers.views.desk_common import warn
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Role
from onestop.errors import DomainError
from onestop.paging import by_numbers
from onestop.results import Denied

KEEPERS = (Role.CASHIER, Role.HEAD, Role.LEADER)
# Who takes money sees what is left in each book.
SEERS = (*KEEPERS, Role.CLERK, Role.CONTROLLER)
END, AGAIN = "thoi-dung", "gui-lai"
SIZE = 100
HIGHEST = by_numbers("number", newest_first=True)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*SEERS)
def books(request: OfficerRequest) -> HttpResponse:
    """Every book with what is left of it, and a new one."""
    now = timezone.now()
    there, agency = chosen_agency(request, SEERS)
    may = not isinstance(receipt_series.may_keep_books(request.desk, agency.pk), Denied)
    form = BookForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            row = receipt_series.open_book(agency, form.value, by=request.desk, at=now)
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, f"Đã nhận quyển {row}, số tiếp theo {row.next_digits}.")
            return redirect(f"{request.path}?co-quan={agency.pk}")
    context = {
        "agencies": there,
        "agency": agency,
        "books": queries.books_of([agency.pk]),
        "form": form if may else None,
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    status = 422 if form.is_bound else 200
    return render(request, "dossiers/money/books.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*KEEPERS)
def book(request: OfficerRequest, pk: int) -> HttpResponse:
    """One book: spoiled and lost numbers, and that it is no longer used."""
    now = timezone.now()
    mine = ReceiptSeries.objects.filter(agency__in=request.desk.agency_ids_as(*KEEPERS))
    row = get_object_or_404(mine.select_related("agency", "opened_by", "ended_by"), pk=pk)
    if request.method == "POST" and END in request.POST:
        try:
            receipt_series.end_book(pk, by=request.desk, at=now)
        except DomainError as error:
            warn(request, error)
        else:
            messages.success(request, f"Quyển {row} thôi dùng từ số {row.next_digits}.")
        return redirect("receipt_books")
    if request.method == "POST" and AGAIN in request.POST:
        count = sending.again(pk, now)
        messages.success(request, f"Gửi lại {count} biên lai tới nhà cung cấp trong phút tới.")
        return redirect("receipt_book", pk=pk)
    waiting, refused = queries.letters_of_book(pk) if row.is_electronic else (0, [])
    form = SpoilForm(
        request.POST if request.method == "POST" else None, initial={"until": row.next_number}
    )
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            rows = receipt_series.spoil(
                pk, until=data["until"], why=data["why"], reason=data["reason"], by=request.desk, at=now
            )  # fmt: skip
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, f"Đã ghi {len(rows)} số {rows[0].get_why_display().lower()}.")
            return redirect("receipt_book", pk=pk)
    spoiled = row.spoiled.select_related("by")
    page = HIGHEST.page(spoiled, size=SIZE, after=request.GET.get("sau", ""))
    context = {
        "row": row,
        "form": form,
        "waiting": waiting,
        "refused": refused,
        "spoiled": page.rows,
        "next": f"?sau={page.next}" if page.next else "",
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    status = 422 if form.is_bound else 200
    return render(request, "dossiers/money/book.html", context, status=status)
