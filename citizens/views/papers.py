"""`/cua-toi/ho-so/<mã>/bo-sung/`: the owner sends the files that the dossier waits for, where the
installation lets citizens send (CITIZENS_MAY_UPLOAD). The counter looks at them and takes them in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from citizens import sessions
from citizens.forms import SendPapersForm
from citizens.provider import is_connected
from citizens.views.common import for_citizens
from citizens.views.mine import note, of_mine
from dossiers.acts.sent import send as send_in
from dossiers.desk import lookup
from dossiers.desk import sent as desk
from dossiers.states import State
from dossiers.views.throttle import Limit
from onestop.errors import DomainError, say, sentence
from onestop.files.domain import Kept, keep
from onestop.uploads import takes_files_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.core.files.uploadedfile import UploadedFile

OF_A_DOSSIER = Limit("citizen-papers", times=20, seconds=60 * 60)
PAGE = "citizens/papers.html"
# What is said to an officer about our own machines, in a citizen's words.
_SAID = {
    "file_no_room": "citizen_file_later",
    "file_not_checked": "citizen_file_later",
    "file_check_limit": "citizen_file_later",
    "file_infected": "citizen_file_infected",
}


def _may_send(request: HttpRequest) -> bool:
    return settings.CITIZENS_MAY_UPLOAD and is_connected() and sessions.current(request) is not None


@require_http_methods(["GET", "HEAD", "POST"])
@takes_files_of(_may_send, page="citizens/too_large.html")
@for_citizens()
def send(request: HttpRequest, code: str) -> HttpResponseBase:
    """Asks for files, or takes them. Not there where citizens send none."""
    if not settings.CITIZENS_MAY_UPLOAD:
        raise Http404
    return of_mine(_send, notes=request.method != "POST")(request, code)


def _send(request: HttpRequest, found: lookup.Full) -> HttpResponse:
    dossier = found.dossier
    context: dict[str, Any] = {
        "found": found,
        "dossier": dossier,
        "sent": desk.shown(dossier),
        "back": reverse("citizens:one", args=[dossier.code]),
    }
    if dossier.state != State.AWAITING_PAPERS:
        status = 409 if request.method == "POST" else 200
        return render(
            request, PAGE, context | {"refused": say("papers_not_awaited")}, status=status
        )
    if request.method != "POST":
        return render(request, PAGE, context | {"form": SendPapersForm()})
    if wait := OF_A_DOSSIER.spend(str(dossier.pk)):
        said = say("citizen_papers_often", {"minutes": -(-wait // 60)})
        response = render(request, PAGE, context | {"refused": said}, status=429)
        response["Retry-After"] = str(wait)
        return response
    form = SendPapersForm(request.POST, request.FILES)
    if form.is_valid():
        kept, problems = _kept(form.cleaned_data["file"])
        problems += _taken(request, found, kept)
        if not problems:
            return redirect("citizens:papers", code=dossier.code)
        for one in problems:
            form.add_error("file", one)
    # Some may have been taken.
    return render(request, PAGE, context | {"form": form, "sent": desk.shown(dossier)}, status=422)


def _kept(files: Iterable[UploadedFile[Any]]) -> tuple[list[Kept], list[str]]:
    """Each by itself: of several good ones none is lost because another is not taken."""
    kept, problems = [], []
    for upload in files:
        try:
            kept.append(keep(upload, name=upload.name or ""))
        except DomainError as error:
            code = _SAID.get(error.code)
            problems.append(say(code, error.data) if code else sentence(error))
    return kept, problems


def _taken(request: HttpRequest, found: lookup.Full, kept: list[Kept]) -> list[str]:
    dossier, who = found.dossier, sessions.current(request)
    if not kept or who is None:
        return []
    try:
        with transaction.atomic():
            new = send_in(dossier.pk, kept, at=timezone.now())
            note(who, {dossier.pk: dossier.agency_id}, f"gửi bổ sung trực tuyến: {new} tệp")
    except DomainError as error:
        return [sentence(error)]
    return []
