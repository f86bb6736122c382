"""Resetting somebody's second factors, `/quan-tri/can-bo/<pk>/xac-thuc/…`: asked for by one
administrator, done by another (docs/adr/0024).
"""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from onestop.accounts.domain import factor_resets as domain
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Role
from onestop.accounts.own_forms import ResetForm
from onestop.accounts.views.scope import find_officer, officer_to_change, warn
from onestop.errors import DomainError


@require_POST
@officer_required(Role.ADMINISTRATOR)
def propose_reset(request: OfficerRequest, pk: int) -> HttpResponse:
    form = ResetForm(request.POST)
    find_officer(request, pk)
    if not form.is_valid():
        messages.error(request, "Hãy ghi lý do đề nghị đặt lại xác thực hai bước.")
        return redirect(domain.officer_section(pk))

    def act() -> str:
        officer, reason = officer_to_change(request, pk), form.cleaned_data["reason"]
        domain.propose(officer=officer, reason=reason, by=request.user, at=timezone.now())
        return "Đã ghi đề nghị: có hiệu lực khi một quản trị khác xác nhận."

    return _done(request, pk, act)


@require_POST
@officer_required(Role.ADMINISTRATOR)
def confirm_reset(request: OfficerRequest, pk: int) -> HttpResponse:
    def act() -> str:
        domain.confirm(officer=officer_to_change(request, pk), by=request.user, at=timezone.now())
        return "Đã đặt lại xác thực hai bước; người đó phải đăng nhập và đăng ký lại."

    return _done(request, pk, act)


@require_POST
@officer_required(Role.ADMINISTRATOR)
def refuse_reset(request: OfficerRequest, pk: int) -> HttpResponse:
    def act() -> str:
        domain.refuse(officer=officer_to_change(request, pk), by=request.user, at=timezone.now())
        return "Không đặt lại: các cách xác thực giữ nguyên."

    return _done(request, pk, act)


def _done(request: OfficerRequest, pk: int, act: Callable[[], str]) -> HttpResponse:
    find_officer(request, pk)
    try:
        messages.success(request, act())
    except DomainError as error:
        warn(request, error)
    return redirect(domain.officer_section(pk))
