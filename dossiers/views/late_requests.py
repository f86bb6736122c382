"""`/thu-tuc/quan-ly/bo-sung-muon/`: what the controller reads of requests for completion that came
late (R-46).
"""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.desk.late_requests import export_of, late_page, rows_of
from dossiers.desk.work import rail_counts
from dossiers.views.list_file import file_answer
from dossiers.views.listing import Listing, listing
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Role
from procedures.rules import may_decide


@officer_required(Role.CONTROLLER)
@require_safe
def late_list(request: OfficerRequest) -> HttpResponse:
    """Requests issued after three working days: dossier, who asked, who approved, on which basis;
    newest first.
    """
    shown = _listing(request)
    page = late_page(request.desk, after=request.GET.get("sau", ""))
    context = shown.around(page) | {
        "rows": rows_of(page.rows, shown.columns),
        "decides": bool(may_decide(request.desk)),
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }
    return render(request, "dossiers/late_requests.html", context)


@officer_required(Role.CONTROLLER)
@require_safe
def late_file(request: OfficerRequest, kind: str) -> HttpResponseBase:
    """The same as a file, all of its pages."""
    export = export_of(request.desk, _listing(request).columns)
    detail = f"Yêu cầu bổ sung sau 03 ngày làm việc, {kind}"
    return file_answer(request, export, kind, "bo-sung-muon", what="work", detail=detail)


def _listing(request: OfficerRequest) -> Listing:
    return listing(request, "bo-sung-muon", reverse("late_requests"))
