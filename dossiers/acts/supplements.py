"""Completion: proposed by the handler, asked once and completely by the counter, and closed when
the papers are there.

The counter's notice (form 02) is the act that stops the clock. A second round needs an approver and
a reason (R-44) and moves no promise unless its basis is cited ("Exact meanings"); after three
working days from reception an approver and a legal basis (R-46). Asked after the promise it heals
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone

from dossiers import rules
from dossiers.acts import sent, waits
from dossiers.acts.many import Seen
from dossiers.clock import deadlines, grounds, late_requests, steps
from dossiers.desk import matters
from dossiers.desk import rounds as matter
from dossiers.intake import wanted
from dossiers.ledger import writer
from dossiers.models import ClockKind, Dossier, Supplement
from dossiers.models.sent import SentPapers
from dossiers.registry import (
    Act,
    Asks,
    Block,
    OnMany,
    Page,
    Press,
    Rows,
    SlipKind,
    Told,
    first,
    own_page,
    register,
)
from dossiers.slips import issuing, subjects
from dossiers.slips.contexts import SupplementRequest
from dossiers.states import COUNTER, FROM_WORKING, HANDLERS, ClockEffect, State
from onestop.accounts.calendars import calendars_of
from onestop.accounts.models import Agency, Officer
from onestop.errors import DomainError
from onestop.worktime import PauseKind
from procedures.models import SupplementMode

if TYPE_CHECKING:
    from dossiers.intake.wanted import Wanted
    from onestop.accounts.desk import Desk
    from onestop.worktime import Calendar

LATEST_WORKING_DAYS = 3
# What completion does to the term of a second round without sector law: nothing, for it never stood
# still.
RUNS = "runs"


def _asked(told: Told) -> list[str]:
    if told.row is None:
        return []
    said, entries = [told.row["reason"], *told.row["entries"]], told.row["entries"]
    if new := [entries[place] for place in told.data.get("fresh", ()) if place < len(entries)]:
        said.append(f"Lần đầu chưa nêu: {'; '.join(new)}")
    if told.data.get("fresh_reason"):
        said.append("Lý do khác lần đầu")
    return said


def _not_answered(block: Block, data: dict[str, Any]) -> None:
    """What was sent for a request would hang on nothing. Errors: DomainError("sent_meanwhile")."""
    if SentPapers.objects.filter(supplement=data["row"]).exists():
        raise DomainError("sent_meanwhile")


def _taken_in(told: Told) -> list[str]:
    count = told.data.get("sent_files")
    return [f"Nhận {count} tệp người nộp gửi trực tuyến"] if count else []


SUPPLEMENTS = Rows(
    "supplements",
    (
        "round",
        "items",
        "reason",
        "legal_basis",
        "proposed_at",
        "proposed_by__full_name",
        "issued_at",
        "respond_by",
        "completed_at",
        "mode",
        "sent__at",
        "approver__full_name",
        "approval_reason",
    ),
)
PROPOSE = register(
    Act(
        "propose_supplement", "Đề nghị yêu cầu bổ sung", 50, FROM_WORKING, None, HANDLERS, rules.may_work,
        told_by=SUPPLEMENTS, lines=_asked, page=Page("info", own_page("act_propose")),
    )
)  # fmt: skip


def _ask_one_of_many(seen: Seen, data: Mapping[str, Any], on: Press) -> None:
    """The first request of each, with the same words; a later or late one needs its approver, and is
    refused here.
    """
    proposed = Supplement.objects.proposed().filter(dossier=seen.dossier_id).last()
    until = data["respond_by"]
    ask(
        seen,
        items=[wanted.Wanted(wanted.What(w), text, paper) for w, text, paper in data["items"]],
        reason=data["reason"],
        legal_basis=data["legal_basis"],
        respond_by=datetime.fromisoformat(until) if until else None,
        proposal=proposed,
        by=on.by,
        at=on.at,
        press=on.press,
    )


def _needing_approver(
    dossiers: Sequence[Dossier], at: datetime, _named: str
) -> dict[int, DomainError]:
    """Those of which the request would be a second one of its matter, or a late one: both need an
    approver, so they are asked from their own page (R-44, R-46). Three queries.
    """
    ids = [one.pk for one in dossiers]
    asked = Supplement.objects.issued().filter(dossier__in=ids).values_list("dossier_id", flat=True)
    again = {*asked, *matters.guided_of(ids)}
    calendars = calendars_of(one.agency_id for one in dossiers)
    found = {}
    for one in dossiers:
        if one.pk in again:
            found[one.pk] = DomainError("second_supplement")
        elif is_late_request(one, at, calendars[one.agency_id]):
            found[one.pk] = DomainError("late_supplement")
    return found


ASK = register(
    Act(
        "ask_supplement", "Yêu cầu bổ sung", 51, FROM_WORKING, State.AWAITING_PAPERS, COUNTER, rules.may_at_counter,
        ClockEffect.PAUSES, tone="wait", told_by=SUPPLEMENTS, lines=_asked, on_undo=_not_answered, page=Page("pause", own_page("act_ask"), main=lambda turn: 2 if turn.has_proposal else 0),
        slip=SlipKind("bo-sung", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", SupplementRequest, subjects.supplement_request),
        asks=Asks(
            SUPPLEMENTS, "issued_at", "completed_at", ("items", "reason", "respond_by", "mode", "sent__at"), "Hồ sơ đang chờ Ông/Bà bổ sung giấy tờ.", "papers",
            PauseKind.SUPPLEMENT,
        ),
        many=OnMany(
            _ask_one_of_many, "dossiers.forms.asking_many.ManyAsksForm", "Phát phiếu yêu cầu bổ sung", "yeu-cau-bo-sung",
            frozenset({"dang-xu-ly", "de-nghi-bo-sung", "sap-het-han", "qua-han"}), foresees=_needing_approver,
        ),
    )
)  # fmt: skip
COMPLETE = register(
    Act(
        "complete_supplement", "Nhận đủ giấy tờ bổ sung", 52, frozenset({State.AWAITING_PAPERS}), State.IN_PROGRESS, COUNTER,
        rules.may_at_counter, ClockEffect.RESUMES, told_by=SUPPLEMENTS, lines=_taken_in, page=Page("check", own_page("act_complete"), main=first),
    )
)  # fmt: skip


def propose(
    seen: Seen,
    *,
    items: Sequence[Wanted],
    reason: str,
    legal_basis: str = "",
    by: Desk,
    at: datetime,
) -> Supplement:
    """The handler asks the counter to issue a request (R-49). Effects: a proposed row, an event.
    The clock runs on.

    Errors: those of wanted.lines(), DomainError("reason_missing").
    """
    if not reason.strip():
        raise DomainError("reason_missing", field="reason")
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("propose_supplement")
        row = Supplement(
            dossier=life.dossier,
            round=rounds(life.dossier) + 1,
            items=wanted.lines(items, case_id=life.dossier.case_id, legal_basis=legal_basis),
            reason=reason.strip(),
            legal_basis=legal_basis.strip(),
            proposed_by=by.officer,
            proposed_at=at,
            mode=_mode(life.dossier),
        )
        life.add(row)
        life.record("propose_supplement", {"row": row.pk})
        return row


def ask(
    seen: Seen,
    *,
    items: Sequence[Wanted],
    reason: str,
    by: Desk,
    at: datetime,
    legal_basis: str = "",
    approver: Officer | None = None,
    approval_reason: str = "",
    respond_by: datetime | None = None,
    proposal: Supplement | None = None,
    press: UUID | None = None,
) -> Supplement:
    """The counter issues the request: form 02, status 5, the clock stops.

    Whether completion restarts or resumes the term is read from the procedure version now and kept
    on the request; a second round without sector law stops no clock. Effects in order: request row,
    ledger line (from now), state and promise, event, slip, notices to the approver and, after three
    working days, to the controllers; to the head where a later round names what the first did not.
    Errors: those of wanted.lines(), DomainError("reason_missing", "second_supplement",
    "late_supplement", "approver_invalid", "proposal_gone", "respond_by_past").
    """
    if not reason.strip():
        raise DomainError("reason_missing", field="reason")
    if respond_by is not None and respond_by <= at:
        raise DomainError("respond_by_past", field="respond_by")
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version, press=press) as life:
        life.check("ask_supplement")
        dossier, legal_basis = life.dossier, legal_basis.strip()
        kept = wanted.lines(items, case_id=dossier.case_id, legal_basis=legal_basis)
        earlier = matter.before(dossier)
        number, late = len(earlier) + 1, is_late_request(dossier, at, life.calendar)
        if number > 1 and (approver is None or not approval_reason.strip()):
            raise DomainError("second_supplement", field="approver")
        if late:
            check_late(approver, legal_basis)
        if approver is not None and not is_approver(approver, dossier.agency, at):
            raise DomainError("approver_invalid", field="approver")
        row = _proposed(dossier, proposal)
        mode = (
            _mode(dossier) if moves_promise(number, legal_basis, timezone.localdate(at)) else RUNS
        )
        change = None
        if mode != RUNS:
            kind = ClockKind.RESTART if mode == "restart" else ClockKind.PAUSE
            change = waits.begin(life, kind, basis=legal_basis)
        asked = {
            "mode": mode,
            "late": late,
            "round": number,
            "items": kept,
            "reason": reason.strip(),
            "legal_basis": legal_basis,
            "approver": approver,
            "approval_reason": approval_reason,
            "respond_by": respond_by,
            "issued_by": by.officer,
            "issued_at": at,
            "change": change,
        }
        if row is None:
            row = life.add(Supplement(dossier=dossier, **asked))
        else:
            life.change(row, **asked)
        new = matter.fresh(kept, reason, earlier)
        life.record(
            "ask_supplement",
            {"row": row.pk, "round": number, "approver": approver.pk if approver else None}
            | new.told(),
        )
        issuing.make("bo-sung", life=life, about=row)
        life.tell(late_requests.tell(row, dossier, at=at))
        if new:
            life.tell(late_requests.tell_heads(row, dossier, at=at))
        return row


def check_late(approver: Officer | None, legal_basis: str) -> None:
    """Errors: DomainError("late_supplement") at the first of the two that a late one lacks."""
    if approver is None:
        raise DomainError("late_supplement", field="approver")
    if not legal_basis:
        raise DomainError("late_supplement", field="legal_basis")


def _proposed(dossier: Dossier, proposal: Supplement | None) -> Supplement | None:
    """The proposal that the request is made of, as it stands now. Errors:
    DomainError("proposal_gone").
    """
    if proposal is None:
        return None
    row = Supplement.objects.proposed().filter(pk=proposal.pk, dossier=dossier).first()
    if row is None:
        raise DomainError("proposal_gone")
    return row


def complete(
    seen: Seen, *, by: Desk, at: datetime, newest: int | None = None, count: int = 0
) -> Dossier:
    """The papers are there: the clock restarts or resumes as the procedure version says, with old
    and new promise kept. `newest`, `count`: of what was sent on line, as sent.take_in() asks.

    Effects: request closed, what the applicant sent on line for it among the dossier's files
    (acts/sent.py), ledger line closed with the new promise, state 4, event, a slip with the new date. After a round that moved no promise: no line, no slip, the one in hand is true.
    """
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("complete_supplement")
        dossier = life.dossier
        row = Supplement.objects.awaited().select_related("change").get(dossier=dossier)
        life.change(row, completed_by=by.officer, completed_at=at)
        data = {"row": row.pk}
        if taken := sent.take_in(life, row, newest, count):
            data["sent_files"] = taken
        if row.change is not None:
            waits.end(life, row.change, "complete_supplement", data)
            return dossier
        assert row.issued_at is not None
        steps.goes_on(dossier, row.issued_at, at, life.calendar)
        # No slip with another date is made: a calendar that changed meanwhile moves nothing either.
        life.record("complete_supplement", data, keep=deadlines.Keep.BOTH)
        return dossier


def moves_promise(number: int, legal_basis: str, on: date) -> bool:
    """Whether a request of this number moves the promise: the first one of a matter does, a later
    one by the sector law that its approver agreed to, or where the rule of the day says so.
    """
    return number == 1 or bool(legal_basis.strip()) or grounds.later_round_moves(on)


def rounds(dossier: Dossier) -> int:
    """How many requests were issued, those of the visits before the reception too (R-50)."""
    return Supplement.objects.issued().filter(dossier=dossier).count() + matters.guided(dossier)


def is_late_request(dossier: Dossier, at: datetime, calendar: Calendar) -> bool:
    """Whether three working days are over (R-46), from the reception by the agency in charge."""
    return deadlines.working_days_over(dossier.begins_at, LATEST_WORKING_DAYS, at, calendar)


def is_approver(officer: Officer, agency: Agency, at: datetime) -> bool:
    """Whether the officer may approve one more request at the agency on that day."""
    return matters.approvers(agency, at).filter(pk=officer.pk).exists()


def _mode(dossier: Dossier) -> str:
    return "restart" if dossier.version.supplement_mode == SupplementMode.RESTART else "pause"
