"""`/dieu-hanh/phe-binh/`: the register of criticisms; drafting one from urgings, signing, withdrawing, the
document.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dossiers.desk.work import rail_counts
from dossiers.reach import WORK_ROLES
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Department, Officer, Role
from onestop.errors import DomainError, sentence
from onestop.forms import day_field
from onestop.outbox.domain import read_about
from onestop.paging import by_instant
from onestop.templatetags.formatting import vn_datetime
from onestop.texts import MOST_ID
from onestop.worktime import start_of_day
from reports import criticising
from reports.board.urged import Line
from reports.criticising import About, may_close, may_draft, may_sign
from reports.criticism_paper import drawn
from reports.forms_of_criticism import CloseForm, CriticismForm
from reports.models import Criticism
from reports.views.board_urged import opened_list

SIZE = 100
NEWEST = by_instant("prepared_at", newest_first=True)


class Narrowed(forms.Form):
    """What a figure of urgings opens: those signed in these days, of a room, of an officer."""

    coquan = forms.CharField(required=False, max_length=35)
    phong = forms.IntegerField(required=False, min_value=1, max_value=MOST_ID)
    canbo = forms.IntegerField(required=False, min_value=0, max_value=MOST_ID)
    tu = day_field("Từ ngày")
    den = day_field("Đến ngày")
    nam = forms.IntegerField(required=False, min_value=2000, max_value=2200)

    def wanted(self) -> Q:
        """Call `is_valid` first; what is unreadable narrows nothing."""
        data, found = self.cleaned_data, Q()
        if data.get("coquan"):
            found &= Q(agency__code=data["coquan"])
        if data.get("phong"):
            found &= Q(department=data["phong"])
        if data.get("canbo") is not None:
            found &= Q(officer=data["canbo"] or None)
        if data.get("tu"):
            found &= Q(signed_at__gte=start_of_day(data["tu"]))
        if data.get("den"):
            found &= Q(signed_at__lt=start_of_day(data["den"] + timedelta(days=1)))
        return found


@require_safe
@officer_required(*WORK_ROLES)
def criticisms(request: OfficerRequest) -> HttpResponse:
    """Those that this officer may see, newest first. `sau`: where the list goes on."""
    visible = Criticism.objects.visible_to(request.desk)
    rows = visible.select_related("agency", "department", "officer", "prepared_by", "signed_by")
    filters = Narrowed(request.GET)
    filters.is_valid()
    if narrowed := filters.wanted():
        rows = rows.filter(narrowed, closed_at=None)
    year = filters.cleaned_data.get("nam")
    if year:
        rows = rows.filter(year=year)
    access(request, AccessKind.VIEWED, "criticism", None, "sổ văn bản phê bình")
    signed = visible.filter(number__isnull=False)
    page = NEWEST.page(rows, size=SIZE, after=request.GET.get("sau", ""))
    further = request.GET.copy()
    further["sau"] = page.next
    context = {
        "rows": page.rows,
        "next": f"?{further.urlencode()}" if page.next else "",
        "years": list(signed.order_by("-year").values_list("year", flat=True).distinct()),
        "year": year,
        "narrowed": bool(narrowed),
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }
    return render(request, "reports/criticism/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.LEADER, Role.CONTROLLER)
def criticism_draft(request: OfficerRequest) -> HttpResponse:
    """A draft about the room (`phong`) or the officer (`canbo`) of a list of urgings (`muc`)."""
    lines, about = _about(request)
    sent = request.POST if request.method == "POST" else None
    form = CriticismForm(sent, initial=_proposed(about, len(lines)))
    if sent is not None and form.is_valid():
        row = criticising.draft(about, **form.cleaned_data, by=request.desk, at=timezone.now())
        messages.success(request, "Đã lưu dự thảo. Lãnh đạo ký thì văn bản có số.")
        return redirect(row)
    context = {
        "form": form,
        "about": about,
        "lines": criticising.cut(about.lines),
        "back": f"{reverse('board_urged_list')}?{request.GET.urlencode()}",
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }
    access(request, AccessKind.VIEWED, "board", None, "soạn văn bản phê bình")
    status = 422 if form.is_bound else 200
    return render(request, "reports/criticism/draft.html", context, status=status)


def _about(request: OfficerRequest) -> tuple[list[Line], About]:
    """What an address names: one room, urgings of it; of an agency in which this officer drafts. Of an
    officer only who was urged there, never oneself; nothing is saved without an urging.
    """
    asked, lines = opened_list(request)
    room = Department.objects.select_related("agency").filter(pk=asked.get("phong") or 0).first()
    if room is None or not may_draft(request.desk, room.agency_id):
        raise Http404
    own = [line for line in lines if line.room_id == room.pk]
    named = asked.get("canbo") or None
    if ((named or request.method == "POST") and not own) or named == request.desk.officer.pk:
        raise Http404
    # All of these lines are of whom the address names (reports/board/urged.py).
    officer = Officer.objects.get(pk=named) if named else None
    return own, About(room, officer, [_plain(line) for line in own])


def _plain(line: Line) -> dict[str, Any]:
    return {
        "code": line.code,
        "round": line.round,
        "made_at": vn_datetime(line.made_at),
        "answer_by": vn_datetime(line.answer_by),
        "state": str(line.state.label),
    }


def _proposed(about: About, number: int) -> dict[str, str]:
    whom = about.officer.full_name if about.officer is not None else about.department.name
    return {
        "subject": f"Về việc chậm giải quyết hồ sơ đã được đôn đốc của {whom}",
        "demand": f"Yêu cầu {whom} giải quyết dứt điểm các hồ sơ nêu trên, báo cáo kết quả bằng văn bản",
    }


@require_safe
@officer_required(*WORK_ROLES)
def criticism(request: OfficerRequest, pk: int) -> HttpResponse:
    return _page(request, _row(request, pk), CloseForm())


def _row(request: OfficerRequest, pk: int) -> Criticism:
    rows = Criticism.objects.visible_to(request.desk).select_related(
        "agency__parent", "department", "officer", "prepared_by", "signed_by", "closed_by"
    )
    return get_object_or_404(rows, pk=pk)


def _page(request: OfficerRequest, row: Criticism, form: forms.Form) -> HttpResponse:
    now = timezone.now()
    access(request, AccessKind.VIEWED, "criticism", row.pk, str(row), about=row.agency_id)
    read_about(request.user, object_kind="criticism", object_id=row.pk, at=now)
    context = {
        "row": row,
        "form": form,
        "may_sign": row.is_draft and may_sign(request.desk, row),
        "may_close": may_close(request.desk, row),
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    status = 422 if form.is_bound else 200
    return render(request, "reports/criticism/one.html", context, status=status)


@require_POST
@officer_required(Role.LEADER)
def criticism_sign(request: OfficerRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    try:
        row = criticising.sign(row.pk, by=request.desk, at=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, f"Đã ký, số {row.symbol}. Người liên quan đã được báo.")
    return redirect(row)


@require_POST
@officer_required(Role.LEADER, Role.CONTROLLER)
def criticism_close(request: OfficerRequest, pk: int) -> HttpResponse:
    """Drop the draft, or withdraw what was signed."""
    row, form = _row(request, pk), CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    try:
        row = criticising.close(
            row.pk, reason=form.cleaned_data["reason"], by=request.desk, at=timezone.now()
        )
    except DomainError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, f"{row.state_words}.")
    return redirect(row)


@require_safe
@officer_required(*WORK_ROLES)
def criticism_pdf(request: OfficerRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    access(request, AccessKind.DOWNLOADED, "criticism", row.pk, str(row), about=row.agency_id)
    answer = HttpResponse(drawn(row), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="phe-binh-{row.pk}.pdf"'
    return answer
