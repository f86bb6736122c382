"""The yes or no of an approver: he is told what waits for him, answers himself and may take it back;
who asked him is told. What is asked, and what comes of it: agreeing.py, guiding.py (R-44, R-46).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import QuerySet
from django.urls import reverse

from dossiers.models.answering import Question
from onestop.errors import DomainError
from onestop.outbox.domain import post, read_about, retract
from onestop.outbox.models import Message
from onestop.outbox.told import told

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk
    from onestop.accounts.models import Officer

NOT_ANSWERED: dict[str, Any] = {
    "agreed": None, "answer": "", "answered_by": None, "answered_at": None
}  # fmt: skip
Row = TypeVar("Row", bound=Question)


def locked(rows: QuerySet[Row], pk: int, code: str) -> Row:
    """One of these, locked. The rows are to be narrowed by their own columns: a subquery would not
    be asked anew when somebody else has just let the row go. Errors: DomainError(code).
    """
    row = rows.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
    if row is None:
        raise DomainError(code)
    return row


def tell_approver(row: Question, *, at: datetime) -> None:
    _tell(row, row.approver, row.told_asked, reverse("agreements"), at)


def ask_anew(row: Question, *, approver: Officer, by: Officer, at: datetime) -> None:
    """Somebody else, or the same one once more, is to answer. Effects: the notice to the one before
    says so, the row, a notice.
    """
    withdraw(row)
    _write(row, approver=approver, asked_by=by, asked_at=at, **NOT_ANSWERED)
    tell_approver(row, at=at)


def withdraw(row: Question) -> None:
    """The approver is told that nothing waits for him any more."""
    _retract(row, row.approver, row.told_asked)


def close(rows: QuerySet[Row], *, at: datetime) -> None:
    """Nothing is to come of these any more. Effects: whoever had not answered is told so, the rows."""
    for row in rows.filter(closed_at=None).select_for_update(of=("self",), no_key=True):
        if row.is_waiting:
            withdraw(row)
        _write(row, closed_at=at)


def give(row: Question, *, agreed: bool, words: str, page: str, by: Desk, at: datetime) -> None:
    """Effects: the row, what rang at him is read, a notice to who asked that leads to `page`."""
    _write(row, agreed=agreed, answer=words, answered_by=by.officer, answered_at=at)
    read_about(by.officer, object_kind=row.about, object_id=row.about_id, at=at)
    _tell(row, row.asked_by, row.told_answered, page, at)


def take_back(row: Question) -> None:
    """It waits for an answer again. Effects: the notice to who asked says so, the row."""
    _retract(row, row.asked_by, row.told_answered)
    _write(row, **NOT_ANSWERED)


def _write(row: Question, **columns: Any) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=list(columns))


def _tell(row: Question, to: Officer, event: str, link: str, at: datetime) -> None:
    post(
        **told(f"dossiers/told/{event}", row=row, **{row.about: getattr(row, row.about)}),
        kind=event,
        dedupe=_key(row, to, event),
        at=at,
        to_officer=to,
        object_kind=row.about,
        object_id=row.about_id,
        link=link,
        mail=False,
    )


def _retract(row: Question, to: Officer, event: str) -> None:
    found = Message.objects.filter(dedupe=_key(row, to, event))
    ids = list(found.values_list("pk", flat=True))
    retract(ids, object_kind=row.about, object_id=row.about_id, heading="Đã hoàn tác")


def _key(row: Question, to: Officer, event: str) -> str:
    """One notice a question and an answer: both may come again."""
    when = row.answered_at if event == row.told_answered else row.asked_at
    assert when is not None
    return f"{event}:{row.pk}:{to.pk}:{when.astimezone(UTC).isoformat()}"
