"""Acts on dossiers whose promise reaches a year without a calendar: the legal promise, lateness and
verdict stand (R-41, R-55).
"""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossiers.acts import calendar_moves, endings, re_appointment, supplements, taking_back
from dossiers.acts.endings import EndingIn
from dossiers.acts.many import Seen
from dossiers.clock import deadlines
from dossiers.intake.wanted import declared
from dossiers.ledger import verifying
from dossiers.models import Dossier, Slip, Span
from dossiers.models.outcome import Outcome
from dossiers.slips import render_html
from onestop.accounts.models import CalendarDay, CalendarYear, Officer, Role
from onestop.errors import DomainError
from onestop.outbox.models import Message
from onestop.worktime import Term, Unit
from procedures.models import SupplementMode
from tests.dossiers.slips import samples
from tests.world import Office, make_case, make_office, make_officer, receive, vn

pytestmark = pytest.mark.django_db

STOP = EndingIn(
    "",
    "Thôi",
    stage="Thẩm định",
    decision_number="12/QĐ",
    signer="Hoàng Minh Tuấn",
    fee_consequence="Không thu",
)


def days(count: int) -> Term:
    return Term(Unit.WORKING_DAY, Fraction(count))


def ask(office: Office, dossier: Dossier, at: datetime) -> None:
    supplements.ask(
        Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=office.desk(office.clerk, at), at=at, approver=office.head,
        approval_reason="Cần", legal_basis="Điều 19",
    )  # fmt: skip


def complete(office: Office, dossier: Dossier, at: datetime) -> None:
    supplements.complete(Seen(dossier.pk), by=office.desk(office.clerk, at), at=at)


def re_appoint(office: Office, dossier: Dossier, at: datetime, extra: Term) -> None:
    re_appointment.re_appoint(
        Seen(dossier.pk),
        extra=extra,
        reason="Chờ xác minh",
        by=office.desk(office.leader, at),
        at=at,
    )


def stop(office: Office, dossier: Dossier, at: datetime) -> None:
    endings.stop(Seen(dossier.pk), STOP, by=office.desk(office.leader, at), at=at)


def test_a_re_appointment_goes_no_further_than_the_calendar_and_reason_allow(
    client: Client,
) -> None:
    """R-51, R-52: a new date stands on the apology, so there must be one; the finding: 365 working
    days made a late dossier timely.
    """
    office = make_office()
    dossier = receive(
        office, make_case("3 ngày làm việc"), at=vn("02/11/2026 09:00")
    )  # promised 05/11
    now = vn("23/11/2026 09:00")
    before = Dossier.objects.get(pk=dossier.pk)
    for extra, code in (
        (days(365), "reappointed_beyond_calendar"),
        (days(61), "reappointed_too_far"),
    ):
        with pytest.raises(DomainError) as refused:
            re_appoint(office, dossier, now, extra)
        assert (refused.value.code, refused.value.field) == (code, "quantity")
    calendar_months = Term(Unit.CALENDAR_DAY, Fraction(120))
    with pytest.raises(DomainError, match="reappointed_too_far"):
        re_appoint(office, dossier, now, calendar_months)
    after = Dossier.objects.get(pk=dossier.pk)
    assert deadlines.kept(after) == deadlines.kept(before)
    assert not Slip.objects.filter(slug="xin-loi").exists()
    re_appoint(office, dossier, now, days(60))
    stop(office, dossier, vn("24/11/2026 09:00"))
    dossier.refresh_from_db()
    assert (dossier.legal_due_at, dossier.verdict) == (vn("05/11/2026 17:00"), Outcome.LATE)


@time_machine.travel(vn("24/11/2026 09:00"), tick=False)
def test_the_page_says_why_a_re_appointment_cannot_go_so_far(client: Client) -> None:
    office = make_office()
    dossier = receive(office, make_case("3 ngày làm việc"))
    client.force_login(office.leader)
    sent = {"quantity": 61, "unit": "ngay-lam-viec", "reason": "Chờ", "signer": office.leader.pk}
    for more in ({}, {"xem": "1"}):
        page = client.post(f"/ho-so/{dossier.code}/hen-lai/", sent | more).content.decode()
        assert "Không hẹn lại quá 60 ngày làm việc" in page
        assert "Hẹn lại:" not in page
    assert not Slip.objects.filter(slug="xin-loi").exists()


def test_an_apology_never_prints_blanks() -> None:
    shown = render_html(
        replace(samples.apology(), new_promise_at=None, promised_at=None).to_dict(), copies=1
    )
    assert "vào <strong></strong>" not in shown
    assert "là ." not in shown


@pytest.mark.parametrize(
    ("mode", "expected"),
    [(SupplementMode.PAUSE, "13/01/2028"), (SupplementMode.RESTART, "17/01/2028")],
)
def test_a_wait_into_a_year_without_a_calendar_is_judged_by_the_week_until_the_year_is_entered(
    mode: int, expected: str
) -> None:
    office = make_office()
    administrator = make_officer("Vũ Thị Mai", office.agency, (Role.ADMINISTRATOR, None))
    case = make_case("5 ngày làm việc", supplement_mode=mode)
    dossier, late, open_one = (receive(office, case, at=vn("20/12/2027 09:00")) for _ in range(3))
    for one in (dossier, late, open_one):
        ask(office, one, vn("22/12/2027 09:00"))
        complete(office, one, vn("10/01/2028 09:00"))
    assert Message.objects.filter(kind="calendar_missing", to_officer=administrator).count() == 1
    dossier.refresh_from_db()
    promised = vn(f"{expected} 17:00")
    assert (dossier.undetermined, dossier.due_at) == (True, None)
    assert (dossier.legal_due_at, dossier.first_due_at) == (promised, vn("27/12/2027 17:00"))
    assert dossier.sort_due == promised
    assert not dossier.is_late(promised)
    assert dossier.is_late(promised + timedelta(days=1))
    stop(office, dossier, vn("12/01/2028 09:00"))
    stop(office, late, vn("19/01/2028 09:00"))
    # The year is entered, with three days off: what ended late of the week's day may have been in
    # time.
    CalendarYear.objects.create(year=2028, provisional=False, source="QĐ")
    for day in (11, 12, 13):
        CalendarDay.objects.create(
            date=vn(f"{day}/01/2028 00:00").date(), kind="holiday", name="Nghỉ", source="QĐ"
        )
    found = {move.dossier: move for move in calendar_moves.moves([office.agency.pk])}
    assert set(found) == {dossier, late, open_one}
    done = calendar_moves.apply(
        [one.pk for one in found],
        basis="QĐ",
        by=office.desk(administrator),
        at=vn("20/01/2028 09:00"),
    )
    assert [one.error for one in done] == [None] * 3
    verdicts = []
    for one in (dossier, late, open_one):
        one.refresh_from_db()
        assert not one.undetermined
        assert (
            one.due_at == one.legal_due_at == vn("18/01/2028 17:00")
            if mode == SupplementMode.PAUSE
            else vn("20/01/2028 17:00")
        )
        verdicts.append(one.verdict)
        assert Span.objects.get(dossier=one, to_at=None).verdict == one.verdict
    assert verdicts == [
        Outcome.EARLY,
        Outcome.LATE if mode == SupplementMode.PAUSE else Outcome.EARLY,
        None,
    ]
    assert not list(calendar_moves.moves([office.agency.pk]))
    assert verifying.verify(now=vn("01/06/2028 09:00")).misfit is None
    with pytest.raises(DomainError, match="verdict_stands"):
        raise next(
            one.error
            for one in calendar_moves.apply(
                [late.pk], basis="Lại", by=office.desk(administrator), at=vn("21/01/2028 09:00")
            )
            if one.error
        )


def test_what_was_never_promised_ends_late_all_the_same() -> None:
    office = make_office()
    dossier = receive(office, make_case("5 ngày làm việc"), at=vn("30/12/2027 09:00"))
    assert (dossier.undetermined, dossier.legal_due_at) == (True, None)
    stop(office, dossier, vn("01/03/2028 09:00"))
    dossier.refresh_from_db()
    assert dossier.verdict == Outcome.LATE


def test_a_missing_year_spares_no_request_its_approver() -> None:
    """R-46: more than three working days from reception, counted by the week."""
    office = make_office()
    dossier = receive(office, make_case("20 ngày làm việc"), at=vn("27/12/2027 09:00"))
    at = vn("10/01/2028 09:00")
    with pytest.raises(DomainError, match="late_supplement"):
        supplements.ask(
            Seen(dossier.pk),
            items=declared("A"),
            reason="Thiếu",
            by=office.desk(office.clerk, at),
            at=at,
        )


def test_no_calendar_takes_a_promise_away() -> None:
    """A year that lost its rows: nothing is moved into the unknown, an ordinary act leaves what was
    promised.
    """
    office = make_office()
    administrator = make_officer("Vũ Thị Mai", office.agency, (Role.ADMINISTRATOR, None))
    dossier = receive(office, make_case("5 ngày làm việc"), at=vn("30/12/2026 09:00"))
    promised = dossier.legal_due_at
    CalendarYear.objects.filter(year=2027).delete()
    CalendarDay.objects.filter(date__year=2027).delete()
    assert not list(calendar_moves.moves([office.agency.pk]))
    (done,) = calendar_moves.apply(
        [dossier.pk], basis="QĐ", by=office.desk(administrator), at=vn("31/12/2026 09:00")
    )
    assert done.error is not None
    assert done.error.code == "calendar_still_missing"
    ask(office, dossier, vn("31/12/2026 10:00"))
    complete(office, dossier, vn("31/12/2026 11:00"))
    dossier.refresh_from_db()
    assert dossier.legal_due_at == promised
    assert promised is not None
    assert dossier.late_from == promised.replace(hour=0) + timedelta(days=1)


class Life:
    """One dossier and what may happen to it over a turn of the year that has no calendar yet."""

    def __init__(self, office: Office, administrator: Officer, dice: Random, at: datetime) -> None:
        self.office, self.administrator, self.dice, self.at = office, administrator, dice, at
        case = make_case(
            dice.choice(("3 ngày làm việc", "10 ngày", "8 giờ làm việc", "1 tháng")),
            supplement_mode=dice.choice((1, 2)),
        )
        self.dossier = receive(office, case, at=at)

    def acts(self) -> dict[str, Callable[[], Any]]:
        office, dossier, at, dice = self.office, self.dossier, self.at, self.dice
        extra = Term(
            dice.choice((Unit.WORKING_DAY, Unit.CALENDAR_DAY)),
            Fraction(dice.choice((1, 5, 20, 59, 365))),
        )
        year = dice.choice((2027, 2028))
        return {
            "ask": lambda: ask(office, dossier, at),
            "complete": lambda: complete(office, dossier, at),
            "re_appoint": lambda: re_appoint(office, dossier, at, extra),
            "take_back": lambda: taking_back.take_back(
                Seen(dossier.pk),
                by=office.desk(dice.choice((office.clerk, office.leader)), at),
                at=at,
            ),
            "enter": lambda: CalendarYear.objects.get_or_create(
                year=year, defaults={"source": "QĐ"}
            ),
            "lose": lambda: CalendarYear.objects.filter(year=year).delete(),
            "move": lambda: calendar_moves.apply(
                [dossier.pk], basis="QĐ", by=office.desk(self.administrator, at), at=at
            ),
        }


def a_life(office: Office, administrator: Officer, dice: Random) -> None:
    life = Life(
        office,
        administrator,
        dice,
        vn("13/12/2026 09:00") + timedelta(days=dice.randint(0, 12), hours=dice.randint(0, 7)),
    )
    if dice.random() < 0.7:
        CalendarYear.objects.filter(year=2027).delete()
    for _ in range(8):
        life.at += timedelta(days=dice.randint(0, 12), hours=dice.randint(0, 5))
        before = Dossier.objects.get(pk=life.dossier.pk)
        name, act = dice.choice(list(life.acts().items()))
        with suppress(DomainError):
            act()
        after = Dossier.objects.get(pk=life.dossier.pk)
        if before.legal_due_at is not None:
            assert after.legal_due_at is not None, name
        if name in ("re_appoint", "ask", "enter", "lose"):
            assert after.legal_due_at == before.legal_due_at, name
        # Exactly at the instant of an hour term it is late on every list, but not "after" it yet.
        if (
            before.is_late(life.at)
            and life.at != before.late_from
            and name not in ("take_back", "move")
            and not (name == "re_appoint" and after.due_at != before.due_at)
        ):
            assert after.is_late(life.at), name
        if after.due_at is not None:
            assert not after.undetermined
        fault = verifying._look_again(after.pk)
        assert fault == [], f"{name}: {fault}"
    last = Dossier.objects.get(pk=life.dossier.pk)
    lawful = last.legal_due_at
    stop(office, life.dossier, life.at + timedelta(days=dice.choice((0, 200))))
    ended = Dossier.objects.get(pk=life.dossier.pk)
    assert ended.ended_at is not None
    if lawful is not None and (
        ended.ended_at > lawful + timedelta(days=120) and last.state in (2, 4)
    ):
        assert ended.verdict == Outcome.LATE
    if (
        lawful is not None
        and last.is_late(life.at)
        and life.at != last.late_from
        and ended.legal_due_at == lawful
        and last.due_at == lawful
    ):
        assert ended.verdict == Outcome.LATE


@pytest.fixture
def office_and_administrator() -> tuple[Office, Officer]:
    office = make_office()
    return office, make_officer("Vũ Thị Mai", office.agency, (Role.ADMINISTRATOR, None))


@settings(
    max_examples=25 if os.environ.get("LONG") else 8,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.integers(min_value=0, max_value=1_000_000))
def test_whatever_happens_what_is_promised_stands_and_late_stays_late(
    office_and_administrator: tuple[Office, Officer], seed: int
) -> None:
    with transaction.atomic():
        a_life(*office_and_administrator, Random(seed))
        transaction.set_rollback(True)
