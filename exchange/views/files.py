"""`/trao-doi/tep/<sha256>/`: where a peer fetches what it was told of, by the address it was told."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.models import Dossier
from dossiers.states import State
from dossiers.views.throttle import Limit
from exchange.outbox import linking
from exchange.outbox.beside import Beside
from onestop.accounts.access import access_named, client_address
from onestop.accounts.models import AccessKind
from onestop.errors import DomainError
from onestop.files.responses import serve

# Of strangers who guess; of a peer that fetches.
WRONG = Limit("exchange-file-address", times=30, seconds=60)
FETCHED = Limit("exchange-file", times=1200, seconds=60)
DETAIL = "tệp, theo liên kết đã báo nơi nhận"


@require_safe
def file(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """Only a paper of that dossier, or a file of its result as it counts now: what was corrected or taken
    back since is given to nobody. Whatever else is asked for is not there.
    """
    found = linking.opened(sha256, request.GET.dict(), timezone.now())
    if found is None:
        if wait := WRONG.spend(client_address(request)):
            return _often(wait)
        raise Http404
    peer, pk = found
    if wait := FETCHED.spend(peer.code):
        return _often(wait)
    rows = Dossier.objects.exclude(state=State.VOIDED).select_related("version")
    dossier = rows.defer("secret", "salt").filter(pk=pk).first()
    if dossier is None:
        raise Http404
    given = {one.sha256: one for one in Beside.of([dossier]).open_files(dossier)}
    if sha256 not in given:
        raise Http404
    about = {dossier.pk: dossier.agency_id}
    access_named(peer.name, AccessKind.DOWNLOADED, "dossier", about, DETAIL)
    try:
        return serve(given[sha256])
    except DomainError:
        # Damaged, or lost: the agency was told of it.
        return HttpResponse(status=410)


def _often(wait: int) -> HttpResponse:
    response = HttpResponse(status=429)
    response["Retry-After"] = str(wait)
    return response
