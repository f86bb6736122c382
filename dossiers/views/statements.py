"""`/thu-tien/sao-ke/`: a bank's statement is uploaded, its columns are confirmed once, what it would do
is shown; then every payment is recorded, and what matches is booked.
"""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dossiers.desk.work import rail_counts
from dossiers.forms.payments import BookForm, StatementForm
from dossiers.importing import statements as domain
from dossiers.models.banking import BankAccount
from dossiers.models.payments import BankStatement
from dossiers.views.cashier import TAKERS
from dossiers.views.payments import book_all, books_of
from onestop.accounts.access import access, access_each
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind
from onestop.columns import ColumnsForm
from onestop.errors import DomainError, say, sentence
from onestop.paging import by_id

SIZE = 30
NEWEST = by_id(newest_first=True)
# So many lines of each kind are named on the page; all are counted.
SHOWN = 100


def _accounts(request: OfficerRequest) -> QuerySet[BankAccount]:
    """Those of the counters where this officer takes money, also earlier ones: transfers come late."""
    ids = list(request.desk.agency_ids_as(*TAKERS))
    return BankAccount.objects.confirmed().filter(agency__in=ids).select_related("agency")


def _statements(request: OfficerRequest) -> QuerySet[BankStatement]:
    rows = BankStatement.objects.filter(account__in=_accounts(request))
    return rows.select_related("account__agency", "by", "ended_by")


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*TAKERS)
def upload(request: OfficerRequest) -> HttpResponse:
    """A file is chosen here; the statements so far stand below, the last first, from `sau` on."""
    accounts = _accounts(request)
    form = StatementForm(request.POST or None, request.FILES or None, accounts=accounts)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row = domain.start(
                data["file"], account=data["account"], by=request.user, at=timezone.now()
            )
        except DomainError as error:
            form.add_error("file", sentence(error))
        else:
            return redirect("bank_statement", pk=row.pk)
    page = NEWEST.page(_statements(request), size=SIZE, after=request.GET.get("sau", ""))
    context = {
        "form": form if accounts else None,
        "statements": page.rows,
        "next": f"?sau={page.next}" if page.next else "",
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }
    status = 422 if form.is_bound else 200
    return render(request, "dossiers/money/statements.html", context, status=status)


@require_safe
@officer_required(*TAKERS)
def statement(request: OfficerRequest, pk: int) -> HttpResponse:
    """Its columns while nobody has confirmed them, then what it would do, then what it did."""
    row = get_object_or_404(_statements(request), pk=pk)
    detail = f"Sao kê {row.account}: {row.file_name}"
    # As the officer: the dossiers of its preview have lines of their own.
    access(request.desk.officer, AccessKind.VIEWED, "work", None, detail[:200])
    return _shown(request, row)


def _shown(
    request: OfficerRequest, row: BankStatement, form: ColumnsForm | None = None
) -> HttpResponse:
    now = timezone.now()
    context = {"row": row, "rail_counts": rail_counts(request.desk, now)[1]}
    if row.stage != BankStatement.Stage.OPEN:
        return render(request, "dossiers/money/statement.html", context | {"counts": row.counts})
    try:
        table = domain.table_of(row)
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("bank_statements")
    if form is not None or "cot" in request.GET or not domain.are_confirmed(row, table):
        form = form or ColumnsForm(columns=table.columns)
        context |= {"form": form, "lines": [line.cells for line in table.lines[:3]], "table": table}
        status = 422 if form.is_bound else 200
        return render(request, "dossiers/money/statement_columns.html", context, status=status)
    found = domain.preview(table, row, now=now)
    books = books_of(row.account.agency, now)
    shown = [*found.matching[:SHOWN], *found.rest[:SHOWN]]
    ids = [line.dossier.pk for line in shown if line.dossier is not None]
    if ids:
        access_each(request, AccessKind.VIEWED, "dossier", ids, "xem trước sao kê ngân hàng")
    context |= {
        "counts": found.counts,
        "matching": found.matching[:SHOWN],
        "more": max(0, len(found.matching) - SHOWN),
        "rest": found.rest[:SHOWN],
        "more_rest": max(0, len(found.rest) - SHOWN),
        "refused": found.refused[:SHOWN],
        "more_refused": max(0, len(found.refused) - SHOWN),
        "before": domain.recorded_before(row),
        "form": BookForm(books=books) if books and found.matching else None,
        "has_book": bool(books),
    }
    return render(request, "dossiers/money/statement.html", context)


@require_POST
@officer_required(*TAKERS)
def columns(request: OfficerRequest, pk: int) -> HttpResponse:
    """The columns as they were chosen, kept for the account."""
    row = get_object_or_404(_statements(request), pk=pk, stage=BankStatement.Stage.OPEN)
    try:
        table = domain.table_of(row)
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("bank_statements")
    form = ColumnsForm(request.POST, columns=table.columns)
    if form.kept_by(partial(domain.confirm_columns, row)):
        return redirect("bank_statement", pk=row.pk)
    return _shown(request, row, form)


@require_POST
@officer_required(*TAKERS)
def record(request: OfficerRequest, pk: int) -> HttpResponse:
    """Every payment is recorded, what matches is booked; or the statement is dropped."""
    row = get_object_or_404(_statements(request), pk=pk)
    now = timezone.now()
    try:
        if "discard" in request.POST:
            domain.drop(row, by=request.user, at=now)
            messages.success(request, "Đã bỏ sao kê, không ghi gì.")
            return redirect("bank_statements")
        found = domain.record(row, by=request.user, at=now)
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("bank_statement", pk=row.pk)
    messages.success(request, f"Đã ghi {len(found.lines)} khoản tiền đến của sao kê.")
    agency_id = row.account.agency_id
    form = BookForm(request.POST, books=books_of(row.account.agency, now))
    if found.matching and form.is_valid():
        book_all(request, agency_id, form, statement_id=row.pk)
    elif found.matching and "series" in request.POST:
        messages.error(request, say("no_book"))
    return redirect(f"{reverse('payments')}?co-quan={agency_id}")
