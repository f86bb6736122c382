"""What a printed report says: its rows and cells as texts, and the whole as one HTML document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string

from reports.figures import Row, Table
from reports.models import Source
from reports.rendering.beside import quarters
from reports.rendering.heads import head_rows
from reports.rendering.texts import NO_DATA, cell, written

EMPTY = "Không có hồ sơ nào trong kỳ."
NOTHING = "Không phát sinh trong kỳ."
_ROMAN = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
GOVERNMENT_OFFICE = "Văn phòng Chính phủ"
MANY = 18
NATION = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
ADJUSTED = ("Dòng", "Mã hồ sơ", "Đã ký ở cột", "Nay ở cột", "Xảy ra", "Ghi nhận")
PLACE = "…………, ngày …… tháng …… năm ………"
SIGNERS = (
    ("NGƯỜI LẬP BIỂU", "(Ký, ghi rõ họ tên)"),
    ("THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ", "(Ký, đóng dấu, ghi rõ họ tên)"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A row as printed: its order, and texts cell by cell."""

    order: str
    row: Row
    cells: tuple[str, ...]


def html(table: Table, *, state: str = "draft") -> str:
    """The whole document."""
    context = {
        "table": table,
        "form": table.form,
        "heads": head_rows(table.columns),
        "lines": lines(table),
        "total": total_line(table) if table.total is not None else None,
        "receiver": receiver(table),
        "carried_over": carried_over(table) if table.carried_over else "",
        "adjusted_heads": ADJUSTED,
        "adjustments": list(adjusted(table)),
        "transfers": list(transfers(table)),
        "quarters": quarters(table),
        "nation": NATION,
        "place": PLACE,
        "signers": signers(table),
        "empty": nothing(table),
        "is_list": is_list(table),
        "is_wide": is_wide(table),
        "is_signed": state == "signed",
        "cut": written(table.cut, seconds=True),
    }
    return render_to_string("reports/statutory.html", context)


KEEPERS = (
    ("NGƯỜI GIỮ SỔ", "(Ký, ghi rõ họ tên)"),
    ("NGƯỜI PHỤ TRÁCH BỘ PHẬN MỘT CỬA", "(Ký, đóng dấu, ghi rõ họ tên)"),
)


def signers(table: Table) -> tuple[tuple[str, str], ...]:
    """Who signs below: a book is signed by those who keep it (TT 01/2018 Đ10)."""
    return KEEPERS if table.form.code == "register" else SIGNERS


def nothing(table: Table) -> str:
    """What a table without rows says."""
    return NOTHING if table.form.source == Source.ENTERED else EMPTY


def is_list(table: Table) -> bool:
    return table.form.source == Source.LIST


def is_wide(table: Table) -> bool:
    """Whether it has more columns than stand side by side in the usual size."""
    return not is_list(table) and len(table.columns) > MANY


def receiver(table: Table) -> str:
    """Who is reported to."""
    above = table.scope.agency.parent
    return above.name if above is not None else GOVERNMENT_OFFICE


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


def carried_over(table: Table) -> str:
    """What the signed report before and this one differ by, as a sentence."""
    over = {name: cell(value) for name, value in table.carried_over.items()}
    files = f", số liệu từ tệp {over['by_files']}" if table.carried_over.get("files") else ""
    return (
        f"Kỳ trước chuyển qua: cột (11) của báo cáo kỳ trước đã ký {over['signed_open']},"
        f" điều chỉnh {over['adjusted']}, chuyển cơ quan, lĩnh vực {over['transferred']}{files};"
        f" cột (6) kỳ này {over['carried']}."
    )


def transfers(table: Table) -> Iterator[str]:
    """What moved between offices and fields, and what files say otherwise than the period before."""
    for one in table.carried_over.get("transfers", ()):
        turned = one["turned"]
        went = "chuyển đến" if turned > 0 else "chuyển đi" if turned < 0 else "chuyển lĩnh vực"
        yield f"{one['row']}: hồ sơ {one['code']} {went}"
    for one in table.carried_over.get("files", ()):
        then, now = cell(one["before"]), cell(one["after"])
        yield f"{one['row']}: số liệu từ tệp, cột (11) kỳ trước {then}, cột (6) kỳ này {now}"


def lines(table: Table) -> Iterator[Line]:
    """Numbered as the form does: heads I, II, …, what lies below them 1, 2, … anew."""
    head = order = 0
    for row in table.rows:
        if row.is_head:
            head, order = head + 1, 0
            yield _line(_roman(head), row, table)
        else:
            order += 1
            yield _line(row.order or str(order), row, table)


def _roman(number: int) -> str:
    found = ""
    for value, letters in _ROMAN:
        while number >= value:
            found, number = found + letters, number - value
    return found


def total_line(table: Table) -> Line:
    assert table.total is not None
    return _line("", table.total, table)


def _line(order: str, row: Row, table: Table) -> Line:
    counts = not is_list(table)
    values = (row.values.get(one.number) for one in table.columns)
    return Line(order, row, tuple(cell(value, counts=counts) for value in values))
