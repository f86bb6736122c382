"""A year or half for which a unit brought no file is added up from the files of its quarters: marked,
told with every file, frozen with the signature, and left out where a quarter is missing.
"""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from reports import frozen, rendering
from reports.bringing import files
from reports.figures import Table
from reports.form_data import form_on
from reports.models import BroughtFile
from reports.periods import Period, parse
from tests.clock import Clock
from tests.reports import brought
from tests.reports.brought import AT, SECOND, Units, line, sheet
from tests.reports.conftest import Enter, province
from tests.world import vn

pytestmark = pytest.mark.django_db
LATER = vn("16/12/2026 08:00")


@pytest.fixture
def place(clock: Clock) -> Units:
    found = brought.units(province())
    clock.now = AT
    return found


def drafted(place: Units, code: str, cut: datetime = AT, *, period: Period) -> Table:
    return frozen.drafted(form_on(code, period.last), place.province.agency, period, cut)


# Each begins with what the one before left open.
QUARTERS = (
    (1000, 4, 200, 10, 20, 1100, 100, 3, 30, 1),
    (10, 0, 5, 0, 31, 40, 2, 1, 3, 0),
    (20, 0, 0, 0, 3, 20, 1, 0, 1, 1),
    (7, 1, 2, 1, 2, 6, 4, 0, 2, 1),
)


def in_quarters(place: Units, *numbers: int, name: str = "xã Hòa Đồng") -> list[BroughtFile]:
    return [
        brought.recorded(
            place,
            sheet(line(1, name, QUARTERS[n - 1])),
            period=parse(f"2026Q{n}"),
            name=f"quy-{n}-{name.rpartition(' ')[2]}.xlsx",
        )
        for n in numbers
    ]


def test_a_year_without_a_file_of_its_own_adds_its_quarters_up(place: Units) -> None:
    """What came in and what ended; (6) is the first one's, what is open the last one's (R-107)."""
    year = parse("2026Y")
    made = in_quarters(place, 1, 2, 3, 4)
    in_quarters(place, 4, name="phường Tam Thanh")
    found = drafted(place, "II.06c", period=year)
    [row] = found.brought
    assert row.called == f"{place.first.name} (cộng các quý từ tệp)"
    assert list(row.values.values()) == [1280, 1042, 218, 20, 1277, 1166, 107, 4, 3, 2, 1]
    assert found.problems == ()
    # Of the other one three quarters are not known: it is not added, and the table tells it.
    told = [one["row"] for one in found.quarters["from_files"]]
    assert told == [f"{place.second.name} ({place.second.code})"]
    [note] = [one for one in found.notes if "cộng các quý" in one]
    assert note.startswith(
        "1 dòng ghi “(cộng các quý từ tệp)”: số liệu mang từ tệp “quy-1-Đồng.xlsx”"
    )
    assert all(f"(Quý {n} năm 2026, ghi" in note for n in ("I", "II", "III", "IV"))
    # A half is of two quarters.
    [half] = drafted(place, "II.06c", period=parse("2026H1")).brought
    assert list(half.values.values())[:3] == [1249, 1014, 215]

    brought.recorded(place, sheet(line(1, "xã Hòa Đồng", SECOND)), period=year, name="nam.xlsx")
    [row] = drafted(place, "II.06c", period=year).brought
    assert (row.called, row.values["3"]) == (f"{place.first.name} (từ tệp)", 13)
    files.undo(BroughtFile.objects.get(file_name="nam.xlsx"), by=made[0].by, at=LATER)
    files.undo(made[1], by=made[1].by, at=LATER)
    assert not drafted(place, "II.06c", LATER, period=year).brought


def test_a_year_that_runs_adds_the_quarters_that_are_over(place: Units) -> None:
    in_quarters(place, 1, 2)
    year, cut = parse("2026Y"), vn("16/12/2026 08:00")
    assert not drafted(place, "II.06c", cut, period=year).brought
    BroughtFile.objects.update(recorded_at=vn("16/6/2026 08:00"))
    [row] = drafted(place, "II.06c", vn("13/9/2026 08:00"), period=year).brought
    assert row.values["3"] == 1249
    assert not drafted(place, "II.06c", vn("15/9/2026 08:00"), period=year).brought


def test_quarters_before_a_unit_was_opened_are_not_missed(place: Units) -> None:
    in_quarters(place, 3, 4)
    assert not drafted(place, "II.06c", period=parse("2026Y")).brought
    type(place.first).objects.filter(pk=place.first.pk).update(
        opened_on=vn("01/7/2026 08:00").date()
    )
    [row] = drafted(place, "II.06c", period=parse("2026Y")).brought
    assert row.values["3"] == 20 + 3 + 11


def test_quarters_that_do_not_follow_one_another_are_a_problem(place: Units) -> None:
    """The second begins with 5 where the first left 31 open: nobody signs that unseen (R-106)."""
    first, second = QUARTERS[0], (10, 0, 5, 0, 5, 14, 2, 1, 3, 0)
    for number, parts in ((1, first), (2, second)):
        content = sheet(line(1, "xã Hòa Đồng", parts))
        brought.recorded(place, content, period=parse(f"2026Q{number}"), name=f"{number}.xlsx")
    found = drafted(place, "II.06c", period=parse("2026H1"))
    assert [one for one in found.problems if place.first.name in one]


def test_a_signed_year_keeps_the_files_of_its_quarters(place: Units, signed_in: Enter) -> None:
    made = in_quarters(place, 1, 2, 3, 4)
    year = parse("2026Y")
    before = drafted(place, "II.06c", period=year)
    office, form = place.province, form_on("II.06c", year.last)
    report = frozen.prepare(form, office.agency, year, AT, by=office.controller, at=AT)
    report = frozen.sign(report.pk, by=office.leader, at=AT)
    files.undo(made[2], by=place.province.controller, at=LATER)
    report.refresh_from_db()
    kept = frozen.thaw(report)
    assert (kept.brought, kept.notes) == (before.brought, before.notes)
    [row] = [one for one in json.loads(rendering.json_text(kept))["rows"] if "from_file" in one]
    assert [one["name"] for one in row["from_file"]["quarters"]] == [one.file_name for one in made]
    page = signed_in(place.province.leader).get(report.get_absolute_url()).content.decode()
    for one in made:
        assert one.file_name in page
