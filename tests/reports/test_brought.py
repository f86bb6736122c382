"""A table of units that do not work with this system is read however it is written, and nothing of it
is guessed (D.41 of the faults that other systems had).
"""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from onestop.changes import verifying
from onestop.errors import DomainError
from reports.bringing import FOLDER, columns, files, lines
from reports.bringing.units import key
from reports.models import BroughtFigures, BroughtFile
from reports.periods import parse
from tests.clock import Clock
from tests.files.sweeping import left_after_days
from tests.reports import brought
from tests.reports.brought import AT, FIRST, HEAD, PERIOD, SECOND, Units, line, seen, sheet
from tests.reports.conftest import province
from tests.world import make_agency, make_case, receive, vn

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(clock: Clock) -> Units:
    clock.now = AT
    return brought.units(province())


def refused(code: str) -> Any:
    return pytest.raises(DomainError, match=f"^{code}$")


def outcomes(row: BroughtFile) -> list[tuple[str, str]]:
    return [(one.label, one.what) for one in seen(row).outcomes]


# --- columns ----------------------------------------------------------------------------------------


def test_the_head_over_three_rows_says_every_column(place: Units) -> None:
    row = brought.uploaded(place, sheet(line(1, "Xã Hòa Đồng", FIRST)))
    found = files.columns_in(row, files.rows_of(row))
    assert found.places == {
        "unit": 2, "handled": 3, "received_online_full": 4, "received_online_part": 5,
        "received_direct": 6, "received_post": 7, "carried": 8, "ended": 9, "ended_early": 10,
        "ended_on_time": 11, "ended_late": 12, "open": 13, "open_in_time": 14, "open_late": 15,
    }  # fmt: skip


def test_the_head_of_our_own_forms_is_read_back() -> None:
    """Of II.06 too, whose channels are otherwise divided."""
    names = [
        "STT", "Cơ quan, đơn vị", "Mã cơ quan", "Số hồ sơ nhận giải quyết – Tổng số",
        "Số hồ sơ nhận giải quyết – Trong đó – Trong kỳ – Trực tuyến",
        "Số hồ sơ nhận giải quyết – Trong đó – Trong kỳ – Trực tiếp, dịch vụ bưu chính",
        "Số hồ sơ nhận giải quyết – Trong đó – Từ kỳ trước", "Số lượng hồ sơ đã giải quyết – Tổng số",
        "Số lượng hồ sơ đã giải quyết – Đúng hạn (gồm cả hồ sơ rút, dừng giải quyết)",
        "Số lượng hồ sơ đang giải quyết – Quá hạn",
    ]  # fmt: skip
    assert columns.guess(names) == {
        "unit": 1, "code": 2, "handled": 3, "received_online": 4, "received_direct_or_post": 5,
        "carried": 6, "ended": 7, "ended_on_time": 8, "open_late": 9,
    }  # fmt: skip


def test_early_and_on_time_in_one_column_are_not_told_apart() -> None:
    found = columns.guess(
        ["Đơn vị", "Đã giải quyết – Trước hạn và đúng hạn", "Đang giải quyết – Tổng"]
    )
    assert found == {"unit": 0, "ended_not_late": 1, "open": 2}


def test_shares_are_no_figures_and_other_words_are_known() -> None:
    names = [
        "Tên đơn vị", "Đã xử lý – Tỷ lệ đúng hạn", "Đã xử lý – Đúng hạn – %", "Đã xử lý – Đúng hạn – Số lượng",
        "Đã xử lý – Trễ hạn", "Kết quả giải quyết – Đang xử lý – Quá hạn", "Ghi chú",
    ]  # fmt: skip
    assert columns.guess(names) == {
        "unit": 0, "ended_on_time": 3, "ended_late": 4, "open_late": 5,
    }  # fmt: skip


def test_columns_are_asked_once(place: Units) -> None:
    """The next file with the same headings is not asked for again; with other ones it is."""
    brought.recorded(place, sheet(line(1, "Xã Hòa Đồng", FIRST)))
    upload = SimpleUploadedFile("khac.xlsx", sheet(line(1, "Xã Hòa Đồng", SECOND)))
    of_agency = {"agency": place.province.agency, "by": place.province.controller, "at": AT}
    row = files.start(upload, period=parse("2026M12"), **of_agency)
    assert files.are_confirmed(row, files.columns_in(row, files.rows_of(row)))
    turned = (*HEAD[:1], [*HEAD[1][:3], "Cộng", *HEAD[1][4:]], *HEAD[2:])
    upload = SimpleUploadedFile("khac.xlsx", sheet(line(1, "Xã Hòa Đồng", SECOND), head=turned))
    row = files.start(upload, period=parse("2026M12"), **of_agency)
    assert not files.are_confirmed(row, files.columns_in(row, files.rows_of(row)))
    with refused("brought_columns"):
        files.record(row, by=place.province.controller, at=AT)


def test_columns_that_say_no_whole_are_not_enough(place: Units) -> None:
    row = brought.uploaded(place, sheet(line(1, "Xã Hòa Đồng", FIRST)))
    found = files.columns_in(row, files.rows_of(row))
    few = {name: place for name, place in found.places.items() if not name.startswith("open")}
    del few["handled"], few["carried"]
    with refused("brought_unsaid"):
        files.confirm_columns(row, columns.Columns(found.head, few, found.wanted))


# --- lines ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234", 1234), ("1,234", 1234), ("1 234", 1234), ("1.234.567", 1234567), ("1234", 1234),
        ("0", 0), ("", 0), ("-", 0), ("–", 0), ("١٢", 12),
    ],
)  # fmt: skip
def test_figures_are_whole_numbers_however_they_are_grouped(text: str, number: int) -> None:
    assert lines._number(text, "Tổng") == number


@pytest.mark.parametrize("text", ["1.23", "1.2345", "12,5", "-3", "1.234,5", "1.234,567", "²", "x"])
def test_what_is_no_number_of_dossiers_is_refused(text: str) -> None:
    with refused("brought_number"):
        lines._number(text, "Tổng")


def test_sums_follow_and_are_proven() -> None:
    said = {"received_online": 3, "received_direct": 2, "received_post": 0, "carried": 1}
    found = lines.completed(said | {"ended_not_late": 4, "ended_late": 1, "open": 1})
    assert (found["handled"], found["ended"], found["received_direct_or_post"]) == (6, 5, 2)
    assert "ended_early" not in found
    with refused("brought_sum"):
        lines.completed(said | {"ended": 4, "open": 1})


def test_lines_are_read_and_all_others_passed(place: Units) -> None:
    """Thousands are thousands, decomposed letters are letters; totals, the row (1) (2) … and the
    signatures are no units.
    """
    content = sheet(line(1, "UBND xã Hoà Đồng", FIRST), line(2, "Phường Tam Thanh", SECOND))
    found = seen(brought.uploaded(place, content))
    assert [(one.unit, one.what) for one in found.outcomes] == [
        (place.first, files.NEW),
        (place.second, files.NEW),
    ]
    assert found.outcomes[0].figures["handled"] == 1234
    assert found.outcomes[0].figures["received_online"] == 1004
    assert found.outcomes[1].figures["open_late"] == 1
    assert found.passed == 3


def test_a_cell_that_excel_took_for_a_fraction_is_still_thousands(place: Units) -> None:
    row = line(1, "Xã Hòa Đồng", FIRST, dots=False)
    row[3], row[9] = 1.234, 1.203
    [one] = seen(brought.uploaded(place, sheet(row))).outcomes
    assert (one.figures["handled"], one.figures["ended"]) == (1234, 1203)


def test_a_line_that_does_not_add_up_is_told_and_left_out(place: Units) -> None:
    """The same figure may be a sum of other columns too: those that disagree are named."""
    first, second = line(1, "Xã Hòa Đồng", FIRST), line(2, "Phường Tam Thanh", SECOND)
    first[13], first[14] = "35", "34"
    second[3] = "14"
    told = seen(brought.uploaded(place, sheet(first, second))).outcomes
    assert [one.what for one in told] == [files.REFUSED] * 2
    assert told[0].reason.endswith(
        "tệp ghi 1.234, nhưng “Đã giải quyết: tổng số” + “Đang giải quyết: tổng số” là 1.238"
    )
    assert told[1].reason.endswith(
        "tệp ghi 14, nhưng “Tiếp nhận trong kỳ: tổng số, không gồm kỳ "
        "trước” + “Kỳ trước chuyển qua” là 13"
    )


def test_a_unit_that_reported_nothing_has_no_figures_rather_than_noughts(place: Units) -> None:
    row = ["", 1, "Xã Hòa Đồng"]
    [one] = seen(brought.uploaded(place, sheet(row, line(2, "Xã Lạ", SECOND)))).outcomes[:1]
    assert (one.what, one.reason) == (files.REFUSED, "không có số liệu nào")


# --- units ------------------------------------------------------------------------------------------


def test_names_are_the_same_however_they_are_encoded() -> None:
    assert (
        key("Uỷ ban nhân dân xã Hoà  Đồng")
        == key("ủy ban nhân dân XÃ HÒA ĐỒNG")
        == key("xã Hòa Đồng")
    )
    assert key("xã Đông Sơn") != key("xã Đồng Sơn")
    assert key("UBND") == "ubnd"


def test_what_only_resembles_a_unit_is_listed_and_never_taken(place: Units) -> None:
    """Another prefix, no marks, another place that sounds alike, one that nobody knows."""
    names = ["Xã Tam Thanh", "XA HOA DONG", "Xã Đông Sơn", "Xã Lạ"]
    content = sheet(*(line(n, name, SECOND) for n, name in enumerate(names, 1)))
    found = seen(brought.uploaded(place, content))
    assert [one.what for one in found.outcomes] == [files.UNKNOWN] * 4
    alike = [[unit.pk for unit in one.alike] for one in found.outcomes]
    assert alike == [[place.second.pk], [place.first.pk], [place.third.pk], []]


def test_a_name_that_two_units_have_is_nobodys(place: Units) -> None:
    twin = make_agency("UBND xã Hòa Đồng", parent=place.province.agency)
    [one] = seen(brought.uploaded(place, sheet(line(1, "Xã Hòa Đồng", SECOND)))).outcomes
    assert one.what == files.UNKNOWN
    assert {unit.pk for unit in one.alike} == {place.first.pk, twin.pk}


def test_a_code_decides_unless_the_name_is_anothers(place: Units) -> None:
    units = files.Units(place.province.agency)
    assert units.find("Tên cũ", place.first.code).unit == place.first
    assert units.find("Phường Tam Thanh", place.first.code).unit is None
    assert units.find("Phường Tam Thanh", "H99.KHONGCO").unit is None


def test_what_a_person_settled_is_remembered(place: Units) -> None:
    content = sheet(line(1, "Xã Tam Thanh", SECOND), line(2, "Khối sở", SECOND))
    row = brought.uploaded(place, content)
    files.confirm_units(row, {"Xã Tam Thanh": place.second.code, "Khối sở": ""})
    assert outcomes(row) == [("Xã Tam Thanh", files.NEW), ("Khối sở", files.LEFT_OUT)]
    files.record(row, by=place.province.controller, at=AT)
    later = brought.uploaded(place, content, period=parse("2026M12"))
    assert outcomes(later) == [("Xã Tam Thanh", files.NEW), ("Khối sở", files.LEFT_OUT)]


def test_a_unit_on_two_lines_or_with_dossiers_here_is_left_out(place: Units) -> None:
    office = place.province.first
    receive(office, make_case(), at=vn("02/11/2026 09:00"))
    names = ["Xã Hòa Đồng", "Phường Tam Thanh", "UBND xã Hòa Đồng", "Xã Bình Minh"]
    content = sheet(*(line(n, name, SECOND) for n, name in enumerate(names, 1)))
    row = brought.uploaded(place, content)
    assert [what for _, what in outcomes(row)] == [
        files.REPEATED, files.NEW, files.REPEATED, files.HERE,
    ]  # fmt: skip
    files.record(row, by=place.province.controller, at=AT)
    assert [one.agency for one in BroughtFigures.objects.all()] == [place.second]
    row.refresh_from_db()
    assert row.told["counts"]["repeated"] == 2
    assert len(row.told["left"]) == 3


# --- recording --------------------------------------------------------------------------------------


def test_the_same_file_twice_is_one(place: Units) -> None:
    content = sheet(line(1, "Xã Hòa Đồng", FIRST))
    row = brought.recorded(place, content)
    assert brought.uploaded(place, content) == row
    assert BroughtFigures.objects.count() == 1
    other = brought.uploaded(place, content, period=parse("2026M12"))
    assert other.pk != row.pk


def test_two_uploads_of_one_file_are_recorded_once(place: Units) -> None:
    content = sheet(line(1, "Xã Hòa Đồng", FIRST))
    one, two = brought.uploaded(place, content), brought.uploaded(place, content)
    files.record(one, by=place.province.controller, at=AT)
    with refused("brought_twice"):
        files.record(two, by=place.province.controller, at=AT)
    assert BroughtFigures.objects.count() == 1


def test_uploads_lie_there_until_they_are_dropped(place: Units) -> None:
    content = sheet(line(1, "Xã Hòa Đồng", FIRST))
    done, opened = (
        brought.recorded(place, content),
        brought.uploaded(place, sheet(line(1, "Xã khác", FIRST))),
    )
    assert left_after_days(FOLDER) == sorted([done.kept, opened.kept])
    files.drop(opened)
    assert left_after_days(FOLDER) == [done.kept]


def test_it_is_known_who_recorded_what_and_when(place: Units) -> None:
    row = brought.recorded(place, sheet(line(1, "Xã Hòa Đồng", FIRST)))
    assert (row.by, row.recorded_by, row.recorded_at) == (place.province.controller,) * 2 + (AT,)
    assert len(row.sha256) == 64
    assert default_storage.exists(row.kept)
    files.undo(row, by=place.province.controller, at=vn("16/12/2026 08:00"))
    row.refresh_from_db()
    assert (row.stage, row.undone_by) == (BroughtFile.Stage.UNDONE, place.province.controller)
    with refused("brought_over"):
        files.undo(row, by=place.province.controller, at=vn("16/12/2026 08:00"))
    assert not list(verifying.faults())


def test_what_is_dropped_or_says_nothing_is_not_recorded(
    place: Units, django_capture_on_commit_callbacks: Any
) -> None:
    row = brought.uploaded(place, sheet(line(1, "Xã Lạ", SECOND)))
    with refused("brought_nothing"):
        files.record(row, by=place.province.controller, at=AT)
    kept = row.kept
    assert default_storage.exists(kept)
    with django_capture_on_commit_callbacks(execute=True):
        files.drop(row)
    assert not default_storage.exists(kept)
    row.refresh_from_db()
    assert (row.stage, row.kept) == (BroughtFile.Stage.DROPPED, "")
    with refused("brought_over"):
        files.drop(row)
    assert BroughtFile.objects.count() == 1


def test_a_period_that_has_not_begun_has_no_figures(place: Units) -> None:
    with refused("brought_ahead"):
        brought.uploaded(place, sheet(line(1, "Xã Hòa Đồng", FIRST)), period=parse("2027Q2"))
    assert PERIOD.start < AT
