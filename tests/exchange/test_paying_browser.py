"""In Chromium: a payer pays at the recorded platform, over real connections; the counter sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dossiers.acts import receipt_series
from dossiers.intake.secrets import secret_of
from dossiers.models.money import FeeReceipt, ReceiptSeries
from dossiers.models.payments import Payment
from exchange.peer.http import Server
from exchange.peer.paying import Platform
from exchange.peer.serving import Recorded
from exchange.tasks import settle_payments
from tests.browser.fitting import too_wide
from tests.dossiers.intake.test_questions_browser import enter, office
from tests.dossiers.money.office import PAPER, Till
from tests.dossiers.money.paid import with_account
from tests.exchange.pay import WORD, connect
from tests.exchange.test_over_http import running
from tests.world import MONDAY, Office

__all__ = ["enter", "office"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fits(page: Page, name: str, shoot: Callable[[Page, str], Path]) -> None:
    for width in (360, 1366):
        page.set_viewport_size({"width": width, "height": 800})
        assert too_wide(page) == []
        shoot(page, f"{name}-{width}")


def test_from_the_look_up_to_the_platform_and_back(
    enter: Callable[..., Page],
    office: Office,
    shoot: Callable[[Page, str], Path],
    axe: Callable[..., list[str]],
    live_server: Any,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("exchange.paying.asking.nudge", lambda task: None)
    monkeypatch.setattr("exchange.paying.taking.nudge", lambda task: None)
    book = replace(PAPER, kind=ReceiptSeries.Kind.ELECTRONIC)
    row = receipt_series.open_book(office.agency, book, by=office.desk(office.leader), at=MONDAY)
    till, _ = with_account(Till(office, row, office.clerk))
    dossier, other = till.owing(), till.owing()
    door = f"{live_server.url}/trao-doi/thanh-toan/cong-b/"
    server = Server(Recorded(platform=Platform(WORD)), confirms=door)
    with running(server):
        connect(till, settings, monkeypatch, url=f"{server.url}/tin")
        page = enter(f"/tra-cuu/{dossier.code}/?k={secret_of(dossier)}")
        fits(page, "tra-cuu-thanh-toan", shoot)
        assert axe(page) == []
        page.get_by_role("button", name="Thanh toán trực tuyến").click()
        expect(page.get_by_text("Đang mở trang thanh toán")).to_be_visible()
        fits(page, "tra-cuu-dang-mo", shoot)
        settle_payments()  # the worker
        page.get_by_role("link", name="Xem lại", exact=True).click()
        leads = page.get_by_role("link", name="Thanh toán trực tuyến 50.000 đồng")
        expect(leads).to_be_visible()
        fits(page, "tra-cuu-di-thanh-toan", shoot)
        leads.click()
        page.get_by_role("button", name="Thanh toán").click()
        expect(page.get_by_text("Đã thanh toán.")).to_be_visible()
        settle_payments()
        page.goto(f"{live_server.url}/tra-cuu/{dossier.code}/?k={secret_of(dossier)}")
        expect(page.get_by_text("Đã nhận 50.000 đồng qua")).to_be_visible()
        fits(page, "tra-cuu-da-nop", shoot)
        page.goto(f"{live_server.url}{dossier.get_absolute_url()}")
        expect(page.get_by_text("đã ghi biên lai số")).to_be_visible()
        fits(page, "ho-so-da-nop", shoot)
        page.get_by_role("link", name="Xem khoản tiền").click()
        expect(page.get_by_role("link", name="Mở biên lai (PDF)")).to_be_visible()
        fits(page, "khoan-tien-nen-tang", shoot)
        page.goto(f"{live_server.url}{other.get_absolute_url()}")
        page.get_by_role("button", name="Yêu cầu thanh toán trực tuyến").click()
        expect(page.get_by_text("đang gửi nền tảng thanh toán")).to_be_visible()
        fits(page, "ho-so-dang-gui", shoot)
    # Nobody answers any more: the request is listed, with what to do.
    settle_payments()
    page.goto(f"{live_server.url}/thu-tien/khoan-den/")
    page.get_by_role("link", name="1 yêu cầu thanh toán trực tuyến chưa rõ").click()
    expect(page.get_by_text("Nền tảng chưa nhận yêu cầu")).to_be_visible()
    fits(page, "thanh-toan-chua-ro", shoot)
    page.get_by_role("link", name=other.code).click()
    expect(page.get_by_role("button", name="Hỏi lại")).to_be_visible()
    fits(page, "thanh-toan-chua-ro-mot", shoot)
    assert axe(page) == []
    assert (FeeReceipt.objects.count(), Payment.objects.count()) == (1, 1)
