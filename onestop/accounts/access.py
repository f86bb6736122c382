"""Writing the access log: one function, at most one reading a page (R-137, R-144)."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest
from django.utils import timezone

from onestop.accounts import traces
from onestop.accounts.models import AccessEvent, AccessKind, Officer
from onestop.patience import short_wait
from onestop.texts import in_one_line

logger = logging.getLogger(__name__)

# Source address and browser of the request that is being answered; empty in tasks and commands.
_origin: ContextVar[tuple[str, str]] = ContextVar("access_origin", default=("", ""))

READING = frozenset(
    {
        AccessKind.VIEWED,
        AccessKind.SEARCHED,
        AccessKind.PRINTED,
        AccessKind.DOWNLOADED,
        AccessKind.LOG_VIEWED,
        AccessKind.CITIZEN_VIEWED,
    }
)
# What need not be in the database at once; a refusal changes nothing either.
MAY_WAIT = READING | {AccessKind.DENIED}


def access(
    who: HttpRequest | Officer | None,
    kind: AccessKind,
    object_kind: str = "",
    object_id: int | None = None,
    detail: str = "",
    *,
    username: str = "",
    about: int | None = None,
) -> AccessEvent | None:
    """Appends one line to the access log and returns it.

    `who` is the request or the officer who acts (domain verbs have no request: address and browser
    are remembered by
    `origin_of`, which SignedInMiddleware opens around every request). Reading is written once a
    request when `who` is the request: a second reading returns None. Personal data of citizens
    never goes into `detail`. `about`: id of the agency whose matter it is, when that may be another
    one than the officer's own. One INSERT, no other query.
    """
    request = who if isinstance(who, HttpRequest) else None
    if request is not None and kind in READING:
        if getattr(request, "reading_logged", False):
            return None
        request.reading_logged = True  # type: ignore[attr-defined]
    event = _event(who, kind, object_kind, object_id, detail, username)
    event.about_id = about if about != event.agency_id else None
    _write([event])
    return event


def access_each(
    request: HttpRequest,
    kind: AccessKind,
    object_kind: str,
    object_ids: Iterable[int],
    detail: str = "",
) -> None:
    """One line for each of several objects that one page shows; one INSERT, instead of the one line
    of `access`.
    """
    if not getattr(request, "reading_logged", False):
        request.reading_logged = True  # type: ignore[attr-defined]
        _write([_event(request, kind, object_kind, pk, detail) for pk in object_ids])


def access_named(
    who: str,
    kind: AccessKind,
    object_kind: str = "",
    objects: Mapping[int, int | None] | None = None,
    detail: str = "",
) -> None:
    """The same of somebody without an account here, who is called `who`, whichever officer is signed
    in in that browser. One line; with `objects` (id: id of the agency whose matter it is, if it is anybody's) one for
    each. Inside `origin_of`; one INSERT.
    """
    lines = []
    for pk, about in (objects or {}).items():
        event = _event(None, kind, object_kind, pk, detail, who)
        event.about_id = about
        lines.append(event)
    if lines or objects is None:
        _write(lines or [_event(None, kind, object_kind, None, detail, who)])


def _write(events: list[AccessEvent]) -> None:
    """One INSERT. Reading needs no act of the database: while it is locked its lines wait on the
    disk (onestop.accounts.traces).
    """
    if connection.in_atomic_block or not all(event.kind in MAY_WAIT for event in events):
        _insert(events)
        return
    try:
        with short_wait():
            _insert(events)
    except (OperationalError, InterfaceError):
        traces.keep(events)
    else:
        if traces.waits():
            _write_waiting()


def _insert(events: list[AccessEvent]) -> None:
    if len(events) == 1:
        events[0].save()
    else:
        AccessEvent.objects.bulk_create(events)


def _write_waiting() -> None:
    try:
        with short_wait():
            traces.write()
    except (DatabaseError, OSError) as error:
        logger.warning("access log still behind", extra={"error": type(error).__name__})


def _event(
    who: HttpRequest | Officer | None,
    kind: AccessKind,
    object_kind: str,
    object_id: int | None,
    detail: str,
    username: str = "",
) -> AccessEvent:
    request = who if isinstance(who, HttpRequest) else None
    officer = _officer(who)
    address, user_agent = (
        (client_address(request), browser_of(request)) if request is not None else _origin.get()
    )
    return AccessEvent(
        at=timezone.now(),
        kind=kind,
        officer=officer,
        agency_id=officer.agency_id if officer is not None else None,
        username=(officer.username if officer is not None else username)[:60],
        address=address,
        user_agent=user_agent,
        object_kind=object_kind[:30],
        object_id=object_id,
        detail=detail[:1000],
    )


@contextmanager
def origin_of(request: HttpRequest) -> Iterator[None]:
    """Inside, `access` knows where the request came from."""
    token = _origin.set((client_address(request), browser_of(request)))
    try:
        yield
    finally:
        _origin.reset(token)


def origin_address() -> str:
    """The source address of the request that is being answered; "" in tasks and commands."""
    return _origin.get()[0]


def client_address(request: HttpRequest) -> str:
    """The address of the other end; behind `TRUSTED_PROXIES` reverse proxies, the entry the
    outermost of them wrote.

    What stands before that entry was sent by the client and counts for nothing.
    """
    proxies: int = settings.TRUSTED_PROXIES
    if proxies > 0:
        chain = [
            part.strip()
            for part in request.headers.get("X-Forwarded-For", "").split(",")
            if part.strip()
        ]
        if len(chain) >= proxies:
            return in_one_line(chain[-proxies][:45])
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def browser_of(request: HttpRequest) -> str:
    return in_one_line(request.headers.get("User-Agent", "")[:1000])[:200]


def _officer(who: HttpRequest | Officer | None) -> Officer | None:
    if isinstance(who, Officer):
        return who
    user = getattr(who, "user", None)
    return user if user is not None and user.is_authenticated else None
