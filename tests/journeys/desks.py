"""What officers do at their desks, with the mouse."""

from playwright.sync_api import Page, expect

from dossiers.models import Dossier
from tests.journeys.site import Site


def confirm(site: Site, page: Page, dossier: Dossier) -> None:
    """From the list of what waits for this desk."""
    page.goto(f"{site.url}/ban-giao/nhan/")
    page.get_by_label(f"Chọn {dossier.code}").check()
    page.get_by_role("button", name="Nhận bàn giao").click()
    expect(page.locator("[data-toast]")).to_contain_text("Đã nhận 1 hồ sơ")
    dossier.refresh_from_db()
    assert dossier.pending_department is None


def give(
    site: Site, page: Page, dossier: Dossier, to: str, *, work: str = "", note: str = ""
) -> None:
    """From the dossier's own page."""
    page.goto(f"{site.url}/ho-so/{dossier.code}/")
    page.get_by_role("link", name="Giao hồ sơ").click()
    choice = page.locator("select[name=to] option", has_text=to).first.get_attribute("value")
    page.locator("select[name=to]").select_option(choice)
    if work:
        page.get_by_label("Việc khác", exact=True).check()
        page.locator("details.more > summary").click()
        page.locator("[name=step_name]").fill(work)
        page.locator("[name=note]").fill(note)
    page.get_by_role("button", name="Giao hồ sơ").click()
    expect(page.locator("[data-toast]")).to_contain_text("Đã giao 1 hồ sơ")


def record_result(site: Site, page: Page, dossier: Dossier) -> None:
    page.goto(f"{site.url}/ho-so/{dossier.code}/")
    page.get_by_role("link", name="Nhập kết quả").click()
    page.locator("[name=title]").fill("Quyết định hỗ trợ hòa giải viên")
    page.locator("[name=number]").fill("118/QĐ-UBND")
    page.locator("[name=issued_on]").fill("2026-11-26")
    page.locator("[name=signer]").fill("Nguyễn Hữu Phúc")
    page.get_by_role("button", name="Lưu kết quả").click()
    expect(page.locator("#ket-qua")).to_contain_text("118/QĐ-UBND")


def give_back(site: Site, page: Page, dossier: Dossier) -> None:
    page.goto(f"{site.url}/tra-ket-qua/")
    page.locator(".page input[name=q]").fill(dossier.code)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(dossier.code)
    expect(page.locator("[name=name]")).to_have_value("Lò Văn Pậu")
    page.get_by_label("Báo trực tiếp").check()  # earlier than promised
    page.get_by_role("button", name="Trả kết quả").click()
    expect(page.locator("[data-toast]")).to_contain_text(f"Đã trả kết quả hồ sơ {dossier.code}")
