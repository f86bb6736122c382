"""A hand-over list of many sheets has as many from the browser as in its PDF, with the same rows on each:
whatever is a fraction of a pixel there adds up over the rows of a page.
"""

from __future__ import annotations

import io
import os
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from dossiers.slips import render_html, render_page
from onestop import pdf
from tests.dossiers.slips import shown
from tests.dossiers.slips.samples import snapshot
from tests.dossiers.slips.test_browser_print import CSS, of_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
ROWS, SEEDS = (300, range(8)) if os.environ.get("LONG") else (150, range(1))
WORDS = [
    "giấy",
    "xác",
    "nhận",
    "tình",
    "trạng",
    "hôn",
    "nhân",
    "theo",
    "quy",
    "định",
    "của",
    "pháp",
    "luật",
    "về",
    "đất",
    "đai",
    "và",
    "xây",
    "dựng",
    "nhà",
    "ở",
    "riêng",
    "lẻ",
]
PEOPLE = ("Lò Thị Mai", "Nguyễn Hoàng Bảo Trân", "Công ty TNHH một thành viên Hoa Đào", "Y Ban")
CODE = "261123-"


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    one = chromium.new_page()
    yield one
    one.close()


def _of(dice: random.Random, least: int, most: int) -> str:
    return " ".join(dice.choice(WORDS) for _ in range(dice.randint(least, most)))


def _long(dice: random.Random) -> dict[str, Any]:
    slip = shown.hand_over_list()
    lines = tuple(
        replace(
            slip.lines[n % 3],
            code=f"H37.05986-{CODE}{n:04d}",
            content=f"Thủ tục {_of(dice, 3, 34)}",
            owner=dice.choice(PEOPLE),
            note=_of(dice, 0, 9),
        )
        for n in range(ROWS)
    )
    return snapshot(replace(slip, lines=lines), url="")


def _rows(content: bytes) -> list[int]:
    """How many rows stand on each page."""
    return [one.extract_text().count(CODE) for one in PdfReader(io.BytesIO(content)).pages]


@pytest.mark.parametrize("seed", SEEDS)
def test_each_sheet_has_the_same_rows(page: Page, seed: int) -> None:
    about = _long(random.Random(seed))
    how: dict[str, Any] = {"copies": 1, "layout": "a4"}
    in_pdf = _rows(pdf.render(render_html(about, **how), stylesheets=(CSS,)))
    assert sum(in_pdf) == ROWS
    assert len(in_pdf) > ROWS // 15
    assert _rows(of_browser(page, render_page(about, **how))) == in_pdf
