"""An opinion is asked for and given in Chromium (R-63): the specialist asks another room and a company
outside, the room answers from its own list, what the company wrote is written down.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dossiers.models.consulting import Consultation
from tests.browser.fitting import too_wide
from tests.journeys.site import OFFICE, Site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NewPage = Callable[..., Page]
Shoot = Callable[[Page, str], Path]


def test_an_opinion_is_asked_for_and_given(
    site: Site, new_page: NewPage, shoot: Shoot, axe: Callable[[Page], list[str]]
) -> None:
    dossier = site.receive(owner="Tô Thị Lan")
    site.give(dossier, OFFICE)
    site.confirm(dossier, "chuyenvien")
    leader = site.officers["lanhdao"]
    assert leader.department is not None
    asker = site.enter(new_page(), "chuyenvien")
    asker.goto(f"{site.url}{dossier.get_absolute_url()}")
    asker.get_by_role("link", name="Lấy ý kiến", exact=True).last.click()
    asker.get_by_label(leader.department.name, exact=True).check()
    asker.get_by_text("Cơ quan khác trong hệ thống, cơ quan ngoài hệ thống").click()
    asker.locator("[name=bodies]").fill("Công ty Cấp nước")
    asker.locator("[name=content]").fill("Thửa đất có tranh chấp không?")
    assert axe(asker) == []
    assert too_wide(asker) == []
    shoot(asker, "lay-y-kien-hoi")
    asker.locator("[data-default]").click()
    expect(asker.locator("[data-toast]").first).to_contain_text("Đã lấy ý kiến 2 nơi")
    expect(asker.get_by_label("Lấy ý kiến", exact=True)).to_contain_text("Công ty Cấp nước")
    shoot(asker, "lay-y-kien-ho-so")

    asked = site.enter(new_page(width=360), "lanhdao")
    asked.goto(f"{site.url}/lay-y-kien/")
    asked.get_by_role("link", name=dossier.code).click()
    expect(asked.locator("main")).to_contain_text("Thửa đất có tranh chấp không?")
    asked.get_by_label("Đồng ý", exact=True).check()
    asked.locator("[name=text]").fill("Không có tranh chấp")
    assert axe(asked) == []
    assert too_wide(asked) == []
    shoot(asked, "lay-y-kien-tra-loi-360")
    asked.get_by_role("button", name="Gửi trả lời").click()
    expect(asked.locator("main")).to_contain_text("Không có tranh chấp")

    asker.reload()
    panel = asker.get_by_label("Lấy ý kiến", exact=True)
    expect(panel).to_contain_text("Không có tranh chấp")
    panel.get_by_role("link", name="Ghi trả lời").click()
    asker.get_by_label("Không đồng ý", exact=True).check()
    asker.locator("[name=text]").fill("Nằm trong hành lang đường ống")
    asker.locator("[name=number]").fill("12/CTN")
    asker.locator("[data-default]").click()
    expect(asker.locator("[data-toast]").first).to_contain_text(
        "Đã ghi ý kiến của Công ty Cấp nước"
    )
    assert Consultation.objects.filter(answered_at=None).count() == 0
