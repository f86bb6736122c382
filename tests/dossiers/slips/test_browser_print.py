"""What the browser prints of a slip's page has as many sheets of the same size as its PDF: no blank
one behind a full page, no feet on a second one.
"""

import io
import os
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader
from pypdf._text_extraction import mult

from dossiers.slips import render_html, render_page, render_together, slip_stylesheet
from dossiers.slips.contexts import PaperLine, Receipt
from onestop import pdf
from tests.dossiers.slips import samples, shown
from tests.dossiers.slips.samples import snapshot

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
CSS = Path(slip_stylesheet())
MM = 25.4 / 72
BROWSER_CSS = CSS.with_name("slips_browser.css")


@pytest.fixture(scope="module")
def page(chromium: "Browser") -> "Iterator[Page]":
    """What is printed stands in the page by itself: one does for all."""
    one = chromium.new_page()
    yield one
    one.close()


def sheets(content: bytes) -> list[tuple[int, int]]:
    """The width and height of each page, in mm."""
    boxes = (page.mediabox for page in PdfReader(io.BytesIO(content)).pages)
    return [(round(float(b.width) * 25.4 / 72), round(float(b.height) * 25.4 / 72)) for b in boxes]


def of_browser(page: "Page", html: str) -> bytes:
    """What Chromium prints of a page that a clerk prints from."""
    page.set_content(html)
    for css in (CSS, BROWSER_CSS):
        page.add_style_tag(content=css.read_text("utf-8"))
    content: bytes = page.pdf(prefer_css_page_size=True)
    return content


def printed(page: "Page", about: dict[str, Any], **how: Any) -> list[tuple[int, int]]:
    return sheets(of_browser(page, render_page(about, **how)))


def stored(about: dict[str, Any], **how: Any) -> list[tuple[int, int]]:
    return sheets(pdf.render(render_html(about, **how), stylesheets=(CSS,)))


def _papers(count: int, words: int) -> Receipt:
    """A receipt with so many papers, each with a name of so many words."""
    lines = tuple(
        PaperLine(
            name="Giấy tờ số " + " ".join(["theo quy định của pháp luật"] * words), originals=1
        )
        for _ in range(count)
    )
    return replace(samples.receipt(0), papers=lines)


@pytest.mark.parametrize(("layout", "copies"), [("a5", 1), ("a5", 2), ("a4x2", 2)])
def test_a_receipt_takes_as_many_sheets_from_the_browser_as_in_its_pdf(
    page: "Page", layout: str, copies: int
) -> None:
    """From nearly empty over every step of smaller letters to more than a page: never more; fewer
    only where the smallest letters fill the last line, which the browser may still get in.
    """
    wrong = []
    for words, counts in ((1, (0, 3, 4, 5, 9, 10, 18, 19, 20)), (5, (2, 5, 7, 9, 11))):
        for count in counts:
            slip = _papers(count, words)
            about = snapshot(slip)
            how = {"copies": copies, "layout": layout}
            on_paper, in_pdf = printed(page, about, **how), stored(about, **how)
            fewer = len(on_paper) < len(in_pdf) and slip.density == "tight"
            if on_paper != in_pdf and not fewer:
                wrong.append((words, count, on_paper, in_pdf))
    assert wrong == []


# Texts that people write as long as they like, or that the catalogue has so, in phrases; in a row of
# a table they are shorter. Rows of which there may be many.
PHRASE = "theo quy định của pháp luật"
LONG_TEXTS = {
    "content": 16, "reason": 60, "fee_consequence": 12, "stage": 8, "legal_basis": 16, "obligation": 8, "name": 6,
    "address": 8, "unit": 6, "giver_unit": 3, "receiver_unit": 3,
}  # fmt: skip
ROW_TEXTS = {"name": 5, "content": 5, "note": 2, "giver_unit": 1, "receiver_unit": 1, "address": 1}
MANY_ROWS = ("items", "blocks", "lines")


def longer(value: Any, times: float, texts: dict[str, int] = LONG_TEXTS) -> Any:
    """The same slip with long texts, and with many rows."""
    changes: dict[str, Any] = {}
    for field in fields(value):
        now = getattr(value, field.name)
        if field.name in MANY_ROWS:
            rows = [longer(row, min(times, 1), ROW_TEXTS) for row in now]
            changes[field.name] = tuple(rows * max(int(4 * times), 1))
        elif is_dataclass(now) and field.name in ("owner", "submitter"):
            changes[field.name] = longer(now, times)
        elif isinstance(now, str) and now and field.name in texts:
            changes[field.name] = " ".join([now, *[PHRASE] * int(texts[field.name] * times)])
    return replace(value, **changes)


def _how(one: shown.Shown) -> tuple[dict[str, Any], dict[str, Any]]:
    about = snapshot(one.slip) if one.slip.code else snapshot(one.slip, url="")
    return about, {"copies": one.copies, "layout": one.layout}


@pytest.mark.parametrize("layout", ["a5", "a4x2"])
def test_slips_printed_together_take_what_each_takes(page: "Page", layout: str) -> None:
    """By one press, in two copies: no blank sheet between them."""
    refusals = (shown.refused_after_appraisal(), longer(shown.refused_at_counter(), 1))
    how = {"copies": 2, "layout": layout}
    slips = [snapshot(slip) for slip in refusals] + [snapshot(shown.hand_over_list(), url="")]
    each = [stored(about, **how) for about in slips]
    assert sheets(of_browser(page, render_together(slips, **how))) == [
        one for of in each for one in of
    ]


def _where(content: bytes, word: str) -> tuple[float, float, float]:
    """Where a word of the first page begins, in mm from its upper left, and how large it is."""
    found: list[tuple[float, float, float]] = []

    def look(text: str, matrix: list[float], own: list[float], font: Any, size: float) -> None:
        if word in text and not found:
            a = mult(own, matrix)
            found.append((a[4] * MM, height - a[5] * MM, abs(a[0]) * size * MM))

    page = PdfReader(io.BytesIO(content)).pages[0]
    height = float(page.mediabox.height) * MM
    page.extract_text(visitor_text=look)
    return found[0]


@pytest.mark.parametrize("one", shown.everything(), ids=lambda one: one.name)
def test_every_kind_of_slip_does_and_is_as_large(page: "Page", one: shown.Shown) -> None:
    """What sticks out of a page makes Chromium print the sheet smaller: nothing may."""
    about, how = _how(one)
    in_pdf = pdf.render(render_html(about, **how), stylesheets=(CSS,))
    on_paper = of_browser(page, render_page(about, **how))
    assert sheets(on_paper) == sheets(in_pdf)
    assert _where(on_paper, "CỘNG")[2] == pytest.approx(_where(in_pdf, "CỘNG")[2], rel=0.004)


# Each kind with each length; without LONG=1 in turn with one of them.
LENGTHS = (0.3, 1, 2.2)
LONGER = [
    pytest.param(one, times, id=f"{one.name}-{times}")
    for number, one in enumerate(shown.everything())
    for turn, times in enumerate(LENGTHS)
    if os.environ.get("LONG") or number % len(LENGTHS) == turn
]


@pytest.mark.parametrize(("one", "times"), LONGER)
def test_so_does_one_with_long_texts_and_many_rows(
    page: "Page", one: shown.Shown, times: float
) -> None:
    about, how = _how(replace(one, slip=longer(one.slip, times)))
    assert printed(page, about, **how) == stored(about, **how)


@pytest.mark.parametrize("layout", ["a5", "a4x2", "a4"])
def test_what_the_bar_says_moves_the_print_and_changes_nothing_else(
    page: "Page", layout: str
) -> None:
    slip = shown.stop() if layout == "a4" else shown.receipt(shown.FEW)
    html = render_page(snapshot(slip), copies=2, layout=layout)
    moved = html.replace(
        '<html lang="vi"', '<html lang="vi" style="--lech-ngang:5mm;--lech-doc:-2mm"'
    )
    plain, other = of_browser(page, html), of_browser(page, moved)
    assert sheets(other) == sheets(plain)
    (x, y, size), (to_x, to_y, same) = _where(plain, "CỘNG"), _where(other, "CỘNG")
    assert (to_x - x, to_y - y, same) == pytest.approx((5, -2, size), abs=0.4)
