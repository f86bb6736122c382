"""`/hom-nay/`: what there is to do today, as the letter of the morning tells it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dossiers.desk.work import rail_counts
from dossiers.reach import WORK_ROLES
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind
from reports.digest import mailing
from reports.digest.laying import digest_of


@require_safe
@officer_required(*WORK_ROLES)
def digest(request: OfficerRequest) -> HttpResponse:
    """As of now."""
    now = timezone.now()
    found = digest_of(request.desk, now)
    mailing.read(request.user, now)
    access(request, AccessKind.VIEWED, "digest", None, "việc hôm nay")
    context = {
        "digest": found,
        "at": now,
        "wants": mailing.wants(request.user),
        "address": request.user.email,
        "told_at": settings.DIGEST_AT,
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    return render(request, "reports/digest/today.html", context)


@require_POST
@officer_required(*WORK_ROLES)
def switch(request: OfficerRequest) -> HttpResponse:
    """The officer's own morning letter, on or off (`bat`)."""
    on = request.POST.get("bat") == "1"
    mailing.switch(request.user, on=on)
    said = (
        "Từ sáng làm việc sau, bạn được báo việc."
        if on
        else "Bạn không được báo việc buổi sáng nữa."
    )
    messages.success(request, said)
    return redirect("digest")
