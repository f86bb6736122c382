"""Lấy ý kiến: whoever has a dossier asks a room of the office, another office or a body outside of the
system, with a day for the answer. The asked unit answers here; what came on paper, or that nothing came,
is written down by whoever has the dossier (R-63). The clock does not feel any of it: time that the law
leaves out is an act of its own (lawful_time.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from dossiers import rules
from dossiers.acts.many import Seen
from dossiers.desk import consulted
from dossiers.desk.consulted import KIND, to_of
from dossiers.ledger import writer
from dossiers.models import Dossier
from dossiers.models.consulting import Consultation, Said
from dossiers.registry import Act, Block, Page, Rows, SlipKind, Told, own_page, register
from dossiers.slips import issuing, subjects
from dossiers.slips.contexts import Person, SlipContext
from dossiers.states import FROM_OPEN, HANDLERS
from onestop.accounts.desk import Desk
from onestop.accounts.models import Agency, Department, Officer
from onestop.errors import DomainError, require
from onestop.files.domain import attach, keep
from onestop.files.models import Attachment
from onestop.outbox.domain import post, retract
from onestop.outbox.models import Message
from onestop.results import ALLOWED, Answer, Denied
from onestop.templatetags.formatting import vn_date, vn_datetime
from onestop.worktime import CalendarMissing

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from dossiers.ledger.writer import Life
    from dossiers.slips.subjects import Subject
    from onestop.worktime import Calendar

SLUG = "lay-y-kien"
MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationLetter(SlipContext):
    """The letter to all whom one asking went to beside the rooms of the own office; a document of the
    office, numbered by its clerk of documents (`document_number`).
    """

    owner: Person
    content: str
    received_at: datetime
    to: tuple[str, ...]
    asked: str
    answer_by: datetime
    unit: str
    papers: tuple[str, ...] = ()
    document_number: str = ""
    signer: str = ""
    capacity: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()


def _letter(subject: Subject) -> ConsultationLetter:
    row: Consultation = subject.about
    rows = Consultation.objects.standing().filter(dossier=row.dossier, round=row.round)
    asked = list(rows.select_related("asked_agency", "department").order_by("pk"))
    signed = subjects.signed_by(subject)
    sent = Attachment.objects.of(KIND, row.dossier_id).filter(pk__in=row.files).order_by("pk")
    return ConsultationLetter(
        **subjects.common(subject),
        content=subjects.content_of(subject.file),
        received_at=subject.file.received_at,
        to=tuple(one.to for one in asked if one.asked_agency_id != one.agency_id),
        asked=row.content,
        answer_by=row.answer_by,
        unit=subject.handler.name,
        papers=tuple(sent.values_list("name", flat=True)),
        signer=signed.name,
        capacity=signed.capacity,
        recipients=("Như trên;", "Lưu: VT, hồ sơ."),
    )


CONSULTATIONS = Rows(
    "consultations",
    (
        "round", "body", "content", "answer_by", "asked_at", "said", "answer", "answer_number", "answered_on",
        "answer_file", "answered_at", "silent_at", "withdrawn_at", "withdrawn_why", "agency", "asked_agency",
        "asked_agency__name", "department__name", "asked_by__full_name", "answered_by__full_name",
    ),
)  # fmt: skip


def _asked(told: Told) -> Iterator[str]:
    if (row := told.row) is not None:
        yield f"{to_of(row)}: {row['content']}"
        yield f"Trả lời trước {vn_datetime(row['answer_by'])}"


def _answered(told: Told) -> Iterator[str]:
    if (row := told.row) is not None and row["answered_at"] is not None:
        paper = f", văn bản số {row['answer_number']}" if row["answer_number"] else ""
        day = f" ngày {vn_date(row['answered_on'])}" if row["answered_on"] else ""
        yield f"{to_of(row)}{paper}{day}: {Said(row['said']).label.lower()}"
        yield row["answer"]
        if row["answered_at"] > row["answer_by"]:
            yield f"Trả lời chậm, hạn {vn_datetime(row['answer_by'])}"


def _silent(told: Told) -> Iterator[str]:
    if (row := told.row) is not None:
        yield f"{to_of(row)}, hạn {vn_datetime(row['answer_by'])}"


def _withdrawn(told: Told) -> Iterator[str]:
    if (row := told.row) is not None and row["withdrawn_at"] is not None:
        yield f"{to_of(row)}: {row['withdrawn_why']}"


def _untell(block: Block, data: dict[str, Any]) -> None:
    """The asked unit reads that it no longer holds: its bells are about the question."""
    retract(
        data.get("told", ()),
        object_kind="consultation",
        object_id=data["row"],
        heading="Đã hoàn tác",
    )


def _may_answer(desk: Desk, dossier: Dossier) -> Answer:
    """Whoever sits in an asked unit, wherever the dossier lies. One query: no page offers it."""
    asked = Consultation.objects.to_answer(desk).filter(dossier=dossier).exists()
    return ALLOWED if asked else Denied("consult_not_you")


CONSULT = register(
    Act(
        "consult", "Lấy ý kiến", 58, FROM_OPEN, None, HANDLERS, rules.may_work,
        told_by=CONSULTATIONS, lines=_asked, page=Page("next", own_page("act_consult")), on_undo=_untell,
        slip=SlipKind(
            SLUG, "Công văn lấy ý kiến", ConsultationLetter, _letter, title="VĂN BẢN LẤY Ý KIẾN",
            by_handler=True, size="a4", outgoing="CV",
        ),
    )
)  # fmt: skip
ANSWER = register(
    Act(
        "answer_consultation", "Trả lời ý kiến", 59, FROM_OPEN, None, HANDLERS, _may_answer,
        told_by=CONSULTATIONS, lines=_answered,
    )
)  # fmt: skip
RECORD = register(
    Act(
        "record_opinion", "Ghi ý kiến trả lời", 59, FROM_OPEN, None, HANDLERS, rules.may_hold,
        told_by=CONSULTATIONS, lines=_answered, page=Page("edit", own_page("act_record_opinion")),
    )
)  # fmt: skip
SILENCE = register(
    Act(
        "record_silence", "Hết thời hạn không trả lời", 59, FROM_OPEN, None, HANDLERS, rules.may_hold,
        told_by=CONSULTATIONS, lines=_silent, page=Page("clock", own_page("act_record_silence"), label="Ghi hết hạn không trả lời"),
    )
)  # fmt: skip
WITHDRAW = register(
    Act(
        "withdraw_consultation", "Rút lấy ý kiến", 59, FROM_OPEN, None, HANDLERS, consulted.may_withdraw,
        told_by=CONSULTATIONS, lines=_withdrawn, page=Page("undo", own_page("act_withdraw_consultation")),
        on_undo=_untell,
    )
)  # fmt: skip
# Offered only while an asked body has not answered.
ON_UNANSWERED = (RECORD.name, SILENCE.name, WITHDRAW.name)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, whom, until the end of work of which day; `files`: ids of the dossier's files."""

    content: str
    day: date
    rooms: Sequence[Department] = ()
    agencies: Sequence[Agency] = ()
    bodies: Sequence[str] = ()
    files: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Opinion:
    """What they say; number and day of their letter where there is one, and when it came."""

    said: Said | None
    text: str
    number: str = ""
    on: date | None = None
    scan: UploadedFile[Any] | None = field(default=None, compare=False)
    came: date | None = None


def consult(seen: Seen, what: Question, *, by: Desk, at: datetime) -> list[Consultation]:
    """Ask one or many at once. Effects in order: a row and an event each, bells of the asked units,
    one letter to all but the rooms of the own office.

    Errors: DomainError("consult_missing", "consult_nobody", "consult_own", "consult_asked",
    "consult_closed", "consult_many", "consult_past", "consult_day_off", "consult_no_calendar",
    "consult_file"), those of the act's rule.
    """
    bodies = list(dict.fromkeys(body.strip() for body in what.bodies if body.strip()))
    _check_question(what, count=len(what.rooms) + len(what.agencies) + len(bodies))
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("consult")
        dossier = life.dossier
        answer_by = end_of_work(what.day, life.calendar)
        if answer_by <= at:
            raise DomainError("consult_past", field="day")
        _check_files(dossier, what.files)
        earlier = list(Consultation.objects.standing().filter(dossier=dossier))
        shared = {
            "dossier": dossier,
            "agency_id": dossier.agency_id,
            "round": max((one.round for one in earlier), default=0) + 1,
            "content": what.content.strip(),
            "answer_by": answer_by,
            "files": list(what.files),
            "asked_by": by.officer,
            "asked_at": at,
        }
        rows = [Consultation(**shared, **to) for to in _to(dossier, what, bodies, earlier, at)]
        for row in rows:
            life.add(row)
            life.record("consult", {"row": row.pk})
            life.tell(_tell(row, consulted.people(row, at), "opinion_asked", at))
        if any(row.asked_agency_id != dossier.agency_id for row in rows):
            issuing.make(SLUG, life=life, about=rows[0])
        return rows


def _check_question(what: Question, *, count: int) -> None:
    """`count`: how many are asked."""
    if not what.content.strip():
        raise DomainError("consult_missing", field="content")
    if not count:
        raise DomainError("consult_nobody", field="rooms")
    if count > MOST:
        raise DomainError("consult_many", field="rooms", most=MOST)


def end_of_work(day: date, calendar: Calendar) -> datetime:
    """When work ends on a working day. Errors: DomainError("consult_day_off", "consult_no_calendar")."""
    try:
        works = calendar.is_working_day(day)
    except CalendarMissing as error:
        raise DomainError("consult_no_calendar", field="day", year=day.year) from error
    if not works:
        raise DomainError("consult_day_off", field="day", day=vn_date(day))
    return timezone.make_aware(datetime.combine(day, calendar.working_sessions_on(day)[-1][1]))


def _check_files(dossier: Dossier, files: Sequence[int]) -> None:
    """Only files of this very dossier go with the question. One query where there are any."""
    if files and Attachment.objects.of(KIND, dossier.pk).filter(pk__in=files).count() != len(
        set(files)
    ):
        raise DomainError("consult_file", field="scans")


def _to(
    dossier: Dossier,
    what: Question,
    bodies: Sequence[str],
    earlier: Sequence[Consultation],
    at: datetime,
) -> Iterator[dict[str, Any]]:
    """Whom each row asks. Nobody is asked twice at the same time, nor the room that has it."""
    on = timezone.localdate(at)
    waits = [one for one in earlier if one.answered_at is None and one.withdrawn_at is None]
    rooms = {one.department_id for one in waits if one.department_id}
    agencies = {one.asked_agency_id for one in waits if not one.department_id}
    names = {one.body for one in waits if one.body}
    here = (dossier.holder_department_id, dossier.pending_department_id)
    for room in what.rooms:
        _check_whom(
            "rooms", room.name, has_it=room.pk in here, asked=room.pk in rooms, closed=not room.is_open(on)
        )  # fmt: skip
        yield {"department": room, "asked_agency": room.agency}
    for agency in what.agencies:
        _check_whom(
            "agencies", agency.name, has_it=agency.pk == dossier.agency_id, asked=agency.pk in agencies,
            closed=agency.has_ended(on),
        )  # fmt: skip
        yield {"asked_agency": agency}
    for body in bodies:
        _check_whom("bodies", body, asked=body in names)
        yield {"body": body}


def _check_whom(
    field: str, name: str, *, has_it: bool = False, asked: bool, closed: bool = False
) -> None:
    if has_it:
        raise DomainError("consult_own", field=field, name=name)
    if asked:
        raise DomainError("consult_asked", field=field, name=name)
    if closed:
        raise DomainError("consult_closed", field=field, name=name)


def answer(pk: int, what: Opinion, *, by: Desk, at: datetime) -> Consultation:
    """The asked unit answers, in time or late, also after its silence was written down. Effects in
    order: file kept, row, file of the dossier, event, bells (`_tell_answer`).

    Errors: DomainError("consult_gone") for whoever was not asked or was answered for meanwhile, those
    of `_check`, the act's rule and onestop.files.
    """
    row = Consultation.objects.to_answer(by).filter(pk=pk).first()
    if row is None:
        raise DomainError("consult_gone")
    return _write(Seen(row.dossier_id), pk, what, ANSWER, by=by, at=at)


def record_opinion(seen: Seen, pk: int, what: Opinion, *, by: Desk, at: datetime) -> Consultation:
    """What an asked body wrote is written down by whoever has the dossier. The same otherwise."""
    return _write(seen, pk, what, RECORD, by=by, at=at)


def _write(seen: Seen, pk: int, what: Opinion, act: Act, *, by: Desk, at: datetime) -> Consultation:
    _check(what)
    kept = keep(what.scan, name=what.scan.name or "") if what.scan is not None else None
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check(act.name)
        row = _unanswered(life, pk)
        if act is ANSWER and not Consultation.objects.to_answer(by).filter(pk=pk).exists():
            raise DomainError("consult_gone")
        answered_at = _answered_at(row, what, at)
        sent = None
        if kept is not None:
            sent = attach(kept, kind=KIND, object_id=row.dossier_id, by=by.officer, at=at)
            life.added(sent)
        life.change(
            row,
            said=what.said,
            answer=what.text.strip(),
            answer_number=what.number.strip(),
            answered_on=what.on,
            answer_file=sent.pk if sent is not None else None,
            answered_by=by.officer,
            answered_at=answered_at,
        )
        life.record(act.name, {"row": row.pk})
        life.tell(_tell_answer(row, life.dossier, by, at))
        return row


def _check(what: Opinion) -> None:
    if what.said is None:
        raise DomainError("opinion_said", field="said")
    if not what.text.strip():
        raise DomainError("opinion_missing", field="text")


def _answered_at(row: Consultation, what: Opinion, at: datetime) -> datetime:
    """A letter that came in time is no late answer because it is written down later."""
    first, today = timezone.localdate(row.asked_at), timezone.localdate(at)
    for name in ("on", "came"):
        if not first <= (getattr(what, name) or first) <= today:
            raise DomainError("opinion_day", field=name)
    in_time = what.came is not None and what.came <= timezone.localdate(row.answer_by)
    return min(at, row.answer_by) if in_time else at


def _unanswered(life: Life, pk: int) -> Consultation:
    """The asked body of this very dossier, as long as it has not answered."""
    rows = Consultation.objects.unanswered().select_related(
        "asked_agency", "department", "asked_by"
    )
    row = rows.filter(dossier=life.dossier, pk=pk).first()
    if row is None:
        raise DomainError("consult_gone")
    return row


def record_silence(seen: Seen, pk: int, *, by: Desk, at: datetime) -> Consultation:
    """Nothing came by the day that was named. Effects in order: row, event. A later answer is still
    taken.

    Errors: DomainError("consult_gone", "consult_early", "consult_silent"), those of the act's rule.
    """
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check(SILENCE.name)
        row = _unanswered(life, pk)
        if row.answer_by >= at:
            raise DomainError("consult_early", field="which", day=vn_datetime(row.answer_by))
        if row.silent_at is not None:
            raise DomainError("consult_silent", field="which")
        life.change(row, silent_by=by.officer, silent_at=at)
        life.record(SILENCE.name, {"row": row.pk})
        return row


def withdraw(seen: Seen, pk: int, *, why: str, by: Desk, at: datetime) -> Consultation:
    """Whoever has the dossier, or asked, needs the opinion no more. Effects in order: row, event, bells
    of the asked unit.

    Errors: DomainError("consult_gone", "consult_why", "not_holder"), those of the act's rule.
    """
    if not why.strip():
        raise DomainError("consult_why", field="why")
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check(WITHDRAW.name)
        row = _unanswered(life, pk)
        require(consulted.may_withdraw_row(by, life.dossier, row))
        life.change(row, withdrawn_by=by.officer, withdrawn_at=at, withdrawn_why=why.strip())
        life.record(WITHDRAW.name, {"row": row.pk})
        life.tell(_tell(row, consulted.people(row, at), "opinion_withdrawn", at))
        return row


# --- who is told -----------------------------------------------------------------------------------


def _tell_answer(
    row: Consultation, dossier: Dossier, by: Desk, at: datetime
) -> list[Message | None]:
    """Whoever asked, and has it; of a late answer the head of the Bộ phận Một cửa too (R-63)."""
    late = consulted.heads_of_counter(dossier, at) if row.is_late else []
    to = [row.asked_by, *([dossier.holder] if dossier.holder is not None else []), *late]
    return _tell(row, [one for one in to if one.pk != by.officer.pk], "opinion_answered", at)


def _tell(
    row: Consultation, people: Sequence[Officer], event: str, at: datetime
) -> list[Message | None]:
    """One bell a person; the asked unit is led to its own page, others to the dossier."""
    once = {one.pk: one for one in people}
    return [post(**consulted.notice(row, one, event, at)) for one in once.values()]


__all__ = [
    "ANSWER", "CONSULT", "CONSULTATIONS", "KIND", "ON_UNANSWERED", "RECORD", "SILENCE",
    "WITHDRAW", "ConsultationLetter", "Opinion", "Question", "answer", "consult", "end_of_work",
    "record_opinion", "record_silence", "withdraw",
]  # fmt: skip
