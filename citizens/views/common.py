"""What every page of signed-in citizens has in common."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from citizens.provider import Away, is_connected
from dossiers.views.throttle import Limit
from onestop.accounts.access import client_address
from onestop.errors import DomainError, say, sentence

logger = logging.getLogger(__name__)
PAGES = Limit("citizens", times=60, seconds=60)

View = Callable[..., HttpResponseBase]
_STATUS = {
    "citizen_provider_away": 503,
    "citizen_often": 429,
    "citizen_acr": 403,
    "citizen_kind": 403,
    "citizen_level": 403,
    "citizen_number": 403,
    "citizen_organisation": 403,
}


def for_citizens(limit: Limit = PAGES) -> Callable[[View], View]:
    """Not there at all until the office has connected a provider; throttled per address; nothing of
    it is indexed.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not is_connected():
                raise Http404
            wait = limit.spend(client_address(request))
            response: HttpResponseBase = (
                _wait(request, wait) if wait else view(request, *args, **kwargs)
            )
            response["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return answer

    return decorate


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Why, and what to do now. What exactly was wrong with an answer is for the log alone."""
    why = error.why if isinstance(error, Away) else error.data.get("why", "")
    logger.warning("citizen not signed in", extra={"code": error.code, "why": str(why)[:100]})
    return _page(request, sentence(error), _STATUS.get(error.code, 400))


def _wait(request: HttpRequest, seconds: int) -> HttpResponse:
    said = say("citizen_often", {"minutes": -(-seconds // 60)})
    response = _page(request, said, 429)
    response["Retry-After"] = str(seconds)
    return response


def _page(request: HttpRequest, said: str, status: int) -> HttpResponse:
    return render(request, "citizens/refused.html", {"said": said}, status=status)
