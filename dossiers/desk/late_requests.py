"""The controller's list of requests for completion issued after three working days from reception
(R-46).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from dossiers.desk.work import PAGE, cursor_at, read_cursor
from dossiers.models import Supplement
from onestop.accounts.models import Role

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk


@dataclass(frozen=True, slots=True)
class LatePage:
    """One page, newest first, and the cursor of the next ("" at the end)."""

    rows: list[Supplement]
    next: str


def late_page(desk: Desk, *, after: str = "", size: int = PAGE) -> LatePage:
    """Those of the agencies whose controller this is and of all below them; what was taken back is
    not among them. One query.
    """
    mine = Q(pk=None)
    for path in desk.paths_as(Role.CONTROLLER):
        mine |= Q(dossier__agency__path__startswith=path)
    rows = Supplement.objects.standing().filter(mine, late=True, issued_at__isnull=False)
    place = read_cursor(after)
    if place is not None:
        at, pk = place
        rows = rows.filter(Q(issued_at__lt=at) | Q(issued_at=at, pk__lt=pk))
    joined = ("dossier__version__procedure", "dossier__agency", "issued_by", "approver")
    found = list(
        rows.select_related(*joined)
        .defer("dossier__version__search_text", "dossier__secret", "dossier__salt")
        .order_by("-issued_at", "-pk")[: size + 1]
    )
    shown = found[:size]
    last = shown[-1] if len(found) > size else None
    cursor = (
        cursor_at(last.issued_at, last.pk)
        if last is not None and last.issued_at is not None
        else ""
    )
    return LatePage(shown, cursor)
