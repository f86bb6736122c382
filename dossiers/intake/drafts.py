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
    from collections.abc import Iterator
    from uuid import UUID

    from onestop.accounts.models import Officer
    from onestop.files.domain import Kept

KIND = "draft"
# What a file row of this app may belong to, by its kind; of these nothing ever goes.
LASTING: dict[str, type[Model]] = {
    "visit": CounterVisit,
    **dict.fromkeys(ALL_FILES, Dossier),
    "slip": Slip,
}
OWNERS: dict[str, type[Model]] = {KIND: Draft, **LASTING}
BATCH = 200
# For so long a file is looked at again each night, so many at a time.
LOOKED_BACK, CHUNK = timedelta(28), 500


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

    Every kind of object this app hangs files on. A draft may go at any time: of those every file is
    looked at, there are as many as drafts lie. Any other object stays for ever once it is there, so
    that only files of the last nights are looked at, however many the archive has. Their bytes go
    with the nightly sweep of files.
    """
    # What lies a day ahead was uploaded by a clock that was wrong, and belongs to no running
    # request either.
    old = Attachment.objects.filter(
        Q(uploaded_at__lt=now - ORPHAN_AFTER) | Q(uploaded_at__gt=now + ORPHAN_AFTER)
    )
    there = Draft.objects.filter(pk=OuterRef("object_id"))
    gone = old.filter(~Exists(there), kind=KIND).delete()[0]
    for rows in _newest(now - LOOKED_BACK):
        orphans = [pk for kind, model in LASTING.items() for pk in _without(model, kind, rows)]
        gone += old.filter(pk__in=orphans).delete()[0] if orphans else 0
    return gone


# A file as it is looked at: its id, kind and object, and when it was uploaded.
_File = tuple[int, str, int, datetime]


def _newest(since: datetime) -> Iterator[list[_File]]:
    """The newest files, so many at a time, to where all of so many are older: one of them may bear
    the time of a clock that was wrong.
    """
    rows = Attachment.objects.order_by("-pk").values_list("pk", "kind", "object_id", "uploaded_at")
    found = list(rows[:CHUNK])
    while found and max(uploaded for *_, uploaded in found) >= since:
        yield found
        found = list(rows.filter(pk__lt=found[-1][0])[:CHUNK])


def _without(model: type[Model], kind: str, rows: list[_File]) -> Iterator[int]:
    """The files of this kind whose object is not there."""
    wanted = {object_id for _, its, object_id, _ in rows if its == kind}
    there: set[int] = set()
    if wanted:
        there.update(model._default_manager.filter(pk__in=wanted).values_list("pk", flat=True))
    missing = wanted - there
    return (pk for pk, its, object_id, _ in rows if its == kind and object_id in missing)


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
