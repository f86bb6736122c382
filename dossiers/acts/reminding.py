"""The counter reminds an applicant who is waited for: what was said on the telephone, or the letter
that went out, is kept with the dossier. The clock does not feel it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dossiers import rules
from dossiers.acts.many import Seen
from dossiers.ledger import writer
from dossiers.models import Dossier
from dossiers.models.reminding import Reminder
from dossiers.models.tax_transfer import TaxTransfer
from dossiers.registry import Act, Page, Rows, Told, own_page, register
from dossiers.states import COUNTER, WAITING
from onestop.errors import DomainError
from onestop.files.domain import attach, keep

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from onestop.accounts.desk import Desk

LETTER = "dossier"


def _reminded(told: Told) -> Iterator[str]:
    if told.row is not None:
        yield f"{Reminder.Way(told.row['way']).label}: {told.row['note']}"


REMINDERS = Rows("reminders", ("way", "note", "reminded_at"))
REMIND = register(
    Act(
        "remind", "Nhắc người dân", 53, frozenset(WAITING), None, COUNTER, rules.may_at_counter,
        told_by=REMINDERS, lines=_reminded,
        page=Page("phone", own_page("act_remind"), waits_for=("supplements", "payments")),
    )
)  # fmt: skip


def is_waited_for(dossier: Dossier) -> bool:
    """Whether it is the applicant who is waited for; of what the tax authority has not answered he
    has nothing to do yet. One query.
    """
    return not TaxTransfer.objects.unanswered().filter(dossier=dossier).exists()


def remind(
    seen: Seen,
    *,
    way: int,
    note: str,
    by: Desk,
    at: datetime,
    letter: UploadedFile[Any] | None = None,
) -> Reminder:
    """Note that the applicant was reminded. Effects in order: letter kept, the row, event.

    Errors: DomainError("reminder_missing"), ("remind_nobody") while the tax authority is waited for,
    those of onestop.files.
    """
    if not note.strip():
        raise DomainError("reminder_missing", field="note")
    # The bytes before the transaction: no disk is waited for while the row is locked.
    kept = keep(letter, name=letter.name or "") if letter is not None else None
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("remind")
        if not is_waited_for(life.dossier):
            raise DomainError("remind_nobody")
        if kept is not None:
            life.added(attach(kept, kind=LETTER, object_id=life.dossier.pk, by=by.officer, at=at))
        row = life.add(
            Reminder(
                dossier=life.dossier,
                way=Reminder.Way(way),
                note=note.strip(),
                reminded_by=by.officer,
                reminded_at=at,
            )
        )
        life.record("remind", {"row": row.pk, "way": int(row.way)})
        return row
