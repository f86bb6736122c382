"""Telling people that their result is ready: before it is returned ahead of its day (R-79), and
again while nobody comes. Who called whom, when and with what answer is kept; a letter is prepared as
an invitation to print.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from dossiers import rules
from dossiers.acts.many import Seen
from dossiers.ledger import writer
from dossiers.models import Dossier
from dossiers.models.collecting import ResultNotice
from dossiers.registry import Act, Page, Rows, SlipKind, Told, own_page, register
from dossiers.slips import issuing, subjects
from dossiers.slips.contexts import Person, SlipContext
from dossiers.states import COUNTER, State
from onestop.errors import DomainError
from onestop.outbox.domain import post
from onestop.outbox.told import told

if TYPE_CHECKING:
    from dossiers.slips.subjects import Subject
    from onestop.accounts.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation(SlipContext):
    """A letter that the result is ready; no official form. `promised_at` of one that is early."""

    owner: Person
    content: str
    received_at: datetime
    ready_on: date
    promised_at: datetime | None = None
    result_at: str = ""
    contact_phone: str = ""


def _invitation(subject: Subject) -> Invitation:
    shared, dossier = subjects.common(subject), subject.file
    row: ResultNotice = subject.about
    assert dossier.ended_at is not None
    return Invitation(
        **shared,
        content=subjects.content_of(dossier),
        received_at=dossier.received_at,
        ready_on=timezone.localdate(dossier.ended_at),
        promised_at=dossier.due_at if row.early else None,
        result_at=subjects.result_place(dossier, shared["office"]),
        contact_phone=subject.by.phone or subject.agency.phone,
    )


NOTICES = Rows("notices", ("way", "told_to", "reached", "note", "early", "days", "told_at"))


def _notified(told: Told) -> Iterator[str]:
    if (row := told.row) is None:
        return
    reached = "đã báo được" if row["reached"] else "chưa liên lạc được"
    yield f"{ResultNotice.Way(row['way']).label} cho {row['told_to']}: {reached}"
    if row["early"]:
        yield "Báo trước khi trả sớm hơn ngày hẹn"
    elif row["days"]:
        yield f"Kết quả đã chờ {row['days']} ngày"
    if row["note"]:
        yield row["note"]


NOTIFY_RESULT = register(
    Act(
        "notify_result", "Báo, nhắc nhận kết quả", 47, frozenset({State.FINISHED}), None, COUNTER, rules.may_at_counter,
        told_by=NOTICES, lines=_notified, page=Page("phone", own_page("act_notify_result")),
        slip=SlipKind(
            "moi-nhan", "Giấy mời nhận kết quả", Invitation, _invitation, title="GIẤY MỜI NHẬN KẾT QUẢ GIẢI QUYẾT HỒ SƠ",
        ),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Telling:
    way: int
    told_to: str
    reached: bool = True
    note: str = ""


def is_early(dossier: Dossier, at: datetime) -> bool:
    """Whether a return now is before the promised day."""
    due = dossier.due_at
    return due is not None and timezone.localdate(at) < timezone.localdate(due)


def waited(dossier: Dossier, at: datetime) -> int:
    """For how many days its result has waited."""
    assert dossier.ended_at is not None
    days = timezone.localdate(at) - timezone.localdate(dossier.ended_at)
    return max(days.days, 0)


def notify_result(seen: Seen, said: Telling, *, by: Desk, at: datetime) -> ResultNotice:
    """Keep that somebody was told, or was not reached. Effects: row, event; the invitation where a
    letter goes out, the e-mail where the product sends one.

    Errors: Conflict, DomainError("told_to_missing", "not_reached_why", "notice_no_email").
    """
    if not said.told_to.strip():
        raise DomainError("told_to_missing", field="told_to")
    if not said.reached and not said.note.strip():
        raise DomainError("not_reached_why", field="note")
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("notify_result")
        dossier = life.dossier
        if said.way == ResultNotice.Way.EMAIL:
            _mail(dossier, said, at)
        row = life.add(
            ResultNotice(
                dossier=dossier,
                way=said.way,
                told_to=said.told_to.strip(),
                reached=said.reached,
                note=said.note.strip(),
                early=is_early(dossier, at),
                days=waited(dossier, at),
                told_by=by.officer,
                told_at=at,
            )
        )
        life.record("notify_result", {"row": row.pk})
        if row.way == ResultNotice.Way.LETTER:
            issuing.make("moi-nhan", life=life, about=row)
        return row


def _mail(dossier: Dossier, said: Telling, at: datetime) -> None:
    """The letter to the owner's address. Errors: DomainError("notice_no_email")."""
    if not dossier.email:
        raise DomainError("notice_no_email", field="way")
    before = ResultNotice.objects.standing().filter(dossier=dossier).count()
    words = told(
        "dossiers/told/result_ready",
        dossier=dossier,
        agency=dossier.received_by_agency.in_charge(timezone.localdate(at)),
        nth=before + 1,
        note=said.note.strip(),
    )
    key = f"result_ready:{dossier.pk}:{dossier.event_seq}"
    post(kind="result_ready", dedupe=key, **words, at=at, to_email=dossier.email)


def untold_early(dossiers: Sequence[Dossier], at: datetime) -> list[Dossier]:
    """Those whose return now needs a notice first (R-79). One query where any is early."""
    early = [one for one in dossiers if is_early(one, at)]
    if not early:
        return []
    reached = ResultNotice.objects.standing().filter(dossier__in=early, reached=True)
    told = set(reached.values_list("dossier_id", flat=True))
    return [one for one in early if one.pk not in told]


def was_told(dossier: Dossier) -> bool:
    """Whether a notice reached somebody: what R-79 asks before an early return. One query."""
    return ResultNotice.objects.standing().filter(dossier=dossier, reached=True).exists()
