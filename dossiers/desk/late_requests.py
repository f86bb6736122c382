"""The controller's list of requests for completion issued after three working days from reception
(R-46).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from dossiers.desk.work import PAGE
from dossiers.models import Supplement
from onestop.accounts.models import Role
from onestop.paging import Page, by_instant

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk


def late_page(desk: Desk, *, after: str = "", size: int = PAGE) -> Page[Supplement]:
    """Those of the agencies whose controller this is and of all below them, newest first; what was
    taken back is not among them. One query.
    """
    mine = Q(pk=None)
    for path in desk.paths_as(Role.CONTROLLER):
        mine |= Q(dossier__agency__path__startswith=path)
    joined = ("dossier__version__procedure", "dossier__agency", "issued_by", "approver")
    rows = (
        Supplement.objects.issued()
        .filter(mine, late=True)
        .select_related(*joined)
        .defer("dossier__version__search_text", "dossier__secret", "dossier__salt")
    )
    return by_instant("issued_at", newest_first=True).page(rows, after=after, size=size)
