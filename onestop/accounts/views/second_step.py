"""The second step of signing in, `/dang-nhap/ma/`: after the password, before anything else (R-142)."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from onestop.accounts.domain import second_step as domain
from onestop.accounts.factors import Kind, kinds_of
from onestop.accounts.steps import CODE, half, may_enrol, passed
from onestop.accounts.views.sign_in import wanted
from onestop.errors import DomainError, sentence


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Asks for the second step; who owes a factor is led to set one up, from outside told where."""
    halfway = half(request)
    if halfway is None:
        # Passed already, or nobody: the page asked for sends a stranger to sign in.
        return redirect(wanted(request))
    if halfway.owes != CODE and may_enrol(request):
        enrol = reverse("accounts:enrol_totp")
        return redirect(f"{enrol}?{urlencode({'next': wanted(request)})}")
    kind, refusal = chosen_kind(request), ""
    if request.method == "POST" and kind is not None:
        refusal = try_step(request, kind, at=timezone.now())
        if not refusal:
            must_change = halfway.officer.must_change_password
            return redirect("accounts:change_password" if must_change else wanted(request))
    context = step_shown(request, kind) | {"refusal": refusal}
    status = 422 if request.method == "POST" else 200 if kind else 403
    return render(request, "accounts/second_step.html", context, status=status)


def chosen_kind(request: HttpRequest) -> Kind | None:
    """By what the step is to be passed: the one that was chosen, else the usual one; None where
    this officer has nothing to pass it by.
    """
    halfway = half(request)
    found = kinds_of(halfway.officer) if halfway is not None and halfway.owes == CODE else []
    asked = request.POST.get("cach") or request.GET.get("cach")
    return next((kind for kind in found if kind.name == asked), found[0] if found else None)


def step_shown(request: HttpRequest, kind: Kind | None) -> dict[str, Any]:
    """What the step's page shows of this kind, with the other ways beside it."""
    halfway = half(request)
    assert halfway is not None
    context: dict[str, Any] = {"kind": kind, "half": halfway, "next": wanted(request)}
    if kind is None:
        return context
    others = [other for other in kinds_of(halfway.officer) if other.name != kind.name]
    return context | {"others": others} | kind.asked(request, halfway.officer)


def try_step(request: HttpRequest, kind: Kind, *, at: datetime) -> str:
    """Passes the step, or says why not. Nothing answered is no try: without its script a key's page
    sends that.
    """
    halfway = half(request)
    assert halfway is not None
    if not request.POST.get(kind.field, "").strip():
        return sentence(DomainError(kind.unanswered))
    check = partial(_checked, kind, request, at)
    try:
        officer = domain.settle(
            officer=halfway.officer, how=kind.label, check=check, wrong=kind.wrong, at=at
        )
    except DomainError as error:
        return sentence(error)
    passed(request, officer)
    return ""


def _checked(kind: Kind, request: HttpRequest, at: datetime, officer: Any) -> bool:
    return kind.check(request, officer, at)
