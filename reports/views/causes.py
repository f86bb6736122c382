"""`/bao-cao/nguyen-nhan/<mã>/`: why a dossier was late."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from dossiers.views.desk_common import find_dossier
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.errors import DomainError, sentence
from onestop.texts import MOST_NUMBER, whole_number
from reports import causes, proposing
from reports.forms import CauseForm
from reports.models import LateCause
from reports.proposing import Proposal


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*causes.SAYERS)
def cause(request: OfficerRequest, code: str) -> HttpResponse:
    """What was said so far, and the form to say it. `ve`: the list it was opened from."""
    dossier = find_dossier(request, code)
    at = timezone.now()
    said = LateCause.objects.filter(dossier=dossier).select_related("department", "recorded_by")
    history = list(said.order_by("-recorded_at", "-pk"))
    now = next((one for one in history if one.replaced_at is None), None)
    proposal = proposing.proposed([dossier.pk], at).get(dossier.pk)
    form = CauseForm(
        request.POST if request.method == "POST" else None,
        agency_id=dossier.agency_id,
        on=timezone.localdate(at),
        initial=_initial(now, proposal),
    )
    if form.is_bound and form.is_valid():
        try:
            seen = whole_number(request.POST.get("seen", ""), most=MOST_NUMBER)
            causes.say(dossier, by=request.desk, at=at, seen=seen, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field or None, sentence(error))
        else:
            messages.success(request, "Đã ghi nguyên nhân quá hạn.")
            return redirect(_back(request) or reverse("report_cause", args=[dossier.code]))
    context = {
        "dossier": dossier,
        "form": form,
        "history": history,
        "seen": now.pk if now is not None else 0,
        "proposal": proposal,
        "is_late": causes.is_late(dossier, at),
        "may_say": causes.may_say(request.desk, dossier),
        "back": _back(request),
    }
    status = 422 if form.is_bound else 200
    return render(request, "reports/statutory/cause.html", context, status=status)


def _initial(now: LateCause | None, proposal: Proposal | None) -> dict[str, Any]:
    """What was said; else the unit that the events tell. The cause is chosen by whoever says it."""
    if now is not None:
        return {name: getattr(now, name) for name in ("cause", "detail", "department")}
    return {"department": proposal.department} if proposal is not None else {}


def _back(request: OfficerRequest) -> str:
    """The list that the page was opened from; of this house only."""
    asked = request.GET.get("ve", "")
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else ""
