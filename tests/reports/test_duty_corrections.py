"""What was said wrongly of a report that is owed, or of what is owed, is put right; nothing that was
judged or sent is lost by it.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from onestop.accounts.models import AccessEvent, AccessKind, Agency, Level
from onestop.errors import DomainError
from onestop.outbox.models import Message
from reports import signing
from reports.duties import acts, setting
from reports.duties.judging import State
from reports.duties.owing import owed
from reports.form_data import form_on
from reports.models import Duty, DutyAct, ReportingOutage
from reports.periods import parse
from tests.clock import Clock
from tests.reports.conftest import Province
from tests.reports.test_duties import AT, PERIOD, duty_of, report, send, send_back, state
from tests.world import Office, vn

pytestmark = pytest.mark.django_db
Kind = DutyAct.Kind


@pytest.fixture
def place(place: Province, clock: Clock) -> Province:
    """The province above its communes; the period has ended."""
    Agency.objects.filter(pk=place.agency.pk).update(level=Level.PROVINCE)
    clock.now = AT
    return place


def undo(
    place: Province, office: Office, kind: DutyAct.Kind, at: Any, *, above: bool = False
) -> Any:
    act = DutyAct.objects.filter(kind=kind).latest("pk")
    who = place.controller if above else office.controller
    return acts.undo(report(office), act.pk, by=office.desk(who, at), at=at)


@pytest.mark.parametrize("by_form", [False, True])
def test_what_a_return_has_judged_is_not_taken_back(place: Province, by_form: bool) -> None:
    """Late once stays late (ADR 28), whether the report was returned or the form that was signed
    here; a finding of its quality may be taken back.
    """
    office, late, at = place.first, vn("18/12/2026 09:00"), vn("19/12/2026 09:00")
    if by_form:
        form, own = form_on("II.06a", PERIOD.last), office.desk(office.controller, late)
        made = signing.prepare(form, office.agency, PERIOD, by=own, at=late)
        signing.sign(made, by=office.desk(office.leader, late), at=late)
    send(office, "2026-12-18", at=late)
    if by_form:
        made.refresh_from_db()
        signing.send_back(made, reason="Sai", by=office.desk(place.controller, at), at=at)
    else:
        send_back(place, office, at=at, is_poor=True)
    for kind in (Kind.DOCUMENT, Kind.ENTRY):
        with pytest.raises(DomainError, match="duty_undone"):
            undo(place, office, kind, at)
    assert report(office).judged(at.date()).deduction == Decimal("0.25")
    if not by_form:
        assert report(office).judged(at.date()).verdict.was_poor
        undo(place, office, Kind.POOR, at, above=True)
        assert not report(office).judged(at.date()).verdict.was_poor
    # What is sent afterwards may be taken back again.
    again = vn("20/12/2026 09:00")
    send(office, "2026-12-20", at=again)
    undo(place, office, Kind.ENTRY, again)


def test_it_is_found_poor_once_a_sending(place: Province) -> None:
    """Pressed twice it is recorded and told once; what was repaired may be found poor again."""
    office, by = place.first, place.first.desk(place.controller, AT)

    def find(at: Any) -> DutyAct:
        return acts.find_poor(report(office), reason="Thiếu mục III", by=by, at=at)

    send(office)
    find(AT)
    with pytest.raises(DomainError, match="duty_poor_already"):
        find(AT)
    assert DutyAct.objects.filter(kind=Kind.POOR).count() == 1
    assert Message.objects.filter(object_kind="duty_act").count() == 1
    send_back(place, office, at=vn("17/12/2026 09:00"))
    send(office, at=vn("17/12/2026 10:00"))
    find(vn("17/12/2026 11:00"))
    traces = AccessEvent.objects.filter(kind=AccessKind.REPORT_ACT, object_kind="duty_act")
    assert traces.count() == DutyAct.objects.count()


def test_what_was_sent_is_never_owed_no_more(place: Province, signed_in: Any) -> None:
    """A change or an end from a day on that a sent period ends on or after is refused."""
    office, old = place.first, duty_of()
    client, here = signed_in(place.controller), "/bao-cao/nghia-vu/quy-dinh/"
    send(office)
    stop = {"viec": "thoi", "ma": str(old.pk), "effective_from": "14/12/2026"}
    page = client.post(f"{here}?sua={old.pk}", stop)
    assert page.status_code == 422
    assert "Hãy chọn ngày sau kỳ ấy." in page.content.decode()
    fresh = Duty(name="Báo cáo", whose="commune", every="Q", due_days=5, entry_days=5,
                 effective_from=date(2026, 12, 14))  # fmt: skip
    by = office.desk(place.controller, AT)
    with pytest.raises(DomainError, match="duty_has_acts"):
        setting.set_duty(fresh, replaces=old, by=by, at=AT)
    assert state(office) == State.SENT
    setting.stop_duty(old, last=PERIOD.last, by=by, at=AT)
    assert state(office) == State.SENT


def test_a_duty_that_was_set_by_mistake_is_ended_before_it_began(
    place: Province, signed_in: Any
) -> None:
    office, old = place.first, duty_of()
    client, here = signed_in(place.controller), "/bao-cao/nghia-vu/quy-dinh/"
    early = {"viec": "thoi", "ma": str(old.pk), "effective_from": "13/12/2026"}
    assert client.post(f"{here}?sua={old.pk}", early).status_code == 422
    stop = early | {"effective_from": "14/12/2026"}
    assert client.post(f"{here}?sua={old.pk}", stop).status_code == 302
    assert old.pk not in {one.duty.pk for one in owed([office.agency], [PERIOD], AT.date())}
    assert "không kỳ nào (đặt nhầm từ 14/12/2026)" in client.get(here).content.decode()


def test_an_installation_begins_with_what_ends_from_its_first_day_on(place: Province) -> None:
    """Nobody begins with reports that count as not sent."""
    Duty.objects.all().delete()
    day = date(2028, 2, 29)
    assert setting.put_defaults(day) == 6
    assert set(Duty.objects.values_list("effective_from", flat=True)) == {day}
    periods = [parse("2027Q4"), parse("2028Q1")]
    found = owed([place.first.agency], periods, day)
    assert [one.period.code for one in found] == ["2028Q1"]
    Duty.objects.all().delete()
    setting.put_defaults(date(2026, 11, 1))
    assert set(Duty.objects.values_list("effective_from", flat=True)) == {setting.FIRST}


def test_an_outage_is_of_days_that_were_and_a_mistake_counts_none(
    place: Province, signed_in: Any
) -> None:
    office = place.first
    send(office, entry=False)
    client, here = signed_in(place.controller), "/bao-cao/nghia-vu/quy-dinh/?muc=su-co"
    sent = {"viec": "su-co", "from_day": "15/12/2026", "basis": "CV 12"}
    for to_day in ("17/12/2026", "01/01/2200"):
        assert client.post(here, sent | {"to_day": to_day}).status_code == 422
    assert client.post(here, sent | {"to_day": "16/12/2026"}).status_code == 302
    row = ReportingOutage.objects.get()
    day = date(2026, 12, 18)
    assert report(office).judged(day).state == State.DUE
    over = {"viec": "het-su-co", "ma": str(row.pk)}
    assert client.post(here, over | {"to_day": "13/12/2026"}).status_code == 422
    assert client.post(here, over | {"to_day": "14/12/2026"}).status_code == 302
    assert report(office).judged(day).state == State.LATE
    page = client.get(here).content.decode()
    assert "ghi nhầm, không tính" in page
    trace = AccessEvent.objects.filter(object_kind="reporting_outage").latest("pk")
    assert trace.detail == "ghi nhầm sự cố 15/12/2026"
    # A row that was open when its page was drawn: what stands in the database is checked.
    row.to_day = None
    acts.end_outage(row, to_day=date(2026, 12, 15), by=office.desk(place.controller, AT), at=AT)
    with pytest.raises(DomainError, match="outage_days"):
        acts.end_outage(
            row, to_day=AT.date() + timedelta(days=1), by=office.desk(place.controller, AT), at=AT
        )
