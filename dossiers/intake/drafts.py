"""Drafts that nobody has touched for long: people's data typed at the counter are not kept without
a dossier.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q

from dossiers.ledger.tables import ALL_FILES
from dossiers.models import CounterVisit, Dossier, Draft, Slip
from onestop.files.domain import ORPHAN_AFTER, attach
from onestop.files.models import Attachment
from onestop.instants import SKEW

if TYPE_CHECKING:
    from uuid import UUID

    from onestop.accounts.models import Officer
    from onestop.files.domain import Kept

KIND = "draft"
# What a file row of this app may belong to, by its kind.
OWNERS: dict[str, type[Model]] = {
    KIND: Draft,
    "visit": CounterVisit,
    **dict.fromkeys(ALL_FILES, Dossier),
    "slip": Slip,
}
BATCH = 200


def kept_days() -> int:
    """How long a draft lies after it was saved last; at least a day."""
    return max(1, int(settings.DRAFT_KEPT_DAYS))


def forget(token: UUID, *, officer: Officer) -> None:
    """The clerk's own draft of a page that was received goes, with the scans nobody took over."""
    mine = Draft.objects.filter(token=token, officer=officer)
    if gone := list(mine.values_list("pk", flat=True)):
        # The draft first: who adds a scan holds its row, so that afterwards every scan is seen.
        Draft.objects.filter(pk__in=gone).delete()
        Attachment.objects.filter(kind=KIND, object_id__in=gone).delete()


def add_scan(draft: Draft, kept: Kept, *, by: Officer, at: datetime) -> bool:
    """A scan goes into a draft, once however often it is sent; False when the draft was received or
    discarded meanwhile.
    """
    with transaction.atomic():
        if not Draft.objects.select_for_update().filter(pk=draft.pk).exists():
            return False
        scans = Attachment.objects.of(KIND, draft.pk)
        if not scans.filter(sha256=kept.sha256, name=kept.name).exists():
            attach(kept, kind=KIND, object_id=draft.pk, by=by, at=at)
        return True


def sweep_scans(now: datetime) -> int:
    """Delete the rows of files whose object is not there: left by a crash between two steps.
    Returns how many.

    Every kind of object this app hangs files on. Their bytes go with the nightly sweep of files.
    """
    # What lies a day ahead was uploaded by a clock that was wrong, and belongs to no running
    # request either.
    old = Attachment.objects.filter(
        Q(uploaded_at__lt=now - ORPHAN_AFTER) | Q(uploaded_at__gt=now + ORPHAN_AFTER)
    )
    gone = 0
    for kind, model in OWNERS.items():
        there = model._default_manager.filter(pk=OuterRef("object_id"))
        gone += old.filter(~Exists(there), kind=kind).delete()[0]
    return gone


def after_clock_set_back(now: datetime) -> int:
    """Drafts saved by a clock that was wrong were saved by now at the latest, or they would lie too
    long; how many.
    """
    return Draft.objects.filter(updated_at__gt=now + SKEW).update(updated_at=now)


def sweep(now: datetime) -> int:
    """Delete the drafts untouched for longer, with their scans (whose bytes go with the nightly
    sweep of files); how many.

    A draft saved again meanwhile stays. Safe at any time, any number of times.
    """
    edge = now - timedelta(kept_days())
    gone = 0
    while old := list(
        Draft.objects.filter(updated_at__lt=edge)
        .order_by("pk")
        .values_list("pk", flat=True)[:BATCH]
    ):
        with transaction.atomic():
            rows = (
                Draft.objects.select_for_update()
                .filter(pk__in=old, updated_at__lt=edge)
                .order_by("pk")
            )
            still = list(rows.values_list("pk", flat=True))
            Attachment.objects.filter(kind=KIND, object_id__in=still).delete()
            Draft.objects.filter(pk__in=still).delete()
        gone += len(still)
    return gone
