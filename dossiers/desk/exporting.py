"""A list as lines of a file: the rows, columns and order of the page, all of its pages. Read a part
at a time and written line by line: what is held does not grow with the list. The file is the list as
it stood when its first line was read, whatever is done to the dossiers meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any

from dossiers.desk.columns import RESULT, Column, cells_of, more_of
from dossiers.desk.orders import Order
from dossiers.desk.rows import rows_of
from dossiers.desk.work import work_page
from dossiers.models import Dossier
from dossiers.models.querysets import DossierQuerySet
from onestop.paging import Page
from onestop.snapshots import one_instant
from onestop.workbook import Sheet, book_into

# Dossiers read at a time.
CHUNK = 1000
# Lines of a workbook. It can be sent only when all of it is made; a longer list is text, which is
# sent from its first line on.
MOST_XLSX = 20_000
_WIDTHS = {"Thủ tục": 50, "Chủ hồ sơ": 30, "Mã hồ sơ": 26, "Bước đang làm": 30}
_USUAL_WIDTH = 20


@dataclass(frozen=True, slots=True)
class Export:
    """What is to be written. `read`: the page of rows after a cursor, "" for the first; `size`: how
    many rows, where somebody has counted them.
    """

    title: str
    columns: Sequence[Column]
    read: Callable[[str], Page[Any]]
    size: int = 0

    @property
    def heads(self) -> list[str]:
        return ["STT", *cells_of(self.columns)]

    def lines(self) -> Generator[list[Any], None, None]:
        with one_instant():
            yield from self._lines()

    def _lines(self) -> Iterator[list[Any]]:
        values = list(cells_of(self.columns).values())
        number, after = 0, ""
        while True:
            page = self.read(after)
            for row in page.rows:
                number += 1
                yield [number, *(value(row) for value in values)]
            after = page.next
            if not after:
                return

    def whole(self) -> Iterator[list[Any]]:
        """Heads and lines."""
        yield self.heads
        yield from self.lines()


def of_work(
    title: str,
    rows: DossierQuerySet[Dossier],
    columns: Sequence[Column],
    order: Order,
    now: datetime,
) -> Export:
    """Of any set of dossiers; two queries for a thousand of them, two more with results."""

    def read(after: str) -> Page[Any]:
        page = work_page(rows, after=after, more=more_of(columns), size=CHUNK, order=order)
        found = rows_of(page.rows, now, {}, with_results=RESULT in columns)
        return Page(found, page.next, page.previous)

    return Export(title, columns, read)


def xlsx(export: Export) -> IO[bytes] | None:
    """The workbook as a file without a name, which is gone when it is closed; None where the list is
    too long for one.
    """
    if export.size > MOST_XLSX:
        return None
    into: IO[bytes] = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    book = book_into(into, export.title)
    sheet = _sheet(book, export)
    is_whole = True
    with closing(export.lines()) as lines:
        for number, line in enumerate(lines, start=1):
            is_whole = number <= MOST_XLSX
            if not is_whole:
                break
            sheet.line(*line)
    sheet.filter_head(len(export.heads))
    book.close()
    if not is_whole:
        into.close()
        return None
    into.seek(0)
    return into


def _sheet(book: Any, export: Export) -> Sheet:
    sheet = Sheet(book, "Hồ sơ", counts=False, nothing="")
    sheet.landscape()
    sheet.widths(6, *(_WIDTHS.get(head, _USUAL_WIDTH) for head in export.heads[1:]))
    sheet.heads(*export.heads)
    sheet.keep_head()
    return sheet
