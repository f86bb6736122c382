"""In Chromium: what a portal said after reception, on the dossier's page and in the list of messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests.browser.fitting import too_wide
from tests.dossiers.conftest import enter
from tests.exchange.test_after_reception import ASK_FIRST, World, world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["enter", "world"]


def test_a_withdrawal_stands_on_top_of_the_dossier(
    transactional_db: None, world: World, enter: Callable[..., Page], shoot: Any, axe: Any
) -> None:
    world.goes_to_the_specialist()
    world.withdraws()
    office, address = world.office, world.dossier.get_absolute_url()
    for width in (360, 1366):
        page = enter(office.specialist, address, width)
        assert page.get_by_text(ASK_FIRST).is_visible()
        shoot(page, f"cong-bao-sau-tiep-nhan-{width}")
        assert too_wide(page) == []
        assert axe(page) == []
        page = enter(office.clerk, reverse("exchange_messages"), width)
        shoot(page, f"thong-diep-can-xu-ly-{width}")
        assert too_wide(page) == []
