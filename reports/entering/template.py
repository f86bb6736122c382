"""A form as a sheet that `loading.read` takes back: to fill in, or to copy."""

from __future__ import annotations

from io import BytesIO

from onestop.workbook import Sheet, book_into
from reports import notation
from reports.entering.loading import ABOUT, IDENTITY, NEXT, chain_of
from reports.models import Column, ReportForm
from reports.rendering.heads import head_rows

SPARE = 3


def xlsx(form: ReportForm) -> bytes:
    into = BytesIO()
    book = book_into(into, form.title or "Biểu mẫu nhập tay")
    sheet = Sheet(book, "Biểu", nothing="")
    sheet.landscape()
    columns = form.columns_of() or tuple(Column(str(number), ("",)) for number in range(3, 9))
    sheet.widths(24, 44, *(16 for _ in columns))
    told = {"row_kind": form.get_row_kind_display(), "reach": form.get_reach_display()}
    for name, words in ABOUT.items():
        sheet.line(words, told.get(name) or getattr(form, name))
    sheet.row += 1
    rows = head_rows(columns)
    for level, cells in enumerate(rows):
        if level == 0:
            sheet.head(0, "STT", high=len(rows))
            sheet.head(1, form.row_label, high=len(rows))
        for one in cells:
            sheet.head(one.column + 2, one.label, wide=one.wide, high=one.high)
        sheet.row += 1
    sheet.heads("(1)", "(2)", *(f"({one.number})" for one in columns))
    for number, label in enumerate(form.fixed_rows or [""] * SPARE, start=1):
        sheet.line(str(number) if label else "", label)
    for text in notation.written(form.identities):
        sheet.line(IDENTITY, text)
    if chain := chain_of(form):
        sheet.line(NEXT, chain)
    book.close()
    return into.getvalue()
