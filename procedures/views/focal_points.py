"""`/thu-tuc/quan-ly/dau-moi/`: the register of focal points, agency by agency."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Agency, Role
from onestop.accounts.models.agencies import AgencyQuerySet
from onestop.errors import DomainError
from onestop.paging import Keyset
from onestop.texts import whole_number
from procedures import rules
from procedures.domain import focal_points
from procedures.forms.focal_points import FocalPointEnd, FocalPointForm
from procedures.models import FocalPoint
from procedures.views.common import refuse

READERS = (Role.CONTROLLER, Role.LEADER, Role.ADMINISTRATOR)
PAGE = 50
COPIED = ("officer", "name", "position", "phone", "email", "is_public")


def _path(text: str) -> tuple[str] | None:
    return (text,) if text.startswith("/") else None


BY_PATH = Keyset(("path",), write=lambda place: str(place[0]), read=_path)


def _agencies(request: OfficerRequest, *roles: Role) -> AgencyQuerySet:
    return Agency.objects.under(*request.desk.paths_as(*roles))


def _agency(request: OfficerRequest, code: str, *roles: Role) -> Agency:
    return get_object_or_404(_agencies(request, *roles), code=code)


@require_safe
@officer_required(*READERS)
def index(request: OfficerRequest) -> HttpResponse:
    """The agencies, with who is in charge today and how often it changed this year. Two queries."""
    today = timezone.localdate()
    agencies = _agencies(request, *READERS).open_on(today)
    page = BY_PATH.page(agencies, size=PAGE, after=str(request.GET.get("sau", ""))[:200])
    points: dict[int, list[FocalPoint]] = defaultdict(list)
    for one in FocalPoint.objects.filter(agency__in=[agency.pk for agency in page.rows]):
        points[one.agency_id].append(one)
    context = {
        "rows": [
            {
                "agency": agency,
                "current": [one for one in points[agency.pk] if one.is_in_charge(today)],
                "changes": focal_points.changes(points[agency.pk], today.year),
            }
            for agency in page.rows
        ],
        "year": today.year,
        "next_url": f"?sau={page.next}" if page.next else "",
        **_tabs(request),
    }
    return render(request, "procedures/focal_points/index.html", context)


def _tabs(request: OfficerRequest) -> dict[str, Any]:
    return {
        "controller": request.desk.has(Role.CONTROLLER),
        "decides": bool(rules.may_decide(request.desk)),
    }


@require_safe
@officer_required(*READERS)
def show(request: OfficerRequest, code: str) -> HttpResponse:
    """An agency's focal points, those of before too, the last one first."""
    agency, today = _agency(request, code, *READERS), timezone.localdate()
    rows = list(
        FocalPoint.objects.filter(agency=agency)
        .select_related("entered_by")
        .order_by("-starts_on", "-pk")
    )
    followed = {one.replaces_id: one.name for one in rows if one.replaces_id}
    context = {
        "agency": agency,
        "rows": [(one, followed.get(one.pk, "")) for one in rows],
        "year": today.year,
        "today": today,
        "changes": focal_points.changes(rows, today.year),
        "may_write": _agencies(request, Role.CONTROLLER).filter(pk=agency.pk).exists(),
    }
    return render(request, "procedures/focal_points/agency.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.CONTROLLER)
def new(request: OfficerRequest, code: str) -> HttpResponse:
    """Another one, or (`thay`) one in the place of one in charge."""
    agency = _agency(request, code, Role.CONTROLLER)
    asked = whole_number(request.GET.get("thay", ""))
    before = get_object_or_404(FocalPoint, agency=agency, pk=asked) if asked is not None else None
    initial = {name: getattr(before, name) for name in COPIED} if before is not None else None
    today = timezone.localdate()
    form = FocalPointForm(request.POST or None, agency=agency, on=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = focal_points.name(
                form.person(), agency=agency, by=request.user, at=timezone.now(), instead_of=before
            )
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(
                request, f"{made.name} là đầu mối kiểm soát từ {made.starts_on:%d/%m/%Y}."
            )
            return redirect("procedures:focal_points_of", agency.code)
    context = {"form": form, "agency": agency, "before": before}
    status = 422 if form.is_bound else 200
    return render(request, "procedures/focal_points/form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.CONTROLLER)
def end(request: OfficerRequest, code: str, pk: int) -> HttpResponse:
    """Somebody is it no longer, and nobody follows."""
    agency = _agency(request, code, Role.CONTROLLER)
    point = get_object_or_404(FocalPoint.objects.select_related("agency"), agency=agency, pk=pk)
    form = FocalPointEnd(request.POST or None, initial={"last_day": point.ends_on})
    if request.method == "POST" and form.is_valid():
        try:
            focal_points.end(point, by=request.user, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            messages.success(request, f"Đã ghi {point.name} thôi làm đầu mối kiểm soát.")
            return redirect("procedures:focal_points_of", agency.code)
    context = {"form": form, "agency": agency, "ending": point}
    status = 422 if form.is_bound else 200
    return render(request, "procedures/focal_points/form.html", context, status=status)
