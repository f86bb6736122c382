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
from dossiers.views.agreeing import APPROVERS
from dossiers.views.desk_common import warn
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Role
from onestop.errors import DomainError
from onestop.templatetags.ui import undo
from onestop.texts import in_one_line


@require_POST
@officer_required(*APPROVERS)
def answer(request: OfficerRequest, pk: int) -> HttpResponse:
    """Yes, or no with the reason."""
    _seen_or_404(request, pk)
    agreed = request.POST.get("dap") == "dong-y"
    words = in_one_line(request.POST.get("reason", ""))[:300]
    try:
        row = guiding.answer(pk, agreed=agreed, words=words, by=request.desk, at=timezone.now())
    except DomainError as error:
        warn(request, error)
    else:
        said = "Đã duyệt" if agreed else "Không duyệt"
        messages.success(
            request,
            f"{said} hướng dẫn bổ sung lần nữa cho {row.visit.owner_name}.",
            extra_tags=undo(reverse("guidance_undo", args=[row.pk])),
        )
    return redirect("agreements")


@require_POST
@officer_required(*APPROVERS)
def undo_answer(request: OfficerRequest, pk: int) -> HttpResponse:
    """The own answer is taken back; it waits for one again."""
    _seen_or_404(request, pk)
    try:
        row = guiding.take_back(pk, by=request.desk, at=timezone.now())
    except DomainError as error:
        warn(request, error)
    else:
        whose = row.visit.owner_name
        messages.success(request, f"Đã hoàn tác: hướng dẫn lần nữa cho {whose} lại chờ bạn.")
    return redirect("agreements")


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
