"""Under which agency a report counts the dossiers of one that was merged into another (R-118): as
it stood at the period's end or at the dossier's own end.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from dossiers.acts import apology, endings
from dossiers.acts.many import Seen
from dossiers.importing.hooks import signed_until
from dossiers.models import Dossier
from onestop.accounts.models import Agency
from reports import frozen
from reports.figures import Scope, dossiers_behind, table
from reports.form_data import form_on
from reports.models import ReportForm
from reports.periods import Period, parse
from tests.clock import Clock
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


def test_the_book_of_apologies_goes_over_with_the_dossiers(merged: Province) -> None:
    """Each letter stands with who acted for the agency at its instant."""
    office = merged.first
    left = Dossier.objects.get(agency=office.agency, ended_at=None)
    for at in (vn("18/11/2026 09:00"), vn("25/11/2026 09:00")):
        apology.apologise(Seen(left.pk), reason="Chờ", by=office.desk(office.leader, at), at=at)
    book = form(OVER, "apologies")
    for agency, at in (
        (office.agency, vn("18/11/2026 09:00")),
        (merged.second.agency, vn("25/11/2026 09:00")),
    ):
        rows = list(table(book, Scope.of(agency), OVER, CUT).rows)
        assert [(row.label, row.values["8"]) for row in rows] == [(left.code, at)]


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


def test_who_took_over_is_asked_within_the_one_statement(
    merged: Province, queries: Callable[[], Any]
) -> None:
    """One counts, one names the fields where there are any."""
    known = form(OVER)
    for agency, asked in ((merged.second.agency, 2), (merged.empty.agency, 1)):
        with queries() as seen:
            table(known, Scope.of(agency), OVER, CUT)
        assert len(seen) == asked


def test_a_merger_entered_after_the_cut_does_not_show(merged: Province) -> None:
    """It was entered on 23/11/2026 at 09:00: an earlier cut counts as it did then."""
    for agency, before, after in (
        (merged.first.agency, 3, 1),
        (merged.second.agency, 1, 3),
    ):
        for cut, wanted in ((vn("23/11/2026 08:59"), before), (vn("23/11/2026 09:00"), after)):
            filled = table(form(OVER), Scope.of(agency), OVER, cut)
            assert filled.total is not None
            assert filled.total.values["3"] == wanted


def rows(merged: Province, cut: datetime) -> dict[str, Any]:
    filled = table(form(AFTER, "II.06c"), Scope.of(merged.agency, whole=True), AFTER, cut)
    return {row.label: row.values["3"] for row in filled.rows}


def test_nor_does_the_end_of_its_agency(merged: Province) -> None:
    one = "Ủy ban nhân dân xã Bình Minh"
    told = rows(merged, vn("23/11/2026 08:59"))
    assert one in told
    assert f"{one} (đã ngừng hoạt động)" not in told
    assert one not in rows(merged, CUT)  # it ended before the period, and counts nothing there


def test_a_merger_taken_back_still_shows_by_an_earlier_cut(merged: Province, clock: Clock) -> None:
    clock.now = vn("10/12/2026 09:00")
    first = Agency.objects.get(pk=merged.first.agency.pk)
    first.closed_on, first.successor = None, None
    first.save()
    by_then, now = vn("10/12/2026 08:59"), vn("10/12/2026 09:00")
    for agency, before, after in ((merged.first.agency, 0, 1), (merged.second.agency, 2, 1)):
        for cut, wanted in ((by_then, before), (now, after)):
            filled = table(form(AFTER), Scope.of(agency), AFTER, cut)
            assert filled.total is not None
            assert filled.total.values["3"] == wanted
    one = "Ủy ban nhân dân xã Bình Minh"
    assert one not in rows(merged, by_then)
    assert rows(merged, now)[one] == 1


def test_what_a_merger_changes_of_a_signed_report_is_told_with_both_dates(
    merged: Province, clock: Clock
) -> None:
    """The second commune goes into the third with 30/11, entered when its report was signed."""
    agency, by = merged.second.agency, merged.second.controller
    at = vn("01/12/2026 09:00")
    signed = frozen.prepare(form(OVER), agency, OVER, OVER.end, by=by, at=at)
    frozen.sign(signed.pk, by=merged.second.leader, at=at)
    clock.now = vn("02/12/2026 09:00")
    agency.closed_on, agency.successor = date(2026, 11, 24), merged.empty.agency
    agency.save()
    told = frozen.drafted(form(AFTER), agency, AFTER, CUT).carried_over
    assert told["adjustments"]
    for one in told["adjustments"]:
        assert one["after"] == []
        assert one["happened_at"] == "2026-11-25T00:00:00+07:00"
        assert one["recorded_at"] == "2026-12-02T09:00:00+07:00"
