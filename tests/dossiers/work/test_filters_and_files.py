"""What narrows a list, as chips in its address; and the list as a file: the same rows, columns and
order, all pages.
"""

import csv
from collections.abc import Callable, Iterator
from copy import copy as copy_of
from copy import deepcopy
from datetime import datetime, timedelta
from io import BytesIO, StringIO
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest

from dossiers.acts import handovers, supplements
from dossiers.acts.many import Seen
from dossiers.desk import exporting
from dossiers.intake.wanted import declared
from dossiers.models import Dossier
from onestop.accounts.models import AccessEvent, AccessKind
from tests.clock import Clock
from tests.dossiers.work.conftest import in_room_of
from tests.reports.workbooks import sheet
from tests.standing import standing
from tests.world import MONDAY, Office, make_case, make_office, receive, vn

ROOM = "/viec/?loai=phong"


def make_both() -> tuple[Office, dict[str, Dossier]]:
    office = make_office()
    at_room = in_room_of(office)
    made = {
        "late": at_room(term="1 ngày làm việc", owner="Trần Thị Muộn"),
        "soon": at_room(term="4 ngày làm việc", owner="Trần Thị Gấp"),
        "early": at_room(term="20 ngày làm việc", owner="Trần Thị Sớm"),
        "waits": at_room(term="10 ngày làm việc", owner="Trần Thị Chờ"),
        "given": at_room(term="15 ngày làm việc", owner="Trần Thị Giao"),
    }
    supplements.ask(
        Seen(made["waits"].pk), items=declared("A"), reason="Thiếu",
        by=office.desk(office.clerk), at=MONDAY + timedelta(hours=1),
    )  # fmt: skip
    handovers.hand_over(
        made["given"],
        to=office.second_room,
        by=office.desk(office.specialist),
        at=MONDAY + timedelta(hours=1),
    )
    coming = receive(office, make_case(), owner="Trần Thị Đến")
    handovers.hand_over(coming, to=office.room, by=office.desk(office.clerk), at=MONDAY)
    made["coming"] = coming
    return office, made


@pytest.fixture(scope="module")
def _standing_both(
    django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[Office, dict[str, Dossier]]]:
    with standing(django_db_blocker, make_both) as made:
        yield made


@pytest.fixture
def _both(
    _standing_both: tuple[Office, dict[str, Dossier]], db: None
) -> tuple[Office, dict[str, Dossier]]:
    return deepcopy(_standing_both)


@pytest.fixture
def office(_both: tuple[Office, dict[str, Dossier]]) -> Office:
    return _both[0]


@pytest.fixture
def at_both(_both: tuple[Office, dict[str, Dossier]]) -> dict[str, Dossier]:
    """Dossiers of the room in each of the states that a list tells apart."""
    return _both[1]


LATER = vn("27/11/2026 11:00")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", {"late", "soon", "early", "waits", "given"}),
        ("&han=qua-han", {"late"}),
        ("&han=sap-het-han", {"soon"}),
        ("&han=con-han&o=dang-giu", {"soon", "early"}),
        ("&o=dang-xu-ly", {"late", "soon", "early"}),
        ("&o=cho-bo-sung", {"waits"}),
        ("&o=da-giao", {"given"}),
        ("&o=cho-nhan", {"coming"}),
        ("&o=cho-nhan&canbo=0", {"coming"}),
        ("&canbo={specialist}&o=dang-giu", {"late", "soon", "early", "waits"}),
        ("&canbo={clerk}", set()),
        ("&phong={room}&han=qua-han", {"late"}),
        ("&phong={counter}", set()),
        ("&thutuc={procedure}", {"soon"}),
        ("&linhvuc=Hộ+tịch&kenh=1&han=qua-han", {"late"}),
        ("&tu=23/11/2026&den=23112026", {"late", "soon", "early", "waits", "given"}),
        ("&tu=24/11/2026", set()),
        ("&den=2026-11-22", set()),
        ("&loc=muon", {"late"}),
    ],
)
def test_each_filter_narrows_the_room(
    office: Office, at_both: dict[str, Dossier], signed_in: Callable[..., Any], clock: Clock,
    asked: str, found: set[str],
) -> None:  # fmt: skip
    clock.now = LATER
    address = ROOM + asked.format(
        specialist=office.specialist.pk,
        clerk=office.clerk.pk,
        room=office.room.pk,
        counter=office.counter.pk,
        procedure=at_both["soon"].version.procedure.code,
    )
    page = signed_in(office.head).get(address)
    assert {row.line.code for row in page.context["rows"]} == {at_both[one].code for one in found}
    if asked:
        assert "Xóa lọc" in page.content.decode()


def test_each_chip_takes_its_filter_off_and_leaves_the_others(
    office: Office, at_both: dict[str, Dossier], signed_in: Callable[..., Any]
) -> None:
    asked = f"&canbo={office.specialist.pk}&kenh=1&tu=1/11/2026&xep=-nhan"
    page = signed_in(office.head).get(ROOM + asked)
    chips = dict(page.context["chips"])
    assert list(chips) == [
        f"Cán bộ: {office.specialist.full_name}", "Hình thức nộp: Trực tiếp", "Tiếp nhận từ 01/11/2026",
    ]  # fmt: skip
    assert (
        chips["Hình thức nộp: Trực tiếp"]
        == f"{ROOM}&xep=-nhan&canbo={office.specialist.pk}&tu=01%2F11%2F2026"
    )
    assert page.context["clear"] == f"{ROOM}&xep=-nhan"


def test_the_conditions_offer_what_the_list_has_and_are_asked_for_only_when_opened(
    office: Office,
    at_both: dict[str, Dossier],
    signed_in: Callable[..., Any],
    queries: Callable[..., Any],
) -> None:
    client = signed_in(office.head)
    client.get(ROOM)
    with queries() as shut:
        client.get(ROOM)
    with queries() as opened:
        page = client.get(f"{ROOM}&mo=loc").content.decode()
    assert len(opened) == len(shut) + 1
    assert f'<option value="{office.specialist.pk}">{office.specialist.full_name}</option>' in page
    assert f">{office.clerk.full_name}</option>" not in page
    wrong = client.get(f"{ROOM}&tu=31/02/2026").content.decode()
    assert "Hãy nhập ngày có thật" in wrong
    wrong = client.get(f"{ROOM}&tu=5/11/2026&den=1/11/2026").content.decode()
    assert "Ngày cuối phải từ ngày đầu trở đi." in wrong


def test_a_shared_link_shows_the_same_rows_to_whom_it_is_allowed(
    office: Office, at_both: dict[str, Dossier], signed_in: Callable[..., Any]
) -> None:
    link = f"{ROOM}&o=dang-giu&tu=23/11/2026"
    mine = signed_in(office.head).get(link)
    assert len(mine.context["rows"]) == 4
    other = signed_in(office.second_specialist).get(link)
    assert other.context["rows"] == []
    assert "Bạn không có danh sách trong liên kết" in other.content.decode()
    files = signed_in(office.second_specialist)
    assert files.get(link.replace("/viec/?", "/viec/tep.csv?")).status_code == 404


def of_csv(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


def of_xlsx(answer: Any, number: int = 1) -> list[Any]:
    return sheet(b"".join(answer.streaming_content), number)


def test_a_file_has_the_rows_columns_and_order_of_the_page(
    office: Office, at_both: dict[str, Dossier], signed_in: Callable[..., Any]
) -> None:
    client = signed_in(office.head)
    asked = "loai=phong&o=dang-giu&xep=-ma"
    page = client.get(f"/viec/?{asked}")
    codes = [row.line.code for row in page.context["rows"]]
    heads = [
        "STT", "Mã hồ sơ", "Chủ hồ sơ", "Mã TTHC", "Thủ tục", "Tiếp nhận", "Đang giữ", "Bước đang làm",
        "Hẹn trả", "Còn lại", "Được đôn đốc", "Chờ cơ quan phối hợp",
        "Người nộp gửi bổ sung",
    ]  # fmt: skip
    told = of_csv(client.get(f"/viec/tep.csv?{asked}"))
    assert told[0] == heads
    assert [line[1] for line in told[1:]] == codes == sorted(codes, reverse=True)
    assert told[1][5] == "23/11/2026 09:00"
    written = of_xlsx(client.get(f"/viec/tep.xlsx?{asked}"))
    assert [cell[1] for cell in written[0].values()] == heads
    assert [row["B"] for row in written[1:]] == [("s", code) for code in codes]
    assert written[1]["A"] == ("n", "1")
    assert written[1]["D"][0] == "s"  # a code of a procedure is no number
    assert written[1]["F"] == ("n", f"{excel_day(vn('23/11/2026 09:00'))}")


def excel_day(at: datetime) -> float:
    """Days since the day that spreadsheets count from, by the clock on the wall."""
    return (at - datetime(1899, 12, 30, tzinfo=at.tzinfo)) / timedelta(days=1)


def test_a_name_like_a_formula_is_text(
    office: Office, at_both: dict[str, Dossier], signed_in: Callable[..., Any]
) -> None:
    name = '=HYPERLINK("x")'
    Dossier.objects.filter(pk=at_both["late"].pk).update(owner_name=name)
    client = signed_in(office.head)
    told = of_csv(client.get("/viec/tep.csv?loai=phong&xep=ma"))
    assert told[1][2] == f"'{name}"
    written = of_xlsx(client.get("/viec/tep.xlsx?loai=phong&xep=ma"))
    assert written[1]["C"] == ("s", name)


def test_taking_a_file_is_written_down_without_whom_somebody_looked_for(
    office: Office, at_both: dict[str, Dossier], signed_in: Callable[..., Any]
) -> None:
    client = signed_in(office.head)
    of_xlsx(client.get("/viec/tep.xlsx?loai=phong&han=con-han&loc=tran+thi+som"))
    event = AccessEvent.objects.filter(kind=AccessKind.DOWNLOADED).latest("pk")
    assert event.detail == "Của phòng: 1 hồ sơ, xlsx; Còn hạn; theo từ khóa"


def test_a_file_of_all_pages_costs_the_same_for_each_thousand(
    office: Office,
    at_both: dict[str, Dossier],
    signed_in: Callable[..., Any],
    queries: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = signed_in(office.head)
    address = "/viec/tep.csv?loai=phong"
    of_csv(client.get(address))
    with queries() as whole:
        assert len(of_csv(client.get(address))) == 6
    monkeypatch.setattr(exporting, "CHUNK", 2)
    with queries() as parted:
        assert len(of_csv(client.get(address))) == 6
    assert len(parted) == len(whole) + 2 * 2


def many_more(one: Dossier, number: int) -> None:
    """So many more dossiers like this one, of the same room."""
    row, copies = Dossier.objects.get(pk=one.pk), []
    for n in range(number):
        copy = copy_of(row)
        copy.pk, copy.code = None, f"H99.01-200101-{n:05d}"
        copy.register_year, copy.register_number = 1990, n + 1
        copy.intake_token = uuid4()
        copies.append(copy)
    Dossier.objects.bulk_create(copies)


def test_a_file_of_thousands_is_whole_and_asks_the_same_of_each_part(
    office: Office,
    at_both: dict[str, Dossier],
    signed_in: Callable[..., Any],
    queries: Callable[..., Any],
) -> None:
    client = signed_in(office.head)
    few, more = "/viec/tep.csv?loai=phong&xep=ma", 2 * exporting.CHUNK
    of_csv(client.get(few))
    with queries() as little:
        assert len(of_csv(client.get(few))) == 6
    many_more(at_both["early"], more)
    with queries() as much:
        told = of_csv(client.get(few))
    codes = [line[1] for line in told[1:]]
    assert [line[0] for line in told[1:]] == [str(n + 1) for n in range(more + 5)]
    assert len(set(codes)) == more + 5
    assert len(much) == len(little) + 2 * 2  # two more parts, two statements each
    written = of_xlsx(client.get("/viec/tep.xlsx?loai=phong&xep=ma"))
    assert [row["B"][1] for row in written[1:]] == codes


def test_a_file_is_read_while_it_is_sent(
    office: Office,
    at_both: dict[str, Dossier],
    signed_in: Callable[..., Any],
    queries: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = signed_in(office.head)
    of_csv(client.get("/viec/tep.csv?loai=phong"))  # its calendar is known from here on
    monkeypatch.setattr(exporting, "CHUNK", 2)
    answer = client.get("/viec/tep.csv?loai=phong")
    lines = iter(answer.streaming_content)
    with queries() as first:
        for _ in range(3):  # the mark of UTF-8, the heads, the first dossier
            next(lines)
    assert len(first) == 2
    with queries() as rest:
        assert len(list(lines)) == 4
    assert len(rest) == 2 * 2


@pytest.mark.parametrize("counted", [True, False])
def test_a_workbook_too_long_to_wait_for_is_text_and_the_next_page_says_so(
    office: Office,
    at_both: dict[str, Dossier],
    signed_in: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    counted: bool,
) -> None:
    """Also where nobody counted it before: of a search."""
    client = signed_in(office.head)
    address = "/viec/tep.xlsx?loai=phong&xep=ma" if counted else "/tim/tep.xlsx?q=tran&xep=ma"
    told = "nên tệp vừa tải là CSV"
    codes = [row["B"][1] for row in of_xlsx(client.get(address))[1:]]
    monkeypatch.setattr(exporting, "MOST_XLSX", len(codes))
    assert len(of_xlsx(client.get(address))) == len(codes) + 1
    assert told not in client.get("/viec/?loai=phong").content.decode()
    monkeypatch.setattr(exporting, "MOST_XLSX", len(codes) - 1)
    answer = client.get(address)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].endswith('.csv"')
    assert [line[1] for line in of_csv(answer)[1:]] == codes
    assert told in client.get("/viec/?loai=phong").content.decode()


def test_the_head_of_a_sheet_stays_in_sight_and_filters(
    office: Office, at_both: dict[str, Dossier], signed_in: Callable[..., Any]
) -> None:
    answer = signed_in(office.head).get("/viec/tep.xlsx?loai=phong")
    with ZipFile(BytesIO(b"".join(answer.streaming_content))) as book:
        written = book.read("xl/worksheets/sheet1.xml").decode()
    assert '<autoFilter ref="A1:M6"' in written
    assert 'topLeftCell="A2"' in written
    assert 'state="frozen"' in written
