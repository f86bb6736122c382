"""Requests for completion that needed an approver: the approver is told, and after three working
days the controllers (R-46). Heads are told of what a later round names for the first time (R-44).

The approver said yes himself before it was issued (acts/agreeing.py): what is told here is that it
was. He stands by name on the controller's list and on the dossier's page.
"""

from __future__ import annotations

from datetime import date, datetime

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


def tell_heads(row: Supplement, dossier: Dossier, *, at: datetime) -> list[Message | None]:
    """A later round names what the first did not: the head answers for the unit that overlooked it
    (everything is asked for once, R-44). The heads of the department that asked or has the dossier,
    else of the agency; of an office without one, its leaders. At most two queries, in the
    transaction of the request.
    """
    return [
        post(
            **told("dossiers/told/new_wants", row=row, dossier=dossier, at=at),
            kind="new_wants",
            dedupe=f"new_wants:{row.pk}:{dossier.event_seq}:{officer.pk}",
            at=at,
            to_officer=officer,
            object_kind="dossier",
            object_id=dossier.pk,
            link=dossier.get_absolute_url(),
            mail=False,
        )
        for officer in _heads(row, dossier, timezone.localdate(at))
    ]


def _heads(row: Supplement, dossier: Dossier, on: date) -> list[Officer]:
    asked_by = row.proposed_by or row.issued_by
    rooms = {dossier.holder_department_id, asked_by.department_id if asked_by else None}
    grants = RoleGrant.objects.valid_on(on).filter(
        agency=dossier.agency.in_charge(on),
        role__in=[Role.HEAD, Role.LEADER],
        officer__is_active=True,
    )
    found = list(grants.select_related("officer").order_by("pk"))
    heads = [one for one in found if one.role == Role.HEAD]
    own = [one for one in heads if one.department_id in rooms]
    leaders = [one for one in found if one.role == Role.LEADER]
    chosen = [one.officer for one in own or heads or leaders]
    return list({officer.pk: officer for officer in chosen}.values())
