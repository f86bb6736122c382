"""The request of a signed-in officer and the one decorator that asks for a role."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse

from onestop.accounts import carrying
from onestop.accounts.desk import Desk
from onestop.accounts.models import Officer, Role
from onestop.accounts.steps import half


class OfficerRequest(HttpRequest):
    """What a view behind `officer_required` gets. Never built: Django's request with `desk` set by
    SignedInMiddleware.
    """

    user: Officer
    desk: Desk


OfficerView = Callable[..., HttpResponseBase]


def officer_required(*roles: Role) -> Callable[[OfficerView], Callable[..., HttpResponseBase]]:
    """Sign-in first; then one of `roles` (any signed-in officer when none is named), else a page
    that says why not.
    """

    def decorate(view: OfficerView) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            if roles and not request.desk.has(*roles):
                return denied(request, roles)
            if carrying.is_reopened(request):
                carrying.say_reopened(request)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


# What static/*.js and htmx send along: they are answered with a status, never led to another page.
SCRIPTS = ("HX-Request", "X-Draft", "X-Scan", "X-Session")


def is_script(request: HttpRequest) -> bool:
    """Whether a script of the page asks, and not the person who reads the answer."""
    return any(name in request.headers for name in SCRIPTS)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Off to the sign-in page, or to its second step. Back afterwards: to this page (GET), to the
    form as it was typed, or to where it was sent from.
    """
    if is_script(request):
        return JsonResponse(
            {"code": "signed_out", "sign_in": reverse(settings.LOGIN_URL)}, status=401
        )
    asked: dict[str, str] = {}
    if request.method in ("GET", "HEAD"):
        asked["next"] = request.get_full_path()
    elif carrying.keep(request):
        asked |= {"next": reverse("accounts:carry_on"), "giu": "1"}
    else:
        asked |= {"next": _sent_from(request), "chua-gui": "1"}
    if getattr(request, "signed_out_idle", False):
        asked["het-phien"] = "1"
    page = reverse("accounts:second_step" if half(request) else settings.LOGIN_URL)
    return HttpResponseRedirect(
        f"{page}?{urlencode({name: value for name, value in asked.items() if value})}"
    )


def _sent_from(request: HttpRequest) -> str:
    """The page whose button was pressed, as the browser tells it; "" for one that is not ours."""
    page = request.headers.get("Referer", "")
    start = f"{request.scheme}://{request.get_host()}/"
    return (
        page.removeprefix(start.removesuffix("/"))
        if page.startswith(start) and len(page) < 1000
        else ""
    )


def denied(request: HttpRequest, roles: tuple[Role, ...]) -> HttpResponse:
    """403 in Vietnamese: which role the page asks for, and who can give it."""
    return render(
        request, "accounts/denied.html", {"roles": [role.label for role in roles]}, status=403
    )
