"""Controllers are reminded of reports before and after the last day, and five days before a cut of what
is to be put in order; each once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from dossiers.acts import endings, handovers
from dossiers.acts.many import Seen
from dossiers.models import Dossier
from onestop.accounts.models import Role, RoleGrant
from onestop.outbox.models import Message
from reports.duties import acts, cleaning, reminding
from reports.duties.acts import Report
from reports.models import Duty
from reports.periods import parse
from tests.clock import Clock
from tests.reports.conftest import NOW, Province, Worked
from tests.reports.test_duties import send_back
from tests.world import Office, make_office, vn

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(place: Province) -> Province:
    """Only the quarter's report of communes is owed; the province of these tests is one of them."""
    Duty.objects.exclude(whose="commune", every="Q").update(effective_to=date(2026, 12, 13))
    return place


def told(office: Office, at: str) -> list[str]:
    """What a run tells the office's controller, by its first word."""
    before = set(Message.objects.values_list("pk", flat=True))
    reminding.remind(vn(at))
    fresh = Message.objects.exclude(pk__in=before).filter(to_officer=office.controller)
    return [one.subject.partition(":")[0] for one in fresh.order_by("pk")]


def test_before_and_after_the_last_day_each_once(one: Province) -> None:
    """Due on Thursday 17/12/2026; two days before, when late, after a week, when not sent."""
    office = one.first
    days = [(day, told(office, f"{day:02}/12/2026 08:10")) for day in range(15, 31)]
    assert {day: found for day, found in days if found} == {
        15: ["Sắp đến hạn"],
        18: ["Trễ"],
        25: ["Trễ"],
        28: ["Không gửi"],
    }
    assert reminding.remind(vn("30/12/2026 09:10")) == 0
    words = Message.objects.get(to_officer=office.controller, subject__startswith="Sắp đến hạn")
    assert "hạn ngày 17/12/2026" in words.body
    assert "ký biểu số liệu, ký, gửi văn bản, nhập hệ thống báo cáo" in words.body
    assert words.link.endswith("/2026Q4/")
    # A clock that was set back tells again what a wrong one told.
    reminding.after_clock_set_back(vn("20/12/2026 09:00"))
    assert told(office, "28/12/2026 08:10") == ["Không gửi"]


def test_while_the_reporting_system_stands_still_nobody_is_told_of_the_entry(one: Province) -> None:
    """Its last day moves on each day; who also lacks the document is told of that."""
    office, at = one.first, vn("15/12/2026 09:00")
    report = Report(office.agency, Duty.objects.get(whose="commune", every="Q"), parse("2026Q4"))
    by = office.desk(office.controller)
    acts.send_document(report, on=at.date(), number="1", with_form=True, by=by, at=at)
    outage = acts.record_outage(
        from_day=date(2026, 12, 15), to_day=None, basis="CV 12", by=by, at=at
    )
    days = [told(office, f"{day}/12/2026 08:10") for day in range(15, 23)]
    assert days == [[]] * 8
    assert Message.objects.filter(to_officer=one.second.controller, kind="duty_due").count() == 2
    acts.end_outage(outage, to_day=date(2026, 12, 21), by=by, at=vn("22/12/2026 09:00"))
    # Seven days without it: the 17th is the 24th.
    assert told(office, "22/12/2026 10:10") == ["Sắp đến hạn"]
    assert told(office, "25/12/2026 08:10") == ["Trễ"]


def test_it_asks_no_more_for_more_agencies(one: Province, queries: Any) -> None:
    """Whatever is told is asked and written together."""

    def asked(at: str) -> int:
        with queries() as seen:
            assert reminding.remind(vn(at)) > 0
        return sum(row["sql"].startswith(("SELECT", "WITH")) for row in seen.captured_queries)

    few = asked("15/12/2026 08:10")
    for number in range(4):
        make_office(f"Ủy ban nhân dân xã Thêm {number}", parent=one.agency)
    assert asked("18/12/2026 08:10") == few


def test_who_has_sent_is_left_alone_and_who_is_to_repair_is_told(one: Province) -> None:
    office, at = one.first, vn("15/12/2026 09:00")
    report = Report(office.agency, Duty.objects.get(whose="commune", every="Q"), parse("2026Q4"))
    by = office.desk(office.controller)
    acts.send_document(report, on=at.date(), number="1", with_form=True, by=by, at=at)
    acts.enter(report, on=at.date(), number="", by=by, at=at)
    assert told(office, "18/12/2026 08:10") == []
    send_back(one, office, at=vn("18/12/2026 09:00"))
    # Three days to repair it; the 21st is a Monday.
    assert told(office, "19/12/2026 08:10") == ["Sắp đến hạn"]
    assert told(office, "22/12/2026 08:10") == ["Trễ"]


def test_whoever_took_an_agency_over_is_told_of_what_it_still_owes(one: Province) -> None:
    """It ended after the period did; what ended before owes nothing."""
    ended, heir, before = one.first, one.second, one.empty.agency
    for agency, day in ((ended.agency, date(2026, 12, 16)), (before, date(2026, 12, 13))):
        agency.closed_on, agency.successor = day, heir.agency
        agency.save()
    reminding.remind(vn("18/12/2026 08:10"))
    told_of = Message.objects.filter(kind="duty_due", to_officer=heir.controller)
    names = sorted(message.body.partition(" của ")[2].partition(",")[0] for message in told_of)
    assert names == sorted([ended.agency.name, heir.agency.name])


def test_where_nobody_prepares_reports_the_nearest_above_is_told(one: Province) -> None:
    one.first.controller.grants.update(ended_at=vn("01/12/2026 08:00"))
    reminding.remind(vn("18/12/2026 08:10"))
    subjects = Message.objects.filter(to_officer=one.controller).values_list("body", flat=True)
    assert sum(one.first.agency.name in body for body in subjects) == 1


def test_the_list_to_clean_leads_to_where_it_is_done(
    worked: Worked, signed_in: Callable[..., Any], clock: Clock
) -> None:
    """Against the dossiers themselves; another office's are not counted."""
    place, found = worked
    office, at = place.first, vn(NOW)
    desk = office.desk(office.clerk, at)
    found["land"].refresh_from_db()
    handovers.hand_over(found["counter"], to=office.room, by=desk, at=at)
    # A desk that is handed over whole passes on what waits, too.
    Dossier.objects.filter(pk=found["papers"].pk).update(pending_department=office.room)
    signed = endings.ResultIn(number="7", issued_on=at.date(), signer="Tuấn")
    endings.record_result(
        Seen(found["later"].pk), signed, by=office.desk(office.specialist, at), at=at
    )
    clock.now = at
    client = signed_in(office.controller)
    page = client.get("/bao-cao/don-truoc-chot/")
    [(agency, lines, total)] = page.context["parts"]
    assert agency == office.agency
    numbers = {line.todo.key: line.number for line, _ in lines}
    assert numbers["dang-cho"] == 2  # money, late and waiting; papers are being handed over
    assert numbers["ban-giao"] == 3  # given, the one from the counter, papers
    assert numbers["ket-qua"] == 1
    assert numbers["nguyen-nhan"] >= 2
    assert total == sum(numbers.values())
    assert found["later"].code in page.content.decode()
    # Each list that a line leads to has as many.
    for line, _ in lines:
        if line.url:
            listed = client.get(line.url)
            assert listed.status_code == 200, line.url
            seen = listed.context.get("number")
            if seen is None:
                seen = len(listed.context["rows"])
            assert seen == line.number, line.url
    # Whoever prepares the reports of two agencies has lists of both: dossiers are named instead.
    RoleGrant.objects.create(
        officer=office.controller, agency=place.second.agency, role=Role.CONTROLLER,
        valid_from=at.date(),
    )  # fmt: skip
    page = signed_in(office.controller).get("/bao-cao/don-truoc-chot/")
    both = {agency.pk: lines for agency, lines, _ in page.context["parts"]}
    assert set(both) == {office.agency.pk, place.second.agency.pk}
    for line, codes in both[office.agency.pk]:
        if line.todo.key in ("dang-cho", "ban-giao"):
            assert (line.url, len(codes)) == ("", line.number)


def test_of_the_offices_below_each_number_leads_to_its_list_where_there_is_one(
    worked: Worked, clock: Clock, signed_in: Callable[..., Any]
) -> None:
    place, _ = worked
    clock.now = vn("27/11/2026 09:00")
    client = signed_in(place.controller)
    page = client.get("/bao-cao/don-truoc-chot/")
    below = dict(page.context["below"])
    assert place.first.agency in below
    found = {one.todo.key: one for one in below[place.first.agency]}
    assert {"nguyen-nhan", "dang-cho"} <= set(found)
    assert [key for key, one in found.items() if one.url] == ["nguyen-nhan"]
    listed = client.get(found["nguyen-nhan"].url)
    assert listed.context["number"] == found["nguyen-nhan"].number


def test_it_is_told_five_days_before_the_cut_once(worked: Worked) -> None:
    """Of the quarter and year that end on 14/12/2026; an office in order is told nothing."""
    place, _ = worked
    assert [one.code for one in cleaning.next_cut(date(2026, 11, 27))] == ["2026Q4", "2026Y"]
    assert told(place.first, "08/12/2026 08:10") == []
    before = timezone.localdate(vn("09/12/2026 08:10"))
    assert cleaning.is_near(cleaning.next_cut(before), before)
    assert told(place.first, "09/12/2026 08:10") == ["Dọn trước kỳ chốt ngày 14/12/2026"]
    assert told(place.first, "10/12/2026 08:10") == []
    assert not Message.objects.filter(to_officer=place.empty.controller).exists()
    words = Message.objects.get(to_officer=place.first.controller, kind="clean_up")
    assert "đang chờ bổ sung, nộp tiền: 3 hồ sơ" in words.body
