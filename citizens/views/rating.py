"""`/cua-toi/ho-so/<mã>/danh-gia/`: a rating by the owner who signed in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from citizens import sessions
from citizens.views.common import for_citizens
from citizens.views.mine import of_mine
from dossiers.desk import lookup
from feedback.rating import by_citizen
from feedback.views.asking import rated


@require_http_methods(["GET", "HEAD", "POST"])
@for_citizens()
@of_mine
def rate(request: HttpRequest, found: lookup.Full) -> HttpResponse:
    """The access log tells that the dossier was opened, as for any page of it; not that it was rated."""
    who = sessions.current(request)
    assert who is not None  # of_mine asked
    dossier = found.dossier
    here, back = (reverse(f"citizens:{name}", args=[dossier.code]) for name in ("rate", "one"))
    return rated(
        request,
        found,
        by=by_citizen(who.citizen_id, dossier),
        back=back,
        here=here,
        template="citizens/rate.html",
    )
