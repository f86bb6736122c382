"""A table as the law prints it: one HTML, and the PDF made of it (A4 landscape)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from pypdf import PdfWriter

from onestop import pdf as printing
from onestop.worktime import VN
from reports.figures import Row, Table
from reports.rendering.heads import head_rows

NO_DATA = "—"
ROMAN = ("I", "II", "III", "IV", "V", "VI")
# Rows that one layout holds at most: lines of figures, and of texts.
PART, PART_OF_LIST = 200, 80
GOVERNMENT_OFFICE = "Văn phòng Chính phủ"


@dataclass(frozen=True, slots=True)
class Line:
    """A row as printed: its order, and texts cell by cell."""

    order: str
    row: Row
    cells: tuple[str, ...]


def stylesheet() -> Path:
    return Path(settings.BASE_DIR) / "static" / "reports.css"


def html(table: Table, *, state: str = "draft") -> str:
    """The whole document."""
    return _drawn(_context(table, state), list(lines(table)))


def pdf(table: Table, *, state: str = "draft") -> bytes:
    """The same on paper. A long list is laid out in parts and joined: memory holds one of them."""
    context, found = _context(table, state), list(lines(table))
    size = PART_OF_LIST if context["is_list"] else PART
    if len(found) <= size:
        return _printed(_drawn(context, found))
    joined = PdfWriter()
    count = -(-len(found) // size)
    for number in range(count):
        part = found[number * size : (number + 1) * size]
        shown = {"part": f"Phần {number + 1}/{count}, ", "first": number == 0}
        drawn = _drawn(context | shown | {"last": number == count - 1}, part)
        # Marks of structure do not survive joining, and cost a third of the time.
        joined.append(BytesIO(_printed(drawn, variant=None)), import_outline=False)
    into = BytesIO()
    joined.write(into)
    return into.getvalue()


def _printed(text: str, *, variant: str | None = "pdf/ua-1") -> bytes:
    return printing.render(text, stylesheets=(stylesheet(),), variant=variant)


def _drawn(context: dict[str, Any], found: list[Line]) -> str:
    return render_to_string("reports/statutory.html", context | {"lines": found})


def _context(table: Table, state: str) -> dict[str, Any]:
    agency = table.scope.agency
    return {
        "table": table,
        "form": table.form,
        "heads": head_rows(table.columns),
        "total": _line("", table.total, table) if table.total is not None else None,
        "agency": agency,
        "adjustments": list(adjusted(table)),
        "receiver": agency.parent.name if agency.parent is not None else GOVERNMENT_OFFICE,
        "is_list": table.total is None,
        "is_signed": state == "signed",
        "cut": written(table.cut, seconds=True),
        "first": True,
        "last": True,
    }


def adjusted(table: Table) -> Iterator[tuple[str, ...]]:
    """Each adjustment as printed: row, dossier, columns before and after, both dates."""
    for one in table.carried_over.get("adjustments", ()):
        dates = (one["happened_at"], one["recorded_at"])
        yield (
            one["row"],
            one["code"],
            *(
                " ".join(f"({number})" for number in one[side]) or NO_DATA
                for side in ("before", "after")
            ),
            *(written(datetime.fromisoformat(at)) if at else NO_DATA for at in dates),
        )


def lines(table: Table) -> Iterator[Line]:
    """Numbered as the form does: heads I, II, …, what lies below them 1, 2, … anew."""
    head = order = 0
    for row in table.rows:
        if row.is_head:
            head, order = head + 1, 0
            yield _line(ROMAN[head - 1], row, table)
        else:
            order += 1
            yield _line(str(order), row, table)


def _line(order: str, row: Row, table: Table) -> Line:
    return Line(order, row, tuple(cell(row.values.get(one.number)) for one in table.columns))


def cell(value: Any) -> str:
    """Nothing recorded is “—”, never 0."""
    if value is None:
        return NO_DATA
    if isinstance(value, datetime):
        return written(value)
    return f"{value:,}".replace(",", ".") if isinstance(value, int) else str(value)


def written(at: datetime, *, seconds: bool = False) -> str:
    here = at.astimezone(VN)
    clock = "%H:%M:%S" if seconds else "%H:%M"
    return f"{here.strftime(clock)} ngày {here:%d/%m/%Y}"
