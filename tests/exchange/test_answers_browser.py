"""In Chromium: what was sent for a request, where it is taken in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.fitting import too_wide
from tests.dossiers.conftest import enter
from tests.exchange.test_answers import World, item, world
from tests.samples import a_pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["enter", "world"]


def test_the_files_are_shown_where_they_are_taken_in(
    transactional_db: None, world: World, enter: Callable[..., Page], shoot: Any, axe: Any
) -> None:
    name = "Giấy khai sinh của Nguyễn Thị Bình, bản chụp từ bản chính, trang một và hai.pdf"
    world.sends(item(name, a_pdf()), {"TenTep": "cu.pdf", "DuongDan": "https://127.0.0.1/a"})
    for width in (360, 1366):
        page = enter(world.office.clerk, world.complete, width)
        shoot(page, f"nhan-bo-sung-gui-{width}")
        assert too_wide(page) == []
        assert axe(page) == []
