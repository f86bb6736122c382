"""The dossiers behind a figure, as the page of a list and as a file: by the pieces of the desk's
lists (dossiers/views/listing.py), with what is said of late ones beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from dossiers.desk import exporting
from dossiers.desk.columns import Column
from dossiers.desk.exporting import Export
from dossiers.models.querysets import DossierQuerySet
from dossiers.views.listing import Listing, listing, may_do_to_many
from onestop.accounts.http import OfficerRequest
from onestop.paging import Page
from reports import apologies, causes

LIST = "so-lieu"


@dataclass(frozen=True, slots=True)
class Beside:
    """What is told of each dossier beside its columns. `key`: of the cell's template below
    templates/reports/columns; `name`: what the page calls it; `read`: the words by id.
    """

    key: str
    label: str
    name: str
    read: Callable[[Iterable[int]], dict[int, str]]

    def column(self, cell: Callable[[Any], str] = lambda row: "") -> Column:
        return Column(self.key, self.label, ((self.label, cell),), app="reports")


CAUSE = Beside("nguyen-nhan", "Nguyên nhân quá hạn", "said", causes.words_of)
APOLOGY = Beside("xin-loi", "Xin lỗi", "apologies", apologies.words_of)


@dataclass(frozen=True, slots=True)
class Behind:
    """`rows`: what the viewer may open of the set; `now`: the moment that what is left is told of;
    `beside`: what else is told of each.
    """

    title: str
    rows: DossierQuerySet
    now: datetime
    beside: tuple[Beside, ...] = ()

    def context(self, request: OfficerRequest, path: str, kept: dict[str, str]) -> dict[str, Any]:
        """What a page of templates/reports/_dossiers.html reads. `kept`: what makes its address the
        one of this figure.
        """
        shown = self._listing(request, path, kept)
        page = shown.page(self.rows)
        ids = [one.pk for one in page.rows]
        shown = replace(shown, columns=(*shown.columns, *(one.column() for one in self.beside)))
        told = {one.name: one.read(ids) for one in self.beside}
        return {
            "said": None,
            **shown.context(page, self.now),
            "list": LIST,
            "asked": urlencode(shown.kept),
            "here": request.get_full_path(),
            "on_many": may_do_to_many(request.desk, LIST),
            **told,
        }

    def export(self, request: OfficerRequest, path: str) -> Export:
        """All of its pages; for a thousand dossiers as many queries more as `beside` costs."""
        shown = self._listing(request, path, {})
        whole = exporting.of_work(self.title, self.rows, shown.columns, shown.order, self.now)
        if not self.beside:
            return whole
        told: dict[str, dict[int, str]] = {one.name: {} for one in self.beside}

        def read(after: str) -> Page[Any]:
            page = whole.read(after)
            ids = [row.line.pk for row in page.rows]
            told.update({one.name: one.read(ids) for one in self.beside})
            return page

        columns = [one.column(partial(_told, told, one.name)) for one in self.beside]
        return Export(self.title, (*whole.columns, *columns), read)

    def _listing(self, request: OfficerRequest, path: str, kept: dict[str, str]) -> Listing:
        return listing(request, LIST, path, kept)


def _told(told: dict[str, dict[int, str]], name: str, row: Any) -> str:
    return told[name].get(row.line.pk, "")
