"""Piles in Chromium: all of a page by one key, a difference typed in its row, every list scanned."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from dossiers.acts import endings, handovers
from dossiers.acts.many import Seen
from dossiers.desk.work import work_page
from dossiers.intake.secrets import lookup_url
from dossiers.models import Dossier, HandOver
from tests.browser.fitting import too_wide
from tests.dossiers.box.hands import away, said, scan
from tests.world import MONDAY, Office, make_case, make_office, receive

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Enter = Callable[..., Page]
# What comes on one trolley; a third of it proves the same keys.
PILE = 36 if os.environ.get("LONG") else 12


@pytest.fixture(autouse=True)
def _an_hour_later() -> Iterator[None]:
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=True):
        yield


@pytest.fixture
def office(transactional_db: None) -> Office:
    return make_office()


def a_pile(office: Office, number: int) -> list[Dossier]:
    """A pile of one list, on its way to the room."""
    case = make_case(papers=1)
    made = [receive(office, case, owner=f"Nguyễn Văn Số {n}") for n in range(number)]
    handovers.hand_over_many(
        [Seen(d.pk) for d in made],
        to=office.room, receiver=None, step=None, by=office.desk(office.clerk), at=timezone.now(),
    )  # fmt: skip
    return made


def test_a_pile_is_received_by_three_keys(office: Office, enter: Enter) -> None:
    """`a`, then Ctrl and Enter; nothing is scanned and no mouse is used."""
    a_pile(office, PILE)
    page = enter(office.specialist, "/ban-giao/nhan/")
    page.keyboard.press("a")
    assert page.locator("tbody input[name=chon]:checked").count() == PILE
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.locator("[data-toast]")).to_contain_text(f"Đã nhận {PILE} hồ sơ")
    assert Dossier.objects.filter(holder=office.specialist).count() == PILE


def test_one_key_picks_all_of_the_page_in_every_list_and_escape_drops_them(
    office: Office, enter: Enter
) -> None:
    a_pile(office, 3)
    for who, address, number in (
        (office.specialist, "/viec/?loai=cho-nhan", 3),
        (office.clerk, "/ban-giao/da-giao/", 3),
    ):
        page = enter(who, address)
        page.locator("h1").click()
        page.locator("tbody input[name=chon]").first.check()
        page.locator("h1").click()
        page.keyboard.press("a")
        assert page.locator("tbody input[name=chon]:checked").count() == number, address
        page.keyboard.press("Escape")
        assert page.locator("tbody input[name=chon]:checked").count() == 0, address


def test_a_difference_is_typed_in_the_row_after_its_scan_and_kept_there(
    office: Office, enter: Enter, shoot: Any, axe: Any
) -> None:
    pile = a_pile(office, 3)
    page = enter(office.specialist, "/ban-giao/nhan/")
    scan(page, lookup_url(pile[0]))
    said(page).to_contain_text("Đang chọn 1 hồ sơ")
    scan(page, pile[1].code)
    said(page).to_contain_text("Đang chọn 2 hồ sơ")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == f"sai-khac-{pile[1].pk}"
    page.keyboard.type("Thiếu 01 bản sao", delay=40)
    page.keyboard.press("Enter")  # back to the scanner's box, nothing is sent
    assert page.evaluate("'scan' in document.activeElement.dataset")
    page.keyboard.press("Tab")
    scan(page, lookup_url(pile[2]))  # the next slip, while the cursor still stands in the row
    said(page).to_contain_text("Đang chọn 3 hồ sơ")
    shoot(page, "sai-khac-1366")
    assert axe(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    shoot(page, "sai-khac-360")
    assert too_wide(page) == []
    assert not HandOver.objects.exclude(confirmed_at=None).exists()
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    told = dict(HandOver.objects.values_list("dossier", "difference"))
    assert told == {pile[0].pk: "", pile[1].pk: "Thiếu 01 bản sao", pile[2].pk: ""}


def test_a_difference_follows_a_dossier_of_another_page(
    office: Office, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    pile = a_pile(office, 3)
    defaults = work_page.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "size", 1)
    page = enter(office.specialist, "/ban-giao/nhan/")
    shown = page.locator("table a.code").all_inner_texts()
    hidden = next(d for d in pile if d.code not in shown)
    scan(page, lookup_url(hidden))
    said(page).to_contain_text("Đang chọn 1 hồ sơ")
    page.keyboard.press("Tab")
    page.keyboard.type("Thiếu tờ khai", delay=40)
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    told = HandOver.objects.exclude(confirmed_at=None).get()
    assert (told.dossier_id, told.difference) == (hidden.pk, "Thiếu tờ khai")


def test_what_waits_elsewhere_says_where_it_is_and_sounds_otherwise(
    office: Office, enter: Enter
) -> None:
    a_pile(office, 1)
    other = receive(office, make_case())
    page = enter(office.head, "/ban-giao/nhan/")
    page.evaluate(
        """() => {
          window.tones = [];
          const make = AudioContext.prototype.createOscillator;
          AudioContext.prototype.createOscillator = function () {
            const one = make.call(this);
            const start = one.start;
            one.start = () => { window.tones.push(one.frequency.value); start.call(one); };
            return one;
          };
        }"""
    )
    scan(page, other.code)
    said(page).to_contain_text(f"{other.code}: ")
    scan(page, "001087000123||Nguyễn Văn Ân|01021987|Nam||")
    said(page).to_contain_text("mã QR của căn cước")
    low = page.evaluate("window.tones")
    assert low == [220, 220]
    page.locator("[data-sound]").uncheck()
    page.locator("[data-scan]").focus()
    scan(page, other.code)
    said(page).to_contain_text(f"{other.code}: ")
    assert page.evaluate("window.tones") == low  # muted
    page.reload()
    assert not page.locator("[data-sound]").is_checked()  # and remembered


def test_a_scan_with_no_field_focused_goes_to_the_scanner_of_the_list(
    office: Office, enter: Enter
) -> None:
    pile = a_pile(office, 2)
    page = enter(office.specialist, "/viec/?loai=cho-nhan")
    away(page)
    scan(page, lookup_url(pile[1]))
    said(page).to_contain_text("Đang chọn 1 hồ sơ")


def test_the_return_desk_opens_what_is_scanned_and_says_why_it_does_not(
    office: Office, enter: Enter
) -> None:
    waiting, other = receive(office, make_case()), receive(office, make_case())
    clerk = office.desk(office.clerk)
    result = endings.ResultIn(
        title="Giấy xác nhận", number="12/GXN", issued_on=MONDAY.date(), signer="Hoàng Minh Tuấn"
    )
    endings.record_result(Seen(waiting.pk), result, by=clerk, at=timezone.now())
    endings.finish(Seen(waiting.pk), by=clerk, at=timezone.now(), note="Ký ngay")
    page = enter(office.clerk, "/tra-ket-qua/")
    away(page)
    with page.expect_navigation():
        scan(page, lookup_url(other))
    expect(page.locator("main")).to_contain_text("không chờ trả kết quả. Hiện: được tiếp nhận")
    away(page)
    with page.expect_navigation():
        scan(page, lookup_url(waiting))
    page.wait_for_url(f"**/{waiting.code}/**")
