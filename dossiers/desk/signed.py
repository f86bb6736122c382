"""The file of a result that a citizen may fetch: signed, or the digitised copy of what is on paper."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from dossiers.models import Result
from dossiers.models.digitising import DigitisedPaper
from onestop.files.models import Attachment
from onestop.signatures.checking import Verdict

KIND = "result"
# Whose content is as it was signed.
WHOLE = (Verdict.VALID, Verdict.UNKNOWN)


def signed() -> QuerySet[Attachment]:
    """Files of the electronic result that counts, the newest last: those that came with it; of a dossier
    whose later result is on paper none.
    """
    return Attachment.objects.filter(_electronic(), kind=KIND).order_by("id")


def to_fetch() -> QuerySet[Attachment]:
    """The same, and of a result on paper its digitised copy, once that was checked."""
    copy = DigitisedPaper.objects.counting().filter(
        dossier=OuterRef("object_id"), file=OuterRef("pk")
    )
    rows = Attachment.objects.filter(_electronic() | Q(Exists(copy)), kind=KIND)
    return rows.order_by("id")


def _electronic() -> Q:
    current = Result.objects.current().filter(dossier=OuterRef("object_id"), electronic=True)
    since = Subquery(current.values("recorded_at")[:1])
    return Q(signature__in=WHOLE, uploaded_at__gte=since)
