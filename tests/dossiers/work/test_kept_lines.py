"""Lines of lists are drawn once for what they say: a line that says something else is drawn anew."""

from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.template import Context, Template

from dossiers.desk.columns import CODE, LEFT, OFFICER, OWNER, PROCEDURE, RESULT, STEP, Column
from dossiers.desk.results import Written
from dossiers.desk.rows import Row, rows_of
from dossiers.desk.work import Line
from dossiers.states import State
from onestop import speed
from onestop.worktime import TimeLeft, vn_calendar
from onestop.worktime.left import LeftKind
from tests.world import vn

COLUMNS = (CODE, OWNER, PROCEDURE, STEP, OFFICER, RESULT, LEFT)
NOW = vn("23/11/2026 09:00")
LIST = Template("{% load desks %}{% desk_rows rows columns pick=pick narrow=narrow %}")


def a_line(**said: Any) -> Line:
    usual: dict[str, Any] = {
        "pk": 7, "code": "H37.1-261123-0001", "row_version": 3, "owner_name": "Lý <Thị> Mai", "procedure_code": "1.000001",
        "procedure": "Thủ tục cấp bản sao", "state": State.IN_PROGRESS.value, "channel": 1, "agency_id": 1, "step": "Thẩm định",
        "holder_id": 5, "holder": "Hoàng Văn An", "department": "Phòng Kinh tế", "sort_due": vn("30/11/2026 17:00"),
        "due_at": vn("30/11/2026 17:00"), "late_from": vn("01/12/2026 00:00"), "warn_at": vn("27/11/2026 08:00"),
        "provisional": False, "undetermined": False, "forward_by": None,
    }  # fmt: skip
    return Line(**(usual | said))


def a_row(line: Line | None = None, **said: Any) -> Row:
    usual: dict[str, Any] = {
        "line": line or a_line(), "left": TimeLeft(LeftKind.RUNNING, "còn 5 ngày"), "title": "Cấp bản sao",
        "url": "/ho-so/H37.1-261123-0001/",
    }  # fmt: skip
    return Row(**(usual | said))


def drawn(row: Any, *, columns: tuple[Column, ...] = COLUMNS, **said: Any) -> str:
    told = {"rows": [row], "columns": columns, "pick": True, "narrow": "/viec/?loai=x"} | said
    return LIST.render(Context(told))


def plain(row: Any, **said: Any) -> str:
    with speed.plainly("lines"):
        return drawn(row, **said)


WRITTEN = Written("Giấy phép", "12", None, "Trần A", "", (("a.pdf", "/ho-so/x/tep/1/"),), False)
OTHERWISE: dict[str, Any] = {
    "left": TimeLeft(LeftKind.LATE, "quá 1 ngày"), "title": "Khác", "url": "/ho-so/H2/", "instead_of": "Vi Văn Bảy",
    "result": WRITTEN, "is_slow": True, "forward": "trước 10:00",
}  # fmt: skip
# Of a line, what each type of column may say otherwise.
OTHER_VALUES: dict[str, Any] = {
    "str": "Nói khác", "int": 8, "bool": True, "int | None": 9, "datetime": vn("02/12/2026 09:00"),
    "datetime | None": vn("03/12/2026 09:00"),
}  # fmt: skip


def test_every_column_said_otherwise_is_drawn_as_if_nothing_was_kept():
    row = a_row()
    assert drawn(row) == drawn(row) == plain(row)
    for one in fields(Row):
        other = replace(row, **{one.name: OTHERWISE[one.name]}) if one.name in OTHERWISE else row
        assert drawn(other) == plain(other), one.name
    for one in fields(Line):
        value: Any = OTHER_VALUES[str(one.type)]
        if one.name == "state":
            value = State.AWAITING_PAPERS.value
        changed: dict[str, Any] = {one.name: value}
        other = a_row(replace(a_line(), **changed))
        assert drawn(other) == plain(other), one.name
    assert drawn(row) == plain(row)


@pytest.mark.parametrize(
    "said",
    [
        {"pick": False}, {"narrow": ""}, {"narrow": "/viec/?loai=y"}, {"focus": 7}, {"focus": 8},
        {"columns": (CODE, LEFT)}, {"columns": (LEFT, CODE)},
    ],
)  # fmt: skip
def test_so_is_the_same_line_of_another_list(said):
    row = a_row()
    drawn(row)
    assert drawn(row, **said) == plain(row, **said)
    assert drawn(row) == plain(row)


def test_nothing_else_of_a_page_gets_into_a_line():
    """What is kept for all is told by its row alone, not by who looked first."""
    stranger: dict[str, Any] = {
        "user": "x",
        "result": "của người khác",
        "looks": "x",
        "request": "x",
        "exact": "x",
    }
    assert drawn(a_row(), **stranger) == plain(a_row())


def test_a_minute_that_changes_no_word_changes_no_row(monkeypatch):
    monkeypatch.setattr(
        "dossiers.desk.rows.calendars_of", lambda ids: dict.fromkeys(ids, vn_calendar())
    )

    def at(now: datetime) -> Row:
        return rows_of([a_line()], now, {})[0]

    past = NOW + timedelta(minutes=7)
    assert at(past) == at(past + timedelta(minutes=1))
    assert at(past) != at(past + timedelta(hours=2))
