"""II.07b: by level and without repeats, from the national records and from published lists (R-116)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from onestop.accounts.models import Agency, AgencyKind, Level
from procedures.models import (
    CounterKind,
    Field,
    InternalProcess,
    Kind,
    ListDecision,
    ListLine,
    Procedure,
    ProcedureVersion,
    Status,
)
from reports.figures import Scope, Table, table, tables
from reports.figures.tables import empty
from reports.form_data import form_on
from reports.frozen import filled_from
from reports.periods import parse
from reports.rendering import as_dict
from tests.world import make_office, vn

pytestmark = pytest.mark.django_db
CUT = vn("23/11/2026 09:00")
NUMBERS = [str(number) for number in range(3, 15)]


def province() -> Agency:
    return Agency.objects.create(
        code="H37", name="Ủy ban nhân dân tỉnh Lạng Sơn", level=Level.PROVINCE,
        kind=AgencyKind.PEOPLES_COMMITTEE,
    )  # fmt: skip


def procedures(number: int, levels: str = "Cấp tỉnh") -> list[Procedure]:
    """So many procedures in force, whose records name these levels."""
    begin = Procedure.objects.count()
    made = Procedure.objects.bulk_create(
        [Procedure(code=f"1.{begin + n:06}") for n in range(number)]
    )
    field, _ = Field.objects.get_or_create(name="Hộ tịch")
    ProcedureVersion.objects.bulk_create(
        [
            ProcedureVersion(
                procedure=one, number=1, name="Thủ tục", field=field, levels=levels,
                status=Status.READY, effective_from=date(2020, 1, 1), content_hash="", search_text="",
            )
            for one in made
        ]
    )  # fmt: skip
    return made


def published(
    agency: Agency, number: str, on: date, *lines: dict[str, Any], at: str = "01/06/2026 09:00"
) -> ListDecision:
    officer = make_office(parent=agency).clerk
    decision = ListDecision.objects.create(
        agency=agency, number=number, about="Công bố", signer="Chủ tịch", signed_on=on,
        effective_from=on, stage=ListDecision.Stage.PUBLISHED, drafted_at=vn(at),
        drafted_by=officer, checked_at=vn(at), published_at=vn(at), published_by=officer,
    )  # fmt: skip
    ListLine.objects.bulk_create([ListLine(decision=decision, **line) for line in lines])
    return decision


def filled(agency: Agency, period: str = "2026Q3", cut: Any = CUT) -> Table:
    found = parse(period)
    return table(form_on("II.07b", found.last), Scope.of(agency), found, cut)


def said(found: Table) -> tuple[list[Any], dict[str, int]]:
    assert found.total is not None
    beside = {one.name: one.value for one in found.beside}
    return [found.total.values[number] for number in NUMBERS], beside


def test_the_known_example_comes_out_explained() -> None:
    """203 procedures, 142 + 13 + 49 = 204 by level: both stand, and the one that makes the
    difference is told. What no level of the locality handles is told apart.
    """
    procedures(141)
    procedures(13, "Cấp huyện")
    procedures(48, "Cấp xã")
    procedures(1, "Cấp tỉnh, Cấp xã")
    procedures(2, "Cấp bộ")
    found = filled(province(), "2021Q2")
    numbers, beside = said(found)
    assert numbers[:4] == [204, 142, 13, 49]
    assert beside == {
        "unique": 203, "unique_one_stop": 203, "several_levels": 1, "no_level": 2,
        "list_decisions": 0,
    }  # fmt: skip
    told = [note for note in found.notes if "142 + 13 + 49 = 204" in note]
    assert len(told) == 1
    assert "không tính trùng là 203 thủ tục, vì 1 thủ tục thực hiện ở nhiều cấp" in told[0]
    assert any("cơ sở dữ liệu quốc gia" in note for note in found.notes)
    # What is kept says the same, though no sentence is kept.
    kept = as_dict(found, kept=True)
    again = filled_from(empty(found.form, found.scope, found.period, found.cut), kept)
    assert (again.notes, again.beside) == (found.notes, found.beside)


def test_published_lists_say_what_is_whose_on_the_day_by_the_cut() -> None:
    """A procedure at two counters of one level counts once there; what is abolished by then does not
    count, what is published after the cut changes no figure.
    """
    top = province()
    both, branch, moved, gone, later = procedures(5)
    on = date(2026, 6, 1)
    published(
        top, "1/QĐ-UBND", on,
        {"procedure": both, "counter": CounterKind.PROVINCE},
        {"procedure": both, "counter": CounterKind.BRANCH},
        {"procedure": both, "counter": CounterKind.COMMUNE},
        {"procedure": branch, "counter": CounterKind.BRANCH},
        {"procedure": moved, "counter": CounterKind.COMMUNE},
        {"procedure": gone, "counter": CounterKind.PROVINCE},
    )  # fmt: skip
    published(
        top, "2/QĐ-UBND", date(2026, 9, 1),
        {"procedure": gone, "counter": CounterKind.PROVINCE, "kind": Kind.ABOLISHED},
        {"procedure": moved, "counter": CounterKind.COMMUNE, "at_counter": False, "why_not": "lưu động"},
    )  # fmt: skip
    last = published(
        top, "3/QĐ-UBND", on, {"procedure": later, "counter": CounterKind.COMMUNE},
        at="23/11/2026 10:00",
    )  # fmt: skip
    for level in ("Cấp tỉnh", "Cấp xã", "Cấp xã"):
        InternalProcess.objects.create(
            procedure_code=both.code, level=level, case_name=str(InternalProcess.objects.count())
        )
    # Issued after the period's last day, by its own date or by its list's.
    InternalProcess.objects.create(
        procedure_code=branch.code, level="Cấp xã", decided_on=date(2026, 10, 1)
    )
    InternalProcess.objects.create(
        procedure_code=moved.code, level="Cấp xã", published_by=last, decided_on=date(2026, 6, 1)
    )
    numbers, beside = said(filled(top))
    assert numbers == [4, 2, 0, 2, 3, 2, 0, 1, 3, 1, 0, 2]
    assert beside == {
        "unique": 3, "unique_one_stop": 2, "several_levels": 1, "list_decisions": 2,
    }  # fmt: skip
    assert said(filled(top, "2026Q2"))[0][:4] == [5, 3, 0, 2]
    assert said(filled(top, cut=vn("24/11/2026 09:00")))[0][:4] == [5, 2, 0, 3]


def test_a_commune_answers_for_its_own_and_many_agencies_cost_as_much_as_one(
    queries: Any,
) -> None:
    top = province()
    here, there = procedures(2)
    published(
        top, "1/QĐ-UBND", date(2026, 6, 1),
        {"procedure": here, "counter": CounterKind.COMMUNE},
        {"procedure": there, "counter": CounterKind.PROVINCE},
    )  # fmt: skip
    office = make_office(parent=top)
    period = parse("2026Q3")
    scopes = [Scope.of(top), Scope.of(office.agency)]
    form = form_on("II.07b", period.last)
    with queries() as seen:
        one, other = tables(form, scopes, period, CUT)
    assert len(seen) == 4
    assert said(one)[0][:4] == [2, 1, 0, 1]
    assert said(other)[0][:4] == [1, 0, 0, 1]


def test_a_level_that_no_list_names_is_counted_from_the_records(queries: Any) -> None:
    """Its counters receive the whole catalogue until a list names them (R-133): three of the
    province, though the only list is of communes; abolishing binds like any other line.
    """
    top = province()
    procedures(3)
    own, gone = procedures(2, "Cấp xã")
    published(
        top, "1/QĐ-UBND", date(2026, 6, 1), {"procedure": own, "counter": CounterKind.COMMUNE}
    )
    office = make_office(parent=top)
    period = parse("2026Q3")
    form = form_on("II.07b", period.last)
    with queries() as seen:
        whole, commune = tables(form, [Scope.of(top), Scope.of(office.agency)], period, CUT)
    assert len(seen) == 5
    numbers, beside = said(whole)
    assert numbers[:8] == [4, 3, 0, 1, 4, 3, 0, 1]
    assert beside["unlisted_levels"] == 1
    assert any("cấp chưa danh mục nào nêu đếm theo" in note for note in whole.notes)
    assert said(commune)[0][:4] == [1, 0, 0, 1]
    assert "unlisted_levels" not in said(commune)[1]
    published(
        top, "2/QĐ-UBND", date(2026, 6, 2),
        {"procedure": gone, "counter": CounterKind.PROVINCE, "kind": Kind.ABOLISHED},
    )  # fmt: skip
    assert said(filled(top))[0][:4] == [1, 0, 0, 1]


def test_a_department_has_the_processes_of_its_own_level() -> None:
    top = province()
    [one] = procedures(1)
    published(top, "1/QĐ-UBND", date(2026, 6, 1), {"procedure": one, "counter": CounterKind.BRANCH})
    branch = Agency.objects.create(
        code="H37.5",
        name="Sở Tư pháp",
        level=Level.PROVINCE,
        kind=AgencyKind.DEPARTMENT,
        parent=top,
    )
    for name, level in (("1", "Cấp tỉnh"), ("1", "Cấp xã"), ("2", "Cấp xã")):
        InternalProcess.objects.create(procedure_code=one.code, level=level, case_name=name)
    assert said(filled(branch))[0] == [1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0]
    assert said(filled(top))[0][8:] == [3, 1, 0, 2]


def test_an_import_afterwards_changes_no_period_before() -> None:
    """What it replaces stays counted, once with what stands instead."""
    top = province()
    old = InternalProcess.objects.create(
        procedure_code="1.000001", decision="5/QĐ", level="Cấp xã", decided_on=date(2026, 6, 1)
    )
    before = said(filled(top))[0][8:]
    assert before == [1, 0, 0, 1]
    InternalProcess.objects.filter(pk=old.pk).update(replaced=True)
    InternalProcess.objects.create(
        procedure_code="1.000001", decision="5/QĐ", level="Cấp xã", decided_on=date(2026, 10, 5)
    )
    assert said(filled(top))[0][8:] == before
    assert said(filled(top, "2026Q4", vn("20/12/2026 09:00")))[0][8:] == before
