"""Agencies and their departments: `/quan-tri/co-quan/`."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from onestop.accounts import queries
from onestop.accounts.domain import agencies as domain
from onestop.accounts.forms import AgencyForm, DepartmentForm, add_refusal, changed_labels
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Department, Role
from onestop.accounts.views.scope import find_agency
from onestop.errors import DomainError

administrator = officer_required(Role.ADMINISTRATOR)


@require_safe
@administrator
def agency_list(request: OfficerRequest) -> HttpResponse:
    text = request.GET.get("q", "")
    page = queries.agencies_page(
        request.desk.administered_paths, text=text, after=request.GET.get("sau", "")
    )
    return render(request, "accounts/agencies.html", {"page": page, "q": text})


@require_http_methods(["GET", "HEAD", "POST"])
@administrator
def new_agency(request: OfficerRequest) -> HttpResponse:
    form = AgencyForm(request.POST or None, paths=request.desk.administered_paths)
    if request.method == "POST" and form.is_valid():
        try:
            agency = domain.save_agency(agency=form.save(commit=False), changed=[], by=request.user)
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, f"Đã thêm {agency}.")
            return redirect("accounts:agency", agency.pk)
    return render(
        request, "accounts/agency_new.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@administrator
def agency_page(request: OfficerRequest, pk: int) -> HttpResponse:
    agency = find_agency(request, pk)
    form = AgencyForm(request.POST or None, instance=agency, paths=request.desk.administered_paths)
    if request.method == "POST" and form.is_valid():
        try:
            domain.save_agency(
                agency=form.save(commit=False), changed=changed_labels(form), by=request.user
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, "Đã lưu.")
            return redirect("accounts:agency", pk)
    context = {
        "agency": agency,
        "form": form,
        "departments": agency.departments.all(),
        "department_form": DepartmentForm(),
    }
    return render(request, "accounts/agency.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@administrator
def department_page(
    request: OfficerRequest, pk: int, department_pk: int | None = None
) -> HttpResponse:
    """A department of the agency, or a new one."""
    agency = find_agency(request, pk)
    department = (
        get_object_or_404(Department, pk=department_pk, agency=agency)
        if department_pk
        else Department(agency=agency)
    )
    form = DepartmentForm(request.POST or None, instance=department)
    if request.method == "POST" and form.is_valid():
        try:
            domain.save_department(
                department=form.save(commit=False), changed=changed_labels(form), by=request.user
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, f"Đã lưu {department}.")
            return redirect("accounts:agency", pk)
    context = {"agency": agency, "department": department, "form": form}
    return render(
        request, "accounts/department.html", context, status=422 if form.is_bound else 200
    )
