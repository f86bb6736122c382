"""A changed calendar moves no printed date by itself; moving is a recorded act with old and new
promise (R-41).
"""

from datetime import date

import pytest
from django.test import Client

from dossiers.acts import calendar_moves
from dossiers.models import ClockChange, Dossier, Event
from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import Agency, CalendarDay, CalendarYear, DayKind, Role
from tests.world import make_case, make_office, make_officer, receive, vn

pytestmark = pytest.mark.django_db


def close_on(day: date, agency: Agency) -> None:
    CalendarDay.objects.create(
        agency=agency, date=day, kind=DayKind.CLOSING, name="Mất điện", source="TB 12/TB-UBND"
    )


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
    assert (
        client.post(
            "/quan-tri/doi-hen/", {"dossier": dossier.pk, "basis": "TB 12/TB-UBND"}
        ).status_code
        == 302
    )
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
