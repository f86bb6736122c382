"""How many keys it takes: birth registration from the empty start page to received.

The real catalogue's list of papers, typed by a clerk who knows the keys. What is the applicant's
own (number, name, address, telephone) is not counted: it has to be typed anyhow.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dossiers.models import Dossier
from procedures.models import Case, Paper
from procedures.reading import read_record
from tests.dossiers.intake.test_questions_browser import enter, focus, office
from tests.world import Office, make_case, receive

__all__ = ["enter", "office"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CATALOGUE = Path(__file__).parents[3] / "data" / "catalogue.json"
# Without the marks, as the keys are: a letter is a key.
DATA = ("001190000456", "Lo Thi Mai", "Thon 2, xa Binh Minh", "0912345678")
REASON = "Mays quets hongr"
# Nine for the search and its Enter, an Enter a field, Ctrl+Enter; the first time the reason too.
NEXT = 9 + 1 + len(DATA) + 1 + 2
FIRST = NEXT + len(REASON)

COUNT = """() => {
  sessionStorage.keys ||= 0;
  addEventListener("keydown", (event) => { if (!event.repeat) sessionStorage.keys = 1 + Number(sessionStorage.keys); }, true);
}"""


def birth_registration() -> Case:
    raw = next(r for r in json.loads(CATALOGUE.read_text("utf-8")) if r["code"] == "1.001193")
    record = read_record(raw, 1)
    case = make_case("1 ngày làm việc", name=record.name, papers=0)
    Paper.objects.bulk_create(
        Paper(
            case=case,
            order=n,
            group=paper.group,
            name=paper.name,
            originals=paper.originals,
            copies=paper.copies,
            is_note=paper.is_note,
        )
        for n, paper in enumerate(record.papers, start=1)
    )
    return case


def begin(enter: Callable[..., Page]) -> Page:
    page = enter("/tiep-nhan/")
    page.add_init_script(f"({COUNT})()")
    page.evaluate(COUNT)
    return page


def keys_beyond_the_data(page: Page) -> int:
    return int(page.evaluate("sessionStorage.keys")) - sum(map(len, DATA))


def receive_by_keys(page: Page, *, reason: str) -> None:
    page.keyboard.type("khai sinh")
    expect(page.locator("#tim-thay a.choice").first).to_contain_text("khai sinh")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lap/**")
    for text in DATA:
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    assert focus(page) == "email"
    page.keyboard.press("Enter")
    assert focus(page) == "no_scan_reason"
    page.keyboard.type(reason)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/tiep-nhan/xong/**")


def test_the_first_birth_registration_of_a_clerk(enter: Callable[..., Page]) -> None:
    birth_registration()
    page = begin(enter)
    receive_by_keys(page, reason=REASON)
    names = [
        paper.name.split(" (")[0][:16] for paper in Dossier.objects.get().papers.order_by("order")
    ]
    assert names == ["Giấy chứng sinh;", "Hộ chiếu/Thẻ căn", "Tờ khai đăng ký "]
    assert keys_beyond_the_data(page) == FIRST == 33


def test_the_next_one_types_no_reason_again(enter: Callable[..., Page], office: Office) -> None:
    receive(office, birth_registration(), owner="Nguyễn Văn Ân")
    page = begin(enter)
    receive_by_keys(page, reason="")
    assert Dossier.objects.latest("id").no_scan_reason == "Máy quét hỏng"
    assert keys_beyond_the_data(page) == NEXT == 17
