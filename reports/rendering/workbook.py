"""A table as .xlsx: the same figures, and a sheet with the dossiers behind them. Written row by
row, so that memory does not grow with the list.

Codes, numbers of documents and names are text cells, also those that look like a formula; instants
are true dates in Vietnam's time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from itertools import islice
from typing import Any

import xlsxwriter

from dossiers.models import Dossier
from onestop.accounts.models import Agency
from onestop.worktime import VN
from procedures.models import Field
from reports.figures import Row, Table, statement
from reports.models import Source
from reports.rendering.beside import Quarters, quarters
from reports.rendering.heads import head_rows
from reports.rendering.printed import adjusted, is_list, lines, transfers
from reports.rendering.texts import NO_DATA, written

CHUNK = 1000
# One table, one file: what the format would stamp with the clock.
MADE = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)
DOSSIER_HEADS = (
    "STT", "Mã hồ sơ", "Mã TTHC", "Tên thủ tục", "Lĩnh vực", "Mã cơ quan", "Cơ quan giải quyết", "Chủ hồ sơ",
    "Nhận hồ sơ", "Hạn theo quy định", "Kết thúc", "Tính ở các cột",
)  # fmt: skip
_WIDTHS = (6, 26, 14, 50, 26, 16, 34, 30, 18, 18, 18, 24)


class Sheet:
    """One sheet that is written from the top down."""

    def __init__(self, book: Any, name: str, *, counts: bool = True) -> None:
        """`counts`: whether numbers tell how many; else they name something and have no thousands."""
        self._sheet = book.add_worksheet(name)
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

    def put(self, column: int, value: Any) -> None:
        """A cell of the present line by what it is; nothing recorded is “—”."""
        if isinstance(value, datetime):
            here = value.astimezone(VN).replace(tzinfo=None)
            self._sheet.write_datetime(self.row, column, here, self._at)
        elif isinstance(value, int):
            self._sheet.write_number(self.row, column, value, self._number)
        else:
            text = NO_DATA if value is None else value
            self._sheet.write_string(self.row, column, text, self._text)

    def head(self, column: int, text: str, *, wide: int = 1, high: int = 1) -> None:
        if wide > 1 or high > 1:
            bottom, right = self.row + high - 1, column + wide - 1
            self._sheet.merge_range(self.row, column, bottom, right, "", self._bold)
        self._sheet.write_string(self.row, column, text, self._bold)

    def line(self, *values: Any) -> None:
        for column, value in enumerate(values):
            self.put(column, value)
        self.row += 1

    def heads(self, *texts: str) -> None:
        for column, text in enumerate(texts):
            self.head(column, text)
        self.row += 1


def untold(parts: int) -> None:
    """Nobody waits for it."""


def xlsx(table: Table, *, state: str = "draft", progress: Callable[[int], None] = untold) -> bytes:
    """Three statements, and one for 1,000 dossiers; after each thousand `progress` is told how many
    thousands are in.
    """
    into = BytesIO()
    book = xlsxwriter.Workbook(into, {"constant_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": table.form.title, "created": MADE})
    _figures(Sheet(book, "Biểu", counts=not is_list(table)), table, state)
    if table.form.source == Source.DOSSIERS:
        _dossiers(Sheet(book, "Hồ sơ"), table, progress)
    book.close()
    return into.getvalue()


def _figures(sheet: Sheet, table: Table, state: str) -> None:
    sheet.landscape()
    sheet.widths(6, 44, 16, *(14 for _ in table.columns))
    for text in _about(table, state):
        sheet.line(text)
    _heads(sheet, table)
    for one in lines(table):
        _row(sheet, one.order, one.row, table)
    if table.total is not None:
        _row(sheet, "", table.total, table)
    for beside in table.beside:
        sheet.line("", beside.label, "", beside.value)
    if over := table.carried_over:
        sheet.line("", "Cột (11) của báo cáo kỳ trước đã ký", "", over["signed_open"])
        sheet.line("", "Điều chỉnh", "", over["adjusted"])
        sheet.line("", "Chuyển cơ quan, lĩnh vực", "", over["transferred"])
        sheet.line("", "Cột (6) kỳ này", "", over["carried"])
        for told in adjusted(table):
            sheet.line("", *told)
        for text in transfers(table):
            sheet.line("", text)
    if (beside_them := quarters(table)) is not None:
        _quarters(sheet, beside_them)
    for text in (*table.notes, *table.problems):
        sheet.line("", text)


def _quarters(sheet: Sheet, told: Quarters) -> None:
    sheet.line("", "So với các quý", "", *(f"({number})" for number in told.numbers))
    for label, cells in told.lines:
        sheet.line("", label, "", *cells)
    for one in told.dossiers:
        sheet.line("", one.code, "", one.quarters, one.year, one.happened, one.recorded)


def _about(table: Table, state: str) -> Iterator[str]:
    """What the printed head says, line by line."""
    form, period = table.form, table.period
    yield from (text for text in (form.number, form.legal) if text)
    yield form.title
    yield f"Đơn vị báo cáo: {table.scope.name} ({table.scope.code})"
    yield f"Kỳ báo cáo: {period.label} ({period.dates})"
    if form.unit:
        yield f"Đơn vị tính: {form.unit}"
    draft = " (dự thảo)" if state == "draft" else ""
    yield f"Số liệu chốt lúc {written(table.cut, seconds=True)}{draft}"


def _heads(sheet: Sheet, table: Table) -> None:
    rows = head_rows(table.columns)
    for level, cells in enumerate(rows):
        if level == 0:
            for column, text in enumerate(("STT", table.form.row_label, "Mã cơ quan")):
                sheet.head(column, text, high=len(rows))
        for one in cells:
            sheet.head(one.column + 3, one.label, wide=one.wide, high=one.high)
        sheet.row += 1
    sheet.heads("(1)", "(2)", "", *(f"({one.number})" for one in table.columns))


def _row(sheet: Sheet, order: str, row: Row, table: Table) -> None:
    values = (row.values.get(one.number) for one in table.columns)
    sheet.line(order, row.label, row.code, *values)


def _dossiers(sheet: Sheet, table: Table, progress: Callable[[int], None]) -> None:
    """The dossiers that the figures count, each with the columns that count it."""
    measures = {one.measure: one.number for one in table.columns if one.measure}
    sheet.widths(*_WIDTHS)
    sheet.heads(*DOSSIER_HEADS)
    fields = dict(Field.objects.values_list("pk", "name"))
    offices = {pk: told for pk, *told in Agency.objects.values_list("pk", "code", "name")}
    order = 0
    standing = statement.each(list(measures), table.scope, table.period, table.cut)
    for number, part in enumerate(_parts(standing), start=1):
        rows = Dossier.objects.filter(pk__in=[one.dossier_id for one in part])
        columns = ("code", "version__procedure__code", "version__name", "owner_name")
        named = {pk: told for pk, *told in rows.values_list("pk", *columns)}
        for one in part:
            order += 1
            code, procedure, name, owner = named[one.dossier_id]
            counted = " ".join(f"({measures[measure]})" for measure in one.met)
            sheet.line(
                order, code, procedure, name, fields[one.field_id], *offices[one.agency_id], owner,
                one.received_at, one.promise, one.ended_at, counted,
            )  # fmt: skip
        progress(number)


def _parts(rows: Iterator[statement.Standing]) -> Iterator[list[statement.Standing]]:
    while part := list(islice(rows, CHUNK)):
        yield part
