"""Requests for completion that needed an approver: the approver is told, and after three working
days the controllers (R-46).

The approver said yes himself before it was issued (acts/agreeing.py): what is told here is that it
was. He stands by name on the controller's list and on the dossier's page.
"""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from dossiers.models import Dossier, Supplement
from onestop.accounts.models import Officer, Role, RoleGrant
from onestop.outbox.domain import post
from onestop.outbox.models import Message
from onestop.outbox.told import told


def tell(row: Supplement, dossier: Dossier, *, at: datetime) -> list[Message | None]:
    """One notice a request and person, inside the transaction of the request, after its event;
    gives what was posted. Nothing for an ordinary one.

    What was written as reason stays on the dossier: notices carry no words about a person.
    """
    if row.approver is None:
        return []
    late, approved = "dossiers/told/late_request", "dossiers/told/request_approved"
    people: dict[int, tuple[Officer, str, str]] = {}
    if row.late:
        controllers = RoleGrant.objects.nearest_holders(
            Role.CONTROLLER, dossier.agency, timezone.localdate(at)
        )
        people = {officer.pk: (officer, late, reverse("late_requests")) for officer in controllers}
    people[row.approver.pk] = (row.approver, approved, dossier.get_absolute_url())
    return [
        post(
            **told(event, row=row, dossier=dossier, at=at),
            kind="late_request" if row.late else "request_approved",
            # A proposal may be issued, taken back and issued again: each is told.
            dedupe=f"request:{row.pk}:{dossier.event_seq}:{officer.pk}",
            at=at,
            to_officer=officer,
            object_kind="dossier",
            object_id=dossier.pk,
            link=link,
            mail=False,
        )
        for officer, event, link in people.values()
    ]
