"""Random walks over every verb: whatever officers do in whatever order, rows, events, promises,
lists and slips say one thing.

A refused act must leave no trace. Each walk is one dossier; its seed stands in the test's name and
in a failure's message.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Count

from dossiers.acts import (
    apology,
    appointments,
    calendar_moves,
    collecting,
    correcting,
    desks,
    endings,
    handovers,
    immediate,
    lawful_time,
    payment,
    re_appointment,
    reception,
    reminding,
    repairs,
    scanning,
    supplements,
    taking_back,
    tax_transfer,
    voiding,
)
from dossiers.acts.endings import EndingIn, ResultIn, Taking
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.clock import deadlines
from dossiers.desk.counting import count_desk
from dossiers.desk.timeline import ONE_STOP, control_sheet
from dossiers.desk.work import DEPARTMENT, JOBS, PROPOSED
from dossiers.intake.wanted import declared
from dossiers.ledger import spans, verifying
from dossiers.models import (
    ClockChange,
    Dossier,
    Event,
    HandOver,
    OfficeSettings,
    Result,
    Return,
    Slip,
    Span,
    Supplement,
)  # fmt: skip
from dossiers.models.collecting import ResultNotice
from dossiers.models.handover import Purpose
from dossiers.models.payment import PaymentRequest
from dossiers.models.querysets import is_due_soon, is_late
from dossiers.models.reminding import Reminder
from dossiers.models.repairs import Correction, Loss
from dossiers.models.scanning import Scanning
from dossiers.models.tax_transfer import TaxTransfer
from dossiers.states import WAITING, State
from onestop.accounts.calendars import calendar_of
from onestop.accounts.desk import Desk
from onestop.accounts.models import CalendarDay, DayKind, Department, Officer, Role
from onestop.errors import DomainError
from onestop.worktime import Term, Unit, parse_term
from procedures.models import Case
from tests.dossiers.own.correcting import as_it_stands
from tests.dossiers.pictures import picture
from tests.samples import PDF, a_pdf
from tests.world import Office, an_intake, make_case, make_office, make_officer, vn

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WALKS, STEPS = 30, 12
# In `make test` each engine walks its own part of them; `make test-long` all of them.
PART = {"sqlite": range(6), "postgresql": range(6, 9)}
TERMS = (
    "3 ngày làm việc", "7 ngày làm việc", "1,5 ngày làm việc", "5 ngày", "1 tháng", "8 giờ làm việc", "24 giờ", "trong ngày",
    "trong ngày (trước 10:00)", "trả ngay", "trả ngay", "không phải trả kết quả",
)  # fmt: skip
STARTS = (
    "23/11/2026 09:00",
    "20/11/2026 15:00",
    "20/11/2026 15:20",
    "21/11/2026 10:00",
    "30/12/2026 16:55",
    "20/12/2027 08:00",
    "23/11/2026 12:15",
)
JUMPS = (1, 5, 40, 200, 600, 1440, 1440, 2880, 4320, 9000)
SIGNED = [("ket-qua.pdf", PDF)]


@dataclass
class Walk:
    """One dossier on its way, with the dice that decide what comes next."""

    office: Office
    people: list[Officer]
    dice: Random
    at: datetime
    dossier: Dossier = field(init=False)
    done: list[str] = field(default_factory=list)
    desks: dict[tuple[int, date], Desk] = field(default_factory=dict)
    # How it stood when so many events were written.
    stood: dict[int, dict[str, Any]] = field(default_factory=dict)

    def desk(self) -> Desk:
        """Anybody's, more often that of whom it lies with or waits for."""
        near = [
            o
            for o in self.people
            if o.pk in (self.dossier.holder_id, self.dossier.pending_officer_id)
        ]
        officer = self.dice.choice([*self.people, *near, *near])
        return self.desks.setdefault(
            (officer.pk, self.at.date()), self.office.desk(officer, self.at)
        )

    def seen(self) -> Seen:
        return Seen(self.dossier.pk, self.dice.choice([None, self.dossier.row_version]))


def give(walk: Walk) -> None:
    office, dice = walk.office, walk.dice
    to: Department = dice.choice(
        [office.counter, office.room, office.second_room, office.leadership]
    )
    receiver = dice.choice([None, None, *walk.people])
    step = dice.choice(
        [
            None,
            None,
            NextStep(
                name="Việc",
                minutes=dice.choice([None, 60, 480]),
                purpose=Purpose(dice.choice(Purpose.values)),
            ),
        ]
    )
    note = dice.choice(["", "", "Kết quả ký trên giấy"])
    handovers.hand_over(
        walk.dossier, to=to, receiver=receiver, step=step, by=walk.desk(), at=walk.at, note=note
    )


def confirm(walk: Walk) -> None:
    handovers.confirm(
        walk.seen(), by=walk.desk(), at=walk.at, difference=walk.dice.choice(["", "Thiếu 01 bản"])
    )


def record_result(walk: Walk) -> None:
    dice = walk.dice
    electronic = dice.random() < 0.2
    data = ResultIn(
        kind=dice.choice(list(Result.Kind)), number="1", issued_on=date(2026, 11, 24), signer="Tuấn", reason="Không đủ điều kiện",
        electronic=electronic,
    )  # fmt: skip
    endings.record_result(
        walk.seen(), data, by=walk.desk(), at=walk.at, files=SIGNED if electronic else ()
    )


def propose(walk: Walk) -> None:
    supplements.propose(
        walk.seen(), items=declared("A"), reason="Thiếu", by=walk.desk(), at=walk.at
    )


def ask(walk: Walk) -> None:
    rows = Supplement.objects.filter(dossier=walk.dossier, issued_at=None, undone_at=None)
    supplements.ask(
        walk.seen(), items=declared("A"), reason="Thiếu", by=walk.desk(), at=walk.at, approver=walk.office.head, approval_reason="Cần",
        legal_basis=walk.dice.choice(["Điều 19", "Điều 19", ""]), proposal=walk.dice.choice([None, *rows]),
    )  # fmt: skip


def re_appoint(walk: Walk) -> None:
    extra = walk.dice.choice(
        [
            Term(Unit.WORKING_DAY, Fraction(2)),
            Term(Unit.CALENDAR_DAY, Fraction(3)),
            Term(Unit.WORKING_HOUR, Fraction(4)),
        ]
    )
    re_appointment.re_appoint(
        walk.seen(), extra=extra, reason="Chờ xác minh", by=walk.desk(), at=walk.at
    )


def apologise(walk: Walk) -> None:
    apology.apologise(walk.seen(), reason="Chờ xác minh", by=walk.desk(), at=walk.at)


def decide(walk: Walk) -> None:
    """An extension, or time that does not count, before or after the promise, with a law or none."""
    dice, at = walk.dice, walk.at
    said: dict[str, Any] = {
        "kind": "khac", "basis": "Điều 5", "reason": "Vì", "law": dice.choice(["", "Điều 9"]),
    }  # fmt: skip
    if dice.random() < 0.4:
        extra = Term(Unit.WORKING_DAY, Fraction(dice.randint(1, 4)))
        what = lawful_time.Extending(**said, extra=extra)
        lawful_time.extend(walk.seen(), what, by=walk.desk(), at=at)
        return
    begins = at - timedelta(minutes=dice.choice([0, 0, 600, 2880, -1440]))
    ends = begins + timedelta(minutes=dice.choice([120, 1440, 9000, 20000]))
    spent = lawful_time.Excluding(**said, begins=begins, ends=ends)
    lawful_time.exclude(walk.seen(), spent, by=walk.desk(), at=at)


def close_exclusion(walk: Walk) -> None:
    row = lawful_time.running(walk.dossier).last()
    lawful_time.close_exclusion(
        walk.seen(), row.pk if row else 0, walk.at, by=walk.desk(), at=walk.at
    )


def tax(walk: Walk) -> None:
    """The round trip to the tax authority: what is tried need not be what is waited for."""
    dice, seen, by, at = walk.dice, walk.seen(), walk.desk(), walk.at
    answer = tax_transfer.Answer("15/TB", at.date())
    what = payment.Obligation("Lệ phí", 1000, "NĐ 101", "Thuế", at.date() + timedelta(days=3))
    proof = payment.Proof("1", at.date(), 1000)
    sent = tax_transfer.Transfer("Thuế", "Lệ phí", "NĐ 101")
    dice.choice(
        [
            lambda: tax_transfer.send(seen, sent, by=by, at=at),
            lambda: tax_transfer.record_notice(seen, answer, what, by=by, at=at),
            lambda: tax_transfer.record_nothing_due(seen, answer, by=by, at=at),
            lambda: payment.record_payment(seen, proof, by=by, at=at),
        ]
    )()


def appoint_step(walk: Walk) -> None:
    step = appointments.Step("Kiểm tra thực địa", walk.at + timedelta(hours=1), "Thôn 2")
    appointments.appoint_step(walk.seen(), step, by=walk.desk(), at=walk.at)


def end(walk: Walk) -> None:
    verb = walk.dice.choice([endings.withdraw, endings.stop])
    verb(
        walk.seen(),
        EndingIn(
            "", "Thôi", decision_number="12/QĐ", signer="Lê Văn Chủ", fee_consequence="Không thu"
        ),
        by=walk.desk(),
        at=walk.at,
    )


def void(walk: Walk) -> None:
    """Asked, answered by whom it was put before, done."""
    clerk, leader = walk.office.clerk, walk.office.leader
    desk = walk.office.desk(clerk, walk.at)
    walk.dossier.refresh_from_db()
    row = voiding.put_before(walk.dossier, reason="Nhầm", approver=leader, by=desk, at=walk.at)
    by = walk.office.desk(leader, walk.at)
    voiding.answer(row.pk, agreed=walk.dice.random() < 0.9, words="Ý kiến", by=by, at=walk.at)
    voiding.void_as_agreed(walk.seen(), row, by=walk.desk(), at=walk.at)


def put_right(walk: Walk) -> None:
    """A name, a telephone or the papers put right; search finds it by what it is called then."""
    dossier, dice = walk.dossier, walk.dice
    dossier.refresh_from_db()
    said = as_it_stands(dossier)
    owner = replace(said.owner, **dice.choice([
        {"name": dice.choice(["Nguyễn Văn Ân", "Nguyễn Văn Ấn", "Trần Thị Bích"])},
        {"phone": dice.choice(["0912345678", "0987654321"])},
    ]))  # fmt: skip
    case = Case.objects.prefetch_related("methods", "papers").get(pk=dossier.case_id)
    said = replace(said, owner=owner, sets=dice.choice([1, 2]))
    correcting.correct(walk.seen(), said, case=case, reason="Gõ nhầm", by=walk.desk(), at=walk.at)


def take_back(walk: Walk) -> None:
    """By anybody, or by whoever acted last; then one act after another until nothing of one's own
    is left.
    """
    last = Event.objects.filter(dossier=walk.dossier).latest("seq").officer
    desk = (
        walk.office.desk(last, walk.at)
        if last is not None and walk.dice.random() < 0.7
        else walk.desk()
    )
    taking_back.take_back(walk.seen(), by=desk, at=walk.at)
    as_it_stood(walk)
    with suppress(DomainError):
        while walk.dice.random() < 0.5:
            taking_back.take_back(Seen(walk.dossier.pk), by=desk, at=walk.at)
            as_it_stood(walk)


def promise_instead(walk: Walk) -> None:
    immediate.promise_instead(walk.seen(), by=walk.desk(), at=walk.at)
    as_it_stood(walk)


def as_it_stood(walk: Walk) -> None:
    """Taking back leaves what stood before the act: every column, every row that counts, every
    valid slip.
    """
    chain = list(Event.objects.filter(dossier=walk.dossier).order_by("seq"))
    back = json.loads(chain[-1].text)["data"]
    if (
        chain[back["through"] - 2].kind == "receive"
        and chain[-2].kind == "give_back"
        and back["event"] == 3
    ):
        return  # a line is promised instead: open from its reception, with a slip
    stood, now = walk.stood[back["through"] - 1], picture(walk.dossier)
    if any(event.kind == "recall" for event in chain[back["event"] :]):
        # A hand-over older than the act was recalled since.
        on_the_way = ("pending_department_id", "pending_officer_id", "forward_by", "HandOver")
        stood, now = (
            {key: value for key, value in seen.items() if key not in on_the_way}
            for seen in (stood, now)
        )
    assert now == stood, [(key, stood[key], now[key]) for key in stood if stood[key] != now[key]]


def close_a_day(walk: Walk) -> None:
    """An unplanned closing; it moves nothing until somebody moves it."""
    day = walk.at.date() + timedelta(days=walk.dice.randint(1, 9))
    if CalendarDay.objects.filter(date=day).exists():
        raise DomainError("day_twice", name="", date=day)
    CalendarDay.objects.create(date=day, kind=DayKind.CLOSING, name="Bão", source="Công điện")


def move_by_calendar(walk: Walk) -> None:
    (done,) = calendar_moves.apply([walk.dossier.pk], basis="Công điện", by=walk.desk(), at=walk.at)
    if done.error is not None:
        raise done.error


def move_desk(walk: Walk) -> None:
    leaver, successor = walk.dice.sample(walk.people, 2)
    if not Dossier.objects.filter(desks.on_desk(leaver), pk=walk.dossier.pk).exists():
        raise DomainError("not_desk_mover")
    desks.hand_desk_over(leaver, successor, by=walk.desk(), at=walk.at, reason="Nghỉ dài ngày")


def correct(walk: Walk) -> None:
    copy = walk.dice.choice(list(Correction.OldCopy))
    wrong = repairs.Wrong("Nguyễn Văn Ân", walk.at.date(), "Sai tên", copy, True, "Phòng A")
    data = ResultIn(number="2", issued_on=walk.at.date(), signer="Tuấn")
    repairs.correct_result(walk.seen(), wrong, data, by=walk.desk(), at=walk.at)


def notify(walk: Walk) -> None:
    way = walk.dice.choice(list(ResultNotice.Way))
    said = collecting.Telling(way, "Ân", walk.dice.random() < 0.7, "Hẹn mai")
    collecting.notify_result(walk.seen(), said, by=walk.desk(), at=walk.at)


def lose(walk: Walk) -> None:
    of, how = walk.dice.choice(list(Loss.Of)), walk.dice.choice(list(Loss.How))
    lost = repairs.Lost(of, how, "Đơn", walk.at.date(), "Ướt", "Phòng A", "Lập lại")
    repairs.record_loss(walk.seen(), lost, by=walk.desk(), at=walk.at)


def scan(walk: Walk) -> None:
    files = [SimpleUploadedFile("a.pdf", a_pdf(str(walk.dice.randint(0, 9))))]
    reason = walk.dice.choice(["", "Máy quét hỏng", "Khổ giấy lớn"])
    few = walk.dice.choice([[], files])
    scanning.add_scans(walk.seen(), few, reason=reason, by=walk.desk(), at=walk.at)


def remind(walk: Walk) -> None:
    way = walk.dice.choice(list(Reminder.Way))
    reminding.remind(walk.seen(), way=way, note="Đã gọi", by=walk.desk(), at=walk.at)


VERBS: dict[str, tuple[int, Callable[[Walk], Any]]] = {
    "give": (12, give),
    "confirm": (14, confirm),
    "recall": (3, lambda w: handovers.recall(w.seen(), by=w.desk(), at=w.at)),
    "result": (7, record_result),
    "propose": (2, propose),
    "ask": (5, ask),
    "complete": (6, lambda w: supplements.complete(w.seen(), by=w.desk(), at=w.at)),
    "re_appoint": (3, re_appoint),
    "apologise": (2, apologise),
    "decide": (4, decide),
    "close_exclusion": (2, close_exclusion),
    "tax": (8, tax),
    "appoint_step": (2, appoint_step),
    "end": (1, end),
    "void": (2, void),
    "put_right": (2, put_right),
    "finish": (
        4,
        lambda w: endings.finish(w.seen(), by=w.desk(), at=w.at, note=w.dice.choice(["", "Sở ký"])),
    ),
    "give_back": (
        8,
        lambda w: endings.give_back(w.seen(), Taking(name="Nguyễn Văn Ân"), by=w.desk(), at=w.at),
    ),
    "take_back": (4, take_back),
    "promise_instead": (8, promise_instead),
    "give_back_now": (1, lambda w: immediate.give_back_now(w.seen(), by=w.desk(), at=w.at)),
    "close_a_day": (1, close_a_day),
    "move_by_calendar": (2, move_by_calendar),
    "move_desk": (3, move_desk),
    "scan": (3, scan),
    "remind": (2, remind),
    "correct": (4, correct),
    "lose": (1, lose),
    "notify": (3, notify),
    "deliver": (
        4,
        lambda w: repairs.deliver_correction(w.seen(), to="Ân", by=w.desk(), at=w.at),
    ),
}
NAMES = list(VERBS)
WEIGHTS = [weight for weight, _ in VERBS.values()]
TRACES = (
    Event, HandOver, Supplement, ClockChange, Result, Return, Slip, Span, Correction, Loss, ResultNotice,
    Scanning, Reminder,
)  # fmt: skip


COUNTED = ", ".join(
    f"(SELECT count(*) FROM {model._meta.db_table} WHERE dossier_id = d.id)" for model in TRACES
)


def traces(dossier: Dossier) -> tuple[Any, ...]:
    """What an act could leave behind: every column, and how many rows hang on it; one plain
    statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COUNTED}, d.* FROM dossiers_dossier d WHERE d.id = %s", [dossier.pk]
        )
        found: tuple[Any, ...] = cursor.fetchone()
    return tuple(bytes(value) if isinstance(value, memoryview) else value for value in found)


def start(walk: Walk) -> None:
    """Received: what the screen previewed, the row, the first event and the slip give one promise."""
    term = walk.dice.choice(TERMS)
    case = make_case(term, supplement_mode=walk.dice.choice([1, 2]))
    shown = deadlines.preview(walk.at, parse_term(term), calendar_of(walk.office.agency.pk))
    asked, desk = an_intake(walk.office, case), walk.office.desk(walk.office.clerk, walk.at)
    at_once = term == "trả ngay" and walk.dice.random() < 0.6
    walk.dossier = (
        reception.receive_and_return(asked, by=desk, at=walk.at)
        if at_once
        else reception.receive(asked, by=desk, at=walk.at)
    )
    walk.dossier.refresh_from_db()
    slip = Slip.objects.get(dossier=walk.dossier, slug="tiep-nhan")
    assert walk.dossier.due_at == walk.dossier.legal_due_at == walk.dossier.first_due_at == shown.at
    assert (walk.dossier.late_from, walk.dossier.warn_at) == (shown.late_from, shown.warn_at)
    assert promised(slip) == shown.at
    walk.done.append(f"{term} {walk.at:%d/%m/%Y %H:%M}")


def promised(slip: Slip) -> datetime | None:
    text = slip.snapshot["promised_at"]
    return datetime.fromisoformat(text) if text else None


def check(walk: Walk, name: str) -> None:
    dossier, at = walk.dossier, walk.at
    state = State(dossier.state)
    fault = verifying._look_again(
        dossier.pk
    )  # chain, table, last event against columns, promise folded anew
    assert fault == [], str(fault)

    rows = list(Span.objects.filter(dossier=dossier, gone_known=None).order_by("id"))
    assert [row.to_at for row in rows[:-1]] == [row.from_at for row in rows[1:]]
    begun = dossier.ended_at if state == State.VOIDED else dossier.received_at
    assert (rows[0].from_at, rows[-1].to_at) == (begun, None)
    assert rows[-1].group == spans.group_of(state)
    assert rows[-1].verdict == dossier.verdict
    if dossier.is_open:
        assert rows[-1].promise == dossier.legal_due_at

    walk.stood[dossier.event_seq] = picture(dossier)

    pending = list(HandOver.objects.filter(dossier=dossier, confirmed_at=None, undone_at=None))
    found = [(row.receiver_department_id, row.receiver_id) for row in pending]
    assert found == (
        [(dossier.pending_department_id, dossier.pending_officer_id)]
        if dossier.pending_department_id
        else []
    )
    assert dossier.is_open or state == State.FINISHED or not pending
    confirmed = (
        HandOver.objects.standing()
        .filter(dossier=dossier, confirmed_at__isnull=False)
        .order_by("-seq")
        .first()
    )
    assert dossier.holder_department_id == (
        confirmed.receiver_department_id if confirmed else walk.office.counter.pk
    )

    sheet, given = (
        control_sheet(dossier),
        HandOver.objects.filter(dossier=dossier, undone_at=None).count(),
    )
    assert len(sheet) in (given, given + 1)
    assert not sheet or sheet[0].giver_unit == ONE_STOP
    if (
        sheet
        and state == State.FINISHED
        and dossier.holder_department_id == walk.office.counter.pk
        and not pending
    ):
        assert sheet[-1].receiver_unit == ONE_STOP

    waits_of = Supplement.objects.awaited().filter(dossier=dossier)
    waits = waits_of.count()
    open_lines = ClockChange.objects.filter(
        dossier=dossier, end=None, undone_at=None, kind__in=("pause", "restart")
    ).count()
    assert state in WAITING or not dossier.late_while_waiting
    if dossier.is_open:
        waited = waits_of.filter(mode=supplements.RUNS).exists()  # a second round: the term runs on
        assert (waits, open_lines + waited) == (
            (1, 1) if state == State.AWAITING_PAPERS else (0, 0)
        )
        money = [
            rows.filter(dossier=dossier).count()
            for rows in (TaxTransfer.objects.unanswered(), PaymentRequest.objects.unpaid())
        ]
        assert sum(money) == (1 if state == State.AWAITING_PAYMENT else 0)
    assert (dossier.returned_at is not None) == (state == State.RETURNED)
    if state in (State.FINISHED, State.RETURNED):
        assert Result.objects.filter(dossier=dossier, replaced_at=None, undone_at=None).exists()
    assert Return.objects.filter(dossier=dossier, undone_at=None).exists() == (
        state == State.RETURNED
    )

    mine = Dossier.objects.filter(pk=dossier.pk)
    edges = [edge for edge in (dossier.late_from, dossier.warn_at) if edge is not None]
    instants = [
        at,
        at + timedelta(days=walk.dice.randint(0, 40)),
        *edges,
        *(edge - timedelta(microseconds=1) for edge in edges),
    ]
    told = mine.aggregate(
        **{f"late{n}": Count("pk", filter=is_late(when)) for n, when in enumerate(instants)},
        **{f"soon{n}": Count("pk", filter=is_due_soon(when)) for n, when in enumerate(instants)},
    )
    calendar = calendar_of(dossier.agency_id)
    if dossier.calendar_key == calendar.key():
        anew = Dossier.objects.get(pk=dossier.pk)
        deadlines.refold(anew, calendar)
        for column in (
            "first_due_at",
            "late_from",
            "warn_at",
            "sort_due",
            "late_while_waiting",
            "provisional",
            "undetermined",
        ):
            assert getattr(anew, column) == getattr(dossier, column), column
    for n, when in enumerate(instants):
        late = bool(told[f"late{n}"])
        assert late == dossier.is_late(when)
        assert not (late and told[f"soon{n}"])
        if dossier.is_open and when >= at:  # a wait knows nothing of the time before it
            kind = deadlines.left(dossier, when, calendar).kind
            assert (kind == "late") == late, (kind, when)

    done = Supplement.objects.issued().filter(dossier=dossier).order_by("completed_at").last()
    if name == "complete" and done is not None and done.mode != supplements.RUNS:
        assert (
            promised(Slip.objects.filter(dossier=dossier, slug="tiep-nhan").latest("id"))
            == dossier.due_at
        )
    if walk.dice.random() < 0.8:
        return
    desk = walk.desk()
    counts = count_desk(desk, at)
    for job in (*JOBS, PROPOSED, DEPARTMENT):
        assert counts[job.count] == job.rows(desk, at).count(), job.key


@pytest.mark.parametrize("block", range(5))
def test_walks(block: int) -> None:
    office = make_office()
    all_rounder = make_officer(
        "Năm Vai",
        office.agency,
        (Role.CLERK, office.counter),
        (Role.SPECIALIST, office.room),
        (Role.LEADER, office.leadership),
    )
    other_clerk = make_officer("Ngô Thị Lan", office.agency, (Role.CLERK, office.counter))
    people = [
        office.clerk,
        office.clerk,
        office.specialist,
        office.specialist,
        office.second_specialist,
        office.head,
        office.leader,
    ]
    people += [all_rounder, all_rounder, other_clerk, office.controller]
    if block % 2:
        OfficeSettings.objects.create(agency=office.agency, self_approval_decision="12/QĐ-UBND")
    stranger = make_office("Ủy ban nhân dân xã Tân Lập")
    did: Counter[str] = Counter()
    walks = range(WALKS) if os.environ.get("LONG") else PART[connection.vendor]
    for number in walks:
        seed = block * 1000 + number
        dice = Random(seed)
        walk = Walk(office, people, dice, vn(dice.choice(STARTS)))
        start(walk)
        try:
            check(walk, "receive")
            for _ in range(STEPS):
                walk.at += timedelta(minutes=dice.choice(JUMPS))
                before = traces(walk.dossier)
                for name in dice.choices(NAMES, WEIGHTS, k=10):
                    try:
                        VERBS[name][1](walk)
                    except DomainError:
                        assert traces(walk.dossier) == before, (
                            f"{name} was refused and left a trace"
                        )
                        continue
                    walk.dossier.refresh_from_db()
                    walk.done.append(name)
                    did[name] += 1
                    check(walk, name)
                    break
        except Exception as broken:
            broken.add_note(f"seed {seed}: {' → '.join(walk.done)}")
            raise
        assert not Dossier.objects.visible_to(office.desk(stranger.clerk)).exists()
    assert verifying.verify(now=vn("01/06/2028 09:00")).misfit is None
    assert len(walks) < WALKS or len(set(NAMES) - set(did)) <= 2, (
        f"never done: {set(NAMES) - set(did)}"
    )
