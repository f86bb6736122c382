"""The administrator's start and the access log: `/quan-tri/`, `/quan-tri/nhat-ky-truy-cap/`."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from onestop.accounts import policy, queries, rules
from onestop.accounts.access import access
from onestop.accounts.forms import LogFilterForm
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role

LOG_READERS = (Role.ADMINISTRATOR, Role.LEADER, Role.CONTROLLER)


@require_safe
@officer_required(Role.ADMINISTRATOR)
def overview(request: OfficerRequest) -> HttpResponse:
    """What waits for the administrator: locked and unused accounts, people without a role, years
    without a calendar.
    """
    facts = queries.administration_facts(request.desk.administered_paths, at=timezone.now())
    context = {"facts": facts, "second_factor_offered": not policy.is_required()}
    return render(request, "accounts/overview.html", context)


@require_safe
@officer_required(*LOG_READERS)
def access_log(request: OfficerRequest) -> HttpResponse:
    """Lines of own agencies, newest first; reading them is itself a line. Leaders and controllers
    read what the administrators of their agencies did.
    """
    form = LogFilterForm(request.GET or None)
    data = form.cleaned_data if form.is_valid() else {}
    kind, username = data.get("viec") or "", data.get("tai_khoan") or ""
    page = queries.log_page(
        request.desk.paths_as(*LOG_READERS),
        desk=request.desk,
        unplaced=rules.stands_on_top(request.desk),
        kind=kind,
        username=username,
        first=data.get("tu"),
        last=data.get("den"),
        after=request.GET.get("sau", ""),
    )
    access(
        request, AccessKind.LOG_VIEWED, detail=" ".join(part for part in (kind, username) if part)
    )
    return render(request, "accounts/access_log.html", {"form": form, "page": page})
