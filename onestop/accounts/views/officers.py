"""Accounts and roles: `/quan-tri/can-bo/`."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onestop.accounts import queries, rules
from onestop.accounts.domain import officers as domain
from onestop.accounts.domain import open_sessions
from onestop.accounts.domain.factor_resets import waiting
from onestop.accounts.forms import GrantForm, LeaverForm, OfficerForm, add_refusal, changed_labels
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Agency, Officer, Role, RoleGrant
from onestop.accounts.own_forms import ResetForm
from onestop.accounts.views.scope import (
    chosen_agency,
    find_officer,
    officer_to_change,
    warn,
    why_not,
)
from onestop.errors import DomainError

administrator = officer_required(Role.ADMINISTRATOR)


@require_safe
@administrator
def officer_list(request: OfficerRequest) -> HttpResponse:
    at = timezone.now()
    text, state = request.GET.get("q", ""), request.GET.get("loai", "")
    page = queries.officers_page(
        request.desk.administered_paths,
        text=text,
        state=state,
        after=request.GET.get("sau", ""),
        at=at,
    )
    states = (("", "Đang mở"), ("khoa", "Đang bị khóa"), ("ngung", "Đã ngừng hoặc đóng"))
    return render(
        request,
        "accounts/officers.html",
        {"page": page, "q": text, "state": state, "states": states, "at": at},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("password")
@administrator
def new_officer(request: OfficerRequest) -> HttpResponse:
    agency = chosen_agency(request)
    form = OfficerForm(request.POST or None, agency=agency)
    if request.method == "POST" and form.is_valid():
        officer = form.save(commit=False)
        try:
            password = domain.create_officer(officer=officer, by=request.user, at=timezone.now())
        except DomainError as error:
            add_refusal(form, error)
        else:
            return _show_once(request, officer, password)
    return render(
        request,
        "accounts/officer_new.html",
        {"form": form, "agency": agency},
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@administrator
def officer_page(request: OfficerRequest, pk: int) -> HttpResponse:
    """The account, its roles, and everything that can be done to it; POST saves the account's own
    data.
    """
    officer = find_officer(request, pk)
    form = OfficerForm(request.POST or None, instance=officer, agency=_home(officer))
    if request.method == "POST" and form.is_valid():
        try:
            officer_to_change(request, pk)
            domain.change_officer(
                officer=form.instance,
                changed=changed_labels(form),
                by=request.user,
                at=timezone.now(),
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, "Đã lưu.")
            return redirect("accounts:officer", pk)
    return _render(request, officer, form=form)


@require_POST
@administrator
def grant_role(request: OfficerRequest, pk: int) -> HttpResponse:
    officer, agency = find_officer(request, pk), chosen_agency(request)
    form = GrantForm(request.POST, agency=agency)
    if form.is_valid():
        try:
            domain.grant_role(
                officer=officer_to_change(request, pk),
                agency=agency,
                by=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(
                request,
                f"Đã giao vai trò {form.cleaned_data['role'].label} cho {officer.full_name}.",
            )
            return redirect("accounts:officer", pk)
    return _render(request, officer, grant_form=form, agency=agency)


@require_POST
@administrator
def end_role(request: OfficerRequest, pk: int, grant_pk: int) -> HttpResponse:
    officer = find_officer(request, pk)
    mine = RoleGrant.objects.filter(
        agency__in=Agency.objects.under(*request.desk.administered_paths)
    )
    grant = get_object_or_404(
        mine.select_related("agency", "officer"), pk=grant_pk, officer=officer
    )

    def act() -> str:
        domain.end_role(grant=grant, by=request.user, at=timezone.now())
        return f"Đã kết thúc vai trò {grant.get_role_display()} của {officer.full_name}."

    return _done(request, pk, act)


@require_POST
@administrator
def unlock(request: OfficerRequest, pk: int) -> HttpResponse:
    def act() -> str:
        officer = officer_to_change(request, pk)
        domain.unlock(officer=officer, by=request.user, at=timezone.now())
        return f"Đã mở tài khoản {officer.username}."

    find_officer(request, pk)
    return _done(request, pk, act)


@require_POST
@administrator
def end_sessions(request: OfficerRequest, pk: int) -> HttpResponse:
    def act() -> str:
        officer = officer_to_change(request, pk)
        count = open_sessions.end_all_of(officer=officer, by=request.user)
        return f"Đã kết thúc {count} phiên đăng nhập của {officer.full_name}."

    find_officer(request, pk)
    return _done(request, pk, act)


@never_cache
@require_POST
@sensitive_variables("password")
@administrator
def reset_password(request: OfficerRequest, pk: int) -> HttpResponse:
    find_officer(request, pk)
    try:
        officer = officer_to_change(request, pk)
        password = domain.reset_password(officer=officer, by=request.user, at=timezone.now())
    except DomainError as error:
        warn(request, error)
        return redirect("accounts:officer", pk)
    return _show_once(request, officer, password)


@require_http_methods(["GET", "HEAD", "POST"])
@administrator
def close_account(request: OfficerRequest, pk: int) -> HttpResponse:
    """A leaver: what still lies on the desk, who takes it, then the account is closed in one act."""
    officer = find_officer(request, pk)
    form = LeaverForm(request.POST or None, leaver=officer, on=request.desk.on)
    lists: list[str] = []
    done = False
    if request.method == "POST" and form.is_valid():
        try:
            leaver = officer_to_change(request, pk)
            lists = domain.close_account(
                officer=leaver,
                successor=form.cleaned_data["successor"],
                by=request.user,
                at=timezone.now(),
            )
            done = True
        except DomainError as error:
            add_refusal(form, error)
    context = {
        "officer": officer,
        "form": form,
        "left": 0 if done else domain.work_left(officer),
        "done": done,
        "lists": lists,
        "successor": form.cleaned_data.get("successor") if done else None,
    }
    return render(
        request,
        "accounts/officer_close.html",
        context,
        status=422 if form.is_bound and not done else 200,
    )


def _home(officer: Officer) -> Agency:
    assert officer.agency is not None  # found through the agency tree
    return officer.agency


def _render(
    request: OfficerRequest,
    officer: Officer,
    *,
    form: OfficerForm | None = None,
    grant_form: GrantForm | None = None,
    agency: Agency | None = None,
) -> HttpResponse:
    at = timezone.now()
    reset = waiting(officer, at) if officer.has_factor else None
    bound = any(f is not None and f.is_bound for f in (form, grant_form))
    agency = agency or (chosen_agency(request) if "co-quan" in request.GET else _home(officer))
    context = {
        "officer": officer,
        "agency": agency,
        "form": form or OfficerForm(instance=officer, agency=_home(officer)),
        "grant_form": grant_form
        or GrantForm(
            agency=agency,
            initial={"valid_from": timezone.localdate(at), "department": officer.department_id},
        ),
        "grants": officer.grants.select_related("agency", "department").order_by(
            "valid_to", "valid_from", "id"
        ),
        "today": timezone.localdate(at),
        "locked": officer.is_locked(at),
        "sessions": open_sessions.count_open(officer, at=at),
        "reset": reset,
        "reset_refusal": reset and why_not(rules.may_confirm_reset(request.desk, reset)),
        "reset_form": ResetForm(),
        "refusal": why_not(rules.may_manage(request.desk, officer)),
    }
    return render(request, "accounts/officer.html", context, status=422 if bound else 200)


def _done(request: OfficerRequest, pk: int, act: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, act())
    except DomainError as error:
        warn(request, error)
    return redirect("accounts:officer", pk)


def _show_once(request: OfficerRequest, officer: Officer, password: str) -> HttpResponse:
    """The only page that ever shows a password; it is stored nowhere, and `never_cache` keeps it
    out of caches.
    """
    return render(
        request, "accounts/password_once.html", {"officer": officer, "password": password}
    )
