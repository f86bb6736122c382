"""`/cua-toi/ho-so/<mã>/bo-sung/`: the owner sends the files that the dossier waits for, where the
installation lets citizens send (CITIZENS_MAY_UPLOAD). The counter looks at them and takes them in.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from citizens import sessions
from citizens.forms import SendPapersForm
from citizens.messages import in_letters
from citizens.models import CitizenSession
from citizens.provider import is_connected
from citizens.views.common import for_citizens
from citizens.views.mine import note, of_mine
from dossiers.acts import sent as acts
from dossiers.desk import lookup
from dossiers.desk import sent as desk
from dossiers.desk.of_owner import is_owner, of_owner
from dossiers.reading_codes import normal_code
from dossiers.states import State
from dossiers.views.throttle import Limit
from onestop.accounts.access import access_named
from onestop.accounts.models import AccessKind
from onestop.errors import DomainError, say
from onestop.files.domain import Kept, keep
from onestop.uploads import takes_files_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.core.files.uploadedfile import UploadedFile

OF_A_DOSSIER = Limit("citizen-papers", times=20, seconds=60 * 60)
PAGE, NOT_READ = "citizens/papers.html", "citizens/papers_not_read.html"


def _may_send(request: HttpRequest) -> bool:
    """Whether the body is read: it comes from the owner, the dossier waits, and not too often. The view
    finds in `wait_to_send` for how many seconds nothing more is read.
    """
    who = sessions.current(request) if settings.CITIZENS_MAY_UPLOAD and is_connected() else None
    match = request.resolver_match
    if who is None or match is None:
        return False
    code = normal_code(match.kwargs["code"])
    awaiting = of_owner(who.identity_number).filter(code=code, state=State.AWAITING_PAPERS)
    if not awaiting.exists():
        return False
    request.wait_to_send = OF_A_DOSSIER.spend(code)  # type: ignore[attr-defined]
    return not request.wait_to_send  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@takes_files_of(_may_send, page=NOT_READ)
@for_citizens()
def send(request: HttpRequest, code: str) -> HttpResponseBase:
    """Asks for files, or takes them. Not there where citizens send none."""
    if not settings.CITIZENS_MAY_UPLOAD:
        raise Http404
    if request.method != "POST":
        return of_mine(_page)(request, code)
    who = sessions.current(request)
    if who is None:
        return render(request, NOT_READ, status=403)
    return of_mine(partial(_send, who=who))(request, code)


def _send(request: HttpRequest, found: lookup.Full, *, who: CitizenSession) -> HttpResponse:
    if wait := getattr(request, "wait_to_send", 0):
        said = say("citizen_papers_often", {"minutes": -(-wait // 60)})
        response = _page(request, found, refused=said, status=429)
        response["Retry-After"] = str(wait)
        return response
    if found.dossier.state != State.AWAITING_PAPERS:
        return _page(request, found, refused=say("citizen_papers_not_awaited"), status=409)
    new = 0
    form = SendPapersForm(
        request.POST,
        request.FILES,
        waiting=_waiting(found),
        back=len(desk.taken_back(found.dossier)),
    )
    if form.is_valid():
        kept, problems = _kept(who, found, form.cleaned_data["file"])
        try:
            new = _taken(who, found, kept)
        except DomainError as error:
            return _page(request, found, refused=in_letters(error.code, error.data), status=409)
        if not problems:
            return redirect("citizens:papers", code=found.dossier.code)
        for one in problems:
            form.add_error("file", one)
    return _page(request, found, form=form, is_part=new > 0, status=422)


def _page(
    request: HttpRequest,
    found: lookup.Full,
    *,
    form: SendPapersForm | None = None,
    refused: str = "",
    is_part: bool = False,
    status: int = 200,
) -> HttpResponse:
    """`is_part`: some of what was sent was taken."""
    dossier = found.dossier
    waits, sent = dossier.state == State.AWAITING_PAPERS, desk.shown(dossier)
    context: dict[str, Any] = {
        "found": found,
        "dossier": dossier,
        "sent": sent,
        "own": desk.own_of(sent) if sent is not None else (),
        "taken_back": desk.taken_back(dossier),
        "back": reverse("citizens:one", args=[dossier.code]),
        "now": timezone.now(),
        "is_part": is_part,
        "refused": refused if refused or waits else say("citizen_papers_over"),
        "form": form or (SendPapersForm() if waits and not refused else None),
    }
    return render(request, PAGE, context, status=status)


def _waiting(found: lookup.Full) -> int:
    shown = desk.shown(found.dossier)
    return len(shown.files) if shown is not None else 0


def _kept(
    who: CitizenSession, found: lookup.Full, files: Iterable[UploadedFile[Any]]
) -> tuple[list[Kept], list[str]]:
    """Each by itself: of several good ones none is lost because another is not taken."""
    kept, problems = [], []
    for upload in files:
        try:
            kept.append(keep(upload, name=upload.name or ""))
        except DomainError as error:
            problems.append(in_letters(error.code, error.data))
            if error.code == "file_infected":
                seen = {found.dossier.pk: found.dossier.agency_id}
                access_named(str(who.citizen), AccessKind.DENIED, "dossier", seen, "tệp có mã độc")
    return kept, problems


def _taken(who: CitizenSession, found: lookup.Full, kept: list[Kept]) -> int:
    """How many are new; the access log says so beside that the dossier was opened. Errors: those of
    acts.sent.send().
    """
    if not kept:
        return 0
    dossier = found.dossier
    with transaction.atomic():
        new = acts.send(
            dossier.pk,
            kept,
            belongs=lambda one: is_owner(one, who.identity_number),
            at=timezone.now(),
        )
        if new:
            seen = {dossier.pk: dossier.agency_id}
            note(who, seen, f"gửi bổ sung trực tuyến: {new} tệp")
    return new


@require_POST
@for_citizens()
def take_back(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """A file that waits for the counter goes back to its sender."""
    if not settings.CITIZENS_MAY_UPLOAD:
        raise Http404
    who = sessions.current(request)
    if who is None:
        # This address is no page to come back to.
        return redirect("citizens:one", code=code)
    return of_mine(partial(_take_back, who=who, pk=pk), notes=False)(request, code)


def _take_back(
    request: HttpRequest, found: lookup.Full, *, who: CitizenSession, pk: int
) -> HttpResponse:
    """Twice is once: where it is gone already, the page says so."""
    dossier = found.dossier
    try:
        with transaction.atomic():
            is_back = acts.take_back(
                dossier.pk,
                pk,
                belongs=lambda one: is_owner(one, who.identity_number),
                at=timezone.now(),
            )
            if is_back:
                note(who, {dossier.pk: dossier.agency_id}, f"lấy lại tệp {pk} đã gửi bổ sung")
    except DomainError as error:
        return _page(request, found, refused=in_letters(error.code, error.data), status=409)
    return redirect("citizens:papers", code=dossier.code)
