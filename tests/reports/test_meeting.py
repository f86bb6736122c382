"""The sheet of the weekly meeting says what the dashboard and the lists of late dossiers say; three lines
of it fit a message; on paper it is one page.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from pypdf import PdfReader

from dossiers.acts import urging
from dossiers.acts.many import Seen
from onestop import pdf
from onestop.accounts.desk import desk_of
from reports import lateness, meeting
from reports.board import figures
from reports.board.asked import Asked
from reports.board.whose import whose
from reports.meeting import Days
from reports.rendering.printed import NATION
from reports.views.meeting import CSS
from tests.clock import Clock
from tests.reports.conftest import NOW, Worked, in_room
from tests.world import make_case, vn

pytestmark = pytest.mark.django_db
WEEK = "?tu=23/11/2026&den=29/11/2026"


def sheet_of(worked: Worked) -> meeting.Sheet:
    leader = worked[0].first.leader
    desk = desk_of(leader, vn(NOW))
    mine = whose(desk, Asked({}))
    assert mine is not None
    return meeting.build(
        mine, Days(date(2026, 11, 23), date(2026, 11, 29)), Asked({}), desk, vn(NOW)
    )


def test_every_number_is_that_of_what_it_opens(worked: Worked, now: Clock, client: Client) -> None:
    place, made = worked
    leader = place.first.leader
    urging.urge(
        Seen(made["late"].pk),
        asked="Trình kết quả",
        answer_by=vn(NOW) + timedelta(hours=2),
        by=place.first.desk(leader, vn(NOW)),
        at=vn(NOW),
    )
    sheet = sheet_of(worked)
    client.force_login(leader)
    cells = [*(line.cell for line in sheet.course), *sheet.now]
    for cell in cells:
        if cell.url:
            assert client.get(cell.url).context["number"] == cell.number, cell.figure.key
    for one in (*sheet.lists, *sheet.urged):
        if one.url:
            assert client.get(one.url).context["number"] == one.number, one.label
    assert [one.number for one in sheet.urged] == [1, 1, 0, 0]
    assert all(one.url for one in sheet.urged if one.number)
    board = client.get("/dieu-hanh/").context["board"]
    told = {cell.figure.key: cell.number for card in board.cards for cell in card.cells}
    assert {c.figure.key: c.number for c in sheet.now} == {
        c.figure.key: told[c.figure.key] for c in sheet.now
    }
    assert [line.cell.number for line in sheet.course] == [13, 2, 1, 0, 1]
    assert [line.change for line in sheet.course] == ["+13", "+2", "+1", "=", "+1"]
    assert sheet.on_time == Decimal("50.00")
    assert [one.late for one in sheet.units] == [2]
    assert [one.days for one in sheet.latest] == sorted(
        (one.days for one in sheet.latest), reverse=True
    )
    assert len(sheet.latest) == sheet.number(figures.LATE) == 2
    assert [one.label for one in sheet.lists] == [one.label for one in meeting.LISTS]
    assert sheet.lists[2].label == lateness.MISSING.label


def test_three_lines_fit_a_message(worked: Worked) -> None:
    sheet = sheet_of(worked)
    lines = sheet.brief.split("\n")
    assert len(lines) == 3
    assert len(sheet.brief) <= meeting.BRIEF
    assert lines[0].endswith("23/11–29/11: nhận 13, xong 2, không quá hạn 50%.")
    assert lines[1].startswith("Đang mở 11, quá hạn 2 (Phòng Văn hóa - Xã hội 2)")
    for share, words in (
        ("99.60", "99"),
        ("0.01", "1"),
        ("98.50", "99"),
        ("100", "100"),
        ("0", "0"),
    ):
        assert f"không quá hạn {words}%." in replace(sheet, on_time=Decimal(share)).brief
    # With the longest of names and as many units as there may be.
    many = [meeting.Unit(f"Phòng có tên rất dài số {n}", 10, 9) for n in range(8)]
    long = replace(sheet, title="Ủy ban " * 60, units=many)
    assert len(long.brief.split("\n")) == 3
    assert len(long.brief) <= meeting.BRIEF


def test_the_longest_sheet_is_one_page(worked: Worked) -> None:
    """As many units and dossiers as are named, with names as long as there are."""
    sheet, name = sheet_of(worked), "Trung tâm Phục vụ hành chính công phường " * 3
    late = replace(sheet.latest[0], procedure=name * 3, place=name, code="H37.05986-261102-00001")
    units = [meeting.Unit(name, 4000, 1000)] * meeting.MOST_UNITS
    latest = [late] * meeting.MOST_LATE
    full = replace(
        sheet, title=f"{name} và 65 cơ quan khác", units=units, more_units=59, latest=latest
    )
    text = render_to_string("reports/meeting/paper.html", {"sheet": full, "nation": NATION})
    made = PdfReader(BytesIO(pdf.render(text, stylesheets=(CSS,))))
    assert len(made.pages) == 1
    assert "Kết luận của người chủ trì" in made.pages[0].extract_text()


def test_a_day_stands_beside_its_own_weekday() -> None:
    monday, week = date(2026, 11, 23), Days(date(2026, 11, 16), date(2026, 11, 22))
    assert Days(monday, monday).before == Days(date(2026, 11, 16), date(2026, 11, 16))
    assert week.before == Days(date(2026, 11, 9), date(2026, 11, 15))
    assert Days(date(2026, 11, 11), date(2026, 11, 20)).before == Days(
        date(2026, 11, 1), date(2026, 11, 10)
    )


def test_the_page_and_its_paper(worked: Worked, now: Clock, client: Client, queries: Any) -> None:
    """Without days it is the week that is over; wrong days are said; the sheet is one page of A4."""
    place, _ = worked
    client.force_login(place.first.leader)
    usual = client.get("/dieu-hanh/giao-ban/")
    assert usual.context["sheet"].days == Days(date(2026, 11, 16), date(2026, 11, 22))
    assert client.get("/dieu-hanh/giao-ban/?tu=29/11/2026&den=23/11/2026").status_code == 422
    assert client.get("/dieu-hanh/giao-ban/?tu=01/01/2026&den=29/11/2026").status_code == 422
    for wrong in ("?tu=23/11/2026", "?den=23/11/2026", "?tu=29/11/2026&den=23/11/2026"):
        said = client.get(f"/dieu-hanh/giao-ban/trang.pdf{wrong}", follow=True)
        assert (said.status_code, len(said.redirect_chain)) == (422, 1), wrong
    # The sheet is the agency's, also where one comes from a room.
    room = client.get(f"/dieu-hanh/giao-ban/{WEEK}&phong={place.first.room.pk}").context
    assert room["sheet"].title == usual.context["sheet"].title
    assert "phong" not in room["pdf"]
    assert client.get(f"/dieu-hanh/?phong={place.first.room.pk}").context["meeting"] == (
        "/dieu-hanh/giao-ban/"
    )
    # Days to come are not compared.
    assert room["sheet"].days == Days(date(2026, 11, 23), date(2026, 11, 27))
    with queries() as seen:
        page = client.get(f"/dieu-hanh/giao-ban/{WEEK}")
    many = len(seen)
    assert "Ba dòng để nhắn tin" in page.content.decode()
    made = client.get(f"/dieu-hanh/giao-ban/trang.pdf{WEEK}").content
    pages = PdfReader(BytesIO(made)).pages
    assert len(pages) == 1
    assert "Kết thúc đúng hạn" in pages[0].extract_text()
    case = make_case("1 ngày làm việc")
    for hour in (8, 9, 10):
        in_room(place.first, case, at=vn(f"24/11/2026 {hour:02}:00"))
    with queries() as seen:
        client.get(f"/dieu-hanh/giao-ban/{WEEK}")
    assert len(seen) == many
