"""A citizen's way on a cheap telephone, without script: in, the list, a dossier, out; clean for axe and no
wider than the page.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from citizens import sessions
from dossiers.acts import supplements
from dossiers.acts.many import Seen
from dossiers.intake.wanted import declared
from dossiers.models import CounterVisit
from dossiers.states import State
from exchange.peer.identity import Identity
from tests.browser.fitting import too_wide
from tests.citizens.test_filed import answered, filed
from tests.citizens.test_held import held
from tests.citizens.test_there import there
from tests.exchange.world import said
from tests.samples import PDF
from tests.world import MONDAY, Office, make_case, receive

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Axe = Callable[..., list[str]]


def test_a_citizen_signs_in_looks_and_leaves(
    office: Office,
    provider: Identity,
    live_server: Any,
    settings: Any,
    new_page: Callable[..., Page],
    axe: Axe,
    shoot: Callable[[Page, str], Any],
) -> None:
    settings.PUBLIC_URL = live_server.url
    settings.CITIZENS_MAY_UPLOAD = True
    office.agency.phone = "0243 000 000"
    office.agency.save()
    dossier, waiting = receive(office, make_case()), receive(office, make_case())
    supplements.ask(
        Seen(waiting.pk), items=declared("Họ tên người mẹ"), reason="Tờ khai thiếu",
        by=office.desk(office.clerk), at=MONDAY,
    )  # fmt: skip
    # Told by hand below: nothing is sent.
    settings.EXCHANGE_PEERS = [said("B")]
    there(waiting, accepted_state=State.IN_PROGRESS)
    arrived = held(office, make_case())
    filings = [filed(office, n, procedure_text="Cấp bản sao trích lục") for n in (1, 2)]
    with transaction.atomic():
        answered(office, make_case(), filings[1], CounterVisit.Kind.COMPLETE)
    page = new_page(
        width=360, height=740, is_mobile=True, has_touch=True, java_script_enabled=False
    )

    # Whoever judges needs scripts.
    judge = new_page(width=360, height=740, is_mobile=True, has_touch=True)

    def look(name: str) -> None:
        judge.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
        judge.goto(page.url)
        shoot(judge, f"cua-toi-{name}")
        assert too_wide(judge) == []
        assert axe(judge) == []

    page.goto(f"{live_server.url}/tra-cuu/")
    page.get_by_role("link", name="Hồ sơ của tôi").click()
    start = page.get_by_role("link", name="Đăng nhập bằng VNeID")
    expect(start).to_be_visible()
    look("vao")
    start.click()
    page.get_by_role("link", name="Không đăng nhập").click()
    expect(page.get_by_text("Ông/Bà đã dừng đăng nhập")).to_be_visible()
    look("chua-vao")
    page.get_by_role("link", name="Đăng nhập lại").click()
    start.click()
    page.get_by_role("link", name="Nguyễn Văn Ân").click()
    expect(page.get_by_role("link", name=waiting.code)).to_be_visible()
    for filing in filings:
        expect(page.get_by_role("link", name=filing.code)).to_be_visible()
    expect(page.get_by_role("link", name=arrived.foreign_code)).to_be_visible()
    expect(page.get_by_text("có thể còn hiện “Đang xử lý”")).to_be_visible()
    look("danh-sach")
    page.get_by_role("link", name=dossier.code).click()
    expect(page.get_by_role("heading", name=dossier.code)).to_be_visible()
    look("ho-so")
    page.get_by_role("link", name="Vì sao hẹn ngày này?").first.click()
    expect(page.get_by_role("heading", name="Vì sao hẹn ngày này?")).to_be_visible()
    look("vi-sao")
    page.get_by_role("link", name="Quay lại hồ sơ").click()
    page.get_by_role("main").get_by_role("link", name="Hồ sơ của tôi").click()
    page.get_by_role("link", name="Gửi giấy tờ bổ sung").click()
    expect(page.get_by_role("heading", name="Gửi giấy tờ bổ sung")).to_be_visible()
    expect(page.get_by_text("Họ tên người mẹ")).to_be_visible()
    look("gui-bo-sung")
    chosen = page.get_by_label("Tệp giấy tờ")
    wrong = {"name": "phim.mp4", "mimeType": "video/mp4", "buffer": b"nothing"}
    right = {"name": "giấy khai sinh.pdf", "mimeType": "application/pdf", "buffer": PDF}
    chosen.set_input_files([right, wrong])
    page.get_by_role("button", name="Gửi giấy tờ").click()
    expect(page.get_by_text("Không nhận tệp “phim.mp4”").first).to_be_visible()
    expect(page.get_by_text("giấy khai sinh.pdf")).to_be_visible()
    page.get_by_role("link", name="Quay lại hồ sơ").click()
    look("ho-so-da-gui")
    page.get_by_role("link", name="Gửi thêm giấy tờ").click()
    expect(page.get_by_role("heading", name="Gửi giấy tờ bổ sung")).to_be_visible()
    look("da-gui-bo-sung")
    page.get_by_role("button", name="Lấy lại tệp giấy khai sinh.pdf").click()
    expect(page.get_by_text("Ông/Bà đã lấy lại: giấy khai sinh.pdf")).to_be_visible()
    look("da-lay-lai")
    page.get_by_role("link", name="Hồ sơ của tôi").last.click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_text("Ông/Bà đã đăng xuất khỏi trang này.")).to_be_visible()
    look("ra")
    page.get_by_role("link", name="Thoát cả tài khoản VNeID").click()
    expect(start).to_be_visible()
    assert page.url == f"{live_server.url}/cua-toi/"


def test_what_is_not_read_says_so(
    office: Office,
    provider: Identity,
    live_server: Any,
    settings: Any,
    new_page: Callable[..., Page],
    axe: Axe,
    shoot: Callable[[Page, str], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """More than is taken at once; a session that ended while the files were chosen."""
    # The server of the tests refuses what real ones take: that the connection is closed after it.
    monkeypatch.setattr("wsgiref.handlers.is_hop_by_hop", lambda name: False)
    settings.PUBLIC_URL = live_server.url
    settings.CITIZENS_MAY_UPLOAD = True
    settings.ANONYMOUS_MAX_BYTES, settings.REQUEST_MAX_BYTES = 1000, 5000
    waiting = receive(office, make_case())
    supplements.ask(
        Seen(waiting.pk), items=declared("Họ tên người mẹ"), reason="Tờ khai thiếu",
        by=office.desk(office.clerk), at=MONDAY,
    )  # fmt: skip
    page = new_page(width=360, height=740)

    def send(content: bytes) -> None:
        page.goto(f"{live_server.url}/cua-toi/ho-so/{waiting.code}/bo-sung/")
        file = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": content}
        page.get_by_label("Tệp giấy tờ").set_input_files(file)

    def look(name: str) -> None:
        expect(page.get_by_role("heading", name="Chưa nhận được tệp")).to_be_visible()
        for width in (360, 1366):
            page.set_viewport_size({"width": width, "height": 740})
            shoot(page, f"cua-toi-{name}-{width}")
            assert too_wide(page) == []
            assert axe(page) == []

    page.goto(f"{live_server.url}/cua-toi/")
    page.get_by_role("link", name="Đăng nhập bằng VNeID").click()
    page.get_by_role("link", name="Nguyễn Văn Ân").click()
    send(PDF + b"%" * 6000)
    page.get_by_role("button", name="Gửi giấy tờ").click()
    expect(page.get_by_text("lớn hơn mức nhận")).to_be_visible()
    look("qua-lon")
    send(PDF)
    page.context.clear_cookies(name=sessions.COOKIE)
    page.get_by_role("button", name="Gửi giấy tờ").click()
    expect(page.get_by_text("phiên của Ông/Bà đã đóng")).to_be_visible()
    look("het-phien")
    page.get_by_role("link", name="Hồ sơ của tôi").first.click()
    expect(page.get_by_role("link", name="Đăng nhập bằng VNeID")).to_be_visible()
