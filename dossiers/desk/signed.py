"""The signed file of a result: what a citizen may fetch."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery

from dossiers.models import Result
from onestop.files.models import Attachment
from onestop.signatures.checking import Verdict

KIND = "result"
# Whose content is as it was signed.
WHOLE = (Verdict.VALID, Verdict.UNKNOWN)


def signed() -> QuerySet[Attachment]:
    """Files of the electronic result that counts, the newest last: those that came with it; of a dossier
    whose later result is on paper none.
    """
    current = Result.objects.current().filter(dossier=OuterRef("object_id"), electronic=True)
    since = Subquery(current.values("recorded_at")[:1])
    rows = Attachment.objects.filter(kind=KIND, signature__in=WHOLE)
    return rows.filter(uploaded_at__gte=since).order_by("id")
