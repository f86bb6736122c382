"""Small invented histories by the real writer: received, asked, completed, ended, taken back, moved
between offices and fields, recorded later than they happened; instants on and around every cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from dossiers.acts import (
    endings,
    lawful_time,
    payment,
    reception,
    supplements,
    taking_back,
    tax_transfer,
)
from dossiers.acts.many import Seen
from dossiers.intake.online import CHANNELS as ONLINE
from dossiers.intake.wanted import declared
from dossiers.ledger import writer
from dossiers.ledger.history import last_act
from dossiers.models import Dossier, Event
from onestop.accounts.models import Agency
from onestop.errors import DomainError
from onestop.worktime import Term, Unit
from procedures.channels import Channel
from procedures.models import Case, Field, SupplementMode
from tests.world import Office, an_intake, filed_online, make_agency, make_case, make_office, vn

TERMS = (
    "3 ngày làm việc", "1,5 ngày làm việc", "8 giờ làm việc", "24 giờ", "trong ngày", "5 ngày",
    "không phải trả kết quả", "trả ngay",
)  # fmt: skip
# The ends and beginnings of the periods that histories cross.
EDGES = tuple(vn(text) for text in ("15/09/2026 00:00", "01/09/2026 00:00", "15/10/2026 00:00"))
FIRST = vn("18/08/2026 08:00")
MOMENT = timedelta(microseconds=1)
PERIODS = (
    "2026Q3", "2026M9", "2026M10", "2026Q4", "2026-09", "2026Y", "2026-08-20..2026-09-16", "2026-09-14..2026-09-14",
)  # fmt: skip
ACTS = (
    "ask", "ask", "complete", "complete", "finish", "finish", "withdraw", "stop", "back", "back",
    "move", "field", "give_back", "void_reception", "decide", "decide", "tax",
)  # fmt: skip
RECORDED_AT_ONCE = frozenset({"ask", "complete", "withdraw", "decide", "tax"})


@dataclass
class History:
    """Some offices of a province, their procedures, the dossiers made, and every instant that was
    used. `edges`: what acts like to fall on; `first`, `days`: when dossiers come in.
    """

    dice: Random
    province: Agency
    offices: list[Office]
    cases: list[Case]
    edges: tuple[datetime, ...] = EDGES
    first: datetime = FIRST
    days: int = 45
    dossiers: list[int] = field(default_factory=list)
    instants: list[datetime] = field(default_factory=list)

    @property
    def office(self) -> Office:
        return self.offices[0]

    @property
    def other(self) -> Office:
        return self.offices[1]

    def cuts(self) -> Iterator[datetime]:
        """On an instant, just before it, just after it; and long after."""
        for at in self.dice.sample(self.instants, min(3, len(self.instants))):
            yield from (at - MOMENT, at, at + MOMENT)
        yield vn("01/12/2026 09:00")
        yield from self.dice.sample(self.edges, 1)

    def instant(self, after: datetime) -> datetime:
        edges = [at for at in self.edges if at > after][:3]
        if edges and self.dice.random() < 0.4:
            return self.dice.choice(edges) + self.dice.choice([-MOMENT, MOMENT * 0, MOMENT])
        jump = self.dice.choice([0, 1, 30, 300, 1440, 3000, 9000, 20000])
        return after + timedelta(minutes=jump)


def start(seed: int, offices: int = 2, **more: Any) -> History:
    dice = Random(seed)
    province = make_agency("Ủy ban nhân dân tỉnh Lạng Sơn")
    made = [
        make_office(f"Ủy ban nhân dân xã {number}", parent=province) for number in range(offices)
    ]
    terms = dice.sample(TERMS, 4)
    modes = (SupplementMode.RESTART, SupplementMode.PAUSE)
    cases = [
        make_case(term, field=f"Lĩnh vực {number % 2}", supplement_mode=modes[number % 2])
        for number, term in enumerate(terms)
    ]
    return History(dice, province, made, cases, **more)


def live(history: History, *, steps: int = 6) -> None:
    """One more dossier and its life."""
    dice = history.dice
    office = dice.choice([history.office, *history.offices])
    at = history.first + timedelta(minutes=dice.randrange(0, history.days * 1440))
    if dice.random() < 0.4:
        at = dice.choice(history.edges) + dice.choice([-MOMENT, MOMENT * 0, MOMENT])
    case = dice.choice(history.cases)
    channel = dice.choice(list(Channel))
    dossier = reception.receive(
        an_intake(
            office,
            case,
            channel=channel,
            online=filed_online(at) if channel in ONLINE else None,
            out_of_area=len(history.dossiers) % 3 == 0,
        ),
        by=office.desk(office.clerk, at),
        at=at,
        recorded_at=at + dice.choice([0, 0, 1]) * timedelta(days=dice.randrange(1, 9)),
    )
    known = dossier.recorded_at
    history.dossiers.append(dossier.pk)
    history.instants += [at, known]
    for _ in range(dice.randrange(steps)):
        at, name = history.instant(at), dice.choice(ACTS)
        known = max(known, at + dice.choice([0, 0, 2]) * timedelta(hours=30))
        if name in RECORDED_AT_ONCE:
            at = known
        with suppress(DomainError):
            act(history, office, dossier.pk, name, at, known)
            history.instants += [at, known]


def decide(history: History, office: Office, pk: int, at: datetime) -> None:
    """The term is extended by law, or time does not count: in time, late, late by sector law."""
    dice, leader = history.dice, office.desk(office.leader, at)
    said: dict[str, Any] = {
        "kind": "khac", "basis": "Điều 5", "reason": "Vì", "law": dice.choice(["", "Điều 9"]),
    }  # fmt: skip
    if dice.random() < 0.4:
        extra = Term(Unit.WORKING_DAY, Fraction(dice.randint(1, 5)))
        lawful_time.extend(Seen(pk), lawful_time.Extending(**said, extra=extra), by=leader, at=at)
        return
    begins = at - timedelta(minutes=dice.choice([0, 600, 2880]))
    ends = begins + timedelta(minutes=dice.choice([120, 1440, 9000]))
    what = lawful_time.Excluding(**said, begins=begins, ends=ends)
    lawful_time.exclude(Seen(pk), what, by=leader, at=at)


def tax(history: History, office: Office, pk: int, at: datetime) -> None:
    """Sent to the tax authority, or its answer, or the proof of payment, whichever is next."""
    clerk, seen, day = office.desk(office.clerk, at), Seen(pk), at.date()
    answer = tax_transfer.Answer("15/TB", day)
    what = payment.Obligation("Lệ phí", 1000, "NĐ 101", "Thuế", day + timedelta(days=1))
    with suppress(DomainError):
        payment.record_payment(seen, payment.Proof("1", day, 1000), by=clerk, at=at)
        return
    with suppress(DomainError):
        if history.dice.random() < 0.5:
            tax_transfer.record_notice(seen, answer, what, by=clerk, at=at)
        else:
            tax_transfer.record_nothing_due(seen, answer, by=clerk, at=at)
        return
    tax_transfer.send(seen, tax_transfer.Transfer("Thuế", "Lệ phí", "NĐ 101"), by=clerk, at=at)


def act(
    history: History, office: Office, pk: int, name: str, at: datetime, known: datetime
) -> None:
    """One act; refused where the dossier's state does not allow it."""
    clerk, seen = office.desk(office.clerk, at), Seen(pk)
    if name == "ask":
        supplements.ask(
            seen, items=declared("Tờ khai"), reason="Thiếu", legal_basis="NĐ 1/2020/NĐ-CP Điều 5",
            approver=office.leader, approval_reason="Cần thiết", by=clerk, at=at,
        )  # fmt: skip
    elif name == "complete":
        supplements.complete(seen, by=clerk, at=at)
    elif name == "decide":
        decide(history, office, pk, at)
    elif name == "tax":
        tax(history, office, pk, at)
    elif name == "withdraw":
        form = endings.EndingIn(requested_by="Chủ hồ sơ", reason="Không còn nhu cầu")
        endings.withdraw(seen, form, by=clerk, at=at)
    else:
        with writer.change(pk, by=None, at=at, recorded_at=known) as life:
            if name == "back":
                done = last_act(list(Event.objects.filter(dossier=pk).order_by("seq")))
                if done is None:
                    raise DomainError("nothing_to_take_back")
                taking_back._undo(life, done)
            elif name in ("move", "field"):
                move(history, life, name)
            else:
                life.check(name)
                life.record(name, {"refused": True} if history.dice.random() < 0.3 else {})


def move(history: History, life: writer.Life, what: str) -> None:
    """No act moves a dossier yet: the writer would count it so, under whatever name."""
    dossier: Dossier = life.dossier
    if what == "move":
        places = [one.agency for one in history.offices if one.agency.pk != dossier.agency_id]
        dossier.agency = history.dice.choice(places)
    else:
        dossier.field = history.dice.choice(list(Field.objects.all()))
    life.record("confirm", {})
