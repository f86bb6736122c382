"""One click on from `/dieu-hanh/`: by field, procedure, step and officer, ages, course, channels."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from dossiers.models import Dossier
from procedures.channels import Channel
from reports.board import course
from reports.board.moment import Moment, read
from reports.shares import share
from tests.clock import Clock
from tests.reports.conftest import NOW, Worked, ask_papers, finish, in_room
from tests.reports.walking import a_part, figures, listed, walk
from tests.samples import PDF
from tests.stored import store
from tests.world import make_case, receive, vn

PAGES = (
    "/dieu-hanh/theo/linh-vuc/",
    "/dieu-hanh/theo/thu-tuc/",
    "/dieu-hanh/theo/buoc/",
    "/dieu-hanh/theo/can-bo/",
    "/dieu-hanh/tuoi/",
    "/dieu-hanh/dien-bien/",
    "/dieu-hanh/dien-bien/?ky=tuan",
    "/dieu-hanh/dien-bien/?ky=thang",
    "/dieu-hanh/kenh/",
)


@pytest.fixture
def worked(standing_worked: Worked) -> Worked:
    """Every test here that asks the database looks at it."""
    return standing_worked


@pytest.mark.slow
def test_every_figure_opens_exactly_its_dossiers(
    worked: Worked, now: Clock, signed_in: Callable[..., Any]
) -> None:
    """In `make test` each engine opens every page for one reader at least, and half of them for each;
    `make test-long` all for all.
    """
    place, _ = worked
    for number, officer in enumerate((place.controller, place.first.leader, place.first.head)):
        client = signed_in(officer)
        for url in a_part(PAGES, number):
            assert walk(client, url) > 0, (officer.full_name, url)
    client, room = signed_in(place.first.leader), f"phong={place.first.room.pk}"
    for url in a_part(PAGES, 1):
        walk(client, f"{url}{'&' if '?' in url else '?'}{room}")


def test_an_empty_office_has_nothing_to_open_and_no_share(
    worked: Worked, now: Clock, signed_in: Callable[..., Any]
) -> None:
    place, _ = worked
    for officer in (place.empty.leader, place.empty.head):
        client = signed_in(officer)
        for url in PAGES:
            page = client.get(url)
            assert page.status_code == 200
            assert figures(page) == []
            assert "0,00%" not in page.content.decode(), url


def test_a_page_costs_the_same_with_more_dossiers(
    worked: Worked, now: Clock, signed_in: Callable[..., Any], queries: Callable[..., Any]
) -> None:
    place, _ = worked
    client = signed_in(place.leader)

    def costs() -> dict[str, int]:
        found = {}
        for url in PAGES:
            with queries() as seen:
                client.get(url)
            found[url] = len(seen)
        return found

    costs()
    few = costs()
    for number in range(3):
        case = make_case(f"{number + 2} ngày làm việc", field=f"Lĩnh vực {number}")
        in_room(place.second, case, at=vn("26/11/2026 08:00"))
    assert costs() == few
    assert max(few.values()) <= 10, few


def test_ages_say_what_is_open_and_how_long_the_rest_took(
    worked: Worked, now: Clock, signed_in: Callable[..., Any]
) -> None:
    """Days of the calendar; the average of what is done is of what is done, not of what is open."""
    place, _ = worked
    found = signed_in(place.first.leader).get("/dieu-hanh/theo/linh-vuc/").context["found"]
    lines = {line.name: line for line in found.lines}
    assert lines["Đất đai"].age == timedelta(days=4)
    assert lines["Đất đai"].took is None
    assert lines["Đất đai"].done.number == 0
    took = [timedelta(days=3, hours=6), timedelta(days=3, hours=23, minutes=30)]
    assert lines["Hộ tịch"].took == found.took == sum(took, timedelta()) / 2
    assert found.done.number == 2


def test_persons_stand_by_name_and_cannot_be_ranked(
    worked: Worked, now: Clock, signed_in: Callable[..., Any]
) -> None:
    place, _ = worked
    page = signed_in(place.controller).get("/dieu-hanh/theo/can-bo/")
    names = [line.name for line in page.context["found"].lines]
    assert names == sorted(names, key=lambda name: name.split()[-1])
    assert page.context["orders"] == []
    assert "Tỷ lệ" not in page.content.decode()
    # Unlike the head's overview (dossiers/desk/overview.py), which leaves it out.
    assert "Hồ sơ đã giao mà bên kia chưa nhận tính cho người giao" in page.content.decode()


def test_the_course_of_a_month(worked: Worked, now: Clock, signed_in: Callable[..., Any]) -> None:
    place, _ = worked
    client = signed_in(place.first.leader)
    found = client.get("/dieu-hanh/dien-bien/").context["found"]
    steps = {step.words: [cell.number for cell in step.cells] for step in found.steps}
    assert len(steps) == 30
    assert steps["23/11/2026"] == [12, 0, 0]
    assert steps["26/11/2026"] == [0, 1, 0]
    assert steps["27/11/2026"] == [1, 1, 1]
    assert [cell.number for cell in found.total] == [13, 2, 1]
    assert found.on_time == Decimal(50)
    handed = signed_in(place.first.head).get("/dieu-hanh/dien-bien/").context["found"]
    steps = {step.words: [cell.number for cell in step.cells] for step in handed.steps}
    assert steps["23/11/2026"] == [8, 0]
    assert steps["27/11/2026"] == [1, 0]


def test_what_came_in_at_half_past_midnight_belongs_to_that_day(
    worked: Worked, now: Clock, signed_in: Callable[..., Any]
) -> None:
    """Known fault of such systems: the month in the wrong zone (1 May 00:30 here is 30 April in
    UTC).
    """
    place, made = worked
    Dossier.objects.filter(pk=made["new"].pk).update(received_at=vn("01/11/2026 00:30"))
    client = signed_in(place.first.leader)
    page = client.get("/dieu-hanh/dien-bien/?ky=thang")
    steps = {step.words: step.cells[0].number for step in page.context["found"].steps}
    assert (steps["Tháng 10/2026"], steps["Tháng 11/2026"]) == (0, 13)
    walk(client, "/dieu-hanh/dien-bien/?ky=thang")


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    spans = list(course._spans(course.KINDS["tuan"], date(2026, 11, 27)))
    assert spans[-1] == (date(2026, 11, 23), date(2026, 11, 27))
    assert spans[-2] == (date(2026, 11, 16), date(2026, 11, 22))
    months = list(course._spans(course.KINDS["thang"], date(2026, 3, 31)))
    assert months[-2] == (date(2026, 2, 1), date(2026, 2, 28))
    assert months[0][0] == date(2025, 4, 1)


def test_channels_and_files(worked: Worked, now: Clock, signed_in: Callable[..., Any]) -> None:
    """Known fault of such systems: digitised because a row of a paper is there, without a file."""
    place, made = worked
    office = place.first
    for channel in (Channel.ONLINE_FULL, Channel.POST):
        receive(office, make_case(), at=vn("27/11/2026 08:50"), channel=channel)
    store(PDF, name="a.pdf", kind="dossier", object_id=made["new"].pk, by=None)
    client = signed_in(office.leader)
    found = client.get("/dieu-hanh/kenh/").context["found"]
    ways = {way.label: (way.cell.number, way.files.number) for way in found.ways}
    assert ways["Trực tiếp"] == (13, 1)
    assert ways["Bưu chính công ích"] == (1, 0)
    assert found.all.cell.number == 15
    assert (found.online, found.online_share) == (1, Decimal("6.67"))
    assert found.all.files_share == Decimal("6.67")
    assert next(way for way in found.ways if way.label == "Trực tuyến một phần").share == Decimal(0)
    assert found.result_share == Decimal(0)
    walk(client, "/dieu-hanh/kenh/")


def test_each_unit_says_how_much_of_it_is_digitised(
    worked: Worked, now: Clock, signed_in: Callable[..., Any]
) -> None:
    """Agency by agency, adding up to what the channels say; each figure opens its list."""
    place, made = worked
    receive(place.second, make_case(), at=vn("27/11/2026 08:50"))
    store(PDF, name="a.pdf", kind="dossier", object_id=made["new"].pk, by=None)
    client = signed_in(place.leader)
    found = client.get("/dieu-hanh/kenh/").context["found"]
    units = {unit.label: (unit.cell.number, unit.files.number) for unit in found.units}
    assert units[place.first.agency.name][1] == 1
    assert units[place.second.agency.name][1] == 0
    assert place.empty.agency.name not in units
    assert sum(number for number, _ in units.values()) == found.all.cell.number
    assert sum(files for _, files in units.values()) == found.all.files.number
    walk(client, "/dieu-hanh/kenh/")
    assert signed_in(place.first.leader).get("/dieu-hanh/kenh/").context["found"].units == []


@pytest.mark.slow
def test_figures_about_days_stand_as_of_their_moment(
    worked: Worked, now: Clock, signed_in: Callable[..., Any]
) -> None:
    """In `make test` each engine asks every other page; `make test-long` all."""
    place, made = worked
    office = place.first
    client = signed_in(office.leader)
    before = {}
    for url in a_part(PAGES):
        for address, _ in figures(client.get(url)):
            before[address] = sorted(listed(client, address))
    later = vn("27/11/2026 09:10")
    now.now = later
    finish(office, made["counter"], later)
    ask_papers(office, made["new"], later)
    receive(office, made["late"].case, at=later)
    for address, codes in before.items():
        assert sorted(listed(client, address)) == codes, address


def test_strangers_and_odd_addresses(
    worked: Worked, now: Clock, signed_in: Callable[..., Any]
) -> None:
    place, _ = worked
    client = signed_in(place.leader)
    assert client.get("/dieu-hanh/theo/khong-co/").status_code == 404
    assert client.get("/dieu-hanh/dien-bien/?ky=x").status_code == 200
    odd = "/dieu-hanh/ho-so/?muc=tiep-nhan-ky&tu=2026-13-01&den=x&luc=29990101T000000000000"
    assert client.get(odd).context["at"].at == vn(NOW)
    assert client.get("/dieu-hanh/ho-so/?muc=giao-di").status_code == 404


def test_a_moment_is_read_to_the_microsecond() -> None:
    at = vn(NOW) + timedelta(microseconds=123456)
    assert read(Moment(at).text, at + timedelta(days=1)).at == at
    assert read("rubbish", at).at == at
    assert Moment(vn("27/11/2026 00:00")).begin == vn("27/11/2026 00:00")
    assert Moment(vn("26/11/2026 23:59")).tomorrow == vn("27/11/2026 00:00")


@pytest.mark.parametrize(
    ("part", "all_of_it", "found"),
    [
        (0, 0, None),
        (0, 3, "0"),
        (1, 3, "33.33"),
        (2, 3, "66.67"),
        (3, 3, "100"),
        (19999, 20000, "99.99"),
        (1, 1_000_000, "0.01"),
        (1, 8, "12.5"),
    ],
)
def test_a_share_is_never_whole_while_one_is_missing(
    part: int, all_of_it: int, found: str | None
) -> None:
    """B.29: two decimals, half up, and the same wherever it stands."""
    assert share(part, all_of_it) == (None if found is None else Decimal(found))
