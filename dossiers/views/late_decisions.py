"""`/thu-tuc/quan-ly/ghi-muon/`: what the controller reads of extensions and of time that does not
count, recorded after the promise had passed.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.desk.late_decisions import label_of, late_page
from dossiers.desk.work import rail_counts
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Role
from procedures.rules import may_decide


@officer_required(Role.CONTROLLER)
@require_safe
def late_list(request: OfficerRequest) -> HttpResponse:
    """Dossier, what was decided and by whom, by which law it counts or that it heals nothing."""
    said = request.GET
    page = late_page(request.desk, after=said.get("sau", ""), before=said.get("truoc", ""))
    context = {
        "rows": [(row, label_of(row)) for row in page.rows],
        "decides": bool(may_decide(request.desk)),
        "next": f"{request.path}?sau={page.next}" if page.next else "",
        "previous": f"{request.path}?truoc={page.previous}" if page.previous else "",
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }
    return render(request, "dossiers/late_decisions.html", context)
