"""`/bao-cao/bieu/nap/`: a form that is entered by hand comes from a file: read, shown, put in force
from a day on. Whoever controls the highest agency decides, as of the other forms.
"""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, denied, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.errors import DomainError, sentence
from reports.entering import loading
from reports.entering.template import xlsx
from reports.forms import FormFile
from reports.forms_of_forms import NewForm
from reports.models import ReportForm, Source
from reports.views.report_forms import decides, preview_of, put_in_force
from reports.views.statutory import OVERSEERS, TYPES


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*OVERSEERS)
def load_form(request: OfficerRequest) -> HttpResponse:
    """`file`: what is read; without one what was read, and perhaps changed, is shown (`xem`) or put
    in force.
    """
    if request.method != "POST":
        access(request, AccessKind.VIEWED, "report", None, "nạp biểu nhập tay")
        return _shown(request)
    if not decides(request):
        return denied(request, (Role.CONTROLLER,))
    if "code" not in request.POST:
        return _read(request)
    form = NewForm(request.POST, source=loading.blank())
    is_valid = form.is_valid()
    if is_valid and "xem" not in request.POST and put_in_force(request, form):
        return redirect("report_forms")
    return _shown(request, form=form, shown=form.instance if form.is_valid() else None)


def _read(request: OfficerRequest) -> HttpResponse:
    upload = FormFile(request.POST, request.FILES)
    if not upload.is_valid():
        return _shown(request, upload=upload)
    try:
        found = loading.known(loading.read(upload.cleaned_data["file"]))
    except DomainError as error:
        upload.add_error("file", sentence(error))
        return _shown(request, upload=upload)
    access(request, AccessKind.VIEWED, "report", None, f"đọc tệp biểu {found.code}")
    return _shown(request, form=NewForm(None, source=found), shown=found)


def _shown(
    request: OfficerRequest,
    *,
    upload: FormFile | None = None,
    form: NewForm | None = None,
    shown: ReportForm | None = None,
) -> HttpResponse:
    """`shown`: the form as it would be, with its head."""
    decided = decides(request)
    rows = ReportForm.objects.filter(source=Source.ENTERED).order_by("code", "effective_from")
    known = {one.code: one for one in rows}  # the newest of each
    context = {
        "decides": decided,
        "upload": upload or (FormFile() if decided else None),
        "form": form,
        "found": preview_of(request, shown) if shown is not None else None,
        "entered": list(known.values()),
        "named": [loading.blank(code) for code in loading.NAMED if code not in known],
    }
    wrong = any(one is not None and one.is_bound and not one.is_valid() for one in (upload, form))
    status = 422 if wrong else 200
    return render(request, "reports/entering/load.html", context, status=status)


@require_safe
@officer_required(*OVERSEERS)
def template(request: OfficerRequest) -> HttpResponse:
    """A sheet to fill in: of a form that is there (`bieu`), of one that is only named, or empty."""
    code = request.GET.get("bieu", "")
    form = ReportForm.objects.filter(source=Source.ENTERED, code=code).first()
    if form is None:
        if code and code not in loading.NAMED:
            raise Http404
        form = loading.blank(code)
    access(request, AccessKind.DOWNLOADED, "report", form.pk, f"mẫu nạp biểu {code}")
    answer = HttpResponse(xlsx(form), content_type=TYPES["xlsx"])
    name = form.slug or "nhap-tay"
    answer["Content-Disposition"] = f'attachment; filename="bieu-{name}.xlsx"'
    return answer
