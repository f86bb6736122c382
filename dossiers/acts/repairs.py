"""What goes wrong after the end and how it is put right: a wrong result is replaced (R-83), papers
or a result that were lost or damaged are recorded (R-84). Each has its letter, which apologises
where the office was at fault. State, verdict and the day of the return stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from dossiers import rules
from dossiers.acts import outgoing
from dossiers.acts.many import Seen
from dossiers.acts.results import ResultIn, check_signatures, write_down
from dossiers.desk import store
from dossiers.intake import names
from dossiers.ledger import writer
from dossiers.models import Dossier, Result
from dossiers.models.repairs import Correction, Loss
from dossiers.registry import Act, Block, Page, Rows, SlipKind, Told, own_page, register
from dossiers.slips import issuing, letterheads, subjects
from dossiers.slips.contexts import Person, SlipContext
from dossiers.slips.words import day_words
from dossiers.states import APPROVERS, COUNTER, FROM_OPEN, HANDLERS, State
from onestop.errors import DomainError
from onestop.files.domain import keep
from onestop.results import ALLOWED, Answer, Denied
from onestop.templatetags.formatting import vn_date

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from dossiers.slips.subjects import Subject
    from onestop.accounts.desk import Desk

WITH_RESULT = frozenset({State.FINISHED, State.RETURNED})
SORRY_FOR_RESULT = "VĂN BẢN XIN LỖI VỀ SAI SÓT TRONG KẾT QUẢ GIẢI QUYẾT"
SORRY_FOR_LOSS = "VĂN BẢN XIN LỖI VỀ VIỆC LÀM MẤT, HƯ HỎNG GIẤY TỜ, KẾT QUẢ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter(SlipContext):
    """A letter of the agency that handles, to the owner. `at_fault`: it apologises."""

    owner: Person
    content: str
    received_at: datetime
    at_fault: bool
    responsible: str = ""
    received_by: str = ""
    document_number: str = ""
    signer: str = ""
    capacity: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionLetter(Letter):
    """What was wrong, which result takes the place of which (R-83)."""

    requested_by: str
    requested_on: date
    wrong: str
    old: str
    new: str
    bring_old: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LossLetter(Letter):
    """What was lost or damaged, by whose fault, what was done (R-84)."""

    what: str
    of_result: bool
    damaged: bool
    found_on: date
    circumstances: str
    done: str


def _correction_letter(subject: Subject) -> CorrectionLetter:
    row: Correction = subject.about
    return CorrectionLetter(
        **_letter(subject, SORRY_FOR_RESULT, at_fault=row.by_office),
        responsible=row.responsible,
        requested_by=row.requested_by,
        requested_on=row.requested_on,
        wrong=row.wrong,
        old=row.old_words,
        new=row.new_words,
        bring_old=row.old_copy == Correction.OldCopy.OUT,
    )


def _loss_letter(subject: Subject) -> LossLetter:
    row: Loss = subject.about
    return LossLetter(
        **_letter(subject, SORRY_FOR_LOSS, at_fault=row.by_office),
        responsible=row.responsible,
        what=row.what,
        of_result=row.of == Loss.Of.RESULT,
        damaged=row.how == Loss.How.DAMAGED,
        found_on=row.found_on,
        circumstances=row.circumstances,
        done=row.done,
    )


def _letter(subject: Subject, sorry: str, *, at_fault: bool) -> dict[str, Any]:
    """What both letters show; the one that apologises says so in its title."""
    shared, dossier = subjects.common(subject), subject.file
    received_by = letterheads.office_of(subject.counter)
    chosen = subject.signer or subjects.usual_signer(dossier, subject.by, subject.at)
    signed = letterheads.signer_of(chosen, subject.handler)
    if at_fault:
        shared["form"] = replace(shared["form"], title=sorry)
    return shared | {
        "content": subjects.content_of(dossier),
        "received_at": dossier.received_at,
        "at_fault": at_fault,
        "received_by": received_by.desk_name,
        "signer": signed.name,
        "capacity": signed.capacity,
        "recipients": letterheads.recipients(
            dossier, subject.by, handler=subject.handler, desk=received_by
        ),
    }


CORRECTIONS = Rows(
    "corrections",
    (
        "requested_by", "requested_on", "wrong", "by_office", "responsible", "old_copy", "old_words", "new_words", "must_deliver",
        "corrected_at", "delivered_to", "delivery_note", "delivered_at",
    ),
)  # fmt: skip
LOSSES = Rows(
    "losses",
    ("of", "how", "what", "found_on", "circumstances", "by_office", "responsible", "done", "recorded_at"),
)  # fmt: skip


def _corrected(told: Told) -> Iterator[str]:
    if (row := told.row) is None:
        return
    yield f"Sai sót: {row['wrong']}"
    yield f"{row['requested_by']} đề nghị ngày {vn_date(row['requested_on'])}"
    yield f"Kết quả cũ: {row['old_words']} ({Correction.OldCopy(row['old_copy']).label.lower()})"
    yield f"Kết quả mới: {row['new_words']}"
    if row["by_office"]:
        yield f"Cơ quan giải quyết xin lỗi; chịu trách nhiệm: {row['responsible']}"


def _delivered(told: Told) -> list[str]:
    if (row := told.row) is None or row["delivered_at"] is None:
        return []
    return [": ".join(part for part in (row["delivered_to"], row["delivery_note"]) if part)]


def _lost(told: Told) -> Iterator[str]:
    if (row := told.row) is None:
        return
    yield f"{Loss.Of(row['of']).label} {Loss.How(row['how']).label.lower()}: {row['what']}"
    yield f"Phát hiện ngày {vn_date(row['found_on'])}; nguyên nhân: {row['circumstances']}"
    sorry = "; cơ quan giải quyết xin lỗi" if row["by_office"] else ""
    yield f"Chịu trách nhiệm: {row['responsible']}{sorry}"
    yield f"Khắc phục: {row['done']}"


def _may_record_loss(desk: Desk, dossier: Dossier) -> Answer:
    """The counter, a head or leader of the agency that handles, or on whose desk it lies."""
    known = rules.is_counter(desk, dossier) or rules.is_approver(desk, dossier)
    return ALLOWED if known or rules.holds(desk, dossier) else Denied("not_holder")


def _while_not_taken(block: Block, data: dict[str, Any]) -> None:
    """Errors: DomainError("result_used") where another dossier was received with the new result."""
    store.while_not_taken("result_used", stored=data["result"])


CORRECT_RESULT = register(
    Act(
        "correct_result", "Đính chính kết quả", 43, WITH_RESULT, None, APPROVERS, rules.may_approve,
        told_by=CORRECTIONS, lines=_corrected, page=Page("edit", own_page("act_correct_result")), on_undo=_while_not_taken,
        slip=SlipKind(
            "dinh-chinh", "Văn bản đính chính kết quả", CorrectionLetter, _correction_letter,
            title="THÔNG BÁO ĐÍNH CHÍNH KẾT QUẢ GIẢI QUYẾT", by_handler=True, size="a4", outgoing="TB",
        ),
    )
)  # fmt: skip
DELIVER_CORRECTION = register(
    Act(
        "deliver_correction", "Trao kết quả đã đính chính", 44, frozenset({State.RETURNED}), None, COUNTER, rules.may_at_counter,
        told_by=CORRECTIONS, lines=_delivered,
    )
)  # fmt: skip
RECORD_LOSS = register(
    Act(
        "record_loss", "Ghi nhận mất, hư hỏng", 75, FROM_OPEN | WITH_RESULT, None, HANDLERS, _may_record_loss,
        told_by=LOSSES, lines=_lost, page=Page("alert", own_page("act_record_loss")),
        slip=SlipKind(
            "mat-hong", "Văn bản về việc mất, hư hỏng", LossLetter, _loss_letter,
            title="THÔNG BÁO VỀ VIỆC MẤT, HƯ HỎNG GIẤY TỜ, KẾT QUẢ", by_handler=True, size="a4", outgoing="TB",
        ),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wrong:
    """Who asked for the correction and when, what is wrong, by whose fault, where the old copy is."""

    requested_by: str
    requested_on: date
    wrong: str
    old_copy: int
    by_office: bool = True
    responsible: str = ""


def correct_result(
    seen: Seen,
    wrong: Wrong,
    data: ResultIn,
    *,
    by: Desk,
    at: datetime,
    files: Sequence[UploadedFile[Any]] = (),
) -> Correction:
    """Replace a wrong result after its end (R-83): the old one is kept and named by the new one.

    Effects in order: the new result with its files, the old one replaced, its line in the register of
    outgoing documents where the văn thư kept a number for it, the row of the correction, event, letter. Errors: Conflict, DomainError("wrong_missing", "requester_missing",
    "request_day", "responsible_missing", "corrected_unsigned", "issued_in_future", "old_copy",
    "number_in_register", "number_not_given", "electronic_file_missing", "electronic_invalid"), those of
    onestop.files.
    """
    _check(wrong, data, at)
    if data.electronic and not files:
        raise DomainError("electronic_file_missing", field="file")
    kept = [keep(file, name=file.name or "") for file in files]
    if data.electronic:
        check_signatures(kept)
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("correct_result")
        dossier = life.dossier
        _check_day(wrong.requested_on, dossier, at, field="requested_on")
        returned = dossier.state == State.RETURNED
        if returned == (wrong.old_copy == Correction.OldCopy.HERE):
            raise DomainError("old_copy", field="old_copy")
        assert data.issued_on is not None  # it is signed
        agency = dossier.agency.in_charge(data.issued_on)
        number = outgoing.corrected_in_book(data.number, agency, data.issued_on)
        old = Result.objects.current().get(dossier=dossier)
        new, said = write_down(life, data, kept, by=by.officer)
        if number is not None:
            outgoing.enter_corrected(life, new, number)
        row = life.add(
            Correction(
                dossier=dossier,
                old=old,
                new=new,
                requested_by=wrong.requested_by.strip(),
                requested_on=wrong.requested_on,
                wrong=wrong.wrong.strip(),
                by_office=wrong.by_office,
                responsible=wrong.responsible.strip(),
                old_copy=wrong.old_copy,
                old_words=in_words(old),
                new_words=in_words(new),
                must_deliver=returned,
                corrected_by=by.officer,
                corrected_at=at,
            )
        )
        life.record("correct_result", said | {"row": row.pk, "result": new.pk})
        names.also(dossier, row.requested_by)
        issuing.make("dinh-chinh", life=life, about=row)
        return row


def _check(wrong: Wrong, data: ResultIn, at: datetime) -> None:
    if not wrong.wrong.strip():
        raise DomainError("wrong_missing", field="wrong")
    if not wrong.requested_by.strip():
        raise DomainError("requester_missing", field="requested_by")
    if wrong.by_office and not wrong.responsible.strip():
        raise DomainError("responsible_missing", field="responsible")
    if not data.is_signed:
        raise DomainError("corrected_unsigned", field="number")
    if data.issued_on is not None and data.issued_on > timezone.localdate(at):
        raise DomainError("issued_in_future", field="issued_on")


def _check_day(day: date, dossier: Dossier, at: datetime, *, field: str) -> None:
    """No day before the reception, none that has not come. Errors: DomainError("request_day")."""
    if not timezone.localdate(dossier.received_at) <= day <= timezone.localdate(at):
        raise DomainError("request_day", field=field)


def in_words(result: Result) -> str:
    """A result as a letter names it: title, number, day and who signed it."""
    if result.kind == Result.Kind.REFUSED:
        title = "Từ chối giải quyết hồ sơ"
    else:
        title = result.title or "Kết quả giải quyết"
    number = f" số {result.number}" if result.number else ""
    day = f" {day_words(result.issued_on)}" if result.issued_on else ""
    return f"{title}{number}{day}" + (f", {result.signer} ký" if result.signer else "")


def deliver_correction(
    seen: Seen, *, to: str, note: str = "", by: Desk, at: datetime
) -> Correction:
    """The counter brings the corrected result to whoever had the wrong one; the first return stays
    as it was recorded.

    Errors: Conflict, DomainError("taker_missing", "nothing_to_deliver").
    """
    if not to.strip():
        raise DomainError("taker_missing", field="to")
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("deliver_correction")
        row = Correction.objects.to_deliver().filter(dossier=life.dossier).last()
        if row is None:
            raise DomainError("nothing_to_deliver")
        waiting = list(Correction.objects.to_deliver().filter(dossier=life.dossier))
        # A correction of a correction: the newest result is what they get, once for all.
        life.change_all(
            waiting,
            delivered_to=to.strip(),
            delivery_note=note.strip(),
            delivered_by=by.officer,
            delivered_at=at,
        )
        life.record("deliver_correction", {"row": row.pk})
        names.also(life.dossier, to.strip())
        return row


@dataclass(frozen=True, slots=True)
class Lost:
    """What was lost or damaged, found when and how, by whose fault, what was done about it."""

    of: int
    how: int
    what: str
    found_on: date
    circumstances: str
    responsible: str
    done: str
    by_office: bool = True


# What a case cannot do without (R-84): field -> what refuses it.
LOSS_NEEDS = {
    "what": "lost_missing",
    "circumstances": "circumstances_missing",
    "responsible": "responsible_missing",
    "done": "repair_missing",
}


def record_loss(seen: Seen, lost: Lost, *, by: Desk, at: datetime) -> Loss:
    """Record what was lost or damaged (R-84). Effects: row, event, letter.

    Errors: Conflict, DomainError("request_day", "no_result_yet" and those of LOSS_NEEDS).
    """
    for field, refusal in LOSS_NEEDS.items():
        if not getattr(lost, field).strip():
            raise DomainError(refusal, field=field)
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("record_loss")
        dossier = life.dossier
        _check_day(lost.found_on, dossier, at, field="found_on")
        has_result = Result.objects.current().filter(dossier=dossier).exists()
        if lost.of == Loss.Of.RESULT and not has_result:
            raise DomainError("no_result_yet", field="of")
        row = life.add(
            Loss(
                dossier=dossier,
                of=lost.of,
                how=lost.how,
                what=lost.what.strip(),
                found_on=lost.found_on,
                circumstances=lost.circumstances.strip(),
                by_office=lost.by_office,
                responsible=lost.responsible.strip(),
                done=lost.done.strip(),
                recorded_by=by.officer,
                recorded_at=at,
            )
        )
        life.record("record_loss", {"row": row.pk})
        issuing.make("mat-hong", life=life, about=row)
        return row
