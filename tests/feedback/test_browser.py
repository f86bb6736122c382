"""Rating on a cheap telephone, without script; the sums of it on the dashboard: clean for axe and no wider
than the page.
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dossiers.acts import endings
from dossiers.acts.many import Seen
from dossiers.intake.secrets import secret_of
from dossiers.models import Dossier
from tests.browser.fitting import too_wide
from tests.feedback.test_figures import NOW, rate
from tests.world import MONDAY, Office, make_case, receive

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Axe = Callable[..., list[str]]
Shoot = Callable[[Page, str], Any]


def test_who_holds_the_slip_rates_on_a_telephone(
    office: Office, live_server: Any, new_page: Callable[..., Page], axe: Axe, shoot: Shoot
) -> None:
    dossier = receive(office, make_case())
    said = endings.EndingIn(requested_by="Nguyễn Văn Ân", reason="Thôi")
    endings.withdraw(Seen(dossier.pk), said, by=office.desk(office.clerk), at=MONDAY)
    dossier = Dossier.objects.get(pk=dossier.pk)
    telephone = {"width": 360, "height": 740, "is_mobile": True, "has_touch": True}
    page = new_page(**telephone, java_script_enabled=False)
    judge = new_page(**telephone)

    def look(name: str) -> None:
        judge.goto(page.url)
        shoot(judge, f"danh-gia-{name}")
        assert too_wide(judge) == []
        assert axe(judge) == []

    page.goto(f"{live_server.url}/tra-cuu/{dossier.code}/?k={secret_of(dossier)}")
    look("ho-so")
    page.get_by_role("link", name="Đánh giá việc giải quyết hồ sơ").click()
    send = page.get_by_role("button", name="Gửi đánh giá")
    expect(send).to_be_visible()
    look("hoi")
    send.click()
    expect(page.get_by_text("Chưa gửi được")).to_be_visible()
    page.get_by_label("Rất hài lòng").first.check()
    page.get_by_label("Chậm hơn hẹn").check()
    page.get_by_label("Ý kiến khác").fill("Nên có ghế ngồi chờ")
    send.click()
    expect(page.get_by_text("Đánh giá đã được ghi")).to_be_visible()
    expect(page.get_by_label("Chậm hơn hẹn")).to_be_checked()
    look("da-gui")
    page.get_by_role("link", name="Quay lại hồ sơ").click()
    page.get_by_role("link", name="Đánh giá việc giải quyết hồ sơ").click()
    # Who holds the slip is told that it was rated at sending.
    page.get_by_label("Không hài lòng").first.check()
    page.get_by_role("button", name="Gửi đánh giá").click()
    expect(page.get_by_text("Hồ sơ này đã được đánh giá")).to_be_visible()
    look("da-co")


@pytest.mark.parametrize("width", [360, 1366])
def test_sums_on_the_dashboard(
    office: Office,
    live_server: Any,
    clock: Any,
    new_page: Callable[..., Page],
    signed_in: Callable[..., Any],
    axe: Axe,
    shoot: Shoot,
    width: int,
) -> None:
    rate(office, 8, 2, 2, 1, manner=2)
    rate(office, 9, 2, 1, 0, words="Nên có ghế ngồi chờ", manner=1, lawful=0)
    rate(office, 10, 2, 2, 2, 1, 1, 0, manner=2)
    clock.now = NOW
    client = signed_in(office.controller)
    page = new_page(width=width, height=800)
    cookies = [
        {"name": name, "value": one.value, "url": live_server.url}
        for name, one in client.cookies.items()
    ]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(f"{live_server.url}/dieu-hanh/hai-long/")
    expect(page.get_by_role("heading", name="Theo nội dung hỏi")).to_be_visible()
    shoot(page, f"danh-gia-dieu-hanh-{width}")
    assert too_wide(page) == []
    assert axe(page) == []
