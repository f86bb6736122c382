"""Phi địa giới (R-37): what commune A receives for commune B has its term from when B confirms it: both
times kept and shown, an estimate until then, nothing late, counted by the second.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from dossiers.acts import calendar_moves, endings, handovers, receiving, supplements, taking_back
from dossiers.acts.endings import EndingIn
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.clock import deadlines
from dossiers.desk import late_parts
from dossiers.intake import secrets
from dossiers.intake.wanted import declared
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Event, HandOver, Slip, Span
from dossiers.models.outcome import Outcome
from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import CalendarDay, CalendarYear, DayKind, Role
from onestop.outbox.models import Message
from procedures.models import SupplementMode
from reports.models.cause import Cause
from reports.proposing import proposed
from tests.clock import Clock
from tests.world import Office, make_case, make_office, make_officer, receive, vn

FRIDAY, TUESDAY = vn("20/11/2026 09:00"), vn("01/12/2026 10:00")
WEDNESDAY = vn("09/12/2026 08:00")


@pytest.fixture
def b(office: Office) -> Office:
    return make_office("Ủy ban nhân dân xã Bạch Đằng")


def received(
    office: Office, b: Office, *, flag: bool = True, at: datetime = FRIDAY, mode: int = 1
) -> Dossier:
    case = make_case("5 ngày làm việc", supplement_mode=mode)
    return receive(office, case, at=at, out_of_area=flag, handled_by=b.agency)


def given(
    office: Office, dossier: Dossier, b: Office, *, at: datetime | None = None, to_counter: bool = False
) -> None:  # fmt: skip
    dossier.refresh_from_db()
    at = at or dossier.received_at
    to, receiver = (b.counter, b.clerk) if to_counter else (b.room, b.specialist)
    handovers.hand_over(
        dossier, to=to, receiver=receiver, step=NextStep(name="Xử lý"), by=office.desk(office.clerk, at), at=at
    )  # fmt: skip


def confirmed(b: Office, dossier: Dossier) -> Dossier:
    by = b.desk(b.specialist, TUESDAY)
    return receiving.confirm(Seen(dossier.pk), by=by, at=TUESDAY)


def spans(dossier: Dossier) -> list[tuple[int, Any]]:
    rows = Span.objects.filter(dossier=dossier, to_known=None, gone_known=None).order_by("pk")
    return list(rows.values_list("group", "received_at"))


def test_the_term_begins_when_the_competent_agency_has_it(office: Office, b: Office) -> None:
    dossier = received(office, b)
    assert (dossier.awaits_agency, dossier.begun_at, dossier.provisional) == (True, None, True)
    # Five working days after Friday 20/11; Tuesday 24/11 is a day off.
    assert dossier.due_at == vn("30/11/2026 17:00")
    assert not dossier.is_late(TUESDAY)
    assert spans(dossier) == []
    receipt = Slip.objects.get(dossier=dossier, slug="tiep-nhan")
    assert receipt.snapshot["received_for"] == b.agency.name
    given(office, dossier, b)
    assert spans(dossier) == []
    done = confirmed(b, dossier)
    done.refresh_from_db()
    assert (done.awaits_agency, done.begun_at, done.received_at) == (False, TUESDAY, FRIDAY)
    assert (done.due_at, done.first_due_at) == (vn("08/12/2026 17:00"),) * 2
    assert not done.provisional
    assert spans(done) == [(Span.Group.WORKING, TUESDAY)]
    assert done.is_late(WEDNESDAY)
    kinds = list(Event.objects.filter(dossier=done).order_by("seq").values_list("kind", flat=True))
    assert kinds[-3:] == ["confirm", "begin_term", "take_up"]
    assert [str(one) for one in verify(now=WEDNESDAY).misfits] == []


def test_undoing_the_confirmation_puts_it_back(office: Office, b: Office) -> None:
    dossier = received(office, b)
    given(office, dossier, b)
    before = Dossier.objects.values("due_at", "legal_due_at", "late_from", "provisional", "begun_at", "awaits_agency")  # fmt: skip
    stood = before.get(pk=dossier.pk)
    confirmed(b, dossier)
    later = TUESDAY + timedelta(minutes=5)
    taking_back.take_back(Seen(dossier.pk), by=b.desk(b.specialist, later), at=later)
    assert before.get(pk=dossier.pk) == stood
    assert spans(dossier) == []
    handovers.recall(Seen(dossier.pk), by=office.desk(office.clerk, later), at=later)
    assert before.get(pk=dossier.pk) == stood
    assert list(verify(now=later).misfits) == []


def test_what_ends_before_is_late_by_nothing(office: Office, b: Office) -> None:
    dossier = received(office, b)
    asked = EndingIn(requested_by=dossier.owner_name, reason="Nộp lại sau")
    endings.withdraw(Seen(dossier.pk), asked, by=office.desk(office.clerk, WEDNESDAY), at=WEDNESDAY)
    dossier.refresh_from_db()
    assert dossier.verdict == Outcome.ON_TIME
    assert spans(dossier) == [(Span.Group.ENDED, WEDNESDAY)]
    assert [str(one) for one in verify(now=WEDNESDAY).misfits] == []


def test_without_the_flag_the_term_runs_from_the_reception(office: Office, b: Office) -> None:
    dossier = received(office, b, flag=False)
    given(office, dossier, b)
    done = confirmed(b, dossier)
    assert (done.begun_at, done.due_at) == (None, vn("30/11/2026 17:00"))
    assert spans(done)[0][1] == FRIDAY
    own = received(office, office)
    assert not own.awaits_agency


def test_page_and_look_up_tell_both_times(
    office: Office, b: Office, signed_in: Callable[..., Any], clock: Clock
) -> None:
    dossier = received(office, b)
    page = signed_in(office.clerk).get(dossier.get_absolute_url()).content.decode()
    assert "thời hạn tính từ khi cơ quan có thẩm quyền nhận" in page
    address = f"/tra-cuu/{dossier.code}/?k={secrets.secret_of(dossier)}"
    citizen = signed_in(office.clerk)
    assert f"Tiếp nhận hộ cho {b.agency.name}" in citizen.get(address).content.decode()
    given(office, dossier, b)
    confirmed(b, dossier)
    clock.now = TUESDAY + timedelta(hours=1)
    client = signed_in(office.clerk)
    page = client.get(dossier.get_absolute_url()).content.decode()
    assert "từ 01/12/2026 10:00" in page
    assert "Bắt đầu tính thời hạn" in page
    assert "thời hạn tính từ lúc này" in client.get(address).content.decode()
    why = client.get(f"{dossier.get_absolute_url()}vi-sao/").content.decode()
    assert "20/11/2026 09:00" in why


def test_a_year_without_calendar_turns_no_estimate_into_a_promise(
    office: Office, b: Office
) -> None:
    """The estimate of the reception is gone, B's term is not determined, and B's administrator is asked
    for the calendar.
    """
    administrator = make_officer("Vũ Thị Mai", b.agency, (Role.ADMINISTRATOR, None))
    dossier = received(office, b, at=vn("01/12/2026 09:00"))
    given(office, dossier, b)
    estimate = Dossier.objects.values("due_at", "legal_due_at", "first_due_at", "undetermined")
    stood = estimate.get(pk=dossier.pk)
    CalendarYear.objects.filter(year__gte=2027).delete()
    at = vn("29/12/2026 09:00")
    done = receiving.confirm(Seen(dossier.pk), by=b.desk(b.specialist, at), at=at)
    assert (done.undetermined, done.legal_due_at, done.due_at) == (True, None, None)
    assert not done.is_late(vn("30/12/2026 09:00"))
    [bell] = Message.objects.filter(kind="calendar_missing")
    assert bell.to_officer == administrator
    assert [str(one) for one in verify(now=at).misfits] == []
    later = at + timedelta(minutes=5)
    taking_back.take_back(Seen(dossier.pk), by=b.desk(b.specialist, later), at=later)
    assert estimate.get(pk=dossier.pk) == stood


def test_what_was_complete_before_the_term_began_restarts_nothing(
    office: Office, b: Office
) -> None:
    dossier = received(office, b, mode=SupplementMode.RESTART)
    at = vn("23/11/2026 09:00")
    supplements.ask(
        Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=office.desk(office.clerk, at), at=at
    )  # fmt: skip
    at = vn("25/11/2026 09:00")
    supplements.complete(Seen(dossier.pk), by=office.desk(office.clerk, at), at=at)
    given(office, dossier, b, at=at)
    done = confirmed(b, dossier)
    assert done.due_at == vn("08/12/2026 17:00")
    why = deadlines.explain(done, calendar_of(b.agency.pk))
    assert "tính lại từ đầu" not in " ".join(why)
    assert why[1].startswith("Cơ quan có thẩm quyền nhận lúc 10:00")
    assert not supplements.is_late_request(done, TUESDAY, calendar_of(b.agency.pk))
    assert [str(one) for one in verify(now=WEDNESDAY).misfits] == []


def test_from_counter_to_counter_its_hours_begin_with_the_term(office: Office, b: Office) -> None:
    dossier = received(office, b)
    given(office, dossier, b, to_counter=True)
    receiving.confirm(Seen(dossier.pk), by=b.desk(b.clerk, TUESDAY), at=TUESDAY)
    dossier.refresh_from_db()
    assert (dossier.forward_by, dossier.step_due_at) == (vn("01/12/2026 17:00"),) * 2
    at = vn("01/12/2026 14:00")
    handovers.hand_over(
        dossier, to=b.room, receiver=b.specialist, step=NextStep(name="Xử lý", minutes=480), by=b.desk(b.clerk, at), at=at
    )  # fmt: skip
    at = vn("01/12/2026 15:00")
    receiving.confirm(Seen(dossier.pk), by=b.desk(b.specialist, at), at=at)
    assert HandOver.objects.latest("pk").outcome == Outcome.ON_TIME


def test_a_changed_calendar_moves_what_it_touches(office: Office, b: Office) -> None:
    begun, awaited = received(office, b), received(office, b)
    given(office, begun, b)
    confirmed(b, begun)
    close = {"agency": b.agency, "kind": DayKind.CLOSING, "name": "Mất điện", "source": "TB 1"}
    CalendarDay.objects.create(date=date(2026, 12, 31), **close)
    assert list(calendar_moves.moves([b.agency.pk])) == []
    CalendarDay.objects.create(date=date(2026, 12, 4), **close)
    [move] = calendar_moves.moves([b.agency.pk])
    assert (move.dossier, move.after) == (begun, vn("09/12/2026 17:00"))
    by = b.desk(make_officer("Vũ Thị Mai", b.agency, (Role.ADMINISTRATOR, None)), WEDNESDAY)
    calendar_moves.apply([begun.pk], basis="TB 1", by=by, at=vn("04/12/2026 08:00"))
    begun.refresh_from_db()
    assert begun.due_at == move.after
    assert awaited.awaits_agency


def test_what_was_over_before_the_term_is_no_part_of_its_lateness(
    office: Office, b: Office
) -> None:
    dossier = received(office, b)
    # Days over the hours of the counter.
    given(office, dossier, b, at=vn("30/11/2026 09:00"))
    done = confirmed(b, dossier)
    at = vn("10/12/2026 09:00")
    Dossier.objects.filter(pk=done.pk).update(step_due_at=vn("07/12/2026 17:00"))
    parts = late_parts.late_of([done.pk], at)[done.pk].shared.parts
    assert {part.step.unit for part in parts} == {b.room.pk}
    found = proposed([done.pk], at)[done.pk]
    assert (found.cause, found.department) == (Cause.DELAY, b.room)
