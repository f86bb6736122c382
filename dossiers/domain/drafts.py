"""Drafts that nobody has touched for long: people's data typed at the counter are not kept without a dossier."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from dossiers.models import Draft
from onestop.files.models import Attachment

BATCH = 200


def kept_days() -> int:
    """How long a draft lies after it was saved last; at least a day."""
    return max(1, int(settings.DRAFT_KEPT_DAYS))


def sweep(now: datetime) -> int:
    """Delete the drafts untouched for longer, with their scans (whose bytes go with the nightly sweep of files); how many.

    A draft saved again meanwhile stays. Safe at any time, any number of times.
    """
    edge = now - timedelta(kept_days())
    gone = 0
    while old := list(Draft.objects.filter(updated_at__lt=edge).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            rows = Draft.objects.select_for_update().filter(pk__in=old, updated_at__lt=edge).order_by("pk")
            still = list(rows.values_list("pk", flat=True))
            Attachment.objects.filter(kind="draft", object_id__in=still).delete()
            Draft.objects.filter(pk__in=still).delete()
        gone += len(still)
    return gone
