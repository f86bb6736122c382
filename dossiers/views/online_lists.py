"""`/tiep-nhan/truc-tuyen/danh-sach/`: a portal's list is uploaded, its columns are confirmed once, what
it would do is shown, and then it is recorded.
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

from dossiers.desk import online as queries
from dossiers.desk.work import rail_counts
from dossiers.forms.online_lists import RecordForm, UploadForm
from dossiers.importing import online_lists as domain
from dossiers.intake.online import national_source, sources_of
from dossiers.models import OnlineList
from dossiers.views.online import READERS
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency
from onestop.columns import ColumnsForm
from onestop.errors import DomainError, sentence
from onestop.paging import by_instant
from onestop.templatetags.ui import undo as undo_at

SIZE = 30
NEWEST = by_instant("at", newest_first=True)
# So many lines of each kind are named on the page; all are counted.
SHOWN = 100
OUTCOMES = {
    domain.NEW: ("Mới", "plus"),
    domain.AGAIN: ("Nộp lại", "return"),
    domain.WAITING: ("Đang chờ, không đổi", "check"),
    domain.DIFFERENT: ("Đang chờ, danh sách ghi khác", "info"),
    domain.RECEIVED: ("Đã tiếp nhận", "done"),
    domain.SETTLED: ("Đã xử lý xong ở đây", "done"),
    domain.REPEATED: ("Lặp lại một dòng trước", "info"),
    domain.FOREIGN: ("Của cơ quan khác", "info"),
    domain.REFUSED: ("Không đọc được", "refuse"),
}


def _lists(request: OfficerRequest) -> QuerySet[OnlineList]:
    mine = Agency.objects.filter(queries.counters(request.desk))
    return OnlineList.objects.filter(agency__in=mine).select_related("source", "agency", "by")


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*READERS)
def upload(request: OfficerRequest) -> HttpResponse:
    """A file is chosen here; the lists so far stand below, the last first, from `sau` on."""
    agencies = queries.counters_of(request.desk)
    sources = sources_of(*agencies)
    if request.method == "POST" and not sources.exists():
        national_source()
    form = UploadForm(
        request.POST or None, request.FILES or None, agencies=agencies, sources=sources
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row = domain.start(
                data["file"],
                source=data["source"],
                agency=data["agency"],
                by=request.user,
                at=timezone.now(),
            )
        except DomainError as error:
            form.add_error("file", sentence(error))
        else:
            return redirect("online_list", pk=row.pk)
    page = NEWEST.page(_lists(request), size=SIZE, after=request.GET.get("sau", ""))
    context = {
        "form": form,
        "lists": page.rows,
        "next": f"?sau={page.next}" if page.next else "",
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }
    status = 422 if form.is_bound else 200
    return render(request, "dossiers/online/upload.html", context, status=status)


@require_safe
@officer_required(*READERS)
def list_page(request: OfficerRequest, pk: int) -> HttpResponse:
    """Its columns while nobody has confirmed them, then what it would do, then what it did."""
    row = get_object_or_404(_lists(request), pk=pk)
    access(request, AccessKind.VIEWED, "online_list", row.pk, "danh sách của Cổng")
    return _shown(request, row)


def _shown(
    request: OfficerRequest, row: OnlineList, form: ColumnsForm | None = None
) -> HttpResponse:
    now = timezone.now()
    context = {"row": row, "rail_counts": rail_counts(request.desk, now)[1]}
    if row.stage != OnlineList.Stage.OPEN:
        context |= {"counts": _counts(row.counts), "told": row.counts}
        return render(request, "dossiers/online/list_page.html", context)
    try:
        table = domain.table_of(row)
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("online_lists")
    asks = form is not None or "cot" in request.GET or not domain.are_confirmed(row, table)
    if asks:
        form = form or ColumnsForm(columns=table.columns)
        context |= {"form": form, "lines": [line.cells for line in table.lines[:3]], "table": table}
        status = 422 if form.is_bound else 200
        return render(request, "dossiers/online/columns.html", context, status=status)
    found = domain.preview(table, source=row.source, agency=row.agency, now=now)
    found_new = found.of(domain.NEW, domain.AGAIN)
    new = [(one, found.procedures.one(one.listed)) for one in found_new if one.listed]
    others = [one for one in found.outcomes if one.reason]
    context |= {
        "counts": _counts(found.counts),
        "told": found.counts,
        "new": new[:SHOWN],
        "unnamed": sum(procedure is None for _, procedure in new),
        "others": [(one, *OUTCOMES[one.what]) for one in others[:SHOWN]],
        "more_others": max(0, len(others) - SHOWN),
        "gone": found.gone[:SHOWN],
        "more_gone": max(0, len(found.gone) - SHOWN),
        "outside": found.outside,
        "form": RecordForm() if found.gone else None,
        "writes": len(new),
    }
    return render(request, "dossiers/online/list_page.html", context)


def _counts(numbers: dict[str, int]) -> list[tuple[str, str, int]]:
    return [
        (words, icon, numbers[name])
        for name, (words, icon) in OUTCOMES.items()
        if numbers.get(name)
    ]


@require_POST
@officer_required(*READERS)
def columns(request: OfficerRequest, pk: int) -> HttpResponse:
    """The columns as they were chosen, kept with the source."""
    row = get_object_or_404(_lists(request), pk=pk, stage=OnlineList.Stage.OPEN)
    try:
        table = domain.table_of(row)
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("online_lists")
    form = ColumnsForm(request.POST, columns=table.columns)
    if form.kept_by(partial(domain.confirm_columns, row)):
        return redirect("online_list", pk=row.pk)
    return _shown(request, row, form)


@require_POST
@officer_required(*READERS)
def record(request: OfficerRequest, pk: int) -> HttpResponse:
    """Ghi vào danh sách chờ; or the list is dropped."""
    row = get_object_or_404(_lists(request), pk=pk)
    now = timezone.now()
    try:
        if "discard" in request.POST:
            domain.drop(row, at=now)
            messages.success(request, "Đã bỏ danh sách, không ghi gì.")
            return redirect("online_lists")
        if row.stage != OnlineList.Stage.OPEN:
            raise DomainError("online_list_over")
        form = RecordForm(request.POST)
        is_part = form.is_valid() and form.cleaned_data["is_part"]
        table = domain.table_of(row)
        found = domain.record(row, table, by=request.user, at=now, is_part=is_part)
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("online_list", pk=row.pk)
    written = len(found.of(domain.NEW, domain.AGAIN))
    back = undo_at(reverse("online_list_undo", args=[row.pk]))
    words = f"Đã ghi {written} hồ sơ vào danh sách chờ tiếp nhận."
    messages.success(request, words, extra_tags=back if written else "")
    return redirect("online_filings")


@require_POST
@officer_required(*READERS)
def undo(request: OfficerRequest, pk: int) -> HttpResponse:
    """Hoàn tác: what the list brought and nobody has touched waits no longer."""
    row = get_object_or_404(_lists(request), pk=pk)
    try:
        count = domain.undo(row, by=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, f"Đã hoàn tác: rút {count} hồ sơ khỏi danh sách chờ.")
    return redirect("online_list", pk=row.pk)
