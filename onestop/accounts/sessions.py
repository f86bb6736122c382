"""Pages stay usable while somebody else writes for long: what is only noted in a session may wait."""

import logging
from contextlib import nullcontext

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from onestop.patience import short_wait

logger = logging.getLogger(__name__)


class ReadingSessionMiddleware(SessionMiddleware):
    """Django's, but a known session that cannot be saved costs no answer: after a GET it is not
    even waited for long.

    At worst its idle clock starts at the page before. A new session (signing in) must be saved, or
    nobody is signed in.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if not request.session.modified:
            return super().process_response(request, response)
        before = request.session.session_key
        known = before is not None and request.COOKIES.get(settings.SESSION_COOKIE_NAME) == before
        try:
            with short_wait() if known and request.method in ("GET", "HEAD") else nullcontext():
                return super().process_response(request, response)
        except (OperationalError, InterfaceError, SessionInterrupted) as error:
            # Django takes whatever the database says for a session that was deleted meanwhile.
            busy = _busy(error)
            if busy is None or not known:
                raise (busy or error) from error
            logger.warning("session not noted", extra={"error": type(busy).__name__})
            return response


def _busy(error: BaseException | None) -> OperationalError | InterfaceError | None:
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError):
            return error
        error = error.__cause__ or error.__context__
    return None
