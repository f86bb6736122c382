"""`/duyet-bo-sung/`: what an approver is to agree to himself (R-44, R-46)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dossiers.acts import agreeing
from dossiers.desk.work import rail_counts
from dossiers.models import Dossier
from dossiers.views.desk_common import warn
from onestop.accounts.access import access_each
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.errors import DomainError
from onestop.texts import in_one_line

APPROVERS = (Role.HEAD, Role.LEADER)
MOST = 100


@require_safe
@officer_required(*APPROVERS)
def agreements(request: OfficerRequest) -> HttpResponse:
    """What waits for this approver, oldest first."""
    rows = list(agreeing.waiting_for(request.desk)[:MOST])
    ids = [row.dossier_id for row in rows]
    if ids:
        access_each(request, AccessKind.VIEWED, "dossier", ids, "yêu cầu bổ sung chờ duyệt")
    context = {"rows": rows, "rail_counts": rail_counts(request.desk, timezone.now())[1]}
    return render(request, "dossiers/acts/agreements.html", context)


@require_POST
@officer_required(*APPROVERS)
def answer(request: OfficerRequest, pk: int) -> HttpResponse:
    """Yes, or no with the reason."""
    seen = Dossier.objects.visible_to(request.desk)
    if not seen.filter(agreements=pk).exists():
        raise Http404
    agreed = request.POST.get("dap") == "dong-y"
    words = in_one_line(request.POST.get("reason", ""))[:300]
    try:
        row = agreeing.answer(pk, agreed=agreed, words=words, by=request.desk, at=timezone.now())
    except DomainError as error:
        warn(request, error)
    else:
        said = "Đã duyệt" if agreed else "Không duyệt"
        messages.success(request, f"{said} yêu cầu bổ sung của hồ sơ {row.dossier.code}.")
    return redirect("agreements")
