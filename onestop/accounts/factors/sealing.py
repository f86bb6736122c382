"""What a factor's proof is made of, encrypted at rest; digests that mean nothing without the key.

Both keys follow from LOOKUP_KEY (HKDF), which stands outside the database and is kept with the
backups already: no further key that can be lost, and none of them opens what another one closed
(docs/adr/0024).
"""

import base64
import hmac

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(secret: bytes) -> bytes:
    return _fernet().encrypt(secret)


def opened(sealed: bytes | memoryview) -> bytes:
    """Errors: InvalidToken when the key of this machine is not the one it was sealed under."""
    return _fernet().decrypt(bytes(sealed))


def digest(text: str) -> str:
    return hmac.new(_key(b"recovery codes"), text.encode(), "sha256").hexdigest()


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key(b"second factors")))


def _key(purpose: bytes) -> bytes:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"motcua " + purpose)
    return made.derive(settings.LOOKUP_KEY.encode())
