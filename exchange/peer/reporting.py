"""The report that the national side makes of what it holds, as it comes: an empty first column, several
header rows, a row of formulas, texts for numbers with a dot for thousands, names in decomposed letters.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from unicodedata import normalize

import xlsxwriter

from exchange.peer.store import FINAL

ADDRESS, NAME = "/giu/bao-cao.xlsx", "tong-hop-07a.xlsx"
_HEAD: tuple[list[str], ...] = (
    ["", "BIỂU TỔNG HỢP TÌNH HÌNH GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH"],
    [],
    ["", "STT", "Đơn vị", "Số hồ sơ tiếp nhận", "Số hồ sơ đã giải quyết", "Số hồ sơ đang giải quyết"],
    ["", "", "", "Tổng số", "Tổng số", "Tổng số"],
    ["", "(1)", "(2)", "(3)", "(4)", "(5)"],
)  # fmt: skip


def report(dossiers: Iterable[Mapping[str, Any]], *, above: int) -> bytes:
    """A sheet, one line a unit. `above`: so many dossiers more than it was told of stand as received and
    open in the first line, as where other systems tell of them too.
    """
    got: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for one in dossiers:
        unit = str(one.get("DonViXuLy") or one.get("MaDonVi") or "Chưa rõ đơn vị")
        got[unit] += 1
        done[unit] += one.get("TrangThaiHoSo") in FINAL
    names = sorted(got) or ["Chưa rõ đơn vị"]
    got[names[0]] += above
    lines = [
        ["", str(number), normalize("NFD", name), *map(_dotted, _figures(got[name], done[name]))]
        for number, name in enumerate(names, start=1)
    ]
    into = io.BytesIO()
    book = xlsxwriter.Workbook(into, {"strings_to_numbers": False})
    page = book.add_worksheet()
    total = ["", "", "Tổng số", *map(_dotted, _figures(got.total(), done.total()))]
    for number, row in enumerate([*_HEAD, *lines, total]):
        page.write_row(number, 0, row)
    book.close()
    return into.getvalue()


def _figures(got: int, done: int) -> tuple[int, int, int]:
    return got, done, got - done


def _dotted(number: int) -> str:
    return f"{number:,}".replace(",", ".")
