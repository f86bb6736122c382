"""A spreadsheet as rows of cells, whatever wrote it: .xlsx, .xls, .ods, or text with commas,
semicolons or tabs. Values only: formulas are what they last gave, nothing is run.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from onestop.errors import DomainError
from onestop.typed import one_line

MOST_ROWS = 5_000
# Beyond this a small file unpacks to more than this machine should hold.
MOST_UNPACKED = 200 * 1024 * 1024
MOST_CELL = 2_000
SHEETS = (".xlsx", ".xls", ".xlsm", ".ods")
TEXTS = (".csv", ".txt", ".tsv")
_SEPARATORS = (",", ";", "\t")

Cell = str | datetime


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its number as the spreadsheet shows it, its cells."""

    number: int
    cells: list[Cell]

    @property
    def filled(self) -> list[Cell]:
        return [cell for cell in self.cells if cell != ""]


def sha256_of_file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def read_table(path: Path, name: str) -> list[TableRow]:
    """The rows that say anything, of the sheet that says most. Errors: those of read_tables,
    DomainError("table_large").
    """
    found = max(read_tables(path, name), key=len)
    if len(found) > MOST_ROWS:
        raise DomainError("table_large", field="file", most=MOST_ROWS)
    return found


def read_tables(path: Path, name: str) -> list[list[TableRow]]:
    """The rows that say anything, of each sheet that has some; of one too long only the beginning.
    Errors: DomainError("table_kind", "table_unreadable", "table_locked", "table_web_page",
    "table_large", "table_encoding", "table_empty").
    """
    suffix = Path(name).suffix.lower()
    sheets = _sheets if suffix in SHEETS else _text_sheet if suffix in TEXTS else None
    if sheets is None:
        raise DomainError("table_kind", field="file", file=name)
    found = [rows for rows in sheets(path, name) if rows]
    if not found:
        raise DomainError("table_empty", field="file")
    return found


def _sheets(path: Path, name: str) -> list[list[TableRow]]:
    with path.open("rb") as file:
        head = file.read(512).lstrip().lower()
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<meta")):
        raise DomainError("table_web_page", field="file", file=name)
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                    raise DomainError("table_large", field="file", most=MOST_ROWS)
        with CalamineWorkbook.from_path(path) as book:
            return [_rows_of(book, sheet) for sheet in book.sheet_names]
    except PasswordError:
        raise DomainError("table_locked", field="file", file=name) from None
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise DomainError("table_unreadable", field="file", file=name) from error


def _rows_of(book: CalamineWorkbook, sheet: str) -> list[TableRow]:
    # One more than is taken, and some empty ones between: a longer sheet is refused, not cut.
    values = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False, nrows=MOST_ROWS * 2)
    rows = (TableRow(n, [_cell(v) for v in row]) for n, row in enumerate(values, start=1))
    return [row for row in rows if row.filled]


def _cell(value: Any) -> Cell:
    if isinstance(value, datetime):
        return value.replace(microsecond=0)
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    return one_line(str(value)[:MOST_CELL])


def _text_sheet(path: Path, name: str) -> list[list[TableRow]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise DomainError("table_encoding", field="file") from None
    head = text[:5_000]
    separator = max(_SEPARATORS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return [[row for row in _numbered(reader, name) if row.filled]]


def _numbered(reader: Any, name: str) -> Iterator[TableRow]:
    number = 1
    try:
        for cells in reader:
            yield TableRow(number, [_cell(cell) for cell in cells])
            number = reader.line_num + 1
    except csv.Error as error:
        raise DomainError("table_unreadable", field="file", file=name) from error


# --- heads ------------------------------------------------------------------------------------------

HEAD_WITHIN = 30
Guess = Callable[[Sequence[str]], int]


@dataclass(frozen=True, slots=True)
class Head:
    """The headings of a table, one a column, and the row behind which its lines begin."""

    names: tuple[str, ...]
    last_row: int


def find_head(rows: Sequence[TableRow], worth: Guess, *, deep: int = 2) -> Head:
    """The head among the first rows: one row, or up to `deep` of which the upper ones name groups (a
    merged cell speaks for the empty ones beside it). In: how much some headings are worth; the best
    wins, the upper and the shorter one of equals.
    """
    best, most = Head(_names(rows[0]), rows[0].number), -1
    first = rows[:HEAD_WITHIN]
    for place in range(len(first)):
        for head in _heads(first[place : place + deep]):
            if (value := worth(head.names)) > most:
                best, most = head, value
    return best


def _heads(rows: Sequence[TableRow]) -> Iterator[Head]:
    """The heads that begin with the first of these rows, the shortest first."""
    yield Head(_names(rows[0]), rows[0].number)
    for last in range(1, len(rows)):
        upper, lower = rows[last - 1], rows[last]
        if not (_can_be_head(lower) and _names_groups(upper, lower)):
            return
        names = _names(lower)
        for row in reversed(rows[:last]):
            names = _grouped(row, names)
        yield Head(names, lower.number)


def _can_be_head(row: TableRow) -> bool:
    """Headings hold no codes, numbers or times."""
    return all(isinstance(cell, str) and sum(map(str.isdigit, cell)) < 4 for cell in row.filled)


def _names_groups(upper: TableRow, lower: TableRow) -> bool:
    """Whether the upper row names groups of the lower one: it is no line of dates, and no title
    alone in front of the table. That would stand in every heading, another one each day.
    """
    return _can_be_head(upper) and (
        len(upper.filled) > 1 or _first_place(upper) > _first_place(lower)
    )


def _first_place(row: TableRow) -> int:
    return next((place for place, cell in enumerate(row.cells) if cell != ""), 0)


def _names(row: TableRow) -> tuple[str, ...]:
    return tuple(str(cell) for cell in row.cells)


def _grouped(upper: TableRow, lower: Sequence[str]) -> tuple[str, ...]:
    found: list[str] = []
    group = ""
    below = (*lower, *[""] * max(0, len(upper.cells) - len(lower)))
    for place, name in enumerate(below):
        above = str(upper.cells[place]) if place < len(upper.cells) else ""
        group = above or (group if name else "")
        found.append(f"{group} – {name}" if group and name else group or name)
    return tuple(found)
