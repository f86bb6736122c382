"""Lists of a desk in Chromium with none, one and more rows than a page has, long names: nothing is cut, nothing is
wider than the screen, columns are chosen by keys alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect

from dossiers.acts import handovers
from dossiers.acts.many import Seen
from dossiers.desk.work import work_page
from dossiers.models import Dossier
from tests.browser.fitting import too_wide
from tests.world import MONDAY, Office, make_case, make_office, receive

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Enter = Callable[..., Page]
# Rows of a list, and how many of them a page has: no more proves more, it only takes longer.
MANY, SIZE = (60, 50) if os.environ.get("LONG") else (12, 10)
LONG = "Hoàng Phủ Ngọc Bích Nguyễn Thị Thanh Tuyền Khánh Phương"
EVERY = ["nhan", "kenh", "linh-vuc", "dien-thoai", "phong", "can-bo", "buoc", "hen-tra"]
CUT = """() => [...document.querySelectorAll('table.list td, table.list th')]
  .filter((el) => el.scrollWidth > el.clientWidth + 1 && !el.closest('thead[style]')
    && getComputedStyle(el).overflow !== 'visible').map((el) => el.textContent.trim().slice(0, 40))"""


@pytest.fixture(autouse=True)
def _an_hour_later() -> Iterator[None]:
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=True):
        yield


@pytest.fixture
def office(transactional_db: None) -> Office:
    return make_office()


def in_room(office: Office, number: int) -> None:
    case = make_case()
    for _ in range(number):
        dossier = receive(office, case, owner=LONG)
        desk = office.desk(office.clerk)
        handovers.hand_over(dossier, to=office.room, by=desk, at=MONDAY)
        handovers.confirm(Seen(dossier.pk), by=office.desk(office.specialist), at=MONDAY)
    Dossier.objects.update(
        step_name="Thẩm định hồ sơ, lấy ý kiến các cơ quan có liên quan và dự thảo kết quả"
    )


@pytest.mark.parametrize("number", [0, 1, MANY])
def test_nothing_is_cut_on_a_desk_or_a_telephone(
    office: Office, enter: Enter, shoot: Any, axe: Callable[[Page], list[str]],
    monkeypatch: pytest.MonkeyPatch, number: int,
) -> None:  # fmt: skip
    defaults = work_page.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "size", SIZE)
    in_room(office, number)
    for who, columns in ((office.specialist, []), (office.head, EVERY)):
        who.preferences = {"viec.cot": dict.fromkeys(columns, True)} if columns else {}
        who.save(update_fields=["preferences"])
        job = "phong" if who == office.head else "dang-xu-ly"
        page = enter(who, f"/viec/?loai={job}")
        for width in (1366, 360):
            page.set_viewport_size({"width": width, "height": 768})
            shoot(page, f"danh-sach-{job}-{number}-{width}")
            assert page.evaluate(CUT) == []
            assert too_wide(page) == []
            assert axe(page) == []
        expect(page.locator("td.pick")).to_have_count(min(number, SIZE))


def test_columns_and_order_are_chosen_by_keys(office: Office, enter: Enter, shoot: Any) -> None:
    in_room(office, 2)
    page = enter(office.specialist, "/viec/?loai=dang-xu-ly")
    panel = page.locator(".list-menu summary")
    panel.focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("checkbox", name="Điện thoại")
    box.focus()
    page.keyboard.press("Space")
    shoot(page, "danh-sach-cot-1366")
    page.get_by_label("Xếp theo").select_option("-nhan")
    page.get_by_role("button", name="Áp dụng").press("Enter")
    expect(page.locator("th.c-dien-thoai")).to_be_visible()
    expect(page.locator("th.c-nhan")).to_have_attribute("aria-sort", "descending")
    # A head is a link: the same by one key.
    page.locator("th.c-chu a").press("Enter")
    expect(page.locator("th.c-chu")).to_have_attribute("aria-sort", "ascending")
