"""The officer's own account, `/tai-khoan/`: second factors and recovery codes (R-142). Setting one up
is also where who must have one and has none is led after the password.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from onestop.accounts.domain import second_step as domain
from onestop.accounts.domain.signing_in import prove_present_password
from onestop.accounts.factors import kinds, label_of, recovery, totp
from onestop.accounts.factors.sealing import opened, seal
from onestop.accounts.forms import add_refusal
from onestop.accounts.http import OfficerRequest, officer_required, to_sign_in
from onestop.accounts.models import Factor, Officer
from onestop.accounts.own_forms import EnrolForm, PresentPasswordForm
from onestop.accounts.steps import CODE, half, may_enrol, must_have, passed
from onestop.accounts.views.sign_in import wanted
from onestop.errors import DomainError

# In the session: the sealed key that the page shows and nobody has confirmed yet.
NEW_KEY = "new_totp"
FRAMES = {True: "base_public.html", False: "base_officer.html"}


@never_cache
@require_safe
@officer_required()
def own_account(request: OfficerRequest) -> HttpResponse:
    officer = request.desk.officer
    found = list(Factor.objects.filter(officer=officer))
    for factor in found:
        factor.label = label_of(factor.kind)  # type: ignore[attr-defined]
    context = {
        "factors": found,
        "codes_left": recovery.left(officer) if found else 0,
        "required": must_have(request, request.desk),
        "may_enrol": may_enrol(request),
        "kinds": [kind for kind in kinds() if kind.enrol],
    }
    return render(request, "accounts/own_account.html", context)


def who_enrols(request: HttpRequest) -> Officer | None:
    """Whoever is signed in, or owes a factor and may set one up from here; None for all others."""
    halfway = half(request)
    if halfway is not None and halfway.owes != CODE and may_enrol(request):
        return halfway.officer
    return request.user if isinstance(request.user, Officer) and may_enrol(request) else None


def not_from_here(request: HttpRequest) -> HttpResponse:
    """The answer to all others: their own account says why not, the rest sign in first."""
    if request.user.is_authenticated:
        return redirect("accounts:own_account")
    return to_sign_in(request)


def prove_to_enrol(officer: Officer, password: str, at: datetime) -> None:
    """Raises DomainError password_locked / password_wrong."""
    where = "trang xác thực hai bước"
    prove_present_password(officer=officer, password=password, where=where, at=at)


@never_cache
@sensitive_post_parameters("password", "code")
@sensitive_variables("key", "codes")
@require_http_methods(["GET", "HEAD", "POST"])
def enrol_totp(request: HttpRequest) -> HttpResponseBase:
    """The key as a picture and as text; a code of it, and the password where the session is not
    fresh from it, make it a factor.
    """
    officer, owes = who_enrols(request), half(request) is not None
    if officer is None:
        return not_from_here(request)
    key = _new_key(request)
    form = EnrolForm(request.POST or None, asks_password=not owes)
    if request.method == "POST" and form.is_valid():
        data, at = form.cleaned_data, timezone.now()
        try:
            if not owes:
                prove_to_enrol(officer, data["password"], at)
            codes = domain.enrol_totp(
                officer=officer, key=key, code=data["code"], name=data["name"], at=at
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            return enrolled(request, officer, codes)
    context = {
        "form": form,
        "frame": FRAMES[owes],
        "owes": owes,
        "picture": totp.picture(key, officer),
        "typed_key": totp.typed_key(key),
        "next": wanted(request),
        "username": officer.username,
    }
    status = 422 if form.is_bound else 200
    return render(request, "accounts/enrol_totp.html", context, status=status)


def enrolled(request: HttpRequest, officer: Officer, codes: list[str]) -> HttpResponse:
    """A factor is there: the session has passed the step by proving it. Shows the recovery codes
    that came with it, once.
    """
    request.session.pop(NEW_KEY, None)
    passed(request, officer)
    messages.success(request, "Đã đăng ký xác thực hai bước.")
    if not codes:
        return redirect("accounts:own_account")
    return _codes_once(request, officer, codes)


@never_cache
@sensitive_post_parameters()
@sensitive_variables("codes")
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required()
def new_codes(request: OfficerRequest) -> HttpResponse:
    """Ten fresh recovery codes instead of those before; with the password."""
    officer = request.desk.officer

    def act() -> HttpResponse:
        codes = domain.new_recovery_codes(officer=officer, at=timezone.now())
        return _codes_once(request, officer, codes)

    about = {"title": "Lập lại mã dự phòng", "act": "Lập 10 mã mới", "what": "codes"}
    return _with_password(request, about, act)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required()
def remove_factor(request: OfficerRequest, pk: int) -> HttpResponse:
    """Takes off an own factor; with the password."""
    factor = Factor.objects.filter(officer=request.user, pk=pk).first()
    if factor is None:
        return redirect("accounts:own_account")

    def act() -> HttpResponse:
        required = must_have(request, request.desk)
        domain.remove(
            officer=request.desk.officer, factor_id=pk, required=required, at=timezone.now()
        )
        messages.success(request, "Đã bỏ cách xác thực này.")
        return redirect("accounts:own_account")

    name = factor.name or label_of(factor.kind)
    return _with_password(request, {"title": f"Bỏ: {name}", "act": "Bỏ", "what": "factor"}, act)


def _with_password(request: OfficerRequest, about: dict[str, str], act: Any) -> HttpResponse:
    form = PresentPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            prove_present_password(
                officer=request.desk.officer,
                password=form.cleaned_data["password"],
                where="trang tài khoản",
                at=timezone.now(),
            )
            done: HttpResponse = act()
        except DomainError as error:
            add_refusal(form, error)
        else:
            return done
    status = 422 if form.is_bound else 200
    return render(request, "accounts/with_password.html", about | {"form": form}, status=status)


def _codes_once(request: HttpRequest, officer: Officer, codes: list[str]) -> HttpResponse:
    """The only page that ever shows them; `never_cache` keeps it out of caches."""
    at = timezone.now()
    context = {"codes": codes, "officer": officer, "at": at, "next": wanted(request)}
    return render(request, "accounts/recovery_codes.html", context)


def _new_key(request: HttpRequest) -> bytes:
    """The key this session is shown, the same until it is confirmed or the session ends."""
    sealed = request.session.get(NEW_KEY)
    if sealed is None:
        key = totp.new_key()
        request.session[NEW_KEY] = seal(key).decode()
        return key
    return opened(sealed.encode())
