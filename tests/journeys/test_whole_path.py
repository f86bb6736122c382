"""The main job of the product, in Chromium: three real procedures at the counter, one of them all
the way to the citizen's hand.
"""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from dossiers.intake import secrets
from dossiers.models import Dossier, HandOver, Slip, SlipPrint
from dossiers.models.outcome import Outcome
from dossiers.states import State
from tests.browser.fitting import too_wide
from tests.journeys.desks import confirm, give, give_back, record_result
from tests.journeys.keyboard import follow, is_on, press, tab_to
from tests.journeys.site import BIRTH, COPY, PASSWORD, SEVEN_DAYS, Site
from tests.world import vn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NewPage = Callable[..., Page]
Axe = Callable[[Page], list[str]]
Shoot = Callable[[Page, str], Path]


def test_three_procedures_by_keyboard_and_one_to_the_end(
    site: Site, new_page: NewPage, axe: Axe, shoot: Shoot
) -> None:
    counter = new_page(width=1366, height=768)
    sign_in_by_keyboard(site, counter, "tiepnhan")
    birth = take_by_keyboard(counter, BIRTH, "Nguyễn Thị Ánh", "020195000417")
    print_by_keyboard(counter, birth)
    take_copies_by_keyboard(counter)
    seven = take_by_keyboard(counter, SEVEN_DAYS, "Lò Văn Pậu", "020187000123")
    assert (seven.due_at, seven.term) == (
        vn("03/12/2026 17:00"),
        "7 ngày làm việc",
    )  # 24/11 is a holiday
    assert birth.due_at == vn("23/11/2026 17:00")
    print_by_keyboard(counter, seven)
    the_pdf_says(counter, site, seven)
    give_by_keyboard(counter, seven, "Nông Văn Thắng")

    first = site.enter(new_page(), "chuyenvien")
    confirm(site, first, seven)
    give(
        site,
        first,
        seven,
        "Vi Thị Hồng Nhung",
        work="Thẩm định hồ sơ",
        note="Phân công lại trong phòng",
    )
    second = site.enter(new_page(), "chuyenvien2")
    confirm(site, second, seven)

    site.go_to("26/11/2026 14:00")
    record_result(
        site, site.enter(second, "chuyenvien2"), seven
    )  # three days later everybody signs in anew
    give(site, second, seven, "Nguyễn Hữu Phúc")
    leader = site.enter(new_page(), "lanhdao")
    confirm(site, leader, seven)
    give(site, leader, seven, "Trung tâm Phục vụ hành chính công phường Tam Thanh (cả phòng)")

    site.go_to("27/11/2026 09:00")
    confirm(site, site.enter(counter, "tiepnhan"), seven)
    seven.refresh_from_db()
    assert (State(seven.state), seven.verdict) == (State.FINISHED, Outcome.EARLY)
    phone = new_page(width=360, height=740, is_mobile=True, has_touch=True)
    the_citizen_scans_the_code(
        phone, seven, "Hồ sơ đã có kết quả, đề nghị Ông/Bà đến nhận.", axe, shoot
    )

    give_back(site, counter, seven)
    seven.refresh_from_db()
    assert State(seven.state) == State.RETURNED
    the_citizen_scans_the_code(phone, seven, "Kết quả đã được trả lúc", axe, shoot)
    by_code_alone_only_the_outline(phone, site, seven, axe)
    rows = HandOver.objects.filter(dossier=seven)
    assert [row.giver.username for row in rows] == [
        "tiepnhan",
        "chuyenvien",
        "chuyenvien2",
        "lanhdao",
    ]
    assert all(row.confirmed_at for row in rows)
    counter.goto(f"{site.url}/ho-so/{seven.code}/")
    with counter.expect_popup() as opened:
        counter.get_by_role("button", name="In phiếu kiểm soát").click()
    sheet = opened.value
    for name in ("Hoàng Thị Bích Liên", "Nông Văn Thắng", "Vi Thị Hồng Nhung", "Nguyễn Hữu Phúc"):
        expect(sheet.locator("article.slip").first).to_contain_text(name)
    sheet.close()


# --- the counter, by keyboard ---------------------------------------------------------------------


def sign_in_by_keyboard(site: Site, page: Page, username: str) -> None:
    page.goto(f"{site.url}/dang-nhap/")
    assert is_on(page, "[name=username]"), "the focus waits in the first field"
    page.keyboard.type(username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    press(page, "Enter")
    expect(page).to_have_url(f"{site.url}/tiep-nhan/")


def choose_procedure(page: Page, code: str) -> None:
    """From the start page: the search has the focus, Enter opens what was found."""
    assert is_on(page, "[data-choose]")
    page.keyboard.type(code)
    expect(page.locator(f'#tim-thay [data-q="{code}"]')).to_be_visible()
    press(page, "Enter")


def take_by_keyboard(page: Page, code: str, owner: str, identity: str) -> Dossier:
    choose_procedure(page, code)
    expect(page.locator("#ben-canh .promise-at").first).to_contain_text("2026")
    assert is_on(page, "[name=identity_number]"), "nothing stands before the person's own number"
    page.keyboard.type(identity)
    with page.expect_response("**/tiep-nhan/lap/**"):
        page.keyboard.press("Enter")
    tab_to(page, "[name=owner_name]")
    page.keyboard.type(owner)
    tab_to(page, "[name=address]")
    page.keyboard.type("Khối 3, phường Tam Thanh")
    tab_to(page, "[name=no_scan_reason]")
    page.keyboard.type("Máy quét hỏng")
    press(page, "Control+Enter")
    expect(page.locator("h1")).to_contain_text("Đã tiếp nhận")
    return Dossier.objects.get(code=page.locator(".big-code").inner_text())


def print_by_keyboard(page: Page, dossier: Dossier) -> None:
    """Ctrl+P opens the slip, which prints itself; afterwards another procedure, still by keyboard."""
    with page.expect_popup() as opened:
        page.keyboard.press("Control+p")
    slip = opened.value
    slip.wait_for_load_state()
    expect(slip.locator("article.slip")).to_have_count(2)
    expect(slip.locator("article.slip").first).to_contain_text(dossier.code)
    expect(slip.locator("img.qr").first).to_be_visible()
    assert "data-autoprint" in (slip.locator("body").evaluate("(body) => body.outerHTML"))[:200]
    slip.close()
    slip_row = Slip.objects.get(dossier=dossier, slug="tiep-nhan")
    assert SlipPrint.objects.filter(slip=slip_row).count() == 1
    follow(page, 'a[href="/tiep-nhan/"].btn')


def take_copies_by_keyboard(page: Page) -> None:
    """Certified copies: one line a person, Enter gives back at once, the next one with Enter again."""
    choose_procedure(page, COPY)
    before = Dossier.objects.filter(state=State.RETURNED).count()
    # Who signs is typed once: the next line has it.
    for name, signer in (("Mã Thị Thương", "Nguyễn Hữu Phúc"), ("Chu Văn Lập", "")):
        assert is_on(page, "[name=who]")
        page.keyboard.type(name)
        tab_to(page, "[name=pages]")
        page.keyboard.type("3")
        if signer:
            tab_to(page, "[name=signer]")
            page.keyboard.type(signer)
        press(page, "Enter")
    assert Dossier.objects.filter(state=State.RETURNED).count() == before + 2
    row = page.locator("table.list tbody tr").first
    expect(row).to_contain_text("Chu Văn Lập")
    expect(row).to_contain_text("Đã trả kết quả")
    follow(page, ".page-actions a", back=True)


def give_by_keyboard(page: Page, dossier: Dossier, to: str) -> None:
    """From the hand-over list: walk to the dossier, pick it with the space bar, give it."""
    follow(page, '.rail a[href="/ban-giao/"]', back=True)
    for _ in range(20):
        page.keyboard.press("j")
        if page.evaluate("document.activeElement.textContent") == dossier.code:
            break
    page.keyboard.press(" ")
    expect(page.locator("[data-bulk-bar]")).to_be_visible()
    follow(page, "[data-bulk-bar] button")
    choose_receiver(page, to)
    press(page, "Control+Enter")
    expect(page.locator("[data-toast]")).to_contain_text("Đã giao 1 hồ sơ")


def choose_receiver(page: Page, to: str) -> None:
    """In the list of departments and officers, by the first letter of the name, again until it is
    this one.

    The other letters are no keys of the keyboard that Playwright has: it would insert them where
    text was last typed.
    """
    tab_to(page, "select[name=to]")
    chosen = ""
    for _ in range(20):
        page.keyboard.press(to[0])
        chosen = page.locator("select[name=to]").evaluate(
            "(select) => select.selectedOptions[0].textContent"
        )
        if chosen.startswith(to):
            break
    assert chosen.startswith(to), chosen


def the_pdf_says(page: Page, site: Site, dossier: Dossier) -> None:
    """The stored PDF of the slip, as a browser downloads it."""
    answer = page.request.get(f"{site.url}/ho-so/{dossier.code}/phieu/tiep-nhan.pdf")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    pages = PdfReader(BytesIO(answer.body())).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert text.count("GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ (Liên: Giao") == 1, "one copy"
    for words in (dossier.code, "Lò Văn Pậu", "03 tháng 12 năm 2026"):
        assert words in text


# --- the citizen ----------------------------------------------------------------------------------


def the_citizen_scans_the_code(
    phone: Page, dossier: Dossier, sentence: str, axe: Axe, shoot: Shoot
) -> None:
    """The address in the QR, on a telephone 360 px wide."""
    phone.goto(secrets.lookup_url(dossier))
    expect(phone.locator(".answer")).to_contain_text(sentence)
    main = phone.locator("main")
    for words in (
        "Lò Văn Pậu",
        "23/11/2026",
        "03/12/2026 17:00",
        "Nông Văn Thắng",
        "27/11/2026 09:00",
    ):
        expect(main).to_contain_text(words)
    assert too_wide(phone) == []
    assert axe(phone) == []
    shoot(phone, f"hanh-trinh-tra-cuu-{dossier.state}-360")


def by_code_alone_only_the_outline(phone: Page, site: Site, dossier: Dossier, axe: Axe) -> None:
    phone.goto(f"{site.url}/tra-cuu/")
    phone.locator("[name=ma]").fill(dossier.code.lower())
    phone.get_by_role("button", name="Xem hồ sơ").tap()
    expect(phone.locator(".answer")).to_contain_text("Kết quả đã được trả")
    text: Any = phone.locator("body").inner_text()
    for kept in ("Pậu", "020187000123", "Nông Văn Thắng", "118/QĐ", "hòa giải"):
        assert kept not in text
    assert axe(phone) == []
