"""Whom an act of administration is told to: the person it changes, and the head who answers for
that person.

Bell and e-mail through the outbox, written with the act. Whoever could use another's account or
roles unseen is seen by two people who did not do it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from onestop.accounts.models import Agency, Officer, Role, RoleGrant
from onestop.outbox.domain import post
from onestop.outbox.told import told
from onestop.rows import sha256_of


def head_of(officer: Officer, agency: Agency, at: datetime) -> list[Officer]:
    """The heads of the officer's department; for a head, and where there is none, the leaders of
    the agency or of the nearest one above it. Nobody is his own head.
    """
    on = timezone.localdate(at)
    heads = RoleGrant.objects.valid_on(on).filter(role=Role.HEAD, officer__is_active=True)
    found = [
        grant.officer
        for grant in heads.filter(department=officer.department_id).select_related("officer")
        if officer.department_id is not None and grant.officer_id != officer.pk
    ]
    own = heads.filter(officer=officer).exists()
    if found and not own:
        return found
    for role in (Role.LEADER, Role.CONTROLLER):
        above = [
            one
            for one in RoleGrant.objects.all().nearest_holders(role, agency, on)
            if one.pk != officer.pk
        ]
        if above:
            return above
    return []


def tell(
    officer: Officer,
    event: str,
    *,
    by: Officer | None,
    at: datetime,
    email: str = "",
    **about: Any,
) -> None:
    """One notice of an event (templates/accounts/told/) to the person and one to each head; whoever
    did it needs none. `email`: where the person's letter goes when the act itself has changed the
    address. Call it inside the transaction of the act.
    """
    agency = officer.agency
    people = {officer.pk: officer}
    if agency is not None:
        people |= {head.pk: head for head in head_of(officer, agency, at)}
    for person in people.values():
        if by is not None and person.pk == by.pk:
            continue
        words = told(
            f"accounts/told/{event}", officer=officer, person=person, by=by, at=at, **about
        )
        post(
            **words,
            kind="administration",
            dedupe=f"administration:{words['subject']}:{officer.pk}:{at.isoformat()}:{person.pk}",
            at=at,
            to_officer=person,
            to_email=email if person.pk == officer.pk else "",
            object_kind="officer",
            object_id=officer.pk,
            link=reverse("bell"),
        )


def tell_virus(officer: Officer, signature: str, name: str, *, at: datetime) -> None:
    """A file that the officer sent was refused for a virus: the administrators of the officer's
    agency, or of the nearest one above, are told once a day and file. Its name is not repeated.
    """
    agency = officer.agency or Agency.objects.filter(parent=None).order_by("pk").first()
    if agency is None:
        return
    on = timezone.localdate(at)
    words = told("accounts/told/virus_found", officer=officer, signature=signature, at=at)
    file = sha256_of(f"{signature} {name}")[:16]
    for person in RoleGrant.objects.all().nearest_holders(Role.ADMINISTRATOR, agency, on):
        post(
            **words,
            kind="virus_found",
            dedupe=f"virus:{officer.pk}:{on}:{file}:{person.pk}",
            at=at,
            to_officer=person,
            object_kind="officer",
            object_id=officer.pk,
            link=reverse("bell"),
        )
