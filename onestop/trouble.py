"""What is no fault of the page: a database that does not answer or is locked, a disk that is full,
a store of files that is away, a file that is gone.

The answer is a sentence, not "500". What was typed goes with it: a form that was sent is kept in
the page, to be sent again.
"""

import errno
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.views.defaults import server_error as plain_server_error

from onestop import versions
from onestop.errors import DomainError, say, sentence
from onestop.stores import StoreAway

logger = logging.getLogger(__name__)
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG})
# Kept files whose content can no longer be given out.
GONE = frozenset({"file_missing", "file_changed", "file_unreadable"})
# More fields than any form of ours has are not worth keeping.
MOST_FIELDS = 2000


class NewerDatabaseMiddleware:
    """Before anything asks the database: one that was migrated under this program is not used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not versions.watch.seen():
            return self.get_response(request)
        with suppress(Resolver404):
            asked = resolve(request.path_info)
            if hasattr(asked.func, "answers_anyway"):
                return self.get_response(request)
            if "accounts" in asked.app_names:
                # Its views have not been reached, which would say that this form has a password.
                request.sensitive_post_parameters = "__ALL__"  # type: ignore[attr-defined]
        return page(request, 503, say("database_newer"))


class TroubleMiddleware:
    """The last one: asked first when a view fails. What fails above it comes to `server_error`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        found = understood(error)
        if found is None:
            return None
        logger.error("trouble", extra={"error": type(error).__name__, "status": found[0]})
        return page(request, *found)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """handler500: Django calls it while it handles the exception, from whatever layer that came."""
    error = sys.exc_info()[1]
    found = understood(error) if error is not None else None
    return page(request, *found) if found is not None else plain_server_error(request)


def understood(error: BaseException) -> tuple[int, str] | None:
    """Status and sentence for this exception; None when nobody can say more than that something
    broke.
    """
    if isinstance(error, DomainError):
        return (410 if error.code in GONE else 409), sentence(error)
    if isinstance(error, DatabaseError) and versions.watch.look():
        # A table or a column that is no more as we know it: migrated since we asked last.
        return 503, say("database_newer")
    for one in _chain(error):
        if is_full(one):
            return 503, say("disk_full")
        if isinstance(one, StoreAway):
            return 503, say("store_away")
    if isinstance(error, OperationalError | InterfaceError) and not str(error).startswith(
        "no such "
    ):
        return 503, say("database_busy")
    return None


def is_full(error: BaseException) -> bool:
    """A disk takes nothing more, whether the system or a database says so."""
    if isinstance(error, OSError):
        return error.errno in FULL
    return isinstance(error, OperationalError) and (
        "disk is full" in str(error)
        or getattr(error.__cause__, "sqlstate", "") == "53100"
        or "readonly database" in str(error)
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(5):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def page(request: HttpRequest, status: int, why: str) -> HttpResponse:
    """Drawn without database and session; a form that was sent is in it, but for passwords and
    files.
    """
    fields, files = _sent(request)
    context = {
        "why": why,
        "status": status,
        "fields": fields,
        "files": files,
        "again": request.get_full_path(),
        "method": request.method,
    }
    response = HttpResponse(render_to_string("trouble.html", context), status=status)
    response["Cache-Control"] = "no-store"
    if status == 503:
        response["Retry-After"] = "10"
    return response


def _sent(request: HttpRequest) -> tuple[list[tuple[str, str]], bool]:
    if request.method != "POST" or getattr(request, "sensitive_post_parameters", None):
        return [], False
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
        return fields[:MOST_FIELDS], bool(request.FILES)
    except Exception:  # a body that cannot be read a second time
        return [], False
