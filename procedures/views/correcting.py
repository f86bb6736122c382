"""A published version confirmed anew, and taken back while nobody was received under it."""

from __future__ import annotations

import hashlib
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Role
from onestop.errors import DomainError, sentence
from onestop.templatetags.ui import undo
from procedures.domain.correcting import Change, correct, preview, refuse_over
from procedures.domain.questions import questions_of
from procedures.domain.renewing import begins
from procedures.domain.taking_back import take_back
from procedures.forms.correcting import CorrectForm
from procedures.hooks import NOTHING, open_list, received
from procedures.models import ProcedureVersion, Status
from procedures.queries import whole
from procedures.views.common import refuse, refused_page

# Somebody was first, or nothing is published here: there is nothing to correct on this page.
ELSEWHERE = frozenset(
    {"procedures.corrected_first", "procedures.ended", "procedures.not_published"}
)


@officer_required(Role.CONTROLLER)
def correct_version(request: OfficerRequest, version_id: int) -> HttpResponse:
    """First what would change, beside the dossiers that keep the old promise; then, seen, the act.

    `seen` says which changes were looked at: others than these are shown again, not done.
    """
    version = get_object_or_404(whole(ProcedureVersion.objects.all()), pk=version_id)
    if refusal := refused_page(request):
        return refusal
    now = timezone.now()
    today = timezone.localdate(now)
    if version.status == Status.NEEDS_TERM:
        return redirect("procedures:confirm", version_id=version.pk)
    form = CorrectForm(
        request.POST or None, version=version, questions=questions_of(version, anew=True)
    )
    try:
        refuse_over(version, today)
        is_sent = form.is_bound and form.is_valid()
        changes, mark = _looked_at(form, version, today) if is_sent else ([], "")
        if changes and request.POST.get("seen") == mark:
            new = correct(
                version.pk,
                readings=form.readings(),
                reason=form.cleaned_data["note"],
                by=request.user,
                at=now,
            )
            return _done(request, new)
    except DomainError as error:
        if error.code in ELSEWHERE:
            messages.error(request, sentence(error))
            return redirect("procedures:history", code=version.code)
        refuse(form, error)
        changes, mark = [], ""
    counted = received([version.pk]).get(version.pk, NOTHING)
    context = {
        "version": version,
        "form": form,
        "changes": changes,
        "seen": mark,
        "begins": begins(version, today),
        "at_once": begins(version, today) == today,
        "counted": counted,
        "open_list": open_list(version.pk) if counted.open else "",
    }
    refused = form.is_bound and not changes
    return render(
        request, "procedures/control/correct.html", context, status=422 if refused else 200
    )


def _looked_at(form: CorrectForm, version: ProcedureVersion, on: date) -> tuple[list[Change], str]:
    """What would change, and its mark. Errors: DomainError("procedures.nothing_changed", …)."""
    changes = preview(version, readings=form.readings(), on=on)
    if not changes:
        raise DomainError("procedures.nothing_changed")
    return changes, hashlib.sha256(repr(changes).encode()).hexdigest()[:16]


def _done(request: OfficerRequest, new: ProcedureVersion) -> HttpResponse:
    messages.success(
        request,
        f"Đã xác nhận lại: phiên bản {new.number} áp dụng từ {new.effective_from:%d/%m/%Y}. "
        "Trang công khai và quầy tiếp nhận dùng ngay.",
        extra_tags=undo(reverse("procedures:take_back", args=[new.pk])),
    )
    return redirect("procedures:history", code=new.code)


@officer_required(Role.CONTROLLER)
@require_POST
def take_version_back(request: OfficerRequest, version_id: int) -> HttpResponse:
    """Takes back a correction or a confirmation under which nobody was received."""
    version = get_object_or_404(ProcedureVersion.objects.select_related("procedure"), pk=version_id)
    if refusal := refused_page(request):
        return refusal
    try:
        instead = take_back(version.pk, by=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("procedures:history", code=version.code)
    if instead.status == Status.NEEDS_TERM:
        messages.success(request, f"Đã rút lại. Thủ tục {version.code} lại chờ xác nhận thời hạn.")
        return redirect("procedures:confirm", version_id=instead.pk)
    messages.success(request, f"Đã rút lại. Phiên bản {instead.number} lại có hiệu lực.")
    return redirect("procedures:history", code=version.code)
