"""Certification beyond the day: only by written agreement with the applicant (NĐ 23/2015 Đ7, Đ21). The
counter types hour and day, both sign the slip that says so, and promise and verdict go by it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from dossiers import rules
from dossiers.acts import lawful_time
from dossiers.acts.many import Seen
from dossiers.acts.reception import receive
from dossiers.intake.certified import book_of
from dossiers.ledger import writer
from dossiers.models import ClockChange, ClockKind, Dossier, DossierPaper
from dossiers.models.decision import ClockDecision
from dossiers.registry import Act, register
from dossiers.slips import issuing
from dossiers.states import COUNTER, FROM_WORKING, ClockEffect
from onestop.errors import DomainError
from onestop.templatetags.formatting import vn_datetime
from onestop.worktime import Term, Unit

if TYPE_CHECKING:
    from dossiers.intake.brought import Intake
    from dossiers.ledger.writer import Life
    from onestop.accounts.desk import Desk

BASIS = "Điều 7, Điều 21 Nghị định số 23/2015/NĐ-CP"
KIND = "chung-thuc"
REASON = "Thỏa thuận bằng văn bản với người yêu cầu chứng thực"
ON_SLIP = f"hẹn theo thỏa thuận bằng văn bản với người yêu cầu, {BASIS}; hai bên ký dưới đây"
# A day further than so many working days is a mistyped one.
MOST_DAYS = 60

AGREE_TIME = register(
    Act(
        "agree_time", "Hẹn theo thỏa thuận", 57, FROM_WORKING, None, COUNTER, rules.may_at_counter, ClockEffect.EXTENDS,
        told_by=lawful_time.DECISIONS, lines=lawful_time.EXTEND.lines,
    )
)  # fmt: skip


def receive_agreed(intake: Intake, until: datetime, *, by: Desk, at: datetime) -> Dossier:
    """Receive a line and promise it for the hour and day that were agreed, with its slip; in one
    transaction. Sent twice it is one.

    Errors: those of receive() and agree_time().
    """
    with transaction.atomic():
        dossier = receive(replace(intake, with_slip=False, agreed=until), by=by, at=at)
        agreed = ClockDecision.objects.standing().filter(dossier=dossier, mode=ClockKind.EXTEND)
        if not agreed.exists():
            agree_time(Seen(dossier.pk), until, by=by, at=at)
            dossier.refresh_from_db()
        return dossier


def agree_time(seen: Seen, until: datetime, *, by: Desk, at: datetime) -> ClockDecision:
    """Promise a certification for an hour of a later day than the law gives, as was agreed.

    Effects in order: ledger line, row, promise, event, the slip that both sign. Errors:
    DomainError("agree_not_certified", "nothing_to_move", "decision_undetermined", "agree_late",
    "agree_sooner", "agree_outside", "agree_far").
    """
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("agree_time")
        days = _days_to(life, until)
        dossier = life.dossier
        line = ClockChange(
            dossier=dossier,
            kind=ClockKind.EXTEND,
            start=at,
            end=until,
            extra=str(Term(Unit.WORKING_DAY, Fraction(days))),
            basis=BASIS,
            due_before=dossier.due_at,
        )
        row = ClockDecision(
            dossier=dossier,
            mode=ClockKind.EXTEND,
            kind=KIND,
            basis=BASIS,
            reason=REASON,
            extra=line.extra,
            agreed=f"Hẹn {vn_datetime(until)}",
            ends=until,
            signer=by.officer,
            decided_by=by.officer,
            at=at,
            change=life.add(line),
        )
        life.add(row)
        dossier.soon_flagged = dossier.late_flagged = False
        life.record("agree_time", {"row": row.pk})
        life.change(line, due_after=dossier.due_at)
        papers = list(DossierPaper.objects.filter(dossier=dossier).select_related("paper"))
        issuing.make("tiep-nhan", life=life, papers=papers, shortened=ON_SLIP)
        return row


def _days_to(life: Life, until: datetime) -> int:
    """How many working days after the promise it is. Errors: as of agree_time()."""
    dossier, index = life.dossier, life.calendar.index
    if book_of(dossier.version.name) is None:
        raise DomainError("agree_not_certified")
    if dossier.undetermined:
        raise DomainError("decision_undetermined")
    if dossier.due_at is None:
        raise DomainError("nothing_to_move")
    if lawful_time.is_late(dossier, life.at):
        raise DomainError("agree_late")
    here = timezone.localtime(until)
    due, day = timezone.localdate(dossier.due_at), here.date()
    if day <= due:
        raise DomainError("agree_sooner", field="agreed", due=vn_datetime(dossier.due_at))
    if (day - due).days > 2 * MOST_DAYS:
        raise DomainError("agree_far", field="agreed", most=MOST_DAYS)
    if day.year not in life.calendar.known_years:
        raise DomainError("decision_beyond_calendar", field="agreed")
    minute = here.hour * 60 + here.minute
    if not any(start <= minute <= end for start, end in index.spans(day.toordinal())):
        raise DomainError("agree_outside", field="agreed")
    days = life.calendar.working_days_between(due, day)
    if days > MOST_DAYS:
        raise DomainError("agree_far", field="agreed", most=MOST_DAYS)
    return days
