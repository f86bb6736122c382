"""A list as lines of a file: the rows, columns and order of the page, all of its pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from dossiers.desk.columns import RESULT, Column, cells_of, more_of
from dossiers.desk.orders import Order
from dossiers.desk.rows import rows_of
from dossiers.desk.work import work_page
from dossiers.models import Dossier
from dossiers.models.querysets import DossierQuerySet
from onestop.workbook import Sheet, book_into

# Dossiers read at a time, and the most of one file: a request answers within seconds.
CHUNK, MOST = 1000, 10_000
_WIDTHS = {"Thủ tục": 50, "Chủ hồ sơ": 30, "Mã hồ sơ": 26, "Bước đang làm": 30}
_USUAL_WIDTH = 20


@dataclass(frozen=True, slots=True)
class Export:
    """What is to be written. `number`: how many dossiers the list has now; `lacking`: the sentence
    of a file that does not hold all of them.
    """

    title: str
    rows: DossierQuerySet[Dossier]
    columns: Sequence[Column]
    order: Order
    now: datetime
    number: int
    lacking: str = ""

    @property
    def heads(self) -> list[str]:
        return ["STT", *cells_of(self.columns)]

    def lines(self) -> Iterator[list[Any]]:
        """Two queries for a thousand dossiers."""
        values = list(cells_of(self.columns).values())
        number, after = 0, ""
        while number < MOST:
            page = work_page(
                self.rows,
                after=after,
                more=more_of(self.columns),
                size=min(CHUNK, MOST - number),
                order=self.order,
            )
            for row in rows_of(page.rows, self.now, {}, with_results=RESULT in self.columns):
                number += 1
                yield [number, *(value(row) for value in values)]
            after = page.next
            if not after:
                return

    def whole(self) -> Iterator[list[Any]]:
        """Heads, lines, and what is lacking."""
        yield self.heads
        yield from self.lines()
        if self.number > MOST:
            yield [self.lacking]


def xlsx(export: Export) -> bytes:
    into = BytesIO()
    book = book_into(into, export.title)
    sheet = Sheet(book, "Hồ sơ", counts=False, nothing="")
    sheet.landscape()
    sheet.widths(6, *(_WIDTHS.get(head, _USUAL_WIDTH) for head in export.heads[1:]))
    sheet.heads(*export.heads)
    sheet.keep_head()
    for line in export.lines():
        sheet.line(*line)
    if export.number > MOST:
        sheet.line(export.lacking)
    book.close()
    return into.getvalue()
