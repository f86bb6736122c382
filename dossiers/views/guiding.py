"""One more guidance at the counter: the approver answers in his list, the clerk issues the slip on
the visit's page (R-44).
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from dossiers.acts import guiding
from dossiers.desk.matters import approvers
from dossiers.forms.guiding import PutAgainForm
from dossiers.models import CounterVisit
from dossiers.models.guiding import GuidanceApproval
from dossiers.states import APPROVERS
from dossiers.views.answering import answered, taken_back
from dossiers.views.desk_common import warn
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Role
from onestop.errors import DomainError
from onestop.texts import in_one_line


@require_POST
@officer_required(*APPROVERS)
def answer(request: OfficerRequest, pk: int) -> HttpResponse:
    """Yes, or no with the reason."""
    _seen_or_404(request, pk)
    return answered(
        request, pk, guiding.answer, _called, of=GuidanceApproval, undone_at="guidance_undo"
    )


@require_POST
@officer_required(*APPROVERS)
def undo_answer(request: OfficerRequest, pk: int) -> HttpResponse:
    """The own answer is taken back; it waits for one again."""
    _seen_or_404(request, pk)
    return taken_back(request, pk, guiding.take_back, _called)


def _called(row: GuidanceApproval) -> str:
    return f"hướng dẫn bổ sung lần nữa cho {row.visit.owner_name}"


@require_POST
@officer_required(Role.CLERK)
def issue(request: OfficerRequest, pk: int) -> HttpResponse:
    """The slip of what was agreed to; its page prints itself."""
    _own_or_404(request, pk)
    try:
        guiding.issue(pk, by=request.desk, at=timezone.now())
    except DomainError as error:
        warn(request, error)
        return redirect("intake_visit", pk=pk)
    return redirect(f"{reverse('visit_slip_page', args=[pk])}?in=1")


@require_POST
@officer_required(Role.CLERK)
def put_again(request: OfficerRequest, pk: int) -> HttpResponse:
    """Somebody else is asked; `thoi`: nobody any more."""
    visit, now = _own_or_404(request, pk), timezone.now()
    try:
        if "thoi" in request.POST:
            guiding.give_up(pk, by=request.desk, at=now)
            messages.success(request, "Đã thôi trình: không phát phiếu của lượt tiếp này.")
            return redirect("intake_visit", pk=pk)
        form = PutAgainForm(request.POST, approvers=approvers(visit.agency, now))
        if not form.is_valid():
            messages.error(request, "Hãy chọn người phê duyệt và ghi lý do. Chưa trình lại.")
            return redirect("intake_visit", pk=pk)
        reason = in_one_line(form.cleaned_data["reason"])
        row = guiding.put_again(pk, approver=form.whom(), reason=reason, by=request.desk, at=now)
    except DomainError as error:
        warn(request, error)
    else:
        messages.success(request, f"Đã trình {row.approver.introduced}.")
    return redirect("intake_visit", pk=pk)


def _own_or_404(request: OfficerRequest, pk: int) -> CounterVisit:
    rows = CounterVisit.objects.filter(agency__in=request.desk.agency_ids_as(Role.CLERK))
    return get_object_or_404(rows.select_related("agency"), pk=pk)


def _seen_or_404(request: OfficerRequest, pk: int) -> None:
    """Of an office where this officer approves."""
    found = GuidanceApproval.objects.filter(pk=pk)
    if not found.filter(visit__agency__in=request.desk.agency_ids_as(*APPROVERS)).exists():
        raise Http404
