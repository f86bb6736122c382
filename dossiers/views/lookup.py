"""Public look-up: `/tra-cuu/`. No session, no cookie, no script; what stands behind the secret is
never stored nor indexed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial, wraps
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.clock import deadlines
from dossiers.desk import lookup, lookup_filed
from dossiers.desk.moved import days_off, newest_of
from dossiers.forms.lookup import AgainForm, LookupForm, SecretForm, length_hint
from dossiers.intake import secrets, shortened
from dossiers.intake.elsewhere import elsewhere_of
from dossiers.models import ClockKind, Dossier
from dossiers.reading_codes import normal_code, readings
from dossiers.states import WAITING, State
from dossiers.views.paying import paid_by
from dossiers.views.throttle import Limit
from onestop.accounts.access import access, access_named, client_address
from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import AccessKind
from onestop.errors import DomainError
from onestop.files.models import Attachment
from onestop.files.responses import serve
from onestop.worktime import Calendar, hours_at, local, next_opening

PER_ADDRESS = Limit("lookup", times=30, seconds=60)
PER_CODE = Limit("lookup-code", times=60, seconds=60)
WRONG_SECRETS = Limit("lookup-secret", times=10, seconds=15 * 60)
# A page that is loaded again and again from one address is one view in so many seconds: a line of the
# access log stays for years.
NOTED = Limit("lookup-noted", times=1, seconds=15 * 60)
# How the access log calls whoever has the slip: nobody knows who that is.
BY_SLIP = "Trang tra cứu, mã tra cứu"

View = Callable[..., HttpResponseBase]


def private(view: View) -> View:
    """Throttled per address; the answer is not indexed, and its address is told to nobody."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        wait = PER_ADDRESS.spend(client_address(request))
        code = normal_code(kwargs.get("code", ""))
        response = _wait(request, wait, code) if wait else view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """One field, one button; a typed code leads to its own address, which can be kept. The pages
    that ask again send the secret along.
    """
    if "ma" not in request.GET:
        return render(request, "dossiers/lookup/start.html", {"form": LookupForm()})
    form = AgainForm(request.GET) if "k" in request.GET else LookupForm(request.GET)
    if not form.is_valid():
        if isinstance(form, AgainForm):
            return _again(request, form, status=422)
        return render(request, "dossiers/lookup/start.html", {"form": form}, status=422)
    secret = form.secret or form.cleaned_data.get("k", "")
    response = redirect(_address(form.cleaned_data["ma"], secret))
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
@private
def show(request: HttpRequest, code: str) -> HttpResponseBase:
    """By code alone state and degree of completion, also before it is received, from all addresses together so often a minute;
    with the right secret everything on the slip.
    """
    wanted = normal_code(code)
    if wanted and wanted != code:
        return redirect(_address(wanted, request.GET.get("k", "")))
    if "k" in request.GET:
        return with_secret(request, wanted, _full_page)
    wait = PER_CODE.spend(readings(wanted)[-1])
    if wait:
        return _wait(request, wait, wanted)
    now = timezone.now()
    found = lookup.brief(wanted, now)
    if found is None:
        return _not_received(request, wanted, now) or _missing(request, code)
    calendar = calendar_of(found.agency_id)
    context = {
        "found": found,
        "agency": found.agency,
        "hours": hours_at(now, calendar),
        "come": _come(found.due_at, calendar),
        "form": SecretForm(),
        **_answer(found, now, by_post=found.by_post, refused=found.refused),
    }
    return render(request, "dossiers/lookup/brief.html", context)


@require_safe
@private
def why(request: HttpRequest, code: str) -> HttpResponseBase:
    """Why this date: the explanation of the promise, line by line."""
    return with_secret(request, normal_code(code), _why_page)


@require_safe
@private
def result_file(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """The signed electronic result, to whoever has code and secret; each fetching is written down."""
    return with_secret(request, normal_code(code), partial(_file, pk=pk), notes=False)


def _file(request: HttpRequest, found: lookup.Full, pk: int) -> HttpResponseBase:
    def told() -> None:
        access(
            request,
            AccessKind.DOWNLOADED,
            "dossier",
            found.dossier.pk,
            "kết quả đã ký số, qua tra cứu",
        )

    return signed_file(
        request, found, pk, told=told, back=_address(found.dossier.code, request.GET["k"])
    )


def signed_file(
    request: HttpRequest, found: lookup.Full, pk: int, *, told: Callable[[], None], back: str
) -> HttpResponseBase:
    """A signed file of the result that counts; `told`: writes down who fetches it."""
    if pk not in (one["id"] for one in found.signed):
        raise Http404
    told()
    try:
        return serve(Attachment.objects.get(pk=pk))
    except DomainError:
        context = {"found": found, "back": back}
        return render(request, "dossiers/lookup/result_lost.html", context, status=410)


def with_secret(
    request: HttpRequest,
    code: str,
    page: Callable[[HttpRequest, lookup.Full], HttpResponseBase],
    *,
    notes: bool = True,
) -> HttpResponseBase:
    """Unknown code and wrong secret get one and the same answer; after ten wrong ones the answer to
    a wrong one is to wait. No secret at all is no guess: it is asked for.

    The right secret opens always, whatever strangers tried before: a limit that closed the code
    would be theirs to close it with. Guessing gains nothing by that. The secret has 128 bits,
    `private` gives an address thirty tries a minute: a million addresses for a hundred years have
    one chance in 10^23.

    Effects: a line of the dossier's access log (R-137), of one address once in NOTED; without `notes`
    the page itself writes what was looked at.
    """
    form = SecretForm(request.GET)
    if not form.is_valid():
        return _again(request, AgainForm(initial={"ma": code}))
    found = lookup.full(code)
    if found is not None and secrets.matches(found.dossier, form.cleaned_data["k"]):
        if notes:
            _note(request, found.dossier)
        return page(request, found)
    typed = form.cleaned_data["k"]
    wait = WRONG_SECRETS.spend(readings(code)[-1])
    return _wait(request, wait, code, typed) if wait else _wrong(request, code, typed)


def _note(request: HttpRequest, dossier: Dossier) -> None:
    if not NOTED.spend(f"{dossier.code} {client_address(request)}"):
        access_named(BY_SLIP, AccessKind.VIEWED, "dossier", {dossier.pk: dossier.agency_id})


def _full_page(request: HttpRequest, found: lookup.Full) -> HttpResponse:
    code, secret = found.dossier.code, request.GET["k"]
    context = full_context(
        found,
        timezone.now(),
        here=_address(code, secret),
        why=f"{_address(code)}vi-sao/?{urlencode({'k': secret})}",
        file=lambda pk: f"{reverse('lookup_file', args=[code, pk])}?{urlencode({'k': secret})}",
    )
    ask_url = reverse("lookup_pay", args=[code])
    context |= {"secret": secret, "ask_url": ask_url}
    return render(request, "dossiers/lookup/full.html", context)


def full_context(
    found: lookup.Full,
    now: datetime,
    *,
    here: str,
    why: str,
    file: Callable[[int], str] | None = None,
) -> dict[str, Any]:
    """What whoever proved to be the owner is shown; `here` and `why`: the addresses of this page and
    of its explanation; `file`: of a signed file of the result, where it is given there.
    """
    dossier = found.dossier
    agencies = lookup.agencies_of(dossier, now)
    counter = agencies[dossier.received_by_agency_id]
    calendar = calendar_of(dossier.received_by_agency_id)
    return {
        "found": found,
        "dossier": dossier,
        "agency": counter,
        "handled_by": agencies[dossier.agency_id]["name"],
        "mobile_at": away.place if (away := elsewhere_of(dossier)) is not None else "",
        "way": lookup.way_of(dossier, agencies),
        "hours": hours_at(now, calendar),
        "come": _come(dossier.due_at, calendar),
        "why_url": why,
        "refresh_url": here,
        **_answer(dossier, now, by_post=dossier.return_by_post, refused=found.refused),
        **_told(found, calendar),
        "asks": found.asks,
        "now": now,
        "sent_at": found.asked.get("sent_at") if found.asked else None,
        "signed": [(one, file(one["id"])) for one in found.signed] if file else [],
        "may_rate": lookup.rated.is_open(dossier, now),
        **paid_by(dossier, now, by_citizen=True),
    }


def _told(found: lookup.Full, counter: Calendar) -> dict[str, Any]:
    """What moved: the change that gave the present promise first, the ones before it below."""
    dossier, moves = found.dossier, found.told.moves
    newest = newest_of(moves, dossier.due_at) if dossier.is_open else None
    if newest is not None and newest.kind == ClockKind.CALENDAR:
        one = dossier.agency_id == dossier.received_by_agency_id
        calendar = counter if one else calendar_of(dossier.agency_id)
        newest = replace(newest, days=days_off(dossier, newest, calendar))
    return {"moved": newest, "moves": moves[1:] if newest else moves, "ended": found.told.ended}


def _come(due_at: datetime | None, calendar: Calendar) -> datetime | None:
    """From when one may come, where the counter is closed on the promised day."""
    if due_at is None:
        return None
    day = local(due_at).date()
    if day.year not in calendar.known_years or calendar.sessions_on(day):
        return None
    return next_opening(due_at, calendar)


def _why_page(request: HttpRequest, found: lookup.Full) -> HttpResponse:
    back = _address(found.dossier.code, request.GET["k"])
    return render(request, "dossiers/lookup/why.html", why_context(found, back=back))


def why_context(found: lookup.Full, *, back: str) -> dict[str, Any]:
    """The explanation of the promise, and the way back to the dossier."""
    dossier = found.dossier
    lines = deadlines.explain(dossier, calendar_of(dossier.agency_id))
    lines = shortened.explained(lines, shortened.words_for(dossier))
    agency = lookup.agencies_of(dossier, timezone.now())[dossier.received_by_agency_id]
    return {"found": found, "dossier": dossier, "agency": agency, "lines": lines, "back": back}


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
        "step_name": lookup.STEPS[step - 1] if step else "",
        "steps": [(number, name) for number, name in enumerate(lookup.STEPS, start=1)],
        "due": due,
        "due_is_past": late,
        "is_today": due is not None and local(due).date() == timezone.localdate(now),
        "tone": tone,
        "asks": found.asks if isinstance(found, lookup.Brief) else None,
        "sent_at": found.sent_at if isinstance(found, lookup.Brief) else None,
        "by_post": by_post,
        "refused": refused,
    }


def _not_received(request: HttpRequest, code: str, now: datetime) -> HttpResponse | None:
    """What was handed in on a portal and waits for the counter, or was answered by it."""
    found = lookup_filed.handed_in(code)
    if found is None:
        return None
    context: dict[str, Any] = {"found": found, "is_late": found.is_late(now)}
    if found.agency is not None:
        agency = found.agency.in_charge(timezone.localdate(now))
        context |= {"agency": agency, "hours": hours_at(now, calendar_of(agency.pk))}
    return render(request, "dossiers/lookup/filed.html", context)


def _missing(request: HttpRequest, code: str) -> HttpResponse:
    context = {"form": LookupForm(initial={"ma": code[:60]})}
    return render(request, "dossiers/lookup/missing.html", context, status=404)


def _wrong(request: HttpRequest, code: str, typed: str) -> HttpResponse:
    """One answer for an unknown code and a wrong secret; both stay as they were typed."""
    form = AgainForm({"ma": code, "k": typed})
    if form.is_valid():
        form.add_error("k", f"Mã hồ sơ hoặc mã tra cứu chưa đúng. {length_hint(typed)}".strip())
    return _again(request, form)


def _again(request: HttpRequest, form: AgainForm, *, status: int = 404) -> HttpResponse:
    return render(request, "dossiers/lookup/again.html", {"form": form}, status=status)


def _wait(request: HttpRequest, seconds: int, code: str, typed: str = "") -> HttpResponse:
    """Code and secret stay on the page that says when to try again."""
    context = {
        "again": timezone.now() + timedelta(seconds=seconds),
        "minutes": -(-seconds // 60),
        "form": AgainForm(initial={"ma": code, "k": typed}),
    }
    response = render(request, "dossiers/lookup/wait.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response


def _address(code: str, secret: str = "") -> str:
    address = reverse("lookup_show", args=[code])
    return f"{address}?{urlencode({'k': secret})}" if secret else address
