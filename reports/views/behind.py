"""The dossiers behind a figure, as the page of a list and as a file: by the pieces of the desk's
lists (dossiers/views/listing.py), the causes of lateness beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from dossiers.desk import exporting
from dossiers.desk.columns import Column
from dossiers.desk.exporting import Export
from dossiers.models.querysets import DossierQuerySet
from dossiers.views.listing import Listing, listing
from onestop.accounts.http import OfficerRequest
from onestop.paging import Page
from reports.causes import words_of

LIST = "so-lieu"


def _cause(cell: Callable[[Any], str]) -> Column:
    cells = (("Nguyên nhân quá hạn", cell),)
    return Column("nguyen-nhan", "Nguyên nhân quá hạn", cells, app="reports")


@dataclass(frozen=True, slots=True)
class Behind:
    """`rows`: what the viewer may open of the set; `now`: the moment that what is left is told of;
    `with_causes`: whether all of them are late.
    """

    title: str
    rows: DossierQuerySet
    now: datetime
    with_causes: bool

    def context(self, request: OfficerRequest, path: str, kept: dict[str, str]) -> dict[str, Any]:
        """What a page of templates/reports/_dossiers.html reads. `kept`: what makes its address the
        one of this figure.
        """
        shown = self._listing(request, path, kept)
        page = shown.page(self.rows)
        if self.with_causes:
            shown = replace(shown, columns=(*shown.columns, _cause(lambda row: "")))
        said = words_of(one.pk for one in page.rows) if self.with_causes else None
        return shown.context(page, self.now) | {
            "list": LIST,
            "asked": urlencode(shown.kept),
            "said": said,
            "here": request.get_full_path(),
        }

    def export(self, request: OfficerRequest, path: str) -> Export:
        """All of its pages; one query more for the causes of a thousand."""
        shown = self._listing(request, path, {})
        whole = exporting.of_work(self.title, self.rows, shown.columns, shown.order, self.now)
        if not self.with_causes:
            return whole
        said: dict[int, str] = {}

        def read(after: str) -> Page[Any]:
            page = whole.read(after)
            said.clear()
            said.update(words_of(row.line.pk for row in page.rows))
            return page

        cause = _cause(lambda row: said.get(row.line.pk, ""))
        return Export(self.title, (*whole.columns, cause), read)

    def _listing(self, request: OfficerRequest, path: str, kept: dict[str, str]) -> Listing:
        return listing(request, LIST, path, kept)
