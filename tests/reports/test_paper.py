"""Reports on paper: rows once and in order over as many pages as they take, heads on each of them,
page numbers of the whole, signatures that never stand alone, the same bytes for the same table.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from onestop.accounts.models import Agency
from onestop.pdf import PdfUnavailable
from reports import rendering
from reports.figures import Row, Scope, Table
from reports.figures.tables import Beside
from reports.form_data import shipped
from reports.models import ReportForm
from reports.periods import parse
from reports.rendering import letters
from reports.rendering.below import BESIDE, LABELS, VALUES_AT
from reports.rendering.letters import REGULAR, Style, load_faces, width, wrapped
from reports.rendering.sheets import BOTTOM, HIGH, LEFT
from tests.world import vn

pytestmark = pytest.mark.pdf
CUT = vn("15/12/2026 00:00")
NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"


@pytest.fixture
def agency(monkeypatch: pytest.MonkeyPatch) -> Agency:
    """An office without a database."""
    found = Agency(pk=1, code="H37.01", name="Ủy ban nhân dân xã Bình Minh", path="1/")
    monkeypatch.setattr(Scope, "agency", found)
    return found


def of(agency: Agency, code: str, rows: int, **more: Any) -> Table:
    row = next(one for one in shipped() if one["code"] == code)
    form = ReportForm(**row | {"effective_from": date.fromisoformat(row["effective_from"])})
    columns = form.columns_of()
    made = tuple(
        Row(
            f"{n}",
            _label(form, n),
            {one.number: _value(one.measure, n) for one in columns},
            order=str(2000 + n) if code == "register" else "",
        )
        for n in range(rows)
    )
    total = None
    if form.is_signed_form:
        total = Row("total", "Tổng số", {one.number: 1234567 for one in columns})
    return Table(form, columns, Scope.of(agency), parse("2026Q4"), CUT, made, total, **more)


def _label(form: ReportForm, number: int) -> str:
    return f"Lĩnh vực {number}" if form.is_signed_form else f"H37.01-261123-{number:04d}"


def _value(measure: str, number: int) -> Any:
    words = {
        "procedure": "Đăng ký khai sinh có yếu tố nước ngoài tại khu vực biên giới " * (number % 3),
        "owner": "Nguyễn Thị Ánh Tuyết",
        "received": CUT - timedelta(minutes=number),
        "due": None,
        "state": "Đang giải quyết",
    }
    return words.get(measure, number)


def pages(table: Table) -> list[str]:
    read = PdfReader(BytesIO(rendering.pdf(table))).pages
    return [" ".join(one.extract_text().split()) for one in read]


@pytest.mark.parametrize("code", ["II.06a", "07a/BTP", "register", "handovers"])
def test_a_long_table_goes_over_pages_of_one_paper(agency: Agency, code: str) -> None:
    """Every row once, in order; numbered heads on every page; head and signatures once (D.43)."""
    table = of(agency, code, 90)
    found = pages(table)
    text = " ".join(found)
    labels = r"H37\.01-261123-(\d{4})" if table.total is None else r"Lĩnh vực (\d+)"
    told = re.findall(labels, re.sub(r"(?<=-) (?=\d)", "", text))
    assert [int(one) for one in told] == list(range(90))
    assert len(found) > 3
    numbers = " ".join(f"({number})" for number in (1, 2, *(one.number for one in table.columns)))
    assert all(numbers in page for page in found)
    assert [re.findall(r"Trang (\d+/\d+)", page) for page in found] == [
        [f"{number}/{len(found)}"] for number in range(1, len(found) + 1)
    ]
    assert [NATION in page for page in found] == [True] + [False] * (len(found) - 1)
    signs = "NGƯỜI GIỮ SỔ" if code == "register" else "NGƯỜI LẬP BIỂU"
    assert [signs in page for page in found] == [False] * (len(found) - 1) + [True]
    assert all("Bình Minh, Quý IV năm 2026" in page for page in found[1:])


def test_signatures_never_stand_on_a_page_alone(agency: Agency) -> None:
    for rows in (1, 2, *range(8, 16)):
        last = PdfReader(BytesIO(rendering.pdf(of(agency, "II.06a", rows)))).pages[-1]
        text = " ".join(last.extract_text().split())
        for words in (f"Lĩnh vực {rows - 1}", "Tổng số 1.234.567", "THỦ TRƯỞNG"):
            assert words in text, rows


def test_what_was_carried_over_goes_over_pages_too(agency: Agency) -> None:
    one = {
        "row": "Hộ tịch", "before": ["11"], "after": [],
        "happened_at": CUT.isoformat(), "recorded_at": None,
    }  # fmt: skip
    over = {
        "signed_open": 91, "adjusted": -90, "transferred": 1, "carried": 2,
        "adjustments": [one | {"code": f"H37.01-{n}"} for n in range(90)],
        "transfers": [{"row": "Đất đai", "code": "H37.01-X", "turned": -1}],
    }  # fmt: skip
    problem = "Hồ sơ tính hai lần: " + ", ".join(f"H37.01-261123-{n:04d}" for n in range(60))
    found = pages(of(agency, "II.06a", 3, carried_over=over, problems=(problem,)))
    text = " ".join(found)
    assert re.findall(r"Hộ tịch H37.01-(\d+) \(11\) —", text) == [str(n) for n in range(90)]
    assert text.count("Mã hồ sơ Đã ký ở cột") >= 3
    assert "hồ sơ H37.01-X chuyển đi" in text
    assert "H37.01-261123-0059" in found[-1]
    assert "THỦ TRƯỞNG" in found[-1]


def test_as_many_notes_as_a_form_has_go_over_pages_too(agency: Agency) -> None:
    """What stands beside the table, and its notes, are no single piece where they are long."""
    notes = tuple(f"Ghi chú số {n}: gồm cả hồ sơ chờ bổ sung" for n in range(150))
    beside = tuple(Beside(f"b{n}", f"Số liệu bên bảng {n}", n) for n in range(70))
    found = pages(of(agency, "II.06a", 3, notes=notes, beside=beside))
    text = " ".join(found)
    assert re.findall(r"Ghi chú số (\d+):", text) == [str(n) for n in range(150)]
    assert [int(n) for n in re.findall(r"Số liệu bên bảng (\d+) ", text)] == list(range(70))
    assert len(found) > 3
    assert "THỦ TRƯỞNG" in found[-1]
    assert inside(of(agency, "II.06a", 3, notes=notes, beside=beside))


@pytest.mark.parametrize("figure", [123456789, 1234567890, 98765432109])
@pytest.mark.parametrize("code", ["II.06a", "II.06b", "07a/BTP"])
def test_a_figure_is_never_broken_in_its_cell(agency: Agency, code: str, figure: int) -> None:
    table = of(agency, code, 2)
    values = {one.number: figure for one in table.columns}
    rows = tuple(replace(one, values=values) for one in table.rows)
    table = replace(table, rows=rows, total=Row("total", "Tổng số", values))
    lines = PdfReader(BytesIO(rendering.pdf(table))).pages[0].extract_text().split()
    assert lines.count(f"{figure:,}".replace(",", ".")) == 3 * len(values)


def test_the_file_of_a_report_brings_its_style_along(agency: Agency) -> None:
    """Opened by itself it looks like the paper: nothing is asked of a server."""
    text = rendering.html(of(agency, "II.06a", 2))
    assert "<style>" in text
    assert "size: 297mm 210mm" in text
    assert not re.findall(r"(?:href|src)=|url\(|@import", text)


def test_an_empty_list_says_so_and_what_was_signed_is_no_draft(agency: Agency) -> None:
    """Nor is a list ever a draft: nobody signs it before it counts."""
    table = of(agency, "register", 0)
    [page] = pages(table)
    assert "Không có hồ sơ nào trong kỳ." in page
    assert "(dự thảo)" not in page
    assert "(dự thảo)" in pages(of(agency, "II.06a", 0))[0]
    signed = PdfReader(BytesIO(rendering.pdf(table, state="signed")))
    assert "dự thảo" not in signed.pages[0].extract_text()
    assert signed.metadata is not None
    assert signed.metadata.title == "register H37.01 2026Q4"


def test_the_number_of_a_register_has_no_thousands(agency: Agency) -> None:
    """TT is the place in the book (R-85), not a count of the printed lines."""
    [page] = pages(of(agency, "register", 1))
    assert " 2000 H37.01-261123- 0000" in page


def test_lines_fit_their_column_whatever_is_written(agency: Agency) -> None:
    load_faces()
    style, room = Style(REGULAR, 9), 60.0
    assert wrapped("a b", style, room) == ("a b",)
    assert wrapped("", style, room) == ("",)
    assert wrapped("Trần Thị\u200b Hoà\x00 Bình", style, 200) == ("Trần Thị Hoà Bình",)
    assert wrapped("H37.01-261123-0001", style, room) == ("H37.01-261123-", "0001")
    long = "Nguyễn" * 40
    assert "".join(wrapped(long, style, room)) == long
    table = of(agency, "register", 1)
    odd = replace(table.rows[0], label="X" * 90, values={"5": "日本 " + "W" * 90})
    assert len(pages(replace(table, rows=(odd,)))) == 1


def test_a_letter_that_the_face_lacks_is_not_printed_as_nothing(agency: Agency) -> None:
    load_faces()
    style = Style(REGULAR, 9)
    assert wrapped("日本 Ti\u0323n \ue000😀 \u200ea", style, 200) == ("□□ Tịn □□ a",)
    table = of(agency, "register", 1)
    [page] = pages(replace(table, rows=(replace(table.rows[0], values={"5": "李 Văn Páo"}),)))
    assert "□ Văn Páo" in page


def test_a_row_higher_than_a_page_goes_on_upon_the_next(agency: Agency) -> None:
    """A procedure's name may have 1,500 letters; the signatures stand below its end."""
    table = of(agency, "register", 3)
    words = [f"WWWW{n:03d}" for n in range(180)]
    tall = replace(table.rows[2], values={"3": " ".join(words)})
    found = pages(replace(table, rows=(*table.rows[:2], tall)))
    assert re.findall(r"WWWW\d{3}", " ".join(found)) == words
    assert "WWWW179" in found[-1]
    assert "NGƯỜI GIỮ SỔ" in found[-1]
    assert inside(replace(table, rows=(*table.rows[:2], tall)))


def inside(table: Table) -> bool:
    """Whether everything is drawn on the paper, above its foot."""
    low: list[float] = []

    def seen(text: str, _: Any, matrix: list[float], *more: Any) -> None:
        if text.strip() and "Trang" not in text and "chốt" not in text:
            low.append(matrix[5])

    for page in PdfReader(BytesIO(rendering.pdf(table))).pages:
        page.extract_text(visitor_text=seen)
    return min(low) >= HIGH - BOTTOM


def test_figures_below_the_table_have_thousands_and_room(agency: Agency) -> None:
    label = "Hồ sơ tiếp nhận hộ cơ quan khác trong kỳ (tính vào biểu của cơ quan giải quyết)"
    over = {
        "signed_open": 1234567, "adjusted": -1234, "transferred": 0, "carried": 1233333,
        "adjustments": [], "transfers": [],
    }  # fmt: skip
    table = of(agency, "II.06a", 1, beside=(Beside("another", label, 1234567),), carried_over=over)
    told = (
        "đã ký 1.234.567, điều chỉnh -1.234, chuyển cơ quan, lĩnh vực 0; cột (6) kỳ này 1.233.333"
    )
    [page] = pages(table)
    html = " ".join(rendering.html(table).split())
    assert told in page
    assert told in html
    assert "<td>1.234.567</td>" in html
    load_faces()
    wide = max(width(line, BESIDE.face, BESIDE.size) for line in wrapped(label, BESIDE, LABELS))
    assert LEFT + wide < VALUES_AT - width("1.234.567", BESIDE.face, BESIDE.size)


def test_a_machine_without_faces_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "_file", lambda asked: "")
    with pytest.raises(PdfUnavailable, match="fonts-liberation2"):
        load_faces.__wrapped__()


def test_equal_tables_are_equal_bytes(agency: Agency) -> None:
    assert rendering.pdf(of(agency, "II.06a", 2)) == rendering.pdf(of(agency, "II.06a", 2))
