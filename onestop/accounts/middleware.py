"""Who sits at the browser: the officer's desk, idle sign-out (R-140), the password that must be
changed first (R-139), the second step that must be passed first (R-142).
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from onestop.accounts import refusals, steps
from onestop.accounts.access import access, browser_of, client_address, origin_of
from onestop.accounts.desk import desk_of
from onestop.accounts.http import is_script
from onestop.accounts.models import AccessKind, Officer, Role
from onestop.accounts.session_store import (
    ADDRESS,
    ADMINISTRATOR,
    BEGAN,
    BROWSER,
    SEEN,
    idle_time,
)
from onestop.instants import SKEW

# How often the session notes that its officer is at work: idle times are exact to this, always to
# the safe side.
NOTE_EVERY = 60
ALWAYS_OPEN = frozenset(
    {"accounts:change_password", "accounts:sign_out", "accounts:sign_in", "accounts:sign_in_here"}
)


class SignedInMiddleware:
    """Sets `request.desk` (lazily; None when nobody is signed in) and ends sessions without
    activity.

    Who owes the second step is a stranger to every page: `request.user` is nobody, and only the
    pages of the step ask for `steps.half(request)`.

    A request without session cookie costs nothing here: public pages of citizens never touch the
    session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.desk = None  # type: ignore[attr-defined]
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            if _is_idle(request):
                access(request, AccessKind.IDLE_LOGOUT)
                logout(request)
                request.signed_out_idle = True  # type: ignore[attr-defined]
            else:
                at = timezone.now()
                officer = request.user
                desk = SimpleLazyObject(lambda: desk_of(officer, at, kept=True))
                half = steps.half_of(request, officer, desk)  # type: ignore[arg-type]
                request.half = half  # type: ignore[attr-defined]
                if half is not None and half.is_stranger:
                    request.user = AnonymousUser()
                else:
                    request.desk = desk  # type: ignore[attr-defined]
                    _note_activity(request)
        refusals.begin()
        with origin_of(request):
            response = self.get_response(request)
            if request.desk is not None:  # type: ignore[attr-defined]
                refusals.log_refusal(request, response)
                refusals.tell_viruses(request)
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if (
            getattr(request, "desk", None) is not None
            and request.user.is_authenticated
            and request.user.must_change_password
            and match is not None
            and match.view_name not in ALWAYS_OPEN
        ):
            if is_script(request):
                return JsonResponse({"code": "must_change"}, status=403)
            return redirect("accounts:change_password")
        return None


def begin_session(*, request: HttpRequest, user: Officer, **_: object) -> None:
    """Receiver of `user_logged_in`: the clock of a new session starts."""
    now = timezone.now()
    steps.forget(request)
    request.session.set_expiry(None)  # what was kept of a form before signing in had a short one
    request.session[BEGAN] = request.session[SEEN] = int(now.timestamp())
    request.session[ADDRESS] = client_address(request)
    request.session[BROWSER] = browser_of(request)
    request.session[ADMINISTRATOR] = desk_of(user, now).has(Role.ADMINISTRATOR)


def _is_idle(request: HttpRequest) -> bool:
    seen = request.session.get(SEEN)
    if seen is None:
        return True
    idle: float = timezone.now().timestamp() - seen
    # Seen later than now: by a clock that was wrong. How long nobody was there is not known.
    return idle > idle_time(request.session).total_seconds() or idle < -SKEW.total_seconds()


def _note_activity(request: HttpRequest) -> None:
    now = int(timezone.now().timestamp())
    if now - request.session[SEEN] >= NOTE_EVERY:
        request.session[SEEN] = now
        request.session[ADDRESS] = client_address(request)
        request.session[ADMINISTRATOR] = request.desk.has(Role.ADMINISTRATOR)  # type: ignore[attr-defined]
