"""A partner office hands a dossier in, the counter accepts it by one key, the citizen's slip says what it is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from dossiers.acts import partner_offices
from dossiers.acts.partner_offices import OfficeIn
from dossiers.models import Dossier, OnlineFiling, PartnerOffice
from onestop.accounts.models import Role
from procedures.channels import Channel
from tests.browser.fitting import too_wide
from tests.journeys.site import SEVEN_DAYS, Site
from tests.samples import PDF
from tests.world import make_officer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fits(page: Page, axe_tags: Callable[[Page], list[str]], shoot: Any, name: str) -> None:
    for width in (1366, 360):
        page.set_viewport_size({"width": width, "height": 768})
        shoot(page, f"{name}-{width}")
        assert too_wide(page) == []
    assert axe_tags(page) == []
    page.set_viewport_size({"width": 1366, "height": 768})


def test_from_the_partner_to_the_counter(
    site: Site, new_page: Callable[..., Page], axe_tags: Callable[[Page], list[str]], shoot: Any,
    tmp_path: Path,
) -> None:  # fmt: skip
    person = make_officer("Lục Thị Thơm", site.agency, (Role.PARTNER, None))
    site.officers["daily"] = person
    by, today = site.desk("quantri"), timezone.localdate()
    said = OfficeIn("Đại lý dịch vụ công Tam Thanh", PartnerOffice.Kind.AGENT, Channel.DIRECT, today, phone="02053812345")  # fmt: skip
    partner = partner_offices.add(said, site.agency, by=by)
    partner_offices.add_counter(partner, site.agency, today, None, by=by)
    partner_offices.add_officer(partner, person, today, None, by=by)
    scan = tmp_path / "giay-to.pdf"
    scan.write_bytes(PDF)

    page = site.enter(new_page(width=1366), "daily")
    page.goto(f"{site.url}/gui-ho/")
    page.get_by_role("link", name="Gửi hồ sơ").click()
    page.get_by_label("Thủ tục: mã hoặc vài chữ không dấu").fill(SEVEN_DAYS)
    page.keyboard.press("Enter")
    expect(page.locator("a.choice")).to_be_visible()
    fits(page, axe_tags, shoot, "gui-ho-tim")
    page.locator("a.choice").click()
    page.get_by_label("Họ tên chủ hồ sơ").fill("Hoàng Thị Khuê Tú")
    page.get_by_label("Số giấy tờ").fill("001187000123")
    page.get_by_label("Điện thoại chủ hồ sơ").fill("0912345678")
    page.locator("summary").filter(has_text="Người khác nộp thay").click()
    page.get_by_label("Văn bản ủy quyền").fill("Hợp đồng dịch vụ số 12")
    for box in page.locator("input[type=file][name^=tep-]:not([name=tep-0])").all():
        box.set_input_files(scan)
    fits(page, axe_tags, shoot, "gui-ho-moi")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Hãy in biên nhận cho người dân")).to_be_visible()
    fits(page, axe_tags, shoot, "gui-ho-mot")
    filing = OnlineFiling.objects.get()

    clerk = site.enter(new_page(width=1366), "tiepnhan")
    clerk.goto(f"{site.url}/tiep-nhan/truc-tuyen/")
    expect(clerk.get_by_text("Đại lý dịch vụ công Tam Thanh gửi hộ")).to_be_visible()
    fits(clerk, axe_tags, shoot, "gui-ho-quay-danh-sach")
    clerk.goto(f"{site.url}/tiep-nhan/truc-tuyen/{filing.pk}/")
    expect(clerk.get_by_role("button", name="Tiếp nhận ngay")).to_be_visible()
    fits(clerk, axe_tags, shoot, "gui-ho-quay")
    clerk.get_by_role("button", name="Tiếp nhận ngay").focus()
    clerk.keyboard.press("Enter")
    clerk.wait_for_url("**/tiep-nhan/xong/**")
    dossier = Dossier.objects.get()
    page.goto(f"{site.url}/gui-ho/")
    expect(page.get_by_text(dossier.code)).to_be_visible()
    fits(page, axe_tags, shoot, "gui-ho")

    admin = site.enter(new_page(width=1366), "quantri")
    admin.goto(f"{site.url}/quan-tri/don-vi-gui-ho/")
    fits(admin, axe_tags, shoot, "don-vi-gui-ho")
    admin.goto(f"{site.url}/quan-tri/don-vi-gui-ho/{partner.pk}/")
    expect(admin.get_by_role("rowheader", name="Lục Thị Thơm")).to_be_visible()
    fits(admin, axe_tags, shoot, "don-vi-gui-ho-mot")
    paper = page.request.get(f"{site.url}/gui-ho/{filing.pk}/bien-nhan.pdf")
    assert paper.body().startswith(b"%PDF")
    (tmp_path / "bien-nhan.pdf").write_bytes(paper.body())
