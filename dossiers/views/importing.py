"""`/quan-tri/nhap-ho-so/`: dossiers of an earlier system from a file, looked through before anything
is written (R-76).
"""

from __future__ import annotations

import csv

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dossiers.forms.importing import ImportForm
from dossiers.importing import jobs
from dossiers.models import DossierImport
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency, Role
from onestop.errors import DomainError, sentence
from onestop.paging import by_instant

SHOWN = 20
NEWEST = by_instant("at", newest_first=True)
OUTCOMES = {
    "new": ("Mới", "plus"),
    "unchanged": ("Không đổi", "check"),
    "different": ("Khác, giữ nguyên", "info"),
    "refused": ("Từ chối", "refuse"),
}
# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _runs(request: OfficerRequest) -> QuerySet[DossierImport]:
    """Those of people of the agencies that this administrator looks after."""
    agencies = Agency.objects.under(*request.desk.administered_paths)
    return DossierImport.objects.filter(by__agency__in=agencies).select_related(
        "by", "confirmed_by"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.ADMINISTRATOR)
def imports(request: OfficerRequest) -> HttpResponse:
    """The runs so far; a file is chosen here."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            record = jobs.start(
                data["file"], counts=data["counts"], by=request.desk, at=timezone.now()
            )
        except DomainError as error:
            form.add_error("file", sentence(error))
        else:
            return redirect("import_run", record.pk)
    runs = _runs(request).defer("problems", "sample")
    page = NEWEST.page(runs, size=SHOWN, after=request.GET.get("sau", ""))
    further = f"?sau={page.next}" if page.next else ""
    context = {"form": form, "runs": page.rows, "next": further}
    return render(
        request, "dossiers/importing/list.html", context, status=422 if form.is_bound else 200
    )


@require_safe
@officer_required(Role.ADMINISTRATOR)
def import_run(request: OfficerRequest, pk: int) -> HttpResponse:
    """How far it is, what it would do, what it did."""
    run = get_object_or_404(_runs(request), pk=pk)
    access(request, AccessKind.VIEWED, "import", run.pk, "nhập hồ sơ")
    context = {
        "run": run,
        "counts": [
            (words, run.counts.get(name, 0), icon) for name, (words, icon) in OUTCOMES.items()
        ],
        "sample": [{**line, "outcome": OUTCOMES[line["what"]]} for line in run.sample],
        "problems": run.problems[: jobs.SHOWN],
        "may_import": run.stage == DossierImport.Stage.PREVIEWED and run.counts.get("new"),
    }
    return render(request, "dossiers/importing/run.html", context)


@require_POST
@officer_required(Role.ADMINISTRATOR)
def confirm_import(request: OfficerRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(_runs(request), pk=pk)
    try:
        if "discard" in request.POST:
            jobs.discard(run, at=timezone.now())
            messages.success(request, "Đã bỏ tệp, không nhập gì.")
            return redirect("imports")
        jobs.confirm(run, by=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
    return redirect("import_run", pk)


@require_safe
@officer_required(Role.ADMINISTRATOR)
def import_problems(request: OfficerRequest, pk: int) -> HttpResponse:
    """The refused lines with their reasons, for whoever mends the file."""
    run = get_object_or_404(_runs(request), pk=pk)
    access(request, AccessKind.DOWNLOADED, "import", run.pk, "dòng bị từ chối")
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="tu-choi-{run.pk}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(("Dòng", "Mã hồ sơ", "Cột", "Lý do"))
    for told in run.problems:
        writer.writerow(
            [told["line"], *(_plain(told[name]) for name in ("code", "column", "reason"))]
        )
    return response


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
