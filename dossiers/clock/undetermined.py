"""A promise that cannot be computed because a year has no calendar: the counter still receives, the
administrator gets a task.
"""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from dossiers.models import Dossier
from onestop.accounts.models import Role, RoleGrant
from onestop.outbox.domain import post
from onestop.outbox.models import Message
from onestop.outbox.told import told


def ask_for_calendar(dossier: Dossier, *, at: datetime) -> list[Message | None]:
    """Tell the administrators of the office (or, when it has none, of those above it), once per
    office and day; gives what was posted.
    """
    day = timezone.localdate(at)
    return [
        post(
            kind="calendar_missing",
            dedupe=f"calendar-missing:{dossier.agency_id}:{day.isoformat()}:{officer.pk}",
            **told("dossiers/told/calendar_missing", dossier=dossier),
            at=at,
            to_officer=officer,
            object_kind="dossier",
            object_id=dossier.pk,
            link=reverse("accounts:calendar"),
        )
        for officer in RoleGrant.objects.nearest_holders(Role.ADMINISTRATOR, dossier.agency, day)
    ]
