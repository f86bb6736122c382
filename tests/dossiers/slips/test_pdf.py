"""Form 01 as a PDF: size, pages, text and the fonts a Vietnamese paper needs."""

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from pypdf import PdfReader
from pypdf._text_extraction import mult

from dossiers.slips import render_html, slip_stylesheet
from dossiers.slips.contexts import PaperLine
from onestop import pdf
from procedures.reading.conditions import Published, read_conditions
from tests.dossiers.slips import samples
from tests.dossiers.slips.samples import snapshot
from tests.world import vn

pytestmark = [pytest.mark.slow, pytest.mark.pdf]
MM = 25.4 / 72
CATALOGUE = Path(settings.BASE_DIR) / "data" / "catalogue.json"


def make(slip: Any, **options: Any) -> PdfReader:
    return PdfReader(
        io.BytesIO(
            pdf.render(render_html(snapshot(slip), **options), stylesheets=(slip_stylesheet(),))
        )
    )


def sizes(reader: PdfReader) -> list[tuple[int, int]]:
    return [
        (round(float(page.mediabox.width) * MM), round(float(page.mediabox.height) * MM))
        for page in reader.pages
    ]


def test_form_01_is_one_page_of_a5_with_eight_papers() -> None:
    reader = make(samples.receipt(8), copies=1)
    assert sizes(reader) == [(148, 210)]
    said = reader.pages[0].extract_text()
    for words in (
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        samples.CODE,
        "17 giờ 00 phút, ngày 30 tháng 11 năm 2026",
        "Trang 1/1",
        "Phiếu số 123/TNHS",
    ):
        assert words in said


def test_two_copies_are_two_pages_of_a5_or_one_sheet_of_a4() -> None:
    assert sizes(make(samples.receipt(8), copies=2)) == [(148, 210)] * 2
    assert sizes(make(samples.receipt(8), copies=2, layout="a4x2")) == [(297, 210)]


def test_a_long_checklist_flows_with_head_and_page_numbers_of_each_copy() -> None:
    reader = make(samples.receipt(50), copies=2)
    said = [page.extract_text() for page in reader.pages]
    assert len(said) == 4
    assert [
        "Trang 1/2" in said[0],
        "Trang 2/2" in said[1],
        "Trang 1/2" in said[2],
        "Trang 2/2" in said[3],
    ] == [True] * 4
    assert "(tiếp theo)" in said[1]
    assert "(tiếp theo)" not in said[2]
    assert all(samples.CODE in page for page in said), "every page says whose it is"
    assert len(make(samples.receipt(50), copies=2, layout="a4x2").pages) == 2


def test_a_void_slip_bears_its_mark_across_and_takes_no_more_room() -> None:
    [page] = make(samples.receipt(8), copies=1, voided_at=vn("23/11/2026 10:00")).pages
    slanted: list[str] = []

    def look(text: str, matrix: list[float], own: list[float], *_: Any) -> None:
        if abs(mult(own, matrix)[1]) > 0.1:
            slanted.append(text)

    page.extract_text(visitor_text=look)
    assert "".join(slanted).split() == ["ĐÃ", "HỦY", "23/11/2026"]


def test_documents_take_a4() -> None:
    assert sizes(make(samples.stop())) == [(210, 297)]
    assert set(sizes(make(samples.control_sheet(rounds=3)))) == {(148, 210)}
    assert set(sizes(make(samples.control_sheet(rounds=3), layout="a4"))) == {(210, 297)}


def test_the_letters_are_of_one_family_with_the_widths_of_times() -> None:
    fonts = {
        str(font["/BaseFont"])
        for page in make(samples.receipt(3), copies=1).pages
        for font in _fonts(page)
    }
    assert fonts
    assert all(
        "Liberation-Serif" in name or "LiberationSerif" in name or "Times" in name for name in fonts
    ), fonts


def _fonts(page: Any) -> list[Any]:
    return [font.get_object() for font in page["/Resources"]["/Font"].values()]


@pytest.mark.parametrize(
    ("papers", "density"), [(0, "snug"), (2, "snug"), (4, "dense"), (12, "dense"), (16, "tight")]
)
def test_letters_shrink_only_as_far_as_one_page_needs(papers: int, density: str) -> None:
    lines = tuple(
        PaperLine(name=f"Giấy tờ thứ {i} của thủ tục", originals=1) for i in range(papers)
    )
    slip = replace(samples.receipt(0), papers=lines)
    assert slip.density == density
    assert len(make(slip, copies=1).pages) == 1


# Ordinary procedures of the real catalogue whose papers have long names.
LONG_NAMED = ("1.001193", "1.004873", "1.001022", "1.000894", "2.000635", "3.000323")


@pytest.mark.parametrize("code", LONG_NAMED)
def test_ordinary_procedures_with_long_paper_names_take_one_page(code: str) -> None:
    record = next(r for r in json.loads(CATALOGUE.read_text("utf-8")) if r["code"] == code)
    papers = [
        c["name"]
        for c in record["components"]
        if c.get("originals") and not read_conditions([Published(c["name"])]).lines[0].is_optional
    ]
    lines = tuple(PaperLine(name=name, originals=1) for name in papers)
    slip = replace(samples.receipt(0), papers=lines, content=record["name"])
    assert len(lines) >= 3
    assert slip.lists_papers, "the numbered list of the official form is wider than the table"
    reader = make(slip, copies=1)
    assert len(reader.pages) == 1
    said = " ".join(reader.pages[0].extract_text().split())
    assert all(" ".join(line.bare_name.split())[-25:] in said for line in lines), "no name is cut"
    assert said.count(": 01 bản chính") == len(lines)
