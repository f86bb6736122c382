"""`/bao-cao/nghia-vu/`: who owes what, its two acts with their dates, returned, judged, taken off."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from onestop.accounts.models import AccessEvent, AccessKind, Agency, Level, Officer
from onestop.changes.domain import kept
from onestop.changes.models import RowChange
from onestop.errors import DomainError
from onestop.outbox.models import Message
from reports import signing
from reports.duties import acts, setting, yearly
from reports.duties.acts import Report
from reports.duties.judging import State
from reports.duties.owing import around, of_the_year, owed, returned_of
from reports.form_data import form_on
from reports.models import Duty, DutyAct, DutyRule, ReportingOutage, SignedReport
from reports.periods import parse
from tests.clock import Clock
from tests.reports.conftest import Province
from tests.samples import PDF
from tests.world import Office, make_office, vn

pytestmark = pytest.mark.django_db
PERIOD = parse("2026Q4")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8ffff3f030005fe02fea735"
    "81e20000000049454e44ae426082"
)
# The period ends on Monday 14/12/2026; the usual last day is Thursday the 17th.
AT = vn("16/12/2026 09:00")


@pytest.fixture
def province(place: Province, clock: Clock) -> Province:
    Agency.objects.filter(pk=place.agency.pk).update(level=Level.PROVINCE)
    clock.now = AT
    return place


def duty_of(whose: str = "commune", every: str = "Q") -> Duty:
    return Duty.objects.get(whose=whose, every=every)


def report(office: Office, duty: Duty | None = None) -> Report:
    return Report(office.agency, duty or duty_of(), PERIOD)


def state(office: Office, today: str = "16/12/2026") -> State:
    return report(office).judged(vn(f"{today} 09:00").date()).state


def send(office: Office, on: str = "2026-12-15", *, at: Any = AT, entry: bool = True) -> None:
    by, day = office.desk(office.controller, at), date.fromisoformat(on)
    acts.send_document(report(office), on=day, number="12/BC-UBND", with_form=True, by=by, at=at)
    if entry:
        acts.enter(report(office), on=day, number="", by=by, at=at)


def send_back(place: Province, office: Office, *, at: Any = AT, is_poor: bool = False) -> DutyAct:
    by = office.desk(place.controller, at)
    return acts.send_back(report(office), reason="Thiếu mục III", is_poor=is_poor, by=by, at=at)


def test_the_usual_duties_are_there(province: Province) -> None:
    """Of each level by quarter and year (legal 4.8, R-110); a second time nothing is added."""
    found = Duty.objects.values_list("whose", "every", "form_code", "due_days")
    assert set(found) == {
        (whose, every, form, days)
        for whose, form, days in [
            ("commune", "II.06a", 3), ("department", "II.06a", 3), ("province", "II.06b", 11)
        ]
        for every in "QY"
    }  # fmt: skip
    assert setting.put_defaults(AT.date()) == 0
    known = list(Duty.objects.all())
    codes = [one.code for one in around(date(2026, 12, 16), known)]
    assert codes[:2] == ["2026Q4", "2026Y"]
    assert {one.code for one in of_the_year(2026, known)} == {"2026Q4", "2026Y"}
    whose = {one.agency.pk: one.duty.whose for one in owed(list(Agency.objects.all()), [PERIOD], AT.date())}  # fmt: skip
    assert whose.pop(province.agency.pk) == "province"
    assert set(whose.values()) == {"commune"}


def test_the_signature_here_the_document_and_the_entry_make_it_sent(province: Province) -> None:
    """The form counts the moment the head signs: nothing is to be recorded for it."""
    office = province.first
    form = form_on("II.06a", PERIOD.last)
    assert state(office) == State.DUE
    made = signing.prepare(form, office.agency, PERIOD, by=office.desk(office.controller), at=AT)
    assert state(office) == State.DUE
    signed = signing.sign(made, by=office.desk(office.leader), at=vn("16/12/2026 10:00"))
    acts.send_document(
        report(office), on=date(2026, 12, 15), number="1/BC", by=office.desk(office.controller), at=AT
    )  # fmt: skip
    assert state(office) == State.DUE
    acts.enter(report(office), on=date(2026, 12, 16), number="K1", by=office.desk(office.controller), at=AT)  # fmt: skip
    found = report(office).judged(date(2026, 12, 31))
    assert (found.state, found.verdict.sent_on, found.deduction) == (
        State.SENT, date(2026, 12, 16), 0,
    )  # fmt: skip
    # What the page of the form sends back is sent back here too.
    signing.send_back(signed, reason="Sai", by=office.desk(province.controller), at=vn("17/12/2026 09:00"))  # fmt: skip
    again = report(office).judged(date(2026, 12, 18))
    assert again.state == State.RETURNED
    assert again.last_return is not None
    assert again.last_return.reason == "Sai"
    mine = [one.reason for one in _returned(office)]
    assert mine == ["Sai"]


def _returned(office: Office) -> list[Any]:
    """What stands on top of the page of the office's controller."""
    desk, day = office.desk(office.controller), date(2026, 12, 18)
    return [one.last_return for one in returned_of(desk, [office.agency], day)]


def test_returned_with_the_reason_and_the_controller_is_told(
    province: Province, signed_in: Callable[..., Any], clock: Clock
) -> None:
    office, other = province.first, province.second
    send(office)
    client = signed_in(province.controller)
    address = f"/bao-cao/nghia-vu/{office.agency.code}/{duty_of().pk}/2026Q4/"
    assert client.post(f"{address}tra-lai/", {"reason": "--"}).status_code == 422
    assert client.post(f"{address}tra-lai/", {"reason": "Thiếu mục III"}).status_code == 302
    assert state(office) == State.RETURNED
    told = Message.objects.get(subject__startswith="Bị trả lại")
    assert (told.to_officer, told.link) == (office.controller, address)
    assert "Thiếu mục III" in told.body
    trace = AccessEvent.objects.filter(kind=AccessKind.REPORT_ACT, object_kind="duty_act").latest(
        "pk"
    )
    assert (trace.officer, trace.about, trace.detail) == (
        province.controller, office.agency, "trả lại để sửa: Báo cáo kết quả công tác kiểm soát TTHC, 2026Q4",
    )  # fmt: skip
    page = signed_in(office.controller).get("/bao-cao/").content.decode()
    assert page.index("Bị trả lại, phải sửa và gửi lại") < page.index("Thiếu mục III")
    assert "Gửi lại chậm nhất ngày 21/12/2026" in page  # 16 + 3 is a Saturday
    for who in (other.controller, province.controller):
        assert "Bị trả lại, phải sửa" not in signed_in(who).get("/bao-cao/").content.decode()
    # Nothing is there to return a second time; sent again, it is gone from the top.
    with pytest.raises(DomainError, match="duty_nothing_sent"):
        send_back(province, office)
    clock.now = vn("21/12/2026 09:00")
    send(office, "2026-12-21", at=clock.now)
    assert (
        "Bị trả lại, phải sửa" not in signed_in(office.controller).get("/bao-cao/").content.decode()
    )
    assert report(office).judged(date(2026, 12, 31)).deduction == 0


def test_a_form_that_was_signed_here_goes_back_with_the_report(province: Province) -> None:
    office = province.first
    form = form_on("II.06a", PERIOD.last)
    made = signing.prepare(form, office.agency, PERIOD, by=office.desk(office.controller), at=AT)
    signing.sign(made, by=office.desk(office.leader), at=AT)
    send_back(province, office, at=vn("17/12/2026 09:00"), is_poor=True)
    made.refresh_from_db()
    assert (made.state, made.reason) == (SignedReport.State.RETURNED, "Thiếu mục III")
    assert Message.objects.filter(subject__startswith="Bị trả lại").count() == 1
    found = report(office).judged(date(2026, 12, 17))
    assert (found.state, found.verdict.was_poor, found.deduction) == (
        State.RETURNED, True, Decimal("0.25"),
    )  # fmt: skip


def test_two_people_return_it_once(province: Province) -> None:
    office = province.first
    send(office)
    row = send_back(province, office)
    with pytest.raises(IntegrityError), transaction.atomic():
        DutyAct.objects.create(
            agency=office.agency, duty=duty_of(), period="2026Q4", kind="returned", on=row.on,
            sending=row.sending, by=province.controller, at=AT,
        )  # fmt: skip


def test_a_mistake_is_taken_back_and_stays(province: Province) -> None:
    office = province.first
    send(office)
    entry = DutyAct.objects.get(kind=DutyAct.Kind.ENTRY)
    stranger, own = province.second, office.desk(office.controller)
    with pytest.raises(DomainError, match="report_not_yours"):
        acts.undo(report(office), entry.pk, by=stranger.desk(stranger.controller), at=AT)
    acts.undo(report(office), entry.pk, by=own, at=AT)
    assert state(office) == State.DUE
    with pytest.raises(DomainError, match="duty_undone"):
        acts.undo(report(office), entry.pk, by=own, at=AT)
    assert DutyAct.objects.count() == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        DutyAct.objects.filter(pk=entry.pk).update(on=date(2026, 12, 1))


def test_the_signed_narrative_is_a_pdf_by_its_content(
    province: Province, signed_in: Callable[..., Any], clock: Clock
) -> None:
    office = province.first
    client = signed_in(office.controller)
    address = f"/bao-cao/nghia-vu/{office.agency.code}/{duty_of().pk}/2026Q4/"

    def post(name: str, content: bytes, **more: str) -> Any:
        sent = {"on": "15/12/2026", "number": "12/BC", "with_form": "on"} | more
        return client.post(f"{address}van-ban/", sent | {"file": SimpleUploadedFile(name, content)})

    for name, content, said in [
        ("bao-cao.pdf", PNG, "bao-cao.pdf"),
        ("anh.png", PNG, "phải là tệp PDF"),
    ]:
        page = post(name, content)
        assert page.status_code == 422
        assert said in page.content.decode()
    assert post("bao-cao.pdf", PDF, on="17/12/2026").status_code == 422  # tomorrow
    assert not DutyAct.objects.exists()
    assert post("bao-cao.pdf", PDF).status_code == 302
    act = DutyAct.objects.get()
    file = client.get(f"{address}tep/{act.pk}/")
    assert b"".join(file.streaming_content) == PDF
    assert f"{address}tep/{act.pk}/" in client.get(address).content.decode()
    assert signed_in(province.second.controller).get(f"{address}tep/{act.pk}/").status_code == 404


def test_only_its_own_side_records_and_only_above_returns(
    province: Province, signed_in: Callable[..., Any], clock: Clock
) -> None:
    office, other = province.first, province.second
    send(office)
    address = f"/bao-cao/nghia-vu/{office.agency.code}/{duty_of().pk}/2026Q4/"
    said = {"on": "15/12/2026", "number": "1", "reason": "Thiếu mục III"}

    def answers(who: Officer) -> list[int]:
        client = signed_in(who)
        found = [client.post(f"{address}{what}/", said).status_code for what in ("nhap", "tra-lai")]
        return [client.get(address).status_code, *found]

    assert answers(other.controller) == [404, 404, 404]
    assert answers(office.leader) == [200, 422, 422]
    assert answers(office.controller) == [200, 302, 422]
    assert answers(province.controller) == [200, 422, 302]
    assert signed_in(office.clerk).get(address).status_code == 403
    page = signed_in(office.controller).get(address).content.decode()
    assert "Ghi văn bản" in page
    assert "Trả lại, đánh giá" not in page


def test_an_outage_moves_the_entry_and_is_recorded_with_its_basis(
    province: Province, signed_in: Callable[..., Any], clock: Clock
) -> None:
    office = province.first
    send(office, entry=False)
    assert report(office).judged(date(2026, 12, 18)).state == State.LATE
    client, here = signed_in(province.controller), "/bao-cao/nghia-vu/quy-dinh/?muc=su-co"
    sent = {"viec": "su-co", "from_day": "16/12/2026", "basis": "CV 12 của Văn phòng Chính phủ"}
    assert client.post(here, sent | {"to_day": "15/12/2026"}).status_code == 422
    assert client.post(here, sent).status_code == 302
    row = ReportingOutage.objects.get()
    assert report(office).judged(date(2026, 12, 18)).state == State.DUE
    clock.now = vn("18/12/2026 09:00")
    client = signed_in(province.controller)
    over = {"viec": "het-su-co", "ma": str(row.pk), "to_day": "17/12/2026"}
    assert signed_in(office.controller).post(here, over).status_code == 403
    assert client.post(here, over | {"to_day": "19/12/2026"}).status_code == 422  # tomorrow
    assert client.post(here, over | {"to_day": "16/12/2026"}).status_code == 302
    # A day that was said wrongly is corrected.
    assert client.post(here, over).status_code == 302
    # Two days without it: from Thursday to Monday, for the 19th is a Saturday.
    found = report(office).judged(date(2026, 12, 21))
    assert (found.state, found.verdict.is_moved) == (State.DUE, True)
    assert ", chưa khắc phục" not in client.get(here).content.decode()


def test_what_is_owed_and_how_it_is_judged_has_its_days(
    province: Province, signed_in: Callable[..., Any], clock: Clock
) -> None:
    """Another due day or rule from a day on: what ended before is judged as before."""
    client, here = signed_in(province.controller), "/bao-cao/nghia-vu/quy-dinh/"
    old = duty_of()
    assert client.get(f"{here}?sua={old.pk}").status_code == 200
    sent = {
        "viec": "bao-cao", "sua": str(old.pk), "name": old.name, "whose": "commune", "every": "Q",
        "form_code": "", "narrative": "on", "due_days": "5", "entry_days": "7",
    }  # fmt: skip
    assert client.post(here, sent | {"effective_from": "13/12/2026"}).status_code == 422
    assert client.post(here, sent | {"effective_from": "01/01/2027"}).status_code == 302
    old.refresh_from_db()
    assert old.effective_to == date(2026, 12, 31)
    new = Duty.objects.get(due_days=5)
    of_period = {
        code: [one.duty.pk for one in owed([province.first.agency], [parse(code)], AT.date())]
        for code in ("2026Q4", "2027Q1")
    }
    assert of_period == {"2026Q4": [old.pk], "2027Q1": [new.pk]}
    stop = {"viec": "thoi", "ma": str(new.pk), "effective_from": "01/06/2027"}
    assert client.post(f"{here}?sua={new.pk}", stop).status_code == 302
    assert owed([province.first.agency], [parse("2027Q2")], AT.date()) == []
    rule = {
        "viec": "cham", "late": "1", "poor": "0,75", "missing": "2,5", "missing_after": "5",
        "repair_days": "2", "remind_before": "1", "effective_from": "01/12/2026",
    }  # fmt: skip
    # A second time for the same day corrects it, and what stood is kept.
    assert client.post(f"{here}?muc=cham", rule | {"missing": "3"}).status_code == 302
    assert client.post(f"{here}?muc=cham", rule).status_code == 302
    changes = RowChange.objects.filter(table=DutyRule._meta.label_lower).order_by("seq")
    kept_rows = [json.loads(text) for text in changes.values_list("text", flat=True)]
    said = [str(one["columns"]["missing"]) for one in kept_rows]
    assert ["300" in one for one in said] == [True, False], said
    assert DutyRule.objects.get().set_by == province.controller
    assert report(province.first, old).judged(date(2026, 12, 23)).deduction == Decimal("2.5")
    assert "2,5" in client.get(f"{here}?muc=cham").content.decode()
    # The others see it and change nothing.
    seen = signed_in(province.first.controller)
    assert "Thay đổi" not in seen.get(here).content.decode()
    assert seen.post(here, sent).status_code == 403


def test_all_agencies_on_one_page_with_ten_queries(
    province: Province, signed_in: Callable[..., Any], clock: Clock, queries: Any
) -> None:
    """And the year's table: the same number for three agencies and for two hundred."""
    send(province.first)
    send(province.second)
    send_back(province, province.second)
    client = signed_in(province.controller)
    pages = ("/bao-cao/nghia-vu/", "/bao-cao/nghia-vu/nam/2026/")

    def asked() -> list[int]:
        found = []
        for path in pages:
            client.get(path)
            with queries() as seen:
                assert client.get(path).status_code == 200
            found.append(len(seen))
        return found

    few = asked()
    Agency.objects.bulk_create(
        Agency(
            code=f"H98.{number}", name=f"Ủy ban nhân dân xã {number}", level=Level.COMMUNE,
            kind="peoples_committee", parent=province.agency, path=f"{province.agency.path}{10**9 + number}/",
        )
        for number in range(200)
    )  # fmt: skip
    assert asked() == few
    assert max(few) <= 10, few
    page = client.get(pages[0])
    assert len(page.context["lines"]) == 204
    states = [line.owed.state for line in page.context["lines"]]
    assert states[0] == State.RETURNED
    assert "Thiếu mục III" in page.content.decode()
    sent = client.get(pages[0], {"tinh-trang": "da-gui"}).context["lines"]
    assert [line.owed.agency for line in sent] == [province.first.agency]
    assert client.get(pages[0], {"tinh-trang": "la"}).status_code == 404
    assert client.get(pages[0], {"ky": "2026-10"}).status_code == 404
    one = signed_in(province.first.controller).get(pages[0]).context["lines"]
    assert [line.owed.agency for line in one] == [province.first.agency]


def test_the_year_adds_up_what_is_taken_off(
    province: Province, signed_in: Callable[..., Any], clock: Clock
) -> None:
    """In time, late, missing, and a unit that was merged away before the period ended."""
    send(province.first)
    Duty.objects.filter(every="Y").update(effective_to=date(2026, 12, 13))
    clock.now = vn("30/12/2026 09:00")
    send(province.second, "2026-12-18", at=clock.now)
    merged = make_office("Ủy ban nhân dân xã Cũ", parent=province.agency).agency
    Agency.objects.filter(pk=merged.pk).update(closed_on=date(2026, 12, 13))
    found = yearly.of(2026, list(Agency.objects.order_by("path")), date(2026, 12, 30))
    by_name = {line.agency.name: (line.counts, line.points) for line in found.lines if line.agency}
    assert by_name == {
        province.agency.name: ((1, 0, 1, 0, 0, 0), "0,25"),
        province.first.agency.name: ((1, 1, 0, 0, 0, 0), "0"),
        province.second.agency.name: ((1, 0, 1, 0, 0, 0), "0,25"),
        province.empty.agency.name: ((1, 0, 0, 0, 1, 0), "0,5"),
    }
    assert (found.total.counts, found.total.points) == ((4, 1, 2, 0, 1, 0), "1")
    client = signed_in(province.controller)
    page = client.get("/bao-cao/nghia-vu/nam/2026/").content.decode()
    assert "0,25" in page
    for kind, begins in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        assert client.get(f"/bao-cao/nghia-vu/nam/2026/tep.{kind}").content.startswith(begins)
    # A year that still runs is a draft.
    for year, is_draft in ((2026, False), (2027, True)):
        sheet = client.get(f"/bao-cao/nghia-vu/nam/{year}/tep.xlsx").content
        with ZipFile(BytesIO(sheet)) as parts:
            texts = "".join(parts.read(name).decode() for name in parts.namelist())
        assert ("(dự thảo)" in texts) is is_draft
    # Only where somebody took it over is its successor named.
    address = f"/bao-cao/nghia-vu/{merged.code}/{duty_of().pk}/2026Q4/"
    assert "kế thừa" not in client.get(address).content.decode()
    Agency.objects.filter(pk=merged.pk).update(successor=province.first.agency)
    assert "cơ quan kế thừa báo cáo phần này" in client.get(address).content.decode()


def test_what_is_done_is_kept() -> None:
    assert {DutyAct, DutyRule, ReportingOutage} <= {one.model for one in kept()}
