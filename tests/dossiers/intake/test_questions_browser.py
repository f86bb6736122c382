"""In Chromium: questions before the checklist and "không nộp", by the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dossiers.models import Dossier
from tests.browser.fitting import too_wide
from tests.dossiers.intake.pages import address
from tests.dossiers.intake.test_questions import RESIDENCE, a_case
from tests.world import Office, make_office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(transactional_db: None) -> Office:
    return make_office()


@pytest.fixture
def enter(
    office: Office, new_page: Callable[..., Page], signed_in: Callable[[Any], Any], live_server: Any
) -> Iterator[Callable[..., Page]]:
    """A clerk's screen at an address."""

    def open_page(path: str, width: int = 1366) -> Page:
        page = new_page(width=width)
        opened.append(page)
        cookie = signed_in(office.clerk).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page.goto(f"{live_server.url}{path}")
        return page

    opened: list[Page] = []
    yield open_page
    for page in opened:  # no draft is kept when the window closes: the database goes first
        page.evaluate("document.querySelector('#to-khai')?.setAttribute('data-sent', '1')")


def focus(page: Page) -> str:
    return str(page.evaluate("document.activeElement.name"))


def shown(page: Page) -> list[str]:
    """The papers of the checklist that stand on the page."""
    rows = page.locator(".papers tr:has(.count-in):visible > td:first-child")
    return [text.strip() for text in rows.all_inner_texts()]


def tops(page: Page) -> list[float]:
    """Where each count stands on the page, wherever it is scrolled to."""
    return list(
        page.eval_on_selector_all(
            ".count-in", "all => all.map(one => one.getBoundingClientRect().top + scrollY)"
        )
    )


def to_questions(page: Page) -> None:
    page.locator("[name=email]").focus()
    page.keyboard.press("Enter")


NAMES = [name for _, name in RESIDENCE]


def test_one_key_answers_each_question_and_other_papers_vanish(
    enter: Callable[..., Page], axe: Callable[[Page], list[str]], shoot: Callable[[Page, str], Path]
) -> None:
    case = a_case(*RESIDENCE)
    page = enter(address(case))
    assert shown(page) == NAMES[:1]
    shoot(page, "tiep-nhan-cau-hoi-truoc")
    to_questions(page)
    assert focus(page) == "h0"
    page.keyboard.press("2")
    assert shown(page) == [NAMES[0], NAMES[2]]
    assert focus(page) == "h1"
    page.keyboard.press("0")
    first, last = (case.papers.get(name=name) for name in (NAMES[0], NAMES[2]))
    assert focus(page) == f"g{first.pk}-o"
    page.keyboard.press("Enter")
    assert focus(page) == f"g{last.pk}-o"
    page.keyboard.press("Enter")
    assert focus(page) == "no_scan_reason"
    assert axe(page) == []
    shoot(page, "tiep-nhan-cau-hoi")
    page.locator("[name=identity_number]").fill("001087000123")
    page.locator("[name=owner_name]").fill("Lò Thị Mai")
    page.locator("[name=no_scan_reason]").fill("Máy quét hỏng")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/tiep-nhan/xong/**")
    papers = Dossier.objects.get().papers.order_by("order")
    assert [(p.name, p.originals) for p in papers] == [(NAMES[0], 1), (NAMES[2], 1)]


def test_naming_who_brings_it_answers_the_question_of_authorisation(
    enter: Callable[..., Page],
) -> None:
    page = enter(address(a_case(*RESIDENCE)))
    page.get_by_text("Người khác nộp thay").click()
    page.locator("[name=submitter_name]").fill("Lê Thị Hoa")
    page.locator("[name=authorisation]").focus()
    assert shown(page) == [NAMES[0], NAMES[3]]
    expect(page.locator("[name=h1][value='1']")).to_be_checked()


def test_a_changed_answer_changes_the_papers(enter: Callable[..., Page]) -> None:
    page = enter(address(a_case(*RESIDENCE)))
    to_questions(page)
    page.keyboard.press("1")
    page.locator("[name=h0]").first.focus()
    page.keyboard.press("2")
    assert shown(page) == [NAMES[0], NAMES[2]]
    page.locator("[name=h-tat-ca]").check()
    assert shown(page) == NAMES
    counted = page.locator(".papers .count-in[name$='-o']")
    assert [counted.nth(n).input_value() for n in range(4)] == ["1", "", "1", ""]


def test_one_key_says_that_a_paper_is_not_brought_and_a_number_takes_it_back(
    enter: Callable[..., Page], shoot: Callable[[Page, str], Path]
) -> None:
    case = a_case(*(("", f"Giấy tờ thứ {n}") for n in range(1, 14)))
    page = enter(address(case))
    page.keyboard.press("Alt+g")
    first, second = (page.locator(f"[name=g{p.pk}-o]") for p in case.papers.all()[:2])
    expect(first).to_be_focused()
    before = tops(page)
    page.keyboard.press("Enter")
    page.keyboard.press("-")
    expect(second).to_have_value("")
    expect(second).to_have_attribute("placeholder", "không nộp")
    expect(second).to_be_focused()
    assert tops(page) == before
    shoot(page, "tiep-nhan-khong-nop")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")
    page.keyboard.press("2")
    third = page.locator(f"[name=g{case.papers.all()[2].pk}-o]")
    expect(third).to_have_value("2")
    expect(page.locator("tr.left-out")).to_have_count(1)


@pytest.mark.parametrize("width", [360, 1366])
def test_forty_papers_are_seen_at_both_widths(
    enter: Callable[..., Page], shoot: Callable[[Page, str], Path], width: int
) -> None:
    lines = [("Đối với cá nhân:", f"Giấy tờ của cá nhân thứ {n}") for n in range(20)]
    lines += [("Đối với tổ chức:", f"Giấy tờ của tổ chức thứ {n}") for n in range(20)]
    page = enter(address(a_case(("", "Đơn đề nghị"), *lines)), width=width)
    page.locator("[name=h0]").nth(1).check()
    assert len(shown(page)) == 21
    shoot(page, f"tiep-nhan-40-{width}")
    assert too_wide(page) == []
