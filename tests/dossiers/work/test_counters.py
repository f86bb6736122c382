"""Every number beside a link is the number of dossiers that the link's page lists: the rail, the
tabs, the bell, the overview of a room; for each role, with waiting, given, substituted, late ones.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest

from dossiers.models import Dossier
from onestop.accounts.models import Officer, Substitution
from onestop.outbox.domain import post
from tests.clock import Clock
from tests.dossiers.work.test_filters_and_files import (
    LATER,
    _both,
    _standing_both,
    at_both,
    office,
)
from tests.world import MONDAY, Office, make_case, receive

__all__ = ["_both", "_standing_both", "at_both", "office"]
STAFF = ("clerk", "specialist", "second_specialist", "head", "leader", "controller")
RAIL = re.compile(
    r'<a href="([^"]+)"[^>]*>(?:(?!</a>).)*?<span class="count">(\d+)</span></a>', re.S
)
TAB = re.compile(
    r'<a href="([^"]+)"\s*(?:aria-current="page")?>[^<]*<span class="tab-count[^"]*">(\d+)</span></a>'
)


@pytest.fixture
def busy(
    office: Office, at_both: dict[str, Dossier], at_room: Callable[..., Dossier], clock: Clock
) -> Office:
    """All that `at_both` has, work at the counter, somebody away, notices."""
    receive(office, make_case())
    receive(office, make_case("20 ngày làm việc"))
    at_room(term="18 ngày làm việc")
    day = LATER.date()
    Substitution.objects.create(
        absent=office.specialist, substitute=office.second_specialist, from_date=day, to_date=day,
        reason="Nghỉ phép",
    )  # fmt: skip
    for n, name in enumerate(STAFF):
        for number in range(n):
            post(
                kind="thu", dedupe=f"thu-{name}-{number}", subject="Thử", body="Thử",
                to_officer=getattr(office, name), at=MONDAY,
            )  # fmt: skip
    clock.now = LATER
    return office


def listed(client: Any, address: str) -> int:
    return len(set(re.findall(r'name="chon" value="(\d+)\.', client.get(address).content.decode())))


def numbers(pattern: re.Pattern[str], page: str) -> dict[str, int]:
    return {url.replace("&amp;", "&"): int(number) for url, number in pattern.findall(page)}


@pytest.mark.parametrize("who", STAFF)
def test_every_tab_says_what_its_list_holds(
    busy: Office, signed_in: Callable[..., Any], who: str
) -> None:
    client = signed_in(getattr(busy, who))
    tabs = numbers(TAB, client.get("/viec/?loai=dang-xu-ly").content.decode())
    assert tabs
    if who != "controller":
        tabs |= numbers(TAB, client.get("/ban-giao/").content.decode())
        assert len(tabs) >= 9
    for address, number in tabs.items():
        assert listed(client, address) == number, address


@pytest.mark.parametrize("who", STAFF)
def test_the_rail_says_what_lies_on_the_desk_and_the_page_says_the_same(
    busy: Office, signed_in: Callable[..., Any], who: str
) -> None:
    client = signed_in(getattr(busy, who))
    page = client.get("/viec/?loai=dang-xu-ly").content.decode()
    rail = numbers(RAIL, page)
    mine = [
        listed(client, f"/viec/?loai={key}") for key in ("cho-nhan", "dang-xu-ly", "cho-bo-sung")
    ]
    if who == "controller":
        assert "/viec/" not in rail
        return
    assert rail.get("/viec/", 0) == sum(mine)
    if sum(mine):
        said = "{} chờ nhận, {} đang xử lý, {} chờ bổ sung".format(*mine)
        assert f"{sum(mine)} hồ sơ trên bàn của bạn: {said}" in page
    giving = client.get("/ban-giao/")
    must_go = sum(group.total for group, _ in giving.context["groups"] if group.key != "tren-ban")
    assert rail.get("/ban-giao/", 0) == must_go + mine[0]
    if must_go + mine[0]:
        said = f"{must_go} hồ sơ phải chuyển, {mine[0]} hồ sơ chờ nhận."
        assert said in giving.content.decode()


@pytest.mark.parametrize("who", STAFF)
def test_the_bell_says_what_is_unread(
    busy: Office, signed_in: Callable[..., Any], who: str
) -> None:
    client = signed_in(getattr(busy, who))
    page = client.get("/viec/?loai=dang-xu-ly").content.decode()
    bell = re.search(r'class="count">(\d+)</span><span class="visually-hidden"> thông báo', page)
    new = client.get("/thong-bao/").content.decode().count("notice-unread")
    assert (int(bell[1]) if bell else 0) == new


def test_each_number_of_the_overview_opens_exactly_its_dossiers(
    busy: Office, signed_in: Callable[..., Any]
) -> None:
    client = signed_in(busy.head)
    people = client.get("/viec/?loai=phong").context["people"]
    cells = [cell for person in people for cell in person.cells]
    assert {cell.figure.key for cell in cells if cell.number} == {
        "working", "soon", "late", "waiting", "coming",
    }  # fmt: skip
    for cell in cells:
        assert bool(cell.url) == bool(cell.number)
        if cell.url:
            assert listed(client, cell.url) == cell.number, cell.url
            assert "Xóa lọc" in client.get(cell.url).content.decode()


def test_the_overview_leads_to_what_it_leaves_out(
    busy: Office, signed_in: Callable[..., Any]
) -> None:
    """The dashboard counts with the giver what is given and not received yet; the overview does
    not, says so, and together they are the room's open work.
    """
    client = signed_in(busy.head)
    page = client.get("/viec/?loai=phong")
    given = "/viec/?loai=phong&o=da-giao"
    assert f'href="{given.replace("&", "&amp;")}"' in page.content.decode()
    total = {cell.figure.key: cell.number for cell in page.context["people"][-1].cells}
    assert listed(client, given)
    assert total["working"] + total["waiting"] + listed(client, given) == listed(
        client, "/viec/?loai=phong"
    )


def test_persons_of_the_overview_stand_by_their_names_then_nobody_then_the_sum(
    busy: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    other = at_room()
    Dossier.objects.filter(pk=other.pk).update(holder=busy.head)
    people = signed_in(busy.head).get("/viec/?loai=phong").context["people"]
    named = [busy.specialist, busy.head]
    expected = [one.full_name for one in sorted(named, key=lambda one: one.sort_name)]
    assert [one.name for one in people] == [*expected, "Chưa giao cho ai", "Cộng"]


def test_the_overview_is_one_question_of_the_heads_list_alone(
    busy: Office, signed_in: Callable[..., Any], queries: Callable[..., Any]
) -> None:
    client = signed_in(busy.head)
    for address in ("/viec/?loai=phong", "/viec/?loai=cho-nhan"):
        client.get(address)
    with queries() as own:
        client.get("/viec/?loai=cho-nhan")
    with queries() as room:
        page = client.get("/viec/?loai=phong")
    assert len(room) == len(own) + 1
    assert Officer.objects.filter(full_name=page.context["people"][0].name).exists()
    assert signed_in(busy.leader).get("/viec/?loai=co-quan").context.get("people") is None
