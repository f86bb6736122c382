"""On a day that is no day of reception, and outside the sessions, the counter's pages say so and what
it does to promises; receiving stays possible.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from dossiers.models import Dossier
from onestop.accounts.domain import calendar
from onestop.accounts.models import CalendarDay, DayKind, WorkingWeek
from tests.dossiers.intake.pages import address, typed
from tests.dossiers.intake.test_immediate import PAGE, copies
from tests.world import MONDAY, Office, make_case, receive, vn

if TYPE_CHECKING:
    from django.test import Client

    from tests.clock import Clock

pytestmark = pytest.mark.django_db
SATURDAY = vn("28/11/2026 10:00")
SAID = "Hôm nay (thứ Bảy 28/11/2026) không phải ngày tiếp nhận."


def words(page: Any) -> str:
    return " ".join(page.content.decode().split())


@pytest.fixture
def at(office: Office, clock: Clock, signed_in: Callable[[Any], Client]) -> Callable[..., Client]:
    """The clerk, signed in at that moment."""

    def arrive(moment: datetime) -> Client:
        clock.now = moment
        return signed_in(office.clerk)

    return arrive


@pytest.fixture
def pages(office: Office) -> list[str]:
    """Home, a form, the short path."""
    copies()
    return ["/tiep-nhan/", address(make_case()), PAGE]


def test_a_saturday_says_so_on_every_page_of_the_counter(
    at: Callable[..., Client], pages: list[str]
) -> None:
    clerk = at(SATURDAY)
    for one in pages:
        text = words(clerk.get(one))
        assert SAID in text, one
        assert "hồ sơ nhận hôm nay tính hạn:" in text
        assert "như nhận trong giờ thứ Sáu 27/11, hẹn 17:00 thứ Hai 30/11" in text
        assert "như nhận lúc 07:00 thứ Hai 30/11" in text
        # Read at once on the first page, folded where a form follows.
        assert ('<details class="why" open>' in text) == (one == "/tiep-nhan/"), one


def test_receiving_stays_possible_and_gets_what_was_said(at: Callable[..., Client]) -> None:
    """R-21: the day of receipt is not counted, whatever day it is."""
    clerk = at(SATURDAY)
    case = make_case("1 ngày làm việc")
    answer = clerk.post(address(case), typed(case))
    assert answer.status_code == 302
    dossier = Dossier.objects.get()
    assert dossier.due_at == vn("30/11/2026 17:00")
    done = words(clerk.get(answer.headers["Location"]))
    assert "<dt>Chuyển hồ sơ</dt> <dd> đầu giờ thứ Hai 30/11 </dd>" in done
    assert "Chuyển trước" not in done


def test_within_the_sessions_nothing_is_said(at: Callable[..., Client], pages: list[str]) -> None:
    clerk = at(MONDAY)
    for one in pages:
        assert "outside" not in words(clerk.get(one))


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        ("23/11/2026 17:20", "Đã hết giờ tiếp nhận hôm nay (thứ Hai 23/11/2026, đến 17:00)."),
        ("23/11/2026 12:00", "hồ sơ nhận bây giờ tính hạn như nhận lúc 13:30 hôm nay."),
        ("23/11/2026 06:30", "hồ sơ nhận bây giờ tính hạn như nhận lúc 07:00 hôm nay."),
        ("24/11/2026 09:00", "không phải ngày tiếp nhận: Ngày Văn hóa Việt Nam."),
    ],
)
def test_outside_the_sessions_likewise(
    at: Callable[..., Client], pages: list[str], moment: str, says: str
) -> None:
    clerk = at(vn(moment))
    for one in pages:
        assert says in words(clerk.get(one)), one


def test_a_saturday_that_only_receives_is_another_thing(
    at: Callable[..., Client], office: Office, pages: list[str]
) -> None:
    day = "07:00-11:30,13:30-17:00"
    WorkingWeek.objects.create(
        agency=office.agency,
        effective_from=date(2026, 1, 1),
        sessions=[day] * 5 + ["07:30-11:30", ""],
        reception_only=[5],
    )
    clerk = at(SATURDAY)
    for one in pages:
        text = words(clerk.get(one))
        assert "chỉ tiếp nhận, không tính vào thời hạn giải quyết." in text, one
        assert "không phải ngày tiếp nhận" not in text


def test_a_closing_of_the_own_office_counts_and_of_another_does_not(
    at: Callable[..., Client], office: Office, pages: list[str]
) -> None:
    day = CalendarDay(
        agency=office.agency,
        date=date(2026, 11, 25),
        kind=DayKind.CLOSING,
        name="Mất điện",
        source="TB 5",
    )
    calendar.add_day(day=day, by=office.controller, at=MONDAY)
    clerk = at(vn("25/11/2026 09:00"))
    assert "không phải ngày tiếp nhận: Mất điện." in words(clerk.get(pages[0]))
    clerk = at(vn("26/11/2026 09:00"))
    assert "không phải ngày tiếp nhận" not in words(clerk.get(pages[0]))


def test_the_list_of_giving_never_says_the_opening_minute(
    at: Callable[..., Client], office: Office
) -> None:
    """R-39"""
    clerk = at(SATURDAY)
    dossier = receive(office, make_case(), at=SATURDAY)
    assert dossier.forward_by == vn("30/11/2026 07:00")
    for one in ("/ban-giao/", dossier.get_absolute_url()):
        text = words(clerk.get(one))
        assert "đầu giờ thứ Hai 30/11" in text, one
        assert "07:00 30/11" not in text
        assert "30/11/2026 07:00" not in text
    today = receive(office, make_case(), at=MONDAY)
    clerk = at(MONDAY)
    assert "trước 17:00 hôm nay" in words(clerk.get("/ban-giao/"))
    assert "chuyển trước 17:00 hôm nay" in words(clerk.get(today.get_absolute_url()))
