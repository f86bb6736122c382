"""`/ho-so/<mã>/huy-tiep-nhan/`: a reception made by mistake is put before an approver, and voided by
the counter when he has agreed.
"""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from dossiers.acts import voiding
from dossiers.acts.many import Seen
from dossiers.desk import matters
from dossiers.forms.acts import NothingForm
from dossiers.forms.fields import add_refusal
from dossiers.forms.voiding import VoidForm
from dossiers.models import Dossier
from dossiers.models.voiding import VoidRequest
from dossiers.states import APPROVERS
from dossiers.views.act_page import act_page, get_or_post, on_desk, sent
from dossiers.views.answering import answered, taken_back
from dossiers.views.desk_common import find_dossier
from onestop.accounts.carrying import is_reopened
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.errors import DomainError


@get_or_post
@on_desk
def void(request: OfficerRequest, code: str) -> HttpResponse:
    """Asked first, then voided as agreed; who may approve and stands at the counter voids at once."""
    now, dossier = timezone.now(), find_dossier(request, code)
    asked = voiding.standing(dossier)
    agreed = asked if asked is not None and asked.agreed else None
    if "lai" in request.GET:  # somebody else is asked, or for another reason
        agreed = None
    form: forms.Form = NothingForm(sent(request))
    if agreed is None:
        approvers = matters.approvers(dossier.received_by_agency, now)
        form = VoidForm(sent(request), approvers=approvers)
        if done := _put_before(request, dossier, form, now):
            return done

    def run(seen: Seen, form: forms.Form, at: datetime) -> str:
        if agreed is not None:
            voiding.void_as_agreed(seen, agreed, by=request.desk, at=at)
        else:
            voiding.void(seen, reason=form.cleaned_data["reason"], by=request.desk, at=at)
        return "Đã hủy tiếp nhận. Giấy tiếp nhận không còn giá trị: hãy thu lại bản đã giao."

    return act_page(
        request,
        dossier,
        "void_reception",
        form,
        run,
        now=now,
        hindered=_hindered(dossier, now),
        template="void",
        asked=asked,
        agreed=agreed,
    )


def _hindered(dossier: Dossier, now: datetime) -> str:
    try:
        voiding.check_time(dossier, now)
    except DomainError as error:
        return error.code
    return ""


def _put_before(
    request: OfficerRequest, dossier: Dossier, form: VoidForm, now: datetime
) -> HttpResponse | None:
    """Put it before the approver; None where the page is shown instead, or who asks may approve."""
    if not form.is_bound or is_reopened(request) or not form.is_valid():
        return None
    approver = form.cleaned_data["approver"]
    if approver.pk == request.user.pk:
        return None
    try:
        reason = form.cleaned_data["reason"]
        voiding.put_before(dossier, reason=reason, approver=approver, by=request.desk, at=now)
    except DomainError as error:
        add_refusal(form, error)
        return None
    messages.success(
        request, f"Đã trình {approver} duyệt. Khi được duyệt, bạn hủy tiếp nhận từ trang này."
    )
    return redirect(dossier)


@require_POST
@officer_required(*APPROVERS)
def answer(request: OfficerRequest, pk: int) -> HttpResponse:
    """Yes, or no with the reason."""
    _seen_or_404(request, pk)
    return answered(request, pk, voiding.answer, _called, of=VoidRequest, undone_at="void_undo")


@require_POST
@officer_required(*APPROVERS)
def undo_answer(request: OfficerRequest, pk: int) -> HttpResponse:
    """The own answer is taken back; it waits for one again."""
    _seen_or_404(request, pk)
    return taken_back(request, pk, voiding.take_back_answer, _called)


def _called(row: VoidRequest) -> str:
    return f"hủy tiếp nhận hồ sơ {row.dossier.code}"


def _seen_or_404(request: OfficerRequest, pk: int) -> None:
    if not Dossier.objects.visible_to(request.desk).filter(void_requests=pk).exists():
        raise Http404
