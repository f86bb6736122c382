"""What happens beside the straight path: no script, an undo, two browsers at once, a closed
browser, a completion, lateness.
"""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from dossiers.clock import flags
from dossiers.intake import secrets
from dossiers.models import Dossier
from dossiers.states import State
from onestop.outbox.models import Message
from tests.journeys.desks import give
from tests.journeys.site import OFFICE, PASSWORD, SEVEN_DAYS, Site
from tests.world import vn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NewPage = Callable[..., Page]


def test_without_script_from_sign_in_to_slip_and_look_up(site: Site, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(site.url)
    page.get_by_role("link", name="Đăng nhập").click()
    page.locator("[name=username]").fill("tiepnhan")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.locator("input[data-choose]").fill("hoa giai vien tai nan")
    page.locator("form.intake-search").get_by_role("button", name="Tìm").click()
    page.locator("#tim-thay a.choice").first.click()
    page.locator("[name=identity_number]").fill("020187000777")
    page.locator("[name=owner_name]").fill("Hà Thị Sen")
    page.locator("[name=address]").fill("Khối 1")
    page.get_by_role("button", name="Tiếp nhận").last.click()
    expect(page.locator(".error-summary")).to_contain_text("quét")  # nothing typed is lost
    expect(page.locator("[name=owner_name]")).to_have_value("Hà Thị Sen")
    page.locator("[name=no_scan_reason]").fill("Máy quét hỏng")
    page.get_by_role("button", name="Tiếp nhận").last.click()
    code = page.locator(".big-code").inner_text()
    with page.expect_popup() as opened:
        page.get_by_role("button", name="In giấy tiếp nhận").click()
    expect(opened.value.locator("article.slip").first).to_contain_text("Hà Thị Sen")
    page.goto(f"{site.url}/tra-cuu/")
    page.locator("[name=ma]").fill(code)
    page.get_by_role("button", name="Xem hồ sơ").click()
    expect(page.locator(".answer")).to_contain_text("Hồ sơ đang ở bước 1/4")


def test_a_hand_over_is_taken_back_from_the_toast(site: Site, new_page: NewPage) -> None:
    dossier = site.receive(owner="Tô Thị Lan")
    page = site.enter(new_page(), "tiepnhan")
    give(site, page, dossier, "Nông Văn Thắng")
    page.locator("[data-toast]").get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("[data-toast]")).to_contain_text("Đã thu hồi")
    dossier.refresh_from_db()
    assert (dossier.holder, dossier.pending_department) == (site.officers["tiepnhan"], None)
    other = site.enter(new_page(), "chuyenvien")
    other.goto(f"{site.url}/ban-giao/nhan/")
    expect(other.locator("main")).not_to_contain_text(dossier.code)


def test_of_two_browsers_on_one_dossier_one_acts_and_one_reads_what_happened(
    site: Site, new_page: NewPage
) -> None:
    dossier = site.receive(owner="Phan Văn Lợi")
    pages = [site.enter(new_page(), name) for name in ("tiepnhan", "tiepnhan")]
    for page in pages:
        page.goto(f"{site.url}/ho-so/{dossier.code}/rut/")
        page.locator("[name=reason]").fill("Không còn nhu cầu")
    for page in pages:
        page.get_by_role("button", name="Rút hồ sơ").click()
    expect(pages[0].locator("[data-toast]")).to_be_visible()
    expect(pages[1].locator(".notice[role=alert]")).to_contain_text("Hoàng Thị Bích Liên")
    expect(pages[1].locator(".now")).to_contain_text("rút hồ sơ")
    assert dossier.endings.count() == 1


def test_a_draft_survives_a_closed_browser(site: Site, new_page: NewPage) -> None:
    page = site.enter(new_page(), "tiepnhan2")
    page.goto(f"{site.url}/tiep-nhan/lap/{SEVEN_DAYS}/")
    page.locator("[name=identity_number]").fill("020187000888")
    page.locator("[name=owner_name]").fill("Đặng Thị Mùi")
    expect(page.locator("[data-draft-status]")).to_contain_text("Đã lưu nháp lúc")
    page.context.close()
    page = site.enter(new_page(), "tiepnhan2")
    page.goto(f"{site.url}/tiep-nhan/")
    page.get_by_role("link", name="Đặng Thị Mùi").click()
    expect(page.locator("[name=owner_name]")).to_have_value("Đặng Thị Mùi")
    expect(page.locator("[name=identity_number]")).to_have_value("020187000888")
    page.locator("[name=no_scan_reason]").fill("Máy quét hỏng")
    page.get_by_role("button", name="Tiếp nhận").last.click()
    expect(page.locator("h1")).to_contain_text("Đã tiếp nhận")
    page.goto(f"{site.url}/tiep-nhan/")
    expect(page.get_by_role("link", name="Hồ sơ đang nhập dở")).to_have_count(0)
    assert Dossier.objects.filter(owner_name="Đặng Thị Mùi").count() == 1


def test_papers_are_asked_for_once_and_the_promise_begins_anew(
    site: Site, new_page: NewPage
) -> None:
    dossier = site.receive(owner="Lâm Thị Hoa")
    page = site.enter(new_page(), "tiepnhan")
    page.goto(f"{site.url}/ho-so/{dossier.code}/")
    page.get_by_role("link", name="Yêu cầu bổ sung", exact=True).click()
    page.locator("input[type=checkbox][name^=b]").first.check()
    page.locator("[name=reason]").fill("Bản sao mờ, không đọc được")
    page.get_by_role("button", name="Phát phiếu yêu cầu bổ sung").click()
    expect(page.locator(".now")).to_contain_text(
        "Đang chờ bổ sung từ 23/11/2026 08:00, thời hạn giải quyết tạm dừng"
    )
    page.goto(f"{site.url}/ho-so/{dossier.code}/phieu/bo-sung/")
    expect(page.locator("article.slip").first).to_contain_text("Bản sao mờ")
    phone = new_page(width=360, height=740, is_mobile=True)
    phone.goto(secrets.lookup_url(dossier))
    expect(phone.locator(".answer")).to_contain_text("đang chờ Ông/Bà bổ sung giấy tờ")

    site.go_to("27/11/2026 09:00")
    site.enter(page, "tiepnhan").goto(f"{site.url}/ho-so/{dossier.code}/")
    page.get_by_role("link", name="Nhận đủ giấy tờ bổ sung").click()
    page.get_by_role("button", name="Đã nhận đủ").click()
    expect(page.locator(".now")).to_contain_text("Hẹn trả 17:00 thứ Ba 08/12/2026")
    dossier.refresh_from_db()
    assert State(dossier.state) in (State.RECEIVED, State.IN_PROGRESS)
    assert (dossier.due_at, dossier.first_due_at) == (
        vn("08/12/2026 17:00"),
        vn("03/12/2026 17:00"),
    )


def test_the_leader_sees_what_is_late_and_who_holds_it_and_the_bell_rings_once(
    site: Site, new_page: NewPage
) -> None:
    dossier = site.receive(owner="Vương Thị Én")
    site.give(dossier, OFFICE)
    site.confirm(dossier, "chuyenvien")
    site.go_to("07/12/2026 08:00")  # promised 03/12
    leader = site.enter(new_page(), "lanhdao")
    leader.goto(f"{site.url}/viec/?loai=co-quan")
    row = leader.locator("table tbody tr", has_text=dossier.code)
    expect(row).to_contain_text("quá 2 ngày")
    expect(row).to_contain_text("Nông Văn Thắng")

    for _ in range(2):
        flags.flag_overdue(timezone.now())
    told = Message.objects.filter(
        object_kind="dossier", object_id=dossier.pk, to_officer=site.officers["chuyenvien"]
    )
    assert told.count() == 1
    holder = site.enter(new_page(), "chuyenvien")
    holder.goto(f"{site.url}/viec/")
    expect(holder.locator(".top-bell .count")).to_be_visible()
    holder.locator(".top-bell").click()
    expect(holder.locator("main")).to_contain_text(dossier.code)
