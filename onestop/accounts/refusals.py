"""Refused requests of signed-in officers leave one "denied" line in the access log (R-137, R-144).

Three kinds: a page whose role the officer has not (403), an object that exists and is not the
officer's (404), an act that a rule denied (whatever the page then answered). Only a refused request
pays for it; strangers, mistyped addresses and forms with mistakes leave nothing.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from onestop.accounts import hooks
from onestop.accounts.access import access
from onestop.accounts.desk import Desk
from onestop.accounts.domain.telling import tell_virus
from onestop.accounts.models import AccessKind

# What viruses were found in files while this request was answered: signature and name of each.
_infected: ContextVar[list[tuple[str, str]] | None] = ContextVar("infected", default=None)
# Codes of rules that denied something while this request was answered.
_denied: ContextVar[list[str] | None] = ContextVar("denied", default=None)


def begin() -> None:
    """A new request: nothing was denied yet."""
    _denied.set([])
    _infected.set([])


def note(*, code: str, **_: object) -> None:
    """A rule said no and somebody raised it."""
    noted = _denied.get()
    if noted is not None:
        noted.append(code)


def note_virus(*, signature: str, name: str, **_: object) -> None:
    """A file that came with this request was refused for what is in it."""
    noted = _infected.get()
    if noted is not None:
        noted.append((signature, name))


def tell_viruses(request: HttpRequest) -> None:
    """The administrators are told whose files they were; each once a day."""
    for signature, name in _infected.get() or []:
        if request.user.is_authenticated:
            tell_virus(request.user, signature, name, at=timezone.now())


def log_refusal(request: HttpRequest, response: HttpResponseBase) -> None:
    """Writes the line, if the answer to an officer was a refusal."""
    match = request.resolver_match
    if match is None or not request.user.is_authenticated:
        return
    noted = _denied.get() or []
    if request.method in ("GET", "HEAD"):
        # A page that was opened and says why an act is not possible has its line as a reading.
        refused = response.status_code in (403, 404) and not getattr(
            request, "reading_logged", False
        )
    else:
        refused = response.status_code in (403, 404) or bool(noted)
    if not refused:
        return
    is_missing = response.status_code == 404
    kind, pk = _object(match.kwargs, match.view_name, request.desk if is_missing else None)  # type: ignore[attr-defined]
    if is_missing and pk is None:
        return  # nothing stands there that is kept from this officer
    detail = f"{request.method} {request.path[:200]}" + (f": {noted[0]}" if noted else "")
    access(request, AccessKind.DENIED, kind, pk, detail)


def _object(
    arguments: dict[str, Any], view: str, hidden_from: Desk | None
) -> tuple[str, int | None]:
    """The object that the address names, as the apps above know it."""
    if not arguments:
        return "", None
    asked = {"arguments": arguments, "view": view, "hidden_from": hidden_from}
    answers: list[tuple[Any, Any]] = hooks.object_of_address.send(sender=HttpRequest, **asked)
    return next((found for _, found in answers if found is not None), ("", None))
