"""Why a dossier is late, as its events tell it (R-58): a proposal, with the unit that it is laid to."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from dossiers.acts import handovers, payment, supplements
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.intake.wanted import declared
from dossiers.models import Dossier
from dossiers.models.elsewhere import Outage
from onestop.accounts.models import CalendarDay, DayKind, Department
from reports.models.cause import Cause, causes_on
from reports.proposing import Proposal, proposed
from tests.clock import Clock
from tests.reports.conftest import Province, finish, province
from tests.world import Office, make_case, receive, vn

pytestmark = pytest.mark.django_db
# Received on Monday 2/11 with three working days: late from 6/11 00:00 on.
RECEIVED, NOW = vn("02/11/2026 09:00"), vn("16/11/2026 09:00")


@pytest.fixture
def place() -> Province:
    return province()


@pytest.fixture
def dossier(place: Province) -> Dossier:
    return receive(place.first, make_case("3 ngày làm việc"), at=RECEIVED)


def said(dossier: Dossier, at: datetime = NOW) -> Proposal:
    return proposed([dossier.pk], at)[dossier.pk]


def give(office: Office, dossier: Dossier, to: Department, at: datetime, **step: Any) -> None:
    fresh = Dossier.objects.get(pk=dossier.pk)
    by = fresh.holder or office.clerk
    handovers.hand_over(fresh, to=to, step=NextStep(**step), by=office.desk(by, at), at=at)


def ask(office: Office, dossier: Dossier, at: datetime) -> None:
    supplements.ask(
        Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=office.desk(office.clerk, at), at=at,
        approver=office.leader, approval_reason="Cần", legal_basis="Điều 17",
    )  # fmt: skip


def test_nothing_is_proposed_in_time(dossier: Dossier) -> None:
    assert proposed([dossier.pk], vn("05/11/2026 23:59")) == {}


def test_the_room_that_held_it_when_the_promise_passed(place: Province, dossier: Dossier) -> None:
    found = said(dossier)
    assert found.cause == Cause.DELAY
    assert found.department == place.first.counter


def test_the_step_that_overran_most(place: Province, dossier: Dossier) -> None:
    office = place.first
    give(
        office, dossier, office.room, vn("02/11/2026 10:00"), order=2, name="Thẩm định", minutes=60
    )
    handovers.confirm(
        Seen(dossier.pk), by=office.desk(office.specialist), at=vn("02/11/2026 10:30")
    )
    found = said(dossier)
    assert (found.cause, found.department) == (Cause.DELAY, office.room)
    # Beside lists that tell days of work.
    assert found.detail == "Bước “Thẩm định” quá 14 ngày theo lịch"


def test_what_nobody_has_received_lies_in_no_step(place: Province, dossier: Dossier) -> None:
    """Its step is still the giver's: it is no step of whoever has not received it."""
    office = place.first
    Dossier.objects.filter(pk=dossier.pk).update(step_due_at=vn("02/11/2026 12:00"))
    give(office, dossier, office.room, vn("02/11/2026 10:00"), order=2, name="Thẩm định")
    found = said(dossier)
    assert (found.cause, found.department) == (Cause.DELAY, office.room)
    assert found.detail == f"Đã giao {office.room.name}, chưa ai nhận khi quá hạn"


def test_waiting_for_the_applicant_after_the_promise(place: Province, dossier: Dossier) -> None:
    """Most of the lateness was waited for; less than half of it is no cause."""
    office = place.first
    ask(office, dossier, vn("06/11/2026 09:00"))
    found = said(dossier)
    assert found.cause == Cause.APPLICANT
    assert found.detail == "Chờ bổ sung hồ sơ 10 ngày theo lịch sau hạn"
    assert found.department == office.counter
    supplements.complete(Seen(dossier.pk), by=office.desk(office.clerk), at=vn("07/11/2026 09:00"))
    assert said(dossier).cause == Cause.DELAY


def test_waiting_for_money(place: Province, dossier: Dossier) -> None:
    office, at = place.first, vn("06/11/2026 09:00")
    due = payment.Obligation("Lệ phí", 1, "Điều 1", "Thuế cơ sở 3", date(2026, 12, 1))
    payment.ask_payment(Seen(dossier.pk), due, by=office.desk(office.clerk), at=at)
    assert said(dossier).cause == Cause.MONEY


def test_lying_with_another_agency(place: Province, dossier: Dossier) -> None:
    office, other = place.first, place.second
    Dossier.objects.filter(pk=dossier.pk).update(received_by_agency=other.agency)
    give(office, dossier, other.room, vn("05/11/2026 09:00"), order=2, name="Cho ý kiến")
    found = said(dossier)
    assert found.cause == Cause.COORDINATION
    assert other.agency.name in found.detail
    assert found.department == office.counter  # a unit of the agency that answers for it


def test_an_unplanned_closing_as_long_as_the_delay(
    place: Province, dossier: Dossier, clock: Clock
) -> None:
    clock.now = vn("05/11/2026 10:00")
    CalendarDay.objects.create(
        date=date(2026, 11, 5), kind=DayKind.CLOSING, name="Bão số 9", source="Công điện 12"
    )
    found = said(dossier, vn("06/11/2026 16:00"))
    assert found.cause == Cause.INCIDENT
    assert found.detail == "Tạm dừng làm việc đột xuất 05/11/2026 (Bão số 9)"
    assert said(dossier, vn("08/11/2026 09:00")).cause == Cause.DELAY  # later than the day explains


def test_of_what_has_ended_as_it_ended(place: Province, dossier: Dossier) -> None:
    finish(place.first, dossier, vn("10/11/2026 09:00"))
    assert said(dossier) == said(dossier, NOW + timedelta(days=30))


def test_five_queries_for_many(place: Province, dossier: Dossier, queries: Any) -> None:
    many = [receive(place.first, make_case("3 ngày làm việc"), at=RECEIVED).pk for _ in range(3)]
    for ids in ([dossier.pk], [dossier.pk, *many]):
        with queries() as seen:
            assert len(proposed(ids, NOW)) == len(ids)
        assert len(seen) == 5


def test_a_late_page_asks_one_fewer_for_it_has_read_the_hand_overs(
    place: Province, dossier: Dossier, signed_in: Any, clock: Clock, queries: Any
) -> None:
    """R-58: the cause is one statement of a late page, what is proposed four more."""
    office = place.first
    give(office, dossier, office.room, vn("03/11/2026 09:00"), order=2, name="Xử lý", minutes=480)
    before = said(dossier)
    passed = list(
        dossier.hand_overs.order_by("seq").select_related("giver_department", "receiver_department")
    )
    with queries() as asked:
        assert proposed([dossier.pk], NOW, passed=passed) == {dossier.pk: before}
    assert len(asked) == 4
    clock.now = NOW
    asks = []
    for officer in (office.specialist, office.head):
        client = signed_in(officer)
        client.get(dossier.get_absolute_url())
        with queries() as asked:
            page = client.get(dossier.get_absolute_url()).content.decode()
        assert (before.words in page) == (officer == office.head)
        asks.append([one for one in asked if "latecause" in one["sql"].lower()])
    assert [len(one) for one in asks] == [1, 1]


def test_the_list_of_causes_has_its_days() -> None:
    assert Cause.INCIDENT not in causes_on(date(2025, 6, 30))
    assert Cause.INCIDENT in causes_on(timezone.localdate(NOW))


def test_a_recorded_incident_as_long_as_it_is_late(place: Province, dossier: Dossier) -> None:
    """Received on Monday, no power from Wednesday to Friday; late for less than that."""
    outage = Outage.objects.create(
        agency=dossier.agency, kind=Outage.Kind.POWER, began_at=vn("04/11/2026 08:00"),
        ended_at=vn("06/11/2026 08:00"), recorded_at=NOW, recorded_by=place.first.clerk,
    )  # fmt: skip
    found = said(dossier, vn("07/11/2026 09:00"))
    assert found.cause == Cause.INCIDENT
    assert "04/11/2026 (Mất điện)" in found.detail
    # Later than the incident took: something else made it late. And nothing of one that was none.
    assert said(dossier).cause == Cause.DELAY
    # Recorded a second time it took no longer.
    again = {"agency": dossier.agency, "recorded_at": NOW, "recorded_by": place.first.clerk}
    Outage.objects.create(
        kind=Outage.Kind.NETWORK, began_at=vn("04/11/2026 09:00"), ended_at=outage.ended_at, **again
    )
    assert said(dossier).cause == Cause.DELAY
    Outage.objects.filter(kind=Outage.Kind.NETWORK).update(cancelled_at=NOW)
    Outage.objects.filter(pk=outage.pk).update(cancelled_at=NOW)
    assert said(dossier, vn("07/11/2026 09:00")).cause == Cause.DELAY
