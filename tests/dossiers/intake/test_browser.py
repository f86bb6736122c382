"""What only a browser shows: parts exchanged while typing, scans uploaded at once, a draft that
survives a closed window.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dossiers.models import CounterVisit, Dossier, Draft
from dossiers.models.helping import OnlineHelp
from onestop.files.models import Attachment
from tests.conftest import PATIENCE
from tests.dossiers.intake.pages import address
from tests.samples import PDF
from tests.world import Office, make_case, make_office, receive

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(transactional_db: None) -> Office:
    return make_office()


@pytest.fixture
def counter(
    office: Office, new_page: Callable[..., Page], signed_in: Callable[[Any], Any], live_server: Any
) -> Page:
    """A clerk's screen at the start page."""
    page = new_page(width=1366)
    cookie = signed_in(office.clerk).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}/tiep-nhan/")
    return page


def again(context: BrowserContext, url: str) -> Page:
    """Another window of the same browser."""
    page = context.new_page()
    page.goto(url)
    return page


def test_from_search_to_slip_with_the_keyboard_in_a_handful_of_requests(
    counter: Page, office: Office, axe: Callable[[Page], list[str]]
) -> None:
    receive(office, make_case(name="Thủ tục khác"), owner="Nguyễn Văn Ân")
    case = make_case("3 ngày làm việc", name="Thủ tục xác nhận tình trạng hôn nhân")
    asked: list[str] = []
    counter.context.on(
        "request",
        lambda r: asked.append(f"{r.method} {r.url}") if "/static/" not in r.url else None,
    )
    counter.keyboard.type("hon nhan", delay=20)
    expect(counter.locator("#tim-thay a.choice").first).to_contain_text("hôn nhân")
    counter.keyboard.press("Enter")
    counter.wait_for_url(f"**{address(case)}")
    counter.keyboard.type("001087000123")
    with counter.expect_response(f"**{address(case)}"):
        counter.keyboard.press("Enter")
    expect(counter.locator("[name=owner_name]")).to_have_value("Nguyễn Văn Ân")  # known from before
    expect(counter.locator("[name=address]")).to_have_value("Thôn 2, xã Bình Minh")
    assert counter.evaluate("document.activeElement.name") == "owner_name"
    for _ in range(
        5
    ):  # name, address, telephone, e-mail: Enter passes the checklist, whose counts are filled in
        counter.keyboard.press("Enter")
        if counter.evaluate("document.activeElement.name") == "no_scan_reason":
            break
    counter.keyboard.type("Máy quét hỏng")
    assert axe(counter) == []
    counter.keyboard.press("Control+Enter")
    counter.wait_for_url("**/tiep-nhan/xong/**")
    dossier = Dossier.objects.get(case=case)
    assert dossier.owner_name == "Nguyễn Văn Ân"
    pages = [line for line in asked if "/nhap/" not in line]
    assert (
        len([line for line in pages if line.startswith("POST")]) == 2
    )  # the look-up of the person, the reception
    assert axe(counter) == []
    with counter.context.expect_page() as opened:
        counter.keyboard.press("Control+p")
    expect(opened.value.locator("article.slip").first).to_contain_text(dossier.code)
    counter.bring_to_front()
    counter.keyboard.press("Enter")
    counter.wait_for_url(f"**{address(case)}")  # the next one, same procedure


def test_scans_go_up_at_once_and_a_bad_one_is_refused_by_itself(
    counter: Page, live_server: Any, tmp_path: Path
) -> None:
    case = make_case()
    good, bad = tmp_path / "to-khai.pdf", tmp_path / "anh.jpg"
    good.write_bytes(PDF)
    bad.write_bytes(b"not a picture")
    counter.goto(f"{live_server.url}{address(case)}")
    counter.set_input_files("#o-tep", [good, bad])
    expect(counter.locator("ul.files")).to_contain_text("to-khai.pdf")
    expect(counter.locator("#tep-quet .field-error")).to_contain_text("không phải là ảnh JPEG")
    expect(counter.locator("[name=no_scan_reason]")).to_be_hidden()  # nothing to excuse any more
    counter.locator("ul.files button").click()
    expect(counter.locator("ul.files")).to_have_count(0)
    assert not Attachment.objects.exists()


def test_a_refusal_is_one_key_away(counter: Page, live_server: Any) -> None:
    case = make_case()
    counter.goto(f"{live_server.url}{address(case)}")
    counter.keyboard.type("001087000123")
    counter.keyboard.press("Enter")
    counter.keyboard.type("Lò Thị Mai")
    counter.keyboard.press("Alt+t")
    counter.keyboard.type("Không thuộc thẩm quyền")
    counter.keyboard.press("Tab")
    counter.keyboard.press("Enter")
    counter.wait_for_url("**/tiep-nhan/luot/**")
    assert CounterVisit.objects.get().reason == "Không thuộc thẩm quyền"


def held_upload(page: Page) -> list[Any]:
    """Uploads by the script stay on the way until they are let go: a slow line."""
    held: list[Any] = []

    def answer(route: Any) -> None:
        upload = (
            "multipart" in route.request.headers.get("content-type", "")
            and "hx-request" in route.request.headers
        )
        held.append(route) if upload else route.continue_()

    page.route("**/tiep-nhan/lap/**", answer)
    return held


def let_go(page: Page, held: list[Any]) -> None:
    """Once it has set out: the browser sends a moment after the file was chosen."""
    for _ in range(PATIENCE // 20):
        if held:
            break
        page.wait_for_timeout(20)
    held.pop().continue_()


def test_what_is_typed_while_a_wrong_scan_goes_up_is_still_there_when_it_is_refused(
    counter: Page, live_server: Any, tmp_path: Path
) -> None:
    case = make_case()
    bad = tmp_path / "to-khai.pdf"
    bad.write_bytes(b"not a paper")
    counter.goto(f"{live_server.url}{address(case)}")
    held = held_upload(counter)
    counter.fill("[name=identity_number]", "001087000123")
    counter.fill("[name=owner_name]", "Lò Thị Mai")
    counter.set_input_files("#o-tep", bad)
    counter.fill("[name=no_scan_reason]", "Máy quét hỏng")
    counter.keyboard.press(
        "Control+Enter"
    )  # waits for the scan, which is refused: nothing is received without being seen
    let_go(counter, held)
    expect(counter.locator("#tep-quet .field-error")).to_contain_text("không phải là PDF")
    expect(counter.locator("[name=no_scan_reason]")).to_have_value("Máy quét hỏng")
    expect(counter.locator("#o-tep")).to_be_focused()
    expect(counter.locator("#o-tep")).to_have_value("")  # the refused file is not sent again
    assert not Dossier.objects.exists()
    counter.keyboard.press("Control+Enter")
    counter.wait_for_url("**/tiep-nhan/xong/**")
    assert Dossier.objects.get().no_scan_reason == "Máy quét hỏng"


def test_receiving_while_a_scan_goes_up_waits_for_it(
    counter: Page, live_server: Any, tmp_path: Path
) -> None:
    case = make_case()
    good = tmp_path / "to-khai.pdf"
    good.write_bytes(PDF)
    counter.goto(f"{live_server.url}{address(case)}")
    held = held_upload(counter)
    counter.fill("[name=identity_number]", "001087000123")
    counter.fill("[name=owner_name]", "Lò Thị Mai")
    counter.set_input_files("#o-tep", good)
    counter.keyboard.press("Control+Enter")
    let_go(counter, held)
    counter.wait_for_url("**/tiep-nhan/xong/**")
    assert Attachment.objects.filter(kind="dossier").count() == 1


def test_typing_survives_a_closed_window(counter: Page, live_server: Any) -> None:
    case = make_case()
    counter.goto(f"{live_server.url}{address(case)}")
    counter.fill("[name=owner_name]", "Lò Thị Mai")
    expect(counter.locator("[data-draft-status]")).to_contain_text("Đã lưu nháp")
    counter.fill("[name=address]", "Khối 3")
    context = counter.context
    counter.close(run_before_unload=False)
    page = again(context, f"{live_server.url}/tiep-nhan/")
    page.get_by_role("link", name="Lò Thị Mai").click()
    expect(page.locator("[name=owner_name]")).to_have_value("Lò Thị Mai")
    assert Draft.objects.count() == 1


def test_ticks_beside_each_other_begin_on_one_line(counter: Page, live_server: Any) -> None:
    counter.goto(live_server.url + address(make_case()))
    tops = "all => all.map(one => Math.round(one.getBoundingClientRect().top))"
    found = counter.eval_on_selector_all("#noi-dung-yeu-cau .form-check-input", tops)
    assert (len(found), len(set(found))) == (3, 1)


def test_the_promise_changes_with_case_and_channel(counter: Page, live_server: Any) -> None:
    case = make_case("3 ngày làm việc", fee=5000, status=1)
    case.methods.filter(channel=3).update(term="20 ngày làm việc", fee_amount=8000)
    type(case.version).objects.filter(pk=case.version_id).update(status=2)
    counter.goto(f"{live_server.url}{address(case)}")
    aside = counter.locator("#ben-canh")
    expect(aside).to_contain_text("3 ngày làm việc")
    expect(aside).to_contain_text("5.000 đồng")
    expect(counter.locator("[name=post_at]")).to_be_hidden()
    counter.check("[name=channel][value='3']")
    expect(aside).to_contain_text("20 ngày làm việc")
    expect(aside).to_contain_text("8.000 đồng")
    expect(counter.locator("[name=post_at]")).to_be_visible()


def test_the_key_makes_the_guidance_that_is_under_the_cursor(counter: Page) -> None:
    case = make_case(papers=1)
    counter.goto(counter.url.replace("/tiep-nhan/", address(case)))
    counter.locator("[name=identity_number]").fill("001087000123")
    counter.locator("[name=owner_name]").fill("Lò Thị Mai")
    counter.locator("[name=no_scan_reason]").fill("Máy quét hỏng")
    counter.keyboard.press("Alt+B")
    counter.locator("[name=declared]").fill("Tờ khai chưa ghi ngày sinh")
    counter.locator("[name=guide_reason]").fill("Thiếu thông tin")
    with counter.expect_navigation():
        counter.keyboard.press("Control+Enter")
    assert not Dossier.objects.exists()
    assert CounterVisit.objects.get().kind == CounterVisit.Kind.COMPLETE


def test_the_key_refuses_where_the_refusal_is_under_the_cursor(counter: Page) -> None:
    case = make_case(papers=1)
    counter.goto(counter.url.replace("/tiep-nhan/", address(case)))
    counter.locator("[name=owner_name]").fill("Lò Thị Mai")
    counter.locator("[name=identity_number]").fill("001087000123")
    counter.keyboard.press("Alt+T")
    counter.keyboard.type("Không thuộc thẩm quyền")
    with counter.expect_navigation():
        counter.keyboard.press("Control+Enter")
    assert not Dossier.objects.exists()
    assert CounterVisit.objects.get().kind == CounterVisit.Kind.REFUSE


def test_one_key_leads_from_the_counter_to_the_help_to_file_on_line(counter: Page) -> None:
    """S1: from the page of a procedure with that procedure, the cursor where the name is typed."""
    case = make_case(papers=1)
    counter.goto(counter.url.replace("/tiep-nhan/", address(case)))
    with counter.expect_navigation():
        counter.keyboard.press("Alt+H")
    expect(counter.locator("[name=owner_name]")).to_be_focused()
    counter.keyboard.type("Lò Thị Mai")
    with counter.expect_navigation():
        counter.keyboard.press("Control+Enter")
    row = OnlineHelp.objects.get()
    assert (row.owner_name, row.procedure.code) == ("Lò Thị Mai", case.version.code)


def test_with_a_section_open_the_key_guesses_nothing_and_says_which_key_does_what(
    counter: Page, shoot: Any
) -> None:
    case = make_case(papers=1)
    counter.goto(counter.url.replace("/tiep-nhan/", address(case)))
    counter.locator("[name=identity_number]").fill("001087000123")
    counter.locator("[name=owner_name]").fill("Lò Thị Mai")
    counter.locator("[name=no_scan_reason]").fill("Máy quét hỏng")
    counter.keyboard.press("Alt+B")
    counter.locator("[name=guide_reason]").fill("Thiếu thông tin")
    counter.locator("[name=owner_name]").focus()
    counter.keyboard.press("Control+Enter")
    said = counter.locator(".page-word")
    expect(said).to_contain_text("Chưa gửi gì")
    expect(said).to_contain_text("“Lập phiếu hướng dẫn bổ sung”")
    expect(said).to_contain_text("“Tiếp nhận”")
    shoot(counter, "phim-khong-doan-1366")
    counter.locator("[data-search]").focus()
    counter.keyboard.press("Control+Enter")
    expect(said).to_contain_text("ngoài biểu mẫu")
    assert not Dossier.objects.exists()
    assert not CounterVisit.objects.exists()
    counter.locator("#bo-sung > summary").click()  # closed: the page has one act again
    counter.locator("[name=owner_name]").focus()
    with counter.expect_navigation():
        counter.keyboard.press("Control+Enter")
    assert Dossier.objects.get().owner_name == "Lò Thị Mai"


def test_enter_inside_a_section_ends_at_the_act_of_that_section(counter: Page) -> None:
    case = make_case(papers=1)
    counter.goto(counter.url.replace("/tiep-nhan/", address(case)))
    counter.keyboard.press("Alt+B")
    counter.locator("#bo-sung .wanted-list input.form-control").last.focus()
    counter.keyboard.press("Enter")
    assert counter.evaluate("document.activeElement.value") == "bo-sung"
