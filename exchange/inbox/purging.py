"""The text of messages, and whose it is, is kept for a stated time after they are done with; what came of them
stays.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from exchange.models import IncomingFile, Message

BATCH = 1000


def purge(now: datetime) -> int:
    """Let go of the texts of what was done with so long ago; how many. A text that still holds a file
    which is waited for stays.
    """
    before = now - timedelta(settings.EXCHANGE_RAW_DAYS)
    waiting = IncomingFile.objects.filter(state=IncomingFile.State.WAITING, place__isnull=False)
    done = 0
    while True:
        rows = Message.objects.filter(ended_at__lte=before, purged_at=None)
        rows = rows.exclude(pk__in=waiting.values("message"))
        found = list(rows.order_by("ended_at").values_list("pk", flat=True)[:BATCH])
        if not found:
            return done
        done += Message.objects.filter(pk__in=found).update(raw="", owner_card="", purged_at=now)
