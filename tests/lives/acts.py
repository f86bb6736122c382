"""What people do in a life: each act with dice for its arguments, and how often it is tried."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.test import Client

from dossiers.models import Dossier, Event, Result
from dossiers.models.handover import Purpose
from onestop.accounts.models import CalendarDay, DayKind
from onestop.errors import DomainError
from onestop.worktime import Term, Unit
from tests.lives import product
from tests.lives.world import Life
from tests.samples import PDF

EXTRA = (
    Term(Unit.WORKING_DAY, Fraction(2)), Term(Unit.CALENDAR_DAY, Fraction(3)), Term(Unit.WORKING_HOUR, Fraction(4)),
)  # fmt: skip
SIGNED = [("ket-qua.pdf", PDF)]


def give(life: Life) -> None:
    """Mostly to somebody of the room, often as the page suggests: no step named; sometimes a step
    of the giver's own making.
    """
    office, dice = life.office, life.dice
    rooms = [office.counter, office.room, office.second_room, office.leadership]
    further = (
        [office.counter, office.leadership] if life.dossier.results.exists() else [office.room]
    )
    to = dice.choice([*rooms, *further, *further])
    everybody = list(life.place.people.values())
    there = [officer for officer in everybody if officer.department_id == to.pk]
    receiver = dice.choice([None, None, None, *there, *there, *there, dice.choice(everybody)])
    own = product.NextStep(
        name="Việc",
        minutes=dice.choice([None, 60, 480]),
        purpose=Purpose(dice.choice(Purpose.values)),
    )
    product.handovers.hand_over(
        life.dossier,
        to=to,
        receiver=receiver,
        step=dice.choice([None, None, own]),
        by=life.somebody(),
        at=life.at,
        note=dice.choice(["", "", "Kết quả ký trên giấy"]),
    )


def confirm(life: Life) -> None:
    difference = life.dice.choice(["", "Thiếu 01 bản"])
    product.confirm(life.seen(), by=life.somebody(), at=life.at, difference=difference)


def recall(life: Life) -> None:
    product.handovers.recall(life.seen(), by=life.somebody(), at=life.at)


def record_result(life: Life) -> None:
    electronic = life.dice.random() < 0.2
    result = product.endings.ResultIn(
        kind=life.dice.choice(list(Result.Kind)),
        number="1",
        issued_on=date(2026, 11, 24),
        signer="Tuấn",
        reason="Không đủ điều kiện",
        electronic=electronic,
    )
    product.endings.record_result(
        life.seen(), result, by=life.somebody(), at=life.at, files=SIGNED if electronic else ()
    )


def propose(life: Life) -> None:
    product.supplements.propose(
        life.seen(),
        items=product.declared("A"),
        reason="Thiếu",
        by=life.somebody(),
        at=life.at,
    )


def ask(life: Life) -> None:
    product.supplements.ask(
        life.seen(),
        items=product.declared("A"),
        reason="Thiếu",
        by=life.somebody(),
        at=life.at,
        approver=life.office.head,
        approval_reason="Cần",
        legal_basis="Điều 19",
        proposal=life.dice.choice([None, *product.open_proposals(life.dossier)]),
    )


def complete(life: Life) -> None:
    product.supplements.complete(life.seen(), by=life.somebody(), at=life.at)


def re_appoint(life: Life) -> None:
    extra = life.dice.choice(EXTRA)
    product.re_appoint(
        life.seen(), extra=extra, reason="Chờ xác minh", by=life.somebody(), at=life.at
    )


def end(life: Life) -> None:
    verb = life.dice.choice([product.endings.withdraw, product.endings.stop])
    ending = product.endings.EndingIn(
        "", "Thôi", decision_number="12/QĐ", signer="Lê Văn Chủ", fee_consequence="Không thu"
    )
    verb(life.seen(), ending, by=life.somebody(), at=life.at)


def finish(life: Life) -> None:
    note = life.dice.choice(["", "Sở ký"])
    product.endings.finish(life.seen(), by=life.somebody(), at=life.at, note=note)


def give_back(life: Life) -> None:
    taking = product.endings.Taking(name="Nguyễn Văn Ân", told=product.SPOKEN)
    product.endings.give_back(life.seen(), taking, by=life.somebody(), at=life.at)


def take_back(life: Life) -> None:
    """By anybody, more often by whoever acted last."""
    acted = Event.objects.filter(dossier=life.dossier).exclude(kind="print_slip")
    last = acted.latest("seq").officer
    by_last = last is not None and life.dice.random() < 0.8
    desk = life.desk(last) if last is not None and by_last else life.somebody()
    product.taking_back.take_back(life.seen(), by=desk, at=life.at)


def promise_instead(life: Life) -> None:
    product.immediate.promise_instead(life.seen(), by=life.somebody(), at=life.at)


def give_back_now(life: Life) -> None:
    product.immediate.give_back_now(life.seen(), by=life.somebody(), at=life.at)


def close_a_day(life: Life) -> None:
    """An unplanned closing; it moves nothing until somebody moves it."""
    day = life.at.date() + timedelta(days=life.dice.randint(1, 9))
    if CalendarDay.objects.filter(date=day).exists():
        raise DomainError("day_twice", name="", date=day)
    CalendarDay.objects.create(date=day, kind=DayKind.CLOSING, name="Bão", source="Công điện")


def move_by_calendar(life: Life) -> None:
    by = life.desk(life.dice.choice([life.office.controller, life.office.clerk]))
    (done,) = product.calendar_moves.apply([life.dossier.pk], basis="Công điện", by=by, at=life.at)
    if done.error is not None:
        raise done.error


def move_desk(life: Life) -> None:
    leaver, successor = life.dice.sample(list(life.place.people.values())[:8], 2)
    on_desk = product.desks.on_desk(leaver)
    if not Dossier.objects.filter(on_desk, pk=life.dossier.pk).exists():
        raise DomainError("not_desk_mover")
    product.desks.hand_desk_over(
        leaver, successor, by=life.somebody(), at=life.at, reason="Nghỉ dài ngày"
    )


def flag(life: Life) -> None:
    """The scheduler's run: what is due soon, late, or unconfirmed is told."""
    if not product.flag_overdue(life.at):
        raise DomainError("nothing_to_flag")


def print_sheet(life: Life) -> None:
    """The control sheet, on its page."""
    client = Client()
    client.force_login(life.office.clerk)
    answer = client.post(f"/ho-so/{life.dossier.code}/phieu/kiem-soat/lap/")
    if answer.status_code != 302:
        raise DomainError(f"page_{answer.status_code}")


ACTS: dict[str, tuple[float, Callable[[Life], Any]]] = {
    "give": (16, give),
    "confirm": (20, confirm),
    "recall": (2, recall),
    "result": (8, record_result),
    "propose": (2, propose),
    "ask": (3, ask),
    "complete": (6, complete),
    "re-appoint": (3, re_appoint),
    "end": (0.6, end),
    "finish": (6, finish),
    "give back": (10, give_back),
    "take back": (3, take_back),
    "promise instead": (3, promise_instead),
    "give back now": (1, give_back_now),
    "close a day": (0.4, close_a_day),
    "move by calendar": (0.6, move_by_calendar),
    "move desk": (2, move_desk),
    "flag": (1, flag),
    "print sheet": (0.3, print_sheet),
}
NAMES = list(ACTS)


def likely(life: Life, tries: int) -> list[str]:
    """Acts to try one after another; what cannot be now comes seldom, so that it is refused too."""
    weights = [0.5 if name in _seldom(life.dossier) else ACTS[name][0] for name in NAMES]
    return life.dice.choices(NAMES, weights, k=tries)


def _seldom(dossier: Dossier) -> set[str]:
    if dossier.ended_at is not None:
        return {
            "give",
            "confirm",
            "recall",
            "result",
            "propose",
            "ask",
            "complete",
            "re-appoint",
            "finish",
        }
    if dossier.is_waiting:
        return {
            "confirm",
            "recall",
            "give",
            "result",
            "propose",
            "ask",
            "finish",
            "give back",
            "promise instead",
        }
    if dossier.pending_department_id is not None:
        return {"give", "result", "propose", "complete", "finish", "give back", "promise instead"}
    return {"confirm", "recall", "complete", "give back", "promise instead"}
