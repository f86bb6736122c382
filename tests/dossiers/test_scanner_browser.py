"""A keyboard scanner in Chromium: it types fast and ends with Enter, on every list; and keys that
never guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from dossiers.acts import handovers
from dossiers.desk.work import work_page
from dossiers.intake.secrets import lookup_url
from dossiers.models import Dossier
from tests.browser.fitting import too_wide
from tests.dossiers.box.hands import scan
from tests.world import MONDAY, Office, make_case, make_office, receive

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Enter = Callable[..., Page]


@pytest.fixture(autouse=True)
def _an_hour_later() -> Iterator[None]:
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=True):
        yield


@pytest.fixture
def office(transactional_db: None) -> Office:
    return make_office()


def ticked(page: Page) -> list[str]:
    found: list[str] = page.eval_on_selector_all(
        "input[name=chon]:checked",
        "boxes => boxes.map(box => box.closest('tr').querySelector('a.code').textContent)",
    )
    return found


def on_the_way(office: Office, number: int) -> list[Dossier]:
    made = [receive(office, make_case(), owner=f"Nguyễn Văn Số {n}") for n in range(number)]
    for dossier in made:
        handovers.hand_over(
            dossier, to=office.room, by=office.desk(office.clerk), at=timezone.now()
        )
    return made


def test_a_pile_is_received_by_scanning_and_one_key(
    office: Office, enter: Enter, shoot: Any, axe: Any
) -> None:
    pile = on_the_way(office, 3)
    page = enter(office.specialist, "/ban-giao/nhan/")
    for dossier in pile[:2]:
        scan(page, lookup_url(dossier))
    expect(page.locator("[data-scan-said]")).to_contain_text("Đang chọn 2 hồ sơ")
    expect(page.locator("[data-scan-said]")).to_contain_text(f"Đã chọn {pile[1].code}")
    assert sorted(ticked(page)) == [d.code for d in pile[:2]]
    expect(page.locator("tr.is-scanned a.code")).to_have_text(pile[1].code)
    shoot(page, "quet-nhan-1366")
    assert axe(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    shoot(page, "quet-nhan-360")
    assert too_wide(page) == []
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.locator("[data-toast]")).to_contain_text("Đã nhận 2 hồ sơ")
    assert Dossier.objects.filter(holder=office.specialist).count() == 2


def test_what_is_no_row_of_the_list_is_said_and_nothing_is_chosen(
    office: Office, enter: Enter
) -> None:
    on_the_way(office, 1)
    other = receive(office, make_case())
    page = enter(office.specialist, "/ban-giao/nhan/")
    scan(page, "H99.99999-261123-0001")
    expect(page.locator("[data-scan-said]")).to_contain_text(
        "H99.99999-261123-0001: Không thấy hồ sơ"
    )
    scan(page, lookup_url(other).upper())
    expect(page.locator("[data-scan-said]")).to_contain_text(f"{other.code}: ")
    assert ticked(page) == []
    page.keyboard.press("Control+Enter")
    assert page.url.endswith("/ban-giao/nhan/")


def test_giving_is_picked_by_scanning_and_the_list_keeps_its_keys(
    office: Office, enter: Enter, shoot: Any
) -> None:
    pile = [receive(office, make_case(), owner=f"Nguyễn Văn Số {n}") for n in range(3)]
    page = enter(office.clerk, "/ban-giao/")
    assert page.evaluate("document.activeElement.id") == "o-quet"
    scan(page, lookup_url(pile[2]))
    expect(page.locator("[data-scan-said]")).to_contain_text("Đang chọn 1 hồ sơ")
    scan(page, pile[2].code.lower())
    expect(page.locator("[data-scan-said]")).to_contain_text("Đã chọn từ trước")
    assert ticked(page) == [pile[2].code]
    page.keyboard.press("j")
    page.keyboard.press(" ")
    assert len(ticked(page)) == 2
    shoot(page, "quet-giao-1366")
    page.set_viewport_size({"width": 360, "height": 740})
    shoot(page, "quet-giao-360")
    assert too_wide(page) == []
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text("Giao 2 hồ sơ")


def test_a_dossier_of_another_page_of_the_list_gets_its_row(
    office: Office, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    pile = on_the_way(office, 3)
    monkeypatch.setitem(work_page.__kwdefaults__, "size", 1)
    page = enter(office.specialist, "/ban-giao/nhan/")
    shown = page.locator("table a.code").all_inner_texts()
    hidden = next(d for d in pile if d.code not in shown)
    scan(page, lookup_url(hidden))
    expect(page.locator("[data-scan-said]")).to_contain_text("Đang chọn 1 hồ sơ")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert list(Dossier.objects.filter(holder=office.specialist)) == [hidden]


def test_the_clerks_home_opens_a_scanned_dossier_at_once(office: Office, enter: Enter) -> None:
    dossier = receive(office, make_case())
    page = enter(office.clerk, "/tiep-nhan/")
    with page.expect_navigation():
        scan(page, lookup_url(dossier))
    page.wait_for_url(f"**{dossier.get_absolute_url()}")


def test_enter_on_a_ticked_box_opens_the_row_and_sends_no_list(
    office: Office, enter: Enter
) -> None:
    (dossier,) = on_the_way(office, 1)
    page = enter(office.specialist, "/ban-giao/nhan/")
    page.locator("tbody input[name=chon]").click()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_url(f"**{dossier.get_absolute_url()}")
    assert not Dossier.objects.filter(holder=office.specialist).exists()


def test_two_lists_with_something_to_send_are_never_guessed_between(
    office: Office, enter: Enter
) -> None:
    (dossier,) = on_the_way(office, 1)
    page = enter(office.specialist, "/ban-giao/nhan/")
    page.locator("tbody input[name=chon]").click()
    page.locator("[data-scan]").fill(dossier.code)
    page.locator("h1").click()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".page-word")).to_contain_text("chưa gửi gì")
    assert not Dossier.objects.filter(holder=office.specialist).exists()


def test_the_list_of_ones_work_can_be_scanned_into_too(
    office: Office, enter: Enter, shoot: Any
) -> None:
    pile = on_the_way(office, 2)
    page = enter(office.specialist, "/viec/?loai=cho-nhan")
    page.locator("[data-scan]").focus()
    scan(page, lookup_url(pile[1]))
    expect(page.locator("[data-scan-said]")).to_contain_text("Đang chọn 1 hồ sơ")
    shoot(page, "quet-viec-1366")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert list(Dossier.objects.filter(holder=office.specialist)) == [pile[1]]
