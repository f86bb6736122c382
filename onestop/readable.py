"""What no request of ours can be: one that holds a NUL, or is written in another alphabet of bytes
than UTF-8.
"""

from collections.abc import Callable, Iterable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import UnreadablePostError

from onestop.uploads import too_large

NUL = "\x00"


class ReadableOnly:
    """Middleware: such a request gets the page of code 400, before any view reads it.

    PostgreSQL can hold no NUL and its driver says so in an error that quotes what was typed:
    nothing with a NUL comes near it, read by a form or not. What is refused is never named, so that
    no log learns it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # A body in "utf-7" or "unicode_escape" would bring in halves of characters, "base64" ends
        # in an exception.
        if (request.encoding or "utf-8").lower() not in ("utf-8", "utf8"):
            raise BadRequest("not in UTF-8")
        if NUL in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL in the address")
        # A quoted cookie spells its NUL "\000".
        if _holds_nul(request.COOKIES.values()):
            raise BadRequest("NUL in a cookie")
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """What was sent, once it is known that somebody here reads it. Too much of it is not read
        at all.
        """
        if (refused := too_large(request, view)) is not None:
            return refused
        try:
            sent = request.POST
        except UnreadablePostError as error:
            raise BadRequest("the body broke off") from error
        for name, values in sent.lists():
            if NUL in name or _holds_nul(values):
                raise BadRequest("NUL in a field")
        return None


def _holds_nul(texts: Iterable[object]) -> bool:
    return any(NUL in text for text in texts if isinstance(text, str))
