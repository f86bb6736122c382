"""A paper that the counter could not scan is scanned later, from a file as a scanner makes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.dossiers.domain.test_scanning import a_pdf
from tests.journeys.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_file_of_several_pages_is_added_to_a_dossier(
    site: Site,
    new_page: Callable[..., Page],
    tmp_path: Path,
    axe: Callable[..., list[str]],
    shoot: Any,
) -> None:
    dossier = site.receive(no_scan_reason="Máy quét hỏng")
    scanned = tmp_path / "ban-ve.pdf"
    scanned.write_bytes(a_pdf(4))
    page = site.enter(new_page(), "tiepnhan")
    page.goto(f"{site.url}{dossier.get_absolute_url()}")
    page.get_by_role("link", name="Bổ sung bản quét").click()
    for width in (360, 1366):
        page.set_viewport_size({"width": width, "height": 900})
        shoot(page, f"bo-sung-ban-quet-{width}")
    assert not axe(page)
    page.get_by_label("Bản quét").set_input_files(scanned)
    page.get_by_label("Lý do chưa quét đủ").fill("")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.locator("body")).to_contain_text("Đã thêm 1 bản quét, 4 trang.")
    expect(page.locator("#giay-to")).to_contain_text("ban-ve.pdf 4 trang")
    expect(page.locator("#giay-to")).not_to_contain_text("Chưa quét")
    shoot(page, "ho-so-co-ban-quet-1366")
    dossier.refresh_from_db()
    assert dossier.no_scan_reason == ""
