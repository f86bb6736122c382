"""The register of outgoing documents as its page shows it: by agency, year and kind, in the order of
the numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import Exists, OuterRef, QuerySet

from dossiers.models.outgoing import HeldNumber, OutgoingCounter, OutgoingDocument


def books(agency_ids: Sequence[int]) -> list[OutgoingCounter]:
    """The books that have a number, the newest year first."""
    rows = OutgoingCounter.objects.filter(agency__in=agency_ids).select_related("agency")
    return list(rows.order_by("-year", "agency__name", "kind"))


def lines(book: OutgoingCounter) -> QuerySet[OutgoingDocument]:
    """Every line of a book, the highest number first; what was taken back too."""
    rows = OutgoingDocument.objects.filter(agency=book.agency_id, year=book.year, kind=book.kind)
    return rows.select_related("dossier", "numbered_by", "slip").order_by("-number")


def held(agency_ids: Collection[int]) -> QuerySet[HeldNumber]:
    """Numbers that are kept and that no document bears yet, newest year first."""
    given = OutgoingDocument.objects.filter(
        agency=OuterRef("agency"), year=OuterRef("year"), kind=OuterRef("kind"), number=OuterRef("number")
    )  # fmt: skip
    rows = HeldNumber.objects.filter(~Exists(given), agency__in=agency_ids)
    return rows.select_related("agency", "held_by").order_by("-year", "agency", "kind", "number")


def next_numbers(agency_id: int, year: int) -> dict[str, int]:
    """The next number of each register of an agency and year that has been begun, by kind."""
    rows = OutgoingCounter.objects.filter(agency=agency_id, year=year)
    return {kind: last + 1 for kind, last in rows.values_list("kind", "last")}
