"""Where a citizen is signed in: a session of its own kind.

Its cookie is sent to `/cua-toi/` only and names a row of `CitizenSession`; officers' sessions are
another cookie and another table, so that neither ever opens what is the other's.
"""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from citizens.models import Citizen, CitizenSession, SignIn
from onestop.patience import short_wait

COOKIE, BROWSER_COOKIE = "cong_dan", "cong_dan_vao"
# Whatever is done in it, a session ends so long after the sign-in; telephones are lent.
LONGEST = timedelta(hours=2)
# Ends are put off at most so often: a page is a reading, not a writing.
NOTE_EVERY = timedelta(minutes=1)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def begin(citizen: Citizen, *, name: str, identity_number: str, at: datetime) -> str:
    """A new session; its key, which stands nowhere but in the browser."""
    key = secrets.token_urlsafe(32)
    CitizenSession.objects.create(
        key=digest(key),
        citizen=citizen,
        name=name[:200],
        identity_number=identity_number,
        began_at=at,
        ends_at=at + _idle(),
    )
    return key


def current(request: HttpRequest) -> CitizenSession | None:
    """Whose browser this is, if anybody's; one query, and once a minute another one."""
    key = request.COOKIES.get(COOKIE, "")
    if not key:
        return None
    now = timezone.now()
    rows = CitizenSession.objects.filter(key=digest(key), ends_at__gt=now)
    found = rows.select_related("citizen").first()
    if found is None or found.citizen.issuer != settings.CITIZEN_OIDC_ISSUER:
        return None
    ends = min(now + _idle(), found.began_at + LONGEST)
    if ends - found.ends_at >= NOTE_EVERY:
        with suppress(OperationalError), short_wait():
            CitizenSession.objects.filter(pk=found.pk).update(ends_at=ends)
    return found


def end(request: HttpRequest) -> None:
    key = request.COOKIES.get(COOKIE, "")
    if key:
        CitizenSession.objects.filter(key=digest(key)).delete()


def purge(now: datetime) -> int:
    """Sessions that are over go, with what they hold of a person, and sign-ins without an answer."""
    gone, _ = CitizenSession.objects.filter(ends_at__lte=now).delete()
    return gone + SignIn.objects.filter(ends_at__lte=now).delete()[0]


def give(response: HttpResponse, name: str, value: str, seconds: int | None = None) -> None:
    """A cookie that no script reads and no other page of ours is sent."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=reverse("citizens:mine"),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def take(response: HttpResponse, name: str) -> None:
    response.delete_cookie(name, path=reverse("citizens:mine"), samesite="Lax")


def _idle() -> timedelta:
    return timedelta(minutes=settings.IDLE_MINUTES)
