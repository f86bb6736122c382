"""`/quan-tri/mot-cua/`: what an office decides for itself about its Bộ phận Một cửa: proposed here,
confirmed by another.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from dossiers import office as domain
from dossiers import rules
from dossiers.forms.fields import add_refusal
from dossiers.forms.office import OfficeForm
from dossiers.intake.codes import sample_code
from dossiers.models import OfficeDecision
from dossiers.views.desk_common import warn
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Agency, Role
from onestop.errors import DomainError
from onestop.texts import whole_number

READERS = (Role.ADMINISTRATOR, Role.LEADER, Role.CONTROLLER)
SUBJECTS = tuple(OfficeDecision.Subject.values)
SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*READERS)
def office_page(request: OfficerRequest) -> HttpResponse:
    """What is in force, what waits for a second person, what was before; an administrator proposes
    here.
    """
    desk, at = request.desk, timezone.now()
    agencies = Agency.objects.under(*desk.paths_as(*READERS)).filter(is_one_stop=True)
    asked = whole_number(request.GET.get("co-quan", ""))
    agency = get_object_or_404(agencies, pk=asked) if asked is not None else agencies.first()
    if agency is None:
        return render(request, "dossiers/office.html", {"agency": None})
    office = domain.office_settings(agency.pk)
    may_propose = desk.administers(agency)
    form = OfficeForm(request.POST or None, instance=office) if may_propose else None
    if request.method == "POST":
        if form is None:
            messages.error(request, "Chỉ quản trị của cơ quan đề nghị được thay đổi.")
            return redirect(f"{request.path}?co-quan={agency.pk}")
        if form.is_valid() and _change(request, agency, form):
            return redirect(f"{request.path}?co-quan={agency.pk}")
    decisions = list(
        OfficeDecision.objects.filter(agency=agency).select_related(
            "agency", "proposed_by", "confirmed_by", "ended_by"
        )[:SHOWN]
    )
    context = {
        "agency": agency,
        "agencies": agencies,
        "form": form,
        "office": office,
        "sample": sample_code(office.code_pattern, agency.dossier_code, timezone.localdate(at)),
        "decisions": [
            (one, rules.may_confirm_decision(desk, one), rules.may_end_decision(desk, one))
            for one in decisions
        ],
        "at": at,
    }
    return render(
        request,
        "dossiers/office.html",
        context,
        status=422 if form is not None and form.is_bound else 200,
    )


def _change(request: OfficerRequest, agency: Agency, form: OfficeForm) -> bool:
    """What weakens a rule is proposed, what makes it strict again is done; the first refusal stops."""
    at, data = timezone.now(), form.cleaned_data
    proposed = False
    try:
        for name in form.changed_data:
            if name not in SUBJECTS:
                domain.save_at_once(agency=agency, name=name, value=data[name], by=request.user)
            elif data[name] == domain.strict(name):
                domain.make_strict(agency=agency, subject=name, by=request.desk, at=at)
            else:
                domain.propose(
                    agency=agency, subject=name, value=data[name], by=request.desk, at=at
                )
                proposed = True
    except DomainError as error:
        add_refusal(form, error)
        return False
    said = (
        "Đã ghi đề nghị: có hiệu lực khi đầu mối kiểm soát hoặc lãnh đạo khác xác nhận."
        if proposed
        else f"Đã lưu thiết lập của {agency}."
    )
    messages.success(request, said)
    return True


@require_POST
@officer_required(Role.LEADER, Role.CONTROLLER)
def confirm_decision(request: OfficerRequest, pk: int) -> HttpResponse:
    return _act(request, pk, domain.confirm, "Đã xác nhận: quyết định có hiệu lực từ bây giờ.")


@require_POST
@officer_required(*READERS)
def end_decision(request: OfficerRequest, pk: int) -> HttpResponse:
    return _act(request, pk, domain.end, "Đã kết thúc: áp dụng theo quy định chung.")


def _act(
    request: OfficerRequest, pk: int, verb: Callable[..., OfficeDecision], said: str
) -> HttpResponse:
    under = Agency.objects.under(*request.desk.paths_as(*READERS))
    decision = get_object_or_404(
        OfficeDecision.objects.filter(Q(agency__in=under.values("pk"))), pk=pk
    )
    try:
        verb(decision_id=decision.pk, by=request.desk, at=timezone.now())
        messages.success(request, said)
    except DomainError as error:
        warn(request, error)
    return redirect(f"{reverse('office_settings')}?co-quan={decision.agency_id}")
