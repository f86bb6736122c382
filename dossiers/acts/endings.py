"""How a dossier ends: result (results.py), finish, return (returning.py); withdrawal, stop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from dossiers import rules
from dossiers.acts import certifying, legs, post_ready, refusals
from dossiers.acts.handovers import end_past_approval
from dossiers.acts.many import Seen
from dossiers.acts.results import ResultIn, record_result
from dossiers.acts.returning import GIVE_BACK, Taking, give_back
from dossiers.desk import store
from dossiers.desk.timeline import ELECTRONIC
from dossiers.intake import names
from dossiers.ledger import writer
from dossiers.models import Dossier, Ending, HandOver, Result
from dossiers.reach import counter_ids
from dossiers.registry import (
    Act,
    Block,
    Page,
    Rows,
    SlipKind,
    Told,
    Turn,
    own_page,
    register,
)
from dossiers.route import approving, route_of
from dossiers.route.steps import title_of
from dossiers.slips import issuing, subjects
from dossiers.slips.contexts import StopNotice
from dossiers.slips.words import day_words
from dossiers.states import (
    APPROVERS,
    COUNTER,
    FROM_OPEN,
    FROM_WORKING,
    HANDLERS,
    ClockEffect,
    State,
)
from onestop.errors import DomainError
from onestop.folding import fold
from onestop.results import ALLOWED, Answer, Denied
from onestop.worktime import start_of_day

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

# A result is what a dossier ends with: what ends one, under one name.
__all__ = [
    "GIVE_BACK",
    "STOP_NEEDS",
    "EndingIn",
    "ResultIn",
    "Taking",
    "decision",
    "finish",
    "give_back",
    "record_result",
    "stop",
    "withdraw",
]


def _may_finish(desk: Desk, dossier: Dossier) -> Answer:
    """The Bộ phận Một cửa confirms that it holds the result: only at its own counter, and not while
    the dossier is elsewhere.
    """
    if not rules.is_counter(desk, dossier):
        return Denied("not_your_counter")
    if dossier.pending_department_id is not None:
        return Denied("already_given")
    return (
        ALLOWED if dossier.holder_department_id in counter_ids(desk) else Denied("not_at_counter")
    )


def _ended(told: Told) -> Iterator[str]:
    """What was asked, decided and done about the fee when a dossier was withdrawn or stopped (R-71,
    R-72).
    """
    row = told.row
    if row is None:
        return
    yield row["reason"]
    if row["requested_by"]:
        yield f"Người đề nghị: {row['requested_by']}"
    if row["decision_number"]:
        yield f"Quyết định số {row['decision_number']}" + (
            f", {row['signer']} ký" if row["signer"] else ""
        )
    if row["fee_consequence"]:
        yield f"Phí, lệ phí: {row['fee_consequence']}"


ENDINGS = Rows(
    "endings",
    ("kind", "requested_by", "reason", "decision_number", "signer", "fee_consequence"),
)


def _while_not_taken(block: Block, data: dict[str, Any]) -> None:
    """Whatever ended it, its result counts no more (R-15). Errors: DomainError("result_used") where another
    dossier was received with it.
    """
    store.while_not_taken("result_used", stored__dossier=block.dossier)


def _confirms_result(turn: Turn) -> int:
    has_it = turn.has_result and not turn.is_draft
    return 3 if turn.is_working and has_it and turn.at_counter else 0


FINISH = register(
    Act(
        "finish", "Xử lý xong", 41, FROM_WORKING, State.FINISHED, HANDLERS, _may_finish, ClockEffect.ENDS,
        lines=lambda told: [ELECTRONIC] if told.data.get("result") == "electronic" else [],
        page=Page("done", own_page("act_finish"), at_once=True, label="Xác nhận đã có kết quả", main=_confirms_result),
        on_undo=_while_not_taken,
    )
)  # fmt: skip
WITHDRAW = register(
    Act(
        "withdraw", "Rút hồ sơ", 70, FROM_OPEN, State.WITHDRAWN, COUNTER, rules.may_at_counter, ClockEffect.ENDS, tone="closed",
        told_by=ENDINGS, lines=_ended, page=Page("exit", own_page("act_withdraw")),
    )
)  # fmt: skip
STOP = register(
    Act(
        "stop", "Dừng giải quyết", 71, FROM_OPEN, State.STOPPED, APPROVERS, rules.may_approve, ClockEffect.ENDS, tone="closed",
        told_by=ENDINGS, lines=_ended, page=Page("stop", own_page("act_stop")),
        slip=SlipKind("dung", "Thông báo dừng giải quyết", StopNotice, subjects.stop_notice, by_handler=True, outgoing="TB"),
    )
)  # fmt: skip


def finish(seen: Seen, *, by: Desk, at: datetime, note: str = "") -> Dossier:
    """The counter confirms that it holds the result of a dossier that did not come home with it.
    The verdict is frozen here.

    Where an approval of the process is missing, `note` says why it ends without: the result was
    signed on paper, came from another agency. Then a hand-over of the counter to itself carries it.
    Errors: DomainError("result_missing", "result_is_draft", "approval_missing" on field "note", "own_work").
    """
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("finish")
        route = route_of(life.dossier)
        result = route.result
        if result is None or result.is_draft:
            raise DomainError("result_missing" if result is None else "result_is_draft")
        missing = approving.missing_at_end(life.dossier, route, by=by)
        if not missing:
            certifying.when_signed(life, result)
            life.record(
                "finish", {"result": "at_counter", "refused": result.kind == Result.Kind.REFUSED}
            )
            refusals.issue(life, result)
            post_ready.tell(life)
        elif note.strip():
            end_past_approval(life, route, missing, note=note)
        else:
            raise DomainError("approval_missing", field="note", step=title_of(missing[0]))
        return life.dossier


@dataclass(frozen=True, slots=True)
class EndingIn:
    """Who asked for the end and on which day (None: the day of the act), why, what was decided.
    Empty: the owner, the present step.

    `authorisation`: by which document somebody else asks for the owner; `decision_number`: number
    and day of the decision as the notice prints them (`decision`).
    """

    requested_by: str
    reason: str
    stage: str = ""
    decision_number: str = ""
    signer: str = ""
    fee_consequence: str = ""
    requested_on: date | None = None
    authorisation: str = ""


def decision(number: str, signed_on: date) -> str:
    """12/QĐ-UBND ngày 20 tháng 11 năm 2026."""
    return f"{number.strip()} {day_words(signed_on)}"


def withdraw(seen: Seen, data: EndingIn, *, by: Desk, at: datetime) -> Ending:
    """The applicant takes the dossier back (R-72: request and time); the counter's confirmation
    ends it.

    Errors: DomainError("reason_missing", "request_day").
    """
    return _end(seen, "withdraw", Ending.Kind.WITHDRAWAL, data, by=by, at=at)


# What a stop cannot do without, beside its reason: field -> what refuses it.
STOP_NEEDS = {
    "requested_by": "requester_missing",
    "stage": "stage_missing",
    "decision_number": "decision_missing",
    "signer": "signer_missing",
    "fee_consequence": "fee_consequence_missing",
}


def stop(seen: Seen, data: EndingIn, *, by: Desk, at: datetime) -> Ending:
    """Stop the handling with request, stage, decision, signer, reason and fee consequence, and its
    notice (R-71).

    Errors: DomainError("reason_missing", "request_day", and those of STOP_NEEDS).
    """
    return _end(seen, "stop", Ending.Kind.STOP, data, by=by, at=at)


def _end(
    seen: Seen, name: str, kind: Ending.Kind, data: EndingIn, *, by: Desk, at: datetime
) -> Ending:
    if not data.reason.strip():
        raise DomainError("reason_missing", field="reason")
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check(name)
        data = replace(
            data,
            requested_by=data.requested_by.strip() or life.dossier.owner_name,
            stage=data.stage.strip() or life.dossier.step_name or State(life.dossier.state).label,
        )
        if data.authorisation.strip() and fold(data.requested_by) == fold(life.dossier.owner_name):
            raise DomainError("requester_is_owner", field="requested_by")
        for field, refusal in STOP_NEEDS.items() if kind == Ending.Kind.STOP else ():
            if not getattr(data, field).strip():
                raise DomainError(refusal, field=field)
        row = Ending(
            dossier=life.dossier,
            kind=kind,
            requested_by=data.requested_by,
            requested_at=_asked(data.requested_on, life.dossier, at),
            stage=data.stage,
            reason=data.reason.strip(),
            decision_number=data.decision_number,
            signer=data.signer,
            fee_consequence=data.fee_consequence,
            officer=by.officer,
            at=at,
            authorisation=data.authorisation.strip(),
        )
        life.add(row)
        # What was on its way stays where it is: an unconfirmed giving ends with the dossier, and
        # comes back with it.
        way = HandOver.objects.on_the_way().filter(dossier=life.dossier).first()
        if way is not None:
            life.void(way)
        life.dossier.pending_department = life.dossier.pending_officer = None
        had_legs = life.dossier.open_legs
        life.record(name, {"row": row.pk, "recalled": way.pk if way else None})
        if had_legs:
            legs.tell_closed(life)
        names.also(life.dossier, row.requested_by)
        if kind == Ending.Kind.STOP:
            issuing.make("dung", life=life, about=row)
        return row


def _asked(day: date | None, dossier: Dossier, at: datetime) -> datetime:
    """When the end was asked for: the moment of the act, or the day of a request that came before
    it.
    """
    today = timezone.localdate(at)
    if day is None or day == today:
        return at
    if not timezone.localdate(dossier.received_at) <= day < today:
        raise DomainError("request_day", field="requested_on")
    return start_of_day(day)
