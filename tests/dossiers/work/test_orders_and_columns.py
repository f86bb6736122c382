"""Lists of the desk in any order, with the columns that the officer chose; one vocabulary of
columns for all of them.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.template.loader import get_template

from dossiers.acts import handovers
from dossiers.desk import columns as vocabulary
from dossiers.desk import work
from dossiers.desk.columns import Column, shape_of
from dossiers.desk.orders import ORDERS, Order, order_of
from dossiers.models import Dossier
from onestop.accounts.models import Officer
from onestop.folding import fold
from tests.dossiers.work.test_lists import plan_of
from tests.world import MONDAY, Office, make_case, receive

COLUMNS = [one for one in vars(vocabulary).values() if isinstance(one, Column)]
LIST = "/viec/?loai=dang-xu-ly"
NAMES = ["Trần Thị Ánh", "Lê Văn An", "Đỗ Bá Ân", "Nguyễn Văn Anh", "Hồ Ông", "Lê Văn Ẩn"]
BY_GIVEN_NAME = [
    "Đỗ Bá Ân", "Lê Văn An", "Lê Văn Ẩn", "Nguyễn Văn Anh", "Trần Thị Ánh", "Hồ Ông",
]  # fmt: skip


@pytest.fixture
def several(at_room: Callable[..., Dossier]) -> list[Dossier]:
    """Received a minute apart, the first due last, two of each term."""
    return [
        at_room(
            at=MONDAY + timedelta(minutes=n), term=f"{9 - n // 2} ngày làm việc", owner=NAMES[n]
        )
        for n in range(6)
    ]


def expected(order: str, rows: list[Dossier]) -> list[int]:
    """The same order by plain Python."""
    keys: dict[str, Callable[[Dossier], Any]] = {
        "hen": lambda one: (one.sort_due, one.pk),
        "nhan": lambda one: (one.received_at, one.pk),
        "ma": lambda one: one.code,
        "chu": lambda one: BY_GIVEN_NAME.index(one.owner_name),
        "thu-tuc": lambda one: (fold(one.version.name).removeprefix("thu tuc "), one.pk),
    }
    return [one.pk for one in sorted(rows, key=keys[order])]


def walked(rows: Any, order: Order) -> list[int]:
    """Every row, page by page to the end and back again."""
    there, pages, after = [], [], ""
    while True:
        page = work.work_page(rows, after=after, size=2, order=order)
        there += [line.pk for line in page.rows]
        pages.append(page)
        after = page.next
        if not after:
            break
    back = [line.pk for line in pages[-1].rows]
    while pages[-1].previous:
        pages.append(work.work_page(rows, before=pages[-1].previous, size=2, order=order))
        back = [line.pk for line in pages[-1].rows] + back
    assert back == there
    return there


@pytest.mark.parametrize("key", shape_of("").orders)
def test_each_order_pages_by_key_in_both_directions(
    office: Office, several: list[Dossier], key: str
) -> None:
    rows = Dossier.objects.in_hand(office.desk(office.specialist))
    forwards, backwards = order_of(key), order_of(f"-{key}")
    assert forwards is not None
    assert backwards is not None
    assert walked(rows, forwards) == expected(key, several)
    assert walked(rows, backwards) == expected(key, several)[::-1]
    if key != "ma":  # any text is a place among codes
        assert len(work.work_page(rows, after="rubbish~x", order=forwards).rows) == 6


def test_companies_stand_by_the_beginning_of_their_names(
    office: Office, several: list[Dossier]
) -> None:
    Dossier.objects.filter(pk=several[0].pk).update(owner_kind=2, owner_name="Công ty Bình Zung")
    found = work.work_page(
        Dossier.objects.in_hand(office.desk(office.specialist)), order=ORDERS["chu"]
    )
    names = [line.owner_name for line in found.rows]
    assert names[-2:] == ["Công ty Bình Zung", "Hồ Ông"]


@pytest.mark.parametrize("key", shape_of("").orders)
def test_each_order_reads_only_the_indexes_of_open_work(
    office: Office, several: list[Dossier], key: str
) -> None:
    order = ORDERS[key]
    agency = Dossier.objects.open().filter(agency=office.agency)
    for rows in (Dossier.objects.in_hand(office.desk(office.specialist)), agency):
        ordered = order.keyset.beyond(order.of(rows), None).values("pk")[:50]
        plan = plan_of(*ordered.query.sql_with_params())
        assert "Seq Scan on dossiers_dossier" not in plan
        assert not re.search(r"SCAN dossiers_dossier(?! USING)", plan), plan
        # PostgreSQL chooses by its statistics, which a handful of rows do not give.
        assert "dossier_agency_received" not in plan or connection.vendor == "postgresql"


def test_a_head_orders_its_list_and_turns_it(
    office: Office, several: list[Dossier], signed_in: Callable[..., Any]
) -> None:
    client = signed_in(office.specialist)
    page = client.get(f"{LIST}&xep=nhan").content.decode()
    assert shown(page) == [one.code for one in several]
    assert re.search(r'class="c-nhan"\s+aria-sort="ascending"', page)
    assert page.count("aria-sort=") == 1
    assert "xep=-nhan" in page
    turned = client.get(f"{LIST}&xep=-nhan").content.decode()
    assert shown(turned) == [one.code for one in several[::-1]]
    assert 'aria-sort="descending"' in turned


def shown(page: str) -> list[str]:
    return re.findall(r'class="code" href="[^"]*">([^<]+)<', page) or re.findall(
        r'class="code" href="[^"]*" data-row-link>([^<]+)<', page
    )


def test_the_order_is_kept_for_the_officer_on_every_list_and_in_any_browser(
    office: Office, several: list[Dossier], signed_in: Callable[..., Any], queries: Any
) -> None:
    signed_in(office.specialist).get(f"{LIST}&xep=-nhan")
    another = signed_in(office.specialist)
    with queries() as asked:
        page = another.get(LIST).content.decode()
    assert shown(page) == [one.code for one in several[::-1]]
    assert not [q for q in asked if q["sql"].startswith("UPDATE")]
    another.get(f"{LIST}&xep=hen")
    assert Officer.objects.get(pk=office.specialist.pk).preferences == {}


def test_columns_are_chosen_by_a_plain_form_and_follow_the_officer(
    office: Office, several: list[Dossier], signed_in: Callable[..., Any]
) -> None:
    client = signed_in(office.specialist)
    Dossier.objects.filter(pk=several[0].pk).update(phone="0912345678")
    assert "091 ••• 678" not in client.get(LIST).content.decode()
    chosen = {
        "danh-sach": "dang-xu-ly",
        "cot": ["dien-thoai", "linh-vuc", "kenh", "phong", "can-bo", "hen-tra"],
        "ve": f"{LIST}&xep=ma&sau=x",
        "xep": "hen",
    }
    assert client.post("/viec/cot/", chosen)["Location"] == LIST
    page = signed_in(office.specialist).get(LIST).content.decode()
    for text in ("091 ••• 678", "Hình thức nộp", "Trực tiếp", "Đang giữ", "Hẹn trả"):
        assert text in page
    assert "0912345678" not in page
    assert 'class="c-buoc"' not in page
    client.post("/viec/cot/", {"mac-dinh": "1", "ve": LIST})
    assert 'class="c-buoc"' in client.get(LIST).content.decode()


def test_what_one_list_alone_offers_is_chosen_there(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    """The columns of another list keep what was said of them there."""
    handovers.hand_over(
        receive(office, make_case()), to=office.room, by=office.desk(office.clerk), at=MONDAY
    )
    client = signed_in(office.specialist)
    sent = {"danh-sach": "dang-xu-ly", "cot": ["kenh"], "ve": "/viec/?loai=cho-nhan"}
    client.post("/viec/cot/", sent)
    page = client.get("/viec/?loai=cho-nhan").content.decode()
    assert 'class="c-ben-giao"' in page
    assert 'class="c-kenh"' in page
    assert office.clerk.full_name in page
    # The page of receiving is the same list.
    assert 'class="c-kenh"' in client.get("/ban-giao/nhan/").content.decode()


@pytest.mark.parametrize("rubbish", ["x", "--hen", "-", "sorted_by"])
def test_an_order_that_is_none_is_the_usual_one(
    office: Office, several: list[Dossier], signed_in: Callable[..., Any], rubbish: str
) -> None:
    client = signed_in(office.specialist)
    assert client.get(LIST, {"loai": "dang-xu-ly", "xep": rubbish}).status_code == 200
    assert client.post("/viec/cot/", {"danh-sach": rubbish, "cot": [rubbish]}).status_code == 302
    Officer.objects.update(preferences={"viec.cot": rubbish, "viec.xep": 7})
    assert client.get(LIST).status_code == 200


def test_every_column_has_its_cell_and_its_order() -> None:
    assert len({one.key for one in COLUMNS}) == len(COLUMNS)
    for column in COLUMNS:
        assert get_template(column.cell)
        # What is typed or pressed in the row is in no file.
        assert column.cells or column in (vocabulary.GIVE_BACK, vocabulary.DIFFERENCE)
        assert not column.order or column.order in ORDERS
        assert set(column.more) <= set(work.MORE)


def test_every_list_offers_what_it_usually_shows() -> None:
    for job in (*work.JOBS, work.PROPOSED, work.SUBMITTED, work.DEPARTMENT, work.AGENCY):
        shape = shape_of(job.key)
        assert set(shape.usual) <= set(shape.offered)
