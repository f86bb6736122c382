"""Extensions and time that does not count, recorded after the promise had passed: the controllers
are told, and have them on a list (desk/late_decisions.py).
"""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from dossiers.models import Dossier
from dossiers.models.decision import ClockDecision
from onestop.accounts.models import Role, RoleGrant
from onestop.outbox.domain import post
from onestop.outbox.models import Message
from onestop.outbox.told import told


def tell(row: ClockDecision, dossier: Dossier, *, at: datetime) -> list[Message | None]:
    """One notice a decision and controller, inside the act's transaction, after its event; nothing
    for one that was recorded in time. No words about a person.
    """
    if not row.late:
        return []
    people = RoleGrant.objects.nearest_holders(
        Role.CONTROLLER, dossier.agency, timezone.localdate(at)
    )
    return [
        post(
            **told("dossiers/told/late_decision", row=row, dossier=dossier),
            kind="late_decision",
            dedupe=f"decision:{row.pk}:{officer.pk}",
            at=at,
            to_officer=officer,
            object_kind="dossier",
            object_id=dossier.pk,
            link=reverse("late_decisions"),
            mail=False,
        )
        for officer in people
    ]
