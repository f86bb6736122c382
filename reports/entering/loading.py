"""A form as a file says it: the template that is offered for download, a table of a circular with its
head, or JSON. What is read is a proposal: the page shows it, and whoever loads it decides.

A sheet has, from the top down: lines of a name and what it is ("Mã biểu", "Tên biểu", …), the head of
the table (merged cells name groups), the line of column numbers ("(1) (2) (3)…", a number may carry
its identity: "(3)=(4)+(5)"), the fixed rows, and lines that begin with "Đẳng thức".
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onestop.errors import DomainError
from onestop.folding import fold
from onestop.tables import SHEETS, TableRow, read_tables
from onestop.texts import has_letter
from onestop.typed import one_line
from onestop.viruses import refuse_infected
from reports import notation
from reports.figures.entered import CARRIED, FIRST, KINDS, MARKS, OPEN
from reports.models import ReportForm, RowKind, Source
from reports.models.form import Reach
from reports.notation import COLUMN

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

# What a line of the sheet is called: the column of ReportForm that it says.
ABOUT = {
    "code": "Mã biểu",
    "number": "Số hiệu in trên biểu",
    "title": "Tên biểu",
    "legal": "Ban hành theo",
    "unit": "Đơn vị tính",
    "row_kind": "Mỗi dòng là",
    "reach": "Phạm vi",
}
IDENTITY, NEXT = "Đẳng thức", "Kỳ sau"
# What a circular names, and no more: its columns are what a province loads.
NAMED = {
    "II.01": "KẾT QUẢ ĐÁNH GIÁ TÁC ĐỘNG QUY ĐỊNH TTHC TRONG DỰ ÁN, DỰ THẢO VĂN BẢN QUY PHẠM PHÁP LUẬT",
    "II.02": "SỐ TTHC VÀ VĂN BẢN QUY ĐỊNH TTHC ĐƯỢC CÔNG BỐ, CÔNG KHAI",
    "II.03a": "KẾT QUẢ RÀ SOÁT, ĐƠN GIẢN HÓA TTHC",
    "II.03b": "PHƯƠNG ÁN RÀ SOÁT, ĐƠN GIẢN HÓA TTHC",
    "II.04": "",
    "II.08": "",
}
_CHOICES: dict[str, Mapping[str, str]] = {
    "row_kind": {fold(one.label): one.value for one in KINDS},
    "reach": {fold(one.label): one.value for one in Reach},
}
_NUMBER = re.compile(r"\(?\s*(\d{1,3})\s*\)?\s*(=.*)?", re.ASCII)
# Characters of JSON that are read; a sheet may be ten times as many bytes.
MOST = 1_000_000
# Lengths that the table takes.
_LONG = {"code": 40, "number": 80, "title": 400, "legal": 400, "unit": 80, "row_label": 200}


def blank(code: str = "") -> ReportForm:
    """What a form that is entered by hand begins with; not saved."""
    number = f"Biểu số {code}/VPCP/KSTT" if code else ""
    return ReportForm(
        code=code, number=number, title=NAMED.get(code, ""), source=Source.ENTERED, row_kind=RowKind.FREE, reach=Reach.OWN, row_label="Nội dung",
        unit="",
    )  # fmt: skip


def read(upload: UploadedFile[Any]) -> ReportForm:
    """The form of a file, not saved. Errors: DomainError("load_kind", "load_json", "load_numbers",
    "load_heads", "load_unnamed", "load_few", "load_identity") and those of tables.read_tables().
    """
    name = upload.name or ""
    suffix = Path(name).suffix.lower()
    if suffix not in (*SHEETS, ".json") or (upload.size or 0) > 10 * MOST:
        raise DomainError("load_kind", field="file", file=name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"bieu{suffix}"
        with path.open("wb") as file:
            file.writelines(upload.chunks())
        with path.open("rb") as file:
            refuse_infected(file, name=name)
        if suffix == ".json":
            return _of_json(path)
        tables = read_tables(path, name)
    found: DomainError | None = None
    for rows in tables:
        try:
            return _of_rows(rows)
        except DomainError as error:
            found = found or error
    raise found or DomainError("load_numbers", field="file")


def known(form: ReportForm) -> ReportForm:
    """What the file of a form that is there does not say stays as its newest edition has it."""
    rows = ReportForm.objects.filter(source=Source.ENTERED, code=form.code)
    there = rows.order_by("-effective_from").first()
    if there is not None:
        form.fed_by, form.owed = there.fed_by, there.owed
        form.notes = form.notes or there.notes
    return form


# --- JSON -------------------------------------------------------------------------------------------


def _of_json(path: Path) -> ReportForm:
    try:
        told = json.loads(path.read_text("utf-8-sig")[:MOST])
        form = blank()
        for name in (*ABOUT, "row_label"):
            if name in told:
                setattr(form, name, _kept(name, told[name]))
        form.columns = [_json_column(one) for one in told["columns"]]
        form.fixed_rows = [one_line(str(one)) for one in told.get("fixed_rows", [])]
        form.notes = [one_line(str(one)) for one in told.get("notes", [])]
        form.identities = _identities([one_line(str(one)) for one in told.get("identities", [])])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise DomainError("load_json", field="file", why=_why(error)) from error
    if not form.columns:
        raise DomainError("load_few", field="file")
    return form


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"dòng {error.lineno}, ký tự thứ {error.colno} không đúng cú pháp"
    if isinstance(error, UnicodeError):
        return "chữ không theo bảng mã UTF-8"
    if isinstance(error, KeyError):
        return f"thiếu {error}"
    return "tệp không có cấu trúc của một biểu"


def _json_column(told: Mapping[str, Any]) -> dict[str, Any]:
    path = [one_line(str(part)) for part in told["path"] if str(part).strip()]
    number = one_line(str(told["number"]))[:40]
    if not (path and COLUMN.fullmatch(number)):
        raise DomainError("load_unnamed", field="file", number=number)
    return {"number": number, "path": path, "measure": one_line(str(told.get("measure", "")))}


def _kept(name: str, said: object) -> str:
    """A value that the table takes; of a choice its name or its words."""
    text = one_line(str(said))
    if name in _CHOICES:
        known = _CHOICES[name]
        default = RowKind.FREE.value if name == "row_kind" else Reach.OWN.value
        return text if text in known.values() else known.get(fold(text), default)
    return text[: _LONG[name]]


# --- a sheet ----------------------------------------------------------------------------------------


def _of_rows(rows: Sequence[TableRow]) -> ReportForm:
    place, numbers = _numbers(rows)
    head = _head(rows[:place], numbers)
    form = blank()
    said = dict(_about(rows))
    for name, value in said.items():
        setattr(form, name, _kept(name, value))
    first = {number: column for column, (number, _) in numbers.items()}
    names = _names(head, after=first["2"])
    form.row_label = " ".join(names[first["2"]][-1:])[: _LONG["row_label"]] or form.row_label
    form.columns = [
        {"number": number, "path": list(_named(names, column, number)), "measure": ""}
        for column, (number, _) in sorted(numbers.items())
        if int(number) >= FIRST
    ]
    if not form.columns:
        raise DomainError("load_few", field="file")
    for earlier, later in pairwise(form.columns):
        if earlier["path"] == later["path"]:
            raise DomainError("load_unnamed", field="file", number=later["number"])
    below = rows[place + 1 :]
    told = [f"({number}){formula}" for number, formula in numbers.values() if formula]
    form.identities = _identities([*told, *_lines(rows, IDENTITY)])
    _mark(form, list(_lines(rows, NEXT)))
    fixed = list(_fixed(below, first["2"]))
    if "row_kind" not in said and fixed:
        form.row_kind = RowKind.FIXED
    form.fixed_rows = fixed if form.row_kind == RowKind.FIXED else []
    return form


def _texts(row: TableRow) -> list[str]:
    return ["" if isinstance(cell, datetime) else one_line(cell) for cell in row.cells]


def _numbers(rows: Sequence[TableRow]) -> tuple[int, dict[int, tuple[str, str]]]:
    """The line of column numbers: where it is, and by column its number and identity."""
    for place, row in enumerate(rows):
        told = {column: _NUMBER.fullmatch(text) for column, text in enumerate(_texts(row)) if text}
        found = {
            column: (match[1], match[2] or "")
            for column, match in told.items()
            if match is not None
        }
        numbers = [int(number) for number, _ in found.values()]
        if len(found) == len(told) >= FIRST and numbers == list(range(1, len(numbers) + 1)):
            return place, found
    raise DomainError("load_numbers", field="file")


def _head(above: Sequence[TableRow], numbers: Mapping[int, object]) -> list[list[str]]:
    """The lines of the head, the uppermost first: the nearest one that names the first two columns,
    and all between.
    """
    order, label = sorted(numbers)[:2]
    width = max(numbers) + 1
    found: list[list[str]] = []
    for row in reversed(above):
        texts = (_texts(row) + [""] * width)[:width]
        found.insert(0, texts)
        if texts[order] and texts[label]:
            return found
    raise DomainError("load_heads", field="file")


def _names(head: Sequence[Sequence[str]], *, after: int) -> list[tuple[str, ...]]:
    """The path of every column. An empty cell belongs to the one at its left where both lie below
    the same group, else to the one above; groups are of the columns `after` the name of the row.
    """
    width = len(head[0])
    paths: list[tuple[str, ...]] = [() for _ in range(width)]
    for texts in head:
        before = list(paths)
        group = ""
        for column in range(width):
            is_beside = column > after + 1 and before[column] == before[column - 1]
            group = texts[column] or (group if is_beside else "")
            if group:
                paths[column] = (*before[column], group)
    return paths


def _named(names: Sequence[tuple[str, ...]], column: int, number: str) -> tuple[str, ...]:
    """Errors: DomainError("load_unnamed")."""
    if not names[column]:
        raise DomainError("load_unnamed", field="file", number=number)
    return names[column]


def _about(rows: Sequence[TableRow]) -> Iterator[tuple[str, str]]:
    known = {fold(words): name for name, words in ABOUT.items()}
    for row in rows:
        texts = [text for text in _texts(row) if text]
        name = known.get(fold(texts[0]).rstrip(": ")) if len(texts) > 1 else None
        if name is not None:
            yield name, texts[1]


def _lines(rows: Sequence[TableRow], begins: str) -> Iterator[str]:
    """What stands beside, or behind, a name in the first cell."""
    for row in rows:
        first, *rest = [text for text in _texts(row) if text] or [""]
        if fold(first).startswith(fold(begins)):
            behind = first.partition(":")[2].strip()
            yield from (text for text in (behind, *rest) if "=" in text)


def _fixed(rows: Sequence[TableRow], column: int) -> Iterator[str]:
    """The names of rows below the numbers; not of the total, nor of what is said of the form."""
    kept = {fold(words) for words in (IDENTITY, NEXT, *ABOUT.values())}
    for row in rows:
        texts = _texts(row)
        label = texts[column] if column < len(texts) else ""
        first = next((text for text in texts if text), "")
        is_total = fold(label).startswith(("tong so", "tong cong"))
        if has_letter(label) and not is_total and not fold(first).startswith(tuple(kept)):
            yield label[:200]


def _identities(lines: Sequence[str]) -> list[Any]:
    """Errors: DomainError("load_identity")."""
    try:
        found = [one for line in lines for one in notation.read_all(line)]
    except notation.NotRead as error:
        raise DomainError("load_identity", field="file", why=str(error)) from error
    return [one for place, one in enumerate(found) if one not in found[:place]]


def _mark(form: ReportForm, lines: Sequence[str]) -> None:
    """Which column is carried over from which one of the period before: "(4) = (12)". More than that
    is for who looks at it to mend (NewForm). Errors: DomainError("load_identity").
    """
    marks: dict[str, str] = {}
    for carried, left in _identities(lines):
        marks |= dict.fromkeys(left, OPEN) | {carried: CARRIED}
    for one in form.columns:
        one["measure"] = marks.get(one["number"], "")


def chain_of(form: ReportForm) -> str:
    by = {one.measure: one.number for one in form.columns_of()}
    return f"({by[CARRIED]}) = ({by[OPEN]})" if MARKS.keys() <= by.keys() else ""
