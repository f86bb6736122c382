"""One pager by key for every list: both directions, rubbish, rows of one instant, an order by text."""

from datetime import timedelta
from typing import Any

import pytest

from onestop.accounts.models import Officer, Role
from onestop.paging import Keyset, by_code, by_id, by_instant, by_text, place_at, read_place
from tests.world import MONDAY, make_agency, make_officer

pytestmark = pytest.mark.django_db

ORDERS = {
    "instant": by_instant("locked_until"),
    "newest": by_instant("locked_until", newest_first=True),
    "id": by_id(),
    "newest id": by_id(newest_first=True),
    "text": by_text("sort_name"),
    "code": by_code("username"),
}


@pytest.fixture
def crowd() -> None:
    """Seven, some of one instant and some of one name."""
    agency = make_agency()
    for number in range(7):
        officer = make_officer(f"Lò Thị Số {number // 2}", agency, (Role.CLERK, None))
        Officer.objects.filter(pk=officer.pk).update(
            locked_until=MONDAY + timedelta(minutes=number // 3)
        )


def everybody(order: Keyset) -> list[int]:
    sign = "-" if order.newest_first else ""
    columns = (f"{sign}{column}" for column in order.columns)
    return list(Officer.objects.order_by(*columns).values_list("pk", flat=True))


@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8])
def test_pages_there_and_back_show_every_row_once(crowd: None, name: str, size: int) -> None:
    order = ORDERS[name]
    there: list[Any] = [order.page(Officer.objects.all(), size=size)]
    while there[-1].next:
        there.append(order.page(Officer.objects.all(), size=size, after=there[-1].next))
    assert [officer.pk for page in there for officer in page.rows] == everybody(order)
    assert there[0].previous == ""
    for before, page in zip(there[-2::-1], there[:0:-1], strict=True):
        back = order.page(Officer.objects.all(), size=size, before=page.previous)
        assert (back.rows, back.next != "") == (before.rows, True)
        assert (back.previous == "") == (before is there[0])


@pytest.mark.parametrize("name", ["instant", "newest", "id", "newest id", "text"])
@pytest.mark.parametrize("rubbish", ["", "x", "-", "1-", "zz-1", "~", "a~b", "²", "9" * 40])
def test_what_cannot_be_read_is_the_list_from_its_beginning(
    crowd: None, name: str, rubbish: str
) -> None:
    order, rows = ORDERS[name], Officer.objects.all()
    first = order.page(rows, size=3)
    assert order.page(rows, size=3, after=rubbish) == first
    assert order.page(rows, size=3, before=rubbish) == first


def test_a_page_of_nothing_has_no_neighbours(crowd: None) -> None:
    order = ORDERS["instant"]
    page = order.page(Officer.objects.none(), size=3, after=place_at(MONDAY, 1))
    assert (page.rows, page.next, page.previous) == ([], "", "")


def test_a_place_is_written_to_the_microsecond() -> None:
    at = MONDAY + timedelta(microseconds=1)
    assert read_place(place_at(at, 42)) == (at, 42)
