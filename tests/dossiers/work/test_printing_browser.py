"""Ctrl+P in Chromium after an act: the paper opens by itself, printing at once; no other key, no
mouse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from io import BytesIO
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from dossiers.acts import endings, handovers
from dossiers.acts.endings import ResultIn
from dossiers.acts.many import Seen
from dossiers.models import Dossier, Result
from tests.browser.fitting import too_wide
from tests.world import MONDAY, Office, make_case, make_office, receive

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REFUSED = ResultIn(kind=Result.Kind.REFUSED, reason="Đất đang có tranh chấp")
Enter = Callable[..., Page]


@pytest.fixture(autouse=True)
def _an_hour_later() -> Iterator[None]:
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=True):
        yield


@pytest.fixture
def office(transactional_db: None) -> Office:
    return make_office()


@pytest.fixture
def enter(enter: Enter) -> Enter:
    """Printing is counted, not done."""
    return partial(enter, script="window.print = () => { document.title = 'ĐÃ IN' }")


def submitted(office: Office) -> Dossier:
    dossier, at = receive(office, make_case()), MONDAY
    handovers.hand_over(dossier, to=office.room, by=office.desk(office.clerk), at=at)
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.specialist), at=at)
    specialist = office.desk(office.specialist)
    endings.record_result(Seen(dossier.pk), REFUSED, by=specialist, at=at)
    fresh = Dossier.objects.get(pk=dossier.pk)
    handovers.hand_over(fresh, to=office.leadership, by=specialist, at=at)
    return Dossier.objects.get(pk=dossier.pk)


def by_key(page: Page) -> Page:
    page.wait_for_load_state()  # keys are listened to by then
    with page.context.expect_page() as opened:
        page.keyboard.press("Control+p")
    paper = opened.value
    expect(paper).to_have_title("ĐÃ IN")
    return paper


@pytest.mark.parametrize("width", [360, 1366])
def test_refusals_approved_together_are_printed_together(
    office: Office, enter: Enter, shoot: Callable[..., Any], width: int
) -> None:
    made = [submitted(office) for _ in range(3)]
    page = enter(office.leader, "/viec/?loai=trinh-duyet", width)
    for box in page.locator("input[name=chon]").all():
        box.check()
    page.get_by_role("button", name="Duyệt", exact=False).first.click()
    expect(page.get_by_role("status").first).to_contain_text("Đã duyệt 3 hồ sơ")
    shoot(page, f"duyet-xong-{width}")
    paper = by_key(page)
    expect(paper.get_by_text("3 phiếu vừa lập")).to_be_visible()
    for dossier in made:
        expect(paper.get_by_text(dossier.code).first).to_be_attached()
    assert paper.locator("article").count() == 6  # each in two copies
    shoot(paper, f"phieu-vua-lap-{width}")


def test_the_list_of_one_dossier_and_of_many_is_printed(office: Office, enter: Enter) -> None:
    for count in (1, 2):
        for _ in range(count):
            receive(office, make_case())
        page = enter(office.clerk, "/ban-giao/")
        for box in page.locator("input[name=chon]").all():
            box.check()
        page.get_by_role("button", name="Giao đi…").first.click()
        page.locator("select[name=to]").select_option(str(office.room.pk))
        page.wait_for_load_state()
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text(f"Đã giao {count} hồ sơ")).to_be_visible()
        paper = by_key(page)
        expect(paper.get_by_role("heading", name="PHIẾU BÀN GIAO HỒ SƠ")).to_be_visible()
        expect(paper.get_by_text(f"Số lượng: {count} hồ sơ")).to_be_visible()


def test_a_sheet_wider_than_the_screen_moves_below_its_bar(
    office: Office, enter: Enter, shoot: Callable[..., Any], axe: Callable[[Page], list[str]]
) -> None:
    """On a telephone the page itself never moves sideways, of no paper."""
    dossier = receive(office, make_case())
    batch, _ = handovers.hand_over_many(
        [Seen(dossier.pk)], to=office.room, receiver=None, step=None, by=office.desk(office.clerk), at=MONDAY
    )  # fmt: skip
    assert batch is not None
    for name, address in (
        ("giao", f"/ban-giao/{batch.pk}/phieu/"),
        ("nhan", f"/ho-so/{dossier.code}/phieu/tiep-nhan/"),
    ):
        page = enter(office.clerk, address, 360)
        sheet = page.locator("main")
        assert sheet.evaluate("el => el.scrollWidth > el.clientWidth"), name
        assert too_wide(page) == [], name
        sheet.focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator("[data-print]")).to_be_in_viewport()
        assert axe(page) == [], name
        shoot(page, f"phieu-{name}-360")


def test_a_slip_is_printed_on_its_sheets_only_and_their_feet_say_whose_it_is(
    office: Office, enter: Enter
) -> None:
    """A browser knows no running strings: the script of the page hands it the words."""
    dossier = receive(office, make_case())
    page = enter(office.clerk, f"/ho-so/{dossier.code}/phieu/tiep-nhan/", 1366)
    sheets = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert len(sheets) == 2, "none for what the script of the page adds below them"
    for sheet in sheets:
        assert f"Mã hồ sơ {dossier.code} · Phiếu số 1/TNHS" in sheet.extract_text()
    page.goto(f"{page.url}?lien=2&kho=a4x2")
    assert len(PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages) == 1
