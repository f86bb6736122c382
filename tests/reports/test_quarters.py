"""What a year says beside its quarters: nothing else, but what became known after a quarter was
signed and what was moved after its end; each with its dossiers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dossiers.acts import reception
from dossiers.ledger import writer
from onestop.errors import DomainError
from reports import frozen, rendering
from reports.figures import Scope, table
from reports.form_data import form_on
from reports.models import SignedReport
from reports.periods import parse
from tests.clock import Clock
from tests.reports import workbooks
from tests.reports.conftest import finish
from tests.world import Office, an_intake, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
YEAR = parse("2026Y")


@pytest.fixture
def office(clock: Clock) -> Office:
    clock.now = vn("20/12/2026 09:00")
    return make_office()


def sign(office: Office, code: str, at: str) -> SignedReport:
    period = parse(code)
    form = form_on("II.06a", period.last)
    report = frozen.prepare(
        form, office.agency, period, vn(at), by=office.controller, at=vn("20/12/2026 08:00")
    )
    return frozen.sign(report.pk, by=office.leader, at=vn(at))


def year(office: Office) -> Any:
    form = form_on("II.06a", YEAR.last)
    filled = table(form, Scope.of(office.agency), YEAR, vn("20/12/2026 09:00"))
    return frozen.with_quarters(filled, office.agency)


def test_without_a_later_act_nothing_differs(office: Office) -> None:
    """(4), (5), (7)-(10) add up, (6) is the first's, (11)-(13) the last's."""
    case = make_case("3 ngày làm việc")
    for day in ("10/12/2025", "02/02/2026", "16/04/2026", "14/09/2026", "15/09/2026"):
        receive(office, case, at=vn(f"{day} 09:00"))
    finish(office, receive(office, case, at=vn("13/03/2026 09:00")), vn("15/03/2026 00:00"))
    sign(office, "2026Q1", "16/03/2026 08:00")
    told = year(office).quarters
    assert [one["signed"] for one in told["parts"]] == [True, False, False, False]
    assert set(told["differences"].values()) == {0}
    assert told["dossiers"] == []
    total = year(office).total.values
    assert told["sums"] == {number: total[number] for number in told["sums"]}
    assert set(told["sums"]) == {"4", "5", "6", "7", "8", "9", "10", "11", "12", "13"}
    assert total["6"] == 1
    assert (total["5"], total["7"], total["11"]) == (5, 1, 5)


def test_what_became_known_later_and_what_was_moved_is_named(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    other, case = make_office("Ủy ban nhân dân xã Tân Lập"), make_case("3 ngày làm việc")
    receive(office, case, at=vn("02/02/2026 09:00"))
    sign(office, "2026Q1", "16/03/2026 08:00")
    paper = reception.receive(
        an_intake(office, case), by=office.desk(office.clerk), at=vn("10/03/2026 09:00"),
        recorded_at=vn("17/03/2026 09:00"),
    )  # fmt: skip
    moved = receive(office, case, at=vn("03/05/2026 09:00"))
    with writer.change(moved.pk, by=None, at=vn("20/09/2026 09:00")) as life:
        life.dossier.agency = other.agency
        life.record("confirm", {})
    filled = year(office)
    told = filled.quarters
    assert {n: value for n, value in told["differences"].items() if value} == {}
    by_code = {one["code"]: one for one in told["dossiers"]}
    # One more and one less: the sums are equal, and yet both are named.
    assert set(by_code) == {paper.code, moved.code}
    late = by_code[paper.code]
    assert (late["happened_at"], late["recorded_at"]) == (
        "2026-03-10T09:00:00+07:00",
        "2026-03-17T09:00:00+07:00",
    )
    assert late["whole"][1] == ["3", "5", "11", "13"]
    assert [label for label, *_ in by_code[moved.code]["parts"]] == ["Quý II năm 2026", "Quý III năm 2026"]  # fmt: skip
    assert by_code[moved.code]["whole"] == ["", []]
    # The page, the print, the workbook and the frozen report say the same.
    page = signed_in(office.leader).get(f"/bao-cao/II.06a/{office.agency.code}/2026Y/")
    texts = [page.content.decode(), rendering.html(filled)]
    rows = workbooks.sheet(rendering.xlsx(filled), 1)
    texts.append(" ".join(text for row in rows for _, text in row.values()))
    for text in texts:
        assert "So với các quý" in text
        assert paper.code in text
        assert moved.code in text
    kept = sign(office, "2026Y", "20/12/2026 08:00")
    assert frozen.thaw(kept).quarters == kept.figures["quarters"]
    assert len(kept.figures["quarters"]["dossiers"]) == 2


def test_a_half_stands_beside_its_two_quarters_and_a_quarter_alone(office: Office) -> None:
    receive(office, make_case(), at=vn("02/02/2026 09:00"))
    for code, parts in (("2026H1", 2), ("2026H2", 2), ("2026", 4), ("2026-H2", 2), ("2026Q1", 0)):
        period = parse(code)
        form = form_on("II.06a", period.last)
        filled = table(form, Scope.of(office.agency), period, vn("20/12/2026 09:00"))
        told = frozen.with_quarters(filled, office.agency).quarters
        assert len(told.get("parts", [])) == parts, code


def test_a_wording_is_chosen_counted_kept_and_printed(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    """Withdrawn ones stand in (9) as the form prints it, in (8) by the other wording."""
    from tests.reports.test_signing import withdraw

    dossier = receive(office, make_case("20 ngày làm việc"), at=vn("02/02/2026 09:00"))
    withdraw(office, dossier, "03/02/2026 09:00")
    address = f"/bao-cao/II.06a/{office.agency.code}/2026Q1/"
    client = signed_in(office.controller)
    for wording, number in (("", "9"), ("by-verdict", "8"), ("long", "9")):
        page = client.get(address, {"nhan": wording})
        found = page.context["found"]
        assert found.table.total.values[number] == 1
        assert [chosen for _, _, chosen in found.wordings].count(True) == 1
        [cell] = [
            one for one in found.total.figures if one.url and f"cot={number}&" in one.url + "&"
        ]
        assert client.get(cell.url).context["number"] == 1
    assert client.get(address, {"nhan": "x"}).status_code == 404
    assert client.post(f"{address}trinh/", {"nhan": "by-verdict"}).status_code == 302
    kept = SignedReport.objects.get()
    assert kept.figures["variant"] == "by-verdict"
    thawed = frozen.thaw(kept)
    assert thawed.total is not None
    assert thawed.total.values["8"] == 1
    assert "Trước hạn (gồm cả hồ sơ rút, dừng giải quyết)" in rendering.html(thawed)
    assert "như hồ sơ khác" in thawed.notes[0]
    with pytest.raises(DomainError, match="variant_unknown"):
        form_on("II.07b", YEAR.last).worn("long")


def test_reports_are_listed_page_by_page(
    office: Office, signed_in: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from reports.views import statutory

    monkeypatch.setattr(statutory, "SHOWN", 2)
    for code in ("2026M1", "2026M2", "2026M3", "2026M4", "2026M5"):
        period = parse(code)
        form = form_on("II.06a", period.last)
        at = vn("20/12/2026 08:00")
        frozen.prepare(form, office.agency, period, at, by=office.controller, at=at)
    client, url = signed_in(office.leader), "/bao-cao/?no_sau=x"
    there, pages = [], []
    while url:
        page = client.get(url)
        there += [one.period for one in page.context["reports"]]
        pages.append(page.context["pages"])
        url = pages[-1][0]
    assert there == ["2026M5", "2026M4", "2026M3", "2026M2", "2026M1"]
    assert [bool(back) for _, back in pages] == [False, True, True]
    assert "no_sau=x" in pages[0][0]
    back = client.get(pages[2][1]).context["reports"]
    assert [one.period for one in back] == ["2026M3", "2026M2"]


def test_a_draft_says_what_it_carries_over_on_every_door(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    """R-107 before anybody prepares it: page, workbook, print, command and a worker's run."""
    receive(office, make_case(), at=vn("01/09/2026 09:00"))
    sign(office, "2026M9", "15/09/2026 08:00")
    paper = reception.receive(
        an_intake(office, make_case()), by=office.desk(office.clerk), at=vn("10/09/2026 09:00"),
        recorded_at=vn("17/09/2026 09:00"),
    )  # fmt: skip
    address = f"/bao-cao/II.06a/{office.agency.code}/2026M10/"
    client = signed_in(office.leader)
    page = client.get(address)
    told = page.context["found"].adjustments
    assert (told["signed_open"], told["adjusted"], told["carried"]) == (1, 1, 2)
    assert paper.code in page.content.decode()
    file = client.get(f"{address}tep.xlsx{page.context['found'].file_query}").content
    assert any(paper.code in text for row in workbooks.sheet(file, 1) for _, text in row.values())
    period = parse("2026M10")
    form = form_on("II.06a", period.last)
    drafted = frozen.drafted(form, office.agency, period, vn("20/12/2026 09:00"))
    assert paper.code in rendering.html(drafted)
    over = {"carried_over": dict(drafted.carried_over)}
    kept = frozen.filled_from(drafted, rendering.as_dict(drafted, kept=True) | over)
    assert kept.carried_over == drafted.carried_over
