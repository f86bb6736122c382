"""`/thu-tuc/quan-ly/bo-sung-muon/`: what the controller reads of requests for completion that came
late (R-46).
"""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.desk.late_requests import late_page
from dossiers.desk.work import rail_counts
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Role
from procedures.rules import may_decide


@officer_required(Role.CONTROLLER)
@require_safe
def late_list(request: OfficerRequest) -> HttpResponse:
    """Requests issued after three working days: dossier, who asked, who approved, on which basis;
    newest first.
    """
    page = late_page(request.desk, after=request.GET.get("sau", ""))
    context = {
        "rows": page.rows,
        "decides": bool(may_decide(request.desk)),
        "next": f"{request.path}?sau={page.next}" if page.next else "",
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }
    return render(request, "dossiers/late_requests.html", context)
