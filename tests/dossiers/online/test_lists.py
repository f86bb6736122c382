"""A portal's list: read however it is written, looked through, recorded any number of times."""

from __future__ import annotations

import io
import json
import unicodedata
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from dossiers.acts import reception
from dossiers.clock import online_flags
from dossiers.importing import online_lists as lists
from dossiers.importing.online_columns import WANTED, columns_of, guess
from dossiers.intake import online
from dossiers.intake.brought import OnlineIn
from dossiers.models import AnsweredRound, Dossier, OnlineFiling, OnlineList, OnlineSource, Span
from onestop.changes import verifying
from onestop.columns import TableOf, chosen
from onestop.commands import Refused
from onestop.errors import DomainError, say
from onestop.outbox.models import Message
from onestop.tables import read_table
from procedures.channels import Channel
from tests.dossiers.online.filed import CODE, a_filing
from tests.files.sweeping import left_after_days
from tests.world import MONDAY, Office, an_intake, make_case, make_office, vn

pytestmark = pytest.mark.django_db
HEAD = [
    "STT",
    "Mã hồ sơ",
    "Mã TTHC",
    "Thủ tục hành chính",
    "Người nộp",
    "Số CCCD",
    "Số điện thoại",
    "Địa chỉ",
    "Ngày nộp",
    "Mức độ",
]
FIRST: list[Any] = [
    1, CODE, "1.000001", "Thủ tục cấp Giấy xác nhận", "Nguyễn Thị Bình", "001187000123", "0912345678",
    "Thôn 3, xã Bình Minh", "20/11/2026 16:00", "Toàn trình",
]  # fmt: skip
SECOND: list[Any] = [
    2, "G99.01-261123-000002", "", "Đăng ký khai sinh", "Công ty TNHH Bình Minh", "0100109106", "",
    "", "23/11/2026 07:15:30", "Một phần",
]  # fmt: skip


@pytest.fixture
def office() -> Office:
    return make_office()


def refused(code: str):
    return pytest.raises(DomainError, match=f"^{code}$")


def cell_of(*parts: int) -> datetime:
    """A date cell of a spreadsheet: it knows no zone."""
    return datetime(*parts)  # noqa: DTZ001


def sheet(rows: list[list[Any]], *, merge: list[tuple[str, str]] = ()) -> bytes:  # type: ignore[assignment]
    into = io.BytesIO()
    book = xlsxwriter.Workbook(into)
    page = book.add_worksheet()
    day = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    for place, text in merge:
        page.merge_range(place, text)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, datetime):
                page.write_datetime(number, column, value, day)
            elif value not in ("", None):
                page.write(number, column, value)
    book.close()
    return into.getvalue()


def table(content: bytes, tmp_path: Path, name: str = "cho.xlsx", kept: Any = None):
    path = tmp_path / name
    path.write_bytes(content)
    rows = read_table(path, name)
    return TableOf(rows, columns_of(rows, kept or {}))


def preview(office: Office, content: bytes, tmp_path: Path, name: str = "cho.xlsx"):
    found = table(content, tmp_path, name)
    return lists.preview(found, source=online.national_source(), agency=office.agency, now=MONDAY)


def recorded(
    office: Office, content: bytes, tmp_path: Path, *, at: datetime = MONDAY, is_part: bool = False
):
    upload = SimpleUploadedFile("cho.xlsx", content)
    row = lists.start(
        upload, source=online.national_source(), agency=office.agency, by=office.clerk, at=at
    )
    found = table(content, tmp_path)
    return row, lists.record(row, found, by=office.clerk, at=at, is_part=is_part)


# --- reading ------------------------------------------------------------------------------------


def test_a_plain_sheet_is_read_by_its_headings(office: Office, tmp_path: Path) -> None:
    found = preview(office, sheet([HEAD, FIRST, SECOND]), tmp_path)
    one, two = (outcome.listed for outcome in found.of(lists.NEW))
    assert (one.code, one.filed_at, one.owner) == (CODE, vn("20/11/2026 16:00"), "Nguyễn Thị Bình")
    assert (one.channel, two.channel) == (Channel.ONLINE_FULL, Channel.ONLINE_PART)
    assert (one.identity, one.phone, one.procedure_code) == (
        "001187000123", "0912345678", "1.000001",
    )  # fmt: skip


def test_titles_merged_heads_numbers_of_columns_totals_and_signatures_are_no_filings(
    office: Office, tmp_path: Path
) -> None:
    rows: list[list[Any]] = [
        ["", "", "", "", ""],
        [],
        ["Từ ngày 01/11/2026 đến ngày 23/11/2026"],
        ["STT", "Mã hồ sơ", "", "", "Ngày nộp"],
        ["", "", "Họ tên", "Số CCCD", ""],
        ["(1)", "(2)", "(3)", "(4)", "(5)"],
        [1, CODE, "Nguyễn Thị Bình", "001187000123", "20/11/2026 16:00"],
        [],
        ["Tổng số: 1"],
        ["", "", "", "Người lập biểu"],
    ]
    content = sheet(
        rows, merge=[("A1:E1", "DANH SÁCH HỒ SƠ CHỜ TIẾP NHẬN"), ("C4:D4", "Người nộp")]
    )
    found = preview(office, content, tmp_path)
    assert found.counts["new"] == 1
    assert (found.counts["refused"], found.counts["passed"]) == (0, 3)
    (one,) = found.of(lists.NEW)
    assert one.listed is not None
    assert (one.listed.owner, one.listed.identity) == ("Nguyễn Thị Bình", "001187000123")


@pytest.mark.parametrize(
    "title", ["Từ ngày 27/11/2026 đến ngày 28/11/2026", "DANH SÁCH HỒ SƠ CHỜ TIẾP NHẬN", "Năm 2026"]
)
@pytest.mark.parametrize("blank", [[], [[]]])
def test_a_title_before_the_table_is_in_no_heading(
    office: Office, tmp_path: Path, title: str, blank: list[Any]
) -> None:
    """Else the columns would be called otherwise every day, and be asked for every day."""
    plain = table(sheet([HEAD, FIRST]), tmp_path).columns
    titled = table(sheet([["CỔNG"], [title], *blank, HEAD, FIRST]), tmp_path, kept=plain.named)
    assert titled.columns.head.names == plain.head.names
    assert titled.columns.named == plain.named
    again = table(sheet([[title], *blank, HEAD, FIRST]), tmp_path)
    assert again.columns.named == plain.named


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        (cell_of(2026, 11, 20, 16, 0), "20/11/2026 16:00"),
        ("20/11/2026 16:00:00", "20/11/2026 16:00"),
        ("16:00 20/11/2026", "20/11/2026 16:00"),
        ("16:00:00 - 20/11/2026", "20/11/2026 16:00"),
        ("20-11-2026 16:00", "20/11/2026 16:00"),
        ("20.11.2026, 16h00", "20/11/2026 16:00"),
        ("2026-11-20 16:00:00", "20/11/2026 16:00"),
        ("2026-11-20T09:00:00Z", "20/11/2026 16:00"),
        ("  20/11/2026\u00a016:00 ", "20/11/2026 16:00"),
    ],
)
def test_times_are_read_however_they_are_written(office, tmp_path, cell, at) -> None:
    line = [*FIRST[:8], cell, ""]
    (one,) = preview(office, sheet([HEAD, line]), tmp_path).of(lists.NEW)
    assert one.listed.filed_at == vn(at)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        (1, "", "online_row_code"),
        (1, "HS 12", "online_row_pattern"),
        (4, "---", "online_row_owner"),
        (8, "20/11/2026", "online_row_hour"),
        (8, cell_of(2026, 11, 20), "online_row_hour"),
        (8, "hôm qua", "online_row_filed"),
        (8, "24/11/2026 08:00", "online_row_ahead"),
    ],
)
def test_a_line_that_cannot_be_read_says_where_and_why(
    office, tmp_path, column, value, reason
) -> None:
    bad = [*FIRST]
    bad[column] = value
    found = preview(office, sheet([HEAD, bad, SECOND]), tmp_path)
    (one,) = found.of(lists.REFUSED)
    assert one.number == 2
    assert one.reason == say(reason, {"given": _shown(value)})
    assert len(found.of(lists.NEW)) == 1  # a bad line never stops a good one


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}"
    return str(value)


def test_text_as_other_programs_write_it(office: Office, tmp_path: Path) -> None:
    """Decomposed letters, blanks that nobody sees, semicolons, the mark of Excel."""
    text = "\n".join(
        ";".join(str(cell) for cell in row)
        for row in (HEAD, [*FIRST[:4], "  Nguyễn Thị\u200b Bình ", *FIRST[5:]])
    )
    content = ("\ufeff" + unicodedata.normalize("NFD", text)).encode()
    (one,) = preview(office, content, tmp_path, "cho.csv").of(lists.NEW)
    assert one.listed.owner == "Nguyễn Thị Bình"


def test_a_repeated_line_is_told_with_the_first_one(office: Office, tmp_path: Path) -> None:
    """It was read: nothing in the file needs mending."""
    found = preview(office, sheet([HEAD, FIRST, FIRST]), tmp_path)
    (one,) = found.of(lists.REPEATED)
    assert one.reason == say("online_row_twice", {"line": 2})
    assert (found.counts["new"], found.counts["refused"]) == (1, 0)


def test_lines_of_other_agencies_are_told(office: Office, tmp_path: Path) -> None:
    make_office("Ủy ban nhân dân xã Tân Lập")
    head, own = [*HEAD, "Cơ quan tiếp nhận"], [*FIRST, "UBND xã Bình Minh"]
    other = [*SECOND, "UBND xã Tân Lập"]
    found = preview(office, sheet([head, own, other]), tmp_path)
    assert [one.what for one in found.outcomes] == [lists.NEW, lists.FOREIGN]


def test_a_line_that_may_be_ours_is_ours_though_another_bears_the_name(
    office: Office, tmp_path: Path
) -> None:
    make_office(office.agency.name)
    found = preview(
        office,
        sheet([[*HEAD, "Cơ quan tiếp nhận"], [*FIRST, office.agency.name]]),
        tmp_path,
    )
    assert [one.what for one in found.outcomes] == [lists.NEW]


def test_a_name_of_several_procedures_is_none_of_them(office: Office, tmp_path: Path) -> None:
    for code in ("1.000011", "1.000012"):
        make_case(name="Đăng ký khai sinh", code=code)
    found = preview(office, sheet([HEAD, SECOND]), tmp_path)
    (line,) = found.outcomes
    assert found.procedures.one(line.listed) is None
    assert line.reason == ("nhiều thủ tục cùng tên (1.000011, 1.000012): người tiếp nhận chọn")
    _, recorded_ = recorded(office, sheet([HEAD, SECOND]), tmp_path)
    assert recorded_.counts["new"] == 1
    assert OnlineFiling.objects.get().procedure is None


def test_what_is_published_under_a_name_goes_before_what_once_was(
    office: Office, tmp_path: Path
) -> None:
    make_case(name="Đăng ký khai sinh", code="1.000011", effective_to=date(2020, 1, 1))
    now = make_case(name="Đăng ký khai sinh", code="1.000012")
    found = preview(office, sheet([HEAD, SECOND]), tmp_path)
    (line,) = found.outcomes
    assert found.procedures.one(line.listed) == now.version.procedure
    assert line.reason == ""


def test_a_code_that_waits_at_another_counter_is_told(office: Office, tmp_path: Path) -> None:
    a_filing(make_office("Ủy ban nhân dân xã Tân Lập"))
    found = preview(office, sheet([HEAD, FIRST]), tmp_path)
    assert [one.what for one in found.outcomes] == [lists.FOREIGN]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("cho.doc", b"x", "table_kind"),
        ("cho.xlsx", b"PK\x03\x04 rubbish", "table_unreadable"),
        ("cho.xls", b"<html><table></table></html>", "table_web_page"),
        ("cho.csv", "Mã".encode("utf-16"), "table_encoding"),
        ("cho.csv", b"\n\n", "table_empty"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_what_to_do(tmp_path, name, content, code) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DomainError, match=f"^{code}$"):
        read_table(path, name)


def test_headings_are_guessed_without_marks_and_each_column_once() -> None:
    found = guess(["STT", "MÃ SỐ HỒ SƠ (1)", "Họ và tên người nộp", "Thời gian nộp hồ sơ", "SĐT"])
    assert found == {"code": 1, "owner": 2, "filed_at": 3, "phone": 4}


def test_columns_are_confirmed_once_and_kept(office: Office, tmp_path: Path) -> None:
    """Headings that nobody guesses: chosen once, found by name afterwards wherever they stand."""
    source = online.national_source()
    head, line = ["K1", "K2", "K3"], [CODE, "Nguyễn Thị Bình", "20/11/2026 16:00"]
    found = table(sheet([head, line]), tmp_path)
    with refused("columns_missing"):
        chosen(found.columns.head, {}, WANTED)
    with refused("column_twice"):
        chosen(found.columns.head, {"code": 0, "owner": 0, "filed_at": 2}, WANTED)
    columns = chosen(found.columns.head, {"code": 0, "owner": 1, "filed_at": 2}, WANTED)
    row = OnlineList(source=source)
    lists.confirm_columns(row, columns)
    source.refresh_from_db()
    assert source.columns == {"code": "K1", "owner": "K2", "filed_at": "K3"}
    turned = table(
        sheet([["STT", "K3", "K2", "K1"], [1, *line[::-1]]]), tmp_path, kept=source.columns
    )
    assert lists.are_confirmed(OnlineList(source=source), turned)
    assert turned.columns.places == {"code": 3, "owner": 2, "filed_at": 1}


# --- recording ----------------------------------------------------------------------------------


def test_what_is_new_waits_and_is_no_dossier(office: Office, tmp_path: Path) -> None:
    make_case(code="1.000001")
    recorded(office, sheet([HEAD, FIRST, SECOND]), tmp_path)
    one, two = OnlineFiling.objects.order_by("code")
    assert (one.accept_by, one.procedure.code) == (vn("23/11/2026 16:00"), "1.000001")  # type: ignore[union-attr]
    assert (two.procedure, two.procedure_text) == (None, "Đăng ký khai sinh")
    assert not Dossier.objects.exists()
    assert not Span.objects.exists()


def test_the_same_file_twice_changes_nothing(office: Office, tmp_path: Path) -> None:
    content = sheet([HEAD, FIRST, SECOND])
    recorded(office, content, tmp_path)
    before = list(OnlineFiling.objects.order_by("pk").values())
    _, found = recorded(office, content, tmp_path)
    assert found.counts["waiting"] == 2
    assert list(OnlineFiling.objects.order_by("pk").values()) == before


def test_what_vanished_is_told_and_not_deleted(office: Office, tmp_path: Path) -> None:
    recorded(office, sheet([HEAD, FIRST, SECOND]), tmp_path)
    row, found = recorded(office, sheet([HEAD, SECOND]), tmp_path)
    assert [one.code for one in found.gone] == [CODE]
    filing = OnlineFiling.objects.get(code=CODE)
    assert (filing.is_waiting, filing.missing_from) == (True, row)
    recorded(office, sheet([HEAD, FIRST, SECOND]), tmp_path)
    filing.refresh_from_db()
    assert filing.missing_from is None


def test_a_list_of_some_days_says_nothing_of_what_it_leaves_out(
    office: Office, tmp_path: Path
) -> None:
    """The preview says how many lie outside its days; whoever records it says that it is a part."""
    recorded(office, sheet([HEAD, FIRST, SECOND]), tmp_path)
    found = preview(office, sheet([HEAD, SECOND]), tmp_path)
    assert (found.counts["gone"], found.outside) == (1, 1)
    of_its_day = [*SECOND[:1], "G99.01-261123-000003", *SECOND[2:]]
    a_filing(office, "G99.01-261123-000004", filed_at=vn("23/11/2026 08:00"))
    found = preview(office, sheet([HEAD, SECOND, of_its_day]), tmp_path)
    assert (found.counts["gone"], found.outside) == (2, 1)
    _, found = recorded(office, sheet([HEAD, SECOND]), tmp_path, is_part=True)
    assert found.counts["gone"] == 0
    assert not OnlineFiling.objects.exclude(missing_from=None).exists()


def test_what_was_received_is_told_with_a_time_that_differs(office: Office, tmp_path: Path) -> None:
    """A time that was typed to hide a late reception comes out with the portal's next list."""
    said = OnlineIn(CODE, vn("23/11/2026 07:00"))
    reception.receive(
        an_intake(office, make_case(), channel=Channel.ONLINE_FULL, online=said),
        by=office.desk(office.clerk),
        at=MONDAY,
    )
    found = preview(office, sheet([HEAD, FIRST]), tmp_path)
    (one,) = found.of(lists.RECEIVED)
    assert "23/11/2026 07:00" in one.reason
    assert "20/11/2026 16:00" in one.reason


def test_what_was_guided_and_handed_in_again_waits_again(office: Office, tmp_path: Path) -> None:
    filing = a_filing(office, state=OnlineFiling.State.ANSWERED, ended_at=MONDAY)
    later = [*FIRST[:8], "23/11/2026 08:00", ""]
    row, found = recorded(office, sheet([HEAD, later]), tmp_path)
    filing.refresh_from_db()
    assert found.counts["again"] == 1
    assert (filing.is_waiting, filing.filed_at, filing.listed_in) == (
        True, vn("23/11/2026 08:00"), row,
    )  # fmt: skip


def test_a_list_that_brings_answered_filings_anew_keeps_what_was_answered(
    office: Office, tmp_path: Path, queries: Any
) -> None:
    """In one statement, however many."""
    asked = []
    for number, several in ((1, 1), (2, 4)):
        codes = [f"G99.01-26112{number}-{n:06d}" for n in range(several)]
        for code in codes:
            a_filing(office, code, state=OnlineFiling.State.ANSWERED, ended_at=MONDAY)
        again = [[*FIRST[:8], "23/11/2026 08:00", ""] for _ in codes]
        for line, code in zip(again, codes, strict=True):
            line[1] = code
        with queries() as seen:
            recorded(office, sheet([HEAD, *again]), tmp_path)
        asked.append(sum("answeredround" in one["sql"] for one in seen))
    assert asked[0] == asked[1] > 0
    assert {(row.accept_by, row.answered_at) for row in AnsweredRound.objects.all()} == {
        (vn("23/11/2026 16:00"), MONDAY)
    }
    assert AnsweredRound.objects.count() == 5


def test_a_list_is_taken_back_where_nobody_has_touched_it(office: Office, tmp_path: Path) -> None:
    row, _ = recorded(office, sheet([HEAD, FIRST, SECOND]), tmp_path)
    reception.receive(
        an_intake(office, make_case(), channel=Channel.ONLINE_FULL, online=OnlineIn(CODE)),
        by=office.desk(office.clerk),
        at=MONDAY,
    )
    assert lists.undo(row, by=office.clerk, at=MONDAY) == 1
    states = dict(OnlineFiling.objects.values_list("code", "state"))
    assert states == {CODE: 2, "G99.01-261123-000002": 5}
    with refused("online_cannot_undo"):
        lists.undo(row, by=office.clerk, at=MONDAY)
    _, found = recorded(office, sheet([HEAD, FIRST, SECOND]), tmp_path)
    assert (found.counts["again"], found.counts["received"]) == (1, 1)


def test_a_list_is_recorded_or_dropped_once(office: Office, tmp_path: Path) -> None:
    content = sheet([HEAD, FIRST])
    row, _ = recorded(office, content, tmp_path)
    with refused("online_list_over"):
        lists.record(row, table(content, tmp_path), by=office.clerk, at=MONDAY)
    with refused("online_list_over"):
        lists.drop(row, at=MONDAY)


def test_every_change_of_a_waiting_filing_is_noted(office: Office, tmp_path: Path) -> None:
    recorded(office, sheet([HEAD, FIRST]), tmp_path)
    recorded(office, sheet([HEAD, SECOND]), tmp_path)
    assert not list(verifying.faults())
    OnlineFiling.objects.update(filed_at=MONDAY)
    assert list(verifying.faults())


def test_looking_through_costs_the_same_for_one_line_and_many(
    office: Office, tmp_path: Path, django_assert_num_queries
) -> None:
    source = online.national_source()
    many = [[n, f"G99.01-261120-{n:06d}", *FIRST[2:]] for n in range(10, 200)]
    for rows in ([FIRST], many):
        found = table(sheet([HEAD, *rows]), tmp_path)
        with django_assert_num_queries(5):
            lists.preview(found, source=source, agency=office.agency, now=MONDAY)


# --- flags --------------------------------------------------------------------------------------


def test_what_is_soon_over_and_over_is_told_once(office: Office) -> None:
    a_filing(office, filed_at=vn("20/11/2026 16:00"))  # until Monday 16:00
    assert online_flags.flag(vn("23/11/2026 09:59")) == {"soon": 0, "late": 0}
    assert online_flags.flag(vn("23/11/2026 10:00")) == {"soon": 1, "late": 0}
    assert online_flags.flag(vn("23/11/2026 10:05")) == {"soon": 0, "late": 0}
    assert online_flags.flag(vn("23/11/2026 16:00")) == {"soon": 0, "late": 1}
    assert online_flags.flag(vn("23/11/2026 16:05")) == {"soon": 0, "late": 0}
    told = Message.objects.values_list("kind", "to_officer__full_name")
    people = (office.clerk.full_name, office.controller.full_name)
    assert sorted(told) == sorted((level, name) for level in ("late", "soon") for name in people)


def test_what_was_handed_in_again_is_told_again(office: Office, tmp_path: Path) -> None:
    a_filing(office, filed_at=vn("19/11/2026 16:00"))
    online_flags.flag(vn("23/11/2026 08:00"))
    OnlineFiling.objects.update(state=OnlineFiling.State.ANSWERED, ended_at=MONDAY)
    told = Message.objects.count()
    recorded(office, sheet([HEAD, FIRST]), tmp_path)
    assert online_flags.flag(vn("23/11/2026 16:00")) == {"soon": 0, "late": 1}
    assert Message.objects.count() == 2 * told > 0


# --- the command --------------------------------------------------------------------------------


def test_the_command_records_what_the_screen_would(office, tmp_path, capsys) -> None:
    source = online.national_source()
    path = tmp_path / "cho.xlsx"
    bad = [*FIRST[:8], "hôm qua", ""]
    path.write_bytes(sheet([HEAD, SECOND, bad]))
    asked = (
        "import_online",
        str(path),
        f"--source={source.name}",
        f"--agency={office.agency.code}",
    )
    with pytest.raises(Refused, match="chưa có bảng cột"):
        call_command(*asked)
    source.columns = table(path.read_bytes(), tmp_path).columns.named
    source.save()
    with pytest.raises(Refused):
        call_command(*asked, "--dry-run", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["new"], told["refused"], told["dry_run"]) == (1, 1, True)
    assert not OnlineFiling.objects.exists()
    with pytest.raises(Refused):
        call_command(*asked)
    assert OnlineFiling.objects.get().code == "G99.01-261123-000002"
    with pytest.raises(Refused, match="Không có nguồn tên"):
        call_command(*asked[:2], "--source=Không có", asked[3])


def test_an_uploads_file_goes_when_it_is_recorded(
    office, tmp_path, django_capture_on_commit_callbacks
) -> None:

    content = sheet([HEAD, FIRST])
    upload = SimpleUploadedFile("cho.xlsx", content)
    source = online.national_source()
    row = lists.start(upload, source=source, agency=office.agency, by=office.clerk, at=MONDAY)
    kept = row.kept
    assert default_storage.exists(kept)
    with django_capture_on_commit_callbacks(execute=True):
        lists.record(row, lists.table_of(row), by=office.clerk, at=MONDAY)
    assert not default_storage.exists(kept)
    assert OnlineSource.objects.get().columns == {}  # nobody confirmed them


def test_an_upload_lies_there_as_long_as_somebody_may_record_it(office) -> None:
    upload = SimpleUploadedFile("cho.xlsx", sheet([HEAD, FIRST]))
    source = online.national_source()
    row = lists.start(upload, source=source, agency=office.agency, by=office.clerk, at=MONDAY)
    assert left_after_days(lists.FOLDER) == [row.kept]
    lists.record(row, lists.table_of(row), by=office.clerk, at=MONDAY)
    assert left_after_days(lists.FOLDER) == []
