"""`/bao-cao/<biểu>/<cơ quan>/<kỳ>/nhap/`: the figures of a form that no module feeds, typed by a
controller of the agency. Works as a plain form; static/entry.js makes it go like a sheet.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, denied, officer_required
from onestop.accounts.models import AccessKind, Agency, Role
from onestop.errors import DomainError, sentence
from onestop.texts import MOST_ID, whole_number
from reports.entering import acts, grid
from reports.entering.grid import Grid
from reports.figures import entered
from reports.models import ReportForm
from reports.periods import Period
from reports.rendering.heads import head_rows
from reports.signing import holds
from reports.views.statutory import place_of

CONFLICTS = ("entry_changed", "entry_raced", "report_waits", "report_signed")


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.CONTROLLER)
def entry(request: OfficerRequest, form: str, agency: str, period: str) -> HttpResponse:
    """`them`: a further row, nothing is saved; else what was typed is saved as far as it goes."""
    known, office, asked = place_of(request, form, agency, period)
    if not known.is_entered:
        raise Http404
    if not holds(request.desk, office, Role.CONTROLLER):
        return denied(request, (Role.CONTROLLER,))
    now = timezone.now()
    if request.method != "POST":
        access(
            request, AccessKind.VIEWED, "entered_figures", None, f"nhập {known.code} {asked.code}"
        )
        return _shown(request, known, office, asked, grid.opened(known, office, asked, now), now)
    typed = grid.posted(known, office, request.POST)
    if "them" in request.POST:
        return _shown(request, known, office, asked, typed, now, seen=_seen(request))
    if typed.errors:
        return _shown(
            request, known, office, asked, typed, now, seen=_seen(request), said=typed.errors
        )
    return _saved(request, known, office, asked, typed, now)


def _seen(request: OfficerRequest) -> int:
    return whole_number(request.POST.get("lan", ""), most=MOST_ID) or 0


def _saved(
    request: OfficerRequest,
    form: ReportForm,
    agency: Agency,
    period: Period,
    typed: Grid,
    now: datetime,
) -> HttpResponse:
    lines = typed.lines()
    try:
        acts.save(form, agency, period, lines, seen=_seen(request), by=request.desk, at=now)
    except DomainError as error:
        said, seen = [sentence(error)], _seen(request)
        if error.code == "entry_changed":
            kept = entered.last_saved(form, agency.pk, period, now)
            theirs = entered.lines_of(kept, form.columns_of())
            said += grid.differences(form, theirs, lines)
            seen = kept.version if kept is not None else 0
        status = 409 if error.code in CONFLICTS else 422
        return _shown(
            request, form, agency, period, typed, now, seen=seen, said=said, status=status
        )
    wrong = list(entered.wrong(form, lines))
    if wrong:
        messages.warning(request, "Đã lưu nháp. Còn ô chưa nhập hoặc chưa khớp, xem ở dưới.")
        return redirect("report_entry", form.slug, agency.code, period.code)
    messages.success(request, "Đã lưu. Số liệu đã đủ và khớp.")
    return redirect("report_page", form.slug, agency.code, period.code)


def _shown(
    request: OfficerRequest,
    form: ReportForm,
    agency: Agency,
    period: Period,
    typed: Grid,
    now: datetime,
    *,
    seen: int | None = None,
    said: list[str] | None = None,
    status: int = 422,
) -> HttpResponse:
    """`seen`: the saving that what was typed goes on from; without one the newest. `said`: why
    nothing was saved.
    """
    kept = entered.last_saved(form, agency.pk, period, now)
    context: dict[str, Any] = {
        "form": form,
        "agency": agency,
        "period": period,
        "grid": typed.with_wrong(is_judged=bool(said) or (seen is None and kept is not None)),
        "heads": head_rows(form.columns_of()),
        "columns": form.columns_of(),
        "seen": seen if seen is not None else (kept.version if kept is not None else 0),
        "kept": kept,
        "said": said or [],
        "back": reverse("report_page", args=(form.slug, agency.code, period.code)),
    }
    if not said:
        context |= _told(form, agency, period, typed, now, is_saved=seen is None and bool(kept))
    return render(request, "reports/entering/entry.html", context, status=status if said else 200)


def _told(
    form: ReportForm,
    agency: Agency,
    period: Period,
    typed: Grid,
    now: datetime,
    *,
    is_saved: bool,
) -> dict[str, Any]:
    """What is missing of what was saved, and what differs from the period before."""
    if not is_saved:
        return {"proposed": any(cell.is_proposed for row in typed.rows for cell in row.cells)}
    lines, columns = typed.lines(), form.columns_of()
    before = entered.last_saved(form, agency.pk, period.previous(), now)
    carried = entered.not_carried(columns, lines, before)
    return {
        "problems": [one.words for one in entered.wrong(form, lines)],
        "carried": [one.words for one in carried],
    }
