"""In Chromium: no field moves under the hand, and each text lands in the field it was typed for."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dossiers.models import Dossier
from tests.dossiers.intake.pages import address
from tests.dossiers.intake.test_questions_browser import enter, focus, office
from tests.world import Office, make_case, receive

__all__ = ["enter", "office"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Every move of a field, while something has the focus, of what stands above it.
WATCH = """() => {
  window.moved = [];
  const top = (el) => Math.round(el.getBoundingClientRect().top + scrollY);
  let at = null, was = 0;
  const look = () => {
    const el = document.activeElement;
    if (el !== at) { at = el; was = top(el); }
    else if (top(el) !== was) { window.moved.push(`${el.name}: ${was} -> ${top(el)}`); was = top(el); }
    requestAnimationFrame(look);
  };
  look();
}"""


# Questions of the page set out late, as on a slow line; how many there were and are on the way.
LATE = """(late) => {
  const send = XMLHttpRequest.prototype.send;
  window.asked = window.onTheWay = 0;
  XMLHttpRequest.prototype.send = function (...all) {
    window.asked++;
    window.onTheWay++;
    this.addEventListener('loadend', () => { window.onTheWay--; });
    setTimeout(() => send.apply(this, all), late);
  };
}"""
# And the frame after, in which what moved is seen.
ANSWERED = """() => window.asked > 0 && window.onTheWay === 0
  && new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(() => seen(true))))"""


@pytest.fixture
def slow(enter: Callable[..., Page]) -> Callable[..., Page]:
    """A counter whose answers about a person come late: the clerk types on meanwhile."""

    def open_page(path: str, *, late: int = 250, width: int = 1366) -> Page:
        page = enter(path, width)
        page.evaluate(LATE, late)
        page.evaluate(WATCH)
        return page

    return open_page


def values(page: Page) -> dict[str, str]:
    names = ("identity_number", "identity_note", "owner_name", "address", "phone", "email")
    return {name: page.locator(f"[name={name}]").input_value() for name in names}


def moved(page: Page) -> list[str]:
    return list(page.evaluate("window.moved"))


def type_on(page: Page, *texts: str) -> None:
    """Each text into the field that has the focus, Enter to the next."""
    for text in texts:
        page.keyboard.type(text, delay=5)
        page.keyboard.press("Enter")


def test_an_unknown_person_typed_at_speed(slow: Callable[..., Page]) -> None:
    page = slow(address(make_case()))
    type_on(page, "001087000123", "Lò Thị Mai", "Thôn 2", "0912345678", "mai@example.vn")
    page.wait_for_function(ANSWERED)
    assert values(page) == {
        "identity_number": "001087000123",
        "identity_note": "",
        "owner_name": "Lò Thị Mai",
        "address": "Thôn 2",
        "phone": "0912345678",
        "email": "mai@example.vn",
    }
    assert moved(page) == []
    assert focus(page) == "no_scan_reason"


def test_a_wrong_tax_code_corrected_leaves_nothing_in_the_way(
    slow: Callable[..., Page], shoot: Callable[[Page, str], Path]
) -> None:
    page = slow(address(make_case()))
    page.locator("[name=identity_kind]").select_option("3")
    page.locator("[name=identity_number]").focus()
    type_on(page, "0100109107")
    box = page.locator("#so-khac-mau")
    expect(box).to_have_attribute("open", "")
    expect(page.locator("#loi-so")).to_contain_text("sai số kiểm tra")
    assert focus(page) == "owner_name"
    shoot(page, "tiep-nhan-so-sai")
    page.keyboard.press("Shift+Tab")
    page.locator("[name=identity_number]").select_text()
    type_on(page, "0100109106", "Công ty Bình Minh", "Thôn 5")
    # It closes only below the cursor: who is past it before the answer comes finds it open.
    expect(box).not_to_have_attribute("open", "")
    type_on(page, "0912345678", "")
    found = values(page)
    assert (found["owner_name"], found["address"], found["identity_note"]) == (
        "Công ty Bình Minh",
        "Thôn 5",
        "",
    )
    assert moved(page) == []
    assert focus(page) == "no_scan_reason"


def test_a_wrong_telephone_is_told_below_it_and_asks_for_its_reason_there(
    slow: Callable[..., Page], shoot: Callable[[Page, str], Path]
) -> None:
    page = slow(address(make_case()))
    type_on(page, "001087000123", "Lò Thị Mai", "Thôn 2", "+4915112345678")
    word = page.locator("#loi-dien-thoai")
    expect(word).to_contain_text("Hãy hỏi lại")
    phone, below = page.locator("[name=phone]").bounding_box(), word.bounding_box()
    assert phone is not None
    assert below is not None
    assert 0 <= below["y"] - (phone["y"] + phone["height"]) < 20
    assert focus(page) == "email"
    expect(page.locator("#so-khac-mau")).to_have_attribute("open", "")
    shoot(page, "tiep-nhan-dien-thoai-sai")
    type_on(page, "", "Số ở nước ngoài")
    assert values(page)["identity_note"] == "Số ở nước ngoài"
    assert moved(page) == []


def test_a_known_person_fills_the_fields_and_what_is_typed_on_replaces_it(
    slow: Callable[..., Page], office: Office, shoot: Callable[[Page, str], Path]
) -> None:
    receive(office, make_case(name="Thủ tục khác"), owner="Nguyễn Văn Ân")
    page = slow(address(make_case()))
    type_on(page, "001087000123")
    expect(page.locator("[name=owner_name]")).to_have_value("Nguyễn Văn Ân")
    assert focus(page) == "owner_name"
    type_on(page, "Nguyễn Văn Ân B")
    found = values(page)
    assert (found["owner_name"], found["address"]) == ("Nguyễn Văn Ân B", "Thôn 2, xã Bình Minh")
    assert moved(page) == []
    shoot(page, "tiep-nhan-nguoi-da-biet")


def test_a_known_person_typed_before_the_answer_comes_keeps_what_was_typed(
    slow: Callable[..., Page], office: Office
) -> None:
    receive(office, make_case(name="Thủ tục khác"), owner="Nguyễn Văn Ân")
    page = slow(address(make_case()), late=400)
    type_on(page, "001087000123", "Trần Thị Bình", "Thôn 9")
    expect(page.locator("#da-co")).to_contain_text("Đã nộp hồ sơ")
    found = values(page)
    assert (found["owner_name"], found["address"]) == ("Trần Thị Bình", "Thôn 9")
    assert moved(page) == []


def test_scans_and_their_errors_come_below_the_fields(
    slow: Callable[..., Page], tmp_path: Path
) -> None:
    bad = tmp_path / "anh.jpg"
    bad.write_bytes(b"not a picture")
    page = slow(address(make_case()), late=200)
    page.set_input_files("#o-tep", bad)
    page.locator("[name=no_scan_reason]").focus()
    page.keyboard.type("Máy quét hỏng", delay=20)
    expect(page.locator("#tep-quet .field-error")).to_contain_text("không phải là ảnh JPEG")
    assert focus(page) == "no_scan_reason"
    assert moved(page) == []


@pytest.mark.parametrize("width", [360, 1366])
def test_a_company_is_received_from_what_was_typed(slow: Callable[..., Page], width: int) -> None:
    page = slow(address(make_case()), width=width)
    type_on(page, "001087000123", "Lò Thị Mai", "Thôn 2", "0912345678", "", "Máy quét hỏng")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile("/tiep-nhan/xong/"))
    dossier = Dossier.objects.get()
    assert (dossier.owner_name, dossier.address, dossier.phone) == (
        "Lò Thị Mai",
        "Thôn 2",
        "0912345678",
    )
