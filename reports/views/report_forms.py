"""`/bao-cao/bieu/`: forms of reports as data; whoever controls the highest agency copies one,
edits it, looks at it with real figures, and puts it in force from a day on.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, denied, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.errors import DomainError, sentence
from reports.figures.measures import MEASURES, OUTSIDE, words_of_shares
from reports.forms_of_forms import NewForm
from reports.models import ReportForm, Source
from reports.paper import Opened, preview
from reports.periods import Kind, newest_over


def decides(request: OfficerRequest) -> bool:
    """Forms hold for everybody: only the controller of an agency above all others edits them."""
    roots = [agency for agency in request.desk.agencies if agency.parent_id is None]
    return any(request.desk.has(Role.CONTROLLER, agency_id=agency.pk) for agency in roots)


@require_safe
@officer_required(Role.CONTROLLER, Role.LEADER)
def report_forms(request: OfficerRequest) -> HttpResponse:
    access(request, AccessKind.VIEWED, "report", None, "biểu mẫu báo cáo")
    context = {"forms": ReportForm.objects.all(), "decides": decides(request)}
    return render(request, "reports/statutory/forms.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.CONTROLLER)
def copy_form(request: OfficerRequest, pk: int) -> HttpResponse:
    """The copy of a form: shown (`xem`) with the figures of the newest quarter, or saved."""
    if not decides(request):
        return denied(request, (Role.CONTROLLER,))
    source = get_object_or_404(ReportForm, pk=pk)
    access(request, AccessKind.VIEWED, "report", source.pk, f"chép biểu {source.code}")
    form = NewForm(request.POST if request.method == "POST" else None, source=source)
    if (
        form.is_bound
        and form.is_valid()
        and "xem" not in request.POST
        and put_in_force(request, form)
    ):
        return redirect("report_forms")
    is_valid = form.is_bound and form.is_valid()
    counted = source.source == Source.DOSSIERS
    known = {name: one.words for name, one in MEASURES.items()} | OUTSIDE | words_of_shares()
    words = known if counted else {}
    context = {
        "form": form,
        "source": source,
        "found": preview_of(request, form.instance) if is_valid else None,
        "measures": words,
    }
    status = 422 if form.is_bound and not is_valid else 200
    return render(request, "reports/statutory/form_copy.html", context, status=status)


def put_in_force(request: OfficerRequest, form: NewForm) -> bool:
    """Put it in force, if nobody was faster."""
    try:
        made = form.take_over()
    except DomainError as error:
        form.add_error(error.field, sentence(error))
        return False
    access(request.user, AccessKind.REPORT_ACT, "report", made.pk, f"lập biểu {made.code}")
    messages.success(
        request, f"Biểu {made.code} có hiệu lực từ ngày {made.effective_from:%d/%m/%Y}."
    )
    return True


def preview_of(request: OfficerRequest, form: ReportForm) -> Opened | None:
    agency = request.desk.agency
    if agency is None:
        return None
    now = timezone.now()
    period = newest_over(timezone.localdate(now), Kind.QUARTER)
    return preview(form, agency, period, now, request.desk)
