"""A city's 07a/BTP as one meets it: an empty first column, several header rows with merged cells, a row
of formulas, figures that are texts with a dot for thousands, names in decomposed letters.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from unicodedata import normalize

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from onestop.accounts.models import Agency
from reports.bringing import files
from reports.models import BroughtFile
from reports.periods import Period, parse
from tests.reports.conftest import Province
from tests.world import make_agency, vn

PERIOD = parse("2026Q4")
AT = vn("15/12/2026 08:00")
NAME = "tong-hop-07a.xlsx"
TITLES = (
    ["", "BIỂU TỔNG HỢP TÌNH HÌNH GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH"],
    ["", "Kỳ báo cáo: Quý IV năm 2026"],
    [],
)
HEAD = (
    ["", "STT", "Đơn vị", "Số hồ sơ tiếp nhận", "", "", "", "", "", "Số hồ sơ đã giải quyết", "", "", "",
     "Số hồ sơ đang giải quyết", "", ""],
    ["", "", "", "Tổng số", "Trực tuyến", "", "Trực tiếp", "Bưu chính", "Từ kỳ trước chuyển qua",
     "Tổng số", "Trước hạn", "Đúng hạn", "Quá hạn", "Tổng số", "Trong hạn", "Quá hạn"],
    ["", "", "", "", "Toàn trình", "Một phần"],
    ["", "(1)", "(2)", "(3)=(4)+(5)+(6)+(7)+(8)", *(f"({n})" for n in range(4, 16))],
)  # fmt: skip
# As the law's table has them: (4)…(8), (10)…(12), (14), (15).
FIRST = (1000, 4, 200, 10, 20, 1100, 100, 3, 30, 1)
SECOND = (7, 0, 5, 0, 1, 6, 4, 0, 2, 1)


def line(number: int, name: str, parts: tuple[int, ...], *, dots: bool = True) -> list[Any]:
    """One line of the table; thousands with a dot, as text."""
    got, done, still = parts[:5], parts[5:8], parts[8:]
    values = [sum(got), *got, sum(done), *done, sum(still), *still]
    texts = [f"{value:,}".replace(",", ".") if dots else value for value in values]
    return ["", number, normalize("NFD", name), *texts]


def sheet(*lines: list[Any], head: tuple[list[Any], ...] = HEAD) -> bytes:
    into = io.BytesIO()
    book = xlsxwriter.Workbook(into, {"strings_to_numbers": False})
    page = book.add_worksheet()
    total = ["", "", "Tổng số", *["1.234"] * 13]
    signed = [["", "", "Người lập biểu", "", "", "", "Thủ trưởng đơn vị"]]
    for number, row in enumerate([*TITLES, *head, *lines, total, *signed]):
        for column, value in enumerate(row):
            if value != "":
                page.write(number, column, value)
    book.close()
    return into.getvalue()


@dataclass
class Units:
    """Three that do not work with this system, below the province."""

    province: Province
    first: Agency
    second: Agency
    third: Agency


def units(province: Province) -> Units:
    made = (
        make_agency(f"Ủy ban nhân dân {name}", parent=province.agency)
        for name in ("xã Hòa Đồng", "phường Tam Thanh", "xã Đồng Sơn")
    )
    return Units(province, *made)


def uploaded(
    place: Units, content: bytes, *, at: datetime = AT, name: str = NAME, period: Period = PERIOD
) -> BroughtFile:
    """Its columns are confirmed as they are guessed."""
    province = place.province
    upload = SimpleUploadedFile(name, content)
    row = files.start(upload, agency=province.agency, period=period, by=province.controller, at=at)
    if row.stage == BroughtFile.Stage.OPEN:
        files.confirm_columns(row, files.columns_in(row, files.rows_of(row)))
    return row


def seen(row: BroughtFile, at: datetime = AT) -> files.Preview:
    rows = files.rows_of(row)
    return files.preview(row, files.columns_in(row, rows), rows, at)


def recorded(place: Units, content: bytes, *, at: datetime = AT, **more: Any) -> BroughtFile:
    row = uploaded(place, content, at=at, **more)
    files.record(row, by=place.province.controller, at=at)
    return row
