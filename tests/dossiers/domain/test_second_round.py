"""A second request for completion moves no promise unless its approver agreed to sector law
("Exact meanings"): the clock runs on while the applicant is waited for.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from dossiers.acts import supplements
from dossiers.acts.many import Seen
from dossiers.acts.supplements import RUNS
from dossiers.acts.taking_back import take_back
from dossiers.clock import deadlines, flags, grounds
from dossiers.clock.grounds import LaterRound
from dossiers.intake import secrets
from dossiers.intake.wanted import declared
from dossiers.ledger.verifying import verify
from dossiers.models import ClockChange, Dossier, Slip, Supplement
from dossiers.models.outcome import Outcome
from dossiers.models.querysets import is_late
from dossiers.states import State
from onestop.accounts.calendars import calendar_of
from onestop.outbox.models import Message
from tests.clock import Clock
from tests.world import Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
LONG_AFTER = vn("31/12/2026 09:00")
LAW = "khoản 2 Điều 7 Nghị định 101"


@pytest.fixture
def office() -> Office:
    return make_office()


def ask(office: Office, dossier: Dossier, at: datetime, **more: Any) -> Supplement:
    asked: dict[str, Any] = {
        "items": declared("Ngày sinh"),
        "reason": "Thiếu",
        "by": office.desk(office.clerk, at),
    }
    return supplements.ask(Seen(dossier.pk), **asked, at=at, **more)


def again(office: Office, dossier: Dossier, at: datetime, **more: Any) -> Supplement:
    return ask(office, dossier, at, approver=office.head, approval_reason="Luật mới", **more)


def complete(office: Office, dossier: Dossier, at: datetime) -> None:
    supplements.complete(Seen(dossier.pk), by=office.desk(office.clerk, at), at=at)


def fresh(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def completed_once(office: Office, mode: int = 2) -> Dossier:
    """Asked on Monday, there on Wednesday; 24/11 is a day off."""
    dossier = receive(office, make_case("7 ngày làm việc", supplement_mode=mode))
    ask(office, dossier, vn("23/11/2026 10:00"))
    complete(office, dossier, vn("25/11/2026 10:00"))
    return fresh(dossier)


@pytest.mark.parametrize("mode", [1, 2], ids=["restart", "pause"])
def test_without_sector_law_the_promise_stands(office: Office, mode: int) -> None:
    dossier = completed_once(office, mode)
    promised = dossier.due_at, dossier.legal_due_at
    slips = Slip.objects.filter(slug="tiep-nhan").count()
    row = again(office, dossier, vn("25/11/2026 15:00"))
    assert (row.round, row.mode, row.change) == (2, RUNS, None)
    waiting = fresh(dossier)
    assert (waiting.state, (waiting.due_at, waiting.legal_due_at)) == (
        State.AWAITING_PAPERS,
        promised,
    )
    complete(office, dossier, vn("27/11/2026 10:00"))
    done = fresh(dossier)
    assert (done.state, (done.due_at, done.legal_due_at)) == (State.IN_PROGRESS, promised)
    assert (done.waiting_since, done.late_while_waiting) == (None, False)
    assert ClockChange.objects.filter(dossier=dossier).count() == 1
    # The slip in hand says the true date: no other one is made.
    assert Slip.objects.filter(slug="tiep-nhan").count() == slips
    assert verify(now=LONG_AFTER).misfit is None


@pytest.mark.parametrize("mode", [1, 2], ids=["restart", "pause"])
def test_with_sector_law_it_moves_as_the_first_did(office: Office, mode: int) -> None:
    dossier = completed_once(office, mode)
    row = again(office, dossier, vn("25/11/2026 15:00"), legal_basis=LAW)
    assert row.mode == ("restart" if mode == 1 else "pause")
    complete(office, dossier, vn("27/11/2026 10:00"))
    assert fresh(dossier).due_at > dossier.due_at  # type: ignore[operator]
    assert ClockChange.objects.filter(dossier=dossier).last().basis == LAW  # type: ignore[union-attr]
    assert verify(now=LONG_AFTER).misfit is None


def test_it_gets_late_while_it_waits_on_every_door(office: Office) -> None:
    dossier = completed_once(office)
    due = dossier.due_at
    assert due is not None
    again(office, dossier, vn("25/11/2026 15:00"))
    waiting, calendar = fresh(dossier), calendar_of(office.agency.pk)
    late_from = waiting.late_from
    assert late_from is not None
    before, after = vn("27/11/2026 10:00"), late_from
    for at, late in ((before, False), (after, True)):
        assert waiting.is_late(at) is late
        assert Dossier.objects.filter(is_late(at)).exists() is late
    assert deadlines.left(waiting, before, calendar).text == "đang chờ bổ sung"
    assert deadlines.left(waiting, after, calendar).text.startswith("quá ")
    assert flags.flag_overdue(before).late == 0
    assert flags.flag_overdue(after).late == 1
    assert Message.objects.filter(kind="late").exists()
    ended = after + timedelta(days=2, hours=9)
    supplements.complete(Seen(dossier.pk), by=office.desk(office.clerk, ended), at=ended)
    assert deadlines.verdict_of(fresh(dossier), ended, lambda: calendar) == Outcome.LATE
    assert verify(now=LONG_AFTER).misfit is None


def test_both_are_taken_back(office: Office) -> None:
    dossier = completed_once(office)
    at = vn("25/11/2026 15:00")
    again(office, dossier, at)
    waiting = fresh(dossier)
    complete(office, dossier, vn("25/11/2026 16:00"))
    clerk = office.desk(office.clerk, at)
    take_back(Seen(dossier.pk), by=clerk, at=vn("25/11/2026 16:05"))
    back = fresh(dossier)
    assert (back.state, back.waiting_since, back.late_while_waiting, back.late_from) == (
        waiting.state,
        waiting.waiting_since,
        True,
        waiting.late_from,
    )
    take_back(Seen(dossier.pk), by=clerk, at=vn("25/11/2026 16:10"))
    before = fresh(dossier)
    assert (before.state, before.due_at, before.late_while_waiting) == (
        dossier.state,
        dossier.due_at,
        False,
    )
    assert verify(now=LONG_AFTER).misfit is None


def test_pages_and_the_look_up_say_that_the_term_runs(
    office: Office, signed_in: Callable[..., Client], clock: Clock
) -> None:
    dossier = completed_once(office)
    at = vn("25/11/2026 15:00")
    again(office, dossier, at)
    clock.now = vn("25/11/2026 15:30")
    client, here = signed_in(office.clerk), dossier.get_absolute_url()
    page = client.get(here).content.decode()
    assert "thời hạn giải quyết vẫn tính" in page
    assert "ngày hẹn trả giữ nguyên" in page
    assert "tạm dừng</strong>" not in page
    shown = client.get(f"{here}nhan-bo-sung/").content.decode()
    assert "giữ nguyên: yêu cầu bổ sung lần nữa" in " ".join(shown.split())
    secret = secrets.secret_of(Dossier.objects.get())
    told = Client().get(f"/tra-cuu/{dossier.code}/", {"k": secret}).content.decode()
    assert "Thời hạn giải quyết vẫn tính trong lúc chờ" in told
    assert "(giữ nguyên)" in told
    assert "đã quá hạn" not in told
    answer = client.post(f"{here}nhan-bo-sung/", {"seen": Dossier.objects.get().row_version})
    assert answer.status_code == 302
    assert "Ngày hẹn trả giữ nguyên." in client.get(here).content.decode()


def test_what_a_later_round_does_is_a_rule_with_its_days(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-44, R-47: a new rule is a new line; what was asked before it keeps what stood then."""
    day = vn("26/11/2026 09:00")
    until, since = LaterRound(moves=False, until=date(2026, 11, 25)), day.date()
    monkeypatch.setattr(grounds, "LATER_ROUNDS", (until, LaterRound(moves=True, since=since)))
    before, after = completed_once(office), completed_once(office)
    assert again(office, before, vn("25/11/2026 15:00")).mode == RUNS
    assert again(office, after, day).mode == "pause"
    assert [supplements.moves_promise(2, law, since) for law in ("", LAW)] == [True, True]
    monkeypatch.undo()
    assert [supplements.moves_promise(2, law, since) for law in ("", LAW)] == [False, True]
    assert supplements.moves_promise(1, "", since)
