"""A card scanned at the counter in Chromium, and the keys of the short path."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect

from dossiers.models import Dossier
from dossiers.models.dossier import IdentityKind, OwnerKind
from tests.dossiers.box.hands import away
from tests.dossiers.intake.pages import address
from tests.dossiers.intake.test_immediate import PAGE, copies
from tests.world import MONDAY, Office, make_case, make_office, receive

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CARD = "001187000125|012345678|LÒ THỊ MAI|01021987|Nữ|Tổ 5, Phường Tam Thanh|05062021"
COMPANY = "0100109106"


@pytest.fixture(autouse=True)
def _an_hour_later() -> Iterator[None]:
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=True):
        yield


@pytest.fixture
def office(transactional_db: None) -> Office:
    return make_office()


@pytest.fixture
def counter(office: Office, enter: Callable[..., Page]) -> Callable[[str], Page]:
    return partial(enter, office.clerk)


def value(page: Page, name: str) -> Any:
    return page.locator(f"[name={name}]")


def test_a_card_fills_the_owner_with_no_key_beyond_the_scan(
    office: Office, counter: Callable[[str], Page], shoot: Any, axe: Any
) -> None:
    case = make_case()
    page = counter(address(case))
    page.keyboard.type(CARD)
    page.keyboard.press("Enter")  # the scanner's
    expect(value(page, "owner_name")).to_have_value("Lò Thị Mai")
    expect(value(page, "identity_number")).to_have_value("001187000125")
    expect(value(page, "address")).to_have_value("Tổ 5, Phường Tam Thanh")
    shoot(page, "quet-can-cuoc-1366")
    assert axe(page) == []
    # Another card goes over the first one, wherever it is scanned while no field has the focus.
    away(page)
    page.keyboard.type("001087000555||Trần Đạt|01021987|Nam|Thôn 9|")
    page.keyboard.press("Enter")
    expect(value(page, "owner_name")).to_have_value("Trần Đạt")
    expect(value(page, "address")).to_have_value("Thôn 9")
    expect(value(page, "identity_number")).to_have_value("001087000555")


def test_a_tax_code_makes_a_company_and_a_card_number_a_person_again(
    office: Office, counter: Callable[[str], Page]
) -> None:
    page = counter(address(make_case()))
    page.keyboard.type(COMPANY)
    page.keyboard.press("Enter")
    page.keyboard.type("Công ty Hoa Ban", delay=15)
    expect(value(page, "owner_kind")).to_have_value(str(OwnerKind.COMPANY.value))
    expect(value(page, "identity_kind")).to_have_value(str(IdentityKind.TAX_CODE.value))
    expect(value(page, "owner_name")).to_have_value("Công ty Hoa Ban")
    value(page, "identity_number").fill("001087000123")
    page.keyboard.press("Tab")
    expect(value(page, "owner_kind")).to_have_value(str(OwnerKind.CITIZEN.value))
    expect(value(page, "identity_kind")).to_have_value(str(IdentityKind.CITIZEN_CARD.value))
    # What the clerk chose is not undone.
    value(page, "identity_kind").select_option(str(IdentityKind.TAX_CODE.value))
    value(page, "identity_number").fill("001087000124")
    with page.expect_response("**/lap/**"):
        page.keyboard.press("Tab")
    expect(value(page, "identity_kind")).to_have_value(str(IdentityKind.TAX_CODE.value))


def test_a_line_of_the_short_path_costs_five_keys_beyond_the_name(
    office: Office, counter: Callable[[str], Page]
) -> None:
    copies()
    page = counter(PAGE)
    value(page, "signer").fill("Phan Văn Lộc, Chủ tịch UBND")
    value(page, "who").focus()
    page.keyboard.type("Lò Thị Mai")
    for key in ("Tab", "3", "Tab", "2"):
        page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("[data-toast]")).to_contain_text("Đã trả")
    assert Dossier.objects.get().summary == "3 trang × 2 bản"


def test_a_card_on_the_short_path_goes_on_to_the_pages(
    office: Office, counter: Callable[[str], Page], shoot: Any
) -> None:
    copies()
    page = counter(PAGE)
    value(page, "signer").fill("Phan Văn Lộc, Chủ tịch UBND")
    value(page, "who").focus()
    page.keyboard.type(CARD)
    page.keyboard.press("Enter")  # the scanner's: nothing is given back yet
    assert page.evaluate("document.activeElement.name") == "pages"
    expect(value(page, "who")).to_have_value("LÒ THỊ MAI 001187000125")
    shoot(page, "quet-tra-ngay-1366")
    page.keyboard.press("3")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    dossier = Dossier.objects.get()
    assert (dossier.owner_name, dossier.address) == ("Lò Thị Mai", "Tổ 5, Phường Tam Thanh")
    assert dossier.summary == "3 trang × 1 bản"


def test_a_slip_scanned_on_the_home_page_opens_with_no_other_key(
    office: Office, counter: Callable[[str], Page]
) -> None:
    dossier = receive(office, make_case())
    page = counter("/tiep-nhan/")
    page.keyboard.type(dossier.code)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_url(f"**{dossier.get_absolute_url()}")
