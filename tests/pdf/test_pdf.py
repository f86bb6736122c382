"""The door to WeasyPrint: right letters, nothing fetched, a sentence when the machine lacks
something.
"""

import gc
import importlib.util
import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from onestop import pdf

VIETNAMESE = "Cộng hòa xã hội chủ nghĩa Việt Nam: Ờ ở ỡ ợ Ữ ử Ẵ ẫ Ễ ệ Ộ ỗ Đ đ ỹ ỵ"
PAGE = "<html lang=vi><head><title>Phiếu</title></head><body><p>{}</p></body></html>"


@pytest.mark.pdf
def test_vietnamese_text_comes_out_as_it_went_in():
    reader = PdfReader(io.BytesIO(pdf.render(PAGE.format(VIETNAMESE))))
    assert VIETNAMESE in " ".join(reader.pages[0].extract_text().split())
    assert reader.metadata is not None
    assert reader.metadata.title == "Phiếu"


@pytest.mark.pdf
def test_a_style_sheet_of_ours_sets_the_page(tmp_path: Path):
    sheet = tmp_path / "a5.css"
    sheet.write_text("@page { size: A5; margin: 10mm }", "utf-8")
    for _ in range(2):
        box = (
            PdfReader(io.BytesIO(pdf.render(PAGE.format("x"), stylesheets=(sheet,))))
            .pages[0]
            .mediabox
        )
        assert (round(float(box.width) * 25.4 / 72), round(float(box.height) * 25.4 / 72)) == (
            148,
            210,
        )
    assert pdf._stylesheet.cache_info().hits >= 1


@pytest.mark.pdf
def test_nothing_is_fetched_but_data_addresses(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    secret = tmp_path / "secret.svg"
    secret.write_text("<svg xmlns='http://www.w3.org/2000/svg'><text>hidden</text></svg>")
    out = pdf.render(
        PAGE.format(f"<img src='{secret.as_uri()}'><img src='http://127.0.0.1:9/x.png'>")
    )
    assert "hidden" not in PdfReader(io.BytesIO(out)).pages[0].extract_text()
    assert "disallowed protocol" in caplog.text


def test_the_references_to_pages_are_those_that_the_library_makes():
    """Of its own module, loaded anew: ours is put in its place once and for all."""
    spec = importlib.util.find_spec("pydyf")
    assert spec is not None
    assert spec.loader is not None
    library = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(library)
    document = library.PDF()
    for pages in (1, 2, 12):
        while document.pages["Count"] < pages:
            document.add_page(library.Dictionary())
        assert pdf._page_references(document) == document.page_references
        assert len(document.page_references) == pages


@pytest.mark.pdf
def test_the_collector_rests_only_while_a_document_is_laid_out():
    assert gc.isenabled()
    pdf.render(PAGE.format("x"))
    assert gc.isenabled()


@pytest.mark.pdf
def test_this_machine_has_what_slips_need():
    assert pdf.problems() == []


def test_a_missing_library_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch):
    def missing():
        raise pdf.PdfUnavailable(f"Thiếu thư viện. Chạy: {pdf.INSTALL}")

    monkeypatch.setattr(pdf, "_weasyprint", missing)
    assert pdf.INSTALL in pdf.problems()[0]
    assert "libharfbuzz-subset0" in pdf.INSTALL
    assert "fonts-liberation2" in pdf.INSTALL


@pytest.mark.pdf
def test_a_slow_or_wrong_machine_is_told_so(monkeypatch: pytest.MonkeyPatch):
    from weasyprint.text import ffi

    monkeypatch.setattr(ffi, "harfbuzz_subset", None)
    monkeypatch.setattr(pdf, "TIMES_METRIC", ("Tinos",))
    slow, wrong = pdf.problems()
    assert "apt-get install -y libharfbuzz-subset0" in slow
    assert "Liberation Serif" in wrong
    assert "apt-get install -y fonts-liberation2" in wrong
