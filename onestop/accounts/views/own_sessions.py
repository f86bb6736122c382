"""Where an officer is signed in, listed and ended by the officer: `/tai-khoan/phien-dang-nhap/`."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from onestop.accounts.domain import open_sessions as domain
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.views.scope import warn
from onestop.errors import DomainError


@never_cache
@require_safe
@officer_required()
def own_sessions(request: OfficerRequest) -> HttpResponse:
    rows = domain.open_sessions(
        request.desk.officer, this=request.session.session_key, at=timezone.now()
    )
    others = sum(not row.is_this for row in rows)
    return render(request, "accounts/own_sessions.html", {"rows": rows, "others": others})


@require_POST
@officer_required()
def end_own_session(request: OfficerRequest) -> HttpResponse:
    try:
        domain.end_one(
            officer=request.desk.officer,
            reference=request.POST.get("phien", ""),
            this=request.session.session_key,
        )
        messages.success(request, "Đã kết thúc phiên đăng nhập.")
    except DomainError as error:
        warn(request, error)
    return redirect("accounts:own_sessions")


@require_POST
@officer_required()
def end_other_sessions(request: OfficerRequest) -> HttpResponse:
    count = domain.end_others(officer=request.desk.officer, this=request.session.session_key)
    messages.success(
        request,
        f"Đã kết thúc {count} phiên đăng nhập khác."
        if count
        else "Không còn phiên đăng nhập nào khác.",
    )
    return redirect("accounts:own_sessions")
