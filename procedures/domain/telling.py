"""Who uses a catalogue that somebody else decides about is told what was decided."""

from datetime import datetime

from django.utils import timezone

from onestop.accounts.models import Officer, Role, RoleGrant
from onestop.outbox.domain import post


def tell_controllers(
    *, subject: str, body: str, key: str, link: str, by: Officer | None, at: datetime
) -> None:
    """A notice (bell and e-mail) to every controller but the one who acted: one catalogue serves
    all their offices. Nobody is told of what data set up in nobody's name did. Call it inside the
    act's transaction.
    """
    if by is None:
        return
    grants = RoleGrant.objects.valid_on(timezone.localdate(at)).filter(
        role=Role.CONTROLLER, officer__is_active=True
    )
    people = {
        grant.officer_id: grant.officer
        for grant in grants.select_related("officer").order_by("officer_id")
    }
    text = f"{body}\nNgười thực hiện: {by.full_name}, lúc {timezone.localtime(at):%H:%M %d/%m/%Y}."
    for officer in people.values():
        if officer.pk != by.pk:
            post(
                kind="catalogue",
                dedupe=f"catalogue:{key}:{at.isoformat()}:{officer.pk}",
                subject=subject,
                body=text,
                at=at,
                to_officer=officer,
                object_kind="procedure",
                link=link,
            )
