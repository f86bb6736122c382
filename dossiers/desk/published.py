"""What the catalogue asks of dossiers: how many were received under a version, and which of them
keep what it promised.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from dossiers.desk.work import PAGE
from dossiers.models import Dossier
from dossiers.models.querysets import is_open
from onestop.accounts.models import Role
from onestop.paging import Page, by_instant
from procedures.hooks import Received
from procedures.models import Procedure, ProcedureVersion

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk


def received(version_ids: Iterable[int]) -> dict[int, Received]:
    """By version, those with any. One query."""
    # Counted apart: all of them along the index of versions alone, the few open ones as open work.
    mine = Dossier.objects.filter(version=OuterRef("pk")).order_by().values("version")
    every, still = (
        Coalesce(Subquery(rows.annotate(n=Count("*")).values("n")), 0)
        for rows in (mine, mine.filter(is_open()))
    )
    rows = ProcedureVersion.objects.filter(pk__in=list(version_ids)).order_by()
    found = rows.annotate(every=every, still=still).filter(every__gt=0)
    return {pk: Received(*counts) for pk, *counts in found.values_list("pk", "every", "still")}


def used(procedure_ids: Iterable[int]) -> set[int]:
    """Procedures of which at least one dossier was ever received. One query, which stops at the
    first dossier of each.
    """
    any_dossier = Dossier.objects.filter(version__procedure=OuterRef("pk"))
    rows = Procedure.objects.filter(Exists(any_dossier), pk__in=list(procedure_ids))
    return set(rows.values_list("pk", flat=True))


def open_page(desk: Desk, version_id: int, *, after: str = "", size: int = PAGE) -> Page[Dossier]:
    """Open dossiers of a version in the agencies whose controller this is and all below them, in
    the order of their promise. One query.
    """
    mine = Q(pk=None)
    for path in desk.paths_as(Role.CONTROLLER):
        mine |= Q(agency__path__startswith=path)
    rows = (
        Dossier.objects.open()
        .filter(mine, version=version_id)
        .select_related("agency")
        .defer("secret", "salt")
    )
    return by_instant("sort_due").page(rows, after=after, size=size)
