"""A reception that was made by mistake is voided: not a withdrawal, for nobody asked for it, and not
a stop, for nothing was handled.

On the working day of reception (a parameter), before anybody has confirmed a hand-over, never once
the dossier is late; with a reason, and an approver who agrees himself (acts/answering.py). The dossier
counts as never received: it stands in no table, its slips are void and say so. Its code and its number
in the register stay taken (R-85, R-86).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from dossiers import registry, rules
from dossiers.acts import answering, legs
from dossiers.acts.many import Seen
from dossiers.acts.supplements import is_approver
from dossiers.desk import store
from dossiers.intake import online
from dossiers.ledger import writer
from dossiers.models import Dossier, HandOver, Slip
from dossiers.models.money import FeeReceipt, ReceiptRequest
from dossiers.models.outgoing import OutgoingDocument
from dossiers.models.voiding import VoidedReception, VoidRequest
from dossiers.reach import counter_ids
from dossiers.registry import Act, Block, Page, Rows, Told, own_page, register
from dossiers.slips import envelopes
from dossiers.states import COUNTER, FROM_WORKING, ClockEffect, State
from onestop.accounts.calendars import calendar_of
from onestop.errors import DomainError, require
from onestop.once import once
from onestop.results import ALLOWED, Answer, Denied

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk
    from onestop.accounts.models import Officer
    from onestop.worktime import Calendar


def _may_void(desk: Desk, dossier: Dossier) -> Answer:
    """The counter that received it, as long as it lies there or nobody has confirmed that it left.
    Of an online dossier the portal's code is taken for good: it could not be received again.
    """
    if not rules.stands_at(desk, dossier.received_by_agency_id):
        return Denied("not_your_counter")
    if _is_passed_on(desk, dossier):
        return Denied("void_passed_on")
    return Denied("void_online") if dossier.channel in online.CHANNELS else ALLOWED


def _is_passed_on(desk: Desk, dossier: Dossier) -> bool:
    """Whether somebody has it from the counter. In a year without a calendar there is no time for
    passing it on, before or after: then where it lies says so.
    """
    if dossier.forward_by is not None or dossier.pending_department_id is not None:
        return False
    lies_here = dossier.holder_department_id in counter_ids(desk)
    return dossier.state != State.RECEIVED or not lies_here


def _voided(told: Told) -> Iterator[str]:
    if (row := told.row) is not None:
        yield f"Lý do: {row['reason']}"
        said = f" ({row['answer']})" if row["answer"] else ""
        yield f"Người duyệt: {row['approver_full_name']}{said}"


def _stands_again(block: Block, data: dict[str, Any]) -> None:
    """Errors: those of store.still_there."""
    store.still_there(block.dossier)


VOID = register(
    Act(
        "void_reception", "Hủy tiếp nhận", 75, FROM_WORKING, State.VOIDED, COUNTER, _may_void, ClockEffect.VOIDS, tone="closed",
        told_by=Rows("voided", ("reason", "answer", "approver__full_name")), lines=_voided,
        page=Page("refuse", own_page("act_void"), label="Hủy tiếp nhận (nhận nhầm)"), on_undo=_stands_again,
    )
)  # fmt: skip


def _last_day_over(dossier: Dossier, at: datetime, calendar: Calendar) -> bool:
    """Whether the day of reception is over, or the first working day after one that is none; and so
    many working days more as the office allows. A year without a calendar is read by its week.
    """
    day, more = timezone.localdate(dossier.received_at), settings.VOID_RECEPTION_WORKING_DAYS
    calendar = calendar.by_week(day.year).by_week(day.year + 1)
    last = day if calendar.is_working_day(day) else calendar.next_working_day(day)
    return timezone.localdate(at) > (calendar.next_working_day(last, more) if more else last)


def check_time(dossier: Dossier, at: datetime) -> None:
    """Whether it may be voided still, by the clock and by what happened. Errors:
    DomainError("void_late", "void_day_over", "void_confirmed", "void_fee_taken"). At most
    three queries.
    """
    if dossier.is_late(at):
        raise DomainError("void_late")
    if _last_day_over(dossier, at, calendar_of(dossier.received_by_agency_id)):
        raise DomainError("void_day_over")
    given = HandOver.objects.standing().filter(dossier=dossier, confirmed_at__isnull=False)
    if given.exists():
        raise DomainError("void_confirmed")
    taken = FeeReceipt.objects.standing().filter(dossier=dossier)
    kept = sum(row.amount for row in taken)
    if kept and kept > _paid_back(dossier):
        raise DomainError("void_fee_taken")


def _paid_back(dossier: Dossier) -> int:
    """What was paid back of its receipts that stand."""
    agreed = ReceiptRequest.objects.agreed().filter(dossier=dossier, receipt__undone_at=None)
    return sum(agreed.values_list("amount", flat=True))


# --- the approver's yes ---------------------------------------------------------------------------


def standing(dossier: Dossier) -> VoidRequest | None:
    """What was put before an approver and nothing has come of yet."""
    found = VoidRequest.objects.filter(dossier=dossier, closed_at=None)
    return found.select_related("approver", "answered_by").first()


def _joined(rows: QuerySet[VoidRequest]) -> QuerySet[VoidRequest]:
    joined = ("dossier__version", "dossier__received_by_agency", "asked_by", "approver")
    return rows.select_related(*joined).defer("dossier__version__search_text")


def waiting_for(desk: Desk) -> QuerySet[VoidRequest]:
    """What this officer, or whom he stands in for, is to answer; oldest first."""
    return _joined(VoidRequest.objects.waiting_for(desk.officer_ids)).order_by("asked_at", "pk")


def answered_by(officer: Officer) -> QuerySet[VoidRequest]:
    """What this officer answered and nothing has come of yet, the last first."""
    return _joined(VoidRequest.objects.answered_by(officer))


def put_before(
    dossier: Dossier, *, reason: str, approver: Officer, by: Desk, at: datetime
) -> VoidRequest:
    """The counter asks the approver; what was put before somebody until now gives way. Effects: the
    row, a notice to him. Errors: those of check_time() and of the rule, DomainError("reason_missing",
    "approver_invalid", "void_twice").
    """
    require(registry.shows(by, dossier, "void_reception"))
    check_time(dossier, at)
    _check(dossier, reason=reason, approver=approver, at=at)
    with once(DomainError("void_twice")), transaction.atomic():
        answering.close(VoidRequest.objects.filter(dossier=dossier), at=at)
        row = VoidRequest(
            dossier=dossier,
            reason=reason.strip(),
            approver=approver,
            asked_by=by.officer,
            asked_at=at,
        )
        row.save()
        answering.tell_approver(row, at=at)
    return row


def _check(dossier: Dossier, *, reason: str, approver: Officer, at: datetime) -> None:
    if not reason.strip():
        raise DomainError("reason_missing", field="reason")
    if not is_approver(approver, dossier.received_by_agency, at):
        raise DomainError("approver_invalid", field="approver")


def answer(pk: int, *, agreed: bool, words: str, by: Desk, at: datetime) -> VoidRequest:
    """The approver says yes or no himself; yes only to what can be done still. Effects: the row, a
    notice to the clerk. Errors: DomainError("void_gone", "guidance_reason"), those of check_time().
    """
    words = words.strip()
    with transaction.atomic():
        row = answering.locked(waiting_for(by), pk, "void_gone")
        if not agreed and not words:
            raise DomainError("guidance_reason", field="reason")
        if agreed:
            check_time(row.dossier, at)
        page = reverse("act_void", args=[row.dossier.code])
        answering.give(row, agreed=agreed, words=words, page=page, by=by, at=at)
    return row


def take_back_answer(pk: int, *, by: Desk, at: datetime) -> VoidRequest:
    """The approver takes the own answer back until the reception is voided or somebody else is
    asked: it waits for him again. Errors: DomainError("void_gone").
    """
    with transaction.atomic():
        row = answering.locked(answered_by(by.officer), pk, "void_gone")
        answering.take_back(row)
    return row


# --- the act --------------------------------------------------------------------------------------


def void_as_agreed(seen: Seen, row: VoidRequest, *, by: Desk, at: datetime) -> Dossier:
    """The counter voids what the approver agreed to. Errors: those of void(),
    DomainError("void_gone").
    """
    with transaction.atomic():
        agreed = VoidRequest.objects.filter(pk=row.pk, agreed=True, closed_at=None)
        known = answering.locked(agreed, row.pk, "void_gone")
        done = _void(
            seen, reason=known.reason, approver=known.approver, answer=known.answer, by=by, at=at
        )
        known.closed_at = at
        known.save(update_fields=["closed_at"])
        return done


def void(seen: Seen, *, reason: str, by: Desk, at: datetime) -> Dossier:
    """Who stands at the counter and may approve himself voids at once. Errors: those of
    check_time() and of the rule, DomainError("reason_missing", "approver_invalid").
    """
    with transaction.atomic():
        # Before the dossier, as whoever voids what was agreed to.
        answering.close(VoidRequest.objects.filter(dossier=seen.dossier_id), at=at)
        return _void(seen, reason=reason, approver=by.officer, answer="", by=by, at=at)


def _void(
    seen: Seen, *, reason: str, approver: Officer, answer: str, by: Desk, at: datetime
) -> Dossier:
    """Effects in order: an unconfirmed hand-over is void, the slips and their numbers too, and the
    receipt of the envelope it came in, the row, state and end without a verdict, event.
    """
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("void_reception")
        dossier = life.dossier
        check_time(dossier, at)
        _check(dossier, reason=reason, approver=approver, at=at)
        way = HandOver.objects.on_the_way().filter(dossier=dossier).first()
        if way is not None:
            life.void(way)
        life.void(*Slip.objects.standing().filter(dossier=dossier))
        # The receipt of an envelope lists others too: without this one it is made anew.
        envelopes.void_with(dossier, at=life.at, recorded_at=life.recorded_at)
        # A letter that had its number: the line stays in the register of the office and says so.
        life.void(*OutgoingDocument.objects.standing().filter(dossier=dossier))
        row = life.add(
            VoidedReception(
                dossier=dossier,
                agency=dossier.agency,
                reason=reason.strip(),
                approver=approver,
                answer=answer,
                voided_by=by.officer,
                voided_at=at,
            )
        )
        dossier.pending_department = dossier.pending_officer = None
        had_legs = dossier.open_legs
        life.record("void_reception", {"row": row.pk, "recalled": way.pk if way else None})
        if had_legs:
            legs.tell_closed(life)
        return dossier
