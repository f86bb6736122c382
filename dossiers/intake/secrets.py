"""The secret on the slip: 128 bits, kept encrypted, compared in constant time, never in a log or a
snapshot.
"""

from __future__ import annotations

import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.urls import reverse

from dossiers.models import Dossier


def _fernet() -> Fernet:
    return Fernet(settings.LOOKUP_KEY.encode())


def new_secret() -> tuple[str, bytes]:
    """A fresh secret: the text for the slip and the bytes to store."""
    text = secrets.token_urlsafe(16)
    return text, _fernet().encrypt(text.encode())


def secret_of(dossier: Dossier) -> str:
    """The secret as printed. Errors: InvalidToken when the key of this machine is not the one it
    was stored under.
    """
    return _fernet().decrypt(bytes(dossier.secret)).decode()


def matches(dossier: Dossier, given: str) -> bool:
    """Whether the given secret is the dossier's; constant time, False for anything unreadable."""
    try:
        return hmac.compare_digest(secret_of(dossier).encode(), given.encode())
    except InvalidToken:
        return False


def lookup_url(dossier: Dossier) -> str:
    """The address that the QR on the slip carries."""
    page = reverse("lookup_show", args=[dossier.code])
    return f"{settings.PUBLIC_URL}{page}?k={secret_of(dossier)}"
