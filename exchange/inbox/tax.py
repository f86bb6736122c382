"""What the tax authority says of a dossier through a portal: what is to be paid for land, or that it was
paid (control-and-online 6.4). It is held for the counter, whose acts say by which basis and until which
day is waited (dossiers/acts/payment.py): a message says neither, and stops or starts no clock by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dossiers.models import Dossier
from dossiers.states import State
from exchange.inbox.flagging import hold
from onestop.templatetags.formatting import money
from onestop.texts import whole_number

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from exchange.inbox.places import Told
    from exchange.models import Door, Message

NOTICE, PROOF = "nhanthongbaothuedat", "nhanchungtuthuedat"
SERVICES = frozenset({NOTICE, PROOF})
UNSAID = "không ghi"
# More is no sum of money.
MOST_SUM = 10**15 - 1


def is_tax(service: str) -> bool:
    return service.lower() in SERVICES


def is_proof(service: str) -> bool:
    """Whether it says that something was paid."""
    return service.lower() == PROOF


def codes_of(door: Door, codes: list[str]) -> set[str]:
    """Which of these are codes of dossiers that the door may speak of. One query, none for none."""
    return set(_dossiers_of(door, codes).values_list("code", flat=True)) if codes else set()


def _dossiers_of(door: Door, codes: list[str]) -> QuerySet[Dossier]:
    """Received on line or not."""
    rows = Dossier.objects.filter(code__in=codes).exclude(state=State.VOIDED)
    if (top := door.source.agency) is not None:
        rows = rows.filter(received_by_agency__path__startswith=top.path)
    return rows


def take(message: Message, told: Told) -> None:
    """It waits for the counter of its dossier, with its hours; not saved."""
    rows = _dossiers_of(message.door, [message.foreign_code])
    dossier = rows.select_related("received_by_agency").first()
    if dossier is None:
        hold(message, [{"code": "missing_no_dossier", "data": {"given": message.foreign_code}}])
        return
    message.agency = dossier.received_by_agency
    if is_proof(message.service):
        hold(message, [{"code": "missing_tax_proof", "data": _paid(told)}])
    else:
        hold(message, [{"code": "missing_tax_notice", "data": {}}])


def _paid(told: Told) -> dict[str, Any]:
    """As it says so: nobody knows what its words for how the payment stands mean."""
    amount = told.text("tax_amount", 40)
    if (number := whole_number(amount, most=MOST_SUM)) is not None:
        amount = money(number)
    names = {"notice": "tax_notice", "at": "paid_at", "stand": "tax_stand"}
    return {"amount": amount or UNSAID} | {
        key: told.text(name, 100) or UNSAID for key, name in names.items()
    }
