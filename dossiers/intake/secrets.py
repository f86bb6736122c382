"""The secret on the slip: 128 bits, kept encrypted, compared in constant time, never in a log or a
snapshot.
"""

from __future__ import annotations

import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.urls import reverse

from dossiers.intake.readable_secrets import is_written, readings, written
from dossiers.models import Dossier


def _fernet() -> Fernet:
    return Fernet(settings.LOOKUP_KEY.encode())


def new_secret() -> tuple[str, bytes]:
    """A fresh secret: the text for the slip and the bytes to store."""
    text = written(secrets.token_bytes(16))
    return text, _fernet().encrypt(text.encode())


def secret_of(dossier: Dossier) -> str:
    """The secret as printed. Errors: InvalidToken when the key of this machine is not the one it
    was stored under.
    """
    return _fernet().decrypt(bytes(dossier.secret)).decode()


def matches(dossier: Dossier, given: str) -> bool:
    """Whether the given secret is the dossier's, as typed or scanned; constant time, False for
    anything unreadable. One of the earlier writing (22 signs) is met letter by letter.
    """
    try:
        secret = secret_of(dossier)
    except InvalidToken:
        return False
    meant = readings(given) if is_written(secret) else ["".join(given.split())]
    # All of them, whichever fits first.
    return sum(hmac.compare_digest(secret.encode(), one.encode()) for one in meant) > 0


def lookup_page() -> str:
    """Where a code of a paper that lists many dossiers is looked up."""
    return f"{settings.PUBLIC_URL}{reverse('lookup')}"


def lookup_url(dossier: Dossier) -> str:
    """The address that the QR on the slip carries."""
    page = reverse("lookup_show", args=[dossier.code])
    return f"{settings.PUBLIC_URL}{page}?k={secret_of(dossier)}"
