"""A table of inputs goes like a sheet: arrows, Enter, a pasted block (static/entry.js); without
script the same form is filled in and saved.
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from procedures.models import Field
from reports.entering.template import xlsx
from reports.models import EnteredFigures, ReportForm
from tests.browser.fitting import too_wide
from tests.journeys.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASTE = """(cell, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""
BLOCK = "1.234\t2\t1.232\r\n7\t0\t7\r\n"


def opened(site: Site, page: Page, period: str) -> Page:
    """Two rows stand there. A period of its own each: the site stays for the module."""
    site.enter(page, "kiemsoat")
    page.goto(f"{site.url}/bao-cao/II.05a/{site.agency.code}/{period}/nhap/")
    names = [one.name for one in Field.objects.all()[:2]]
    for name in names:
        page.locator("#them-dong").select_option(label=name)
        page.get_by_role("button", name="Thêm dòng").click()
        expect(page.get_by_role("rowheader", name=name)).to_be_visible()
    return page


def cell(page: Page, row: int, column: int) -> Locator:
    return page.locator(f"[name=c-{row}-{column}]")


def test_it_goes_like_a_sheet(
    site: Site, new_page: Callable[..., Page], shoot: Callable[..., Any]
) -> None:
    page = opened(site, new_page(width=1366), "2026Q3")
    cell(page, 0, 3).focus()
    for key, row, column in (
        ("ArrowDown", 1, 3), ("ArrowRight", 1, 4), ("ArrowUp", 0, 4), ("ArrowLeft", 0, 3), ("Enter", 1, 3), ("Shift+Enter", 0, 3),
        ("Tab", 0, 4),
    ):  # fmt: skip
        page.keyboard.press(key)
        expect(cell(page, row, column)).to_be_focused()
    cell(page, 0, 3).evaluate(PASTE, BLOCK)
    expect(cell(page, 1, 5)).to_be_focused()
    found = [cell(page, row, column).input_value() for row in (0, 1) for column in (3, 4, 5)]
    assert found == ["1.234", "2", "1.232", "7", "0", "7"]
    # What finds no place is told, until a block fits: two figures of three, and the third row.
    lost = page.get_by_role("alert").filter(has_text="Vùng dán rộng hơn bảng")
    expect(lost).to_be_hidden()
    cell(page, 0, 14).evaluate(PASTE, "6\t8\t\r\n9\r\n10\r\n")
    expect(lost).to_contain_text("2 ô có nội dung chưa dán")
    shoot(page, "bao-cao-nhap-dan-rong")
    cell(page, 0, 14).evaluate(PASTE, "\r\n\r\n")
    expect(lost).to_be_hidden()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Bản nháp, chưa trình ký được")).to_be_visible()
    kept = EnteredFigures.objects.get(period="2026Q3")
    assert [one["values"]["3"] for one in kept.rows] == [1234, 7]


def test_without_script_enter_saves(site: Site, new_page: Callable[..., Page]) -> None:
    page = opened(site, new_page(width=360, java_script_enabled=False), "2026Q2")
    cell(page, 0, 3).fill("5")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Bản nháp, chưa trình ký được")).to_be_visible()
    assert EnteredFigures.objects.get(period="2026Q2").rows[0]["values"]["3"] == 5


@pytest.mark.parametrize("width", [1366, 360])
def test_a_loaded_form_is_looked_at(
    site: Site,
    new_page: Callable[..., Page],
    axe_tags: Callable[[Page], list[str]],
    shoot: Callable[..., Any],
    width: int,
) -> None:
    page = site.enter(new_page(width=width), "tinh.kiemsoat")
    page.goto(f"{site.url}/bao-cao/bieu/nap/")
    content = xlsx(ReportForm.objects.get(code="II.05a"))
    page.locator("#id_file").set_input_files(
        {"name": "bieu.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("heading", name="Xem thử đầu biểu")).to_be_visible()
    expect(page.locator("#id_code")).to_have_value("II.05a")
    shoot(page, f"bao-cao-bieu-nap-xem-{width}")
    wrong = axe_tags(page)
    assert not wrong, "\n".join(wrong)
    assert too_wide(page) == []
