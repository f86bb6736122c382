"""A line is read to the letter or refused with column and reason; nothing is guessed (R-76)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dossiers.importing.reading import Line, lines_of, open_source, read
from dossiers.importing.rows import Row, Wait, merged
from dossiers.importing.trouble import LineRefused
from dossiers.states import State
from onestop.errors import DomainError, say
from tests.clock import MONDAY, vn
from tests.dossiers.importing.conftest import line, working


def read_line(**changes: str) -> Row:
    return read(Line(2, line(**changes)), now=MONDAY)


def refusal(cells: dict[str, str], *, extra: int = 0) -> tuple[str, str]:
    with pytest.raises(LineRefused) as refused:
        read(Line(2, cells, extra), now=MONDAY)
    assert say(refused.value.code, refused.value.data)
    return refused.value.column, refused.value.code


def test_a_good_line_is_a_value() -> None:
    row = read_line()
    assert row.status is State.RETURNED
    assert row.received_at == vn("02/03/2026 08:00")
    assert row.waits == ()


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T08:00+07:00",
        "2026-03-02T01:00Z",
        "2026-03-02 08:00",
        "02/03/2026 08:00",
        "2/3/2026 8:00",
        "02/03/2026 08:00:00",
    ],
)
def test_instants_are_iso_or_as_people_write_them_in_vietnams_time(text: str) -> None:
    assert read_line(received_at=text).received_at == vn("02/03/2026 08:00")


@pytest.mark.parametrize(
    "text",
    ["02/03/2026", "2026-03-02", "03-02-2026 08:00", "31/02/2026 08:00", "hôm nay", "46083,3"],
)
def test_what_is_no_instant_is_refused(text: str) -> None:
    assert refusal(line(received_at=text)) == ("received_at", "import_instant")


def test_what_has_not_yet_happened_is_refused_but_a_promise_may_lie_ahead() -> None:
    assert refusal(line(returned_at="2027-01-01T08:00")) == ("returned_at", "import_ahead")
    later = read(Line(2, working(due_at="2027-01-04T17:00+07:00")), now=MONDAY)
    assert later.due_at == vn("04/01/2027 17:00")


@pytest.mark.parametrize(
    "column", ["code", "agency", "procedure", "owner", "received_at", "status"]
)
def test_what_a_dossier_cannot_be_without(column: str) -> None:
    assert refusal(line(**{column: ""})) == (column, "import_missing")


@pytest.mark.parametrize("text", ["0", "11", "mười", "4.0", "-4", "²"])
def test_a_status_is_one_of_the_ten_national_numbers(text: str) -> None:
    assert refusal(line(status=text)) == ("status", "import_status")


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"status": "1"}, "status", "import_never_received"),
        ({"status": "3"}, "status", "import_never_received"),
        ({"status": "2"}, "finished_at", "import_not_ended"),
        ({"status": "4", "finished_at": ""}, "returned_at", "import_not_ended"),
        ({"status": "9"}, "returned_at", "import_returned"),
        ({"status": "7"}, "returned_at", "import_returned"),
        ({"status": "8"}, "returned_at", "import_returned"),
        ({"returned_at": ""}, "returned_at", "import_no_return"),
        ({"status": "9", "finished_at": "", "returned_at": ""}, "finished_at", "import_no_end"),
        ({"status": "5"}, "waiting_from_1", "import_wait_missing"),
        ({"status": "6"}, "waiting_from_1", "import_wait_missing"),
        ({"due_at": "2026-03-01T17:00"}, "due_at", "import_due_before"),
        ({"finished_at": "2026-03-02T07:59"}, "finished_at", "import_end_before"),
        ({"returned_at": "2026-03-05T15:59"}, "returned_at", "import_return_before"),
        ({"waiting_from_1": "2026-03-01T08:00"}, "waiting_from_1", "import_wait_before"),
        ({"waiting_from_1": "2026-03-06T08:00"}, "waiting_to_1", "import_wait_after"),
        ({"waiting_to_2": "2026-03-03T08:00"}, "waiting_to_2", "import_wait_no_begin"),
        (
            {"waiting_from_1": "2026-03-04T08:00", "waiting_to_1": "2026-03-03T08:00"},
            "waiting_to_1",
            "import_wait_turned",
        ),
    ],
)
def test_status_and_times_must_say_the_same(
    changes: dict[str, str], column: str, code: str
) -> None:
    assert refusal(line(**changes)) == (column, code)


def test_an_open_wait_belongs_to_a_dossier_that_waits_or_that_ended_waiting() -> None:
    asked = {"waiting_from_1": "2026-03-03T08:00"}
    assert refusal(working(**asked)) == ("status", "import_wait_open")
    assert read(Line(2, working(status="5", **asked)), now=MONDAY).open_wait is not None
    assert read_line(status="7", returned_at="", **asked).open_wait is not None


def test_waits_that_overlap_or_touch_are_one() -> None:
    def at(hour: int) -> Wait:
        return Wait(vn(f"03/03/2026 {hour:02d}:00"), vn(f"03/03/2026 {hour + 2:02d}:00"))

    assert merged([at(9), at(8)]) == (Wait(at(8).start, at(9).end),)
    assert merged([at(8), at(10)]) == (Wait(at(8).start, at(10).end),)
    assert merged([at(13), at(8)]) == (at(8), at(13))
    assert merged([Wait(at(8).start), at(13)]) == (Wait(at(8).start),)


@pytest.mark.parametrize("code", ["a/b", "a b", "a?b", "x" * 61])
def test_a_code_that_no_address_can_hold_is_refused(code: str) -> None:
    assert refusal(line(code=code))[0] == "code"


def test_foreign_codes_are_kept_as_text() -> None:
    assert read_line(code="000.00.05.H37-260302-0007").code == "000.00.05.H37-260302-0007"


@pytest.mark.parametrize("text", ["0", "-1", "12a", "1,5", "²"])
def test_a_register_number_is_a_positive_number(text: str) -> None:
    assert refusal(line(register_number=text)) == ("register_number", "import_register")


def test_cells_beyond_the_columns_are_refused() -> None:
    assert refusal(line(), extra=1) == ("", "import_extra_cells")


Write = Callable[..., Path]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_ways_of_excel_are_read(write: Write, separator: str) -> None:
    source = open_source(write(line(owner="Đặng, Thị; Bé"), separator=separator, bom=True))
    (found,) = lines_of(source)
    assert found.number == 2
    assert found.cells["owner"] == "Đặng, Thị; Bé"
    assert found.cells["code"] == line()["code"]


def test_a_record_over_several_lines_is_named_by_its_first(write: Write) -> None:
    found = list(lines_of(open_source(write(line(note="một\nhai"), line(code="X-1")))))
    assert [one.number for one in found] == [2, 4]
    assert found[0].cells["note"] == "một hai"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "import_empty"),
        (b"\n", "import_empty"),
        (b"code;agency\nA;B\n", "import_columns"),
        (b"code,agency,procedure,owner,received_at,status,code\n", "import_column_twice"),
        ("mã,tên\n".encode("utf-16"), "import_encoding"),
        ("code,owner\nA,Nguy\u1ec5n\n".encode("cp1258", "replace") + b"\xff", "import_encoding"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(DomainError) as refused:
        open_source(path)
    assert refused.value.code == code


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DomainError) as refused:
        open_source(tmp_path / "khong-co.csv")
    assert refused.value.code == "import_unreadable"
