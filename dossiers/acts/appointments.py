"""Procedures of two stages: the applicant is called to an intermediate step (an inspection on the
spot, a notice to be collected), and once more for the result.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from dossiers import rules
from dossiers.acts.many import Seen
from dossiers.ledger import writer
from dossiers.models.appointments import StepAppointment
from dossiers.registry import Act, Page, Rows, SlipKind, Told, own_page, register
from dossiers.slips import issuing, subjects
from dossiers.slips.contexts import Person, SlipContext
from dossiers.states import FROM_WORKING, HANDLERS
from onestop.errors import DomainError
from onestop.templatetags.formatting import day_words

if TYPE_CHECKING:
    from dossiers.slips.subjects import Subject
    from onestop.accounts.desk import Desk

SLUG = "hen-buoc"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepNotice(SlipContext):
    """Both appointments: the step's and the result's; no official form."""

    owner: Person
    content: str
    received_at: datetime
    step: str
    meet_at: datetime
    place: str
    bring: str = ""
    promised_at: datetime | None = None
    result_at: str = ""
    contact_phone: str = ""


def _notice(subject: Subject) -> StepNotice:
    row: StepAppointment = subject.about
    shared = subjects.common(subject)
    return StepNotice(
        **shared,
        content=subjects.content_of(subject.file),
        received_at=subject.file.received_at,
        step=row.what,
        meet_at=row.meet_at,
        place=row.place,
        bring=row.bring,
        promised_at=row.promised_at,
        result_at=subjects.result_place(subject.file, shared["office"]),
        contact_phone=subject.by.phone or subject.agency.phone,
    )


APPOINTMENTS = Rows("appointments", ("what", "meet_at", "place", "bring", "promised_at"))


def _told(told: Told) -> Iterator[str]:
    if (row := told.row) is not None:
        yield f"Hẹn lần 1: {row['what']}, {day_words(row['meet_at'])}, tại {row['place']}"
        if row["bring"]:
            yield f"Mang theo: {row['bring']}"
        if row["promised_at"]:
            yield f"Hẹn lần 2, trả kết quả: {day_words(row['promised_at'])}"


APPOINT_STEP = register(
    Act(
        "appoint_step", "Hẹn bước trung gian", 57, FROM_WORKING, None, HANDLERS, rules.may_work,
        told_by=APPOINTMENTS, lines=_told,
        page=Page("calendar", own_page("act_appoint_step")),
        slip=SlipKind(
            SLUG, "Giấy hẹn bước trung gian", StepNotice, _notice, title="GIẤY HẸN BƯỚC TRUNG GIAN VÀ TRẢ KẾT QUẢ",
        ),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """What the applicant is called to, when and where, and what to bring."""

    what: str
    meet_at: datetime
    place: str
    bring: str = ""


def appoint_step(seen: Seen, step: Step, *, by: Desk, at: datetime) -> StepAppointment:
    """The holder calls the applicant to an intermediate step. It moves no promise: the result is due
    as it was. A later call takes the place of an earlier one.

    Effects: row, event, form 01 anew and the notice, both with the two appointments. Errors: DomainError("step_missing",
    "step_place", "step_past", "step_after_promise").
    """
    if not step.what.strip():
        raise DomainError("step_missing", field="what")
    if not step.place.strip():
        raise DomainError("step_place", field="place")
    if step.meet_at <= at:
        raise DomainError("step_past", field="meet_at")
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("appoint_step")
        due = life.dossier.due_at
        if due is not None and step.meet_at > due:
            raise DomainError("step_after_promise", field="meet_at", due=day_words(due))
        row = life.add(
            StepAppointment(
                dossier=life.dossier,
                what=step.what.strip(),
                meet_at=step.meet_at,
                place=step.place.strip(),
                bring=step.bring.strip(),
                promised_at=due,
                made_by=by.officer,
                made_at=at,
            )
        )
        life.record("appoint_step", {"row": row.pk})
        issuing.make("tiep-nhan", life=life)
        issuing.make(SLUG, life=life, about=row)
        return row
