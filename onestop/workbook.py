"""Lists as files for a spreadsheet, written line by line, so that memory does not grow with them.

In .xlsx codes, numbers of documents and names are text cells, also those that look like a formula;
instants are true dates in Vietnam's time. In .csv what a spreadsheet would run as a formula is text.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import StringIO
from typing import IO, Any

import xlsxwriter

from onestop.worktime import VN

NOTHING = "—"
# One table, one file: what the format would stamp with the clock.
MADE = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)
# What a spreadsheet takes for the beginning of a formula, and what it skips before one.
_RUN = ("=", "+", "-", "@", "\t", "\r", "\n")


class Sheet:
    """One sheet that is written from the top down."""

    def __init__(
        self, book: Any, name: str, *, counts: bool = True, nothing: str = NOTHING
    ) -> None:
        """`counts`: whether numbers tell how many; else they name something and have no thousands.
        `nothing`: what stands in a cell where nothing is recorded.
        """
        self._sheet, self._nothing = book.add_worksheet(name), nothing
        self._text = book.add_format({"quote_prefix": True, "text_wrap": True, "valign": "top"})
        self._at = book.add_format({"num_format": "dd/mm/yyyy hh:mm", "valign": "top"})
        self._number = book.add_format({"num_format": "#,##0" if counts else "0", "valign": "top"})
        centred = {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter"}
        self._bold = book.add_format(centred)
        self.row = 0

    def widths(self, *widths: int) -> None:
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)

    def landscape(self) -> None:
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(1, 0)

    def keep_head(self) -> None:
        """The lines written so far stay in sight."""
        self._sheet.freeze_panes(self.row, 0)

    def filter_head(self, columns: int) -> None:
        """Every column of the lines written so far can be filtered and sorted by its head, which is
        the first line.
        """
        self._sheet.autofilter(0, 0, max(self.row - 1, 0), columns - 1)

    def put(self, column: int, value: Any) -> None:
        """A cell of the present line by what it is."""
        if isinstance(value, datetime):
            here = value.astimezone(VN).replace(tzinfo=None)
            self._sheet.write_datetime(self.row, column, here, self._at)
        elif isinstance(value, int):
            self._sheet.write_number(self.row, column, value, self._number)
        else:
            text = self._nothing if value is None else value
            self._sheet.write_string(self.row, column, text, self._text)

    def head(self, column: int, text: str, *, wide: int = 1, high: int = 1) -> None:
        self._sheet.write_string(self.row, column, text, self._bold)
        if wide > 1 or high > 1:
            # `merge_range` also writes the empty cells below, and with that the rows above are on
            # their way to the disk: whatever stands in them beside this cell would be lost.
            bottom, right = self.row + high - 1, column + wide - 1
            self._sheet.merge.append([self.row, column, bottom, right])

    def line(self, *values: Any) -> None:
        for column, value in enumerate(values):
            self.put(column, value)
        self.row += 1

    def heads(self, *texts: str) -> None:
        for column, text in enumerate(texts):
            self.head(column, text)
        self.row += 1


def book_into(into: IO[bytes], title: str) -> Any:
    """A workbook of `Sheet`s; `close()` writes it."""
    book = xlsxwriter.Workbook(into, {"constant_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": title, "created": MADE})
    return book


def csv_lines(lines: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The same lines as text, with the mark that tells a spreadsheet that it is UTF-8."""
    yield "\ufeff"
    for line in lines:
        into = StringIO()
        csv.writer(into).writerow([_as_text(value) for value in line])
        yield into.getvalue()


def _as_text(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(VN):%d/%m/%Y %H:%M}"
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_RUN) else text
