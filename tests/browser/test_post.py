"""Results go out by post and come to their owners: the counter gives, the postman confirms (R-120)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from dossiers.acts import endings
from dossiers.acts.endings import ResultIn
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from dossiers.models.post import PostalItem, PostalNote
from dossiers.states import State
from onestop.accounts.models import Role
from tests.browser.fitting import too_wide
from tests.journeys.site import SEVEN_DAYS, Site
from tests.world import make_officer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OWNERS = ("Nguyễn Văn Ân", "Hoàng Thị Khuê Tú")


def ready(site: Site, owner: str) -> Dossier:
    """Its result lies at the counter and is to go by post."""
    dossier = site.receive(owner=owner, return_by_post=True)
    at, by = timezone.now(), site.desk("tiepnhan")
    signed = ResultIn(
        title="Quyết định hỗ trợ", number="45/QĐ-UBND", issued_on=timezone.localdate(at), signer="Lê Văn Tuấn"
    )  # fmt: skip
    endings.record_result(Seen(dossier.pk), signed, by=by, at=at)
    later = at + timedelta(seconds=1)
    return endings.finish(Seen(dossier.pk), by=by, at=later, note="Phòng đã ký")


def fits(page: Page, axe_tags: Callable[[Page], list[str]], shoot: Any, name: str) -> None:
    """Nothing wider than the page, on a desk and on a telephone; clean for axe."""
    for width in (1366, 360):
        page.set_viewport_size({"width": width, "height": 768})
        assert too_wide(page) == []
        shoot(page, f"{name}-{width}")
    assert axe_tags(page) == []
    page.set_viewport_size({"width": 1366, "height": 768})


def test_from_the_counter_to_the_owner(
    site: Site, new_page: Callable[..., Page], axe_tags: Callable[[Page], list[str]], shoot: Any
) -> None:
    site.officers["buuchinh"] = make_officer("Vũ Văn Thư", site.agency, (Role.POSTAL, None))
    one, two = (ready(site, owner) for owner in OWNERS)
    page = site.enter(new_page(width=1366), "tiepnhan")
    # The return desk asks for the letter where the result goes by post, and for nothing of it else.
    page.goto(f"{site.url}/tra-ket-qua/{one.code}/")
    expect(page.get_by_label("Bưu cục")).to_be_visible()
    fits(page, axe_tags, shoot, "tra-ket-qua-buu-chinh")
    ways = page.get_by_role("group", name="Hình thức trả")
    ways.get_by_label("Trực tiếp").check()
    expect(page.get_by_label("Bưu cục")).to_be_hidden()
    page.goto(f"{site.url}/buu-chinh/")
    page.get_by_role("link", name="Giao kết quả cho bưu chính (2)").click()
    # Scanned: the first number lies under the cursor already, the next one a Tab beyond the fare.
    expect(page.get_by_label(f"Số phiếu gửi của hồ sơ {one.code}")).to_be_focused()
    page.keyboard.type("EB123456789VN")
    page.get_by_label(f"Số phiếu gửi của hồ sơ {two.code}").fill("EB223456789VN")
    page.get_by_label(f"Cước của hồ sơ {two.code}").fill("26.500")
    page.get_by_label("Bưu cục").fill("Bưu điện Tam Thanh")
    page.get_by_label("Nhân viên bưu chính nhận").fill("Vũ Văn Thư")
    page.get_by_label("Gọi điện thoại").check()
    fits(page, axe_tags, shoot, "buu-chinh-giao")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Biên bản giao nhận số")).to_be_visible()
    fits(page, axe_tags, shoot, "buu-chinh-bien-ban")
    assert {d.state for d in Dossier.objects.filter(pk__in=(one.pk, two.pk))} == {State.RETURNED}

    post = site.enter(new_page(width=1366), "buuchinh")
    post.goto(f"{site.url}/buu-chinh/")
    expect(post.get_by_role("link", name="EB123456789VN")).to_be_visible()
    fits(post, axe_tags, shoot, "buu-chinh")
    post.get_by_label("Chọn phiếu gửi EB123456789VN").check()
    post.get_by_role("button", name="Ghi đã phát cho chủ hồ sơ").click()
    expect(post.get_by_text("Đã ghi phát kết quả của 1 hồ sơ.")).to_be_visible()
    expect(post.get_by_role("link", name="EB123456789VN")).to_be_hidden()
    post.get_by_role("link", name="EB223456789VN").click()
    post.get_by_label("Lý do, nội dung mời").fill("Không có người ở nhà")
    post.get_by_role("button", name="Ghi", exact=True).click()
    expect(post.get_by_text("Không có người ở nhà")).to_be_visible()
    fits(post, axe_tags, shoot, "buu-chinh-phieu-gui")
    post.get_by_label("Người đã nhận").fill("Hoàng Văn Bế (chồng)")
    post.get_by_role("button", name="Ghi đã phát").click()
    expect(post.get_by_text("Đã phát. Giao lúc")).to_be_visible()
    found = PostalItem.objects.get(dossier=two)
    assert (found.delivered_to, found.fare) == ("Hoàng Văn Bế (chồng)", 26_500)


def test_what_the_post_brings_is_signed_and_received(
    site: Site, new_page: Callable[..., Page], axe_tags: Callable[[Page], list[str]], shoot: Any
) -> None:
    """R-38, R-119: the postman lists it, the counter signs, intake begins from the line."""
    site.officers["buuta"] = make_officer("Vũ Thị Tín", site.agency, (Role.POSTAL, None))
    post = site.enter(new_page(width=1366), "buuta")
    post.goto(f"{site.url}/buu-chinh/nhan/")
    post.get_by_label("Bưu cục").fill("Bưu điện Tam Thanh")
    for line, number in enumerate(("EB1", "EB2"), start=1):
        post.get_by_label(f"Dòng {line}: số phiếu gửi").fill(number)
        post.get_by_label(f"Dòng {line}: người gửi").fill("Hoàng Thị Khuê Tú")
        post.get_by_label(f"Dòng {line}: mã thủ tục").fill(SEVEN_DAYS)
    post.get_by_label("Dòng 2: thiếu, sai khác").fill("Thiếu bản sao quyết định")
    fits(post, axe_tags, shoot, "buu-chinh-nhan")
    post.keyboard.press("Control+Enter")
    expect(post.get_by_role("heading", name="Biên bản giao nhận số")).to_be_visible()
    note = PostalNote.objects.get(way=PostalNote.Way.IN)
    page = site.enter(new_page(width=1366), "tiepnhan")
    page.goto(f"{site.url}/buu-chinh/bien-ban/{note.pk}/")
    fits(page, axe_tags, shoot, "buu-chinh-nhan-ky")
    page.keyboard.press("Control+Enter")
    # In its line: the rail has a link of that name before the page has come.
    receives = page.get_by_role("row", name="EB1").get_by_role("link", name="Tiếp nhận")
    expect(receives).to_be_visible()
    fits(page, axe_tags, shoot, "buu-chinh-nhan-da-ky")
    receives.click()
    expect(page.locator("[name=owner_name]")).to_have_value("Hoàng Thị Khuê Tú")
