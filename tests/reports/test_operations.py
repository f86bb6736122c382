"""The ten operational groups, the book of apologies, and what causes of lateness add up to: each held
against a plain fold over the rows.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from dossiers.acts import apology, lawful_time, re_appointment, reception
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.models import CounterVisit, Dossier
from dossiers.models.money import FeeReceipt, ReceiptSeries, Way
from dossiers.models.online import OnlineFiling
from onestop.worktime import parse_term
from reports import frozen, rendering, signing
from reports.causes import say
from reports.figures import Scope, Table, checks, dossiers_behind, table
from reports.figures.measures import OUTSIDE
from reports.form_data import form_on
from reports.periods import parse
from tests.clock import Clock
from tests.dossiers.online.filed import a_filing, a_list
from tests.reports.conftest import Province, ask_papers, finish, province
from tests.world import Office, an_intake, make_case, receive, vn

pytestmark = pytest.mark.django_db
PERIOD = parse("2026Q4")
EARLY, CUT = vn("20/11/2026 09:00"), vn("15/12/2026 08:00")


@pytest.fixture
def place(clock: Clock) -> Province:
    clock.now = CUT
    return province()


def filed(office: Office, code: str, at: str, by: str | None, **more: Any) -> OnlineFiling:
    listed = a_list(office, at=vn("10/11/2026 08:00"))
    said = {"accept_by": vn(by) if by else None, "listed_in": listed}
    return a_filing(office, code, vn(at), **said | more)


def not_received(office: Office, case: Any, at: str) -> CounterVisit:
    return CounterVisit.objects.create(
        kind=CounterVisit.Kind.REFUSE, agency=office.agency, version=case.version, owner_name="Hà",
        reason="Không thuộc thẩm quyền", officer=office.clerk, at=vn(at),
    )  # fmt: skip


def plain(agencies: set[int], end: datetime, start: datetime, cut: datetime) -> dict[str, int]:
    """What is no dossier, row by row."""
    found = dict.fromkeys(OUTSIDE.keys() - {"helps"}, 0)  # test_online_filers.py
    for one in OnlineFiling.objects.select_related("listed_in"):
        if one.agency_id not in agencies or one.filed_at >= end:
            continue
        known_at = one.listed_in.at if one.listed_in is not None else one.arrived_at
        if max(one.filed_at, known_at) > cut:
            continue
        if one.ended_at is not None and one.ended_at <= cut:
            after = one.ended_at >= end and one.state != OnlineFiling.State.RECALLED
            if not after:
                continue
        is_late = one.accept_by is not None and one.accept_by < end and one.accept_by <= cut
        found["filings_late" if is_late else "filings_in_time"] += 1
    for visit in CounterVisit.objects.filter(kind=CounterVisit.Kind.REFUSE):
        found["not_received"] += visit.agency_id in agencies and start <= visit.at < end and visit.at <= cut  # fmt: skip
    paid = set()
    for row in FeeReceipt.objects.all():
        is_void = row.undone_recorded_at is not None and row.undone_recorded_at <= cut
        is_within = start <= row.taken_at < end and row.taken_at <= cut
        if row.agency_id in agencies and is_within and not is_void:
            paid.add(row.dossier_id)
    found["receipts"] = len(paid)
    return found


def receipts(dossier: Dossier, *, given: list[str], void: str) -> None:
    """The last of them was voided at `void`."""
    office, by = dossier.agency, dossier.received_by
    series = ReceiptSeries.objects.create(
        agency=office, kind=ReceiptSeries.Kind.ELECTRONIC, name="Biên lai", form_symbol="01BLP0-001",
        symbol=f"AA-{dossier.pk}E", tax_code="4900123456", given=len(given), opened_at=vn(given[0]), opened_by=by,
    )  # fmt: skip
    for number, at in enumerate(given, start=1):
        gone = vn(void) if number == len(given) else None
        FeeReceipt.objects.create(
            dossier=dossier, agency=office, series=series, number=number, charge=5_000, way=Way.CASH,
            payer="Hà", taken_by=by, taken_at=vn(at), undone_at=gone, undone_recorded_at=gone,
        )  # fmt: skip


def test_what_is_no_dossier_is_counted_by_office_and_cut(place: Province) -> None:
    """Filings that wait, in time and late, and refusals to receive; none of them in column (3)."""
    first, second, case = place.first, place.second, make_case("3 ngày làm việc")
    state = OnlineFiling.State
    filed(first, "A1", "09/11/2026 08:00", "10/11/2026 17:00")
    filed(first, "A2", "09/11/2026 08:00", None)
    filed(first, "A3", "12/12/2026 08:00", "16/12/2026 09:00")
    filed(first, "A4", "09/11/2026 08:00", "10/11/2026 17:00", state=state.RECEIVED, ended_at=vn("24/11/2026 09:00"))  # fmt: skip
    filed(second, "B1", "09/11/2026 08:00", "10/11/2026 17:00", state=state.RECALLED, ended_at=vn("24/11/2026 09:00"))  # fmt: skip
    filed(second, "B2", "09/11/2026 08:00", "10/11/2026 17:00", state=state.ELSEWHERE, ended_at=vn("15/12/2026 07:30"))  # fmt: skip
    filed(second, "B3", "20/12/2026 08:00", "21/12/2026 08:00")
    for at in ("14/09/2026 23:59", "15/09/2026 00:00", "14/12/2026 23:59"):
        not_received(first, case, at)
    not_received(second, case, "15/12/2026 00:00")
    dossier = receive(first, case, at=vn("02/12/2026 09:00"))
    days = ("14/09/2026 23:59", "15/09/2026 00:00", "14/12/2026 23:59", "15/12/2026 00:00", "19/11/2026 09:00")  # fmt: skip
    receipts(dossier, given=list(days), void="24/11/2026 09:00")
    other = receive(first, case, at=vn("02/12/2026 09:00"))
    receipts(other, given=["02/12/2026 09:00", "03/12/2026 09:00"], void="20/12/2026 09:00")
    form = form_on("operations", PERIOD.last)
    numbers = {one.measure: one.number for one in form.columns_of()}
    for cut in (EARLY, CUT):
        filled = table(form, Scope.for_form(form, place.agency), PERIOD, cut)
        assert list(checks.problems(filled)) == []
        rows = {row.key: row for row in filled.rows}
        for agencies, row in (
            ({first.agency.pk}, rows[f"agency:{first.agency.pk}"]),
            ({second.agency.pk}, rows[f"agency:{second.agency.pk}"]),
            ({first.agency.pk, second.agency.pk}, filled.total),
        ):
            assert row is not None
            wanted = plain(agencies, PERIOD.end, PERIOD.start, cut)
            assert {name: row.values[numbers[name]] for name in wanted} == wanted, cut
    assert filled.total is not None
    said = [filled.total.values[number] for number in ("3", "23", "24", "25", "28")]
    assert said == [2, 2, 2, 2, 2]  # B2 was answered after the period's end
    # A sum of what nothing feeds, or of what no dossier is, is no sum of dossiers.
    copied = form_on("operations", PERIOD.last)
    copied.identities = [*form.identities, ["19", ["20", "21"]], ["25", ["25"]]]
    assert list(checks.problems(table(copied, filled.scope, PERIOD, CUT))) == []
    # What nothing feeds is no zero, and nothing of this opens dossiers.
    assert {filled.total.values[number] for number in ("7", "19", "20", "21", "27")} == {None}
    assert dossiers_behind(form, filled.scope, PERIOD, CUT, "total", "23") == []
    assert rendering.json_text(filled).count('"23": 2') == 2


def sorry(office: Office, dossier: Any, at: str) -> None:
    apology.apologise(Seen(dossier.pk), reason="Chờ xác minh", by=office.desk(office.leader), at=vn(at))  # fmt: skip


def test_the_book_of_apologies(place: Province) -> None:
    """R-53, R-54: both acts, in the order of time, how late by the cut, number and signer; what was
    taken back by the cut is in no line.
    """
    office, case = place.first, make_case("3 ngày làm việc")
    late, ended, back, kept = (receive(office, case, at=vn("02/11/2026 09:00")) for _ in range(4))
    hours = receive(office, make_case("8 giờ làm việc"), at=vn("16/11/2026 07:00"))
    sorry(office, kept, "04/11/2026 09:00")
    sorry(office, ended, "06/11/2026 08:00")
    re_appointment.re_appoint(
        Seen(late.pk), extra=parse_term("20 ngày làm việc"), reason="Chờ Sở",
        by=office.desk(office.leader), at=vn("06/11/2026 09:00"),
    )  # fmt: skip
    sorry(office, back, "06/11/2026 10:00")
    sorry(office, hours, "17/11/2026 09:00")
    finish(office, kept, vn("05/11/2026 09:00"))
    finish(office, ended, vn("10/11/2026 09:00"))
    take_back(Seen(back.pk), by=office.desk(office.leader), at=vn("23/11/2026 09:00"))
    form = form_on("apologies", PERIOD.last)
    cut = vn("20/11/2026 09:00")
    found = list(table(form, Scope.of(office.agency), PERIOD, cut).rows)
    assert [row.label for row in found] == [one.code for one in (kept, ended, late, back, hours)]
    # Promised for 5/11: working days from the day after it.
    assert [row.values["6"] for row in found] == [0, 3, 11, 11, "3 ngày 2 giờ"]
    assert [row.values["8"] for row in found][1] == vn("06/11/2026 08:00")
    assert {row.values["9"] for row in found} == {office.leader.full_name}
    assert [row.values["10"] is not None for row in found] == [False, False, True, False, False]
    assert [row.values["7"] for row in found] == [None] * 5
    later = list(table(form, Scope.of(office.agency), PERIOD, CUT).rows)
    assert [row.label for row in later] == [one.code for one in (kept, ended, late, hours)]
    # Another office has a book of its own.
    assert list(table(form, Scope.of(place.second.agency), PERIOD, CUT).rows) == []


def test_how_late_an_apology_is_follows_what_decides(place: Province) -> None:
    """R-113: by the legal promise, which a lawful extension moves; to the wait for which the clock
    stands; and to the last day of a period, not to the first one after it.
    """
    office, case = place.first, make_case("3 ngày làm việc")
    extended, waits = (receive(office, case, at=vn("02/11/2026 09:00")) for _ in range(2))
    sorry(office, extended, "04/11/2026 09:00")
    sorry(office, waits, "06/11/2026 09:00")
    what = lawful_time.Extending(
        kind="khac", basis="Điều 5 Luật A", reason="Phức tạp", extra=parse_term("2 ngày làm việc")
    )
    at = vn("05/11/2026 08:00")
    lawful_time.extend(Seen(extended.pk), what, by=office.desk(office.leader, at), at=at)
    finish(office, extended, vn("09/11/2026 09:00"))
    late_ask: Any = {"approver": office.leader, "legal_basis": "Điều 5 Luật A"}
    ask_papers(office, waits, vn("10/11/2026 09:00"), **late_ask)
    open_ = receive(office, case, at=vn("07/12/2026 09:00"))
    sorry(office, open_, "11/12/2026 09:00")
    found = table(form_on("apologies", PERIOD.last), Scope.of(office.agency), PERIOD, CUT)
    late = {row.label: row.values["6"] for row in found.rows}
    assert late == {extended.code: 0, waits.code: 3, open_.code: 2}


def test_causes_add_up_to_the_late_ones_of_the_table(place: Province) -> None:
    """Σ causes = (10) + (13) of II.06, by the same cut and as it was signed; what differs is told."""
    office, case = place.first, make_case("3 ngày làm việc")
    one, two, three = (receive(office, case, at=vn("02/11/2026 09:00")) for _ in range(3))
    finish(office, one, vn("20/11/2026 09:00"))
    desk = office.desk(office.head)
    say(one, "staff", office.room, detail="", by=desk, at=vn("23/11/2026 09:00"))
    say(two, "delay", office.room, detail="", by=desk, at=vn("23/11/2026 09:00"))
    form, by_table = form_on("late-causes", PERIOD.last), form_on("II.06a", PERIOD.last)
    scope = Scope.of(office.agency)
    beside = {b.name: b.value for b in table(form, scope, PERIOD, CUT).beside}
    total = table(by_table, scope, PERIOD, CUT).total
    assert total is not None
    late = total.values["10"] + total.values["13"]  # type: ignore[operator]
    assert (beside["late"], beside["late_said"], beside["late_unsaid"]) == (late, 2, 1) == (3, 2, 1)
    assert dossiers_behind(form, scope, PERIOD, CUT, "late_unsaid", "") == [three.pk]
    signing.prepare(by_table, office.agency, PERIOD, by=office.desk(office.controller), at=CUT)
    report = frozen.SignedReport.objects.get()
    signing.sign(report, by=office.desk(office.leader), at=vn("15/12/2026 09:00"))
    same = frozen.drafted(form, office.agency, PERIOD, vn("15/12/2026 10:00"))
    assert signed_of(same) == 3
    assert same.problems == ()
    # One more that was entered since, and one whose late end was taken back: still late, but open.
    at, known = vn("03/11/2026 09:00"), vn("15/12/2026 11:00")
    by = office.desk(office.clerk, at)
    entered = reception.receive(an_intake(office, case), by=by, at=at, recorded_at=known)
    take_back(Seen(one.pk), by=office.desk(office.clerk), at=vn("15/12/2026 12:00"))
    other = frozen.drafted(form, office.agency, PERIOD, vn("15/12/2026 13:00"))
    assert signed_of(other) == 3
    [said] = other.said
    assert said.startswith("Cột (10) + (13) của II.06a đã ký là 3, nay là 4.")
    assert entered.code in said
    assert one.code not in said
    # What is recorded later keeps the causes of nobody unsigned.
    assert said in other.notes
    assert other.problems == ()
    now = vn("15/12/2026 13:00")
    mine = frozen.prepare(form, office.agency, PERIOD, now, by=office.controller, at=now)
    assert frozen.sign(mine.pk, by=office.leader, at=now).figures["said"] == [said]


def signed_of(found: Table) -> int:
    return next(one.value for one in found.beside if one.name == "late_signed")
