"""A table as .xlsx: the same figures, and a sheet with the dossiers behind them. Written row by
row, so that memory does not grow with the list (onestop/workbook.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import islice

from dossiers.models import Dossier
from onestop.accounts.models import Agency
from onestop.workbook import Sheet, book_into
from procedures.models import Field
from reports.figures import Row, Table, statement
from reports.figures.measures import of_dossiers
from reports.models import RowKind, Source
from reports.rendering.beside import Quarters, quarters
from reports.rendering.heads import head_rows
from reports.rendering.printed import adjusted, is_list, lines, transfers
from reports.rendering.texts import written

CHUNK = 1000
DOSSIER_HEADS = (
    "STT", "Mã hồ sơ", "Mã TTHC", "Tên thủ tục", "Lĩnh vực", "Mã cơ quan", "Cơ quan giải quyết", "Chủ hồ sơ",
    "Nhận hồ sơ", "Hạn theo quy định", "Kết thúc", "Tính ở các cột",
)  # fmt: skip
_WIDTHS = (6, 26, 14, 50, 26, 16, 34, 30, 18, 18, 18, 24)


def untold(parts: int) -> None:
    """Nobody waits for it."""


def xlsx(table: Table, *, state: str = "draft", progress: Callable[[int], None] = untold) -> bytes:
    """Three statements, and one for 1,000 dossiers; after each thousand `progress` is told how many
    thousands are in.
    """
    into = BytesIO()
    book = book_into(into, table.form.title)
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
    if table.carried_over:
        _carried_over(sheet, table)
    if (beside_them := quarters(table)) is not None:
        _quarters(sheet, beside_them)
    for text in (*table.notes, *table.problems):
        sheet.line("", text)


def _carried_over(sheet: Sheet, table: Table) -> None:
    over = table.carried_over
    sheet.line("", "Cột (11) của báo cáo kỳ trước đã ký", "", over["signed_open"])
    sheet.line("", "Điều chỉnh", "", over["adjusted"])
    sheet.line("", "Chuyển cơ quan, lĩnh vực", "", over["transferred"])
    if over.get("files"):
        sheet.line("", "Số liệu từ tệp", "", over["by_files"])
    sheet.line("", "Cột (6) kỳ này", "", over["carried"])
    for told in adjusted(table):
        sheet.line("", *told)
    for text in transfers(table):
        sheet.line("", text)


def _quarters(sheet: Sheet, told: Quarters) -> None:
    sheet.line("", "So với các quý", "", *(f"({number})" for number in told.numbers))
    for label, cells in told.lines:
        sheet.line("", label, "", *cells)
    for one in told.dossiers:
        sheet.line("", one.code, "", one.quarters, one.year, one.happened, one.recorded)
    for text in told.from_files:
        sheet.line("", text)


def _about(table: Table, state: str) -> Iterator[str]:
    """What the printed head says, line by line."""
    form = table.form
    yield from (text for text in (form.number, form.legal) if text)
    yield form.title
    yield f"Đơn vị báo cáo: {table.scope.name} ({table.scope.code})"
    yield table.heading
    if form.unit:
        yield f"Đơn vị tính: {form.unit}"
    draft = " (dự thảo)" if state == "draft" and not is_list(table) else ""
    yield f"Số liệu chốt lúc {written(table.cut, seconds=True)}{draft}"


def _heads(sheet: Sheet, table: Table) -> None:
    rows = head_rows(table.columns)
    for level, cells in enumerate(rows):
        if level == 0:
            is_of_law = table.form.row_kind == RowKind.PROCEDURE
            code = "Mã TTHC" if is_of_law else "Mã cơ quan"
            for column, text in enumerate((table.form.order_label, table.form.row_label, code)):
                sheet.head(column, text, high=len(rows))
        for one in cells:
            sheet.head(one.column + 3, one.label, wide=one.wide, high=one.high)
        sheet.row += 1
    sheet.heads("(1)", "(2)", "", *(f"({one.number})" for one in table.columns))


def _row(sheet: Sheet, order: str, row: Row, table: Table) -> None:
    values = (row.values.get(one.number) for one in table.columns)
    sheet.line(order, row.called, row.code, *values)


def _dossiers(sheet: Sheet, table: Table, progress: Callable[[int], None]) -> None:
    """The dossiers that the figures count, each with the columns that count it."""
    measures = {one.measure: one.number for one in of_dossiers(table.columns)}
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
