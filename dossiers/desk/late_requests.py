"""The controller's list of requests for completion issued after three working days from reception
(R-46).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from dossiers.desk.addresses import addresses_of
from dossiers.desk.columns import Column, more_of
from dossiers.desk.exporting import CHUNK, Export
from dossiers.desk.work import PAGE, Line, line_of, short
from dossiers.models import Supplement
from onestop.accounts.models import Role
from onestop.paging import Page, by_instant

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk


@dataclass(frozen=True, slots=True)
class LateRequest:
    """A line of the list: the dossier, what was asked for."""

    line: Line
    url: str
    title: str
    asked: Supplement

    @property
    def approver(self) -> str:
        return self.asked.approver.introduced if self.asked.approver is not None else ""


def late_page(desk: Desk, *, after: str = "", size: int = PAGE) -> Page[Supplement]:
    """Those of the agencies whose controller this is and of all below them, newest first; what was
    taken back is not among them. One query.
    """
    mine = Q(pk=None)
    for path in desk.paths_as(Role.CONTROLLER):
        mine |= Q(dossier__agency__path__startswith=path)
    joined = (
        "dossier__version__procedure", "dossier__agency", "dossier__field", "dossier__holder",
        "dossier__holder_department", "issued_by", "approver__department",
    )  # fmt: skip
    rows = (
        Supplement.objects.issued()
        .filter(mine, late=True)
        .select_related(*joined)
        .defer("dossier__version__search_text", "dossier__secret", "dossier__salt")
    )
    return by_instant("issued_at", newest_first=True).page(rows, after=after, size=size)


def rows_of(found: Iterable[Supplement], columns: Iterable[Column]) -> list[LateRequest]:
    """What these columns say of the requests; no query."""
    found, more = list(found), more_of(columns)
    urls = addresses_of("dossier", [one.dossier.code for one in found])
    return [
        LateRequest(line_of(one.dossier, more), url, short(one.dossier.version.name), one)
        for one, url in zip(found, urls, strict=True)
    ]


def export_of(desk: Desk, columns: tuple[Column, ...]) -> Export:
    """The whole list as a file; one query for a thousand requests."""

    def read(after: str) -> Page[LateRequest]:
        page = late_page(desk, after=after, size=CHUNK)
        return Page(rows_of(page.rows, columns), page.next, page.previous)

    return Export("Yêu cầu bổ sung sau 03 ngày làm việc", columns, read)
