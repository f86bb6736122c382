"""An act on many dossiers in Chromium: chosen in a list, done behind the page, what became of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from dossiers.acts import apology, handovers, paper_days, pressing
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from dossiers.models.elsewhere import Outage
from dossiers.models.pressing import PressRun
from tests.browser.fitting import too_wide
from tests.world import MONDAY, Office, make_case, make_office, receive, vn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Enter = Callable[..., Page]
LATE = vn("30/11/2026 09:00")


@pytest.fixture(autouse=True)
def _late(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A week later, and no worker is at hand: the test is it."""
    monkeypatch.setattr("onestop.jobs.nudge._send", lambda task, args: None)
    with time_machine.travel(LATE, tick=True):
        yield


@pytest.fixture
def office(transactional_db: None) -> Office:
    return make_office()


def late_ones(office: Office, number: int) -> list[Dossier]:
    case = make_case("3 ngày làm việc")
    return [receive(office, case, owner=f"Nguyễn Văn Số {n}", at=MONDAY) for n in range(number)]


def looks(page: Page, name: str, shoot: Callable[..., Any]) -> None:
    for width in (1366, 360):
        page.set_viewport_size({"width": width, "height": 768 if width > 360 else 740})
        shoot(page, f"{name}-{width}")
        assert too_wide(page) == []
    page.set_viewport_size({"width": 1366, "height": 768})


def test_twelve_are_apologised_for_and_one_that_moved_is_tried_again(
    office: Office, enter: Enter, shoot: Callable[..., Any]
) -> None:
    dossiers = late_ones(office, 12)
    page = enter(office.leader, "/viec/?loai=co-quan")
    page.locator("h1").click()
    page.keyboard.press("a")
    page.get_by_text("Việc khác…").click()
    looks(page, "nhieu-ho-so-chon", shoot)
    page.get_by_role("button", name="Lập thư xin lỗi").click()
    expect(page.get_by_role("heading", name="Lập thư xin lỗi: 12 hồ sơ")).to_be_visible()
    looks(page, "nhieu-ho-so-viec", shoot)
    # Nothing is lost of a form without its reason.
    page.keyboard.press("Control+Enter")
    expect(page.locator("[name=chon]:checked")).to_have_count(12)
    page.get_by_label("Lý do").fill("Chờ xác minh nơi cư trú.")
    apology.apologise(
        Seen(dossiers[4].pk), reason="Khác", by=office.desk(office.head, LATE), at=timezone.now()
    )
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("0/12")).to_be_visible()
    looks(page, "nhieu-ho-so-dang-lam", shoot)
    pressing.sweep(timezone.now)
    # The page asks by itself.
    said = page.get_by_role("heading", name="Đã xong 11 / 12; 1 hồ sơ không làm được")
    expect(said).to_be_visible()
    expect(page.get_by_role("link", name=dossiers[4].code)).to_be_visible()
    looks(page, "nhieu-ho-so-xong", shoot)
    page.get_by_role("button", name="Thử lại các hồ sơ chưa được").click()
    expect(page.get_by_role("heading", name="Đã xong 12 / 12")).to_be_visible()
    page.get_by_role("button", name="Hoàn tác 12 hồ sơ").click()
    expect(page.get_by_role("heading", name="đã hoàn tác 12 hồ sơ")).to_be_visible()
    assert PressRun.objects.get().lines.count() == 12


def test_results_are_given_back_from_the_return_desk(
    office: Office, enter: Enter, shoot: Callable[..., Any]
) -> None:
    from tests.dossiers.returning.test_return_desk import finished

    for n in range(3):
        finished(office, owner=f"Nguyễn Văn Số {n}")
    page = enter(office.clerk, "/tra-ket-qua/")
    page.locator("tbody input[name=chon]").first.check()
    page.locator("tbody input[name=chon]").nth(1).check()
    looks(page, "tra-nhieu-chon", shoot)
    page.get_by_role("button", name="Trả kết quả…").click()
    expect(page.get_by_role("heading", name="Ghi đã trả kết quả: 2 hồ sơ")).to_be_visible()
    looks(page, "tra-nhieu", shoot)
    # The results are there before the promised day: how the owners were told is kept with it.
    page.get_by_label("Báo trực tiếp").check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Đã xong 2 / 2")).to_be_visible()
    page.get_by_role("link", name="Về danh sách").click()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_completion_is_asked_of_many(
    office: Office, enter: Enter, shoot: Callable[..., Any]
) -> None:
    with time_machine.travel(MONDAY, tick=True):
        late_ones(office, 2)
        page = enter(office.clerk, "/viec/?loai=dang-xu-ly")
        page.locator("h1").click()
        page.keyboard.press("a")
        page.get_by_text("Việc khác…").click()
        page.get_by_role("button", name="Phát phiếu yêu cầu bổ sung").click()
        said = page.get_by_role("heading", name="Phát phiếu yêu cầu bổ sung: 2 hồ sơ")
        expect(said).to_be_visible()
        looks(page, "bo-sung-nhieu", shoot)
        page.locator("[name^=b][type=checkbox]").first.check()
        page.get_by_label("Lý do").fill("Thiếu giấy tờ")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("heading", name="Đã xong 2 / 2")).to_be_visible()


def test_an_incident_is_left_out_of_the_terms_of_all_that_lay_there(
    office: Office, enter: Enter, shoot: Callable[..., Any]
) -> None:
    """R-76: from the page of one dossier to all of them, by one decision."""
    case, at = make_case("20 ngày làm việc"), vn("27/11/2026 17:00")
    dossiers = [receive(office, case, owner=f"Nguyễn Văn Số {n}", at=MONDAY) for n in range(3)]
    late_ones(office, 1)
    paper_days.record(
        office.agency, kind=Outage.Kind.POWER, note="Bão số 9", began_at=vn("24/11/2026 14:00"), ended_at=at,
        by=office.desk(office.clerk, LATE), at=LATE,
    )  # fmt: skip
    page = enter(office.leader, f"{dossiers[0].get_absolute_url()}khong-tinh/")
    looks(page, "su-co-mot-ho-so", shoot)
    page.get_by_role("link", name="Không tính cho mọi hồ sơ khi đó").click()
    expect(page.locator("[name=chon]:checked")).to_have_count(3)
    expect(page.get_by_text("Đã quá ngày hẹn: sự cố không làm lùi")).to_be_visible()
    looks(page, "su-co-nhieu-ho-so", shoot)
    page.get_by_label("Căn cứ pháp lý").fill("Quyết định 12/QĐ-UBND")
    page.get_by_label("Lý do").fill("Mất điện toàn xã vì bão.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Đã xong 3 / 3")).to_be_visible()
    assert Dossier.objects.filter(due_at__gt=dossiers[0].due_at).count() == 3


def test_a_head_shares_out_the_room_and_finds_the_press_again(
    office: Office, enter: Enter, shoot: Callable[..., Any]
) -> None:
    dossiers = late_ones(office, 3)
    clerk = office.desk(office.clerk, LATE)
    seen = [Seen(one.pk) for one in dossiers]
    handovers.hand_over_many(
        seen, to=office.room, receiver=None, step=None, by=clerk, at=timezone.now()
    )
    handovers.confirm_many(seen, by=office.desk(office.head, LATE), at=timezone.now())
    page = enter(office.head, "/viec/?loai=phong")
    page.locator("h1").click()
    page.keyboard.press("a")
    page.get_by_text("Việc khác…").click()
    looks(page, "phan-cong-chon", shoot)
    page.get_by_role("button", name="Phân công…").click()
    page.get_by_label("Phân công cho").select_option(label=office.specialist.full_name)
    looks(page, "phan-cong", shoot)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Đã xong 3 / 3")).to_be_visible()
    looks(page, "phan-cong-xong", shoot)
    page.get_by_role("link", name="Các lần làm gần đây").click()
    expect(page.get_by_role("link", name="Phân công: 3 hồ sơ")).to_be_visible()
    looks(page, "cac-lan-lam", shoot)
