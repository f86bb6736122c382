"""A session that ends under an open page: asked after and renewed without leaving the page, or
carried over the sign-in page.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onestop.accounts import carrying
from onestop.accounts.desk import desk_of
from onestop.accounts.forms import SignInForm
from onestop.accounts.http import OfficerRequest, is_script, officer_required, to_sign_in
from onestop.accounts.models import Officer
from onestop.accounts.steps import half, half_of
from onestop.accounts.views.second_step import chosen_kind, step_shown, try_step
from onestop.accounts.views.sign_in import enter
from onestop.texts import address_parts


@never_cache
@require_safe
@officer_required()
def alive(request: OfficerRequest) -> HttpResponse:
    """Whose session this is, with a security token that is good now; 401 for a script when there is
    none.
    """
    return JsonResponse({"officer": request.user.pk, "token": get_token(request)})


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_here(request: HttpRequest) -> HttpResponse:
    """The form of the sign-in page for the dialog of a page that stays open (static/session.js)."""
    if request.method != "POST":
        if half(request):
            return step_here(request)
        return render(request, "accounts/_sign_in_here.html", {"form": SignInForm()})
    form = SignInForm(request.POST)
    officer = enter(request, form, at=timezone.now())
    if officer is None:
        return render(request, "accounts/_sign_in_here.html", {"form": form}, status=422)
    return signed_in_here(request, officer)


def signed_in_here(request: HttpRequest, officer: Officer) -> HttpResponse:
    """What the dialog is told: who is signed in now; what is owed before, as its next form."""
    desk = desk_of(officer, timezone.now())
    halfway = half_of(request, officer, desk)
    if halfway is not None and halfway.is_stranger:
        request.half = halfway  # type: ignore[attr-defined]
        return step_here(request, status=422)
    return JsonResponse(
        {
            "officer": officer.pk,
            "token": get_token(request),
            "must_change": officer.must_change_password,
        }
    )


def step_here(request: HttpRequest, *, status: int = 200) -> HttpResponse:
    """The form of the second step for the dialog."""
    context = step_shown(request, chosen_kind(request))
    return render(request, "accounts/_step_here.html", context, status=status)


@never_cache
@require_POST
def second_step_here(request: HttpRequest) -> HttpResponse:
    """The second step in the dialog of a page that stays open."""
    halfway, kind = half(request), chosen_kind(request)
    if halfway is None:
        return redirect("accounts:home") if request.user.is_authenticated else to_sign_in(request)
    refusal = "" if kind is None else try_step(request, kind, at=timezone.now())
    if kind is None or refusal:
        # Asked anew after the try: what a key was asked before is good no longer.
        context = step_shown(request, kind) | {"refusal": refusal}
        return render(request, "accounts/_step_here.html", context, status=422)
    return signed_in_here(request, halfway.officer)


@never_cache
@require_safe
@officer_required()
def carry_on(request: OfficerRequest) -> HttpResponse:
    """After signing in: back to the page as it was typed. Nothing is done by it."""
    kept = carrying.take(request)
    if kept is None:
        return redirect("accounts:home")
    return render(
        request,
        "accounts/carry_on.html",
        {"kept": kept, "mark": f"{carrying.REOPEN}{request.user.pk}"},
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The security token of a page has run out, or was never ours. Only a page of our own gets what
    was typed back.
    """
    if is_script(request):
        return JsonResponse({"code": "csrf"}, status=403)
    if _is_from_here(request):
        if not request.user.is_authenticated:
            return to_sign_in(request)
        if carrying.keep(request):
            return redirect("accounts:carry_on")
    return render(request, "403_csrf.html", status=403)


def _is_from_here(request: HttpRequest) -> bool:
    """The browser itself says that a page of ours sent this."""
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin == f"{request.scheme}://{request.get_host()}"
    referer = address_parts(request.headers.get("Referer", ""))
    return referer is not None and referer.netloc == request.get_host()
