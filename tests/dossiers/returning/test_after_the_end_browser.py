"""The turns after a result in Chromium: one key numbers the letters, a wrong result is replaced and
brought to its owner, somebody is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect

from dossiers.acts import endings
from dossiers.acts.endings import EndingIn, ResultIn, Taking
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from onestop.accounts.models import Department, DepartmentKind, Role
from tests.world import IN_PERSON, MONDAY, Office, make_case, make_office, make_officer, receive

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Enter = Callable[..., Page]
WIDTHS = pytest.mark.parametrize("width", [360, 1366])


@pytest.fixture(autouse=True)
def _an_hour_later() -> Iterator[None]:
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=True):
        yield


@pytest.fixture
def office(transactional_db: None) -> Office:
    return make_office()


def ready(office: Office, *, returned: bool = False) -> Dossier:
    dossier, clerk = receive(office, make_case()), office.desk(office.clerk)
    signed = ResultIn(title="Giấy xác nhận", number="12", issued_on=MONDAY.date(), signer="Tuấn")
    endings.record_result(Seen(dossier.pk), signed, by=clerk, at=MONDAY)
    endings.finish(Seen(dossier.pk), by=clerk, at=MONDAY, note="Ký trên giấy")
    if returned:
        endings.give_back(
            Seen(dossier.pk), Taking("Nguyễn Văn Ân", told=IN_PERSON), by=clerk, at=MONDAY
        )
    return dossier


@WIDTHS
def test_one_key_numbers_what_was_picked(
    office: Office, enter: Enter, shoot: Any, axe: Callable[..., list[str]], width: int
) -> None:
    room = Department.objects.create(
        agency=office.agency, name="Văn thư", kind=DepartmentKind.CLERICAL
    )
    stamper = make_officer("Đào Thị Thư", office.agency, (Role.DOCUMENTS, room))
    said = EndingIn("", "Thôi", "", "12/QĐ", "Hoàng Minh Tuấn", "Không thu")
    for _ in range(3):
        dossier = receive(office, make_case())
        endings.stop(Seen(dossier.pk), said, by=office.desk(office.leader), at=MONDAY)
    page = enter(stamper, "/van-thu/", width)
    page.wait_for_load_state()
    shoot(page, f"van-thu-{width}")
    assert axe(page) == []
    # Nothing is picked beforehand: what lies signed on the table is.
    for box in page.locator("input[name=van-ban]").all():
        expect(box).not_to_be_checked()
        box.check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("Đã cấp số văn bản của 3 hồ sơ")
    page.get_by_role("link", name="Sổ văn bản đi").first.click()
    expect(page.get_by_role("table")).to_contain_text("03/TB-UBND")
    shoot(page, f"so-van-ban-di-{width}")
    assert axe(page) == []


@WIDTHS
def test_a_wrong_result_is_replaced_and_brought_to_its_owner(
    office: Office, enter: Enter, shoot: Any, axe: Callable[..., list[str]], width: int
) -> None:
    dossier = ready(office, returned=True)
    page = enter(office.leader, dossier.get_absolute_url(), width)
    page.get_by_role("link", name="Đính chính kết quả").click()
    page.get_by_label("Nội dung sai sót").fill("Sai năm sinh của người được xác nhận")
    page.get_by_label("Số, ký hiệu của kết quả mới").fill("15")
    shoot(page, f"dinh-chinh-{width}")
    assert axe(page) == []
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("Đã đính chính kết quả")
    page = enter(office.clerk, dossier.get_absolute_url(), width)
    shoot(page, f"cho-trao-{width}")
    page.get_by_role("link", name="Trao kết quả mới").click()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("Đã ghi việc trao kết quả")


@WIDTHS
def test_somebody_is_called_and_a_loss_is_recorded(
    office: Office, enter: Enter, shoot: Any, axe: Callable[..., list[str]], width: int
) -> None:
    dossier = ready(office)
    page = enter(office.clerk, f"/tra-ket-qua/{dossier.code}/", width)
    shoot(page, f"tra-som-{width}")
    page.get_by_role("link", name="Báo, nhắc nhận kết quả").click()
    page.get_by_label("Nội dung, lời hẹn").fill("Hẹn chiều mai")
    shoot(page, f"bao-ket-qua-{width}")
    assert axe(page) == []
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("Đã ghi lần báo nhận kết quả")
    page.goto(f"{page.url}mat-hong/")
    shoot(page, f"mat-hong-{width}")
    assert axe(page) == []
