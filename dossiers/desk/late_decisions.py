"""The controller's list of extensions and of time that does not count, recorded after the promise
had passed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from dossiers.clock import grounds
from dossiers.models.decision import ClockDecision
from onestop.accounts.models import Role
from onestop.paging import Page, by_instant

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

PAGE = 50
_NEWEST = by_instant("at", newest_first=True)
_JOINED = ("dossier__version", "dossier__agency", "decided_by", "signer", "change")


def late_page(desk: Desk, *, after: str = "", before: str = "") -> Page[ClockDecision]:
    """Those of the agencies whose controller this is and of all below them, newest first; what was
    taken back is not among them. One query.
    """
    mine = Q(pk=None)
    for path in desk.paths_as(Role.CONTROLLER):
        mine |= Q(dossier__agency__path__startswith=path)
    rows = ClockDecision.objects.standing().filter(mine, late=True).select_related(*_JOINED)
    rows = rows.defer("dossier__version__search_text", "dossier__secret", "dossier__salt")
    return _NEWEST.page(rows, after=after, before=before, size=PAGE)


def label_of(row: ClockDecision) -> str:
    """For what it was extended, or why the time does not count."""
    return grounds.label_of(row.mode, row.kind)
