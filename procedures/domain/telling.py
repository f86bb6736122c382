"""Who uses a catalogue that somebody else decides about is told what was decided."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from onestop.accounts.models import Officer, Role, RoleGrant
from onestop.outbox.domain import post
from onestop.outbox.told import told


def tell_controllers(
    event: str, *, key: str, link: str, by: Officer | None, at: datetime, **about: Any
) -> None:
    """A notice of an event (templates/procedures/told/; bell and e-mail) to every controller but the one who acted: one catalogue serves
    all their offices. Nobody is told of what data set up in nobody's name did. Call it inside the
    act's transaction.
    """
    if by is None:
        return
    _ring(event, key=f"{key}:{at.isoformat()}", link=link, by=by, at=at, about=about)


def ring_controllers(event: str, *, key: str, link: str, at: datetime, **about: Any) -> None:
    """The same of what nobody did, once a `key`."""
    _ring(event, key=key, link=link, by=None, at=at, about=about)


def _ring(
    event: str, *, key: str, link: str, by: Officer | None, at: datetime, about: dict[str, Any]
) -> None:
    grants = RoleGrant.objects.valid_on(timezone.localdate(at)).filter(
        role=Role.CONTROLLER, officer__is_active=True
    )
    people = {
        grant.officer_id: grant.officer
        for grant in grants.select_related("officer").order_by("officer_id")
    }
    words = told(f"procedures/told/{event}", by=by, at=at, **about)
    for officer in people.values():
        if by is None or officer.pk != by.pk:
            post(
                **words,
                kind="catalogue",
                dedupe=f"catalogue:{key}:{officer.pk}",
                at=at,
                to_officer=officer,
                object_kind="procedure",
                link=link,
            )


def page_of(code: str) -> str:
    """Where a notice of one procedure leads: its versions, and what was done to them."""
    return reverse("procedures:history", args=[code])
