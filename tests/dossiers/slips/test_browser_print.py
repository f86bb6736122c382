"""What the browser prints of a slip's page has as many sheets as its PDF: no blank one behind a
full page, no feet on a second one.
"""

import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from dossiers.slips import render_html, render_page, slip_stylesheet
from dossiers.slips.contexts import PaperLine, Receipt
from onestop import pdf
from tests.dossiers.slips import samples, shown
from tests.dossiers.slips.samples import snapshot

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
CSS = Path(slip_stylesheet())


def printed(page: "Page", about: dict[str, Any], **how: Any) -> int:
    """Sheets that Chromium makes of the page a clerk prints from."""
    page.set_content(render_page(about, **how))
    page.add_style_tag(content=CSS.read_text("utf-8"))
    return len(PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages)


def stored(about: dict[str, Any], **how: Any) -> int:
    return len(
        PdfReader(io.BytesIO(pdf.render(render_html(about, **how), stylesheets=(CSS,)))).pages
    )


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
            if on_paper > in_pdf or (on_paper != in_pdf and slip.density != "tight"):
                wrong.append((words, count, on_paper, in_pdf))
    assert wrong == []


@pytest.mark.parametrize("one", shown.everything(), ids=lambda one: one.name)
def test_every_kind_of_slip_does(page: "Page", one: shown.Shown) -> None:
    about = snapshot(one.slip) if one.slip.code else snapshot(one.slip, url="")
    how = {"copies": one.copies, "layout": one.layout}
    assert printed(page, about, **how) == stored(about, **how)
