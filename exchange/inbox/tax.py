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

if TYPE_CHECKING:
    from exchange.inbox.places import Told
    from exchange.models import Door, Message

NOTICE, PROOF = "nhanthongbaothuedat", "nhanchungtuthuedat"
SERVICES = frozenset({NOTICE, PROOF})
UNSAID = "không ghi"
# More digits are no sum of money.
MOST_DIGITS = 15


def is_tax(service: str) -> bool:
    return service.lower() in SERVICES


def is_proof(service: str) -> bool:
    """Whether it says that something was paid."""
    return service.lower() == PROOF


def dossier_of(door: Door, code: str) -> Dossier | None:
    """The dossier of this code that the door may speak of, received on line or not. One query."""
    rows = Dossier.objects.filter(code=code).exclude(state=State.VOIDED)
    if (top := door.source.agency) is not None:
        rows = rows.filter(received_by_agency__path__startswith=top.path)
    return rows.select_related("received_by_agency").first()


def take(message: Message, told: Told) -> None:
    """It waits for the counter of its dossier, with its hours; not saved."""
    dossier = dossier_of(message.door, message.foreign_code)
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
    if amount.isascii() and amount.isdecimal() and len(amount) <= MOST_DIGITS:
        amount = money(int(amount))
    names = {"notice": "tax_notice", "at": "paid_at", "stand": "tax_stand"}
    return {"amount": amount or UNSAID} | {
        key: told.text(name, 100) or UNSAID for key, name in names.items()
    }
