"""Post a notice inside the transaction that causes it; deliver its letter later, outside any
transaction.
"""

import logging
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Required, TypedDict, Unpack

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import Q

from onestop.instants import SKEW
from onestop.jobs.nudge import nudge
from onestop.outbox.models import Mail, Message

logger = logging.getLogger(__name__)
# After the n-th failure wait this long; after the last one the letter is given up and stays visible
# as failed.
BACK_OFF = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720)]
# A letter somebody is sending is nobody else's for this long; a worker that died lets go by itself.
LEASE = timedelta(minutes=5)
SWEEP = 200


class Notice(TypedDict, total=False):
    """One notice as post() takes it."""

    kind: Required[str]
    dedupe: Required[str]
    subject: Required[str]
    body: Required[str]
    at: Required[datetime]
    to_officer: AbstractBaseUser | None
    to_email: str
    object_kind: str
    object_id: int | None
    link: str
    mail: bool


def post(**notice: Unpack[Notice]) -> Message | None:
    """Write one notice, or None when `dedupe` was posted before.

    With `to_officer` it rings the officer's bell and, when the officer has an address, goes out as
    e-mail too; with `to_email` alone it is a letter only; `mail=False` only rings. Call it inside
    the transaction of the act it tells about: the notice exists exactly when the act does. A worker
    is nudged after the commit; the sweep sends what a crash left.
    """
    return _inserted(_row(notice))


def _row(notice: Notice) -> Message:
    officer, address = notice.get("to_officer"), notice.get("to_email", "")
    if not address and officer is not None and notice.get("mail", True):
        address = getattr(officer, "email", "") or ""
    return Message(
        kind=notice["kind"],
        dedupe=notice["dedupe"][:200],
        subject=" ".join(notice["subject"].split())[:250],
        body=notice["body"],
        link=notice.get("link", ""),
        object_kind=notice.get("object_kind", ""),
        object_id=notice.get("object_id"),
        to_officer_id=officer.pk if officer is not None else None,
        to_email=address,
        created_at=notice["at"],
        mail=Mail.PENDING if address else Mail.NONE,
        next_try_at=notice["at"] if address else None,
    )


def post_all(notices: Iterable[Notice]) -> list[Message]:
    """The same of many, each `dedupe` once; those that were not posted before. Two statements and a
    savepoint, or two more each where somebody posts one of them at the same instant.
    """
    rows = {row.dedupe: row for row in map(_row, notices)}
    known = set(Message.objects.filter(dedupe__in=rows).values_list("dedupe", flat=True))
    fresh = [row for dedupe, row in rows.items() if dedupe not in known]
    if not fresh:
        return []
    try:
        with transaction.atomic():
            Message.objects.bulk_create(fresh)
    except IntegrityError:
        return [row for row in map(_anew, fresh) if _inserted(row) is not None]
    for row in fresh:
        _wake(row)
    return fresh


def _anew(row: Message) -> Message:
    """As before an insert that failed with others."""
    row.pk, row._state.adding = None, True
    return row


def _inserted(message: Message) -> Message | None:
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        if Message.objects.filter(dedupe=message.dedupe).exists():
            return None
        raise
    _wake(message)
    return message


def _wake(message: Message) -> None:
    if message.to_email:
        nudge("outbox.deliver", message.pk)


def retract(ids: Collection[int], *, object_kind: str, object_id: int, heading: str) -> int:
    """What was told of an act that no longer holds: its notices say so and are unread again,
    whoever has read them. How many. No query for none.

    In: the notices of the act, and what it was about; what goes before each subject. A letter that
    is out is out.
    """
    return retract_all({object_id: ids}, object_kind=object_kind, heading=heading)


def retract_all(of: Mapping[int, Collection[int]], *, object_kind: str, heading: str) -> int:
    """The same of acts on many: their notices by what they were about. Two queries, however many."""
    wanted = {pk: object_id for object_id, ids in of.items() for pk in ids}
    if not wanted:
        return 0
    about = Message.objects.filter(object_kind=object_kind, object_id__in=list(of))
    told = [one for one in about.filter(pk__in=wanted) if wanted[one.pk] == one.object_id]
    for message in told:
        message.subject = f"{heading}: {message.subject}"[:250]
        message.read_at = None
    Message.objects.bulk_update(told, ["subject", "read_at"])
    return len(told)


def deliver(message_id: int, *, now: datetime) -> bool:
    """Send one letter whose turn it is; True when it went out. Safe to call any number of times."""
    claimed = (
        Message.objects.mail_due(now)
        .filter(pk=message_id)
        .order_by()
        .update(next_try_at=now + LEASE)
    )
    if not claimed:
        return False
    message = Message.objects.get(pk=message_id)
    try:
        EmailMessage(message.subject, message.body, to=[message.to_email]).send()
    except Exception as error:  # any refusal of any mail backend is an attempt to repeat
        _failed(message, error, now)
        return False
    Message.objects.filter(pk=message_id).update(
        mail=Mail.SENT, sent_at=now, attempts=message.attempts + 1, next_try_at=None, error=""
    )
    return True


def sweep(now: datetime) -> tuple[int, int]:
    """Deliver every letter that is due; returns (sent, not sent)."""
    ids = list(Message.objects.mail_due(now).values_list("pk", flat=True)[:SWEEP])
    sent = sum(deliver(pk, now=now) for pk in ids)
    return sent, len(ids) - sent


def after_clock_set_back(now: datetime) -> int:
    """Letters that wait for an instant of a clock that was wrong are due now; how many."""
    by_a_wrong_clock = Q(created_at__gt=now + SKEW) | Q(next_try_at__gt=now + max(BACK_OFF) + SKEW)
    return Message.objects.filter(by_a_wrong_clock, mail=Mail.PENDING).update(next_try_at=now)


def read(message: Message, *, at: datetime) -> None:
    """Mark one notice as read; the first time counts."""
    Message.objects.filter(pk=message.pk, read_at=None).update(read_at=at)


def read_about(officer: AbstractBaseUser, *, object_kind: str, object_id: int, at: datetime) -> int:
    """The officer has the object before the eyes: what was told of it is read. How many."""
    rows = Message.objects.unread().filter(to_officer_id=officer.pk)
    return rows.filter(object_kind=object_kind, object_id=object_id).update(read_at=at)


def read_all(officer: AbstractBaseUser, *, at: datetime) -> int:
    return Message.objects.bell_of(officer).unread().order_by().update(read_at=at)


def _failed(message: Message, error: Exception, now: datetime) -> None:
    attempts = message.attempts + 1
    given_up = attempts > len(BACK_OFF)
    # The class only: texts of mail servers repeat addresses and names.
    Message.objects.filter(pk=message.pk).update(
        attempts=attempts,
        error=type(error).__name__[:200],
        mail=Mail.FAILED if given_up else Mail.PENDING,
        next_try_at=None if given_up else now + BACK_OFF[attempts - 1],
    )
    logger.warning(
        "letter not sent",
        extra={"notice": message.pk, "attempts": attempts, "error": type(error).__name__},
    )
