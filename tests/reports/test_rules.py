"""The rules of the tables one by one, in the smallest dossiers that show them (R-106 … R-116; R-110
stands in test_periods.py, R-116 in test_command.py).
"""

from __future__ import annotations

from typing import Any

import pytest

from dossiers.acts.visits import Said, record
from dossiers.intake.brought import Person
from dossiers.ledger.spans import group_of
from dossiers.models import CounterVisit
from dossiers.states import State
from reports import rendering
from reports.figures import Scope, checks, table
from reports.figures.tables import Table
from reports.form_data import form_on
from reports.periods import parse
from tests.reports.conftest import ask_papers, finish
from tests.world import Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
CODE = "2026M10"  # 15/9 to 14/10
LAST = "14/10/2026 23:59:59"
CUT = "23/11/2026 09:00"


@pytest.fixture
def office() -> Office:
    return make_office()


def filled(office: Office, form: str = "II.06a", code: str = CODE, cut: str = CUT) -> Table:
    period = parse(code)
    known = form_on(form, period.last)
    return table(known, Scope.for_form(known, office.agency), period, vn(cut))


def total(office: Office, code: str = CODE) -> dict[str, Any]:
    found = filled(office, code=code).total
    assert found is not None
    return {number: value for number, value in found.values.items() if value}


def test_r106_r111_every_row_and_the_total_add_up(office: Office) -> None:
    for field in ("Hộ tịch", "Chứng thực"):
        case = make_case("3 ngày làm việc", field=field)
        receive(office, case, at=vn("10/09/2026 09:00"))
        finish(office, receive(office, case, at=vn("21/09/2026 09:00")), vn("22/09/2026 09:00"))
        receive(office, case, at=vn("13/10/2026 09:00"))
    found = filled(office)
    assert found.total is not None
    for row in (*found.rows, found.total):
        one: dict[str, Any] = dict(row.values)
        assert one["3"] == (6 if row is found.total else 3)
        assert one["3"] == one["4"] + one["5"] + one["6"] == one["7"] + one["11"]
        assert one["7"] == one["8"] + one["9"] + one["10"]
        assert one["11"] == one["12"] + one["13"]
    for number, value in found.total.values.items():
        assert value == sum(row.values[number] for row in found.rows)  # type: ignore[misc]
    assert list(checks.problems(found)) == []


def test_r107_what_is_open_is_carried_over(office: Office) -> None:
    receive(office, make_case(), at=vn("14/09/2026 23:59"))
    receive(office, make_case(), at=vn("15/09/2026 00:00"))
    assert total(office)["11"] == total(office, "2026M11")["6"] == 2
    assert total(office)["6"] == total(office, "2026M9")["11"] == 1


def test_r109_what_was_never_taken_in_is_not_counted(office: Office) -> None:
    """Newly filed and not taken in stand in no group; a refusal at the counter in no column."""
    outside = {State.REGISTERED, State.NOT_RECEIVED}
    assert {state for state in State if group_of(state) is None} == outside
    said = Said(
        kind=CounterVisit.Kind.REFUSE,
        agency=office.agency,
        version=make_case().version,
        owner=Person(name="Nguyễn Văn Ân"),
        reason="Không thuộc thẩm quyền",
    )
    record(said, by=office.desk(office.clerk), at=vn("21/09/2026 09:00"))
    assert total(office) == {}


@pytest.mark.parametrize(
    ("ended", "column"),
    [
        ("23/09/2026 16:59", "8"),  # the day before
        ("24/09/2026 00:00", "9"),
        ("24/09/2026 23:59", "9"),
        ("25/09/2026 00:00", "10"),
    ],
)
def test_r113_the_date_of_the_end_against_the_promised_one(
    office: Office, ended: str, column: str
) -> None:
    """Promised for Thursday 24/09/2026."""
    dossier = receive(office, make_case("3 ngày làm việc"), at=vn("21/09/2026 09:00"))
    finish(office, dossier, vn(ended))
    assert total(office)[column] == 1
    assert total(office)["7"] == 1


@pytest.mark.parametrize(
    ("term", "at", "column"),
    [
        ("3 ngày làm việc", "08/10/2026 09:00", "13"),  # promised for 13/10
        ("3 ngày làm việc", "09/10/2026 09:00", "12"),  # promised for the period's last day
        ("3 ngày làm việc", "12/10/2026 09:00", "12"),
        ("24 giờ", "13/10/2026 09:00", "13"),  # promised for 09:00 of the last day
        ("trong ngày", "13/10/2026 09:00", "13"),
        ("trong ngày", "14/10/2026 09:00", "12"),
        ("không phải trả kết quả", "16/09/2026 09:00", "12"),
    ],
)
def test_r114_late_at_the_last_instant_or_in_time(
    office: Office, term: str, at: str, column: str
) -> None:
    receive(office, make_case(term), at=vn(at))
    assert total(office)["11"] == total(office)[column] == 1


def test_r114_a_wait_asked_for_in_time_is_in_time(office: Office) -> None:
    """And one asked for after the promise heals nothing."""
    for asked in ("22/09/2026 09:00", "28/09/2026 09:00"):
        dossier = receive(office, make_case("3 ngày làm việc"), at=vn("21/09/2026 09:00"))
        ask_papers(
            office, dossier, vn(asked), legal_basis="NĐ 1", approver=office.leader, approval_reason="Cần",
        )  # fmt: skip
    assert (total(office)["12"], total(office)["13"]) == (1, 1)


def test_r112_the_table_above_is_the_sum_of_those_below() -> None:
    above = make_office("Ủy ban nhân dân tỉnh Lạng Sơn")
    below = [make_office(f"Ủy ban nhân dân xã {n}", parent=above.agency) for n in range(2)]
    for number, office in enumerate((above, *below)):
        for _ in range(number + 1):
            receive(office, make_case(), at=vn("21/09/2026 09:00"))
    parts = [total(office) for office in (above, *below)]
    for form in ("II.06b", "II.06c", "II.06-don-vi"):
        whole = filled(above, form).total
        assert whole is not None
        for number in ("3", "5", "11"):
            assert whole.values[number] == sum(one[number] for one in parts) == 6


def test_r115_the_head_says_period_offices_and_unit() -> None:
    above = make_office("Ủy ban nhân dân tỉnh Lạng Sơn")
    office = make_office("Ủy ban nhân dân xã Bình Minh", parent=above.agency)
    text = rendering.html(filled(office))
    for said in (
        "Từ ngày 15/09/2026 đến ngày 14/10/2026",
        f"Đơn vị báo cáo: {office.agency.name}",
        f"Đơn vị nhận báo cáo: {above.agency.name}",
        "Đơn vị tính: Số hồ sơ TTHC.",
        "Biểu số II.06a/VPCP/KSTT",
        "Thông tư số 01/2020/TT-VPCP ngày 21/10/2020",
    ):
        assert said in text, said


def test_a_form_is_called_by_what_people_know() -> None:
    """Its code where the paper has it, else its title; never a word of the command line."""
    day = parse(CODE).last
    called = {
        code: form_on(code, day).called for code in ("II.06a", "07a/BTP", "late-causes", "register")
    }
    assert called == {
        "II.06a": "II.06a",
        "07a/BTP": "07a/BTP",
        "late-causes": "Nguyên nhân quá hạn đối với các hồ sơ tại biểu II.06",
        "register": "Sổ theo dõi hồ sơ",
    }
