"""What a security key has to sign: made for one session and one purpose, good once and for minutes."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from onestop.instants import SKEW

LIFETIME = timedelta(minutes=10)
ENROL, STEP = "enrol", "step"
_KEY = "key_challenge"


def ask(request: HttpRequest, purpose: str, at: datetime) -> bytes:
    """A fresh one, in place of the one that this session was asked before."""
    challenge = secrets.token_bytes(32)
    request.session[_KEY] = [purpose, urlsafe_base64_encode(challenge), int(at.timestamp())]
    return challenge


def take(request: HttpRequest, purpose: str, at: datetime) -> bytes | None:
    """The one that was asked, which is gone by this, whatever is made of it; None when there is
    none of this purpose or it is too old. With the officer's row locked: read from the database
    again, so that of two requests with one answer one finds it.
    """
    if request.session.pop(_KEY, None) is None:
        return None
    asked = type(request.session)(request.session.session_key).get(_KEY)
    if asked is None:
        return None
    request.session.save()
    before, challenge, since = asked
    age = timedelta(seconds=int(at.timestamp()) - since)
    return (
        urlsafe_base64_decode(challenge) if before == purpose and -SKEW <= age <= LIFETIME else None
    )
