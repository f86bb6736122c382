"""`/thu-tuc/quan-ly/nhap/`: a catalogue from a file, looked through before anything is written."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.errors import DomainError, sentence
from onestop.files.responses import hand_over
from onestop.paging import by_instant
from onestop.texts import whole_number
from procedures import rules
from procedures.domain import uploading
from procedures.forms.uploading import UploadForm
from procedures.models import Upload
from procedures.queries import waiting_versions
from procedures.views.common import denied_page
from procedures.views.list_common import tabs

RUNS, LINES = 20, 100
NEWEST = by_instant("at", newest_first=True)
KINDS = (
    ("new", "mới", "plus"),
    ("changed", "thay đổi", "edit"),
    ("texts", "ghi lại nội dung", "file"),
    ("unchanged", "không đổi", "check"),
    ("needs_decision", "cần quyết định", "alert"),
    ("rejected", "bị từ chối", "refuse"),
)
WORDS = {name: (words, picture) for name, words, picture in KINDS}
SHOWN = ("new", "changed", "texts", "needs_decision", "rejected")


def _refused(request: OfficerRequest) -> HttpResponse | None:
    return denied_page(request, rules.may_import(request.desk))


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.CONTROLLER, Role.ADMINISTRATOR)
def uploads(request: OfficerRequest) -> HttpResponse:
    """The files so far; one is chosen here."""
    if refusal := _refused(request):
        return refusal
    form = UploadForm(request.POST or None, request.FILES or None, on=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            record = uploading.start(
                data["file"],
                what=data["what"],
                publication=form.publication(),
                by=request.user,
                at=timezone.now(),
            )
        except DomainError as error:
            form.add_error("file", sentence(error))
        else:
            return redirect("procedures:upload", record.pk)
    runs = Upload.objects.select_related("by").defer("lines", "problems")
    page = NEWEST.page(runs, size=RUNS, after=request.GET.get("sau", ""))
    context = {
        "form": form,
        "runs": page.rows,
        "next": f"?sau={page.next}" if page.next else "",
        **tabs(request),
    }
    return render(
        request, "procedures/control/uploads.html", context, status=422 if form.is_bound else 200
    )


@require_safe
@officer_required(Role.CONTROLLER, Role.ADMINISTRATOR)
def upload(request: OfficerRequest, pk: int) -> HttpResponse:
    """How far it is, what it would do record by record, what it did."""
    run = get_object_or_404(Upload.objects.select_related("by", "confirmed_by", "run"), pk=pk)
    if refusal := _refused(request):
        return refusal
    access(request, AccessKind.VIEWED, "catalogue", run.pk, "nhập danh mục")
    kind = request.GET.get("loai", "")
    kind = kind if kind in SHOWN else ""
    lines = [line for line in run.lines if not kind or _is(line, kind)]
    first = whole_number(request.GET.get("tu", "")) or 0
    rows = [line for line in lines if line["place"] > first]
    more, rows = len(rows) > LINES, rows[:LINES]
    query = {"loai": kind} if kind else {}
    here = reverse("procedures:upload", args=[pk])
    out = set(run.left_out)
    context: dict[str, Any] = {
        "run": run,
        "stats": [
            (
                words,
                run.counts.get(name, 0),
                f"{here}?loai={name}" if name in SHOWN else "",
                name == kind,
            )
            for name, words, _ in KINDS
        ],
        "lines": [
            {**line, "kind": WORDS[line["what"]], "is_out": line["place"] in out} for line in rows
        ],
        "kind": WORDS[kind][0] if kind else "",
        "takes": uploading.takes(run) if run.stage == Upload.Stage.PREVIEWED else 0,
        "next": f"{here}?{urlencode(query | {'tu': rows[-1]['place']})}" if more else "",
        "query": urlencode(query | ({"tu": first} if first else {})),
        "before": uploading.imported_before(run),
        "waiting": waiting_versions().count() if run.stage == Upload.Stage.DONE else 0,
        **tabs(request),
    }
    return render(request, "procedures/control/upload.html", context)


def _is(line: dict[str, Any], kind: str) -> bool:
    if kind == "needs_decision":
        return line["what"] != "rejected" and bool(line["reason"])
    return bool(line["what"] == kind)


@require_POST
@officer_required(Role.CONTROLLER, Role.ADMINISTRATOR)
def confirm_upload(request: OfficerRequest, pk: int) -> HttpResponse:
    """Which of the shown records are taken; then import, discard, or stay on the page."""
    run = get_object_or_404(Upload, pk=pk)
    if refusal := _refused(request):
        return refusal
    try:
        if "discard" in request.POST:
            uploading.discard(run, at=timezone.now())
            messages.success(request, "Đã bỏ tệp, không nhập gì.")
            return redirect("procedures:uploads")
        uploading.leave_out(run, shown=_places(request, "shown"), taken=_places(request, "take"))
        if "keep" in request.POST:
            messages.success(request, f"Đã ghi: không nhập {len(run.left_out)} bản ghi.")
            query = f"?{request.GET.urlencode()}" if request.GET else ""
            return redirect(reverse("procedures:upload", args=[pk]) + query)
        uploading.confirm(run, by=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
    return redirect("procedures:upload", pk)


def _places(request: OfficerRequest, name: str) -> list[int]:
    found = (whole_number(value) for value in request.POST.getlist(name))
    return [place for place in found if place is not None]


@require_safe
@officer_required(Role.CONTROLLER, Role.ADMINISTRATOR)
def upload_file(request: OfficerRequest, pk: int) -> FileResponse | HttpResponse:
    """The file as it was uploaded."""
    run = get_object_or_404(Upload, pk=pk)
    if refusal := _refused(request):
        return refusal
    if not run.kept or not default_storage.exists(run.kept):
        raise Http404
    access(request, AccessKind.DOWNLOADED, "catalogue", run.pk, "tệp danh mục")
    content = default_storage.open(run.kept)
    return hand_over(content, name=run.file_name, content_type="application/json")
