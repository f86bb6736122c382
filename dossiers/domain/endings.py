"""How a dossier ends and goes home: result, finish, return; refusal after appraisal; withdrawal, stop; apology."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from dossiers.domain import approving, deadlines, lifecycle, names, slip_contexts, slips
from dossiers.domain.authority import is_owner
from dossiers.domain.handovers import Seen, end_past_approval
from dossiers.domain.steps import title_of
from dossiers.identity import kind_of, normal_identity, numbers_like
from dossiers.models import ClockChange, ClockKind, Dossier, DossierPaper, Ending, HandOver, Result, Return
from dossiers.slips.words import day_words
from dossiers.states import State
from onestop.errors import DomainError
from onestop.files.domain import attach, keep
from onestop.folding import fold
from onestop.worktime import ChangeError

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from onestop.accounts.desk import Desk
    from onestop.accounts.models import Officer
    from onestop.worktime import Calendar, Term

RESULT_FILE = "result"


@dataclass(frozen=True, slots=True)
class ResultIn:
    """A result as the handler wrote it; `reason` for a refusal after appraisal."""

    kind: Result.Kind = Result.Kind.GRANTED
    title: str = ""
    number: str = ""
    issued_on: date | None = None
    signer: str = ""
    reason: str = ""
    electronic: bool = False


def record_result(
    seen: Seen, data: ResultIn, *, by: Desk, at: datetime, files: Sequence[UploadedFile[Any] | tuple[str, bytes]] = ()
) -> Result:
    """Write the result down (R-81), or the refusal with its reason and form 03 (R-65). A new result keeps and links the old one.

    `files`: uploads, or (name, content); kept as attachments of kind "result" of the dossier.
    A signed electronic result is in the system at once and ends the dossier, where the process wants no approval more: written by
    whoever approves, or after it was approved (approving.py). Otherwise the counter's confirmation ends it.
    Errors: DomainError("result_number_missing", "reason_missing", "electronic_file_missing", "not_approved",
    "own_work"), those of onestop.files.
    """
    if data.kind == Result.Kind.REFUSED and not data.reason.strip():
        raise DomainError("reason_missing", field="reason")
    if data.kind == Result.Kind.GRANTED and not (data.number.strip() and data.issued_on and data.signer.strip()):
        raise DomainError("result_number_missing", field="number")
    if data.electronic and not files:
        raise DomainError("electronic_file_missing", field="file")
    # The bytes are kept before the transaction: no disk and no store is waited for while the row is locked.
    kept = [keep(content, name=name) for name, content in map(_named, files)]
    with lifecycle.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("record_result")
        old = Result.objects.filter(dossier=life.dossier, replaced_by=None).first()
        row = Result(
            dossier=life.dossier,
            kind=data.kind,
            title=data.title,
            number=data.number,
            issued_on=data.issued_on,
            signer=data.signer,
            reason=data.reason,
            electronic=data.electronic,
            recorded_by=by.officer,
            recorded_at=at,
        )
        if old is not None:
            # One current result a dossier: the old row points at itself for the moment between two statements.
            old.replaced_by = old
            old.save(update_fields=["replaced_by"])
        row.save()
        if old is not None:
            old.replaced_by = row
            old.save(update_fields=["replaced_by"])
        attached = [attach(file, kind=RESULT_FILE, object_id=life.dossier.pk, by=by.officer, at=at).pk for file in kept]
        life.record("record_result", {"row": row.pk, "kind": int(row.kind), "replaces": old.pk if old else None, "files": attached})
        if row.kind == Result.Kind.REFUSED:
            slips.make("tu-choi", dossier=life.dossier, result=row, by=by.officer, at=at)
        if row.electronic:
            approving.check_electronic(life.dossier, by=by)
            life.record("finish", {"result": "electronic"})
        return row


def _named(file: UploadedFile[Any] | tuple[str, bytes]) -> tuple[str, UploadedFile[Any] | bytes]:
    return file if isinstance(file, tuple) else (file.name or "", file)


def finish(seen: Seen, *, by: Desk, at: datetime, note: str = "") -> Dossier:
    """The counter confirms that it holds the result of a dossier that did not come home with it. The verdict is frozen here.

    Where an approval of the process is missing, `note` says why it ends without: the result was signed on paper, came from another
    agency. Then a hand-over of the counter to itself carries it.
    Errors: DomainError("result_missing", "approval_missing" on field "note", "own_work").
    """
    with lifecycle.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("finish")
        if not Result.objects.filter(dossier=life.dossier, replaced_by=None).exists():
            raise DomainError("result_missing")
        missing = approving.missing_at_end(life.dossier, by=by)
        if not missing:
            life.record("finish", {"result": "at_counter"})
        elif note.strip():
            end_past_approval(life, missing, note=note)
        else:
            raise DomainError("approval_missing", field="note", step=title_of(missing[0]))
        return life.dossier


@dataclass(frozen=True, slots=True)
class Taking:
    """Who took the result and how; `papers_back` ids of checklist papers whose originals went back."""

    name: str
    way: int = Return.Way.DIRECT
    taker: int = Return.Taker.OWNER
    identity: str = ""
    authorisation: str = ""
    post_number: str = ""
    papers_back: tuple[int, ...] = ()
    note: str = ""


def give_back(seen: Seen, taking: Taking, *, by: Desk, at: datetime) -> Return:
    """Return the result (R-70, R-78, R-80): who took it, how, which originals went back. Being late does not block (R-59)."""
    if not taking.name.strip():
        raise DomainError("taker_missing", field="name")
    if taking.taker == Return.Taker.AUTHORISED and not taking.authorisation.strip():
        raise DomainError("taker_authorisation", field="authorisation")
    if taking.taker == Return.Taker.AUTHORISED and taking.way == Return.Way.DIRECT and not taking.identity.strip():
        raise DomainError("taker_identity", field="identity")
    if taking.way == Return.Way.POST and not taking.post_number.strip():
        raise DomainError("post_number_missing", field="post_number")
    with lifecycle.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("give_back")
        owner = {"owner_name": life.dossier.owner_name, "owner_identity": life.dossier.identity_number}
        if taking.taker == Return.Taker.AUTHORISED and is_owner(name=taking.name, identity=taking.identity, **owner):
            raise DomainError("taker_is_owner", field="name")
        back = list(DossierPaper.objects.filter(dossier=life.dossier, pk__in=taking.papers_back))
        DossierPaper.objects.filter(pk__in=[p.pk for p in back]).update(originals_returned=True)
        row = Return.objects.create(
            dossier=life.dossier,
            way=taking.way,
            taker=taking.taker,
            taker_name=taking.name.strip(),
            taker_identity=_number_of(life.dossier, taking.identity),
            authorisation=taking.authorisation,
            post_number=taking.post_number,
            papers_back="; ".join(p.name for p in back)[:500],
            note=taking.note,
            given_by=by.officer,
            given_at=at,
        )
        life.dossier.returned_at = at
        life.record("give_back", {"row": row.pk, "way": int(row.way), "papers": len(back)})
        names.also(life.dossier, row.taker_name)
        return row


def _number_of(dossier: Dossier, typed: str) -> str:
    """The taker's number in the form it is searched by; the owner's own as the dossier has it."""
    return dossier.identity_number if dossier.identity_number in numbers_like(typed) else normal_identity(kind_of(typed), typed)


@dataclass(frozen=True, slots=True)
class EndingIn:
    """Who asked for the end and on which day (None: the day of the act), why, what was decided. Empty: the owner, the present step.

    `authorisation`: by which document somebody else asks for the owner; `decision_number`: number and day of the decision as the notice
    prints them (`decision`).
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
    """The applicant takes the dossier back (R-72: request and time); the counter's confirmation ends it.

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
    """Stop the handling with request, stage, decision, signer, reason and fee consequence, and its notice (R-71).

    Errors: DomainError("reason_missing", "request_day", and those of STOP_NEEDS).
    """
    return _end(seen, "stop", Ending.Kind.STOP, data, by=by, at=at)


def _end(seen: Seen, name: str, kind: Ending.Kind, data: EndingIn, *, by: Desk, at: datetime) -> Ending:
    if not data.reason.strip():
        raise DomainError("reason_missing", field="reason")
    with lifecycle.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
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
        row = Ending.objects.create(
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
        # What was on its way stays where it is: an unconfirmed giving ends with the dossier, and comes back with it.
        way = HandOver.objects.filter(dossier=life.dossier, confirmed_at=None, recalled_at=None).first()
        if way is not None:
            way.recalled_at = at
            way.save(update_fields=["recalled_at"])
        life.dossier.pending_department = life.dossier.pending_officer = None
        life.record(name, {"row": row.pk, "way": way.pk if way else None, "clock": deadlines.kept(life.dossier)})
        names.also(life.dossier, row.requested_by)
        if kind == Ending.Kind.STOP:
            slips.make("dung", dossier=life.dossier, ending=row, by=by.officer, at=at)
        return row


def _asked(day: date | None, dossier: Dossier, at: datetime) -> datetime:
    """When the end was asked for: the moment of the act, or the day of a request that came before it."""
    today = timezone.localdate(at)
    if day is None or day == today:
        return at
    if not timezone.localdate(dossier.received_at) <= day < today:
        raise DomainError("request_day", field="requested_on")
    return timezone.make_aware(datetime.combine(day, time.min))


def re_appoint(seen: Seen, *, extra: Term, reason: str, by: Desk, at: datetime, signer: Officer | None = None) -> ClockChange:
    """Apologise and give a further term, once (R-51…R-56): what queues and citizens see moves, the verdict keeps the promise before.

    In: the further term, counted from the present promise, or from now when that has passed; no date is typed in. `signer` of the
    apology: a leader of the agency, by default the one who acts, else the first of them.
    Effects: ledger line, promise, event, form 04. Errors: DomainError("already_reappointed", "reason_missing", "no_promise",
    "extra_unit", "signer_not_leader"), those of check_further().
    """
    if not reason.strip():
        raise DomainError("reason_missing", field="reason")
    with lifecycle.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("re_appoint")
        dossier = life.dossier
        before = dossier.due_at
        if before is None:
            raise DomainError("promise_undetermined" if dossier.undetermined else "no_promise")
        if ClockChange.objects.filter(dossier=dossier, kind=ClockKind.REAPPOINT, undone=False).exists():
            raise DomainError("already_reappointed")
        if signer is not None and not slip_contexts.signers(dossier, by.officer, at).filter(pk=signer.pk).exists():
            raise DomainError("signer_not_leader", field="signer")
        was_late = dossier.is_late(at)
        row = ClockChange.objects.create(
            dossier=dossier, kind=ClockKind.REAPPOINT, start=at, extra=str(extra), basis=reason.strip(), due_before=dossier.due_at
        )
        kept = {"signer": signer.pk if signer else None, "clock": deadlines.kept(dossier)}
        dossier.soon_flagged = dossier.late_flagged = False
        try:
            life.record("re_appoint", {"row": row.pk, "late_apology": was_late} | kept)
        except ChangeError as unfit:
            raise DomainError("extra_unit", field="unit") from unfit
        check_further(max(before, at), dossier.due_at, life.calendar)
        row.due_after = dossier.due_at
        row.save(update_fields=["due_after"])
        slips.make("xin-loi", dossier=dossier, change=row, signer=signer, was_late=was_late, by=by.officer, at=at)
        return row


def check_further(since: datetime, until: datetime | None, calendar: Calendar) -> None:
    """Whether a re-appointment may go so far: an apology names a day, within known years and within reason.

    In: the promise before (now, when that has passed), the one it would give. Errors: DomainError("reappointed_beyond_calendar",
    "reappointed_too_far").
    """
    if until is None:
        raise DomainError("reappointed_beyond_calendar", field="quantity")
    most = settings.REAPPOINTMENT_WORKING_DAYS
    if deadlines.working_days_over(since, most, until, calendar):
        raise DomainError("reappointed_too_far", field="quantity", most=most)
