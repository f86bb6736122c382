"""`/quan-tri/mot-cua/`: what an office decides for itself about its Bộ phận Một cửa."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from dossiers.domain.office import office_settings
from dossiers.forms.office import OfficeForm
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency, Role
from onestop.texts import whole_number


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.ADMINISTRATOR)
def office_page(request: OfficerRequest) -> HttpResponse:
    agencies = Agency.objects.under(*request.desk.administered_paths).filter(is_one_stop=True)
    asked = whole_number(request.GET.get("co-quan", ""))
    agency = get_object_or_404(agencies, pk=asked) if asked is not None else agencies.first()
    if agency is None:
        return render(request, "dossiers/office.html", {"agency": None})
    form = OfficeForm(request.POST or None, instance=office_settings(agency.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        access(request, AccessKind.AGENCY_CHANGED, "agency", agency.pk, "thiết lập Bộ phận Một cửa: " + ", ".join(form.changed_data))
        messages.success(request, f"Đã lưu thiết lập của {agency}.")
        return redirect(f"{request.path}?co-quan={agency.pk}")
    context = {"agency": agency, "agencies": agencies, "form": form}
    return render(request, "dossiers/office.html", context, status=422 if form.is_bound else 200)
