"""`/thu-tuc/quan-ly/bo-sung-muon/`: what the controller reads of requests for completion that came
late (R-46).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.desk.late_requests import (
    Choices,
    Rows,
    can_be_sorted,
    choices_of,
    export_of,
    late_page,
    late_rows,
    rows_of,
)
from dossiers.desk.orders import MOST_SORTED
from dossiers.desk.work import rail_counts
from dossiers.forms.late_requests import LateFilters, chips
from dossiers.views.list_file import file_answer
from dossiers.views.listing import Listing, listing, usual_order
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Role
from procedures.rules import may_decide

LIST = "bo-sung-muon"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for; `wide`: of more than can be put in the order it names."""

    form: LateFilters
    kept: dict[str, str]
    shown: Listing
    rows: Rows
    wide: bool


def _asked(request: OfficerRequest) -> Asked:
    form = LateFilters(request.GET)
    kept = form.read()
    shown = listing(request, LIST, reverse("late_requests"), kept)
    rows = late_rows(request.desk, form.narrowed())
    wide = not can_be_sorted(rows, shown.order)
    if wide:
        shown = replace(shown, order=usual_order(shown.shape))
    return Asked(form, kept, shown, rows, wide)


@officer_required(Role.CONTROLLER)
@require_safe
def late_list(request: OfficerRequest) -> HttpResponse:
    """Requests issued after three working days: dossier, who asked, who approved, on which basis;
    newest first unless it is ordered otherwise.
    """
    asked, path, said = _asked(request), reverse("late_requests"), request.GET
    kept, shown = asked.kept, asked.shown
    page = late_page(
        asked.rows, shown.order, after=said.get("sau", ""), before=said.get("truoc", "")
    )
    panel = said.get("mo") == "loc" or bool({"tu", "den"} & asked.form.errors.keys())
    names = Choices([], [])
    if panel or {"coquan", "duyet"} & kept.keys():
        names = choices_of(late_rows(request.desk))
        asked.form.offer(names)
    beside = {name: value for name, value in shown.kept.items() if name not in kept}
    context = shown.around(page) | {
        "rows": rows_of(page.rows, shown.columns),
        "form": asked.form,
        "panel": panel,
        "path": path,
        "chips": chips(kept, beside, names, path),
        "clear": f"{path}?{urlencode(beside)}",
        "asked": urlencode(shown.kept),
        "beside": list(beside.items()),
        "hidden": [(k, v) for k, v in shown.kept.items() if k != "loc"],
        "wide": asked.wide,
        "most": MOST_SORTED,
        "decides": bool(may_decide(request.desk)),
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }
    return render(request, "dossiers/late_requests.html", context)


@officer_required(Role.CONTROLLER)
@require_safe
def late_file(request: OfficerRequest, kind: str) -> HttpResponseBase:
    """The same as a file, all of its pages."""
    asked = _asked(request)
    export = export_of(asked.rows, asked.shown.columns, asked.shown.order)
    detail = f"Yêu cầu bổ sung sau 03 ngày làm việc, {kind}"
    return file_answer(request, export, kind, LIST, what="work", detail=detail)
