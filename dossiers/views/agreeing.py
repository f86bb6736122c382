"""`/duyet-bo-sung/`: what an approver is to agree to himself (R-44, R-46)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dossiers.acts import agreeing, guiding
from dossiers.desk.work import rail_counts
from dossiers.models import Dossier
from dossiers.views.desk_common import warn
from onestop.accounts.access import access_each
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.errors import DomainError
from onestop.templatetags.ui import undo
from onestop.texts import in_one_line

APPROVERS = (Role.HEAD, Role.LEADER)
MOST, ANSWERED = 100, 10


@require_safe
@officer_required(*APPROVERS)
def agreements(request: OfficerRequest) -> HttpResponse:
    """What waits for this approver, oldest first."""
    rows = list(agreeing.waiting_for(request.desk)[:MOST])
    ids = [row.dossier_id for row in rows]
    if ids:
        access_each(request, AccessKind.VIEWED, "dossier", ids, "yêu cầu bổ sung chờ duyệt")
    guidances = list(guiding.waiting_for(request.desk)[:MOST])
    if guidances:
        visits = [row.visit_id for row in guidances]
        access_each(request, AccessKind.VIEWED, "visit", visits, "hướng dẫn lần nữa chờ duyệt")
    context = {
        "rows": rows,
        "guidances": guidances,
        "answered": agreeing.answered_by(request.user)[:ANSWERED],
        "guided": guiding.answered_by(request.user)[:ANSWERED],
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }
    return render(request, "dossiers/acts/agreements.html", context)


@require_POST
@officer_required(*APPROVERS)
def answer(request: OfficerRequest, pk: int) -> HttpResponse:
    """Yes, or no with the reason."""
    _seen_or_404(request, pk)
    agreed = request.POST.get("dap") == "dong-y"
    words = in_one_line(request.POST.get("reason", ""))[:300]
    try:
        row = agreeing.answer(pk, agreed=agreed, words=words, by=request.desk, at=timezone.now())
    except DomainError as error:
        warn(request, error)
    else:
        said = "Đã duyệt" if agreed else "Không duyệt"
        messages.success(
            request,
            f"{said} yêu cầu bổ sung của hồ sơ {row.dossier.code}.",
            extra_tags=undo(reverse("agreement_undo", args=[row.pk])),
        )
    return redirect("agreements")


@require_POST
@officer_required(*APPROVERS)
def undo_answer(request: OfficerRequest, pk: int) -> HttpResponse:
    """The own answer is taken back; it waits for one again."""
    _seen_or_404(request, pk)
    try:
        row = agreeing.take_back(pk, by=request.desk, at=timezone.now())
    except DomainError as error:
        warn(request, error)
    else:
        messages.success(
            request, f"Đã hoàn tác: yêu cầu bổ sung của hồ sơ {row.dossier.code} lại chờ bạn."
        )
    return redirect("agreements")


def _seen_or_404(request: OfficerRequest, pk: int) -> None:
    if not Dossier.objects.visible_to(request.desk).filter(agreements=pk).exists():
        raise Http404
