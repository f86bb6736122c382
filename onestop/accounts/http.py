"""The request of a signed-in officer and the one decorator that asks for a role."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

from onestop.accounts.desk import Desk
from onestop.accounts.models import Officer, Role


class OfficerRequest(HttpRequest):
    """What a view behind `officer_required` gets. Never built: Django's request with `desk` set by SignedInMiddleware."""

    user: Officer
    desk: Desk


OfficerView = Callable[..., HttpResponseBase]


def officer_required(*roles: Role) -> Callable[[OfficerView], Callable[..., HttpResponseBase]]:
    """Sign-in first; then one of `roles` (any signed-in officer when none is named), else a page that says why not."""

    def decorate(view: OfficerView) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            if roles and not request.desk.has(*roles):
                return denied(request, roles)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Off to the sign-in page; back to this page afterwards where it can be read again (GET)."""
    asked = {"next": request.get_full_path()} if request.method in ("GET", "HEAD") else {}
    if getattr(request, "signed_out_idle", False):
        asked["het-phien"] = "1"
    address = settings.LOGIN_URL + (f"?{urlencode(asked)}" if asked else "")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def denied(request: HttpRequest, roles: tuple[Role, ...]) -> HttpResponse:
    """403 in Vietnamese: which role the page asks for, and who can give it."""
    return render(request, "accounts/denied.html", {"roles": [role.label for role in roles]}, status=403)
