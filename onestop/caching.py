"""What a browser or a proxy may keep: nothing, except the pages that say so and are read by nobody
in particular.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import cache_control
from django.views.decorators.vary import vary_on_cookie

Answer = Callable[[HttpRequest], HttpResponseBase]
View = Callable[..., HttpResponseBase]

NOWHERE = "private, no-store"
# A citizen who goes back and forth in the catalogue; a change shows soon enough.
PUBLIC_SECONDS = 5 * 60


def kept_nowhere(answer: Answer) -> Answer:
    """Middleware: an answer stays in no cache, the browser's memory for "Back" included, whatever
    its status or kind. After signing out nobody sees it again.

    Only a page that declares another rule (`kept_a_while`) keeps it, and only for a visitor without
    a session: an officer's copy of the same page has the officer's name on it.
    """

    def answered(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        declared = response.has_header("Cache-Control")
        signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
        if signed_in or not declared:
            response["Cache-Control"] = NOWHERE
        return response

    return answered


def kept_a_while(view: View) -> View:
    """A page that is the same for every visitor who has not signed in: it may be kept for a short
    time.
    """
    return cache_control(public=True, max_age=PUBLIC_SECONDS)(vary_on_cookie(view))
