"""A published version confirmed anew, and taken back while nobody was received under it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

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
from procedures.domain.correcting_papers import correct_papers, preview_papers
from procedures.domain.left_out import left_out_of
from procedures.domain.questions import questions_of
from procedures.domain.renewing import begins
from procedures.domain.taking_back import take_back
from procedures.forms.correcting import CorrectForm, PapersForm
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
    """Terms, fees, names of cases, which cases are used."""
    version = get_object_or_404(whole(ProcedureVersion.objects.all()), pk=version_id)
    if refusal := refused_page(request):
        return refusal
    if version.status == Status.NEEDS_TERM:
        return redirect("procedures:confirm", version_id=version.pk)
    now, on = timezone.now(), timezone.localdate()
    questions = questions_of(version, anew=True, left_out=left_out_of(version))
    form = CorrectForm(request.POST or None, version=version, questions=questions)
    return _correction(
        request,
        version,
        form,
        look=lambda: preview(version, readings=form.readings(), on=on),
        act=lambda reason: correct(
            version.pk, readings=form.readings(), reason=reason, by=request.user, at=now
        ),
    )


@officer_required(Role.CONTROLLER)
def correct_version_papers(request: OfficerRequest, version_id: int) -> HttpResponse:
    """Of whom each paper is asked."""
    version = get_object_or_404(whole(ProcedureVersion.objects.all()), pk=version_id)
    if refusal := refused_page(request):
        return refusal
    if version.status == Status.NEEDS_TERM:
        return redirect("procedures:confirm", version_id=version.pk)
    now, on = timezone.now(), timezone.localdate()
    case = next(iter(version.cases.all()))
    form = PapersForm(request.POST or None, papers=list(case.papers.all()))
    return _correction(
        request,
        version,
        form,
        look=lambda: preview_papers(version, said=form.said(), on=on),
        act=lambda reason: correct_papers(
            version.pk, said=form.said(), reason=reason, by=request.user, at=now
        ),
        of_papers=True,
    )


def _correction(
    request: OfficerRequest,
    version: ProcedureVersion,
    form: CorrectForm | PapersForm,
    *,
    look: Callable[[], list[Change]],
    act: Callable[[str], ProcedureVersion],
    of_papers: bool = False,
) -> HttpResponse:
    """First what would change, beside the dossiers that keep the old promise; then, seen, the act.

    `seen` says which changes were looked at: others than these are shown again, not done.
    """
    today = timezone.localdate()
    try:
        refuse_over(version, today)
        is_sent = form.is_bound and form.is_valid()
        changes, mark = _looked_at(look()) if is_sent else ([], "")
        if changes and request.POST.get("seen") == mark:
            return _done(request, act(form.cleaned_data["note"]))
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
        "of_papers": of_papers,
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


def _looked_at(changes: list[Change]) -> tuple[list[Change], str]:
    """What would change, and its mark. Errors: DomainError("procedures.nothing_changed")."""
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
