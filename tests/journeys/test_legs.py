"""A dossier with parts at two agencies at once, in Chromium (R-60, R-61): sent by one form, one agency
answers, one cannot, the lead sees who is waited for; then the other agency takes the lead over.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dossiers.models import Dossier
from dossiers.models.legs import Leg, LegState
from tests.browser.fitting import too_wide
from tests.journeys.site import OFFICE, Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NewPage = Callable[..., Page]
Shoot = Callable[[Page, str], Path]
Look = Callable[[Page, str], None]
WIDE, PHONE = 1366, 360


@pytest.fixture
def look(axe: Callable[[Page], list[str]], shoot: Shoot) -> Look:
    """It fits, axe finds nothing, a picture is kept."""

    def judge(page: Page, name: str) -> None:
        assert axe(page) == []
        assert too_wide(page) == []
        shoot(page, name)

    return judge


def send(page: Page, *parts: tuple[str, str]) -> None:
    page.get_by_role("link", name="Chuyển phối hợp giải quyết").first.click()
    for n, (agency, task) in enumerate(parts, 1):
        page.locator(f"[name=agency_{n}]").fill(agency)
        page.locator(f"[name=task_{n}]").fill(task)
        page.locator(f"[name=hours_{n}]").fill("16")


def take(site: Site, page: Page, dossier: Dossier) -> None:
    """From the list of what the agency has to its page, and taken."""
    page.goto(f"{site.url}/viec/phoi-hop/")
    page.get_by_role("link", name=dossier.code).click()
    page.get_by_role("button", name="Nhận").click()
    expect(page.locator("[data-toast]").first).to_contain_text("Đã nhận phần phối hợp")


def answer(page: Page, outcome: str, words: str) -> None:
    page.get_by_role("link", name="Trả lời").click()
    page.get_by_label(outcome, exact=True).check()
    page.locator("[name=text]").fill(words)


def test_two_agencies_work_at_once_and_one_takes_the_lead(
    site: Site, new_page: NewPage, shoot: Shoot, look: Look
) -> None:
    dossier = site.receive(owner="Lý Văn Pao")
    site.give(dossier, OFFICE)
    site.confirm(dossier, "chuyenvien")
    lead = site.enter(new_page(width=WIDE), "chuyenvien")
    lead.goto(f"{site.url}{dossier.get_absolute_url()}")
    # The names as people type them: some words, whatever their marks.
    send(lead, ("đồng đăng", "Xác nhận thời gian cư trú"), ("loc binh", "Cho ý kiến về đất"))
    look(lead, f"phoi-hop-chuyen-{WIDE}")
    lead.set_viewport_size({"width": PHONE, "height": 800})
    look(lead, f"phoi-hop-chuyen-{PHONE}")
    lead.set_viewport_size({"width": WIDE, "height": 800})
    lead.locator("[data-default]").click()
    expect(lead.locator("[data-toast]").first).to_contain_text("Đã chuyển 2 cơ quan phối hợp")
    panel = lead.get_by_label("Phối hợp giải quyết", exact=True)
    expect(panel).to_contain_text("còn chờ 2 cơ quan")
    lead.goto(f"{site.url}/viec/?loai=dang-xu-ly&phoihop=1")
    expect(lead.get_by_role("row", name=dossier.code)).to_contain_text("chờ 2 cơ quan")

    first = site.enter(new_page(width=PHONE), "dongdang.tiepnhan")
    take(site, first, dossier)
    look(first, f"phoi-hop-phan-viec-{PHONE}")
    answer(first, "Thống nhất, đã thực hiện", "Ông Pao thường trú từ 2010")
    look(first, f"phoi-hop-tra-loi-{PHONE}")
    first.locator("[data-default]").click()
    expect(first.locator("main")).to_contain_text("Ông Pao thường trú từ 2010")
    expect(first.locator("main")).to_contain_text("giấy tờ của hồ sơ ở cơ quan chủ trì")

    second = site.enter(new_page(width=WIDE), "locbinh.tiepnhan")
    take(site, second, dossier)
    answer(second, "Không thực hiện được", "Thửa đất không thuộc xã")
    second.locator("[data-default]").click()
    expect(second.locator("main")).to_contain_text("Thửa đất không thuộc xã")
    look(second, f"phoi-hop-khong-lam-duoc-{WIDE}")

    lead.goto(f"{site.url}{dossier.get_absolute_url()}")
    expect(panel).to_contain_text("mọi cơ quan phối hợp đã xong")
    expect(panel).to_contain_text("Không thực hiện được")
    shoot(lead, f"phoi-hop-ho-so-{WIDE}")

    send(lead, ("Ủy ban nhân dân xã Đồng Đăng", "Giải quyết tiếp"))
    lead.locator("[data-default]").click()
    expect(panel).to_contain_text("còn chờ 1 cơ quan")
    take(site, first, dossier)
    lead.reload()
    panel.get_by_role("link", name="Giao chủ trì").click()
    lead.locator("[name=reason]").fill("Đất thuộc xã Đồng Đăng")
    look(lead, f"phoi-hop-giao-chu-tri-{WIDE}")
    lead.locator("[data-default]").click()
    expect(lead.locator("[data-toast]").first).to_contain_text("chủ trì hồ sơ từ nay")

    first.goto(f"{site.url}/viec/?loai=cho-nhan")
    expect(first.get_by_role("link", name=dossier.code)).to_be_visible()
    first.get_by_role("link", name=dossier.code).click()
    expect(first.locator("main")).to_contain_text("Đã thôi chủ trì")
    look(first, f"phoi-hop-chu-tri-moi-{PHONE}")
    states = Leg.objects.filter(dossier=dossier).order_by("number").values_list("state", flat=True)
    assert list(states) == [
        LegState.ANSWERED,
        LegState.FAILED,
        LegState.LEADS,
        LegState.LED,
    ]
