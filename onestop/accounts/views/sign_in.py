"""Sign-in, sign-out, own password, and the address `/`: the citizens' entrance, each role's own
start.
"""

from datetime import datetime
from typing import cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onestop.accounts import carrying
from onestop.accounts.access import access
from onestop.accounts.domain import signing_in
from onestop.accounts.forms import PasswordForm, SignInForm, add_refusal
from onestop.accounts.http import OfficerRequest, is_script, officer_required
from onestop.accounts.models import AccessKind, Officer, Role
from onestop.accounts.queries import last_reset
from onestop.accounts.steps import half
from onestop.errors import DomainError
from onestop.shell import places

# Longer ones are refused by the redirect itself; none of ours is.
LONGEST_ADDRESS = 2000
(BACKEND,) = settings.AUTHENTICATION_BACKENDS
# The first role that is held decides where the day begins.
STARTS = (
    Role.CLERK,
    Role.SPECIALIST,
    Role.HEAD,
    Role.LEADER,
    Role.DOCUMENTS,
    Role.CONTROLLER,
    Role.CASHIER,
    Role.POSTAL,
    Role.PARTNER,
    Role.SUPPORT,
    Role.ADMINISTRATOR,
)


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """Where citizens come in; of an officer the own start, behind the sign-in page where the
    session is over.
    """
    # Public pages set no cookie: who brings one of a session is an officer, signed in or no longer.
    if request.COOKIES.get(settings.SESSION_COOKIE_NAME) or is_script(request):
        return own_start(request)
    return render(request, "accounts/entrance.html")


@officer_required()
def own_start(request: OfficerRequest) -> HttpResponse:
    """Each role's own start; who has no role today reads whom to ask."""
    starts = {role: place for place in places() for role in place.starts}
    for role in STARTS:
        if role in starts and request.desk.has(role):
            return redirect(starts[role].view)
    return render(request, "accounts/no_role.html")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        if half(request):
            return redirect(step_address(request))
        if request.user.is_authenticated:
            return redirect(wanted(request))
        told = {
            name: key in request.GET
            for name, key in (("idle", "het-phien"), ("kept", "giu"), ("not_sent", "chua-gui"))
        }
        return render(
            request,
            "accounts/sign_in.html",
            {"form": SignInForm(), "next": request.GET.get("next", "")} | told,
        )
    form = SignInForm(request.POST)
    officer = enter(request, form, at=timezone.now())
    if officer is not None:
        return redirect(after_password(request, officer))
    return render(
        request,
        "accounts/sign_in.html",
        {"form": form, "next": request.POST.get("next", "")},
        status=422,
    )


def after_password(request: HttpRequest, officer: Officer) -> str:
    """Where who has just signed in goes: a password of the own first, then the page asked for, which
    leads to the second step where it is owed.
    """
    if officer.has_factor:
        return step_address(request)
    return reverse("accounts:change_password") if officer.must_change_password else wanted(request)


def step_address(request: HttpRequest) -> str:
    """The page of the second step, with the page that was asked for."""
    return f"{reverse('accounts:second_step')}?{urlencode({'next': wanted(request)})}"


def enter(request: HttpRequest, form: SignInForm, *, at: datetime) -> Officer | None:
    """Sign the officer in whose name and password were typed; None with the refusal on the form."""
    if form.is_valid():
        try:
            officer = signing_in.prove(
                username=form.cleaned_data["username"],
                password=form.cleaned_data["password"],
                at=at,
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            login(request, officer, backend=BACKEND)
            return officer
    return None


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    halfway = half(request)
    if halfway is not None or request.user.is_authenticated:
        access(halfway.officer if halfway else request, AccessKind.LOGOUT)
        logout(request)
    return redirect("accounts:sign_in")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required()
def change_password(request: OfficerRequest) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        officer = request.desk.officer
        try:
            signing_in.change_own_password(
                officer=officer,
                old=form.cleaned_data["old"],
                new=form.cleaned_data["new"],
                at=timezone.now(),
                this=request.session.session_key,
            )
        except DomainError as error:
            add_refusal(form, error)
        except ValidationError as error:
            form.add_error("new", error)
        else:
            update_session_auth_hash(cast(HttpRequest, request), officer)
            messages.success(request, "Đã đổi mật khẩu.")
            return redirect("accounts:carry_on" if carrying.is_kept(request) else "accounts:home")
    forced = request.user.must_change_password
    context = {
        "form": form,
        "forced": forced,
        "reset": last_reset(request.desk.officer) if forced else None,
    }
    return render(
        request, "accounts/change_password.html", context, status=422 if form.is_bound else 200
    )


def wanted(request: HttpRequest) -> str:
    """The page the officer wanted, when it is one of ours."""
    page = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # Only a path from the root: `redirect()` would take a bare word for the name of an address.
    return page if ours and page.startswith(("/", "http")) and len(page) <= LONGEST_ADDRESS else "/"
