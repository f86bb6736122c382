"""Journeys in Chromium: a term extended by law, time that does not count, the round trip to the tax
authority.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect

from dossiers.acts import lawful_time
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from dossiers.states import State
from tests.browser.fitting import too_wide
from tests.world import MONDAY, Office, make_case, make_office, receive, vn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Enter = Callable[..., Page]
Shoot = Callable[..., Any]


@pytest.fixture(autouse=True)
def _an_hour_later() -> Iterator[None]:
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=True):
        yield


@pytest.fixture
def office(transactional_db: None) -> Office:
    return make_office()


@pytest.mark.parametrize("width", [360, 1366])
def test_an_approver_extends_and_leaves_out_time(
    office: Office, enter: Enter, shoot: Shoot, axe: Callable[..., list[str]], width: int
) -> None:
    dossier = receive(office, make_case())
    here = dossier.get_absolute_url()
    page = enter(office.leader, f"{here}gia-han/", width)
    page.get_by_label("Thêm thời hạn").fill("2")
    page.get_by_label("Căn cứ pháp lý").fill("Điều 5 Luật A")
    page.get_by_role("button", name="Xem ngày hẹn mới").last.click()
    expect(page.get_by_text("Sau khi ghi: 17:00 thứ Hai 07/12/2026")).to_be_visible()
    assert too_wide(page) == []
    assert axe(page) == []
    shoot(page, f"gia-han-{width}")
    page.get_by_label("Lý do").fill("Vụ việc phức tạp")
    page.get_by_role("button", name="Gia hạn", exact=False).first.click()
    expect(page.get_by_role("status").first).to_contain_text("Đã gia hạn")
    assert Dossier.objects.get().legal_due_at == vn("07/12/2026 17:00")

    page.goto(page.url.partition("/ho-so/")[0] + f"{here}khong-tinh/")
    page.get_by_label("Trường hợp").select_option("niem-yet")
    page.get_by_label("Hoặc số ngày").fill("10")
    page.get_by_label("Căn cứ pháp lý").fill("Điều 28")
    page.get_by_label("Lý do").fill("Niêm yết tại trụ sở")
    page.get_by_role("button", name="Xem ngày hẹn mới").last.click()
    expect(page.get_by_text("Sau khi ghi: 17:00 thứ Tư 16/12/2026")).to_be_visible()
    assert too_wide(page) == []
    assert axe(page) == []
    shoot(page, f"khong-tinh-{width}")
    page.get_by_role("button", name="Ghi thời gian không tính", exact=False).click()
    expect(page.get_by_role("status").first).to_contain_text("Đã ghi thời gian không tính")
    page.get_by_role("button", name="Hoàn tác").first.click()
    expect(page.get_by_role("status").first).to_contain_text("oàn tác")
    assert Dossier.objects.get().legal_due_at == vn("07/12/2026 17:00")


@pytest.mark.parametrize("width", [360, 1366])
def test_an_approver_prolongs_what_takes_longer(
    office: Office, enter: Enter, shoot: Shoot, axe: Callable[..., list[str]], width: int
) -> None:
    dossier, now = receive(office, make_case()), MONDAY + timedelta(minutes=30)
    what = lawful_time.Excluding(
        kind="giam-dinh", basis="Điều 210", reason="Giám định", begins=now,
        ends=vn("03/12/2026 23:59"),
    )  # fmt: skip
    lawful_time.exclude(Seen(dossier.pk), what, by=office.desk(office.leader), at=now)
    page = enter(office.leader, f"{dossier.get_absolute_url()}khong-tinh/", width)
    page.get_by_role("link", name="Kéo dài").click()
    page.get_by_label("Kéo dài đến hết ngày").fill("10/12/2026")
    page.get_by_role("button", name="Xem ngày hẹn mới").last.click()
    expect(page.get_by_text("Sau khi ghi: 17:00")).to_be_visible()
    assert too_wide(page) == []
    assert axe(page) == []
    shoot(page, f"keo-dai-{width}")
    page.get_by_label("Lý do").fill("Cơ quan giám định chưa trả lời")
    page.get_by_role("button", name="Kéo dài", exact=False).first.click()
    expect(page.get_by_role("status").first).to_contain_text("Đã kéo dài")


@pytest.mark.parametrize("width", [360, 1366])
def test_to_the_tax_authority_and_back_to_the_payer(
    office: Office, enter: Enter, shoot: Shoot, axe: Callable[..., list[str]], width: int
) -> None:
    dossier = receive(office, make_case())
    here = dossier.get_absolute_url()
    page = enter(office.clerk, f"{here}chuyen-thue/", width)
    page.get_by_label("Cơ quan thuế").fill("Thuế cơ sở 3")
    page.get_by_label("Nghĩa vụ cần xác định").fill("Lệ phí trước bạ")
    page.get_by_label("Căn cứ pháp lý").fill("Nghị định số 101/2024/NĐ-CP")
    assert too_wide(page) == []
    shoot(page, f"chuyen-thue-{width}")
    page.get_by_role("button", name="Lập phiếu chuyển", exact=False).click()
    expect(page.get_by_role("status").first).to_contain_text("Đã lập phiếu chuyển")
    expect(
        page.get_by_text("thời gian của cơ quan thuế, thời hạn giải quyết tạm dừng")
    ).to_be_visible()
    assert too_wide(page) == []
    assert axe(page) == []
    shoot(page, f"cho-thue-{width}")
    page.get_by_role("link", name="Nhận thông báo của cơ quan thuế").click()
    page.get_by_label("Số thông báo của cơ quan thuế").fill("15/TB-TCS3")
    page.get_by_label("Số tiền (đồng)").fill("500.000")
    page.get_by_label("Hạn nộp").fill("20/12/2026")
    assert too_wide(page) == []
    shoot(page, f"thong-bao-thue-{width}")
    page.get_by_role("button", name="Nhận thông báo của cơ quan thuế", exact=False).click()
    expect(page.get_by_role("status").first).to_contain_text("Từ đây là thời gian của người nộp")
    shoot(page, f"cho-nop-{width}")
    assert too_wide(page) == []
    assert Dossier.objects.get().state == State.AWAITING_PAYMENT
