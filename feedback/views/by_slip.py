"""`/tra-cuu/<mã>/danh-gia/`: a rating by who holds the slip. No session, no cookie, no script.

Officers print slips and can read their secret, so nothing that was answered is shown for it: only the
page after a rating has the key with which it may be changed.
"""

from __future__ import annotations

import secrets
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from dossiers.desk import lookup
from dossiers.reading_codes import normal_code
from dossiers.views.lookup import private, with_secret
from feedback.rating import by_slip, is_own
from feedback.views.asking import rated

CHANGING = "sua"


@csrf_exempt  # public pages have no cookie; who does not know the dossier's secret does nothing here
@require_http_methods(["GET", "HEAD", "POST"])
@private
def rate(request: HttpRequest, code: str) -> HttpResponseBase:
    return with_secret(request, normal_code(code), _page)


def _page(request: HttpRequest, found: lookup.Full) -> HttpResponse:
    code, secret = found.dossier.code, request.GET["k"]
    key = request.GET.get(CHANGING, "")[:100]
    # Who rates anew gets a key of ours, before it is written: that in the address may be known to whoever
    # handed the address out.
    if request.method == "POST" and not is_own(found.dossier.pk, by_slip(key)):
        key = secrets.token_urlsafe(16)
    return rated(
        request,
        found,
        by=by_slip(key),
        back=f"{reverse('lookup_show', args=[code])}?{urlencode({'k': secret})}",
        here=_here(code, k=secret, sua=key),
    )


def _here(code: str, **more: str) -> str:
    return f"{reverse('lookup_rate', args=[code])}?{urlencode(more)}"
