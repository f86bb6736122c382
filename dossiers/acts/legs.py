"""Liên thông: the agency that leads sends parts of the work to other agencies and takes them back
(R-60, R-61, R-62). Electronic: to all at once; on paper: in the order they stand in, each when the one
before has answered; to a higher level: with its counter informed.

Every act on a leg locks its dossier first, as all acts do, then writes legs by their numbers: two acts
at once wait for each other and never in a circle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from dossiers import rules
from dossiers.acts.many import Seen
from dossiers.clock.deadlines import step_due
from dossiers.ledger import writer
from dossiers.models import Dossier
from dossiers.models.legs import Leg, LegKind, LegState
from dossiers.registry import Act, Block, Page, Rows, SlipKind, Told, own_page, register
from dossiers.slips import issuing
from dossiers.slips.leg_slips import SLUG, TransferSlip, transfer_slip
from dossiers.states import FROM_OPEN, FROM_WORKING, HANDLERS
from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import Agency, Level, Officer, Role, RoleGrant
from onestop.errors import DomainError
from onestop.outbox.domain import Notice, post_all
from onestop.outbox.models import Message
from onestop.outbox.told import told as told_in
from onestop.results import Answer, Denied

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

MOST_LEGS = 20
MOST_HOURS = 2000
CHUNK = 500
LATE = "leg_late"
# Who is told at an agency of a part that nobody there has yet: its counter, which supervises it
# who leads it, who takes documents in.
TOLD = (Role.CLERK, Role.LEADER, Role.DOCUMENTS)
# From the lowest to the highest; the district is no more.
_LEVELS = (Level.COMMUNE, Level.DISTRICT, Level.PROVINCE, Level.CENTRAL)

LEGS = Rows(
    "legs",
    (
        "number", "kind", "task", "minutes", "state", "sent_at", "due_at", "received_at", "ended_at", "outcome", "answer", "file_id",
        "version", "agency__name", "holder__full_name", "holder_department__name", "pending_officer__full_name",
        "pending_department__name", "ended_by__full_name",
    ),
)  # fmt: skip


def _may_open(desk: Desk, dossier: Dossier) -> Answer:
    return rules.may_work(desk, dossier)


def _may_withdraw(desk: Desk, dossier: Dossier) -> Answer:
    """Who has the dossier, while an agency has a part of it."""
    return rules.may_hold(desk, dossier) if dossier.open_legs else Denied("leg_ended")


def of_leg(told: Told) -> Iterator[str]:
    """Its number and its agency; nothing of a leg that is gone."""
    if told.row is not None:
        yield f"{told.row['number']}. {told.row['agency_name']}"


def _opened(told: Told) -> Iterator[str]:
    """Each agency with its work and time, as the event keeps them."""
    yield from told.data.get("lines", ())


def _withdrawn(told: Told) -> Iterator[str]:
    yield from of_leg(told)
    if told.row is not None and not told.undone:
        yield told.row["answer"]


def _still_in_turn(block: Block, data: dict[str, Any]) -> None:
    """On paper the turn may have gone on: what would stand before it again is not put back."""
    if next_in_turn(block.dossier):
        raise DomainError("changed_since")


OPEN_LEGS = register(
    Act(
        "open_legs", "Chuyển phối hợp giải quyết", 34, FROM_WORKING, None, HANDLERS, _may_open, told_by=LEGS,
        lines=_opened, page=Page("handover", own_page("act_open_legs")),
        slip=SlipKind(SLUG, "Phiếu chuyển xử lý", TransferSlip, transfer_slip, title="PHIẾU CHUYỂN XỬ LÝ HỒ SƠ", by_handler=True),
    )
)  # fmt: skip
WITHDRAW_LEG = register(
    Act(
        "withdraw_leg", "Thu hồi phần phối hợp", 39, FROM_OPEN, None, HANDLERS, _may_withdraw, told_by=LEGS,
        lines=_withdrawn, on_undo=_still_in_turn,
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """What one agency is asked to do, in how many of its working hours."""

    agency: Agency
    task: str
    hours: int


def check(dossier: Dossier, kind: int, parts: Sequence[Part], at: datetime) -> None:
    """Errors: DomainError("leg_none", "leg_task", "leg_hours", "leg_own", "leg_twice", "leg_closed",
    "leg_level", "leg_upper").
    """
    if not parts:
        raise DomainError("leg_none")
    names, today = [part.agency.pk for part in parts], timezone.localdate(at)
    own = {dossier.agency_id, dossier.agency.in_charge(today).pk}
    for n, part in enumerate(parts):
        if not part.task.strip():
            raise DomainError("leg_task", agency=part.agency.name)
        if not 1 <= part.hours <= MOST_HOURS:
            raise DomainError("leg_hours", agency=part.agency.name, most=MOST_HOURS)
        if part.agency.pk in own:
            raise DomainError("leg_own", agency=part.agency.name)
        if part.agency.pk in names[:n]:
            raise DomainError("leg_twice", agency=part.agency.name)
        if part.agency.has_ended(today):
            raise DomainError("leg_closed", agency=part.agency.name)
        _check_level(dossier.agency, kind, part.agency)


def _check_level(own: Agency, kind: int, other: Agency) -> None:
    above = _LEVELS.index(Level(other.level)) - _LEVELS.index(Level(own.level))
    if kind == LegKind.UPPER and above <= 0:
        raise DomainError("leg_upper", agency=other.name)
    if kind != LegKind.UPPER and above > 0:
        raise DomainError("leg_level", agency=other.name)


def open_legs(seen: Seen, kind: int, parts: Sequence[Part], *, by: Desk, at: datetime) -> list[Leg]:
    """Send parts of the work to other agencies. In: how, and to whom in which order.

    Effects in order: the rows, those whose turn it is sent, how many are open, event, bell of those
    they were sent to; the slip where it goes on paper. Errors: those of check(), DomainError("leg_too_many", "leg_has_one").
    """
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("open_legs")
        dossier = life.dossier
        check(dossier, kind, parts, at)
        _check_open(dossier, parts)
        rows = life.add_all(Leg, _new(life, kind, parts, by.officer))
        dossier.open_legs += len(rows)
        life.record("open_legs", {"row": rows[0].pk, "lines": [_line(row) for row in rows]})
        for row in rows:
            if row.is_with_agency:
                life.tell(tell_sent(row, dossier, at))
        if kind != LegKind.PARALLEL:
            issuing.make(SLUG, life=life, about=rows[0])
        return rows


def _check_open(dossier: Dossier, parts: Sequence[Part]) -> None:
    """Beside those that are open already. Errors: DomainError("leg_too_many", "leg_has_one")."""
    if dossier.open_legs + len(parts) > MOST_LEGS:
        raise DomainError("leg_too_many", most=MOST_LEGS)
    known = Leg.objects.open().filter(dossier=dossier, agency__in=[part.agency for part in parts])
    busy = known.select_related("agency").order_by("number").first()
    if busy is not None:
        raise DomainError("leg_has_one", agency=busy.agency.name)


def _new(life: writer.Life, kind: int, parts: Sequence[Part], officer: Officer) -> list[Leg]:
    """Their rows, numbered on; on paper only the first is sent, where no other is on its way."""
    known = Leg.objects.standing().filter(dossier=life.dossier)
    last = known.aggregate(last=Max("number"))["last"] or 0
    is_ordered = kind == LegKind.ORDERED
    waits = is_ordered and known.open().filter(kind=kind).exists()
    at, version = life.at, next_version(life)
    return [
        Leg(
            dossier=life.dossier, number=last + n, kind=kind, agency=part.agency, task=part.task.strip(),
            minutes=part.hours * 60, opened_by=officer, opened_at=at,
            **_at_once(part, at, version, waits=waits or (is_ordered and n > 1)),
        )
        for n, part in enumerate(parts, 1)
    ]  # fmt: skip


def next_version(life: writer.Life) -> int:
    """The number of the event that will tell of a change of a leg: the leg's version from then on."""
    return life.dossier.event_seq + 1


def _at_once(part: Part, at: datetime, version: int, *, waits: bool) -> dict[str, Any]:
    """Where a new leg stands: with its agency, or until its turn."""
    if waits:
        return {"state": LegState.WAITING, "version": version}
    return _sent(part.agency.pk, part.hours * 60, at, version)


def _sent(agency_id: int, minutes: int, at: datetime, version: int) -> dict[str, Any]:
    """It is this agency's turn: its time runs from now by its own calendar."""
    due = step_due(at, minutes, calendar_of(agency_id))
    return {"state": LegState.SENT, "sent_at": at, "due_at": due, "version": version}


def _line(row: Leg) -> str:
    return f"{row.number}. {row.agency.name}: {row.minutes // 60} giờ làm việc"


def next_in_turn(dossier: Dossier) -> list[Leg]:
    """The leg on paper whose turn it is: the first that waits, where no other is on its way (R-60).
    One query.
    """
    ordered = Leg.objects.open().filter(dossier=dossier, kind=LegKind.ORDERED)
    rows = list(ordered.select_related("agency").order_by("number"))
    if not rows or rows[0].state != LegState.WAITING:
        return []
    return rows[:1]


def ended(life: writer.Life, row: Leg) -> list[Leg]:
    """One leg less is open; the next on paper is sent. Gives what was sent."""
    life.dossier.open_legs -= 1
    sent = next_in_turn(life.dossier) if row.kind == LegKind.ORDERED else []
    for one in sent:
        life.change(one, **_sent(one.agency_id, one.minutes, life.at, next_version(life)))
    return sent


def withdraw_leg(seen: Seen, number: int, reason: str, *, by: Desk, at: datetime) -> Leg:
    """The agency that leads needs it no more. Effects: the row, the next on paper, event, bell of the
    agency that had it. Errors: DomainError("reason_missing", "leg_ended").
    """
    if not reason.strip():
        raise DomainError("reason_missing", field="reason")
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("withdraw_leg")
        found = Leg.objects.open().filter(dossier=life.dossier, number=number)
        row = found.select_related("agency", "holder", "pending_officer").first()
        if row is None:
            raise DomainError("leg_ended")
        was_sent = row.is_with_agency
        life.change(
            row, state=LegState.WITHDRAWN, answer=reason.strip(), ended_at=at, ended_by=by.officer,
            version=next_version(life),
        )  # fmt: skip
        sent = ended(life, row)
        life.record("withdraw_leg", {"row": row.pk})
        if was_sent:
            life.tell(_tell_withdrawn(row, life.dossier, at))
        for one in sent:
            life.tell(tell_sent(one, life.dossier, at))
        return row


# --- who is told ----------------------------------------------------------------------------------


def people_of(agency_id: int, at: datetime, *roles: Role) -> list[Officer]:
    """Who holds one of these roles there that day."""
    grants = RoleGrant.objects.valid_on(timezone.localdate(at)).filter(
        agency=agency_id, role__in=roles, officer__is_active=True
    )
    found = {one.officer_id: one.officer for one in grants.select_related("officer").order_by("pk")}
    return list(found.values())


def tell_sent(row: Leg, dossier: Dossier, at: datetime) -> list[Message]:
    """Whoever is to see to it there."""
    return _told("leg_sent", row, dossier, at, people_of(row.agency_id, at, *TOLD), _page(row))


def tell_passed(row: Leg, dossier: Dossier, at: datetime, to: Officer) -> list[Message]:
    return _told("leg_passed", row, dossier, at, [to], _page(row))


def _tell_withdrawn(row: Leg, dossier: Dossier, at: datetime) -> list[Message]:
    return _told("leg_withdrawn", row, dossier, at, having(row, at), _page(row))


def having(row: Leg, at: datetime) -> list[Officer]:
    """Who has it there, or was given it; else whoever was told when it was sent."""
    found = [one for one in (row.holder, row.pending_officer) if one is not None]
    return found or people_of(row.agency_id, at, *TOLD)


def tell_closed(life: writer.Life) -> None:
    """Who had a part of a dossier that has just ended. In: right after the event of the end."""
    dossier = life.dossier
    closed = Leg.objects.standing().filter(
        dossier=dossier, state=LegState.CLOSED, version=dossier.event_seq, sent_at__isnull=False
    )
    for row in closed.select_related("agency", "holder", "pending_officer").order_by("number"):
        people = having(row, life.at)
        life.tell(_told("leg_closed", row, dossier, life.at, people, _page(row)))


def tell_replaced(
    row: Leg, dossier: Dossier, at: datetime, people: Sequence[Officer]
) -> list[Message]:
    """That another agency leads. In: the record of the one that led until now."""
    return _told("lead_replaced", row, dossier, at, people, dossier.get_absolute_url())


def tell_answered(row: Leg, dossier: Dossier, at: datetime) -> list[Message]:
    """Who has the dossier, else who sent the leg; of what a higher level answered the counter that
    received the dossier too (R-62).
    """
    people = [dossier.holder or row.opened_by]
    if row.kind == LegKind.UPPER:
        people += people_of(dossier.received_by_agency_id, at, Role.CLERK)
    people = list({one.pk: one for one in people}.values())
    return _told("leg_answered", row, dossier, at, people, dossier.get_absolute_url())


def tell_late(now: datetime) -> int:
    """Tell of parts that are past their time, once: whoever has one, and who has the dossier at the
    agency that leads. Gives of how many it told. Run each morning, safe at any time: the cost
    follows what waits.
    """
    names = (
        "agency", "holder", "pending_officer", "opened_by", "dossier__agency", "dossier__holder",
    )  # fmt: skip
    rows = Leg.objects.with_agency().filter(due_at__lt=now, dossier__ended_at=None)
    done = 0
    for row in rows.select_related(*names).order_by("pk").iterator(chunk_size=CHUNK):
        dossier, lead = row.dossier, row.dossier.holder or row.opened_by
        there = _told(LATE, row, dossier, now, having(row, now), _page(row))
        here = _told(LATE, row, dossier, now, [lead], dossier.get_absolute_url())
        done += bool(there or here)
    return done


def _page(row: Leg) -> str:
    return reverse("leg", args=[row.pk])


def _told(
    kind: str, row: Leg, dossier: Dossier, at: datetime, people: Sequence[Officer], link: str
) -> list[Message]:
    words = told_in(f"dossiers/told/{kind}", row=row, dossier=dossier)
    # That it is late each of them hears once a deadline, not again after every change of the leg.
    which = row.due_at if kind == LATE else row.version
    return post_all(
        Notice(
            **words, to_email="", kind=kind, dedupe=f"{kind}:{row.pk}:{which}:{officer.pk}", at=at, to_officer=officer,
            object_kind="dossier", object_id=dossier.pk, link=link, mail=False,
        )
        for officer in people
    )  # fmt: skip
