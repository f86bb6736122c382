"""A message arrives: known or new, it is kept before anything is done with it, and a worker is woken."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from exchange.inbox import known, letting
from exchange.inbox.mapping import code_of
from exchange.inbox.reading import Envelope, envelopes
from exchange.inbox.tables import Table, rows_of, table_on
from exchange.models import Door, Message
from onestop.errors import DomainError, sentence
from onestop.jobs.nudge import nudge

if TYPE_CHECKING:
    from dossiers.desk.partners import Handing

READ = "exchange.read_messages"
# As they were seen of the national portal's callers; the last is our own word, for want of one.
FILED = frozenset({"nhanhsdvcqg", "createdossierfromdvcqg"})
RECALLED = frozenset({"ruthosodvcqg"})
# So much of an unreadable body is kept to be looked at.
KEPT_OF_UNREADABLE = 4000


def open_door(name: str) -> Door | None:
    """One query."""
    return Door.objects.filter(name=name, ended_at=None).select_related("source").first()


def door_of(name: str) -> Door | None:
    """The open door of this name that has a secret. One query."""
    return open_door(name) if has_secret(name) else None


def has_secret(name: str) -> bool:
    return bool(settings.EXCHANGE_SECRETS.get(name))


def is_recall(service: str) -> bool:
    """Whether a message of this service says that the applicant took the dossier back."""
    return service.lower() in RECALLED


def is_signed(name: str, body: bytes, given: str) -> bool:
    """Whether the body bears the HMAC-SHA256 of the door's secret, as hexadecimal; compared in
    constant time.
    """
    secret = settings.EXCHANGE_SECRETS.get(name, "")
    if not secret:
        return False
    right = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    given = given.removeprefix("sha256=").strip().lower()
    return hmac.compare_digest(right.encode(), given.encode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a body: a message a dossier; `refused`: of which of them (from 1) why not."""

    messages: list[Message]
    is_new: bool
    refused: list[tuple[int, DomainError]]


def take(door: Door, body: bytes, *, at: datetime) -> Taken:
    """Keep what came. Effects: a row a message, a worker nudged. The same message again gives its
    row, unless what it did stands no more (known). Of a list each is taken or refused by itself.

    Errors: DomainError("exchange_unreadable", "exchange_envelope", "exchange_service",
    "exchange_code", those of letting.check for a partner office) where nothing was taken. What the
    sender is told was refused is kept too: what nobody could read waits for a person, what may not be
    handed in under its reason.
    """
    table = table_today(door, at)
    try:
        found = envelopes(body)
    except DomainError as error:
        if _keep_unread(door, _worth_keeping(body, error), error, at=at, digest=digest_of(body)):
            nudge(READ)
        raise
    handing = letting.handing_of(door, at)
    kept, refused, is_any = [], [], False
    for number, one in enumerate(found, start=1):
        try:
            code = checked(one, table.fields)
        except DomainError as error:
            # Measured already: it may be kept whole.
            text = one.raw.encode()
            is_any |= _keep_unread(door, text, error, at=at, digest=digest_of(text), of=one)
            refused.append((number, error))
            continue
        try:
            _check_let(door, one, code, at=at, handing=handing)
        except DomainError as error:
            _keep_refused(door, one, error, at=at)
            refused.append((number, error))
        else:
            kept.append(_keep(door, one, code, at=at))
    is_new = any(new for _, new in kept)
    if is_new or is_any:
        nudge(READ)
    if not kept:
        raise refused[0][1]
    return Taken([message for message, _ in kept], is_new, refused)


def table_today(door: Door, at: datetime) -> Table:
    """Where things stand in every message of the door. One query."""
    return table_on(rows_of(door, ""), "", timezone.localdate(at))


def digest_of(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def checked(one: Envelope, places: dict[str, str]) -> str:
    """The dossier's code. An unknown service is an error, never a success."""
    if one.service.lower() not in FILED | RECALLED:
        raise DomainError("exchange_service", given=one.service)
    code = code_of(one.data, places)
    if not code:
        raise DomainError("exchange_code")
    return code


def _check_let(
    door: Door, one: Envelope, code: str, *, at: datetime, handing: Handing | None
) -> None:
    """What came before is known, whatever may be handed in since, unless it says something by being said
    again; what is taken back may always be.
    """
    if door.source.channel is None or is_recall(one.service):
        return
    before = known.said_before(door, code, one.sha256)
    if not before or known.counts_again(before[-1], recalls=False):
        letting.check(door, one.data, code, at=at, handing=handing)


def _keep(door: Door, one: Envelope, code: str, *, at: datetime) -> tuple[Message, bool]:
    """The row of this message, and whether it is new: two that arrive at once are one."""
    said: dict[str, Any] = {
        "service": one.service, "is_updating": one.is_updating, "raw": one.raw, "received_at": at,
    }  # fmt: skip
    message = Message(door=door, foreign_code=code, sha256=one.sha256, **said)
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError:
        before = known.said_before(door, code, one.sha256)
        if not known.counts_again(before[-1], recalls=is_recall(one.service)):
            return before[-1], False
        digest = known.digest_again(one.sha256, len(before))
        return Message.objects.get_or_create(
            door=door, foreign_code=code, sha256=digest, defaults=said
        )
    return message, True


def keep_too_big(door: Door, body: bytes, error: DomainError, *, at: datetime) -> None:
    """A body that is signed rightly and larger than what is taken. Effects: a row, once; a worker nudged."""
    if _keep_unread(door, body[:KEPT_OF_UNREADABLE], error, at=at, digest=digest_of(body)):
        nudge(READ)


def _worth_keeping(body: bytes, error: DomainError) -> bytes:
    """Of what is nothing that we read the beginning, to be looked at."""
    return body[:KEPT_OF_UNREADABLE] if error.code == "exchange_unreadable" else body


def _keep_unread(
    door: Door,
    body: bytes,
    error: DomainError,
    *,
    at: datetime,
    digest: str,
    of: Envelope | None = None,
) -> bool:
    """What bears no code by which it could be known waits to be held for a person (taking): who sent it
    may never send it again. Whether it is new.
    """
    said = {"service": of.service, "is_updating": of.is_updating} if of is not None else {}
    _, is_new = Message.objects.get_or_create(
        door=door,
        foreign_code="",
        sha256=digest,
        defaults={
            **said,
            "raw": body.decode("utf-8", "replace").replace("\0", "\ufffd"),
            "received_at": at,
            "reason": sentence(error)[:300],
        },
    )
    return is_new


def _keep_refused(door: Door, one: Envelope, error: DomainError, *, at: datetime) -> None:
    """What a partner office may not hand in is accounted for, and why."""
    Message.objects.get_or_create(
        door=door,
        foreign_code="",
        sha256=digest_of(one.raw.encode()),
        defaults={
            "raw": one.raw,
            "received_at": at,
            "state": Message.State.REFUSED,
            "ended_at": at,
            "reason": sentence(error)[:300],
        },
    )
