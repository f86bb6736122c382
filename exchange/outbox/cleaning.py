"""Messages that were sent go some time after: what they told stands in the dossier's events, and words
about a person's filing are kept no longer than what came about it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef

from exchange.models.outbox import Delivery
from exchange.outbox import asking_many

BATCH = 1000


def purge(now: datetime) -> int:
    """Let go of what was sent or given up EXCHANGE_RAW_DAYS ago; how many. The newest message of a
    line about the dossier or filing itself stays: by it the peer is asked and told again. Lists that
    were asked about then go too.
    """
    before = now - timedelta(settings.EXCHANGE_RAW_DAYS)
    asking_many.purge(before)
    newer = Delivery.objects.filter(
        line=OuterRef("line"),
        pk__gt=OuterRef("pk"),
        kind=OuterRef("kind"),
        state=Delivery.State.SENT,
    )
    over = Delivery.objects.filter(settled_at__lte=before)
    rows = over.filter(kind=Delivery.Kind.PROGRESS) | over.filter(Exists(newer))
    done = 0
    while True:
        found = list(rows.order_by("settled_at").values_list("pk", "settled_at")[:BATCH])
        if not found:
            return done
        done += Delivery.objects.filter(pk__in=[pk for pk, _ in found]).delete()[0]
        # What stays is passed once a night, not once a batch.
        rows = rows.filter(settled_at__gte=found[-1][1])
