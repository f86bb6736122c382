"""Notices whose matter is over are no longer new: the bell tells what waits for somebody, and its
number what the page behind it shows.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Exists, OuterRef, Q

from dossiers.models import Dossier, HandOver
from onestop.outbox.models import Message

SOON, LATE, UNCONFIRMED = "soon", "late", "unconfirmed"
LEVELS = (SOON, LATE, UNCONFIRMED)


def settle(at: datetime, officer: AbstractBaseUser | None = None) -> int:
    """Mark as read what is settled, of this officer or of everybody; how many. One statement.

    Settled is a notice of a dossier that has ended; that somebody took over since, so that it lies
    no longer where the notice says; whose promise has moved; that is late by now, where it was due
    soon. And one of a hand-over that was confirmed or recalled.
    """
    dossier = Dossier.objects.filter(pk=OuterRef("object_id"))
    taken = HandOver.objects.filter(
        dossier=OuterRef("object_id"), confirmed_at__gt=OuterRef("created_at")
    )
    over = (
        Q(Exists(dossier.filter(ended_at__isnull=False)))
        | Q(Exists(taken))
        | Q(Exists(dossier.filter(Q(soon_flagged=False) | Q(late_flagged=True))), kind=SOON)
        | Q(Exists(dossier.filter(late_flagged=False)), kind=LATE)
        | Q(Exists(dossier.filter(pending_department=None)), kind=UNCONFIRMED)
    )
    rows = Message.objects.unread().filter(over, kind__in=LEVELS, object_kind="dossier")
    if officer is not None:
        rows = rows.filter(to_officer_id=officer.pk)
    return rows.update(read_at=at)
