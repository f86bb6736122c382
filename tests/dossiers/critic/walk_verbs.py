"""What a random walk over dossiers may do: every act of the registry, by somebody who may or may
not, with what is right or wrong for it (test_walks.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from dossiers.acts import (
    agreed_time,
    apology,
    appointments,
    approval,
    archiving,
    calendar_moves,
    collecting,
    consulting,
    correcting,
    desks,
    digitising,
    endings,
    fees,
    handovers,
    immediate,
    inspecting,
    lawful_time,
    leading,
    leg_work,
    legs,
    originals,
    outgoing,
    payment,
    post_desk,
    post_out,
    printing,
    re_appointment,
    receipt_series,
    relieving,
    reminding,
    repairs,
    scanning,
    supplements,
    taking_back,
    tax_transfer,
    urging,
    voiding,
)
from dossiers.acts.consulting import Opinion, Question
from dossiers.acts.endings import EndingIn, ResultIn, Taking
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.intake.wanted import declared
from dossiers.models import (
    Dossier,
    Event,
    OfficeSettings,
    Result,
    Slip,
    Supplement,
)  # fmt: skip
from dossiers.models.collecting import ResultNotice
from dossiers.models.consulting import Consultation, Said
from dossiers.models.digitising import DigitisedPaper
from dossiers.models.handover import Purpose
from dossiers.models.legs import Leg, LegKind
from dossiers.models.money import FeeReceipt, ReceiptRequest, ReceiptSeries
from dossiers.models.post import PostalItem, PostalTry
from dossiers.models.reminding import Reminder
from dossiers.models.repairs import Correction, Loss
from onestop.accounts.desk import Desk, desk_of
from onestop.accounts.models import (
    CalendarDay,
    DayKind,
    Department,
    DepartmentKind,
    Level,
    Officer,
    Role,
)
from onestop.errors import DomainError
from onestop.worktime import Term, Unit
from procedures.models import Case
from tests.dossiers.own.correcting import as_it_stands
from tests.dossiers.own.fees import BOOK
from tests.dossiers.own.post import POSTMAN
from tests.dossiers.pictures import picture
from tests.samples import PDF, a_pdf
from tests.world import IN_PERSON, Office, make_agency, make_officer

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

    def right_desk(self, *right: Officer) -> Desk:
        """Half the time of somebody whose work it is, else anybody's."""
        if self.dice.random() < 0.5:
            return self.desk()
        return self.office.desk(self.dice.choice(right), self.at)

    def holder_desk(self) -> Desk:
        """Of whom it lies with, else of the counter's."""
        self.dossier.refresh_from_db()
        officer = self.dossier.holder or self.office.clerk
        return self.office.desk(officer, self.at)

    def keep(self) -> None:
        """How it stands now, for what is taken back later."""
        self.dossier.refresh_from_db()
        self.stood[self.dossier.event_seq] = picture(self.dossier)

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
    row, by = lawful_time.running(walk.dossier).last(), walk.right_desk(walk.office.leader)
    lawful_time.close_exclusion(walk.seen(), row.pk if row else 0, walk.at, by=by, at=walk.at)


def prolong(walk: Walk) -> None:
    row, dice = lawful_time.running(walk.dossier).last(), walk.dice
    if row is None:
        raise DomainError("no_exclusion")
    what = lawful_time.Prolonging(
        basis="Điều 5", reason="Giám định lại", law=dice.choice(["", "Điều 9"]),
        ends=row.ends + timedelta(minutes=dice.choice([-60, 120, 1440, 9000])),
    )  # fmt: skip
    by = walk.right_desk(walk.office.leader)
    lawful_time.prolong_exclusion(walk.seen(), row.pk, what, by=by, at=walk.at)


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
        and chain[back["event"] - 1].kind == "give_back"
        and back["event"] == 3
    ):
        return  # a line is promised instead: open from its reception, with a slip
    stood, now = dict(walk.stood[back["through"] - 1]), picture(walk.dossier)
    # What was printed since the act changed nothing, and stays printed.
    since = [
        json.loads(event.text)["data"]
        for event in chain[back["event"] :]
        if event.kind == "print_slip"
    ]
    printed = {data["row"] for data in since}
    now["Slip"] = [row for row in now["Slip"] if row["id"] not in printed]
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
    by = walk.right_desk(walk.office.clerk)
    collecting.notify_result(walk.seen(), said, by=by, at=walk.at)


def archive(walk: Walk) -> None:
    """After two notices; the office waits for a day only."""
    if ResultNotice.objects.standing().filter(dossier=walk.dossier).count() < 2:
        notify(walk)
        return
    OfficeSettings.objects.update_or_create(
        agency=walk.office.agency, defaults={"archive_after": 1}
    )
    by = walk.right_desk(walk.office.clerk)
    archiving.archive_result(walk.seen(), place="Kho", by=by, at=walk.at)


def return_papers(walk: Walk) -> None:
    """One original of those held, or a word on why all stay."""
    held = originals.held_of(walk.dossier)
    given = tuple(one.pk for one in held[: walk.dice.randint(0, 1)])
    back = originals.Back(given, "Ân", note="Giữ để đối chiếu")
    originals.return_papers(walk.seen(), back, by=walk.right_desk(walk.office.clerk), at=walk.at)


def digitise(walk: Walk) -> None:
    """The result on paper is scanned, or a scan that waits is held against the paper."""
    if (row := DigitisedPaper.objects.waiting().filter(dossier=walk.dossier).first()) is not None:
        agreed, by = walk.dice.random() < 0.7, walk.right_desk(walk.office.leader, walk.office.head)
        digitising.check_digitised(
            walk.seen(), row.pk, agreed=agreed, words="Thiếu trang", by=by, at=walk.at
        )
        return
    what = digitising.Digitised("Ủy ban", "Giấy phép", "Toàn quốc", permanent=True)
    scan = SimpleUploadedFile("kq.pdf", a_pdf(str(walk.at)))
    by = walk.right_desk(walk.office.clerk)
    digitising.digitise_result(walk.seen(), scan, what, by=by, at=walk.at)


def agree_time(walk: Walk) -> None:
    """An hour of a later day, of whatever the walk is about: mostly no certification."""
    until = (walk.at + timedelta(days=walk.dice.randint(1, 9))).replace(hour=3, minute=0)
    agreed_time.agree_time(walk.seen(), until, by=walk.right_desk(walk.office.clerk), at=walk.at)


def lose(walk: Walk) -> None:
    of, how = walk.dice.choice(list(Loss.Of)), walk.dice.choice(list(Loss.How))
    lost = repairs.Lost(of, how, "Đơn", walk.at.date(), "Ướt", "Phòng A", "Lập lại")
    repairs.record_loss(walk.seen(), lost, by=walk.desk(), at=walk.at)


def scan(walk: Walk) -> None:
    files = [SimpleUploadedFile("a.pdf", a_pdf(str(walk.dice.randint(0, 9))))]
    reason = walk.dice.choice(["", "Máy quét hỏng", "Khổ giấy lớn"])
    few = walk.dice.choice([[], files])
    scanning.add_scans(walk.seen(), few, reason=reason, by=walk.desk(), at=walk.at)


def urge(walk: Walk) -> None:
    soon = walk.at + timedelta(hours=walk.dice.choice([1, 30]))
    urging.urge(walk.seen(), asked="Trình kết quả", answer_by=soon, by=walk.desk(), at=walk.at)


def answer_urging(walk: Walk) -> None:
    urging.answer(walk.seen(), text="Chờ ý kiến Sở", by=walk.desk(), at=walk.at)


def consult(walk: Walk) -> None:
    rooms = walk.dice.sample([walk.office.room, walk.office.second_room, walk.office.leadership], 1)
    day = (walk.at + timedelta(days=walk.dice.choice([0, 1, 3]))).date()
    asked = Question("Có tranh chấp không?", day, rooms, bodies=walk.dice.choice([[], ["Công an"]]))
    consulting.consult(walk.seen(), asked, by=walk.desk(), at=walk.at)


def inspect(walk: Walk) -> None:
    said = inspecting.Inspected(
        walk.at - timedelta(minutes=walk.dice.choice([1, 60])), "Thôn 2", [("Lý Văn Sơn", "trưởng thôn")], "Đo đất",
        walk.dice.choice(["Đúng", " "]),
    )  # fmt: skip
    inspecting.inspect(walk.seen(), said, by=walk.desk(), at=walk.at)


def opinion(walk: Walk) -> None:
    """Of one that was asked, answered or not: answered, written down, silent, withdrawn."""
    asked = list(Consultation.objects.filter(dossier=walk.dossier).order_by("pk"))
    if not asked:
        raise DomainError("consult_gone")
    pk, said = walk.dice.choice(asked).pk, Opinion(walk.dice.choice([*Said, None]), "Không")
    by, at = walk.desk(), walk.at
    verbs: list[Callable[[], Any]] = [
        lambda: consulting.answer(pk, said, by=by, at=at),
        lambda: consulting.record_opinion(walk.seen(), pk, said, by=by, at=at),
        lambda: consulting.record_silence(walk.seen(), pk, by=by, at=at),
        lambda: consulting.withdraw(walk.seen(), pk, why="Đã rõ", by=by, at=at),
    ]
    walk.dice.choice(verbs)()


def remind(walk: Walk) -> None:
    way = walk.dice.choice(list(Reminder.Way))
    reminding.remind(walk.seen(), way=way, note="Đã gọi", by=walk.desk(), at=walk.at)


def draft(walk: Walk) -> None:
    """What the room writes and nobody has signed: without a number, of this kind or that."""
    data = ResultIn(title="Giấy phép")
    if walk.dice.random() < 0.2:
        data = ResultIn(kind=Result.Kind.REFUSED, title="Từ chối", reason="Không đủ điều kiện")
    endings.record_result(walk.seen(), data, by=walk.desk(), at=walk.at)


def submit(walk: Walk) -> None:
    """Brought to who approves."""
    step = NextStep(name="Duyệt", minutes=480, purpose=Purpose.APPROVE)
    receiver = walk.dice.choice([None, walk.office.leader])
    to, by = walk.office.leadership, walk.holder_desk()
    handovers.hand_over(walk.dossier, to=to, receiver=receiver, step=step, by=by, at=walk.at)


def to_the_stamp(walk: Walk) -> None:
    """The whole way of a draft in one morning, act by act: to the leader, approved, to the stamp."""
    dossier, at = walk.dossier, walk.at
    by = walk.holder_desk()
    with transaction.atomic():
        endings.record_result(Seen(dossier.pk), ResultIn(title="Giấy phép"), by=by, at=at)
        walk.keep()
        submit(walk)
        walk.keep()
        approval.approve(Seen(dossier.pk), by=walk.office.desk(walk.office.leader, at), at=at)


def approve(walk: Walk) -> None:
    approval.approve(walk.seen(), by=walk.desk(), at=walk.at)


def send_back(walk: Walk) -> None:
    approval.send_back(walk.seen(), reason="Thiếu căn cứ", by=walk.desk(), at=walk.at)


def number_result(walk: Walk) -> None:
    """From the office's register, or the number of the procedure's own."""
    own = walk.dice.random() < 0.3
    said = outgoing.Numbering("Tuấn", "" if own else "GXN", "7/2026" if own else "")
    by = walk.dice.choice([walk.desk, walk.holder_desk])()
    outgoing.number_result(walk.seen(), said, by=by, at=walk.at)


def number_letter(walk: Walk) -> None:
    """The newest letters, also one that was void meanwhile or has its number."""
    kinds = outgoing.kinds_of_letters()
    found = Slip.objects.filter(dossier=walk.dossier, slug__in=kinds).order_by("-pk")[:2]
    if not found:
        raise DomainError("letter_gone")
    for done in outgoing.number_letters([slip.pk for slip in found], by=walk.desk(), at=walk.at):
        if done.error is not None:
            raise done.error


def print_slip(walk: Walk) -> None:
    """The control sheet or the receipt; what there is already is no event."""
    walk.dossier.refresh_from_db()
    before = walk.dossier.event_seq
    verb = walk.dice.choice([printing.control_sheet, printing.receipt])
    verb(walk.dossier, by=walk.desk(), at=walk.at)
    walk.dossier.refresh_from_db()
    if walk.dossier.event_seq == before:
        raise DomainError("nothing_to_take_back")


def ask_payment(walk: Walk) -> None:
    due = walk.at.date() + timedelta(days=walk.dice.choice([-1, 0, 3]))
    what = payment.Obligation("Lệ phí", 1000, "NĐ 101", "Thuế", due)
    payment.ask_payment(walk.seen(), what, by=walk.desk(), at=walk.at)


def pay(walk: Walk) -> None:
    proof = payment.Proof("1", walk.at.date(), walk.dice.choice([1000, 1000, 900]))
    payment.record_payment(walk.seen(), proof, by=walk.desk(), at=walk.at)


def take_fee(walk: Walk) -> None:
    """Money taken, asked back, or paid back: by whoever may."""
    office, dice = walk.office, walk.dice
    book = ReceiptSeries.objects.filter(agency=office.agency).first()
    if book is None:
        by = office.desk(office.leader, walk.at)
        book = receipt_series.open_book(office.agency, BOOK, by=by, at=walk.at)
    asked = ReceiptRequest.objects.waiting().filter(dossier=walk.dossier).first()
    taken = FeeReceipt.objects.standing().filter(dossier=walk.dossier).first()
    if asked is not None:
        by, agreed = walk.right_desk(office.leader), dice.random() < 0.7
        fees.answer_change(walk.seen(), asked.pk, agreed=agreed, words="Xem lại", by=by, at=walk.at)
    elif taken is not None and dice.random() < 0.6:
        kind = dice.choice(list(ReceiptRequest.Kind))
        what = fees.Asking(taken.pk, kind, "Nhầm", dice.choice([1, taken.amount]))
        fees.ask_change(walk.seen(), what, by=walk.right_desk(office.clerk), at=walk.at)
    elif dice.random() < 0.2:
        relieving.relieve_fee(
            walk.seen(), "Hộ nghèo", "Sổ số 5", by=walk.right_desk(office.clerk), at=walk.at
        )
    else:
        what_for = fees.Taking(book.pk, dice.choice([0, 500]), dice.choice([0, 700]), more="Thêm")
        fees.take_fee(walk.seen(), what_for, by=walk.right_desk(office.clerk), at=walk.at)


def post(walk: Walk) -> None:
    """A result given to the post; delivered, tried, or brought back: by whoever may."""
    office, dice, day = walk.office, walk.dice, timezone.localdate(walk.at)
    by, seen = walk.right_desk(office.clerk), walk.seen()
    items = PostalItem.objects.standing().filter(dossier=walk.dossier)
    gone = items.filter(delivered_at=None, back_at=None).exists()
    if not gone and dice.random() < 0.4:
        # From the return desk, whoever asked for the post.
        number = f"EB{dice.randrange(10**6)}VN"
        sent = Taking(walk.dossier.owner_name, post_number=number, note="Về nhà", told=IN_PERSON)
        post_desk.send(seen, sent, 0, POSTMAN, by=by, at=walk.at)
    elif not gone and dice.random() < 0.7:
        letters = [post_out.Letter(seen, f"EB{dice.randrange(10**6)}VN")]
        to = replace(POSTMAN, told=IN_PERSON)
        _, done = post_out.give(office.agency, letters, to, by=by, at=walk.at)
        if done[0].error is not None:
            raise done[0].error
    elif (chance := dice.random()) < 0.2:
        post_out.deliver(seen, "Ân", by=by, at=walk.at)
    elif chance < 0.8:
        kind = dice.choice(list(PostalTry.Kind))
        post_out.try_again(seen, post_out.Trying(kind, day, "Vắng"), by=by, at=walk.at)
    else:
        post_out.bring_back(seen, by=by, at=walk.at)


def legs_away(walk: Walk) -> None:
    """Parts sent to other agencies, and whatever they may do with them."""
    dice, dossier = walk.dice, walk.dossier
    there = Leg.objects.with_agency().filter(dossier=dossier).select_related("agency")
    leg = dice.choice(list(there) or [None])
    if leg is None or dice.random() < 0.2:
        kind = dice.choice([LegKind.PARALLEL, LegKind.ORDERED, LegKind.UPPER])
        *same, upper = [one.agency for one in elsewhere()]
        asked = [upper] if kind == LegKind.UPPER else dice.sample(same, dice.choice([1, 2]))
        parts = [legs.Part(one, "Xác nhận", 8) for one in asked]
        legs.open_legs(walk.seen(), kind, parts, by=walk.desk(), at=walk.at)
        return
    if dice.random() < 0.2:
        legs.withdraw_leg(walk.seen(), leg.number, "Thôi", by=walk.desk(), at=walk.at)
        return
    clerk = next(one for one in elsewhere() if one.agency == leg.agency)
    by, seen = desk_of(clerk, walk.at), leg_work.SeenLeg(leg.pk, leg.dossier_id, leg.version)
    if leg.is_to_take:
        leg_work.receive(seen, by=by, at=walk.at)
    elif (step := dice.random()) < 0.2:
        leg_work.pass_on(seen, clerk.department, by=by, at=walk.at)
    elif step < 0.4:
        leg_work.take_back(seen, by=by, at=walk.at)
    else:
        what = leg_work.AnswerIn("Đã rõ", dice.choice([None, *Leg.Outcome.values]))
        leg_work.answer(seen, what, by=by, at=walk.at)


def a_part(walk: Walk) -> Leg:
    """One that is with an agency; where there is none, whoever has the dossier sends one."""
    there = Leg.objects.with_agency().filter(dossier=walk.dossier).order_by("pk")
    if not there:
        parts = [legs.Part(walk.dice.choice(elsewhere()).agency, "Xác nhận", 8)]
        by, kind = walk.holder_desk(), LegKind.PARALLEL
        kind = LegKind.UPPER if parts[0].agency.level == Level.PROVINCE else kind
        legs.open_legs(Seen(walk.dossier.pk), kind, parts, by=by, at=walk.at)
        walk.keep()
    return walk.dice.choice(list(there.all()))


def move_parts(walk: Walk) -> None:
    """With the desk of who has one there, or is to take it; and back again by the same press."""
    with transaction.atomic():
        leg = a_part(walk)
        people = Officer.objects.filter(agency=leg.agency_id).order_by("pk")
        leader = people.get(username__startswith="chu")
        if leg.holder is None and leg.pending_officer is None:
            by = desk_of(people[0], walk.at)
            seen = leg_work.SeenLeg(leg.pk, leg.dossier_id, leg.version)
            leg = leg_work.receive(seen, by=by, at=walk.at)
            walk.keep()
        leaver = leg.holder if leg.pending_department_id is None else leg.pending_officer
        if leaver is None:
            raise DomainError("leg_ended")
        successor = walk.dice.choice(list(people.exclude(pk=leaver.pk)))
        by, press = desk_of(leader, walk.at), UUID(int=walk.dice.getrandbits(128))
        before = picture(walk.dossier)
        desks.hand_desk_over(leaver, successor, by=by, at=walk.at, reason="Nghỉ", press=press)
        walk.keep()
        assert picture(walk.dossier) != before
        if walk.dice.random() < 0.5:
            desks.take_desk_back(press, by=by, at=walk.at)
            assert picture(walk.dossier) == before


def lead(walk: Walk) -> None:
    """An agency that has a part leads from now on: whoever works there walks along."""
    with transaction.atomic():
        leg = a_part(walk)
        seen, by = Seen(walk.dossier.pk), walk.holder_desk()
        leading.replace_lead(seen, leg.number, "Không đủ thẩm quyền", by=by, at=walk.at)
    walk.people += 4 * list(Officer.objects.filter(agency=leg.agency_id).order_by("pk"))


def elsewhere() -> list[Officer]:
    """A clerk of each of two other communes and of one agency of the province (R-62), made by the
    first that asks; beside each another clerk and a leader.
    """
    found = Officer.objects.filter(username__startswith="phoihop").select_related(
        "agency", "department"
    )
    if not found:
        for n, level in ((1, Level.COMMUNE), (2, Level.COMMUNE), (3, Level.PROVINCE)):
            agency = make_agency(f"Cơ quan phối hợp {n}")
            agency.level = level
            agency.save()
            room = Department.objects.create(
                agency=agency, name="Một cửa", kind=DepartmentKind.ONE_STOP
            )
            for name, role in (("phoihop", Role.CLERK), ("ke", Role.CLERK), ("chu", Role.LEADER)):
                make_officer(f"Vi Thị {name}", agency, (role, room), username=f"{name}{n}")
    return list(found.all().order_by("username"))


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
    "prolong": (3, prolong),
    "close_exclusion": (2, close_exclusion),
    "tax": (8, tax),
    "ask_payment": (3, ask_payment),
    "pay": (3, pay),
    "draft": (4, draft),
    "submit": (4, submit),
    "to_the_stamp": (4, to_the_stamp),
    "approve": (5, approve),
    "send_back": (2, send_back),
    "number_result": (8, number_result),
    "number_letter": (4, number_letter),
    "print_slip": (2, print_slip),
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
        lambda w: endings.give_back(
            w.seen(),
            Taking("Nguyễn Văn Ân", signature=w.dice.choice([0, 1, 2]), told=IN_PERSON),
            by=w.desk(),
            at=w.at,
        ),
    ),
    "take_back": (4, take_back),
    "promise_instead": (8, promise_instead),
    "give_back_now": (
        1,
        lambda w: immediate.give_back_now(w.seen(), by=w.right_desk(w.office.clerk), at=w.at),
    ),
    "close_a_day": (1, close_a_day),
    "move_by_calendar": (2, move_by_calendar),
    "move_desk": (3, move_desk),
    "scan": (3, scan),
    "remind": (2, remind),
    "urge": (3, urge),
    "answer_urging": (3, answer_urging),
    "consult": (3, consult),
    "opinion": (5, opinion),
    "inspect": (2, inspect),
    "correct": (4, correct),
    "lose": (1, lose),
    "notify": (3, notify),
    "archive": (3, archive),
    "agree_time": (2, agree_time),
    "return_papers": (3, return_papers),
    "digitise": (4, digitise),
    "take_fee": (4, take_fee),
    "post": (6, post),
    "legs_away": (5, legs_away),
    "move_parts": (3, move_parts),
    "lead": (1, lead),
    "deliver": (
        4,
        lambda w: repairs.deliver_correction(w.seen(), to="Ân", by=w.desk(), at=w.at),
    ),
}
# Which step of a walk does each act of the registry.
WALKED: dict[str, str] = {
    "receive": "start",
    "hand_over": "give", "confirm": "confirm", "take_up": "confirm", "recall": "recall",
    "approve": "approve", "send_back": "send_back", "move_desk": "move_desk",
    "record_result": "result", "finish": "finish", "give_back": "give_back",
    "withdraw": "end", "stop": "end", "void_reception": "void", "correct_reception": "put_right",
    "propose_supplement": "propose", "ask_supplement": "ask", "complete_supplement": "complete",
    "remind": "remind", "add_scans": "scan", "appoint_step": "appoint_step",
    "ask_payment": "ask_payment", "record_payment": "pay",
    "send_to_tax": "tax", "record_tax_notice": "tax", "record_nothing_due": "tax",
    "re_appoint": "re_appoint", "apologise": "apologise", "urge": "urge", "answer_urging": "answer_urging",
    "inspect": "inspect", "consult": "consult", "answer_consultation": "opinion", "record_opinion": "opinion", "record_silence": "opinion", "withdraw_consultation": "opinion",
    "move_by_calendar": "move_by_calendar",
    "extend": "decide", "exclude": "decide", "prolong_exclusion": "prolong", "close_exclusion": "close_exclusion",
    "number_letter": "number_letter", "number_result": "number_result", "notify_result": "notify", "archive_result": "archive", "agree_time": "agree_time", "return_papers": "return_papers",
    "digitise_result": "digitise", "check_digitised": "digitise",
    "correct_result": "correct", "deliver_correction": "deliver", "record_loss": "lose",
    "print_slip": "print_slip", "take_back": "take_back",
    "post_deliver": "post", "post_try": "post", "post_back": "post",
    "open_legs": "legs_away", "withdraw_leg": "legs_away", "receive_leg": "legs_away", "pass_leg": "legs_away",
    "answer_leg": "legs_away", "fail_leg": "legs_away", "move_leg": "move_parts", "replace_lead": "lead",
    "take_fee": "take_fee", "relieve_fee": "take_fee", "ask_receipt_change": "take_fee", "answer_receipt_change": "take_fee",
}  # fmt: skip
BROUGHT = "nobody does it: an import writes it (tests/dossiers/importing)"
NOT_BUILT = "nothing does it yet"
NOT_WALKED: dict[str, str] = {
    "begin_term": "comes with the confirmation of another agency (tests/dossiers/work/test_out_of_area.py)",
    "register": NOT_BUILT,
    "refuse_reception": NOT_BUILT,
    **dict.fromkeys(
        (
            "import_receive", "import_take_up", "import_ask", "import_ask_payment",
            "import_go_on", "import_finish", "import_withdraw", "import_stop", "import_return",
        ),
        BROUGHT,
    ),
}  # fmt: skip
