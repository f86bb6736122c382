"""A list of dossiers as a file, for every page that offers one."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from dossiers.desk import exporting
from dossiers.desk.exporting import Export
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest
from onestop.accounts.models import AccessKind
from onestop.workbook import csv_lines

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}

_TOO_LONG = "Danh sách dài hơn {most} dòng nên tệp vừa tải là CSV, gửi ngay khi đọc; Excel mở được. Lọc bớt để có tệp Excel."


def file_answer(
    request: OfficerRequest, export: Export, kind: str, name: str, *, what: str, detail: str
) -> HttpResponseBase:
    """The file, sent while it is read; a workbook when it is made, and as text where it would be too
    long to wait for, which the next page says. Written down: what kind of list (`what`) and, as `detail`,
    how many dossiers, narrowed by what; never whom somebody looked for.
    """
    access(request, AccessKind.DOWNLOADED, what, None, detail)
    answer: HttpResponseBase
    book = exporting.xlsx(export) if kind == "xlsx" else None
    if book is not None:
        answer = FileResponse(book, content_type=TYPES[kind])
    else:
        if kind == "xlsx":
            kind = "csv"
            messages.info(
                request, _TOO_LONG.format(most=f"{exporting.MOST_XLSX:,}".replace(",", "."))
            )
        answer = StreamingHttpResponse(csv_lines(export.whole()), content_type=TYPES[kind])
    day = timezone.localdate()
    answer["Content-Disposition"] = f'attachment; filename="{name}-{day:%Y%m%d}.{kind}"'
    return answer
