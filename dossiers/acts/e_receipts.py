"""Electronic receipts inside the acts of money: the letter to the provider is written with the receipt,
and sent by a worker after the commit (receipts_out/sending.py).
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from dossiers.models.electronic import ElectronicReceipt
from dossiers.models.money import FeeReceipt
from onestop.jobs.nudge import nudge

# The worker's job that tells the provider.
SEND = "dossiers.send_receipt"


def begin(receipt: FeeReceipt, at: datetime) -> None:
    """One that was just given out of an electronic book. One statement; none without a provider."""
    if settings.E_RECEIPT_URL:
        letter = ElectronicReceipt.objects.create(receipt=receipt, next_at=at)
        nudge(SEND, letter.pk)


def void(receipt: FeeReceipt, at: datetime) -> None:
    """One that was just voided here. While the provider is being asked for its number the letter is
    locked or still waits: its sender sees by itself that it is void.
    """
    letter = ElectronicReceipt.objects.select_for_update().filter(receipt=receipt).first()
    if letter is None:
        return
    if letter.stage == ElectronicReceipt.Stage.REFUSED and not letter.number:
        letter.stage, letter.trouble = ElectronicReceipt.Stage.NEVER, ""  # nothing to say any more
        letter.save(update_fields=["stage", "trouble"])
    elif letter.stage == ElectronicReceipt.Stage.ISSUED:
        _says(letter, ElectronicReceipt.Stage.VOIDING, at)


def refund(receipt: FeeReceipt, at: datetime) -> None:
    """Money of one that was just paid back. One that has no number yet, or whose earlier refund is on
    its way or was refused, is told of this one after that.
    """
    letter = ElectronicReceipt.objects.select_for_update().filter(receipt=receipt).first()
    if letter is not None and letter.stage == ElectronicReceipt.Stage.ISSUED:
        _says(letter, ElectronicReceipt.Stage.ADJUSTING, at)


def _says(letter: ElectronicReceipt, stage: int, at: datetime) -> None:
    letter.stage, letter.next_at = stage, at
    letter.save(update_fields=["stage", "next_at"])
    nudge(SEND, letter.pk)
