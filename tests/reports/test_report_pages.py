"""`/bao-cao/`: who prepares, signs, returns and withdraws; what is told and traced; every figure
opens its dossiers; what is owed after a period stands as drafts.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from onestop.accounts.models import AccessEvent, AccessKind, Officer
from onestop.errors import DomainError
from onestop.outbox.models import Message
from reports import owed, signing
from reports.form_data import form_on
from reports.models import FrozenFile, ReportForm, SignedReport
from reports.periods import parse
from tests.reports.conftest import Province
from tests.world import Office, vn

pytestmark = pytest.mark.django_db
PERIOD = parse("2026Q4")
State = SignedReport.State
AFTER = "15/12/2026 08:00"


def prepared(office: Office, by: Officer | None = None, at: str = AFTER) -> SignedReport:
    form = form_on("II.06a", PERIOD.last)
    desk = office.desk(by or office.controller)
    return signing.prepare(form, office.agency, PERIOD, by=desk, at=vn(at))


def signed(office: Office) -> SignedReport:
    return signing.sign(prepared(office), by=office.desk(office.leader), at=vn("15/12/2026 09:00"))


def test_the_controller_prepares_and_the_head_signs(place: Province) -> None:
    office = place.first
    report = signed(office)
    assert report.state == State.SIGNED
    assert (report.prepared_by, report.signed_by) == (office.controller, office.leader)
    assert report.figures["total"]["3"] == 3
    files = {one.kind: bytes(one.content) for one in report.files.all()}
    assert files["pdf"].startswith(b"%PDF")
    assert files["xlsx"].startswith(b"PK")
    told = Message.objects.filter(kind="report").values_list("to_officer", "subject")
    assert (office.leader.pk, "Chờ ký: II.06a, Quý IV năm 2026") in told
    assert (office.controller.pk, "Đã ký: II.06a, Quý IV năm 2026") in told
    # The figures are those of when it was put before the head, however late the head signs.
    waits = Message.objects.get(subject__startswith="Chờ ký")
    assert "số liệu chốt 15/12/2026 08:00" in waits.body
    traces = AccessEvent.objects.filter(kind=AccessKind.REPORT_ACT)
    assert sorted(traces.values_list("officer", flat=True)) == sorted(
        [office.controller.pk, office.leader.pk]
    )


def test_only_its_own_office_prepares_and_signs(place: Province) -> None:
    office, other = place.first, place.second
    for officer in (other.controller, office.leader, office.clerk):
        with pytest.raises(DomainError, match="report_not_yours"):
            prepared(office, officer)
    report = prepared(office)
    for officer in (other.leader, office.controller, place.leader):
        with pytest.raises(DomainError, match="report_not_yours"):
            signing.sign(report, by=office.desk(officer), at=vn(AFTER))


def test_a_period_that_still_runs_is_not_prepared(place: Province) -> None:
    with pytest.raises(DomainError, match="period_runs"):
        prepared(place.first, at="14/12/2026 23:59")
    assert prepared(place.first, at="15/12/2026 00:00").state == State.PREPARED


def test_files_of_a_signed_report_never_change(place: Province) -> None:
    report = signed(place.first)
    with pytest.raises(IntegrityError), transaction.atomic():
        FrozenFile.objects.filter(report=report).update(content=b"x")
    assert report.files.count() == 2


def test_whoever_receives_it_returns_it_for_repair(place: Province) -> None:
    office = place.first
    report, at = signed(office), vn("16/12/2026 09:00")
    with pytest.raises(DomainError, match="report_not_above"):
        signing.send_back(report, by=office.desk(office.leader), at=at, reason="Sai")
    signing.send_back(report, by=office.desk(place.controller), at=at, reason="Thiếu lĩnh vực")
    report.refresh_from_db()
    assert (report.state, report.reason) == (State.RETURNED, "Thiếu lĩnh vực")
    assert report.files.count() == 2
    told = Message.objects.filter(kind="report", to_officer=office.controller).last()
    assert told is not None
    assert "Thiếu lĩnh vực" in told.body
    again = prepared(office, at="16/12/2026 10:00")
    assert (again.version, report.version) == (2, 1)


def test_the_head_returns_what_waits_and_withdraws_what_was_signed(place: Province) -> None:
    office, at = place.first, vn("16/12/2026 09:00")
    leader, controller = office.desk(office.leader), office.desk(office.controller)
    report = prepared(office)
    signing.send_back(report, by=leader, at=at, reason="Xem lại cột (10)")
    report = prepared(office)
    signing.take_back(report, by=controller, at=at)
    report = signing.sign(prepared(office), by=leader, at=at)
    assert report.version == 3
    done = signing.withdraw(report, by=leader, at=at, reason="Ký nhầm kỳ")
    assert done.state == State.WITHDRAWN
    with pytest.raises(DomainError, match="report_gone"):
        signing.withdraw(report, by=leader, at=at, reason="Nữa")


Enter = Callable[..., Any]


def test_the_pages_from_draft_to_signature(place: Province, signed_in: Enter) -> None:
    office = place.first
    address = f"/bao-cao/II.06a/{office.agency.code}/{PERIOD.code}/"
    controller = signed_in(office.controller)
    page = controller.get(address)
    assert page.status_code == 200
    assert "Trình ký" in page.content.decode()
    assert controller.post(f"{address}trinh/").status_code == 302
    assert controller.post(f"{address}trinh/").status_code == 409
    leader = signed_in(office.leader)
    assert "Rút lại" not in leader.get(address).content.decode()
    assert leader.post(f"{address}ky/").status_code == 302
    page = leader.get(address)
    assert "đã ký" in page.content.decode()
    for kind in ("pdf", "xlsx"):
        frozen = FrozenFile.objects.get(kind=kind)
        assert leader.get(f"{address}tep.{kind}").content == bytes(frozen.content)
    again = leader.post(f"{address}ky/")
    assert again.status_code == 409
    assert controller.post(f"{address}thu-hoi/", {"ly_do": "Sai"}).status_code == 422
    assert leader.post(f"{address}thu-hoi/", {"ly_do": ""}).status_code == 422
    assert leader.post(f"{address}thu-hoi/", {"ly_do": "Ký nhầm"}).status_code == 302
    assert "Ký nhầm" in controller.get(address).content.decode()


def test_every_figure_opens_its_dossiers(place: Province, signed_in: Enter) -> None:
    office = place.first
    for officer, form in (
        (office.leader, "II.06a"),
        (place.controller, "II.06b"),
        (place.controller, "07a-BTP"),
    ):
        agency = office.agency if form == "II.06a" else place.agency
        client = signed_in(officer)
        page = client.get(f"/bao-cao/{form}/{agency.code}/{PERIOD.code}/")
        assert page.status_code == 200
        found = page.context["found"]
        cells = [one for line in [*found.lines, found.total] for one in line.figures if one.url]
        assert len(cells) > 5
        for one in cells:
            listed = client.get(one.url)
            assert listed.context["number"] == int(one.text), one.url
            assert len(listed.context["rows"]) == int(one.text)


def test_a_stranger_finds_nothing(place: Province, signed_in: Enter) -> None:
    address = f"/bao-cao/II.06a/{place.first.agency.code}/{PERIOD.code}/"
    client = signed_in(place.second.leader)
    assert client.get(address).status_code == 404
    assert client.post(f"{address}trinh/").status_code == 404
    assert client.get("/bao-cao/II.99/x/2026Q4/").status_code == 404
    office = signed_in(place.first.leader)
    assert office.get(f"/bao-cao/II.06a/{place.first.agency.code}/2026Q9/").status_code == 404
    assert office.get(f"{address}ho-so/?dong=abc&cot=3").status_code == 404
    assert office.get(f"{address}ho-so/?dong=total&cot=99").status_code == 404
    wrong = office.get("/bao-cao/?bieu=II.06a&coquan=x&ky=hm")
    assert wrong.status_code == 422
    assert "2026Q3" in wrong.content.decode()


def test_a_period_that_the_form_has_not_is_said_before_its_page(
    place: Province, signed_in: Enter
) -> None:
    """Book periods are the register's; before its first edition a form has no period."""
    client, code = signed_in(place.first.leader), place.first.agency.code

    def asked(form: str, period: str) -> Any:
        return client.get("/bao-cao/", {"bieu": form, "coquan": code, "ky": period})

    for form, period, why in (
        ("II.06a", "2026S", "là cả một sổ theo dõi hồ sơ; biểu II.06a tính theo kỳ báo cáo"),
        ("operations", "2025Q4", "Không có biểu mẫu “operations” có hiệu lực trong kỳ này"),
    ):
        assert client.get(f"/bao-cao/{form}/{code}/{period}/").status_code == 404
        answer = asked(form, period)
        assert answer.status_code == 422
        assert list(answer.context["asked"].errors) == ["ky"]
        assert why in answer.content.decode()
    for form, period in (("register", "2026S"), ("operations", "2026Q1"), ("II.06a", "2026Q4")):
        answer = asked(form, period)
        assert (answer.status_code, answer["Location"]) == (
            302,
            f"/bao-cao/{form}/{code}/{period}/",
        )
        assert client.get(answer["Location"]).status_code == 200


def test_a_newer_edition_leads_to_the_periods_of_the_one_before(
    place: Province, signed_in: Enter
) -> None:
    office = place.first
    newer = form_on("II.06a", PERIOD.last)
    newer.pk, newer.effective_from, newer._state.adding = None, parse("2027Q1").first, True
    newer.save()
    client = signed_in(office.leader)
    here = f"/bao-cao/II.06a/{office.agency.code}"
    found = client.get(f"{here}/2027Q1/").context["found"]
    assert found.form == newer
    assert found.previous_address == f"{here}/2026Q4/"
    assert [one.url for one in found.compared] == [found.previous_address]
    ReportForm.objects.filter(code="II.06a").exclude(pk=newer.pk).delete()
    page = client.get(f"{here}/2027Q1/")
    assert page.context["found"].previous_address == ""
    assert 'href=""' not in page.content.decode()


def test_what_is_owed_leads_to_its_report(place: Province, signed_in: Enter) -> None:
    owed.make(vn("15/12/2026 00:40"))
    client = signed_in(place.first.controller)
    page = client.get("/bao-cao/")
    assert [one.form.code for one in page.context["owed"]] == ["II.06a", "II.06a"]
    prepared(place.first)
    assert len(client.get("/bao-cao/").context["owed"]) == 1


def test_the_period_before_and_last_year_stand_beside_the_total(
    place: Province, signed_in: Enter
) -> None:
    office = place.first
    client = signed_in(office.leader)
    page = client.get(f"/bao-cao/II.06a/{office.agency.code}/2027Q1/")
    [before] = page.context["found"].compared
    columns = [one.number for one in page.context["found"].table.columns]
    told = dict(zip(columns, before.cells, strict=True))
    assert before.title == "Kỳ trước"
    assert (told["3"], told["5"], told["6"]) == (("3", "-1"), ("3", "-3"), ("0", "+2"))
    assert "Kỳ trước" in page.content.decode()
    assert (
        client.get(f"/bao-cao/II.06a/{office.agency.code}/2026Q4/").context["found"].compared == []
    )


def test_a_signed_report_is_not_taken_back_by_its_controller(place: Province) -> None:
    """Nor by the head who judged it while it waited: a stale page ends nothing that was signed."""
    office = place.first
    stale = prepared(office)
    report = signing.sign(stale, by=office.desk(office.leader), at=vn("15/12/2026 09:00"))
    assert stale.state == State.PREPARED
    with pytest.raises(DomainError, match="report_gone"):
        by = office.desk(office.leader)
        signing.send_back(stale, by=by, at=vn("16/12/2026 09:00"), reason="Sai")
    with pytest.raises(DomainError, match="report_gone"):
        signing.take_back(report, by=office.desk(office.controller), at=vn("16/12/2026 09:00"))
    report.refresh_from_db()
    assert report.state == State.SIGNED


def test_the_command_gives_the_very_bytes_that_were_signed(place: Province, tmp_path: Path) -> None:
    report = signed(place.first)
    for one in report.files.all():
        path = tmp_path / f"signed.{one.kind}"
        call_command(
            "report",
            "II.06a",
            agency=place.first.agency.code,
            period=PERIOD.code,
            format=one.kind,
            output=str(path),
        )
        assert path.read_bytes() == bytes(one.content)
