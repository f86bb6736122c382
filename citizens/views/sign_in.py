"""`/cua-toi/dang-nhap/`: off to the identity provider and back; `/cua-toi/dang-xuat/`.

A link leads to the provider, never a form: `form-action 'self'` stays as it is, and nothing is sent
that a page of somebody else could send.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST, require_safe

from citizens import provider, sessions, signing_in
from citizens.views.common import for_citizens, refused
from dossiers.views.throttle import Limit
from onestop.accounts.access import access_named
from onestop.accounts.models import AccessKind
from onestop.errors import DomainError

SIGN_INS = Limit("citizens-sign-in", times=20, seconds=60)
# Answers need a sign-in begun here and its browser: there is nothing to guess, and a whole ward may
# stand behind one address.
ANSWERS = Limit("citizens-answer", times=120, seconds=60)


@require_safe
@for_citizens(SIGN_INS)
def begin(request: HttpRequest) -> HttpResponse:
    try:
        begun = signing_in.begin(
            back=_public("back"), onward=_onward(request.GET.get("next", "")), at=timezone.now()
        )
    except DomainError as error:
        return refused(request, error)
    response = redirect(begun.address)
    within = int(signing_in.ANSWERED_WITHIN.total_seconds())
    sessions.give(response, sessions.BROWSER_COOKIE, begun.browser, within)
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_GET
@for_citizens(ANSWERS)
def back(request: HttpRequest) -> HttpResponse:
    """The provider's answer. The code in the address is used up before anything is shown, and the
    page shown bears another address.
    """
    asked = request.GET
    answer = signing_in.Answered(
        *(asked.get(name, "")[:4000] for name in ("state", "code", "error", "iss"))
    )
    browser = request.COOKIES.get(sessions.BROWSER_COOKIE, "")
    try:
        done = signing_in.finish(answer, browser=browser, back=_public("back"), at=timezone.now())
    except DomainError as error:
        access_named("", AccessKind.CITIZEN_REFUSED, detail=error.code)
        response = refused(request, error)
    else:
        access_named(str(done.citizen), AccessKind.CITIZEN_LOGIN)
        # Who was signed in here before is no longer.
        sessions.end(request)
        response = redirect(done.onward)
        sessions.give(response, sessions.COOKIE, done.key)
    sessions.take(response, sessions.BROWSER_COOKIE)
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_POST
@for_citizens()
def sign_out(request: HttpRequest) -> HttpResponse:
    found = sessions.current(request)
    if found is not None:
        access_named(str(found.citizen), AccessKind.CITIZEN_LOGOUT)
        sessions.end(request)
    response = redirect("citizens:signed_out")
    sessions.take(response, sessions.COOKIE)
    return response


@require_safe
@for_citizens()
def signed_out(request: HttpRequest) -> HttpResponse:
    """Out here; a link ends the session at the provider too (RP-initiated logout), which a telephone
    that was lent needs.
    """
    context = {"provider": settings.CITIZEN_OIDC_NAME, "there": _out_there()}
    return render(request, "citizens/signed_out.html", context)


def _out_there() -> str:
    try:
        door = provider.provider().end_session
    except DomainError:
        return ""
    told = {
        "client_id": settings.CITIZEN_OIDC_CLIENT_ID,
        "post_logout_redirect_uri": _public("mine"),
    }
    return f"{door}{'&' if '?' in door else '?'}{urlencode(told)}" if door else ""


def _public(name: str) -> str:
    """A page of ours as the provider knows it: never what the request calls this host."""
    return str(settings.PUBLIC_URL.rstrip("/") + reverse(f"citizens:{name}"))


def _onward(asked: str) -> str:
    """A page of the citizen's own here, or the list."""
    home = reverse("citizens:mine")
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if safe and asked.startswith(home) and len(asked) <= 300 else home
