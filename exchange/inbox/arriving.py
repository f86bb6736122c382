"""A message arrives: known or new, it is kept before anything is done with it, and a worker is woken."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from exchange.inbox.mapping import code_of
from exchange.inbox.reading import Envelope, envelopes
from exchange.inbox.tables import rows_of, table_on
from exchange.models import Door, Message
from onestop.errors import DomainError, sentence
from onestop.jobs.nudge import nudge

READ = "exchange.read_messages"
# As they were seen of the national portal's callers; the last is our own word, for want of one.
FILED = frozenset({"nhanhsdvcqg", "createdossierfromdvcqg"})
RECALLED = frozenset({"ruthosodvcqg"})
# What of an unreadable body is kept to be looked at.
KEPT_OF_REFUSED = 4000


def door_of(name: str) -> Door | None:
    """The open door of this name that has a secret. One query."""
    if not settings.EXCHANGE_SECRETS.get(name):
        return None
    return Door.objects.filter(name=name, ended_at=None).select_related("source").first()


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


def take(door: Door, body: bytes, *, at: datetime) -> tuple[list[Message], bool]:
    """Keep what came; whether any of it is new. Effects: a row a message, a worker nudged. The same
    message again gives its first row.

    Errors: DomainError("exchange_unreadable", "exchange_envelope", "exchange_service",
    "exchange_code"); what was refused is kept too, under its reason.
    """
    try:
        table = table_on(rows_of(door, ""), "", timezone.localdate(at))
        found = [(one, _checked(one, table.fields)) for one in envelopes(body)]
    except DomainError as error:
        _keep_refused(door, body, error, at=at)
        raise
    kept = [_keep(door, one, code, at=at) for one, code in found]
    is_new = any(new for _, new in kept)
    if is_new:
        nudge(READ)
    return [message for message, _ in kept], is_new


def _checked(one: Envelope, places: dict[str, str]) -> str:
    """The dossier's code. An unknown service is an error, never a success."""
    if one.service.lower() not in FILED | RECALLED:
        raise DomainError("exchange_service", given=one.service)
    code = code_of(one.data, places)
    if not code:
        raise DomainError("exchange_code")
    return code


def _keep(door: Door, one: Envelope, code: str, *, at: datetime) -> tuple[Message, bool]:
    """The row of this message, and whether it is new: two that arrive at once are one."""
    same = {"door": door, "foreign_code": code, "sha256": one.sha256}
    message = Message(
        **same, service=one.service, is_updating=one.is_updating, raw=one.raw, received_at=at
    )
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError:
        return Message.objects.get(**same), False
    return message, True


def _keep_refused(door: Door, body: bytes, error: DomainError, *, at: datetime) -> None:
    """What nobody could read is accounted for too: its beginning, and why."""
    text = body[:KEPT_OF_REFUSED].decode("utf-8", "replace").replace("\0", "\ufffd")
    Message.objects.get_or_create(
        door=door,
        foreign_code="",
        sha256=hashlib.sha256(body).hexdigest(),
        defaults={
            "raw": text,
            "received_at": at,
            "state": Message.State.REFUSED,
            "ended_at": at,
            "reason": sentence(error)[:300],
        },
    )
