"""Dossiers of one owner for one procedure that came shortly before."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from dossiers.models import Dossier
from dossiers.states import State
from onestop.accounts.models import Agency
from onestop.accounts.succession import taken_over

REPEAT_DAYS = 30


def repeats(
    *, identity_number: str, procedure_id: int, agency: Agency, at: datetime
) -> list[Dossier]:
    """Dossiers of the same owner and procedure that are open or ended within the last month, newest
    first, at most 3.

    In: identity number as normalised; the procedure (any version); the agency that handles, with
    those it took over. One query on the identity index.
    """
    if not identity_number:
        return []
    rows = (
        Dossier.objects.filter(
            identity_number=identity_number,
            version__procedure_id=procedure_id,
            agency__in=[agency.pk, *taken_over(agency, timezone.localdate(at))],
        )
        .select_related("version__procedure")
        .order_by("-id")[:5]
    )
    edge = at - timedelta(days=REPEAT_DAYS)
    return [d for d in rows if _counts(d, edge)][:3]


def _counts(dossier: Dossier, edge: datetime) -> bool:
    """What was received by mistake was never handed in."""
    if dossier.state == State.VOIDED:
        return False
    return dossier.is_open or (dossier.ended_at is not None and dossier.ended_at >= edge)
