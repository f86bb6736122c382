"""Under which agency a report counts the dossiers of one that was merged into another (R-118): as
it stood at the period's end or at the dossier's own end.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from dossiers.acts import endings
from dossiers.acts.many import Seen
from dossiers.importing.hooks import signed_until
from dossiers.models import Dossier
from onestop.accounts.models import Agency
from reports import frozen
from reports.figures import Scope, dossiers_behind, table
from reports.form_data import form_on
from reports.models import ReportForm
from reports.periods import Period, parse
from tests.reports.conftest import Province, province
from tests.world import Office, make_case, receive, vn

pytestmark = pytest.mark.django_db
BEFORE, OVER, AFTER = (
    parse("2026-11-01..2026-11-15"),
    parse("2026-11-16..2026-11-30"),
    parse("2026-12-01..2026-12-15"),
)
CUT = vn("20/12/2026 09:00")
COLUMNS = ("3", "5", "6", "9", "12")


def withdraw(office: Office, dossier: Dossier, at: datetime) -> None:
    ending = endings.EndingIn("", "Thôi", decision_number="1", signer="Lê", fee_consequence="Không")
    endings.withdraw(Seen(dossier.pk), ending, by=office.desk(office.clerk, at), at=at)


@pytest.fixture
def merged() -> Province:
    """The first commune ended with 20/11 and went into the second; of three dossiers one ended
    before, one after, one is open. The second has one of its own.
    """
    found = province()
    case = make_case("60 ngày làm việc")
    at = vn("10/11/2026 09:00")
    early, late, _ = (receive(found.first, case, at=at) for _ in range(3))
    receive(found.second, case, at=at)
    withdraw(found.first, early, vn("20/11/2026 09:00"))
    withdraw(found.first, late, vn("23/11/2026 09:00"))
    first = found.first.agency
    first.closed_on, first.successor = date(2026, 11, 20), found.second.agency
    first.save()
    for office in (found.first, found.second):
        office.agency.refresh_from_db()
    found.agency.refresh_from_db()
    return found


def total(agency: Agency, period: Period) -> tuple[Any, ...]:
    filled = table(form(period), Scope.of(agency), period, CUT)
    assert filled.total is not None
    return tuple(filled.total.values[number] for number in COLUMNS)


def form(period: Period, code: str = "II.06a") -> ReportForm:
    return form_on(code, period.last)


def test_a_report_of_days_before_stands_as_it_was(merged: Province) -> None:
    assert total(merged.first.agency, BEFORE) == (3, 3, 0, 0, 3)
    assert total(merged.second.agency, BEFORE) == (1, 1, 0, 0, 1)


def test_what_ended_by_the_last_day_stays_and_the_rest_goes_over(merged: Province) -> None:
    assert total(merged.first.agency, OVER) == (1, 0, 1, 1, 0)
    assert total(merged.second.agency, OVER) == (3, 0, 3, 1, 2)


def test_afterwards_the_successor_counts_all(merged: Province) -> None:
    assert total(merged.first.agency, AFTER) == (0, 0, 0, 0, 0)
    assert total(merged.second.agency, AFTER) == (2, 0, 2, 0, 2)


def test_a_cell_opens_what_it_counts(merged: Province) -> None:
    def behind(agency: Agency, row: str = "total") -> set[int]:
        return set(dossiers_behind(form(OVER), Scope.of(agency), OVER, CUT, row, "3"))

    first, second = behind(merged.first.agency), behind(merged.second.agency)
    assert (len(first), len(second)) == (1, 3)
    whole = Scope.of(merged.agency, whole=True)
    for agency, wanted in ((merged.first.agency, first), (merged.second.agency, second)):
        row = f"agency:{agency.pk}"
        assert set(dossiers_behind(form(OVER), whole, OVER, CUT, row, "3")) == wanted


def test_a_province_counts_each_once_under_who_had_it(merged: Province) -> None:
    filled = table(form(OVER, "II.06b"), Scope.of(merged.agency, whole=True), OVER, CUT)
    assert filled.total is not None
    assert filled.total.values["3"] == 4


def test_what_came_from_the_merged_agency_is_a_transfer(merged: Province) -> None:
    """(6) = (11) of the report before ± adjustments ± transfers (R-107)."""
    agency, by = merged.second.agency, merged.second.controller
    signed = frozen.prepare(form(BEFORE), agency, BEFORE, BEFORE.end, by=by, at=CUT)
    frozen.sign(signed.pk, by=merged.second.leader, at=CUT)
    filled = table(form(OVER), Scope.of(agency), OVER, CUT)
    told = frozen.with_carried_over(filled, agency)
    assert told.problems == ()
    assert told.carried_over["transferred"] == 2


def test_a_signed_report_of_the_successor_closes_the_days_of_both(merged: Province) -> None:
    agency, by = merged.second.agency, merged.second.controller
    for period in (BEFORE, OVER):
        signed = frozen.prepare(form(period), agency, period, period.end, by=by, at=CUT)
        frozen.sign(signed.pk, by=merged.second.leader, at=CUT)
        found = signed_until([merged.first.agency.pk])
        assert bool(found) is (period == OVER)


def test_who_succeeds_whom_is_asked_once_and_only_where_somebody_did(
    merged: Province, queries: Callable[[], Any]
) -> None:
    """Of one scope: whatever else is counted for it asks no more."""
    known = form(OVER)
    for agency, asked, again in ((merged.second.agency, 3, 2), (merged.empty.agency, 1, 1)):
        scope = Scope.of(agency)
        for number in (asked, again):
            with queries() as seen:
                table(known, scope, OVER, CUT)
            assert len(seen) == number


def test_a_year_beside_its_quarters_asks_once_who_succeeds_whom(
    merged: Province, queries: Callable[[], Any]
) -> None:
    year = parse("2026Y")
    with queries() as seen:
        frozen.drafted(form(year), merged.second.agency, year, CUT)
    assert sum('"successor_id" IS NOT NULL' in one["sql"] for one in seen) == 1
