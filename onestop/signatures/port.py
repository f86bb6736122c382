"""What is asked of whoever signs: the project's own software token, or a signing service elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Order:
    """A PDF to sign for an agency. `officer`: the account name of who pressed; a service that keeps a
    key for each officer finds it by that.
    """

    pdf: bytes
    agency_code: str
    agency: str
    officer: str
    at: datetime


class Refused(Exception):
    """It will not sign this, or has no key for it; its words."""


class Away(Exception):
    """No answer in time: it may be tried again."""


class Signer(Protocol):
    def has_key(self, agency_code: str, officer: str) -> bool:
        """Whether signing is offered to this officer of this agency at all; no network is asked."""

    def sign(self, order: Order) -> bytes:
        """The signed PDF: the old bytes with one PAdES signature behind them. Errors: Refused, Away."""


def signer() -> Signer | None:
    """The one of this installation, made by settings.SIGN_WITH; None where nothing is signed here."""
    if not settings.SIGN_WITH:
        return None
    made: Signer = import_string(settings.SIGN_WITH)()
    return made
