"""A changed calendar moves no printed date by itself; moving is a recorded act with old and new
promise (R-41).
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from dossiers.acts import calendar_moves
from dossiers.models import ClockChange, ClockKind, Dossier, Event
from onestop.accounts.calendars import calendar_of
from onestop.accounts.domain import calendar
from onestop.accounts.models import (
    AccessEvent,
    AccessKind,
    Agency,
    CalendarDay,
    CalendarYear,
    DayKind,
    Role,
    WorkingWeek,
)
from onestop.outbox.models import Message
from tests.world import MONDAY, make_case, make_office, make_officer, receive, vn

pytestmark = pytest.mark.django_db


def close_on(day: date, agency: Agency) -> None:
    CalendarDay.objects.create(
        agency=agency, date=day, kind=DayKind.CLOSING, name="Mất điện", source="TB 12/TB-UBND"
    )


def chosen_on(page: Any) -> list[bool]:
    """Whether each dossier of the page is ticked."""
    return [chosen for _move, _may_open, chosen in page.context["moves"]]


def test_an_unplanned_closing_is_previewed_then_moved_and_remembered(client: Client) -> None:
    office, case = make_office(), make_case("3 ngày làm việc")
    dossier = receive(office, case)  # promised 27/11
    other = receive(office, make_case("1 ngày làm việc"))  # promised 25/11, before the closing
    administrator = make_officer("Vũ Thị Mai", office.agency, (Role.ADMINISTRATOR, None))
    close_on(date(2026, 11, 27), office.agency)
    assert Dossier.objects.get(pk=dossier.pk).due_at == vn("27/11/2026 17:00")

    (move,) = calendar_moves.moves([office.agency.pk])
    assert (move.dossier, move.before, move.after) == (
        dossier,
        vn("27/11/2026 17:00"),
        vn("30/11/2026 17:00"),
    )

    client.force_login(administrator)
    page = client.get("/quan-tri/doi-hen/").content.decode()
    assert f'value="{dossier.pk}"' in page
    assert f'value="{other.pk}"' not in page
    assert dossier.code not in page  # an administrator opens no dossier
    client.force_login(office.controller)
    assert dossier.code in client.get("/quan-tri/doi-hen/").content.decode()
    client.force_login(administrator)
    refused = client.post("/quan-tri/doi-hen/", {"dossier": dossier.pk, "basis": " "})
    assert refused.status_code == 422
    assert 'href="#basis"' in refused.content.decode()  # said on top, above any number of rows
    assert chosen_on(refused) == [True]
    assert chosen_on(client.post("/quan-tri/doi-hen/", {"basis": " "})) == [False]
    done = client.post("/quan-tri/doi-hen/", {"dossier": dossier.pk, "basis": "TB 12/TB-UBND"})
    assert done.status_code == 302
    dossier.refresh_from_db()
    assert (dossier.due_at, dossier.legal_due_at, dossier.first_due_at) == (
        vn("30/11/2026 17:00"), vn("30/11/2026 17:00"), vn("27/11/2026 17:00"),
    )  # fmt: skip
    row = ClockChange.objects.get(dossier=dossier)
    assert (row.due_before, row.due_after, row.basis) == (
        vn("27/11/2026 17:00"),
        vn("30/11/2026 17:00"),
        "TB 12/TB-UBND",
    )
    assert Event.objects.filter(dossier=dossier, kind="move_by_calendar").count() == 1
    assert not list(calendar_moves.moves([office.agency.pk]))


def test_whom_to_call_is_listed_told_and_found_again(client: Client) -> None:
    """Owner, telephone, both dates; the counter is told; the list stays."""
    office, case = make_office(), make_case("3 ngày làm việc")
    first, second = (receive(office, case, owner=name) for name in ("Nguyễn Văn Ân", "Bùi Thị Cúc"))
    receive(office, make_case("1 ngày làm việc"), owner="Trần Không Đổi")
    Dossier.objects.filter(pk=second.pk).update(phone="")
    administrator = make_officer("Vũ Thị Mai", office.agency, (Role.ADMINISTRATOR, None))
    close_on(date(2026, 11, 27), office.agency)
    client.force_login(administrator)
    address = "/quan-tri/doi-hen/"
    done = client.post(address, {"dossier": [first.pk, second.pk], "basis": "TB 12/TB-UBND"})
    # An administrator opens no dossier: the list says whose it is to call.
    told = client.get(done["Location"]).content.decode()
    assert "2 hồ sơ bạn không có quyền mở" in told
    assert "Nguyễn Văn Ân" not in told
    assert done["Location"] in client.get(address).content.decode()
    notice = Message.objects.get(to_officer=office.clerk, kind="calendar_moved")
    assert notice.subject.startswith("Ngày hẹn trả của 2 hồ sơ đã đổi")
    assert notice.link == done["Location"]
    for caller in (office.clerk, office.controller):
        client.force_login(caller)
        page = client.get(done["Location"]).content.decode()
        assert page.index("Bùi Thị Cúc") < page.index("Nguyễn Văn Ân")
        assert "Trần Không Đổi" not in page
        assert f'href="tel:{first.phone}"' in page
        assert "không có số" in page
        assert "27/11/2026" in page
        assert "30/11/2026" in page
        assert "In danh sách" in page
    seen = AccessEvent.objects.filter(officer=office.clerk, kind=AccessKind.VIEWED)
    assert {event.object_id for event in seen} == {first.pk, second.pk}
    elsewhere = make_office("Ủy ban nhân dân xã Tân Lập")
    for stranger in (elsewhere.clerk, elsewhere.controller):
        client.force_login(stranger)
        assert client.get(done["Location"]).status_code == 404
    client.force_login(office.clerk)
    assert client.get("/quan-tri/doi-hen/999999/").status_code == 404


def test_a_list_of_many_asks_no_more_than_a_list_of_one(
    client: Client, queries: Callable[[], Any]
) -> None:
    office, case = make_office(), make_case("3 ngày làm việc")
    client.force_login(office.controller)
    counts = []
    for day, many in ((24, 1), (25, 12)):
        rows = [
            ClockChange.objects.create(
                dossier=receive(office, case),
                kind=ClockKind.CALENDAR,
                start=vn(f"{day}/11/2026 09:00"),
                basis="TB 12/TB-UBND",
            )
            for _ in range(many)
        ]
        address = f"/quan-tri/doi-hen/{rows[-1].pk}/"
        client.get(address)
        with queries() as seen:
            page = client.get(address)
        assert page.content.decode().count("tel:") == many
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_another_agency_is_not_touched_and_not_shown(client: Client) -> None:
    office, other = make_office(), make_office("Ủy ban nhân dân xã Tân Lập")
    dossier = receive(office, make_case("3 ngày làm việc"))
    close_on(date(2026, 11, 27), office.agency)
    client.force_login(make_officer("Vũ Thị Mai", other.agency, (Role.ADMINISTRATOR, None)))
    assert dossier.code not in client.get("/quan-tri/doi-hen/").content.decode()
    client.post("/quan-tri/doi-hen/", {"dossier": dossier.pk, "basis": "Không phải việc của tôi"})
    assert Dossier.objects.get(pk=dossier.pk).due_at == vn("27/11/2026 17:00")


def test_a_year_decided_later_gives_the_promise_that_could_not_be_given() -> None:
    office = make_office()
    dossier = receive(office, make_case("5 ngày làm việc"), at=vn("30/12/2027 09:00"))
    assert dossier.undetermined
    CalendarYear.objects.create(year=2028, provisional=False, source="QĐ")
    assert calendar_of(office.agency.pk).is_working_day(date(2028, 1, 3))
    (move,) = calendar_moves.moves([office.agency.pk])
    assert move.after == vn("06/01/2028 17:00")


@pytest.mark.parametrize("agencies_own", [True, False])
def test_a_day_added_by_the_machine_moves_nothing_and_points_nobody(agencies_own: bool) -> None:
    """R-41: with promises that it touches; the page of moves lists them."""
    office = make_office()
    receive(office, make_case("3 ngày làm việc"))  # promised 27/11
    day = CalendarDay(
        agency=office.agency if agencies_own else None,
        date=date(2026, 11, 27),
        kind=DayKind.CLOSING,
        name="Mất điện",
        source="TB 12/TB-UBND",
    )
    calendar.add_day(day=day, by=None, at=MONDAY)
    week = WorkingWeek(
        agency=day.agency,
        effective_from=date(2026, 11, 24),
        sessions=["07:30-11:30,13:00-17:00"] * 4 + ["", "", ""],
    )
    calendar.add_week(week=week, by=None, at=MONDAY)
    assert len(list(calendar_moves.moves([office.agency.pk]))) == 1
    assert not Message.objects.filter(kind="calendar_changed").exists()
