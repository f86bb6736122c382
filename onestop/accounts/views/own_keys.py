"""Setting up a security key of one's own, `/tai-khoan/khoa-bao-mat/` (R-142)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from onestop.accounts.domain import security_keys as domain
from onestop.accounts.factors import security_keys
from onestop.accounts.factors.relying import relying
from onestop.accounts.forms import add_refusal
from onestop.accounts.own_forms import KeyForm
from onestop.accounts.steps import half
from onestop.accounts.views.own_account import (
    FRAMES,
    enrolled,
    not_from_here,
    prove_to_enrol,
    who_enrols,
)
from onestop.accounts.views.sign_in import wanted
from onestop.errors import DomainError


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def enrol_key(request: HttpRequest) -> HttpResponseBase:
    """The browser makes a key for what the page asks (static/security_key.js); with a name, and the
    password where the session is not fresh from it, it is a factor.
    """
    officer, owes = who_enrols(request), half(request) is not None
    if officer is None:
        return not_from_here(request)
    at, why_not = timezone.now(), relying(request).why_not
    form = KeyForm(request.POST or None, asks_password=not owes)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            if not owes:
                prove_to_enrol(officer, data["password"], at)
            codes = domain.enrol_key(
                request=request, officer=officer, sent=data["credential"], name=data["name"], at=at
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            return enrolled(request, officer, codes)
    context = {
        "form": form,
        "frame": FRAMES[owes],
        "owes": owes,
        "why_not": why_not,
        "options": "" if why_not else security_keys.enrolling(request, officer, at),
        "next": wanted(request),
        "username": officer.username,
    }
    status = 422 if form.is_bound else 200
    return render(request, "accounts/enrol_key.html", context, status=status)
