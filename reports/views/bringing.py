"""`/bao-cao/tu-tep/`: a table of units that do not work with this system is uploaded, its columns and
units are confirmed, what it would do is shown, and then it is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef, QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency, Role
from onestop.columns import ColumnsForm
from onestop.errors import DomainError, sentence
from onestop.files.responses import hand_over
from onestop.paging import by_id
from onestop.templatetags.ui import undo as undo_at
from reports.bringing import files as domain
from reports.bringing.units import units_of
from reports.forms import BroughtUpload, UnitsForm
from reports.models import BroughtFigures, BroughtFile
from reports.periods import recent
from reports.signing import holds
from reports.views.statutory import OVERSEERS

SHOWN = 30
# So many lines of each kind are named on the page; all are counted.
LINES = 500
PAGES = by_id(newest_first=True)
OUTCOMES = {
    domain.NEW: ("Sẽ ghi", "plus"),
    domain.CHANGED: ("Thay số đã ghi", "history"),
    domain.SAME: ("Giống số đã ghi", "check"),
    domain.UNKNOWN: ("Chưa rõ đơn vị nào", "alert"),
    domain.REFUSED: ("Số không đọc được hoặc không khớp", "refuse"),
    domain.HERE: ("Đơn vị có hồ sơ trong hệ thống", "info"),
    domain.REPEATED: ("Một đơn vị ở nhiều dòng", "info"),
    domain.LEFT_OUT: ("Bỏ qua theo lựa chọn", "info"),
}
# Of what is over it is no longer a plan.
DONE_OUTCOMES = OUTCOMES | {domain.NEW: ("Đã ghi", "plus")}
SHOWN_FIGURES = ("handled", "ended", "open")


def _agencies(request: OfficerRequest) -> QuerySet[Agency]:
    """Those whose reports the officer prepares and that roll others up."""
    own = Agency.objects.filter(pk__in=request.desk.agency_ids_as(Role.CONTROLLER))
    below = Agency.objects.filter(path__startswith=OuterRef("path")).exclude(pk=OuterRef("pk"))
    return own.filter(Exists(below)).order_by("path")


def _files(request: OfficerRequest) -> QuerySet[BroughtFile]:
    """The files of one's agencies, and those that say something of a unit among them: the tables of
    both lead to them.
    """
    mine = Agency.objects.under(*request.desk.subtree_paths)
    theirs = BroughtFigures.objects.filter(file=OuterRef("pk"), agency__in=mine)
    rows = BroughtFile.objects.filter(agency__in=mine) | BroughtFile.objects.filter(Exists(theirs))
    return rows.select_related("agency", "by", "recorded_by", "undone_by")


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.CONTROLLER)
def upload(request: OfficerRequest) -> HttpResponse:
    """A file is chosen here; those that were brought stand below."""
    agencies = _agencies(request)
    form = BroughtUpload(
        request.POST or None,
        request.FILES or None,
        agencies=agencies,
        initial={"ky": recent(timezone.localdate())[0].code},
    )
    if request.method == "POST" and form.is_valid():
        row = _started(request, form)
        if row is not None:
            if row.stage == BroughtFile.Stage.DONE:
                messages.info(request, "Tệp này đã được ghi cho kỳ này rồi: không ghi lần nữa.")
            return redirect(row)
    access(request, AccessKind.VIEWED, "brought_file", None, "danh sách tệp số liệu")
    found = PAGES.page(
        _files(request), size=SHOWN, after=request.GET.get("sau", ""),
        before=request.GET.get("truoc", ""),
    )  # fmt: skip
    here = reverse("brought_files")
    context = {
        "form": form if agencies else None,
        "rows": found.rows,
        "next": f"{here}?sau={found.next}" if found.next else "",
        "previous": f"{here}?truoc={found.previous}" if found.previous else "",
    }
    status = 422 if form.is_bound else 200
    return render(request, "reports/brought/upload.html", context, status=status)


def _started(request: OfficerRequest, form: BroughtUpload) -> BroughtFile | None:
    data = form.cleaned_data
    try:
        return domain.start(
            data["file"],
            agency=data["agency"],
            period=data["ky"],
            by=request.user,
            at=timezone.now(),
        )
    except DomainError as error:
        form.add_error(error.field or "file", sentence(error))
        return None


@require_safe
@officer_required(*OVERSEERS)
def page(request: OfficerRequest, pk: int) -> HttpResponse:
    """Its columns while nobody has confirmed them, then what it would do, then what it did."""
    row = get_object_or_404(_files(request), pk=pk)
    access(request, AccessKind.VIEWED, "brought_file", row.pk, "tệp số liệu")
    return _shown(request, row)


def _shown(
    request: OfficerRequest,
    row: BroughtFile,
    *,
    columns: ColumnsForm | None = None,
    units: UnitsForm | None = None,
) -> HttpResponse:
    if row.stage != BroughtFile.Stage.OPEN:
        return render(request, "reports/brought/file.html", _over(request, row))
    try:
        rows = domain.rows_of(row)
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("brought_files")
    found = domain.columns_in(row, rows)
    if columns is not None or "cot" in request.GET or not domain.are_confirmed(row, found):
        form = columns or ColumnsForm(columns=found)
        first = [line.cells for line in found.lines(rows)[:4]]
        context = {"row": row, "form": form, "lines": first, "columns": found}
        status = 422 if form.is_bound else 200
        return render(request, "reports/brought/columns.html", context, status=status)
    seen = domain.preview(row, found, rows, timezone.now())
    context = _previewed(request, row, seen) | {"form": units or _units_form(row, seen)}
    status = 422 if units is not None else 200
    return render(request, "reports/brought/file.html", context, status=status)


def _over(request: OfficerRequest, row: BroughtFile) -> dict[str, Any]:
    """What a file that is recorded, dropped or taken back did."""
    figures = row.figures.select_related("agency").order_by("line")[:LINES]
    written = [(one.line, one.label, one.agency, _told(one.measures)) for one in figures]
    counts = row.told.get("counts", {})
    return {
        "row": row,
        "may": holds(request.desk, row.agency, Role.CONTROLLER),
        "counts": _counts(counts, DONE_OUTCOMES),
        "passed": counts.get("passed"),
        "written": written,
        "left": [(one, *OUTCOMES[one["what"]]) for one in row.told.get("left", [])],
    }


def _previewed(request: OfficerRequest, row: BroughtFile, seen: domain.Preview) -> dict[str, Any]:
    written = [
        (one.number, one.label, one.unit, _told(one.figures)) for one in seen.of(*domain.WRITTEN)
    ]
    # Those whose unit is asked stand in their form.
    told = (*domain.WRITTEN, domain.UNKNOWN)
    others = [one for one in seen.outcomes if one.reason or one.what not in told]
    return {
        "row": row,
        "may": holds(request.desk, row.agency, Role.CONTROLLER),
        "counts": _counts(seen.counts, OUTCOMES),
        "passed": seen.passed,
        "written": written[:LINES],
        "left": [(one.told(), *OUTCOMES[one.what]) for one in others][:LINES],
        "writes": len(written),
    }


def _told(figures: Mapping[str, int]) -> list[int]:
    return [figures[name] for name in SHOWN_FIGURES]


def _counts(
    numbers: dict[str, int], told: dict[str, tuple[str, str]]
) -> list[tuple[str, str, int]]:
    return [
        (words, icon, numbers[name]) for name, (words, icon) in told.items() if numbers.get(name)
    ]


def _units_form(row: BroughtFile, seen: domain.Preview, data: Any = None) -> UnitsForm | None:
    """None where every line is somebody's."""
    asked = [(one.number, one.label, one.alike) for one in seen.of(domain.UNKNOWN)]
    if not asked:
        return None
    return UnitsForm(data, asked=asked, units=units_of(row.agency))


def _own(request: OfficerRequest, pk: int) -> BroughtFile:
    """A file of an agency whose reports the officer prepares."""
    row = get_object_or_404(_files(request), pk=pk)
    if not holds(request.desk, row.agency, Role.CONTROLLER):
        raise Http404
    return row


@require_POST
@officer_required(Role.CONTROLLER)
def columns(request: OfficerRequest, pk: int) -> HttpResponse:
    """The columns as they were chosen, kept for the files that follow."""
    row = _own(request, pk)
    try:
        found = domain.columns_in(row, domain.rows_of(row))
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("brought_files")
    form = ColumnsForm(request.POST, columns=found)
    if form.kept_by(partial(domain.confirm_columns, row)):
        return redirect(row)
    return _shown(request, row, columns=form)


@require_POST
@officer_required(Role.CONTROLLER)
def units(request: OfficerRequest, pk: int) -> HttpResponse:
    """Which unit the lines are of whose name does not say so."""
    row = _own(request, pk)
    try:
        rows = domain.rows_of(row)
        seen = domain.preview(row, domain.columns_in(row, rows), rows, timezone.now())
        form = _units_form(row, seen, request.POST)
        if form is not None and not form.is_valid():
            return _shown(request, row, units=form)
        domain.confirm_units(row, form.choices if form is not None else {})
    except DomainError as error:
        messages.error(request, sentence(error))
    return redirect(row)


@require_POST
@officer_required(Role.CONTROLLER)
def record(request: OfficerRequest, pk: int) -> HttpResponse:
    """Ghi vào biểu; or the file is dropped."""
    row = _own(request, pk)
    try:
        if "discard" in request.POST:
            domain.drop(row)
            messages.success(request, "Đã bỏ tệp, không ghi gì.")
            return redirect("brought_files")
        found = domain.record(row, by=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect(row)
    detail = f"ghi số liệu từ tệp {row.sha256[:12]}, {row.period}"
    access(request, AccessKind.REPORT_ACT, "brought_file", row.pk, detail, about=row.agency_id)
    written = len(found.of(*domain.WRITTEN))
    back = undo_at(reverse("brought_file_undo", args=[row.pk]))
    messages.success(request, f"Đã ghi số liệu của {written} đơn vị vào biểu.", extra_tags=back)
    return redirect(row)


@require_POST
@officer_required(Role.CONTROLLER)
def undo(request: OfficerRequest, pk: int) -> HttpResponse:
    """Hoàn tác: from now on its figures count no more."""
    row = _own(request, pk)
    try:
        domain.undo(row, by=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
    else:
        detail = f"hoàn tác số liệu từ tệp {row.sha256[:12]}, {row.period}"
        access(request, AccessKind.REPORT_ACT, "brought_file", pk, detail, about=row.agency_id)
        messages.success(request, "Đã hoàn tác: số liệu của tệp không còn trong biểu.")
    return redirect(row)


@require_safe
@officer_required(*OVERSEERS)
def content(request: OfficerRequest, pk: int) -> FileResponse:
    """The very file that was uploaded."""
    row = get_object_or_404(_files(request), pk=pk)
    if not row.kept or not default_storage.exists(row.kept):
        raise Http404
    access(request, AccessKind.DOWNLOADED, "brought_file", row.pk, "tệp số liệu")
    return hand_over(default_storage.open(row.kept), name=row.file_name)
