"""Figures of units that do not work with this system stand in the tables that roll units up: marked,
without dossiers, by the cut, the same in every form of output, frozen with the signature (D.41).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from onestop.accounts.models import AccessEvent, AccessKind, Level
from reports import frozen, rendering, signing
from reports.bringing import files
from reports.figures import Row, Table, checks
from reports.form_data import form_on
from reports.models import BroughtFile, ReportForm, SignedReport
from reports.periods import Period, parse
from tests.clock import Clock
from tests.reports import brought, workbooks
from tests.reports.brought import AT, FIRST, HEAD, NAME, PERIOD, SECOND, Units, line, sheet
from tests.reports.conftest import Enter, finish, province
from tests.world import filed_online, make_case, receive, vn

pytestmark = pytest.mark.django_db
MOMENT = timedelta(microseconds=1)
LATER = vn("16/12/2026 08:00")
ROLLED = ("II.06b", "II.06c", "II.06-don-vi", "07a/BTP")
TWO = (line(1, "Xã Hòa Đồng", FIRST), line(2, "Phường Tam Thanh", SECOND))


@pytest.fixture
def place(clock: Clock) -> Units:
    """One commune of the province works here, with three dossiers of the period."""
    found = brought.units(province())
    case = make_case("3 ngày làm việc")
    office = found.province.first
    for day in (2, 3, 4):
        dossier = receive(office, case, at=vn(f"0{day}/11/2026 09:00"))
    finish(office, dossier, vn("05/11/2026 09:00"))
    clock.now = AT
    return found


def form(code: str, period: Period = PERIOD) -> ReportForm:
    return form_on(code, period.last)


def drafted(place: Units, code: str, cut: datetime = AT, period: Period = PERIOD) -> Table:
    return frozen.drafted(form(code, period), place.province.agency, period, cut)


def total(table: Table, number: str = "3") -> Any:
    assert table.total is not None
    return table.total.values[number]


def rows(table: Table) -> list[tuple[str, Any]]:
    return [(row.called, row.values["3"]) for row in table.brought]


BOTH = [
    ("Ủy ban nhân dân xã Hòa Đồng (từ tệp)", 1234),
    ("Ủy ban nhân dân phường Tam Thanh (từ tệp)", 13),
]


@pytest.mark.parametrize("code", ROLLED)
def test_they_are_rows_and_parts_of_every_sum(place: Units, code: str) -> None:
    brought.recorded(place, sheet(*TWO))
    found = drafted(place, code)
    assert sorted(rows(found)) == sorted(BOTH)
    assert total(found) == 3 + 1234 + 13
    assert found.problems == ()
    assert {row.key for row in found.brought} == {
        f"brought:{place.first.pk}", f"brought:{place.second.pk}",
    }  # fmt: skip
    # Each unit has one row, of dossiers or from the file.
    codes = [row.code for row in found.rows if row.code]
    assert len(codes) == len(set(codes))


def test_columns_of_other_forms_follow_from_those_of_the_file(place: Units) -> None:
    brought.recorded(place, sheet(*TWO))
    [row] = [one for one in drafted(place, "II.06c").brought if one.code == place.first.code]
    assert list(row.values.values()) == [1234, 1004, 210, 20, 1203, 1100, 100, 3, 31, 30, 1]


def test_no_share_is_told_of_a_whole_without_its_parts(place: Units) -> None:
    """S1: files say how much came on line, never who filed it."""
    at = vn("05/11/2026 10:00")
    case, office = make_case("3 ngày làm việc"), place.province.first
    receive(office, case, at=at, channel=2, online=filed_online(at))
    brought.recorded(place, sheet(*TWO))
    found = drafted(place, "online-filers")
    assert found.total is not None
    assert len(found.brought) == 2
    for row in (*found.brought, found.total):
        assert [row.values[number] for number in ("8", "9", "10")] == [None] * 3
    [row] = [one for one in found.rows if one.code == office.agency.code]
    assert [row.values[n] for n in ("3", "8", "9", "10")] == [1, "0,00", "0,00", "0,00"]


def test_a_form_that_counts_one_office_takes_nothing(place: Units, queries: Any) -> None:
    brought.recorded(place, sheet(*TWO))
    with queries() as seen:
        found = frozen.drafted(form("II.06a"), place.first, PERIOD, AT)
    assert total(found) == 0
    assert not any("brought" in one["sql"] for one in seen.captured_queries)


def test_the_head_of_a_level_has_them_too(place: Units) -> None:
    type(place.first).objects.filter(pk=place.first.pk).update(level=Level.PROVINCE)
    brought.recorded(place, sheet(*TWO))
    found = drafted(place, "II.06b")
    told = [(row.label, row.values["3"]) for row in found.rows]
    assert told == [
        ("Sở, ban, ngành và cơ quan cấp tỉnh", 1234),
        ("Ủy ban nhân dân xã Hòa Đồng", 1234),
        ("Xã, phường, đặc khu", 16),
        ("Hộ tịch", 3),
        ("Ủy ban nhân dân phường Tam Thanh", 13),
    ]


def test_equal_cuts_give_equal_bytes(place: Units) -> None:
    """Nothing that was brought, or taken back, after a cut counts for it."""
    before = [_bytes(drafted(place, code, AT - MOMENT)) for code in ROLLED]
    row = brought.recorded(place, sheet(*TWO))
    with_it = [_bytes(drafted(place, code)) for code in ROLLED]
    assert [_bytes(drafted(place, code, AT - MOMENT)) for code in ROLLED] == before
    files.undo(row, by=place.province.controller, at=LATER)
    assert [_bytes(drafted(place, code)) for code in ROLLED] == with_it
    for code in ROLLED:
        assert drafted(place, code, LATER - MOMENT).brought
        assert not drafted(place, code, LATER).brought


def _bytes(table: Table) -> tuple[Any, ...]:
    return tuple(
        make(table) for make in (rendering.json_text, rendering.html, rendering.pdf, rendering.xlsx)
    )


def test_of_two_files_of_a_unit_the_last_one_counts(place: Units) -> None:
    """Taken back, the one before counts again: never both."""
    brought.recorded(place, sheet(*TWO))
    other = brought.recorded(
        place, sheet(line(1, "Xã Hòa Đồng", SECOND)), at=LATER, name="sua.xlsx"
    )
    found = drafted(place, "07a/BTP", LATER)
    assert total(found) == 3 + 13 + 13
    assert sorted(row.called.rpartition("(")[2] for row in found.brought) == [
        "từ tệp 1)",
        "từ tệp 2)",
    ]
    assert len(found.notes) == len(form("07a/BTP").foot) + 2
    files.undo(other, by=place.province.controller, at=LATER + MOMENT)
    assert total(drafted(place, "07a/BTP", LATER + MOMENT)) == 3 + 1234 + 13


def test_another_period_has_nothing_of_it(place: Units) -> None:
    """The same days by another code are the same period."""
    days = parse("2026-10-01..2026-12-31")
    brought.recorded(place, sheet(*TWO), period=days)
    assert not drafted(place, "07a/BTP").brought
    assert drafted(place, "07a/BTP", period=parse("2026-Q4")).brought


def test_a_unit_that_has_dossiers_after_all_is_not_counted_twice(place: Units) -> None:
    """Its dossiers count, the file's figures do not, and nobody signs before it is settled."""
    brought.recorded(place, sheet(*TWO))
    receive(place.province.first, make_case(), at=vn("06/11/2026 09:00"))
    dossier = receive(place.province.first, make_case(), at=vn("07/11/2026 09:00"))
    dossier.spans.update(agency=place.first)
    found = drafted(place, "07a/BTP")
    assert total(found) == 5 + 13
    assert [one for one in found.problems if NAME in one]


def test_what_a_file_does_not_say_is_a_dash_and_told(place: Units) -> None:
    head = (
        ["", "STT", "Đơn vị", "Tiếp nhận", "Đã giải quyết", "", "", "Đang giải quyết"],
        ["", "", "", "Tổng số", "Tổng số", "Trước hạn, đúng hạn", "Quá hạn", "Tổng số"],
    )
    brought.recorded(place, sheet(["", 1, "Xã Hòa Đồng", 20, 15, 14, 1, 5], head=head))
    found = drafted(place, "07a/BTP")
    [row] = found.brought
    assert [row.values[n] for n in ("3", "4", "10", "12", "14")] == [20, None, None, 1, None]
    assert total(found) == 23
    assert found.problems == ()
    [told] = [note for note in found.notes if "chưa gồm" in note]
    assert told.startswith("Dòng tổng ở cột ")
    assert "(10)" in told


def test_a_sum_that_is_broken_is_still_found(place: Units) -> None:
    brought.recorded(place, sheet(*TWO))
    found = drafted(place, "07a/BTP")
    broken = [_with(row, "4", 999) if row.origin else row for row in found.rows]
    told = list(checks.sums(found.with_rows(broken)))
    assert len(told) == 3
    assert "Hòa Đồng" in " ".join(told)


def _with(row: Row, number: str, value: int) -> Row:
    return Row(row.key, row.label, {**row.values, number: value}, row.code, False, row.origin)


# --- every form of output ---------------------------------------------------------------------------


def test_all_four_outputs_mark_them(place: Units) -> None:
    file = brought.recorded(place, sheet(*TWO))
    found = drafted(place, "07a/BTP")
    told = json.loads(rendering.json_text(found))
    [row] = [one for one in told["rows"] if one.get("code") == place.first.code]
    assert row["from_file"] == {
        "name": NAME, "sha256": file.sha256, "recorded_at": "2026-12-15T08:00:00+07:00",
    }  # fmt: skip
    assert (row["label"], row["3"]) == (place.first.name, 1234)
    page = " ".join(rendering.html(found).split())
    paper = " ".join(_paper(found).split())
    cells = [
        value for line in workbooks.sheet(rendering.xlsx(found), 1) for _, value in line.values()
    ]
    for text in (page, paper, " ".join(cells)):
        assert "Ủy ban nhân dân xã Hòa Đồng (từ tệp)" in text
        assert f"2 dòng ghi “(từ tệp)”: số liệu mang từ tệp “{NAME}”" in text
    assert "1234" in cells
    assert "1.234" in page


def test_our_own_workbook_can_be_brought(place: Units) -> None:
    """As one installation gives it to another: by the code that stands beside the name."""
    brought.recorded(place, sheet(*TWO))
    content = rendering.xlsx(drafted(place, "07a/BTP"))
    files.undo(BroughtFile.objects.get(), by=place.province.controller, at=LATER)
    row = brought.uploaded(place, content, at=LATER)
    seen = brought.seen(row, LATER)
    told = {one.unit.code: one.figures["handled"] for one in seen.of(files.NEW) if one.unit}
    assert told[place.first.code] == 1234
    assert told[place.second.code] == 13
    assert [one.unit for one in seen.of(files.HERE)] == [place.province.first.agency]


# --- signing ----------------------------------------------------------------------------------------


def signed(
    place: Units, code: str = "II.06c", period: Period = PERIOD, at: str = ""
) -> SignedReport:
    office = place.province
    known, when = form(code, period), vn(at) if at else AT
    report = frozen.prepare(known, office.agency, period, when, by=office.controller, at=when)
    return frozen.sign(report.pk, by=office.leader, at=when)


def test_a_signed_report_keeps_them(place: Units) -> None:
    row = brought.recorded(place, sheet(*TWO))
    before = drafted(place, "II.06c")
    report = signed(place)
    files.undo(row, by=place.province.controller, at=LATER)
    report.refresh_from_db()
    kept = frozen.thaw(report)
    assert kept.brought == before.brought
    assert (kept.notes, kept.total) == (before.notes, before.total)
    assert rendering.pdf(kept) == rendering.pdf(before)


def test_the_next_report_carries_over_what_files_say(place: Units) -> None:
    """(6) = the signed (11) ± what the file of the next period says otherwise (R-107)."""
    brought.recorded(place, sheet(*TWO))
    signed(place)
    period, cut = parse("2027Q1"), vn("15/03/2027 08:00")
    # The first carries over the 31 that it left open, the second 5 instead of 3.
    lines = (
        line(1, "Xã Hòa Đồng", (0, 0, 0, 0, 31, 31, 0, 0, 0, 0)),
        line(2, "Phường Tam Thanh", (1, 0, 0, 0, 5, 6, 0, 0, 0, 0)),
    )
    brought.recorded(place, sheet(*lines), at=cut, period=period)
    found = drafted(place, "II.06c", cut, period)
    over = found.carried_over
    assert found.problems == ()
    assert (over["signed_open"], over["carried"], over["by_files"]) == (2 + 34, 2 + 36, 2)
    assert over["carried"] == total(found, "6")
    assert over["files"] == [
        {"row": f"{place.second.name} ({place.second.code})", "before": 3, "after": 5}
    ]
    for text in (rendering.html(found), _paper(found)):
        assert "số liệu từ tệp, cột (11) kỳ trước 3, cột (6) kỳ này 5" in " ".join(text.split())


def _paper(table: Table) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(rendering.pdf(table))).pages)


def test_a_year_tells_where_files_say_otherwise_than_the_quarters(place: Units) -> None:
    same = line(2, "Phường Tam Thanh", (7, 0, 5, 0, 0, 6, 4, 0, 1, 1))
    brought.recorded(place, sheet(TWO[0], same))
    brought.recorded(place, sheet(same), period=parse("2026Y"), name="nam.xlsx")
    found = drafted(place, "II.06c", period=parse("2026Y"))
    told = found.quarters["from_files"]
    # The second says the same of year and quarter.
    assert [one["row"] for one in told] == [f"{place.first.name} ({place.first.code})"]
    assert told[0]["differences"]["7"] == -1203
    for text in (rendering.html(found), _paper(found)):
        assert "không có chênh lệch" not in text
        assert "số liệu từ tệp của cả kỳ khác cộng các quý" in " ".join(text.split())


@pytest.mark.parametrize("is_signed", [True, False])
def test_a_unit_that_was_renamed_is_one_unit(place: Units, is_signed: bool) -> None:
    """The quarter was signed under the old name, the year is counted under the new one."""
    same = line(1, "Xã Hòa Đồng", (7, 0, 5, 0, 0, 6, 4, 0, 1, 1))
    brought.recorded(place, sheet(same))
    brought.recorded(place, sheet(same, head=HEAD[:3]), period=parse("2026Y"), name="nam.xlsx")
    if is_signed:
        signed(place)
    place.first.name = "Ủy ban nhân dân phường Hòa Đồng"
    place.first.save()
    assert "from_files" not in drafted(place, "II.06c", period=parse("2026Y")).quarters


def test_drafts_that_are_owed_have_them(place: Units) -> None:
    from reports.figures import Scope, table, tables

    brought.recorded(place, sheet(*TWO))
    scopes = [Scope.for_form(form("II.06c"), one) for one in (place.province.agency, place.first)]
    together = list(tables(form("II.06c"), scopes, PERIOD, AT))
    assert [len(one.brought) for one in together] == [2, 1]
    assert together == [table(form("II.06c"), one, PERIOD, AT) for one in scopes]


# --- pages ------------------------------------------------------------------------------------------


def test_the_pages_from_the_upload_to_the_table(place: Units, signed_in: Enter) -> None:
    client = signed_in(place.province.controller)
    assert "Số liệu từ tệp" in client.get("/bao-cao/").content.decode()
    content = sheet(*TWO, line(3, "Xã Đông Sơn", SECOND))
    sent = {"agency": place.province.agency.pk, "ky": PERIOD.code}
    row = _sent(client, sent, content)
    page = client.get(row.get_absolute_url())
    assert "Cột nào ghi gì?" in page.content.decode()
    _confirmed(client, row, page)
    page = client.get(row.get_absolute_url()).content.decode()
    assert "Xem trước: chưa ghi gì" in page
    assert "Dòng 10: Xã Đông Sơn" in page
    assert "Tên gần giống: Ủy ban nhân dân xã Đồng Sơn" in page
    wrong = client.post(f"{row.get_absolute_url()}don-vi/", {"dong-10": "H99.LA"})
    assert wrong.status_code == 422
    client.post(f"{row.get_absolute_url()}don-vi/", {"dong-10": place.third.code})
    page = client.get(row.get_absolute_url()).content.decode()
    assert "Ghi số liệu của 3 đơn vị" in page
    assert " Sẽ ghi</dt>" in page
    done = client.post(f"{row.get_absolute_url()}ghi/", follow=True).content.decode()
    assert "Đã ghi số liệu của 3 đơn vị vào biểu." in done
    assert " Đã ghi</dt>" in done
    assert "Sẽ ghi" not in done
    address = f"/bao-cao/07a-BTP/{place.province.agency.code}/{PERIOD.code}/"
    table = client.get(address).content.decode()
    assert f'title="Từ tệp {NAME}">1.234</td>' in table
    assert f'<a href="{row.get_absolute_url()}">{NAME}</a>' in table
    again = _sent(client, sent, content)
    assert again == row
    gone = client.post(f"{row.get_absolute_url()}hoan-tac/", follow=True).content.decode()
    assert "Đã hoàn tác" in gone
    assert NAME not in client.get(address).content.decode()
    acts = AccessEvent.objects.filter(kind=AccessKind.REPORT_ACT, object_kind="brought_file")
    assert acts.count() == 2


def _sent(client: Any, sent: dict[str, Any], content: bytes) -> BroughtFile:
    upload = SimpleUploadedFile(NAME, content)
    answer = client.post("/bao-cao/tu-tep/", sent | {"file": upload})
    assert answer.status_code == 302
    return BroughtFile.objects.get(pk=int(answer.url.rstrip("/").rpartition("/")[2]))


def _confirmed(client: Any, row: BroughtFile, page: Any) -> None:
    asked = page.context["form"]
    none = client.post(f"{row.get_absolute_url()}cot/", {"unit": "2"})
    assert none.status_code == 422
    chosen = {name: asked[name].initial for name in asked.fields}
    assert client.post(f"{row.get_absolute_url()}cot/", chosen).status_code == 302


def test_a_figure_that_has_both_opens_its_dossiers_and_says_the_rest(
    place: Units, signed_in: Enter
) -> None:
    brought.recorded(place, sheet(*TWO))
    client = signed_in(place.province.leader)
    found = client.get(f"/bao-cao/II.06c/{place.province.agency.code}/{PERIOD.code}/").context[
        "found"
    ]
    assert found.total is not None
    whole, *_, open_late = found.total.figures
    page = client.get(whole.url)
    assert page.context["number"] == 3
    assert "còn gồm 1.247 từ tệp" in page.content.decode()
    # Late ones come from files only, and open nothing.
    [ended_late] = [found.total.figures[7]]
    assert (ended_late.text, ended_late.url) == ("3", "")
    assert not any(one.url for line in found.lines if line.files for one in line.figures)
    [(_, url)] = next(line for line in found.lines if line.files).files
    assert client.get(url).status_code == 200
    head = next(line for line in found.lines if line.is_head)
    assert "còn gồm 1.247 từ tệp" in client.get(head.figures[0].url).content.decode()
    assert open_late.url
    other = client.get(whole.url.replace("dong=total", f"dong=brought%3A{place.first.pk}"))
    assert other.status_code == 404


def test_only_who_prepares_the_reports_brings_figures(place: Units, signed_in: Enter) -> None:
    row = brought.uploaded(place, sheet(*TWO))
    address = row.get_absolute_url()
    acts = ("ghi/", "hoan-tac/", "cot/", "don-vi/")
    leader = signed_in(place.province.leader)
    assert leader.get(address).status_code == 200
    assert "Ghi số liệu" not in leader.get(address).content.decode()
    assert {leader.post(f"{address}{act}").status_code for act in acts} == {403}
    commune = signed_in(place.province.first.controller)
    assert commune.get(address).status_code == 404
    assert {commune.post(f"{address}{act}").status_code for act in acts} == {404}
    page = commune.get("/bao-cao/tu-tep/")
    assert "không tổng hợp đơn vị nào" in page.content.decode()


def test_the_file_can_be_had_as_it_was(place: Units, signed_in: Enter) -> None:
    content = sheet(*TWO)
    row = brought.recorded(place, content)
    client = signed_in(place.province.controller)
    answer = client.get(f"{row.get_absolute_url()}tep/")
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Disposition"] == f'attachment; filename="{NAME}"'
    assert "sandbox" in answer["Content-Security-Policy"]


def test_signing_goes_through_the_pages_as_ever(place: Units, signed_in: Enter) -> None:
    brought.recorded(place, sheet(*TWO))
    office = place.province
    desk: Callable[..., Any] = office.first.desk
    report = signing.prepare(
        form("II.06c"), office.agency, PERIOD, by=desk(office.controller, AT), at=AT
    )
    signing.sign(report, by=desk(office.leader, AT), at=AT)
    page = signed_in(office.leader).get(report.get_absolute_url()).content.decode()
    assert "Ủy ban nhân dân xã Hòa Đồng (từ tệp)" in page
    assert "mã băm" in page
