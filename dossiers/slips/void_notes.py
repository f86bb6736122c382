"""Why a slip is void: its act was taken back, the reception was voided, another slip replaced it."""

from __future__ import annotations

from dataclasses import dataclass

from dossiers.models import Slip
from dossiers.models.correcting import ReceptionCorrection
from dossiers.models.envelopes import EnvelopeSlip
from dossiers.models.voiding import VoidedReception

UNDONE, VOIDED, REPLACED = "undone", "voided", "replaced"
OF_MANY = "of_many"


@dataclass(frozen=True, slots=True)
class WhyVoid:
    """Which of these; `newer`: the slip that replaced it."""

    kind: str
    newer: Slip | None = None


def why_void(slip: Slip) -> WhyVoid | None:
    """None for a slip that is valid, without a query; else at most three."""
    if slip.undone_at is None:
        return None
    if (of := EnvelopeSlip.objects.filter(slip=slip).first()) is not None:
        later = EnvelopeSlip.objects.filter(envelope=of.envelope_id, slip__undone_at=None)
        newer = later.select_related("slip").order_by("-id").first()
        return WhyVoid(OF_MANY, newer.slip if newer is not None else None)
    replaced = (
        ReceptionCorrection.objects.standing().filter(old_slip=slip).select_related("new_slip")
    )
    if (row := replaced.first()) is not None and slip.undone_at == row.corrected_at:
        return WhyVoid(REPLACED, row.new_slip)
    standing = VoidedReception.objects.standing()
    voided = standing.filter(dossier=slip.dossier_id, voided_at=slip.undone_at)
    return WhyVoid(VOIDED if voided.exists() else UNDONE)
