"""The controller's desk: one version that waits for its term, dates to verify, what imports did."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Role
from onestop.errors import DomainError, sentence
from onestop.paging import by_instant
from onestop.templatetags.ui import undo
from procedures.domain.confirming import confirm_terms, verify_dates
from procedures.domain.questions import questions_of
from procedures.forms import ConfirmForm, DatesForm
from procedures.models import ImportRun, ProcedureVersion, Status
from procedures.queries import unverified_decisions, unverified_page, waiting_versions, whole
from procedures.views.common import picked, refuse, refused_page
from procedures.views.list_common import tabs
from procedures.views.questions import after_own, kept_filters

# Each shows all its records that were refused or wait.
RUNS = 10
NEWEST = by_instant("at", newest_first=True)


@officer_required(Role.CONTROLLER)
def confirm(request: OfficerRequest, version_id: int) -> HttpResponse:
    """One waiting version: the record's words, the proposals, a field of one's own; then on to the
    next.
    """
    version = get_object_or_404(whole(ProcedureVersion.objects.all()), pk=version_id)
    if refusal := refused_page(request):
        return refusal
    if version.status != Status.NEEDS_TERM:
        return redirect("procedures:history", code=version.code)
    kept = kept_filters(request)
    back = reverse("procedures:control") + (f"?{urlencode(kept)}" if kept else "")
    questions = questions_of(version)
    form = ConfirmForm(request.POST or None, version=version, questions=questions)
    if request.method == "POST" and form.is_valid():
        try:
            confirm_terms(
                version.pk,
                readings=form.readings(),
                by=request.user,
                at=timezone.now(),
                note=form.cleaned_data["note"],
            )
        except DomainError as error:
            if (
                error.code == "procedures.term_confirmed"
            ):  # somebody was first: there is nothing left to correct here
                messages.error(request, sentence(error))
                return redirect(back)
            refuse(form, error)
        else:
            messages.success(
                request,
                f"Đã xác nhận thời hạn của thủ tục {version.code}.",
                extra_tags=undo(reverse("procedures:take_back", args=[version.pk])),
            )
            return redirect(after_own(version.code, kept))
    return render(
        request,
        "procedures/control/confirm.html",
        {
            "version": version,
            "form": form,
            "back": back,
            "left": waiting_versions().count(),
        },
        status=422 if form.is_bound else 200,
    )


@officer_required(Role.CONTROLLER)
def dates(request: OfficerRequest) -> HttpResponse:
    """Versions in force since their import only: give them their decision and day, many at once."""
    if refusal := refused_page(request):
        return refusal
    decision = str(request.GET.get("quyet-dinh", ""))[:100]
    page = unverified_page(decision=decision, after=str(request.GET.get("sau", ""))[:40])
    chosen = picked(request)
    known = (
        ProcedureVersion.objects.unverified().filter(id__in=chosen).values_list("id", flat=True)
        if chosen
        else []
    )
    form = DatesForm(
        request.POST or None,
        versions=known,
        initial={"decision": decision},
        on=timezone.localdate(),
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            number = verify_dates(
                data["version"],
                decision=data["decision"],
                signed=data["signed"],
                effective=data["effective"],
                by=request.user,
                at=timezone.now(),
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, f"Đã ghi quyết định {data['decision']} cho {number} thủ tục.")
            return redirect("procedures:dates")
    kept = {"quyet-dinh": decision} if decision else {}
    return render(
        request,
        "procedures/control/dates.html",
        {
            "form": form,
            "page": page,
            "decision": decision,
            "decisions": unverified_decisions(),
            "picked": {int(value) for value in chosen},
            "next_url": f"?{urlencode(kept | {'sau': page.next})}" if page.next else "",
        },
        status=422 if form.is_bound else 200,
    )


@officer_required(Role.CONTROLLER, Role.ADMINISTRATOR)
@require_safe
def runs(request: OfficerRequest) -> HttpResponse:
    """The imports, the last one first, from `sau` on, and every record that was refused or waits, with
    place and reason.
    """
    made = ImportRun.objects.select_related("by")
    page = NEWEST.page(made, size=RUNS, after=request.GET.get("sau", ""))
    context = {
        "runs": page.rows,
        "next": f"?sau={page.next}" if page.next else "",
        **tabs(request),
    }
    return render(request, "procedures/control/runs.html", context)
