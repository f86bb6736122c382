"""The dashboard and II.06a say the same of the same days and cut, whatever happened: both read the
same intervals.
"""

from __future__ import annotations

import os
from datetime import date
from typing import Any

import pytest
from django.db.models import Q

from reports.board import figures, flows, tally
from reports.board.course import KINDS, _spans
from reports.board.moment import Moment
from reports.figures import Scope, dossiers_behind, table
from reports.form_data import form_on
from reports.periods import Period, parse
from tests.reports.histories import History, live, start
from tests.world import Office, vn

pytestmark = pytest.mark.django_db
NOW = "03/12/2026 09:00"
LONG = bool(os.environ.get("LONG"))


def report(office: Office, period: Period, at: str) -> dict[str, Any]:
    form = form_on("II.06a", period.last)
    filled = table(form, Scope.of(office.agency), period, vn(at))
    assert filled.total is not None
    return {number: int(value or 0) for number, value in filled.total.values.items()}  # type: ignore[call-overload]


def ids(office: Office, period: Period, at: str, *columns: str) -> set[int]:
    form = form_on("II.06a", period.last)
    scope = Scope.of(office.agency)
    return {
        pk
        for column in columns
        for pk in dossiers_behind(form, scope, period, vn(at), "total", column)
    }


# What the dashboard calls so, and the columns of II.06a that say it.
SAME = {
    figures.RECEIVED_IN: ("4", "5"),
    figures.ENDED_IN: ("7",),
    figures.ENDED_IN_LATE: ("10",),
}


def months_agree(office: Office, at: str) -> None:
    moment, mine = Moment(vn(at)), Q(agency=office.agency)
    kind = KINDS["thang"]
    steps = list(_spans(kind, moment.day))
    counted, _ = flows.over_time(mine, figures.OF_DAYS, kind.trunc, steps, moment)
    for first, last in steps[-5:]:
        period = parse(f"{first:%Y-%m}")
        said = report(office, period, at)
        days = moment.about(first, last)
        for figure, columns in SAME.items():
            number = counted.get(first, {}).get(figure.key, 0)
            assert number == sum(said[one] for one in columns), (figure.label, period.code)
            opened = set(flows.behind(figure, mine, days).values_list("pk", flat=True))
            assert opened == ids(office, period, at, *columns), (figure.label, period.code)


def open_work_agrees(office: Office, at: str) -> None:
    moment = Moment(vn(at))
    shown = (figures.OPEN, figures.LATE)
    rows = tally.open_work(Q(agency=office.agency), "agency", shown, moment)
    counted = rows.get(office.agency.pk, {})
    said = report(office, parse(f"{moment.day:%Y-%m}"), at)
    assert counted.get(figures.OPEN.key, 0) == said["11"]
    assert counted.get(figures.LATE.key, 0) == said["13"]


def test_the_months_of_the_dashboard_are_those_of_the_report() -> None:
    """Also of moved, taken back and later recorded dossiers; open and late as of now."""
    history = start(7)
    for _ in range(14):
        live(history)
    agree(history)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20 if LONG else 1))
def test_many_histories(seed: int) -> None:
    history = start(seed)
    for _ in range(15):
        live(history)
    agree(history)


def agree(history: History) -> None:
    for office in (history.office, history.other):
        months_agree(office, NOW)
        months_agree(office, "15/09/2026 00:00")
        open_work_agrees(office, NOW)


def test_all_steps_together_are_the_days_as_one(queries: Any) -> None:
    """The last line opens what the whole of the days holds; one statement for all of it."""
    history = start(7)
    for _ in range(12):
        live(history)
    moment = Moment(vn(NOW))
    mine = Q(agency=history.office.agency)
    kind = KINDS["tuan"]
    steps = list(_spans(kind, moment.day))
    with queries() as seen:
        counted, total = flows.over_time(mine, figures.OF_DAYS, kind.trunc, steps, moment)
    assert len(seen) == 1
    assert set(counted) <= {first for first, _ in steps}
    assert any(total.values())
    whole = moment.about(steps[0][0], date(2026, 12, 3))
    for one in figures.OF_DAYS:
        assert total.get(one.key, 0) == flows.behind(one, mine, whole).count()
