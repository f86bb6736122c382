"""Received by mistake and voided: in no column of any table, listed beside it; by an earlier cut it
counts, and a signed report is adjusted by it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from dossiers.acts import taking_back, voiding
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from reports.board import figures as board
from reports.board import tally
from reports.board.moment import Moment
from reports.figures import Scope, Table, lists, table
from reports.figures.tables import dossiers_behind, tables
from reports.models import ReportForm
from reports.periods import parse
from tests.world import Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
AT = vn("21/09/2026 09:00")


@pytest.fixture
def office() -> Office:
    return make_office()


def void(office: Office, dossier: Dossier, at: datetime) -> None:
    clerk, leader = office.desk(office.clerk, at), office.desk(office.leader, at)
    row = voiding.put_before(dossier, reason="Nhầm", approver=office.leader, by=clerk, at=at)
    voiding.answer(row.pk, agreed=True, words="", by=leader, at=at)
    voiding.void_as_agreed(Seen(dossier.pk), row, by=clerk, at=at)


def counted(office: Office, cut: datetime, period: str = "2026Q4") -> Table:
    form = ReportForm.objects.get(code="II.06a")
    return table(form, Scope.of(office.agency), parse(period), cut)


def beside(found: Table) -> int | None:
    return next((one.value for one in found.beside if one.name == "voided"), None)


def total(found: Table) -> dict[str, object]:
    assert found.total is not None
    return {number: value for number, value in found.total.values.items() if value}


def test_out_of_the_table_and_listed_beside_it(office: Office) -> None:
    kept = receive(office, make_case(), at=AT)
    mistaken = receive(office, make_case(), at=AT)
    later = AT + timedelta(hours=1)
    void(office, mistaken, later)
    before = counted(office, later - timedelta(minutes=1))
    assert (total(before)["3"], beside(before)) == (2, None)
    found = counted(office, later)
    assert (total(found)["3"], beside(found)) == (1, 1)
    form, scope, period = found.form, found.scope, found.period
    assert dossiers_behind(form, scope, period, later, "voided", "") == [mistaken.pk]
    assert dossiers_behind(form, scope, period, later, "total", "3") == [kept.pk]
    [many] = tables(form, [scope], period, later)
    assert (total(many), beside(many)) == (total(found), 1)
    # In another period it is neither.
    assert beside(counted(office, vn("20/12/2026 09:00"), "2026M12")) is None


def test_taken_back_it_counts_again(office: Office) -> None:
    mistaken = receive(office, make_case(), at=AT)
    void(office, mistaken, AT + timedelta(hours=1))
    again = AT + timedelta(hours=2)
    taking_back.take_back(Seen(mistaken.pk), by=office.desk(office.clerk, again), at=again)
    found = counted(office, again)
    assert (total(found)["3"], beside(found)) == (1, None)
    voided = counted(office, AT + timedelta(minutes=90))
    assert (total(voided), beside(voided)) == ({}, 1)


def test_the_dashboard_counts_it_neither_as_received_nor_as_ended(office: Office) -> None:
    mistaken = receive(office, make_case(), at=AT)
    moment = Moment(AT + timedelta(hours=2))
    whose = board.Q(agency=office.agency)
    shown = (board.RECEIVED, board.ENDED, board.OPEN)
    assert tally.whole(whose, shown, moment) == {"tiep-nhan": 1, "ket-thuc": 0, "dang-mo": 1}
    void(office, mistaken, AT + timedelta(hours=1))
    assert set(tally.whole(whose, shown, moment).values()) == {0}


def test_the_register_keeps_its_line_and_says_so(office: Office) -> None:
    """The number stays in the book (R-85, R-86); by an earlier cut the line says nothing yet."""
    mistaken, kept = (receive(office, make_case(), at=AT) for _ in range(2))
    later = AT + timedelta(hours=1)
    void(office, mistaken, later)
    scope, period = Scope.of(office.agency), parse("2026Q4")
    book = dict(lists.register(scope, period, later))
    assert [book[one.code]["register_number"] for one in (mistaken, kept)] == [1, 2]
    assert (book[mistaken.code]["note"], book[kept.code]["note"]) == ("Đã hủy tiếp nhận", "")
    before = dict(lists.register(scope, period, later - timedelta(minutes=1)))
    assert before[mistaken.code]["note"] == ""
