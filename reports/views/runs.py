"""A large report that is asked for: `/bao-cao/…/lap/`, and the page of its run."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency
from onestop.errors import DomainError, sentence
from reports import runs
from reports.board.moment import read
from reports.models import ReportRun
from reports.views.statutory import OVERSEERS, place_of


@require_POST
@officer_required(*OVERSEERS)
def order(request: OfficerRequest, form: str, agency: str, period: str) -> HttpResponse:
    """`dang`: page, pdf or xlsx; `luc`: the cut, without one as of now."""
    known, office, asked = place_of(request, form, agency, period)
    kind = request.POST.get("dang", "")
    if kind not in runs.kinds_of(known):
        raise Http404
    now = timezone.now()
    cut = read(request.POST["luc"], now).at if request.POST.get("luc") else None
    run = runs.ask(known, office, asked, ReportRun.Kind(kind), cut=cut, by=request.user, at=now)
    detail = f"lập {known.code} {office.code} {asked.code}, {kind}"
    access(request, AccessKind.REPORT_ACT, "report_run", run.pk, detail, about=office.pk)
    return redirect(run)


@require_safe
@officer_required(*OVERSEERS)
def run_page(request: OfficerRequest, pk: int) -> HttpResponse:
    """How far it is, where it is, or why it could not be made."""
    run = _run(request, pk)
    access(request, AccessKind.VIEWED, "report_run", run.pk, f"{run.form.code} {run.period}")
    return render(request, "reports/statutory/run.html", {"run": run, "most": runs.TRIES})


@require_POST
@officer_required(*OVERSEERS)
def run_again(request: OfficerRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    try:
        runs.again(run, by=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
    else:
        detail = f"lập lại {run.form.code} {run.period}, {run.kind}"
        access(request, AccessKind.REPORT_ACT, "report_run", pk, detail, about=run.agency_id)
    return redirect(run)


def _run(request: OfficerRequest, pk: int) -> ReportRun:
    """A run of an agency that this officer answers for."""
    mine = Agency.objects.under(*request.desk.subtree_paths)
    rows = ReportRun.objects.filter(agency__in=mine)
    return get_object_or_404(rows.select_related("form", "agency", "by").defer("figures"), pk=pk)
