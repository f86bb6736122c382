"""`/trao-doi/cong-dan/`: what the database of citizens and the national store of results say of the owner
whom a clerk receives. The number is never in an address; each question leaves its line in the access log.
"""

from __future__ import annotations

import io
from typing import Any

from django.core import signing
from django.core.files import File
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from dossiers.identity import guess_kind
from dossiers.models.dossier import IdentityKind
from dossiers.views.throttle import Limit
from exchange.asking import people
from exchange.forms import AskForm
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.errors import DomainError, say, sentence
from onestop.files.responses import hand_over

# Who serves people asks about whom they serve, not about a town.
OFTEN = Limit("exchange-asking", times=120, seconds=3600)
PLACE = "exchange.asking"
MOST_SECONDS = 1800


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.CLERK)
def ask_page(request: OfficerRequest) -> HttpResponse:
    if not people.is_possible():
        raise Http404
    form = AskForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if wait := OFTEN.spend(str(request.user.pk)):
                form.add_error(None, say("ask_often", {"minutes": -(-wait // 60)}))
                status = 429
            else:
                context |= _answers(request, **form.cleaned_data)
                status = 200
    return render(request, "exchange/ask.html", context, status=status)


def _answers(request: OfficerRequest, identity_number: str, owner_name: str) -> dict[str, Any]:
    """Each answer for itself: where one system is away the other is still read."""
    # The log names no citizen.
    access(request, AccessKind.SEARCHED, "exchange_citizen", None, "CSDL dân cư, kho kết quả")
    found: dict[str, Any] = {"asked": True, "number": identity_number, "name": owner_name}
    found["is_card"] = guess_kind(identity_number) == IdentityKind.CITIZEN_CARD
    if found["is_card"] and people.asks(people.CITIZEN):
        try:
            found["citizen"] = people.check_citizen(
                identity_number, owner_name, by=request.user.username
            )
        except DomainError as error:
            found["citizen_away"] = sentence(error)
    if people.asks(people.RESULTS):
        try:
            rows = people.find_results(identity_number, owner_name)
        except DomainError as error:
            found["papers_away"] = sentence(error)
        else:
            opens = people.asks(people.FILE) is not None
            found["papers"] = [(row, _files(row, request) if opens else []) for row in rows]
            found["most"] = people.MOST_PAPERS if len(rows) == people.MOST_PAPERS else 0
    return found


def _files(paper: people.Paper, request: OfficerRequest) -> list[tuple[str, str]]:
    """Name and what opens it: only what the store named is fetched, by whom it was shown to."""
    salt = _salt(request)
    return [
        (name, signing.dumps([paper.issuer, place, name], salt=salt, compress=True))
        for name, place in paper.files
    ]


def _salt(request: OfficerRequest) -> str:
    return f"{PLACE}.{request.user.pk}"


@require_POST
@officer_required(Role.CLERK)
def ask_file(request: OfficerRequest) -> HttpResponseBase:
    try:
        issuer, place, name = signing.loads(
            request.POST.get("tep", ""), salt=_salt(request), max_age=MOST_SECONDS
        )
    except signing.BadSignature:
        raise Http404 from None
    try:
        name, content = people.fetch_file(issuer, place, name)
    except DomainError as error:
        context = {"form": AskForm(), "refusal": sentence(error)}
        return render(request, "exchange/ask.html", context, status=502)
    access(request, AccessKind.DOWNLOADED, "exchange_citizen", None, "tệp ở kho kết quả quốc gia")
    return hand_over(File(io.BytesIO(content)), name=name)
