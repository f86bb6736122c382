"""Where dossiers are handed in: address, telephone and hours of every counter, for everybody."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from onestop.accounts.calendars import load_national_calendar
from onestop.accounts.models import CalendarDay, DayKind
from tests.clock import Clock
from tests.world import make_agency, vn

pytestmark = pytest.mark.django_db


def words(page: Any, status: int = 200) -> str:
    assert page.status_code == status
    return " ".join(page.content.decode().split())


@pytest.fixture(autouse=True)
def _calendar() -> None:
    load_national_calendar()


def test_counters_are_found_by_name_without_diacritics(client: Client) -> None:
    make_agency("Ủy ban nhân dân xã Bình Minh")
    make_agency("Ủy ban nhân dân xã Tân Lập")
    office = make_agency("Sở Nội vụ")
    office.is_one_stop = False
    office.save()
    text = words(client.get("/noi-tiep-nhan/"))
    assert "Bình Minh" in text
    assert "Tân Lập" in text
    assert "Sở Nội vụ" not in text
    found = words(client.get("/noi-tiep-nhan/", {"q": "tan lap"}))
    assert "Tân Lập" in found
    assert "Bình Minh" not in found
    assert "Không có Bộ phận Một cửa nào khớp" in words(client.get("/noi-tiep-nhan/?q=zzz"))
    assert not client.cookies


@pytest.mark.parametrize("typed", ["x" * 101, "<script>", "%", "\u200b"])
def test_odd_searches_are_answered(client: Client, typed: str) -> None:
    answer = client.get("/noi-tiep-nhan/", {"q": typed})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()


def test_one_counter_with_its_hours_from_its_own_calendar(client: Client, clock: Clock) -> None:
    agency = make_agency()
    agency.address, agency.phone = "Thôn 1, xã Bình Minh", "0243 000 000"
    agency.save()
    CalendarDay.objects.create(
        agency=agency, date=date(2026, 12, 1), kind=DayKind.CLOSING, name="Mất điện", source="TB"
    )
    clock.now = vn("28/11/2026 10:00")
    text = words(client.get(f"/noi-tiep-nhan/{agency.code}/"))
    for said in (
        "Hôm nay nghỉ, mở lại 07:00 thứ Hai 30/11",
        "thứ Hai đến thứ Sáu: 07:00–11:30, 13:30–17:00",
        "thứ Ba 01/12: nghỉ (Mất điện)",
        "Thôn 1, xã Bình Minh",
        'href="tel:0243000000"',
    ):
        assert said in text
    other = make_agency("Ủy ban nhân dân xã Tân Lập")
    assert "Mất điện" not in words(client.get(f"/noi-tiep-nhan/{other.code}/"))


def test_one_that_ended_leads_to_whoever_took_it_over(client: Client, clock: Clock) -> None:
    heir, gone = make_agency(), make_agency("Ủy ban nhân dân xã Tân Lập")
    gone.closed_on, gone.successor = date(2026, 10, 31), heir
    gone.save()
    clock.now = vn("25/11/2026 10:00")
    assert "Tân Lập" not in words(client.get("/noi-tiep-nhan/"))
    answer = client.get(f"/noi-tiep-nhan/{gone.code}/")
    assert answer.headers["Location"] == f"/noi-tiep-nhan/{heir.code}/"
    alone = make_agency("Ủy ban nhân dân xã Mường Lò")
    alone.closed_on = date(2026, 10, 31)
    alone.save()
    assert "đã thôi tiếp nhận" in words(client.get(f"/noi-tiep-nhan/{alone.code}/"), 404)


@pytest.mark.parametrize("code", ["khong-co", "H99.99999", "x" * 300])
def test_an_unknown_one_is_not_found(client: Client, code: str) -> None:
    assert client.get(f"/noi-tiep-nhan/{code}/").status_code == 404


def test_what_they_cost(client: Client, queries: Any) -> None:
    for number in range(3):
        agency = make_agency(f"Ủy ban nhân dân xã số {number}")
    client.get(f"/noi-tiep-nhan/{agency.code}/")
    with queries() as listed:
        client.get("/noi-tiep-nhan/")
    with queries() as one:
        client.get(f"/noi-tiep-nhan/{agency.code}/")
    assert (len(listed), len(one)) == (1, 2)
