"""`/thu-tuc/quan-ly/quy-trinh/`: which of the procedures that an agency receives have an internal
process of their own, and what the office says of each.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Agency, Role
from onestop.errors import DomainError
from procedures import rules
from procedures.domain import own_processes
from procedures.domain.lists import statutory_terms
from procedures.domain.process_hours import hours, misfits
from procedures.forms.processes import ProcessForm
from procedures.models import InternalProcess, ListDecision
from procedures.views.common import refuse, refused_page
from procedures.views.list_common import READERS, seen_by, tabs

WITHOUT = "chua-co"


@require_safe
@officer_required(*READERS)
def index(request: OfficerRequest) -> HttpResponse:
    """What an agency receives, with its processes; `loai=chua-co`: only what has none."""
    agencies = _agencies(request)
    agency = next(
        (one for one in agencies if str(one.pk) == request.GET.get("co-quan")), request.desk.agency
    )
    if agency is None:
        raise Http404
    only_without = request.GET.get("loai") == WITHOUT
    found = own_processes.overview(
        agency,
        timezone.localdate(),
        after=str(request.GET.get("sau", ""))[:40],
        only_without=only_without,
    )
    asked: dict[str, Any] = {"co-quan": agency.pk} | ({"loai": WITHOUT} if only_without else {})
    alone: dict[str, Any] = {"co-quan": agency.pk, "loai": WITHOUT}
    context: dict[str, Any] = {
        "agency": agency,
        "agencies": agencies,
        "found": found,
        "only_without": only_without,
        "default": InternalProcess.objects.filter(is_default=True, replaced=False).first(),
        "all_url": f"?{urlencode({'co-quan': agency.pk})}",
        "without_url": f"?{urlencode(alone)}",
        "next_url": f"?{urlencode(asked | {'sau': found.page.next})}" if found.page.next else "",
        **tabs(request),
    }
    return render(request, "procedures/processes/index.html", context)


def _agencies(request: OfficerRequest) -> list[Agency]:
    """Those whose page may be opened: of this desk, and for who decides on top all below."""
    own = list(request.desk.agencies)
    top = request.desk.agency
    if top is None or not rules.may_decide(request.desk):
        return own
    return list(Agency.objects.under(top.path).order_by("path", "pk")[:400])


@require_safe
@officer_required(*READERS)
def show(request: OfficerRequest, pk: int) -> HttpResponse:
    """A process step by step."""
    return _page(request, _found(pk))


@require_POST
@officer_required(Role.CONTROLLER)
def describe(request: OfficerRequest, pk: int) -> HttpResponse:
    """The controller on top says what the office says of it."""
    process = _found(pk)
    if refusal := refused_page(request):
        return refusal
    form = _form(request, process)
    if form.is_valid():
        try:
            own_processes.describe(
                process, **form.cleaned_data, seen=request.POST.get("seen", ""), by=request.user,
                at=timezone.now(),
            )  # fmt: skip
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, "Đã ghi thông tin của quy trình.")
            return redirect("procedures:process", pk)
    return _page(request, process, form)


def _found(pk: int) -> InternalProcess:
    process = own_processes.whole(pk)
    if process is None:
        raise Http404
    return process


def _page(
    request: OfficerRequest, process: InternalProcess, form: ProcessForm | None = None
) -> HttpResponse:
    may_write = bool(rules.may_decide(request.desk)) and not (
        process.is_default or process.replaced
    )
    code, steps = process.procedure_code, list(process.steps.all())
    terms = [term for _, term in statutory_terms([code]).get(code, ())]
    context = {
        "process": process,
        "steps": steps,
        "total": hours(process.total_minutes),
        "misfits": misfits(process.total_minutes, [step.minutes for step in steps], terms),
        # Shown again it still answers what was seen: pressed twice it overwrites nobody.
        "seen": request.POST.get("seen", "") if form else own_processes.state_of(process),
        "form": (form or _form(request, process)) if may_write else None,
        **tabs(request),
    }
    return render(
        request, "procedures/processes/process.html", context, status=422 if form else 200
    )


def _form(request: OfficerRequest, process: InternalProcess) -> ProcessForm:
    published = seen_by(request).filter(stage=ListDecision.Stage.PUBLISHED)
    names = ("decided_on", "edition", "iso_link", "published_by")
    initial = {name: getattr(process, name) for name in names}
    return ProcessForm(request.POST or None, published=published, initial=initial)
