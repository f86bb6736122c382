"""`/bao-cao/…/ho-so/`: the dossiers behind one figure of a statutory report."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.models import Dossier
from dossiers.views.list_file import file_answer
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind
from onestop.replica import from_replica
from reports.figures import dossiers_behind
from reports.figures.measures import MEASURES
from reports.paper import SILENT, Opened, TooLarge
from reports.views.behind import CAUSE, Behind
from reports.views.statutory import OVERSEERS, opened_for


@require_safe
@officer_required(*OVERSEERS)
@from_replica(whole=True)
def cell(request: OfficerRequest, form: str, agency: str, period: str) -> HttpResponse:
    """`dong` is the row, `cot` the column, `luc` the moment."""
    try:
        found = opened_for(request, form, agency, period)
    except TooLarge as large:
        return redirect(large.head.again)
    number, behind = _behind(request, found)
    access(request, AccessKind.VIEWED, "report", None, _words(request, found))
    address, kept = found.cell_list(*_asked(request))
    context = behind.context(request, address, kept) | {
        "found": found,
        "title": behind.title,
        "number": number,
        "from_files": found.from_files(*_asked(request)),
        "xlsx": found.cell_file(*_asked(request), kind="xlsx"),
        "csv": found.cell_file(*_asked(request), kind="csv"),
    }
    return render(request, "reports/statutory/cell.html", context)


@require_safe
@officer_required(*OVERSEERS)
@from_replica(whole=True)
def cell_file(
    request: OfficerRequest, form: str, agency: str, period: str, kind: str
) -> HttpResponseBase:
    """The same list, all of its pages."""
    try:
        found = opened_for(request, form, agency, period)
    except TooLarge as large:
        return redirect(large.head.again)
    number, behind = _behind(request, found)
    export = behind.export(request, found.address)
    name = f"{found.form.slug}-{agency}-{period}".replace("..", "_")
    detail = f"{_words(request, found)}: {number} hồ sơ, {kind}"
    return file_answer(request, export, kind, name, what="report", detail=detail)


def _asked(request: OfficerRequest) -> tuple[str, str]:
    return request.GET.get("dong", ""), request.GET.get("cot", "")


def _words(request: OfficerRequest, found: Opened) -> str:
    return f"{found.words}, cột {_asked(request)[1]}"


def _behind(request: OfficerRequest, found: Opened) -> tuple[int, Behind]:
    """How many dossiers the figure counts, and those of them that the viewer may open."""
    if found.form.source in SILENT:
        raise Http404
    row, column = _asked(request)
    table = found.table
    try:
        ids = dossiers_behind(found.form, table.scope, table.period, table.cut, row, column)
    except (ValueError, StopIteration, KeyError) as error:
        raise Http404 from error
    rows = Dossier.objects.filter(pk__in=ids).visible_to(request.desk)
    title, beside = found.title_of(row, column), (CAUSE,) if _is_late(found, row, column) else ()
    return len(ids), Behind(title, rows, timezone.now(), beside)


def _is_late(found: Opened, row: str, column: str) -> bool:
    """Whether a figure counts nothing but late dossiers: their causes stand beside them."""
    measure = next((one.measure for one in found.table.columns if one.number == column), row)
    return measure in MEASURES and MEASURES[measure].is_late
