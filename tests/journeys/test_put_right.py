"""What went wrong at the counter is put right in Chromium: a reception made by mistake is voided when
the approver has agreed himself, a mistyped name is corrected with a replacement slip.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dossiers.intake import secrets
from dossiers.models import Slip
from dossiers.states import State
from tests.browser.fitting import too_wide
from tests.journeys.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NewPage = Callable[..., Page]
Shoot = Callable[[Page, str], Path]


def test_a_reception_made_by_mistake_is_voided(
    site: Site, new_page: NewPage, shoot: Shoot, axe: Callable[[Page], list[str]]
) -> None:
    dossier = site.receive(owner="Tô Thị Lan")
    here = f"{site.url}{dossier.get_absolute_url()}"
    clerk = site.enter(new_page(), "tiepnhan")
    clerk.goto(here)
    clerk.get_by_role("link", name="Hủy tiếp nhận (nhận nhầm)").click()
    clerk.locator("[name=reason]").fill("Nhập nhầm thủ tục, người dân nộp hồ sơ khác")
    clerk.locator("[name=approver]").select_option(index=1)
    who = clerk.locator("[name=approver] option:checked").inner_text()
    assert axe(clerk) == []
    shoot(clerk, "huy-tiep-nhan")
    clerk.get_by_role("button", name="Trình người duyệt").click()
    expect(clerk.locator("[data-toast]").first).to_contain_text("Đã trình")

    found = next(name for name, one in site.officers.items() if one.full_name in who)
    approver = site.enter(new_page(width=360), found)
    approver.goto(f"{site.url}/duyet-bo-sung/")
    expect(approver.locator("main")).to_contain_text("Nhập nhầm thủ tục")
    assert axe(approver) == []
    assert too_wide(approver) == []
    shoot(approver, "duyet-huy-tiep-nhan-360")
    approver.get_by_role("button", name="Duyệt hủy tiếp nhận").first.click()
    expect(approver.locator("[data-toast]").first).to_contain_text("Đã duyệt hủy tiếp nhận")

    clerk.goto(f"{here}huy-tiep-nhan/")
    clerk.locator("form.act-form").get_by_role("button", name="Hủy tiếp nhận").click()
    expect(clerk.locator("[data-toast]").first).to_contain_text("Đã hủy tiếp nhận")
    expect(clerk.locator(".now-line")).to_contain_text("Đã hủy tiếp nhận")
    shoot(clerk, "da-huy-tiep-nhan")
    dossier.refresh_from_db()
    assert dossier.state == State.VOIDED

    clerk.goto(f"{here}phieu/tiep-nhan/?in=1")
    expect(clerk.get_by_role("alert")).to_contain_text("Việc tiếp nhận hồ sơ đã bị hủy")
    citizen = new_page(width=360)
    citizen.goto(f"{site.url}/tra-cuu/{dossier.code}/?k={secrets.secret_of(dossier)}")
    expect(citizen.locator(".answer")).to_contain_text("đã bị hủy do nhận nhầm")
    assert too_wide(citizen) == []
    shoot(citizen, "tra-cuu-da-huy-360")

    clerk.goto(here)
    clerk.get_by_role("button", name="Hoàn tác").first.click()
    expect(clerk.locator(".now-line")).to_contain_text("Được tiếp nhận")


def test_a_mistyped_name_is_corrected_with_a_replacement_slip(
    site: Site, new_page: NewPage, shoot: Shoot, axe: Callable[[Page], list[str]]
) -> None:
    dossier = site.receive(owner="Tô Thị Lan")
    here = f"{site.url}{dossier.get_absolute_url()}"
    clerk = site.enter(new_page(), "tiepnhan")
    clerk.goto(here)
    clerk.get_by_role("link", name="Đính chính thông tin").click()
    expect(clerk.locator("[name=owner_name]")).to_have_value("Tô Thị Lan")
    clerk.get_by_role("button", name="Đính chính").click()
    expect(clerk.locator(".error-summary")).to_be_visible()  # neither reason nor change
    clerk.locator("[name=owner_name]").fill("Tô Thị Lân")
    clerk.locator("[name=reason]").fill("Gõ nhầm so với căn cước")
    assert axe(clerk) == []
    shoot(clerk, "dinh-chinh")
    clerk.set_viewport_size({"width": 360, "height": 800})
    assert too_wide(clerk) == []
    shoot(clerk, "dinh-chinh-360")
    clerk.set_viewport_size({"width": 1366, "height": 768})
    clerk.get_by_role("button", name="Đính chính").click()
    expect(clerk.locator("[data-toast]").first).to_contain_text("Đã đính chính")
    expect(clerk.locator("main")).to_contain_text("“Tô Thị Lan” → “Tô Thị Lân”")
    shoot(clerk, "da-dinh-chinh")
    old, new = Slip.objects.filter(dossier=dossier, slug="tiep-nhan").order_by("pk")
    assert (old.is_standing, new.is_standing) == (False, True)

    clerk.goto(f"{here}phieu/tiep-nhan/?so={old.number}")
    expect(clerk.get_by_role("alert")).to_contain_text(f"đã được thay bằng phiếu số {new.number}")
    clerk.goto(f"{here}phieu/tiep-nhan/")
    expect(clerk.locator("article.slip").first).to_contain_text("Tô Thị Lân")
    shoot(clerk, "giay-tiep-nhan-thay-the")
    citizen = new_page(width=360)
    citizen.goto(f"{site.url}/tra-cuu/{dossier.code}/?k={secrets.secret_of(dossier)}")
    expect(citizen.locator("main")).to_contain_text("không còn giá trị")
    assert too_wide(citizen) == []
    shoot(citizen, "tra-cuu-thay-the-360")
