"""Prepared by one, signed by another, frozen; what is recorded later becomes an adjustment of the
next report (R-107, R-108).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from dossiers.acts import endings, reception, taking_back
from dossiers.acts.many import Seen
from dossiers.importing.hooks import signed_until
from dossiers.ledger import writer
from dossiers.models import Dossier
from onestop.errors import DomainError
from reports import frozen, rendering
from reports.figures import Scope, table
from reports.form_data import form_on
from reports.models import SignedReport
from reports.periods import MICROSECOND, parse
from tests.clock import Clock
from tests.reports.workbooks import sheet
from tests.world import Office, an_intake, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
SEPTEMBER, OCTOBER = parse("2026M9"), parse("2026M10")
CUT = vn("15/09/2026 08:00")


@pytest.fixture
def office() -> Office:
    return make_office()


def prepare(office: Office, code: str = "2026M9", at: str = "15/09/2026 08:00") -> SignedReport:
    period = parse(code)
    form = form_on("II.06a", period.last)
    return frozen.prepare(
        form, office.agency, period, vn(at), by=office.controller, at=vn("23/11/2026 08:00")
    )


def sign(office: Office, report: SignedReport, at: str = "23/11/2026 08:30") -> SignedReport:
    return frozen.sign(report.pk, by=office.leader, at=vn(at))


def withdraw(office: Office, dossier: Dossier, at: str) -> None:
    form = endings.EndingIn(requested_by="Chủ hồ sơ", reason="Thôi")
    endings.withdraw(Seen(dossier.pk), form, by=office.desk(office.clerk), at=vn(at))


def report(office: Office, **options: Any) -> Any:
    out = StringIO()
    call_command(
        "report", "II.06a", agency=office.agency.code, period="2026M9", stdout=out, **options
    )
    return json.loads(out.getvalue())


def test_signed_is_frozen(office: Office, clock: Clock) -> None:
    dossier = receive(office, make_case(), at=vn("01/09/2026 09:00"))
    signed = sign(office, prepare(office))
    assert (signed.version, signed.state) == (1, SignedReport.State.SIGNED)
    assert signed.dossiers == [
        [dossier.pk, office.agency.pk, dossier.field_id, ["3", "5", "11", "13"]]
    ]
    reception.receive(
        an_intake(office, make_case()), by=office.desk(office.clerk), at=vn("02/09/2026 09:00"),
        recorded_at=vn("23/11/2026 08:00"),
    )  # fmt: skip
    data = report(office)
    assert (data["state"], data["as_of"], data["total"]["3"]) == (
        "signed",
        "2026-09-15T08:00:00+07:00",
        1,
    )
    # By its cut the figures are the same, by today's they are not.
    again = report(office, as_of=CUT)
    assert (again["state"], again["rows"], again["total"]) == ("draft", data["rows"], data["total"])
    assert report(office, as_of=vn("23/11/2026 09:00"))["total"]["3"] == 2
    for change in ({"figures": {}}, {"dossiers": []}, {"cut": vn("16/09/2026 08:00")}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SignedReport.objects.filter(pk=signed.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        signed.delete()


@pytest.mark.parametrize("code", ["II.06a", "II.07b"])
def test_what_is_thawed_reads_as_it_was_counted(office: Office, code: str) -> None:
    """Also the order of what stands beside, and its words."""
    form = form_on(code, SEPTEMBER.last)
    report = frozen.prepare(
        form, office.agency, SEPTEMBER, CUT, by=office.controller, at=vn("23/11/2026 08:00")
    )
    kept = SignedReport.objects.select_related("form", "agency").get(pk=report.pk)
    counted = table(form, Scope.for_form(form, office.agency), SEPTEMBER, CUT)
    thawed = frozen.thaw(kept)
    assert (thawed.rows, thawed.beside, thawed.total) == (
        counted.rows, counted.beside, counted.total,
    )  # fmt: skip


def test_two_people_sign(office: Office) -> None:
    prepared = prepare(office)
    with pytest.raises(DomainError, match="signs_own"):
        frozen.sign(prepared.pk, by=office.controller, at=vn("23/11/2026 08:30"))
    sign(office, prepared)
    with pytest.raises(DomainError, match="report_gone"):
        sign(office, prepared)
    with pytest.raises(DomainError, match="report_signed"):
        prepare(office)


def test_returned_and_withdrawn_ones_stay_beside_the_next(office: Office) -> None:
    at = vn("23/11/2026 08:40")
    first = prepare(office)
    with pytest.raises(DomainError, match="report_waits"):
        prepare(office)
    with pytest.raises(DomainError, match="reason_missing"):
        frozen.send_back(first.pk, reason=" ", by=office.leader, at=at)
    frozen.send_back(first.pk, reason="Thiếu ghi chú", by=office.leader, at=at)
    second = sign(office, prepare(office))
    frozen.withdraw(second.pk, reason="Ký nhầm kỳ", by=office.leader, at=at)
    third = sign(office, prepare(office))
    rows = SignedReport.objects.order_by("version")
    assert list(rows.values_list("version", "state", "reason")) == [
        (1, SignedReport.State.RETURNED, "Thiếu ghi chú"),
        (2, SignedReport.State.WITHDRAWN, "Ký nhầm kỳ"),
        (3, SignedReport.State.SIGNED, ""),
    ]
    assert frozen.standing("II.06a", office.agency.pk, SEPTEMBER) == third


def test_a_running_period_is_not_signed(office: Office) -> None:
    with pytest.raises(DomainError, match="period_runs"):
        prepare(office, "2026Q4", "23/11/2026 08:00")
    with pytest.raises(DomainError, match="cut_ahead"):
        prepare(office, at="24/11/2026 08:00")


def test_what_is_recorded_after_the_cut_is_an_adjustment_of_the_next(
    office: Office, clock: Clock, signed_in: Callable[..., Any]
) -> None:
    """(6) = (11) of the signed one ± adjustments ± transfers, each with its dossiers."""
    other, case = make_office("Ủy ban nhân dân xã Tân Lập"), make_case()
    clerk = office.desk(office.clerk)
    plain = receive(office, case, at=vn("01/09/2026 09:00"))
    # Taken back later: it had ended by the cut of signing, never by the next.
    ended = receive(office, case, at=vn("02/09/2026 09:00"))
    withdraw(office, ended, "03/09/2026 09:00")
    moved = receive(office, case, at=vn("03/09/2026 09:00"))
    signed = sign(office, prepare(office), "15/09/2026 09:00")
    assert signed.figures["total"]["11"] == 2
    taking_back.take_back(Seen(ended.pk), by=clerk, at=vn("16/09/2026 09:00"))
    # Paper days: received in September, known in October.
    paper = reception.receive(
        an_intake(office, case), by=clerk, at=vn("10/09/2026 09:00"), recorded_at=vn("17/09/2026 09:00")
    )  # fmt: skip
    # Received and ended in September, told later: no carried one, yet an adjustment.
    both = reception.receive(
        an_intake(office, case), by=clerk, at=vn("11/09/2026 09:00"), recorded_at=vn("17/09/2026 10:00")
    )  # fmt: skip
    with writer.change(
        both.pk, by=None, at=vn("12/09/2026 09:00"), recorded_at=vn("17/09/2026 11:00")
    ) as life:
        life.record("finish", {})
    with writer.change(moved.pk, by=None, at=vn("20/09/2026 09:00")) as life:
        life.dossier.agency = other.agency
        life.record("confirm", {})
    next_one = prepare(office, "2026M10", "15/10/2026 08:00")
    kept = next_one.adjustments
    assert (kept["signed_open"], kept["adjusted"], kept["transferred"], kept["carried"]) == (
        2,
        2,
        -1,
        3,
    )
    assert next_one.figures["problems"] == []
    assert {one["code"] for one in kept["adjustments"]} == {ended.code, paper.code, both.code}
    told = {one["code"]: one for one in kept["adjustments"]}
    assert (told[ended.code]["before"], told[ended.code]["after"]) == (
        ["3", "5", "7", "9"],
        ["3", "5", "11", "13"],
    )
    assert (told[paper.code]["happened_at"], told[paper.code]["recorded_at"]) == (
        "2026-09-10T09:00:00+07:00",
        "2026-09-17T09:00:00+07:00",
    )
    assert told[both.code]["after"] == ["3", "5", "7", "8"]
    place = f"Hộ tịch ({office.agency.code})"
    assert kept["transfers"] == [{"row": place, "code": moved.code, "turned": -1}]
    assert {one["row"] for one in kept["adjustments"]} == {place}
    assert plain.code not in json.dumps(kept)
    # Page, workbook and paper say so too; by a cut before the signing nothing was signed to bridge from.
    said = f"{place}: hồ sơ {moved.code} chuyển đi"
    page = signed_in(office.leader).get(f"/bao-cao/II.06a/{office.agency.code}/2026M10/")
    assert said in page.content.decode()
    rows = sheet(rendering.xlsx(frozen.thaw(next_one)), 1)
    texts = {text for row in rows for _, text in row.values()}
    assert {said, "Điều chỉnh", "Chuyển cơ quan, lĩnh vực", "Cột (6) kỳ này"} <= texts
    asked = {"agency": office.agency.code, "period": "2026M10", "stdout": StringIO()}
    call_command("report", "II.06a", format="html", as_of=vn("15/10/2026 08:00"), **asked)
    for one in (ended, paper, both, moved):
        assert one.code in asked["stdout"].getvalue()
    assert frozen.before("II.06a", office.agency.pk, OCTOBER, vn("15/09/2026 08:59")) is None


def test_the_import_is_told_until_when_figures_are_signed(office: Office) -> None:
    assert signed_until([office.agency.pk]) == {}
    sign(office, prepare(office))
    found = signed_until([office.agency.pk])
    assert found == {office.agency.pk: SEPTEMBER.end - MICROSECOND}
    below = make_office("Ủy ban nhân dân xã Tân Lập", parent=office.agency)
    assert signed_until([below.agency.pk]) == {}
    # What is told of finished dossiers is counted of the same ones, here of the offices below too.
    form, at = form_on("digitised", SEPTEMBER.last), vn("23/11/2026 09:00")
    made = frozen.prepare(form, office.agency, SEPTEMBER, CUT, by=office.controller, at=at)
    frozen.sign(made.pk, by=office.leader, at=at)
    assert signed_until([below.agency.pk]) == {below.agency.pk: SEPTEMBER.end - MICROSECOND}


def test_a_report_that_was_tampered_with_is_not_signed(
    office: Office, queries: Callable[[], Any]
) -> None:
    from onestop.guards import unguarded

    prepared = prepare(office)
    with unguarded():
        SignedReport.objects.filter(pk=prepared.pk).update(dossiers=[[1, 1, 1, ["3"]]])
    with pytest.raises(DomainError, match="report_changed"):
        sign(office, prepared)
