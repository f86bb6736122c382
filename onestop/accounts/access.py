"""Writing the access log: one function, at most one reading a page (R-137, R-144)."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from onestop.accounts.models import AccessEvent, AccessKind, Officer

READING = frozenset({AccessKind.VIEWED, AccessKind.SEARCHED, AccessKind.PRINTED, AccessKind.DOWNLOADED, AccessKind.LOG_VIEWED})


def access(
    who: HttpRequest | Officer,
    kind: AccessKind,
    object_kind: str = "",
    object_id: int | None = None,
    detail: str = "",
    *,
    username: str = "",
) -> AccessEvent | None:
    """Appends one line to the access log and returns it.

    `who` is the request (source address and browser are taken from it) or, in tasks and commands, the officer.
    Reading a page is written once a request: a second reading on the same request returns None.
    Personal data of citizens never goes into `detail`. One INSERT, no other query.
    """
    request = who if isinstance(who, HttpRequest) else None
    officer = _officer(who)
    if request is not None and kind in READING:
        if getattr(request, "reading_logged", False):
            return None
        request.reading_logged = True  # type: ignore[attr-defined]
    return AccessEvent.objects.create(
        at=timezone.now(),
        kind=kind,
        officer=officer,
        agency_id=officer.agency_id if officer is not None else None,
        username=(officer.username if officer is not None else username)[:60],
        address=client_address(request) if request is not None else "",
        user_agent=request.headers.get("User-Agent", "")[:200] if request is not None else "",
        object_kind=object_kind[:30],
        object_id=object_id,
        detail=detail[:300],
    )


def client_address(request: HttpRequest) -> str:
    """The address of the other end; behind `TRUSTED_PROXIES` reverse proxies, the entry the outermost of them wrote."""
    proxies = int(getattr(settings, "TRUSTED_PROXIES", 0))
    if proxies:
        chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        if len(chain) >= proxies:
            return chain[-proxies][:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def _officer(who: HttpRequest | Officer) -> Officer | None:
    if isinstance(who, Officer):
        return who
    user = getattr(who, "user", None)
    return user if user is not None and user.is_authenticated else None
