"""Lateness and promises where rules meet: re-appointment and waits, calendars that change, waits at
the counter.
"""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from dossiers.acts import endings, handovers, re_appointment, supplements, taking_back
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.clock import deadlines
from dossiers.intake.wanted import declared
from dossiers.models import Dossier
from dossiers.models.outcome import Outcome
from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import CalendarDay, DayKind
from onestop.errors import DomainError
from onestop.worktime import Term, Unit
from tests.world import MONDAY, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db


def test_a_wait_asked_before_the_reappointed_day_is_late_on_no_door() -> None:
    """A re-appointment moves what queues, flags and citizens see; the verdict keeps the promise
    before it.
    """
    office, case = make_office(), make_case("3 ngày làm việc")  # promised 27/11
    dossier = receive(office, case)
    leader, clerk = office.desk(office.leader), office.desk(office.clerk)
    five_days = Term(Unit.WORKING_DAY, Fraction(5))
    re_appointment.re_appoint(
        Seen(dossier.pk),
        extra=five_days,
        reason="Chờ xác minh",
        by=leader,
        at=vn("27/11/2026 09:00"),
    )
    asked = vn("01/12/2026 09:00")  # after the legal promise, before the re-appointed one
    supplements.ask(
        Seen(dossier.pk),
        items=declared("A"),
        reason="Thiếu",
        by=clerk,
        at=asked,
        approver=office.head,
        legal_basis="Điều 19",
        approval_reason="Cần",
    )
    dossier.refresh_from_db()
    now = asked + timedelta(days=1)
    assert dossier.is_late(now) is False
    assert not Dossier.objects.overdue(now).exists()
    endings.withdraw(
        Seen(dossier.pk), endings.EndingIn(requested_by="", reason="Thôi"), by=clerk, at=now
    )
    dossier.refresh_from_db()
    assert dossier.verdict == Outcome.LATE


def closing(day: date) -> None:
    CalendarDay.objects.create(date=day, kind=DayKind.CLOSING, name="Bão", source="Công điện")


def test_a_changed_calendar_moves_no_promise_behind_an_ordinary_act() -> None:
    """R-41: what stands on the slip moves by an explicit act only, never because somebody finished
    or asked.
    """
    office, case = make_office(), make_case("3 ngày làm việc")
    dossier = receive(office, case)
    clerk = office.desk(office.clerk)
    promised = dossier.due_at
    closing(date(2026, 11, 26))
    supplements.ask(
        Seen(dossier.pk),
        items=declared("A"),
        reason="Thiếu",
        by=clerk,
        at=MONDAY + timedelta(minutes=5),
    )
    dossier.refresh_from_db()
    assert (dossier.due_at, dossier.legal_due_at) == (promised, promised)
    taking_back.take_back(Seen(dossier.pk), by=clerk, at=MONDAY + timedelta(minutes=6))
    dossier.refresh_from_db()
    assert (dossier.due_at, dossier.legal_due_at) == (promised, promised)
    assert dossier.late_from == vn("28/11/2026 00:00")
    endings.withdraw(
        Seen(dossier.pk),
        endings.EndingIn(requested_by="", reason="Thôi"),
        by=clerk,
        at=vn("30/11/2026 09:00"),
    )
    dossier.refresh_from_db()
    assert (dossier.due_at, dossier.legal_due_at, dossier.verdict) == (
        promised,
        promised,
        Outcome.LATE,
    )


def test_waiting_for_papers_is_not_counted_against_the_counter_that_must_pass_on() -> None:
    """R-39 anew from completion: who waited a week for papers has not been late with forwarding."""
    office, case = make_office(), make_case("10 ngày làm việc")
    dossier = receive(office, case)
    clerk = office.desk(office.clerk)
    supplements.ask(
        Seen(dossier.pk),
        items=declared("A"),
        reason="Thiếu",
        by=clerk,
        at=MONDAY + timedelta(minutes=5),
    )
    dossier = supplements.complete(Seen(dossier.pk), by=clerk, at=vn("30/11/2026 09:00"))
    assert (dossier.forward_by, dossier.step_due_at) == (
        vn("30/11/2026 17:00"),
        vn("30/11/2026 17:00"),
    )
    row = handovers.hand_over(
        dossier,
        to=office.room,
        step=NextStep(order=2, name="Xử lý"),
        by=clerk,
        at=vn("30/11/2026 10:00"),
    )
    assert handovers.step_outcome(row) == Outcome.ON_TIME


def test_a_step_stands_still_while_the_dossier_waits() -> None:
    office, case = make_office(), make_case("10 ngày làm việc")
    dossier = receive(office, case)
    clerk, specialist = office.desk(office.clerk), office.desk(office.specialist)
    handovers.hand_over(
        dossier,
        to=office.room,
        step=NextStep(order=2, name="Xử lý", minutes=480),
        by=clerk,
        at=MONDAY,
    )
    dossier = handovers.confirm(Seen(dossier.pk), by=specialist, at=MONDAY)
    before = dossier.step_due_at
    assert before == vn("25/11/2026 09:00")
    supplements.ask(
        Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=clerk, at=vn("23/11/2026 10:00")
    )
    dossier = supplements.complete(Seen(dossier.pk), by=clerk, at=vn("30/11/2026 10:00"))
    assert dossier.step_due_at == vn("01/12/2026 09:00")  # seven hours of the step were left


def test_a_further_term_in_a_unit_that_does_not_fit_is_refused_with_a_sentence() -> None:
    office, case = make_office(), make_case("3 ngày làm việc")
    dossier = receive(office, case)
    hours = Term(Unit.WORKING_HOUR, Fraction(4))
    with pytest.raises(DomainError) as refused:
        re_appointment.re_appoint(
            Seen(dossier.pk), extra=hours, reason="Chờ", by=office.desk(office.leader), at=MONDAY
        )
    assert refused.value.code == "extra_unit"
    dossier.refresh_from_db()
    assert dossier.due_at == deadlines.clock_of(dossier, calendar_of(dossier.agency_id)).promise.at


def test_the_page_says_so_beside_the_field(signed_in) -> None:
    office, case = make_office(), make_case("3 ngày làm việc")
    dossier = receive(office, case)
    page = f"{dossier.get_absolute_url()}hen-lai/"
    client = signed_in(office.leader)
    typed = {"quantity": "4", "unit": "gio-lam-viec", "reason": "Chờ xác minh"}
    for more in ({}, {"xem": "1"}):
        answer = client.post(page, typed | more)
        assert "Hãy chọn đơn vị khác" in answer.content.decode()
