"""Apology without a new date: an act of its own, which may be repeated.

The apology with a further term is re-appointment (re_appointment.py), once. This one moves nothing:
before the promise it tells the applicant that it will be missed, afterwards that it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dossiers import rules
from dossiers.acts.many import Seen
from dossiers.clock import deadlines
from dossiers.desk.moved import because
from dossiers.ledger import writer
from dossiers.models import Dossier
from dossiers.models.apology import Apology
from dossiers.models.outcome import Outcome
from dossiers.registry import (
    Act,
    OnMany,
    Page,
    Press,
    Rows,
    SlipKind,
    Told,
    own_page,
    register,
)
from dossiers.slips import issuing, subjects
from dossiers.slips.contexts import Person, SlipContext
from dossiers.slips.letterheads import office_of, recipients
from dossiers.states import APPROVERS, FROM_OPEN, State
from onestop.accounts.desk import Desk
from onestop.accounts.models import Officer
from onestop.errors import DomainError
from onestop.results import Answer, Denied
from onestop.templatetags.formatting import day_words

if TYPE_CHECKING:
    from dossiers.slips.subjects import Subject

SLUG = "thu-xin-loi"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApologyLetter(SlipContext):
    """A document of the office (`document_number` by its clerk of documents); no official form.

    `late`: the promise had passed; `ended_at`: the result was there by then.
    """

    owner: Person
    content: str
    received_at: datetime
    promised_at: datetime
    reason: str
    late: bool
    unit: str
    received_by: str
    result_at: str = ""
    ended_at: datetime | None = None
    is_returned: bool = False
    document_number: str = ""
    signer: str = ""
    capacity: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()

    @property
    def why(self) -> str:
        """The reason as the middle of a sentence."""
        return because(self.reason)


def _letter(subject: Subject) -> ApologyLetter:
    row: Apology = subject.about
    dossier, counter = subject.file, office_of(subject.counter)
    signed = subjects.signed_by(subject)
    return ApologyLetter(
        **subjects.common(subject),
        content=subjects.content_of(dossier),
        received_at=dossier.received_at,
        promised_at=row.promised_at,
        reason=row.reason,
        late=row.late,
        unit=subject.handler.name,
        received_by=counter.desk_name,
        result_at=subjects.result_place(dossier, counter),
        ended_at=dossier.ended_at,
        is_returned=dossier.state == State.RETURNED,
        signer=signed.name,
        capacity=signed.capacity,
        recipients=recipients(dossier, subject.by, handler=subject.handler, desk=counter),
    )


APOLOGIES = Rows("apologies", ("reason", "promised_at", "late"))


def _apologised(told: Told) -> Iterator[str]:
    if (row := told.row) is not None:
        yield f"Hẹn trả {day_words(row['promised_at'])}"
        yield f"Lý do: {row['reason']}"
        if row["late"]:
            yield "Xin lỗi sau khi đã quá hạn"


def promise_of(dossier: Dossier) -> datetime | None:
    """What was promised last; by law, while the shown one is undetermined."""
    return dossier.due_at or dossier.legal_due_at


def _may_apologise(desk: Desk, dossier: Dossier) -> Answer:
    """Head or leader of the agency that handles it; of what has ended, only for a delay."""
    in_time = dossier.ended_at is not None and dossier.verdict != Outcome.LATE
    if promise_of(dossier) is None or in_time:
        return Denied("nothing_to_apologise")
    return rules.may_approve(desk, dossier)


def _one_of_many(seen: Seen, data: Mapping[str, Any], on: Press) -> int | None:
    """With the reason of all, signed by the usual leader of each."""
    apologise(seen, reason=data["reason"], by=on.by, at=on.at, press=on.press)
    return None


APOLOGISE = register(
    Act(
        "apologise", "Xin lỗi", 62, FROM_OPEN | {State.FINISHED, State.RETURNED}, None, APPROVERS,
        _may_apologise, told_by=APOLOGIES, lines=_apologised,
        page=Page("bell", own_page("act_apologise"), label="Xin lỗi, không hẹn lại"),
        slip=SlipKind(SLUG, "Thư xin lỗi", ApologyLetter, _letter, by_handler=True, outgoing="CV"),
        many=OnMany(
            _one_of_many, "dossiers.forms.apology.ManyApologiesForm", "Lập thư xin lỗi", "xin-loi",
            frozenset({"phong", "co-quan", "qua-han", "sap-het-han"}),
        ),
    )
)  # fmt: skip


def apologise(
    seen: Seen,
    *,
    reason: str,
    by: Desk,
    at: datetime,
    signer: Officer | None = None,
    press: UUID | None = None,
) -> Apology:
    """Apologise for a promise that is, or will be, missed. It moves no promise and heals nothing.

    In: `signer` of the letter: a leader of the agency, by default the one who acts, else the first
    of them; `press` when it is one of many. Effects: row, event, letter. Errors: DomainError("reason_missing",
    "nothing_to_apologise", "signer_not_leader").
    """
    if not reason.strip():
        raise DomainError("reason_missing", field="reason")
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version, press=press) as life:
        return _apologise(life, reason=reason, by=by, signer=signer)


def _apologise(life: writer.Life, *, reason: str, by: Desk, signer: Officer | None) -> Apology:
    life.check("apologise")
    dossier, at = life.dossier, life.at
    subjects.check_signer(signer, dossier, by.officer, at)
    promised = promise_of(dossier)
    assert promised is not None  # asked by the act's own rule
    row = life.add(
        Apology(
            dossier=dossier,
            reason=reason.strip(),
            promised_at=promised,
            late=was_late(dossier, at),
            signer=signer or subjects.usual_signer(dossier, by.officer, at),
            made_by=by.officer,
            made_at=at,
        )
    )
    life.record("apologise", {"row": row.pk})
    issuing.make(SLUG, life=life, about=row, signer=row.signer)
    return row


def was_late(dossier: Dossier, at: datetime) -> bool:
    """Whether the promise that decides has passed (R-54): a re-appointed day does not heal it."""
    if dossier.ended_at is not None or dossier.is_late(at):
        return True
    return not dossier.is_waiting and deadlines.is_past_promise(dossier, at)
