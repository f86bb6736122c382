"""Whatever is refused under `/api/v1/` before one of its questions is reached, in the one shape of all
refusals (docs/api.md): another program reads no page.
"""

import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from onestop.errors import say

HERE = "/api/v1/"
CODES = {404: "api_missing", 405: "api_read_only"}


def as_json(answer: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Middleware, around all that may answer with a page: an address that is not there, a method
    that is not taken, a request that nobody reads, a fault of ours.
    """

    def answered(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        if (
            response.status_code >= 400
            and request.path_info.startswith(HERE)
            and isinstance(response, HttpResponse)
            and not response.headers.get("Content-Type", "").startswith("application/json")
        ):
            _say(response)
        return response

    return answered


def _say(response: HttpResponse) -> None:
    """Status and headers, as `Allow` and `Retry-After`, stay what they are."""
    other = "api_trouble" if response.status_code >= 500 else "api_malformed"
    code = CODES.get(response.status_code, other)
    told = {"code": code.removeprefix("api_"), "detail": say(code)}
    response.content = json.dumps(told, ensure_ascii=False).encode()
    response["Content-Type"] = "application/json; charset=utf-8"
    response["Content-Length"] = str(len(response.content))
