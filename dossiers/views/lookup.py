"""Public look-up: `/tra-cuu/`. No session, no cookie, no script; what stands behind the secret is
never stored nor indexed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers import registry
from dossiers.clock import deadlines
from dossiers.desk import lookup
from dossiers.forms.lookup import LookupForm, SecretForm
from dossiers.intake import secrets
from dossiers.models import Dossier
from dossiers.reading_codes import normal_code
from dossiers.states import WAITING, State
from dossiers.views.throttle import Limit
from onestop.accounts.access import client_address
from onestop.accounts.calendars import calendar_of
from onestop.worktime import local

PER_ADDRESS = Limit("lookup", times=30, seconds=60)
PER_CODE = Limit("lookup-code", times=60, seconds=60)
WRONG_SECRETS = Limit("lookup-secret", times=10, seconds=15 * 60)

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """Throttled per address; the answer is not indexed, and its address is told to nobody."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wait = PER_ADDRESS.spend(client_address(request))
        response = _wait(request, wait) if wait else view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """One field, one button; a typed code leads to its own address, which can be kept."""
    if "ma" not in request.GET:
        return render(request, "dossiers/lookup/start.html", {"form": LookupForm()})
    form = LookupForm(request.GET)
    if not form.is_valid():
        return render(request, "dossiers/lookup/start.html", {"form": form}, status=422)
    response = redirect(_address(form.cleaned_data["ma"], form.secret))
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
@private
def show(request: HttpRequest, code: str) -> HttpResponse:
    """By code alone state and degree of completion, from all addresses together so often a minute;
    with the right secret everything on the slip.
    """
    wanted = normal_code(code)
    if wanted and wanted != code:
        return redirect(_address(wanted, request.GET.get("k", "")))
    if "k" in request.GET:
        return _with_secret(request, wanted, _full_page)
    wait = PER_CODE.spend(wanted)
    if wait:
        return _wait(request, wait)
    now = timezone.now()
    found = lookup.brief(wanted, now)
    if found is None:
        return _missing(request, code)
    hours = found.opening_hours or _hours(found.agency_id, now)
    context = {
        "found": found,
        "agency": found.agency,
        "hours": hours,
        "form": SecretForm(),
        **_answer(found, now, by_post=found.by_post, refused=found.refused),
    }
    return render(request, "dossiers/lookup/brief.html", context)


@require_safe
@private
def why(request: HttpRequest, code: str) -> HttpResponse:
    """Why this date: the explanation of the promise, line by line."""
    return _with_secret(request, normal_code(code), _why_page)


def _with_secret(
    request: HttpRequest, code: str, page: Callable[[HttpRequest, lookup.Full], HttpResponse]
) -> HttpResponse:
    """Unknown code and wrong secret get one and the same answer; after ten wrong ones the answer to
    a wrong one is to wait.

    The right secret opens always, whatever strangers tried before: a limit that closed the code
    would be theirs to close it with. Guessing gains nothing by that. The secret has 128 bits,
    `private` gives an address thirty tries a minute: a million addresses for a hundred years have
    one chance in 10^23.
    """
    form = SecretForm(request.GET)
    found = lookup.full(code) if form.is_valid() else None
    if found is not None and secrets.matches(found.dossier, form.cleaned_data["k"]):
        return page(request, found)
    wait = WRONG_SECRETS.spend(code)
    return _wait(request, wait) if wait else _missing(request, code, asked_secret=True)


def _full_page(request: HttpRequest, found: lookup.Full) -> HttpResponse:
    now = timezone.now()
    dossier = found.dossier
    agencies = lookup.agencies_of(dossier, now)
    counter = agencies[dossier.received_by_agency_id]
    context = {
        "found": found,
        "dossier": dossier,
        "agency": counter,
        "handled_by": agencies[dossier.agency_id]["name"],
        "way": lookup.way_of(dossier, agencies),
        "hours": counter["opening_hours"] or _hours(dossier.received_by_agency_id, now),
        "why_url": f"{_address(dossier.code)}vi-sao/?{urlencode({'k': request.GET['k']})}",
        "refresh_url": _address(dossier.code, request.GET["k"]),
        **_answer(dossier, now, by_post=dossier.return_by_post, refused=found.refused),
        "asks": found.asks,
    }
    return render(request, "dossiers/lookup/full.html", context)


def _hours(agency_id: int, now: datetime) -> str:
    return lookup.opening_hours(calendar_of(agency_id), timezone.localdate(now))


def _why_page(request: HttpRequest, found: lookup.Full) -> HttpResponse:
    dossier = found.dossier
    lines = deadlines.explain(dossier, calendar_of(dossier.agency_id))
    back = _address(dossier.code, request.GET["k"])
    agency = lookup.agencies_of(dossier, timezone.now())[dossier.received_by_agency_id]
    context = {"found": found, "dossier": dossier, "agency": agency, "lines": lines, "back": back}
    return render(request, "dossiers/lookup/why.html", context)


def _answer(
    found: lookup.Brief | Dossier, now: datetime, *, by_post: bool, refused: bool
) -> dict[str, Any]:
    """The sentence on top and the steps below it."""
    state, step, due = State(found.state), lookup.step_of(found.state), found.due_at
    late = found.late if isinstance(found, lookup.Brief) else found.is_late(now)
    tone = "wait" if state in WAITING else "done" if step >= 3 else "late" if late else ""
    return {
        "state": state,
        "step": step,
        "steps": [(number, name) for number, name in enumerate(lookup.STEPS, start=1)],
        "due": due,
        "due_is_past": late,
        "is_today": due is not None and local(due).date() == timezone.localdate(now),
        "tone": tone,
        "asks": next(iter(registry.asked_in(found.state)), None),
        "by_post": by_post,
        "refused": refused,
    }


def _missing(request: HttpRequest, code: str, *, asked_secret: bool = False) -> HttpResponse:
    context = {"form": LookupForm(initial={"ma": code[:60]}), "asked_secret": asked_secret}
    return render(request, "dossiers/lookup/missing.html", context, status=404)


def _wait(request: HttpRequest, seconds: int) -> HttpResponse:
    again = timezone.now() + timedelta(seconds=seconds)
    response = render(
        request,
        "dossiers/lookup/wait.html",
        {"again": again, "minutes": -(-seconds // 60)},
        status=429,
    )
    response["Retry-After"] = str(seconds)
    return response


def _address(code: str, secret: str = "") -> str:
    address = reverse("lookup_show", args=[code])
    return f"{address}?{urlencode({'k': secret})}" if secret else address
