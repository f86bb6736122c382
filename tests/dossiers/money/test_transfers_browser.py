"""In Chromium: a statement of twelve lines is looked through, what matches is booked by one press, the
rest is a list; a payer sees where to transfer to.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dossiers.acts import receipt_series
from dossiers.importing import statements
from dossiers.intake.secrets import lookup_url
from dossiers.models.money import FeeReceipt
from dossiers.models.payments import Payment
from tests.browser.fitting import too_wide
from tests.dossiers.intake.test_questions_browser import enter, office
from tests.dossiers.money.office import PAPER, Till
from tests.dossiers.money.paid import csv_of, line, uploaded, with_account, words
from tests.world import MONDAY, Office

__all__ = ["enter", "office"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Shoot = Callable[[Page, str], Path]


def fits(page: Page, name: str, shoot: Shoot) -> None:
    for width in (360, 1366):
        page.set_viewport_size({"width": width, "height": 800})
        assert too_wide(page) == []
        shoot(page, f"{name}-{width}")


def test_from_the_statement_to_the_list_of_the_rest(
    enter: Callable[..., Page], office: Office, shoot: Shoot, live_server: Any
) -> None:
    desk = office.desk(office.leader)
    book = receipt_series.open_book(office.agency, PAPER, by=desk, at=MONDAY)
    till, account = with_account(Till(office, book, office.clerk))
    dossiers = [till.owing() for _ in range(7)]
    lines = [
        *(line("50.000", words(one), f"FT{n}") for n, one in enumerate(dossiers[:4])),
        line("50.000", words(dossiers[0]), "FT10"),
        line("49.000", words(dossiers[4]), "FT11"),
        line("60.000", words(dossiers[5]), "FT12"),
        line("50.000", "NGUYEN VAN A nop tien ho so", "FT13"),
        line("50.000", words(dossiers[1]), "FT1"),
        ("9", "23/11/2026", "FT14", "11.000", "", "", "Phi quan ly tai khoan"),
        line("nhieu", "khong doc duoc", "FT15"),
        ("", "", "", "Cộng phát sinh", "", "", ""),
    ]
    uploaded(account, lines[:1], by=office.clerk)  # the columns are known for the account
    statements.drop(account.statements.get(), by=office.clerk, at=MONDAY)
    page = enter("/thu-tien/sao-ke/")
    file = {"name": "sao-ke.csv", "mimeType": "text/csv", "buffer": csv_of(lines)}
    page.get_by_label("Tệp sao kê").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_text("Xem trước: chưa ghi gì")).to_be_visible()
    fits(page, "sao-ke-xem-truoc", shoot)
    page.get_by_role("button", name="Ghi sao kê và thu 4 khoản khớp").click()
    expect(page.get_by_text("Đã ghi thu 4 khoản khớp, 200.000 đồng.")).to_be_visible()
    expect(page.locator("table[data-list] tbody tr")).to_have_count(4)
    fits(page, "khoan-den", shoot)
    assert FeeReceipt.objects.count() == 4
    page.locator("[data-row-link]").first.click()
    expect(page.get_by_role("heading", name="Ngân hàng ghi")).to_be_visible()
    fits(page, "khoan-den-mot", shoot)
    page.get_by_label("Đã trả lại người nộp").check()
    page.get_by_label("Lý do, chứng từ trả lại").fill("Ủy nhiệm chi số 5")
    page.get_by_role("button", name="Ghi kết quả").click()
    expect(page.locator("table[data-list] tbody tr")).to_have_count(3)
    assert Payment.objects.standing().count() == 3
    # Of whom money is listed nothing is asked again; of whom none is, it is.
    page.goto(f"{live_server.url}{dossiers[4].get_absolute_url()}")
    expect(page.get_by_role("heading", name=dossiers[4].code)).to_be_visible()
    expect(page.get_by_text("Nộp bằng chuyển khoản (VietQR)")).to_have_count(0)
    page.goto(f"{live_server.url}{dossiers[6].get_absolute_url()}")
    page.get_by_text("Nộp bằng chuyển khoản (VietQR)").click()
    expect(page.get_by_role("img", name="Mã VietQR chuyển khoản 50.000 đồng")).to_be_visible()
    fits(page, "ho-so-vietqr", shoot)
    secret = lookup_url(dossiers[6]).partition("/tra-cuu/")[2]
    page.goto(f"{live_server.url}/tra-cuu/{secret}")
    expect(page.get_by_role("img", name="Mã VietQR chuyển khoản 50.000 đồng")).to_be_visible()
    fits(page, "tra-cuu-vietqr", shoot)
