"""What is said to a provider of electronic receipts, and what it may answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Letter:
    """One receipt as the provider issues it (R-124). `replaces`: the provider's number of the receipt
    that was voided before it for the same dossier, "" where there is none.
    """

    key: str
    form_symbol: str
    symbol: str
    number: str
    name: str
    tax_code: str
    payer: str
    content: str
    fee: int
    charge: int
    way: str
    relief: str
    proof: str
    taken_at: datetime
    taken_by: str
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Issued:
    """The provider's answer; the same whether it issued it now or had it already."""

    number: str
    link: str
    lookup_code: str


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Money of a receipt that was paid back: so much of it, so much is `left`. `key`: ours, of this
    refund.
    """

    key: str
    amount: int
    left: int
    reason: str
    paid_back_at: datetime


class Refused(Exception):
    """The provider will not, however often it is asked; its words."""


class Away(Exception):
    """No answer, or one that says nothing: it is asked again."""


class Provider(Protocol):
    def issue(self, letter: Letter) -> Issued:
        """Errors: Refused, Away."""

    def void(self, key: str, reason: str) -> None:
        """One that was voided already is voided. Errors: Refused, Away."""

    def adjust(self, key: str, adjustment: Adjustment) -> None:
        """One that was told already counts once. Errors: Refused, Away."""


def provider() -> Provider | None:
    """The one that this installation talks to, made by settings.E_RECEIPT_PROVIDER; None where it has
    none: numbers and links are then typed by hand.
    """
    if not settings.E_RECEIPT_URL:
        return None
    made: Provider = import_string(settings.E_RECEIPT_PROVIDER)()
    return made
