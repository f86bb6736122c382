"""II.06a counts what a plain fold over the events counts, for every period and cut (R-106…R-114)."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dossiers.models import Span
from reports.figures import Scope, checks, dossiers_behind, table
from reports.form_data import form_on
from reports.periods import Period, parse
from tests.reports import naive
from tests.reports.histories import PERIODS, History, live, start
from tests.world import Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
CUT = vn("01/12/2026 09:00")
LONG = bool(os.environ.get("LONG"))


def figures(office: Office, period: Period, cut: datetime) -> dict[int, dict[str, Any]]:
    """By field."""
    form = form_on("II.06a", period.last)
    filled = table(form, Scope.of(office.agency), period, cut)
    assert list(checks.problems(filled)) == []
    return {int(row.key.partition(":")[2]): dict(row.values) for row in filled.rows}


def compare(history: History) -> None:
    for cut in history.cuts():
        for code in history.dice.sample(PERIODS, 4):
            period = parse(code)
            for office in (history.office, history.other):
                wanted, behind = naive.table(office.agency.pk, history.dossiers, period, cut)
                assert figures(office, period, cut) == wanted, (code, cut)
                click_through(office, period, cut, behind)


def click_through(office: Office, period: Period, cut: datetime, behind: Any) -> None:
    """Two cells of chance: just their dossiers."""
    form = form_on("II.06a", period.last)
    for (field, number), ids in list(behind.items())[:2]:
        found = dossiers_behind(
            form, Scope.of(office.agency), period, cut, f"field:{field}", number
        )
        assert set(found) == ids
        assert len(found) == len(ids)


@pytest.mark.slow
@settings(
    max_examples=60 if LONG else 6,
    deadline=None,
    derandomize=not LONG,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(0, 10**6))
def test_the_table_is_the_plain_fold_over_events(seed: int) -> None:
    with transaction.atomic():
        history = start(seed)
        for _ in range(12):
            live(history)
        compare(history)
        transaction.set_rollback(True)


def test_one_statement_gives_the_figures(queries: Callable[[], Any]) -> None:
    """And one more the names of the fields, whatever their number."""
    office = make_office()
    for number in range(3):
        receive(office, make_case(field=f"Lĩnh vực {number}"), at=vn("23/11/2026 09:00"))
    period = parse("2026Q4")
    form = form_on("II.06a", period.last)
    with queries() as seen:
        filled = table(form, Scope.of(office.agency), period, CUT)
    assert len(filled.rows) == 3
    asked = [query["sql"] for query in seen]
    assert len([sql for sql in asked if "dossiers_span" in sql]) == 1
    assert len(asked) == 2


def told(office: Office) -> list[str]:
    period = parse("2026Q4")
    filled = table(form_on("II.06a", period.last), Scope.of(office.agency), period, CUT)
    return list(checks.problems(filled))


def test_a_dossier_counted_twice_is_named() -> None:
    """R-112: intervals that overlap are nobody's work but a hand's in the database."""
    office = make_office()
    dossier = receive(office, make_case(), at=vn("23/11/2026 09:00"))
    receive(office, make_case(), at=vn("23/11/2026 09:00"))
    assert told(office) == []
    row = Span.objects.get(dossier=dossier)
    row.pk, row.to_at, row.to_known = None, vn("01/01/2027 09:00"), vn("01/01/2027 09:00")
    row.save(force_insert=True)
    assert told(office) == [f"Hồ sơ được tính hai lần: {dossier.code}."]


def test_a_broken_identity_names_its_dossiers() -> None:
    """R-106: a channel that no column counts."""
    office = make_office()
    dossier = receive(office, make_case(), at=vn("23/11/2026 09:00"))
    Span.objects.filter(dossier=dossier).update(channel=9)
    found = told(office)
    assert "Dòng “Hộ tịch”: cột (3) là 1, nhưng (4) + (5) + (6) là 0." in found
    assert f"Hồ sơ làm lệch (3) = (4) + (5) + (6): {dossier.code}." in found


def test_the_report_of_a_running_period_calls_nothing_late_that_is_not_yet() -> None:
    """By the cut, though by the period's end it would be."""
    office = make_office()
    receive(office, make_case("3 ngày làm việc"), at=vn("23/11/2026 09:00"))
    period = parse("2026Q4")
    form = form_on("II.06a", period.last)
    # 24/11 is a day off: promised on 27/11.
    for cut, late in (("28/11/2026 00:00", 1), ("27/11/2026 23:59", 0)):
        filled = table(form, Scope.of(office.agency), period, vn(cut))
        assert filled.total is not None
        assert (filled.total.values["12"], filled.total.values["13"]) == (1 - late, late)
