"""Turns of every week in Chromium: many dossiers in one envelope, a dossier that its owner takes back,
one that the leader stops.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dossiers.intake import secrets
from dossiers.models import Dossier
from dossiers.states import State
from tests.browser.fitting import too_wide
from tests.journeys.site import SEVEN_DAYS, Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NewPage = Callable[..., Page]
Shoot = Callable[[Page, str], Path]


def test_a_village_head_brings_three_in_one_envelope(
    site: Site, new_page: NewPage, shoot: Shoot, axe: Callable[[Page], list[str]]
) -> None:
    """R-19: each its own code, one receipt with the list."""
    clerk = site.enter(new_page(), "tiepnhan")
    clerk.goto(f"{site.url}/tiep-nhan/lap/{SEVEN_DAYS}/")
    clerk.get_by_role("link", name="Nhận nhiều hồ sơ một lần").click()
    expect(clerk.get_by_role("heading", name="Nhận nhiều hồ sơ một lần")).to_be_visible()
    clerk.locator("[name=sender_name]").fill("Hoàng Văn Páo")
    clerk.locator("[name=authorisation]").fill("Khối trưởng khối 3")
    owners = ("Lương Thị Hoa; 020187000201", "Lương Văn Bảo; 020087000202", "Lương Thị Cúc")
    clerk.locator("[name=owners]").fill("\n".join(owners))
    clerk.locator("[name=no_scan_reason]").fill("Quét sau khi hết khách")
    assert axe(clerk) == []
    shoot(clerk, "nop-tap-the")
    clerk.get_by_role("button", name="Tiếp nhận tất cả").click()
    expect(clerk.get_by_role("heading", name="Hoàng Văn Páo")).to_be_visible()
    rows = clerk.get_by_role("table").first.locator("tbody tr")
    expect(rows).to_have_count(3)
    clerk.set_viewport_size({"width": 360, "height": 740})
    assert too_wide(clerk) == []
    shoot(clerk, "nop-tap-the-da-nhan-360")
    clerk.set_viewport_size({"width": 1366, "height": 768})
    with clerk.expect_popup() as opened:
        clerk.get_by_role("button", name="In giấy tiếp nhận").click()
    sheet = opened.value.locator("article.slip").first
    found = Dossier.objects.filter(owner_name__startswith="Lương ").order_by("pk")
    assert len({one.code for one in found}) == len(owners)
    for one in found:
        expect(sheet).to_contain_text(one.owner_name)
        expect(sheet).to_contain_text(one.code)
    opened.value.close()


def test_an_owner_takes_the_dossier_back(
    site: Site, new_page: NewPage, shoot: Shoot, axe: Callable[[Page], list[str]]
) -> None:
    """R-72: at the owner's own request, who and when."""
    dossier = site.receive(owner="Tô Văn Rút")
    clerk = site.enter(new_page(), "tiepnhan")
    clerk.goto(f"{site.url}{dossier.get_absolute_url()}rut/")
    expect(clerk.get_by_role("heading", name="Rút hồ sơ")).to_be_visible()
    clerk.locator("[name=requested_by]").fill("Tô Văn Rút")
    clerk.locator("[name=requested_on]").fill("23/11/2026")
    clerk.locator("[name=reason]").fill("Nộp lại ở nơi cư trú mới")
    assert axe(clerk) == []
    shoot(clerk, "rut-ho-so")
    clerk.keyboard.press("Control+Enter")
    expect(clerk.locator(".now-line")).to_contain_text("rút")
    dossier.refresh_from_db()
    assert dossier.state == State.WITHDRAWN
    citizen = new_page(width=360)
    citizen.goto(f"{site.url}/tra-cuu/{dossier.code}/?k={secrets.secret_of(dossier)}")
    expect(citizen.locator(".answer")).to_contain_text("rút")
    assert too_wide(citizen) == []
    clerk.get_by_role("button", name="Hoàn tác").first.click()
    expect(clerk.locator(".now-line")).to_contain_text("Được tiếp nhận")


def test_a_leader_stops_what_cannot_go_on(
    site: Site, new_page: NewPage, shoot: Shoot, axe: Callable[[Page], list[str]]
) -> None:
    """The notice that says it is made with it, to be signed and numbered."""
    dossier = site.receive(owner="Tô Thị Dừng")
    here = f"{site.url}{dossier.get_absolute_url()}"
    leader = site.enter(new_page(), "lanhdao")
    leader.goto(f"{here}dung/")
    expect(leader.get_by_role("heading", name="Dừng giải quyết")).to_be_visible()
    leader.keyboard.press("Control+Enter")
    expect(leader.locator(".error-summary")).to_be_visible()
    assert axe(leader) == []
    for name, text in {
        "requested_by": "Tô Thị Dừng",
        "requested_on": "23/11/2026",
        "reason": "Chủ hồ sơ đề nghị dừng để bổ sung quyền sử dụng đất",
        "stage": "Thẩm định",
        "decision_number": "12/QĐ-UBND",
        "decision_on": "23/11/2026",
        "signer": "Nguyễn Hữu Phúc",
        "fee_consequence": "Không thu",
    }.items():
        leader.locator(f"[name={name}]").fill(text)
    shoot(leader, "dung-giai-quyet")
    leader.keyboard.press("Control+Enter")
    expect(leader.locator(".now-line")).to_contain_text("ừng")
    dossier.refresh_from_db()
    assert dossier.state == State.STOPPED
    leader.goto(f"{here}phieu/dung/")
    expect(leader.locator("article.slip").first).to_contain_text("12/QĐ-UBND")
    shoot(leader, "thong-bao-dung")
