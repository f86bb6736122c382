"""`/quan-tri/nguon-truc-tuyen/`: the portals that dossiers come from, and how their codes look."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dossiers.acts.filings import may_keep_source
from dossiers.forms.online_lists import SourceForm
from dossiers.importing.online_columns import FIELDS
from dossiers.intake.portal_codes import NATIONAL, NATIONAL_NAME
from dossiers.models import OnlineSource
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.errors import say
from onestop.results import Denied

KEEPERS = (Role.ADMINISTRATOR, Role.CONTROLLER)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*KEEPERS)
def sources(request: OfficerRequest) -> HttpResponse:
    """All sources; a new one holds for the officer's own agency and those below it."""
    named = {} if OnlineSource.objects.exists() else {"name": NATIONAL_NAME}
    form = SourceForm(request.POST or None, initial={"code_pattern": NATIONAL} | named)
    if request.method == "POST" and form.is_valid():
        made = form.save(commit=False)
        made.agency = request.desk.agency
        made.save()
        _told(request, made, "thêm nguồn hồ sơ trực tuyến")
        messages.success(request, f"Đã thêm nguồn {made.name}.")
        return redirect("online_sources")
    context = {"form": form, "rows": OnlineSource.objects.select_related("agency")}
    return render(
        request, "dossiers/online/sources.html", context, status=422 if form.is_bound else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*KEEPERS)
def source(request: OfficerRequest, pk: int) -> HttpResponse:
    """Its name and pattern; the columns as they were confirmed, which may be asked anew; its end."""
    row = get_object_or_404(OnlineSource.objects.select_related("agency"), pk=pk)
    answer = may_keep_source(request.desk, row)
    form = SourceForm(request.POST or None, instance=row)
    if request.method == "POST":
        if isinstance(answer, Denied):
            messages.error(request, say(answer.code, answer.data))
            return redirect("online_source", pk=pk)
        if form.is_valid() or "cot" in request.POST or "ngung" in request.POST:
            _change(request, row, form)
            return redirect("online_sources")
    columns = [(FIELDS[name], heading) for name, heading in row.columns.items() if name in FIELDS]
    context = {"row": row, "form": form, "columns": columns, "may": bool(answer)}
    return render(
        request, "dossiers/online/source.html", context, status=422 if form.is_bound else 200
    )


def _change(request: OfficerRequest, row: OnlineSource, form: SourceForm) -> None:
    if "cot" in request.POST:
        row.refresh_from_db()
        row.columns = {}
        row.save(update_fields=["columns"])
        words = "Lần tải danh sách sau sẽ hỏi lại các cột."
    elif "ngung" in request.POST:
        row.refresh_from_db()
        row.ended_at = None if row.ended_at else timezone.now()
        row.save(update_fields=["ended_at"])
        words = "Đã ngừng dùng nguồn." if row.ended_at else "Đã dùng lại nguồn."
    else:
        form.save()
        words = "Đã lưu nguồn."
    _told(request, row, "sửa nguồn hồ sơ trực tuyến")
    messages.success(request, words)


def _told(request: OfficerRequest, row: OnlineSource, what: str) -> None:
    about = row.agency_id or (request.desk.agency.pk if request.desk.agency else None)
    said = f"{what}: {row.name}, {row.code_pattern}"
    access(request, AccessKind.AGENCY_CHANGED, "agency", about, said)
