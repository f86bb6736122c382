"""The register of outgoing documents as its page shows it: by agency, year and kind, in the order of
the numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from dossiers.models.outgoing import OutgoingCounter, OutgoingDocument


def books(agency_ids: Sequence[int]) -> list[OutgoingCounter]:
    """The books that have a number, the newest year first."""
    rows = OutgoingCounter.objects.filter(agency__in=agency_ids).select_related("agency")
    return list(rows.order_by("-year", "agency__name", "kind"))


def lines(book: OutgoingCounter) -> QuerySet[OutgoingDocument]:
    """Every line of a book, the highest number first; what was taken back too."""
    rows = OutgoingDocument.objects.filter(agency=book.agency_id, year=book.year, kind=book.kind)
    return rows.select_related("dossier", "numbered_by").order_by("-number")
