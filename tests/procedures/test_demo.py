"""The demo's catalogue: everything imported, the journeys' terms confirmed the way a controller
would.
"""

import pytest

from onestop.accounts.calendars import calendar_of, load_national_calendar
from onestop.accounts.models import Agency, AgencyKind, Level, Officer, Role
from procedures.demo import READINGS, load_demo_catalogue, publish_demo_lists
from procedures.demo_received import TEXTS, name_focal_points, receive_before_publication
from procedures.domain.focal_points import changes
from procedures.domain.list_deadlines import late_of
from procedures.domain.unpublished import text_of
from procedures.models import CatalogueAct, CounterKind, Field, Method, ProcedureVersion, Status
from procedures.rules import receivable
from tests.clock import vn
from tests.procedures.conftest import version_of
from tests.world import MONDAY, make_agency, make_officer


def test_the_journeys_procedures_can_receive(controller) -> None:
    load_demo_catalogue(at=MONDAY, by=controller)
    for code, reading in READINGS.items():
        version = version_of(code)
        assert receivable(version, MONDAY.date()), code
        terms = set(Method.objects.filter(case__version=version).values_list("term", flat=True))
        assert terms == {reading.term}
    assert CatalogueAct.objects.filter(by=controller).count() == len(READINGS)
    copies = version_of("2.000815")
    assert [
        (m.channel, m.term, m.fee_amount, m.fee_per)
        for m in Method.objects.filter(case__version=copies)
    ] == [(1, "trả ngay", 2000, "trang")]


def test_a_second_run_keeps_everything(controller) -> None:
    load_demo_catalogue(at=MONDAY, by=controller)
    report = load_demo_catalogue(at=MONDAY, by=controller)
    assert report.unchanged == 330
    assert CatalogueAct.objects.count() == len(READINGS)
    assert version_of("1.001193").status == Status.READY


@pytest.mark.pdf
def test_the_demo_receives_two_under_a_text_and_names_focal_points(controller: Officer) -> None:
    """So that the pages of both show what they are for."""
    for text in TEXTS:
        Field.objects.create(name=text.field)
    province = Agency.objects.create(
        code="H38", name="Tỉnh", level=Level.PROVINCE, kind=AgencyKind.PEOPLES_COMMITTEE
    )
    made = receive_before_publication(agency=province, by=controller, now=MONDAY)
    assert [one.days_waiting(MONDAY.date()) for one in made] == [41, 9]
    assert all(text_of(one) for one in made)
    later = receive_before_publication(agency=province, by=controller, now=vn("20/04/2027 09:00"))
    assert [(one.basis, one.issued_on.year) for one in (made[0], later[0])] == [
        ("21/2026/NQ-HĐND", 2026),
        ("21/2027/NQ-HĐND", 2027),
    ]
    communes = [make_agency(f"Xã {n}") for n in range(3)]
    points = name_focal_points(
        province=province,
        communes=communes,
        officers={"tinh.kiemsoat": controller, "kiemsoat": controller},
        now=MONDAY,
    )
    assert changes(points, MONDAY.year) == 3


def test_the_demo_publishes_what_each_kind_of_counter_receives(controller: Officer) -> None:
    """No commune takes customs, tax and treasury procedures; of residence and land it takes those
    that communes receive (R-133).
    """
    load_demo_catalogue(at=MONDAY, by=controller)
    province = Agency.objects.create(
        code="H38", name="Tỉnh", level=Level.PROVINCE, kind=AgencyKind.PEOPLES_COMMITTEE
    )
    checker = make_officer("Lãnh đạo", province, (Role.LEADER, None))
    made = publish_demo_lists(agency=province, drafter=controller, checker=checker, at=MONDAY)
    fields = ProcedureVersion.objects.filter(procedure__list_lines__counter=CounterKind.COMMUNE)
    named = set(fields.values_list("field__name", flat=True))
    assert not named & {"Hải quan", "Thuế", "Kho bạc Nhà nước", "Cấp, quản lý căn cước"}
    communes = made.lines.filter(counter=CounterKind.COMMUNE)
    codes = set(communes.values_list("procedure__code", flat=True))
    assert {"1.013314", "1.013949", *READINGS} <= codes
    assert set(made.lines.values_list("counter", flat=True)) == set(CounterKind.values)
    # In time, as an office would have it that is shown around.
    load_national_calendar()
    assert late_of(made, calendar_of(province.pk), MONDAY.date()) == []
