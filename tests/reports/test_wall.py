"""The board of a waiting room: codes of results that lie ready at the counter, nothing else of them
(R-91); by an address that an administrator gives and takes back.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from dossiers.models import Dossier
from onestop.accounts.models import AccessEvent, Role
from onestop.errors import DomainError
from reports import wall
from reports.models import WallBoard
from tests.clock import Clock
from tests.reports.conftest import NOW, Worked, finish
from tests.world import make_case, make_officer, receive, vn

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    cache.clear()


def codes(page: Any) -> list[str]:
    return re.findall(r"<li>\s*([^<]+?)\s*</li>", page.content.decode())


def test_a_board_from_its_making_to_its_end(
    worked: Worked, now: Clock, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    place, dossiers = worked
    office = place.first
    admin = make_officer("Mai Quản Trị", office.agency, (Role.ADMINISTRATOR, None))
    client.force_login(admin)
    given = {"agency": office.agency.pk, "name": "Phòng chờ tầng 1"}
    page = client.post("/quan-tri/man-hinh/", given, follow=True)
    board = WallBoard.objects.get()
    address = wall.address(board)
    assert address in page.content.decode()
    assert (
        client.post("/quan-tri/man-hinh/", given | {"agency": place.second.agency.pk}).status_code
        == 422
    )

    stranger = Client()
    page = stranger.get(address)
    ready = [dossiers["late_end"].code, dossiers["finished"].code]
    assert codes(page) == ready
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Cache-Control"] == "private, no-store"
    assert not page.cookies
    text = page.content.decode()
    assert "Nguyễn Văn Ân" not in text
    assert dossiers["finished"].version.name not in text
    # What another agency's counter or a leader still has lies not here.
    for lies in (place.second.counter, office.leadership):
        Dossier.objects.filter(pk=dossiers["finished"].pk).update(holder_department=lies)
        cache.clear()
        assert codes(stranger.get(address)) == ready[:1]
    Dossier.objects.filter(pk=dossiers["finished"].pk).update(holder_department=office.counter)
    # What goes by post, or is on its way back to the counter, is not fetched there now.
    Dossier.objects.filter(pk=dossiers["finished"].pk).update(return_by_post=True)
    Dossier.objects.filter(pk=dossiers["late_end"].pk).update(pending_department=office.room)
    cache.clear()
    page = stranger.get(address)
    assert codes(page) == []
    assert "Chưa có kết quả nào chờ nhận" in page.content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(f"/quan-tri/man-hinh/{board.pk}/ngung/", follow=True)
    assert "trong nửa phút" in page.content.decode()
    wall.end(board, by=office.desk(admin), at=vn(NOW))
    assert stranger.get(address).status_code == 404
    said = AccessEvent.objects.filter(object_kind=wall.KIND, kind="catalogue_changed")
    assert [row.detail for row in said.order_by("pk")] == [
        "lập màn hình: Phòng chờ tầng 1",
        "ngừng màn hình: Phòng chờ tầng 1",
    ]
    with pytest.raises(DomainError, match="wall_not_yours"):
        wall.make(office.agency, "Khác", by=office.desk(office.leader), at=vn(NOW))


def board_of(worked: Worked) -> WallBoard:
    office = worked[0].first
    return WallBoard.objects.create(
        agency=office.agency, name="Phòng chờ", made_by=office.leader, made_at=vn(NOW)
    )


def test_a_wrong_address_asks_nothing(
    worked: Worked, now: Clock, django_assert_num_queries: Any
) -> None:
    board = board_of(worked)
    with django_assert_num_queries(0):
        assert Client().get(f"/man-hinh/{board.pk}/khong-phai/").status_code == 404
        other = wall.address(board).replace(f"/{board.pk}/", f"/{board.pk + 1}/")
        assert Client().get(other).status_code == 404


def test_another_process_remembers_no_longer_than_it_says(
    worked: Worked, now: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a board that was ended: half a minute. Where each process keeps its own, none hears of it."""
    kept: list[int] = []
    monkeypatch.setattr(cache, "set", lambda key, value, seconds: kept.append(seconds))
    assert wall.shown(*address_of(board_of(worked)), vn(NOW)) is not None
    assert len(kept) == 2
    assert max(kept) < 30


def address_of(board: WallBoard) -> tuple[int, str]:
    return board.pk, wall.address(board).strip("/").rsplit("/", 1)[-1]


def test_a_screen_that_asks_each_half_minute_costs_one_query(
    worked: Worked, now: Clock, django_assert_num_queries: Any
) -> None:
    """And all screens of a counter share it; with one code or many."""
    board, office = board_of(worked), worked[0].first
    address = wall.address(board)
    with django_assert_num_queries(2):
        Client().get(address)
    with django_assert_num_queries(0):
        Client().get(address)
    case = make_case("7 ngày làm việc")
    for _ in range(3):
        finish(office, receive(office, case, at=vn("27/11/2026 08:50")), vn("27/11/2026 08:55"))
    cache.delete(wall._codes_key(office.agency.pk))
    with django_assert_num_queries(1):
        page = Client().get(address)
    assert len(codes(page)) == 5


def test_without_a_script_pages_turn_by_themselves(
    worked: Worked, now: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.views.wall.A_PAGE", 1)
    address = wall.address(board_of(worked))
    client = Client()
    whole = client.get(address)
    assert f"{address}?trang=1" in whole.content.decode()
    first, second = (client.get(f"{address}?trang={n}") for n in (1, 2))
    assert codes(first) + codes(second) == codes(whole)
    assert f"{address}?trang=2" in first.content.decode()
    assert f"{address}?trang=1" in second.content.decode()
    assert "Trang 2/2" in second.content.decode()
    assert codes(client.get(f"{address}?trang=99")) == codes(second)
